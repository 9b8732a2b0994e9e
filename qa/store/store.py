"""A store: the shelf in force, the next one that a reindex fills, and the right to write.

Knows nothing of how a shelf keeps its articles.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from qa.errors import StoreMismatchError
from qa.records import Article, ArticleInfo, Filters, Passage
from qa.store import lease as leases
from qa.store.database import Database, GoneError
from qa.store.lease import Lease
from qa.store.rows import SCHEMA, Maker, Neighbour
from qa.store.shelf import ARTICLES, PASSAGES, Shelf

T = TypeVar("T")

_MANIFEST = "qa-manifest"


class Store:
    """A library's articles in Chroma: `open_folder` for an embedded one, `open_server` for one by address.

    What is read here is read from the shelf in force, even if a reindex, by whichever process, changes that meanwhile.
    """

    def __init__(self, database: Database, maker: Maker, lease: Lease | None) -> None:
        self._database = database
        self._maker = maker
        self._lease = lease
        self.shelf = self._shelf(self._generation())

    @classmethod
    def open_folder(cls, folder: Path, maker: Maker) -> Store:
        """The store in a folder, made if there is none. The caller holds the right to use the folder."""
        return cls._open(Database.in_folder(folder), maker, None)

    @classmethod
    def open_server(cls, address: str, maker: Maker, *, lease_seconds: float = leases.SECONDS) -> Store:
        """The store of a Chroma server, which other processes may use at the same time."""
        database = Database.at_address(address)
        return cls._open(database, maker, Lease(database, seconds=lease_seconds))

    @classmethod
    def _open(cls, database: Database, maker: Maker, lease: Lease | None) -> Store:
        try:
            return cls(database, maker, lease)
        except BaseException:
            database.close()
            raise

    def check(self) -> None:
        """Raises `StoreMismatchError` unless the store in force was made by this maker."""
        self._check(self.shelf)

    def refresh(self) -> None:
        """Takes note of a reindex by another process. Raises `StoreMismatchError` if that has another maker."""
        if self._lease is not None and (number := self._generation()) != self.shelf.number:
            shelf = self._shelf(number)
            self._check(shelf)
            self.shelf = shelf

    @contextmanager
    def writing(self) -> Iterator[None]:
        """The right to write: of a server's store one process has it at a time; `recover`s what a kill left."""
        if self._lease is None:
            self.recover()
            yield
            return
        self._lease.take()
        try:
            self.refresh()
            self.recover()
            yield
        finally:
            self._lease.give_back()

    def recover(self) -> None:
        """Sweeps what a kill left of a write, of a reindex or of a lease. Only for who may write."""
        self.shelf.recover()
        for name in self._database.names():
            prefix, _, number = name.rpartition("-")
            stale = (
                f"{prefix}-" in (ARTICLES, PASSAGES)
                and number.isdecimal()
                and int(number) < self.shelf.number
            )
            if stale or prefix == leases.NAME:
                self._database.drop(name)

    def next_shelf(self) -> Shelf:
        """The shelf that `reindex` fills: what an interrupted one left of the same maker, or a new one."""
        number = self._generation() + 1
        shelf = self._shelf(number)
        if shelf.maker != self._maker:
            shelf.drop()
            shelf = self._shelf(number)
        shelf.recover()
        return shelf

    def put_in_force(self, shelf: Shelf) -> None:
        """Makes a filled shelf the store and drops the one before."""
        before = self.shelf
        self._may_write()
        self._database.table(_MANIFEST).describe({"generation": shelf.number})
        self.shelf = shelf
        before.drop()

    @property
    def revision(self) -> str:
        """As `Shelf.revision`."""
        return self._read(lambda shelf: shelf.revision)

    def infos(self, article_ids: Sequence[str]) -> dict[str, ArticleInfo]:
        """As `Shelf.infos`."""
        return self._read(lambda shelf: shelf.infos(article_ids))

    def articles(self, filters: Filters | None = None) -> list[ArticleInfo]:
        """As `Shelf.articles`."""
        return self._read(lambda shelf: shelf.articles(filters))

    def article(self, article_id: str) -> Article:
        """As `Shelf.article`."""
        return self._read(lambda shelf: shelf.article(article_id))

    def passages_at(self, keys: Sequence[tuple[str, int]]) -> dict[tuple[str, int], Passage]:
        """As `Shelf.passages_at`."""
        return self._read(lambda shelf: shelf.passages_at(keys))

    def similarities(
        self, keys: Sequence[tuple[str, int]], vector: Sequence[float]
    ) -> dict[tuple[str, int], float]:
        """As `Shelf.similarities`."""
        return self._read(lambda shelf: shelf.similarities(keys, vector))

    def nearest_keys(self, vector: Sequence[float], k: int) -> dict[tuple[str, int], float]:
        """As `Shelf.nearest_keys`."""
        return self._read(lambda shelf: shelf.nearest_keys(vector, k))

    def nearest(self, vector: Sequence[float], k: int, filters: Filters | None = None) -> list[Neighbour]:
        """As `Shelf.nearest`."""
        return self._read(lambda shelf: shelf.nearest(vector, k, filters))

    def close(self) -> None:
        """Lets go of the files or the connection."""
        self._database.close()

    def _read(self, read: Callable[[Shelf], T]) -> T:
        shelf = self.shelf
        try:
            return read(shelf)
        except GoneError:
            self.refresh()
            if self.shelf is shelf:
                raise
            return read(self.shelf)

    def _check(self, shelf: Shelf) -> None:
        made = shelf.maker
        if made.schema > SCHEMA:
            raise StoreMismatchError("the store was made by a newer qa: update qa to open it")
        if (made.embedder, made.fingerprint) != (self._maker.embedder, self._maker.fingerprint):
            raise StoreMismatchError(
                f"the store was made with the embedder {made.embedder!r} ({made.fingerprint[:8]}), not with "
                f"{self._maker.embedder!r} ({self._maker.fingerprint[:8]}): run `qa reindex` to make it anew, "
                f"or name the embedder that made it with --embedder"
            )
        if made != self._maker:
            raise StoreMismatchError("the store was made by an older qa: run `qa reindex` to make it anew")

    def _shelf(self, number: int) -> Shelf:
        return Shelf(self._database, number, self._maker, before_writing=self._may_write)

    def _may_write(self) -> None:
        if self._lease is not None:
            self._lease.assure()

    def _generation(self) -> int:
        return int(self._database.table(_MANIFEST, {"generation": 1}).metadata.get("generation", 1))
