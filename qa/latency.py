"""Search latency at size: `Library.search` over a store of made news (`made`), beside its engines alone.

Takes sources and a number of passages, makes the store unless the folder has it, and times questions of several kinds,
one after the other, models and files warm. What is timed is all of `search`: the question's vector, both searches, the
time asked about, and what is shown around a hit. Knows nothing of whether what is found is right.
"""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from qa import made, split
from qa.embed import SentenceEmbedder
from qa.library import Library
from qa.made import Made, NewsMaker
from qa.ownership import Ownership
from qa.records import Article, Filters, Progress
from qa.sentences import sentences
from qa.settings import Settings
from qa.store import Entry, Maker, Store
from qa.store.database import Database
from qa.store.shelf import PASSAGES
from qa.systems import Say, Show

QUESTIONS = 200
_DEPTH = 50
"""How many passages each engine alone is asked for."""
_RERANKED_EVERY = 4
_PARTS = ("embedding alone", "Chroma alone", "tantivy alone")
_ARTICLES_A_WRITE = 500
_PERCENTILES = (50, 95, 99)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    kind: str
    text: str
    asked: date
    filters: Filters | None = None


def search(
    settings: Settings,
    articles: Sequence[Article],
    *,
    passages: int,
    cache: Path | None,
    say: Say,
    show: Show,
) -> dict[str, Any]:
    """Milliseconds of a search, of each kind and of all, and of its parts alone; the ratio says what ours adds.

    The store is made in `cache` and found there the next time, or thrown away; cut short, making it goes on there.
    """
    with ExitStack() as closing:
        root = cache or Path(closing.enter_context(tempfile.TemporaryDirectory(prefix="qa-bench-")))
        folder = root / f"made-{passages}-{fingerprint(settings, articles)}"
        folder.mkdir(parents=True, exist_ok=True)
        fill(settings, articles, passages, folder, show)
        say("opening the store, and indexing its words if they are not yet")
        library = closing.enter_context(Library(settings=replace(settings, store=folder, chroma=None)))
        library.warm()
        count = int((folder / "done").read_text())
        asked = _questions(library, count)
        with show("asking") as progress:
            times = _measure(library, asked, folder, progress)
    return {
        "passages": passages,
        "articles": count,
        "questions": len(asked),
        **{
            f"{name}, p{percent} ms": float(np.percentile(some, percent))
            for name, some in times.items()
            for percent in _PERCENTILES
        },
        "ratio, all to the sum of its parts": float(
            np.median(times["all"]) / sum(np.median(times[part]) for part in _PARTS)
        ),
    }


def fill(settings: Settings, articles: Sequence[Article], passages: int, folder: Path, show: Show) -> None:
    """Makes a store of so many made passages in a folder; goes on where it was cut short, or finds all done."""
    done = folder / "done"
    if done.exists():
        return
    embedder = SentenceEmbedder(settings.embedder)
    maker = Maker(embedder=settings.embedder, fingerprint=embedder.fingerprint, splitter=split.VERSION)
    news = NewsMaker(articles, embedder)
    with ExitStack() as closing:
        ownership = Ownership(folder)
        ownership.wait(doing="qa bench", seconds=0)
        closing.callback(ownership.release)
        store = Store.open_folder(folder / "chroma", maker)
        closing.callback(store.close)
        with store.writing(), show("making passages") as progress:
            ready = {info.id for info in store.articles()}
            stored = count = 0
            for batch in _batches(news.make(passages)):
                store.shelf.put([_entry(one) for one in batch if one.article.id not in ready])
                stored += sum(len(one.passages) for one in batch)
                count += len(batch)
                title = batch[-1].article.title
                progress(Progress(articles=stored, fraction=stored / passages, current=title))
    done.write_text(str(count))


def _batches(every: Iterator[Made]) -> Iterator[list[Made]]:
    while batch := list(islice(every, _ARTICLES_A_WRITE)):
        yield batch


def _entry(one: Made) -> Entry:
    return Entry(article=one.article, passages=one.passages, vectors=one.vectors)


def fingerprint(settings: Settings, articles: Sequence[Article]) -> str:
    """Names a made store by all that it is made of."""
    state = sha256(
        f"{SentenceEmbedder(settings.embedder).fingerprint} {made.VERSION} {split.VERSION}".encode()
    )
    for article in articles:
        state.update(article.hash.encode())
    return state.hexdigest()[:12]


