"""Search latency at size: `Library.search` over many passages (made news), beside both of its engines alone."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

from qa import made, split
from qa.embed import SentenceEmbedder
from qa.load import find
from qa.made import Made, NewsMaker
from qa.ownership import Ownership
from qa.records import Article, Progress
from qa.settings import Settings
from qa.store import Entry, Maker, Store
from qa.systems import Show

_ARTICLES_A_WRITE = 500


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
            stored = 0
            for batch in _batches(news.make(passages)):
                store.shelf.put([_entry(one) for one in batch if one.article.id not in ready])
                stored += sum(len(one.passages) for one in batch)
                title = batch[-1].article.title
                progress(Progress(articles=stored, fraction=stored / passages, current=title))
    done.touch()


def _batches(every: Iterator[Made]) -> Iterator[list[Made]]:
    while batch := list(islice(every, _ARTICLES_A_WRITE)):
        yield batch


def _entry(one: Made) -> Entry:
    return Entry(article=one.article, passages=one.passages, vectors=one.vectors)
