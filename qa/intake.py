"""Sources -> the library, touching only what changed; the work of `qa add`.

Reads sources with the loaders, compares each article's hash with the stored one and hands on what is new or changed in
batches, so that work cut short is taken up where it was. Knows nothing of vectors or Chroma.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol

from qa.load import Found, find, load
from qa.records import AddReport, Article, ArticleInfo, Failure, OnProgress, Progress

_FIRST_BATCH = 10_000
_LARGEST_BATCH = 100_000
"""Characters of text after which a batch is stored. The first is small, so that something can be asked soon and
progress shows; each next one is twice as large, up to some 150 passages: large ones are stored faster."""
_BATCH_ARTICLES = 200


class Shelf(Protocol):
    """Where articles are looked up by id."""

    def infos(self, article_ids: Sequence[str]) -> dict[str, ArticleInfo]:
        """The records of those articles that are there."""

    def articles(self) -> list[ArticleInfo]:
        """The records of all articles."""


class Writer(Protocol):
    """Where articles are written."""

    def put(self, articles: Sequence[Article]) -> None:
        """Stores articles, each in place of the one with its id."""

    def remove(self, article_ids: Sequence[str]) -> tuple[str, ...]:
        """Removes articles; gives the ids of those that were there."""


class Intake:
    """One `add`. `add` takes files and folders, `upload` one file under another name; each gives the report."""

    def __init__(self, shelf: Shelf, writer: Writer, on_progress: OnProgress | None = None) -> None:
        self._shelf = shelf
        self._writer = writer
        self._on_progress = on_progress
        self._started = time.perf_counter()
        self._stored = 0.0
        self._batch: list[Article] = []
        self._batch_characters = _FIRST_BATCH
        self._seen: dict[str, str] = {}
        self._added: list[str] = []
        self._updated: list[str] = []
        self._unchanged = 0
        self._failed: list[Failure] = []

    def add(self, sources: Iterable[str | Path], *, prune: bool = False) -> AddReport:
        """Adds what is new in the sources, replaces what changed. `prune` removes what has gone from them."""
        found = find(sources)
        self._failed += found.failed
        total = sum(file.size for file in found.files)
        done = 0
        for file in found.files:
            for loaded in load(file.path):
                self._take(loaded.item, str(file.path))
                self._say((done + loaded.position) / max(total, 1), file.path.name)
            done += file.size
        self._flush()
        gone = self._gone(found)
        removed = self._writer.remove(gone) if prune and gone else ()
        self._say(1.0, "")
        return self._report(skipped=found.skipped, gone=() if removed else tuple(gone), removed=removed)

    def upload(self, path: Path, *, name: str) -> AddReport:
        """Adds one file that lies at a temporary path; its name is what it is known by."""
        size = max(path.stat().st_size, 1)
        for loaded in load(path, name=name):
            self._take(loaded.item, name)
            self._say(loaded.position / size, name)
        self._flush()
        self._say(1.0, "")
        return self._report()

    def _take(self, item: Article | Failure, origin: str) -> None:
        if isinstance(item, Failure):
            self._failed.append(item)
            return
        if item.id in self._seen:
            reason = (
                f"its id {item.id!r} is also that of an article in {self._seen[item.id]}: give one another id"
            )
            self._failed.append(Failure(source=item.path or origin, reason=reason))
            return
        self._seen[item.id] = origin
        self._batch.append(item)
        characters = sum(len(article.text) for article in self._batch)
        if characters >= self._batch_characters or len(self._batch) >= _BATCH_ARTICLES:
            self._flush()
            self._batch_characters = min(2 * self._batch_characters, _LARGEST_BATCH)

    def _flush(self) -> None:
        known = self._shelf.infos([article.id for article in self._batch])
        changed = [
            article
            for article in self._batch
            if article.id not in known or known[article.id].hash != article.hash
        ]
        self._writer.put(changed)
        self._unchanged += len(self._batch) - len(changed)
        for article in changed:
            (self._updated if article.id in known else self._added).append(article.id)
        self._batch = []

    def _gone(self, found: Found) -> list[str]:
        """Stored articles of the folders and files that were added which are not in them any more."""
        failed = {failure.source for failure in self._failed}
        files = {str(file.path) for file in found.files}
        return [
            info.id
            for info in self._shelf.articles()
            if info.path
            and info.id not in self._seen
            and (info.path in files or any(folder in Path(info.path).parents for folder in found.folders))
            and not any(_is_of(Path(info.path), source) for source in failed)
        ]

    def _say(self, read: float, current: str) -> None:
        """Reports progress. What was read counts when it is stored, for storing is what takes the time."""
        if not self._batch:
            self._stored = max(self._stored, min(read, 1.0))
        if self._on_progress:
            articles = len(self._added) + len(self._updated) + self._unchanged
            self._on_progress(Progress(articles=articles, fraction=self._stored, current=current))

    def _report(
        self, *, skipped: int = 0, gone: tuple[str, ...] = (), removed: tuple[str, ...] = ()
    ) -> AddReport:
        return AddReport(
            added=tuple(self._added),
            updated=tuple(self._updated),
            unchanged=self._unchanged,
            skipped=skipped,
            failed=tuple(self._failed),
            gone=gone,
            removed=removed,
            seconds=time.perf_counter() - self._started,
        )


def _is_of(path: Path, failed: str) -> bool:
    """Whether a failure is about this file, a line of it or a folder above it."""
    return failed == str(path) or failed.startswith(f"{path}:") or Path(failed) in path.parents
