"""The retrieval systems that are compared, over the same articles: plain LangChain, keyword, dense, rank fusion, ours.

Takes sources and a folder, indexes each article once for ours and once for plain LangChain, unless the folder has them
already; gives what each system finds for a question. Keyword and dense alone are our own two parts, before anything is
made of them. Knows nothing of what is right.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from types import TracebackType

from qa import split
from qa.embed import SentenceEmbedder
from qa.errors import QAError
from qa.library import Library
from qa.load import find
from qa.measures import Slice
from qa.plain import PlainLangChain
from qa.records import Article, ArticleInfo, OnProgress, Passage
from qa.settings import Settings

OURS, PLAIN, KEYWORD, DENSE, FUSED = "ours", "plain LangChain", "keyword", "dense", "rank fusion"
SYSTEMS = (PLAIN, KEYWORD, DENSE, FUSED, OURS)

_FUSED_DEPTH = 50
_RANK_CONSTANT = 60
"""k of reciprocal rank fusion; 60 is the value of Cormack, Clarke and Büttcher (SIGIR 2009)."""

Say = Callable[[str], None]
Show = Callable[[str], AbstractContextManager[OnProgress]]
"""Opens a progress bar of some name."""


class Systems:
    """All systems over the articles of some sources, and over `paragraphs`. A context: leaving it closes the store.

    Their stores are made in a folder within `root` that is named after `name` and all that goes into them, so that the
    same ones are found there the next time. Raises `QAError` if there is no article.
    """

    def __init__(
        self,
        settings: Settings,
        sources: Sequence[str],
        *,
        name: str,
        paragraphs: Sequence[Article],
        root: Path,
        say: Say,
        show: Show,
    ) -> None:
        folder = root / f"{name}-{_fingerprint(settings, sources, paragraphs)}"
        folder.mkdir(parents=True, exist_ok=True)
        self._library = Library(settings=replace(settings, store=folder / "qa", chroma=None))
        try:
            say(f"{name}: indexing, ours")
            with show(f"{name}, ours") as progress:
                added = self._library.add(*sources, *_written(paragraphs, folder), on_progress=progress)
            for failure in added.failed:
                say(f"{failure.source}: {failure.reason}")
            self.infos: list[ArticleInfo] = self._library.articles()
            self.articles: list[Article] = [self._library.article(info.id) for info in self.infos]
            if not self.articles:
                raise QAError(f"{name}: there is no article in these sources to measure with")
            say(f"{name}: indexing, plain LangChain")
            self._plain = _plain(folder / "langchain", self.articles)
        except BaseException:
            self._library.close()
            raise

    def search(self, question: str, *, k: int, asked: date | None) -> dict[str, Sequence[Slice]]:
        """The `k` best passages of each system."""
        parts, text = self._library.engines, question.strip()
        near = [one.passage for one in parts.passages.nearest(parts.embedder.embed_query(text), _FUSED_DEPTH)]
        keys = [(one.article_hash, one.number) for one in parts.words.search(text, _FUSED_DEPTH)]
        known = parts.passages.passages_at(keys)
        shared = [known[key] for key in keys if key in known]
        return {
            PLAIN: self._plain.search(text, k),
            KEYWORD: shared[:k],
            DENSE: near[:k],
            FUSED: rank_fusion([near, shared])[:k],
            OURS: self._library.search(question, k=k, asked=asked),
        }

    def __enter__(self) -> Systems:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._library.close()


def rank_fusion(rankings: Sequence[Sequence[Passage]]) -> list[Passage]:
    """Plain reciprocal rank fusion: by the sum of 1 / (60 + rank); of equal ones, that which was found first."""
    scores: dict[Passage, float] = {}
    for ranking in rankings:
        for rank, passage in enumerate(ranking, start=1):
            scores[passage] = scores.get(passage, 0.0) + 1 / (_RANK_CONSTANT + rank)
    return sorted(scores, key=lambda passage: -scores[passage])


def _plain(folder: Path, articles: Sequence[Article]) -> PlainLangChain:
    """Plain LangChain over these articles, unless the folder has it already, whole."""
    done = folder / "done"
    if done.exists():
        return PlainLangChain(folder)
    shutil.rmtree(folder, ignore_errors=True)
    plain = PlainLangChain(folder)
    plain.add(articles)
    done.touch()
    return plain


def _written(paragraphs: Sequence[Article], folder: Path) -> list[str]:
    """A file of these paragraphs, if there are any."""
    if not paragraphs:
        return []
    path = folder / "paragraphs.jsonl"
    lines = [json.dumps({"id": one.id, "title": one.title, "text": one.text}) + "\n" for one in paragraphs]
    path.write_text("".join(lines), encoding="utf-8")
    return [str(path)]


def _fingerprint(settings: Settings, sources: Sequence[str], paragraphs: Sequence[Article]) -> str:
    """Names a set's stores by all that goes into them: articles, embedder, and the version of the splitter."""
    state = sha256(SentenceEmbedder(settings.embedder).fingerprint.encode())
    state.update(f"{settings.embedder} {split.VERSION}".encode())
    for file in find(sources).files:
        state.update(str(file.path).encode(errors="replace"))
        state.update(sha256(file.path.read_bytes()).digest())
    for article in paragraphs:
        state.update(json.dumps(asdict(article)).encode())
    return state.hexdigest()[:12]