def _measure(
    library: Library, questions: Sequence[_Asked], folder: Path, progress: Callable[[Progress], None]
) -> dict[str, list[float]]:
    """Milliseconds of every search by its kind, of all, and of the parts; the first of each kind is not counted."""
    parts = library.engines
    database = Database.in_folder(folder / "chroma")
    table = database.table(f"{PASSAGES}{parts.passages.shelf.number}")
    times: dict[str, list[float]] = {name: [] for name in ("all", "reranked", *_PARTS, *_KINDS)}
    seen: set[str] = set()
    for done, one in enumerate(questions, start=1):
        search = partial(library.search, one.text, asked=one.asked, filters=one.filters)
        if one.kind not in seen:
            search()
            seen.add(one.kind)
        taken = _time(search)
        times[one.kind].append(taken)
        times["all"].append(taken)
        if done % _RERANKED_EVERY == 0:
            times["reranked"].append(_time(partial(search, rerank=True)))
        vector = parts.embedder.embed_query(one.text)
        times["embedding alone"].append(_time(partial(parts.embedder.embed_query, one.text)))
        times["Chroma alone"].append(_time(partial(table.nearest, vector, _DEPTH, None)))
        times["tantivy alone"].append(_time(partial(parts.words.search, one.text, _DEPTH)))
        progress(Progress(articles=done, fraction=done / len(questions), current=one.text))
    database.close()
    return times


def _questions(library: Library, articles: int) -> list[_Asked]:
    """Questions of every kind about random articles, in random order, the same ones every time."""
    rng = random.Random(0)  # noqa: S311 - no secret
    kinds = list(_KINDS)
    asked: list[_Asked] = []
    while len(asked) < QUESTIONS:
        article = library.article(f"made-{rng.randrange(articles)}")
        every = [article.text[one.start : one.end].strip() for one in sentences(article.text)]
        whole = [one for one in every if len(one.split()) > 7] or every
        words = rng.choice(whole).split()
        start = rng.randrange(max(1, len(words) - 5))
        kind = kinds[len(asked) % len(kinds)]
        asked.append(_KINDS[kind](kind, article, " ".join(words[start : start + 5]), whole[:3]))
    rng.shuffle(asked)
    return asked


def _day(article: Article) -> date:
    return date.fromisoformat((article.published or "2025-12-31")[:10])


def _plain(kind: str, article: Article, words: str, _whole: Sequence[str]) -> _Asked:
    return _Asked(kind=kind, text=f"What is known about {words}?", asked=_day(article))


def _this_week(kind: str, article: Article, words: str, _whole: Sequence[str]) -> _Asked:
    asked = _day(article) + timedelta(days=3)
    return _Asked(kind=kind, text=f"What happened this week with {words}?", asked=asked)


def _month(kind: str, article: Article, words: str, _whole: Sequence[str]) -> _Asked:
    text = f"What was said about {words} in {_day(article):%B %Y}?"
    return _Asked(kind=kind, text=text, asked=_day(article) + timedelta(days=200))


def _misspelt(kind: str, article: Article, words: str, whole: Sequence[str]) -> _Asked:
    longest = max(words.split(), key=len)
    middle = len(longest) // 2
    wrong = longest[: middle - 1] + longest[middle:] if middle else longest
    return _plain(kind, article, words.replace(longest, wrong, 1), whole)


def _long(kind: str, article: Article, _words: str, whole: Sequence[str]) -> _Asked:
    return _Asked(kind=kind, text=" ".join(whole)[:2000], asked=_day(article))


def _of_source(kind: str, article: Article, words: str, whole: Sequence[str]) -> _Asked:
    sources = (article.source,) if article.source else ()
    return replace(_plain(kind, article, words, whole), filters=Filters(sources=sources))


def _of_days(kind: str, article: Article, words: str, whole: Sequence[str]) -> _Asked:
    first, last = (_day(article) + timedelta(days=days) for days in (-20, 10))
    filters = Filters(published_from=first.isoformat(), published_to=last.isoformat())
    return replace(_plain(kind, article, words, whole), filters=filters)


def _of_articles(kind: str, article: Article, words: str, whole: Sequence[str]) -> _Asked:
    number = int(article.id.removeprefix("made-"))
    ids = tuple(f"made-{max(0, number - step)}" for step in range(5))
    return replace(_plain(kind, article, words, whole), filters=Filters(article_ids=ids))


_KINDS: dict[str, Callable[[str, Article, str, Sequence[str]], _Asked]] = {
    "no time": _plain,
    "this week": _this_week,
    "a month": _month,
    "misspelt": _misspelt,
    "long": _long,
    "one source": _of_source,
    "thirty days": _of_days,
    "five articles": _of_articles,
}


def _time(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - started)
