"""One shelf: the passages and the records of a library's articles, written so that a kill at any moment does no harm.

Knows nothing of other shelves, of who may write, or of Chroma's calls.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

import numpy as np

from qa.errors import ArticleNotFoundError, StoreError
from qa.records import Article, ArticleInfo, Filters, Passage
from qa.store.database import Database, GoneError
from qa.store.rows import (
    Entry,
    Maker,
    Neighbour,
    article_of,
    condition_of,
    info_of,
    key_of,
    lets_nothing_through,
    maker_of,
    mean_of,
    passage_id,
    passage_of,
    record_of,
    row_of,
)

PASSAGES = "qa-passages-"
ARTICLES = "qa-articles-"


class Shelf:
    """One pair of collections. `number` tells it from the pair that a reindex fills beside it.

    `before_writing` is called before each step of a write and raises if this process has lost the right to.
    """

    def __init__(
        self, database: Database, number: int, maker: Maker, *, before_writing: Callable[[], None]
    ) -> None:
        self._database = database
        self._before_writing = before_writing
        self.number = number
        made = {**asdict(maker), "revision": f"{uuid.uuid4().hex}/{uuid.uuid4().hex}", "pending": "[]"}
        self._passages = database.table(f"{PASSAGES}{number}", made)
        self._articles = database.table(f"{ARTICLES}{number}")

    @property
    def maker(self) -> Maker:
        """What made the vectors on this shelf."""
        return maker_of(self._metadata())

    @property
    def revision(self) -> str:
        """Names the state of the shelf, `edition/change`: another one after every change, by whichever process.

        Two states of one edition are cut alike: an article of the same hash has the same passages in both.
        """
        return str(self._metadata()["revision"])

    def put(self, entries: Sequence[Entry]) -> None:
        """Stores articles, each in place of the one with its id. A kill leaves every article old or new."""
        ids = [entry.article.id for entry in entries]
        before = self.infos(ids)
        with self._pending(ids):
            rows = [
                (entry, *pair)
                for entry in entries
                for pair in zip(entry.passages, entry.vectors, strict=True)
            ]
            self._passages.upsert(
                [passage_id(passage.article_hash, passage.number) for _, passage, _ in rows],
                [vector for _, _, vector in rows],
                [row_of(entry.article, passage) for entry, passage, _ in rows],
            )
            self._before_writing()
            self._articles.upsert(
                ids, [mean_of(entry.vectors) for entry in entries], [record_of(entry) for entry in entries]
            )
            current = {entry.article.hash for entry in entries}
            self._delete_passages([info for info in before.values() if info.hash not in current])

    def remove(self, article_ids: Sequence[str]) -> tuple[str, ...]:
        """Removes articles and their passages; gives the ids of those that were there, in the order given."""
        there = self.infos(article_ids)
        ids = tuple(article_id for article_id in dict.fromkeys(article_ids) if article_id in there)
        if ids:
            with self._pending(ids):
                self._articles.delete(ids)
                self._delete_passages(list(there.values()))
        return ids

    def recover(self) -> None:
        """Sweeps what a write that was cut short left of its articles. Only for who may write."""
        pending: list[str] = json.loads(str(self._metadata()["pending"]))
        if not pending:
            return
        live = {info.hash for info in self.infos(pending).values()}
        for article_id in pending:
            passages = [passage_of(row) for row in self._passages.where({"article_id": article_id})]
            self._passages.delete(
                [
                    passage_id(passage.article_hash, passage.number)
                    for passage in passages
                    if passage.article_hash not in live
                ]
            )
        self._mark([])

    def infos(self, article_ids: Sequence[str]) -> dict[str, ArticleInfo]:
        """The records of those articles that are there, by id."""
        records = self._articles.get(list(dict.fromkeys(article_ids)))
        return {info.id: info for info in map(info_of, records)}

    def articles(self, filters: Filters | None = None) -> list[ArticleInfo]:
        """All articles, or those that the filters let through, in no particular order."""
        if lets_nothing_through(filters):
            return []
        return [info_of(record) for record in self._articles.where(condition_of(filters))]

    def article(self, article_id: str) -> Article:
        """An article, its text put together from its passages. Raises `ArticleNotFoundError`."""
        info = self._info(article_id)
        while True:
            try:
                return article_of(info, self.passages([info]))
            except StoreError:
                info, before = self._info(article_id), info
                if info == before:
                    raise  # else it was replaced while it was read

    def passages(self, infos: Sequence[ArticleInfo]) -> list[Passage]:
        """The passages of some articles, each article's in order. Raises `StoreError` if one is missing."""
        passages = self.passages_at(
            [(info.hash, number) for info in infos for number in range(info.passages)]
        )
        for info in infos:
            if any((info.hash, number) not in passages for number in range(info.passages)):
                raise StoreError(
                    f"the store has lost passages of {info.title!r}, another program may have changed it: "
                    f"`qa remove {info.id}` and add it again"
                )
        return [passages[info.hash, number] for info in infos for number in range(info.passages)]

    def passages_at(self, keys: Sequence[tuple[str, int]]) -> dict[tuple[str, int], Passage]:
        """The passages of these article hashes and numbers, those that are there, visible or not."""
        rows = self._passages.get([passage_id(*key) for key in keys])
        return {(passage.article_hash, passage.number): passage for passage in map(passage_of, rows)}

    def similarities(
        self, keys: Sequence[tuple[str, int]], vector: Sequence[float]
    ) -> dict[tuple[str, int], float]:
        """The cosine of these passages to a unit vector, of those that are there, visible or not."""
        to = np.asarray(vector, dtype=np.float32)
        found = self._passages.vectors([passage_id(*key) for key in keys])
        return {key_of(one): float(own @ to) for one, own in found.items()}

    def nearest_keys(self, vector: Sequence[float], k: int) -> dict[tuple[str, int], float]:
        """The `k` passages nearest to a unit vector with their cosine, nearest first, visible or not."""
        return {key_of(one): 1.0 - distance for one, distance in self._passages.nearest_ids(vector, k)}

    def nearest(self, vector: Sequence[float], k: int, filters: Filters | None = None) -> list[Neighbour]:
        """The `k` passages nearest to a unit vector, nearest first, invisible ones left out."""
        if lets_nothing_through(filters):
            return []
        neighbours = [
            Neighbour(passage=passage_of(row), similarity=1.0 - distance)
            for row, distance in self._passages.nearest(vector, k, condition_of(filters))
        ]
        infos = self.infos([neighbour.passage.article_id for neighbour in neighbours])
        live = {info.hash for info in infos.values()}
        return [neighbour for neighbour in neighbours if neighbour.passage.article_hash in live]

    def count(self) -> tuple[int, int]:
        """How many articles and passages the collections hold, invisible ones counted."""
        return self._articles.count(), self._passages.count()

    def drop(self) -> None:
        """Deletes both collections."""
        self._database.drop(self._articles.name)
        self._database.drop(self._passages.name)

    def _info(self, article_id: str) -> ArticleInfo:
        info = self.infos([article_id]).get(article_id)
        if info is None:
            raise ArticleNotFoundError(f"there is no article {article_id!r}: `qa list` shows those that are")
        return info

    def _metadata(self) -> dict[str, Any]:
        table = self._database.find(self._passages.name)
        if table is None:
            raise GoneError("the store was made anew by another process meanwhile: run this again")
        return table.metadata

    @contextmanager
    def _pending(self, article_ids: Sequence[str]) -> Iterator[None]:
        """Names articles as being written; on an error they stay named, for `recover`."""
        self.recover()
        self._mark(article_ids)
        yield
        self._mark([])

    def _mark(self, pending: Sequence[str]) -> None:
        self._before_writing()
        metadata = self._metadata()
        edition = str(metadata["revision"]).partition("/")[0]
        changed = {"revision": f"{edition}/{uuid.uuid4().hex}", "pending": json.dumps(list(pending))}
        self._passages.describe({**metadata, **changed})

    def _delete_passages(self, infos: Sequence[ArticleInfo]) -> None:
        self._passages.delete(
            [passage_id(info.hash, number) for info in infos for number in range(info.passages)]
        )
