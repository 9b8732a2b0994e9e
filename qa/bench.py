"""Speed, measured against something: each benchmark runs ours and another side by side and gives the ratio.

Absolute times of a busy machine prove nothing, so both sides run in this process, on the same articles, one after the
other. What only the other side needs is in the extra `bench`.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from qa.embed import SentenceEmbedder
from qa.errors import QAError
from qa.keywords import KeywordIndex
from qa.library import Library
from qa.load import find, load
from qa.plain import PlainLangChain, missing
from qa.records import Article, ArticleInfo, Passage
from qa.settings import MINILM, Settings
from qa.split import split

_QUERIES = 200


def index(settings: Settings, sources: Sequence[str]) -> dict[str, Any]:
    """`qa add` against the script that everybody writes: articles a second, ratio above 1 where ours is faster.

    The script is `plain`. Models are loaded before the clock starts, on both sides.
    """
    articles = articles_of(sources)
    ours = _seconds_of_ours(settings, sources)
    theirs = _seconds_of_langchain(articles)
    return {
        "articles": len(articles),
        "characters": sum(len(article.text) for article in articles),
        "qa, articles a second": len(articles) / ours,
        "plain LangChain, articles a second": len(articles) / theirs,
        "ratio": theirs / ours,
    }


def keywords(_settings: Settings, sources: Sequence[str]) -> dict[str, Any]:
    """The keyword index (tantivy) against bm25s: build, opening, a query, adding one article, size on disk."""
    passages = _passages(articles_of(sources))
    with tempfile.TemporaryDirectory(prefix="qa-bench-") as folder:
        return {
            "passages": len(passages),
            **{f"tantivy, {name}": value for name, value in _tantivy(passages, Path(folder)).items()},
            **{f"bm25s, {name}": value for name, value in _bm25s(passages, Path(folder)).items()},
        }


BENCHMARKS: dict[str, Callable[[Settings, Sequence[str]], dict[str, Any]]] = {
    "index": index,
    "keywords": keywords,
}


def articles_of(sources: Sequence[str]) -> list[Article]:
    """The articles of some sources. Raises `QAError` if there is none."""
    found = [loaded.item for file in find(sources).files for loaded in load(file.path)]
    articles = [item for item in found if isinstance(item, Article)]
    if not articles:
        raise QAError("there is no article in these sources to measure with")
    return articles


def _seconds_of_ours(settings: Settings, sources: Sequence[str]) -> float:
    with tempfile.TemporaryDirectory(prefix="qa-bench-") as folder:
        with Library(settings=replace(settings, store=Path(folder), chroma=None)) as library:
            library.warm()
            return library.add(*sources).seconds


def _seconds_of_langchain(articles: Sequence[Article]) -> float:
    with tempfile.TemporaryDirectory(prefix="qa-bench-") as folder:
        plain = PlainLangChain(Path(folder))
        return _time(lambda: plain.add(articles))


def _passages(articles: Sequence[Article]) -> list[Passage]:
    count_tokens = SentenceEmbedder(MINILM).count_tokens
    return [passage for article in articles for passage in split(article, count_tokens=count_tokens)]


def _tantivy(passages: Sequence[Passage], folder: Path) -> dict[str, float]:
    place = folder / "tantivy"
    infos = {passage.article_hash: _info(passage) for passage in passages}
    by_hash: dict[str, list[Passage]] = {}
    for passage in passages:
        by_hash.setdefault(passage.article_hash, []).append(passage)
    words = KeywordIndex(place)
    build = _time(
        lambda: words.sync(
            infos.values(), "1", lambda some: [one for info in some for one in by_hash[info.hash]]
        )
    )
    words.close()
    opening = _time(lambda: KeywordIndex(place).search("warm", 1))
    words = KeywordIndex(place)
    query = _time(lambda: [words.search(text, 50) for text in _queries(passages)]) / _QUERIES
    one = replace(passages[0], article_hash="new")

    def add_one() -> None:
        words.change(before="1", after="2", gone=[], new=[(_info(one), [one])])
        words.commit()

    add = _time(add_one)
    words.close()
    return _named(build, opening, query, add, place)


def _bm25s(passages: Sequence[Passage], folder: Path) -> dict[str, float]:
    try:
        import bm25s
    except ImportError as error:
        raise missing(error) from error
    place = folder / "bm25s"
    texts = [passage.text for passage in passages]

    def make() -> None:
        retriever = bm25s.BM25()
        retriever.index(bm25s.tokenize(texts, show_progress=False), show_progress=False)
        retriever.save(str(place))

    build = _time(make)
    opening = _time(lambda: bm25s.BM25.load(str(place)))
    retriever = bm25s.BM25.load(str(place))

    def ask(text: str) -> object:
        tokens = bm25s.tokenize(text, show_progress=False)
        return retriever.retrieve(tokens, k=min(50, len(texts)), show_progress=False)

    query = _time(lambda: [ask(text) for text in _queries(passages)]) / _QUERIES
    return _named(build, opening, query, _time(make), place)  # it adds an article by indexing all anew


def _named(build: float, opening: float, query: float, add: float, place: Path) -> dict[str, float]:
    return {
        "build s": build,
        "open s": opening,
        "query ms": 1000 * query,
        "add one article s": add,
        "size MB": sum(file.stat().st_size for file in place.rglob("*") if file.is_file()) / 1e6,
    }


def _queries(passages: Sequence[Passage]) -> list[str]:
    step = max(1, len(passages) // _QUERIES)
    return [" ".join(passages[(n * step) % len(passages)].text.split()[:8]) for n in range(_QUERIES)]


def _info(passage: Passage) -> ArticleInfo:
    return ArticleInfo(
        id=passage.article_id,
        hash=passage.article_hash,
        title="",
        source=None,
        url=None,
        published=None,
        author=None,
        path=None,
        characters=0,
        passages=0,
    )


def _time(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
