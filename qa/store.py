"""Chroma: the one source of truth for articles and passages.

Two collections hold a library: passages with their vectors and text, and one record an article, without text. A
third, the manifest, says which pair is in force; `reindex` builds the next pair beside it. The rule of the house: an
article's record is written last and removed first, and a passage whose hash is not its article's is invisible. So a
kill at any moment loses nothing and doubles nothing. What a kill can leave behind belongs to the articles
that are named as pending before a write begins, and `recover` sweeps just these.

Takes articles with passages and vectors, gives them back, finds the passages nearest to a vector. Knows nothing of
models, words or questions. The one module that imports chromadb.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from qa.errors import ArticleNotFoundError, StoreBusyError, StoreError, StoreMismatchError
from qa.records import Article, ArticleInfo, Filters, Passage, day_number

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection

T = TypeVar("T")

SCHEMA = 1
"""Goes up when the layout of the collections changes."""

_MANIFEST = "qa-manifest"
_WRITER = "qa-writer"
_LEASE_SECONDS = 60.0
_RECORDS_A_CALL = 1000
"""Below every batch limit of Chroma embedded and of `chroma run` (5,461 here; the client is asked too)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Maker:
    """What made the vectors of a store: another maker's must not be mixed with them."""

    embedder: str
    fingerprint: str
    splitter: int
    schema: int = SCHEMA


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An article ready to be stored: its passages in order and their vectors, shape (passages, dimensions)."""

    article: Article
    passages: Sequence[Passage]
    vectors: NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """A passage near a vector: `similarity` is the cosine, 1 for the same direction."""

    passage: Passage
    similarity: float


class Store:
    """A library's articles in Chroma: `open_folder` for an embedded one, `open_server` for one by address."""

    def __init__(self, client: ClientAPI, maker: Maker, *, shared: bool) -> None:
        self._client = client
        self._maker = maker
        self._shared = shared
        self.shelf = Shelf(client, self._generation(), maker)

    @classmethod
    def open_folder(cls, folder: Path, maker: Maker) -> Store:
        """The store in a folder, made if there is none. The caller holds the right to use the folder."""
        import chromadb

        def connect() -> ClientAPI:
            folder.mkdir(parents=True, exist_ok=True)
            return chromadb.PersistentClient(str(folder), settings=_silent())

        return cls._open(connect, maker, shared=False, remedy=f"is {str(folder)!r} a store that qa made?")

    @classmethod
    def open_server(cls, address: str, maker: Maker) -> Store:
        """The store of a Chroma server, which other processes may use at the same time."""
        import chromadb

        def connect() -> ClientAPI:
            parts = urlsplit(address)
            ssl = parts.scheme == "https"
            port = parts.port or (443 if ssl else 8000)
            return chromadb.HttpClient(parts.hostname or "", port, ssl, settings=_silent())

        remedy = f"does a Chroma server answer at {address}? `chroma run` starts one"
        return cls._open(connect, maker, shared=True, remedy=remedy)

    @classmethod
    def _open(cls, connect: Callable[[], ClientAPI], maker: Maker, *, shared: bool, remedy: str) -> Store:
        try:
            return cls(connect(), maker, shared=shared)
        except Exception as error:  # Chroma raises ValueError, its own kinds, httpx's and Rust's panics
            raise StoreError(f"the store cannot be opened ({_first_line(error)}): {remedy}") from error

    def check(self) -> None:
        """Raises `StoreMismatchError` unless the store in force was made by this maker."""
        made = self.shelf.maker
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

    @contextmanager
    def writing(self) -> Iterator[None]:
        """The right to write: of a server's store one process has it at a time; `recover`s what a kill left."""
        if not self._shared:
            self.shelf.recover()
            yield
            return
        lease = _Lease(self._client)
        lease.take()
        try:
            self.shelf.renew = lease.renew
            self.shelf.recover()
            yield
        finally:
            self.shelf.renew = None
            lease.give_back()

    def next_shelf(self) -> Shelf:
        """The pair of collections that `reindex` fills: what an interrupted one left of the same maker, or new."""
        number = self._generation() + 1
        shelf = Shelf(self._client, number, self._maker)
        if shelf.maker != self._maker:
            shelf.drop()
            shelf = Shelf(self._client, number, self._maker)
        shelf.recover()
        return shelf

    def put_in_force(self, shelf: Shelf) -> None:
        """Makes a filled pair the store and drops the one before."""
        before = self.shelf
        self._client.get_collection(_MANIFEST, embedding_function=None).modify(
            metadata={"generation": shelf.number}
        )
        self.shelf = shelf
        before.drop()

    def close(self) -> None:
        """Lets go of the files or the connection."""
        self._client.close()  # type: ignore[attr-defined]  # every client has it, the interface does not say so

    def _generation(self) -> int:
        manifest = _collection(self._client, _MANIFEST, {"generation": 1})
        return int((manifest.metadata or {}).get("generation", 1))


class Shelf:
    """One pair of collections. `number` tells it from the pair that a reindex fills beside it."""

    def __init__(self, client: ClientAPI, number: int, maker: Maker) -> None:
        self._client = client
        self.number = number
        self.renew: Callable[[], None] | None = None
        made = {**asdict(maker), "revision": uuid.uuid4().hex, "pending": "[]"}
        self._passages = _collection(client, f"qa-passages-{number}", made)
        self._articles = _collection(client, f"qa-articles-{number}", None)
        self._batch = min(_RECORDS_A_CALL, client.get_max_batch_size())

    @property
    def maker(self) -> Maker:
        """What made the vectors on this shelf."""
        made = self._metadata()
        return Maker(
            embedder=str(made["embedder"]),
            fingerprint=str(made["fingerprint"]),
            splitter=int(made["splitter"]),
            schema=int(made["schema"]),
        )

    @property
    def revision(self) -> str:
        """Names the state of the shelf: another one after every change, by whichever process."""
        return str(self._metadata()["revision"])

    def put(self, entries: Sequence[Entry]) -> None:
        """Stores articles, each in place of the one with its id. A kill leaves every article old or new."""
        ids = [entry.article.id for entry in entries]
        before = self.infos(ids)
        with self._pending(ids):
            self._put_passages(entries)
            self._articles.upsert(
                ids=ids,
                embeddings=np.stack([_mean(entry.vectors) for entry in entries]),
                metadatas=[_record(entry) for entry in entries],
            )
            current = {entry.article.hash for entry in entries}
            self._delete_passages([info for info in before.values() if info.hash not in current])

    def remove(self, article_ids: Sequence[str]) -> tuple[str, ...]:
        """Removes articles and their passages; gives the ids of those that were there."""
        before = self.infos(article_ids)
        if before:
            with self._pending(list(before)):
                self._articles.delete(ids=list(before))
                self._delete_passages(list(before.values()))
        return tuple(before)

    def recover(self) -> None:
        """Sweeps what a write that was cut short left of its articles. Only for who may write."""
        pending: list[str] = json.loads(str(self._metadata()["pending"]))
        if not pending:
            return
        live = {info.hash for info in self.infos(pending).values()}
        for article_id in pending:
            found = self._passages.get(where={"article_id": article_id}, include=["metadatas"])
            dead = [
                passage_id
                for passage_id, metadata in zip(found["ids"], found["metadatas"] or (), strict=True)
                if metadata["article_hash"] not in live
            ]
            for ids in _chunks(dead, self._batch):
                self._passages.delete(ids=list(ids))
        self._mark([])

    def infos(self, article_ids: Sequence[str]) -> dict[str, ArticleInfo]:
        """The records of those articles that are there, by id."""
        infos: dict[str, ArticleInfo] = {}
        for ids in _chunks(list(dict.fromkeys(article_ids)), self._batch):
            found = self._articles.get(ids=list(ids), include=["metadatas"])
            for article_id, metadata in zip(found["ids"], found["metadatas"] or (), strict=True):
                infos[article_id] = _info(article_id, metadata)
        return infos

    def articles(self, filters: Filters | None = None) -> list[ArticleInfo]:
        """All articles, or those that the filters let through, in no particular order."""
        found = self._articles.get(where=_where(filters), include=["metadatas"])
        pairs = zip(found["ids"], found["metadatas"] or (), strict=True)
        return [_info(article_id, metadata) for article_id, metadata in pairs]

    def article(self, article_id: str) -> Article:
        """An article, its text put together from its passages. Raises `ArticleNotFoundError`."""
        info = self.infos([article_id]).get(article_id)
        if info is None:
            raise ArticleNotFoundError(f"there is no article {article_id!r}: `qa list` shows those that are")
        text = ""
        for passage in self.passages([info]):
            text += passage.text[len(text) - passage.start :]
        return Article(
            id=info.id,
            text=text,
            title=info.title,
            source=info.source,
            url=info.url,
            published=info.published,
            author=info.author,
            path=info.path,
        )

    def passages(self, infos: Sequence[ArticleInfo]) -> list[Passage]:
        """The passages of some articles, each article's in order. Raises `StoreError` if one is missing."""
        keys = [(info.hash, number) for info in infos for number in range(info.passages)]
        passages = self.passages_at(keys)
        if len(passages) < len(keys):
            raise StoreError(
                "the store has lost passages, another program may have changed it: remove the articles "
                "that `qa show` cannot show and add them again"
            )
        return [passages[key] for key in keys]

    def passages_at(self, keys: Sequence[tuple[str, int]]) -> dict[tuple[str, int], Passage]:
        """The passages of these article hashes and numbers, those that are there, visible or not."""
        passages: dict[tuple[str, int], Passage] = {}
        for chunk in _chunks(keys, self._batch):
            found = self._passages.get(ids=[_passage_id(*key) for key in chunk], include=["metadatas"])
            for metadata in found["metadatas"] or ():
                passage = _passage(metadata)
                passages[passage.article_hash, passage.number] = passage
        return passages

    def nearest(self, vector: Sequence[float], k: int, filters: Filters | None = None) -> list[Neighbour]:
        """The `k` passages nearest to a unit vector, nearest first, invisible ones left out."""
        found = self._passages.query(
            query_embeddings=[vector], n_results=k, where=_where(filters), include=["metadatas", "distances"]
        )
        metadatas, distances = (found["metadatas"] or [[]])[0], (found["distances"] or [[]])[0]
        neighbours = [
            Neighbour(passage=_passage(metadata), similarity=1.0 - distance)
            for metadata, distance in zip(metadatas, distances, strict=True)
        ]
        infos = self.infos([neighbour.passage.article_id for neighbour in neighbours])
        live = {info.hash for info in infos.values()}
        return [neighbour for neighbour in neighbours if neighbour.passage.article_hash in live]

    def count(self) -> tuple[int, int]:
        """How many articles and passages the collections hold, invisible ones counted."""
        return self._articles.count(), self._passages.count()

    def drop(self) -> None:
        """Deletes both collections."""
        self._client.delete_collection(self._articles.name)
        self._client.delete_collection(self._passages.name)

    def _metadata(self) -> dict[str, Any]:
        name = self._passages.name
        return dict(self._client.get_collection(name, embedding_function=None).metadata or {})

    @contextmanager
    def _pending(self, article_ids: list[str]) -> Iterator[None]:
        """Names articles as being written; on an error they stay named, for `recover`."""
        self._mark(article_ids)
        yield
        self._mark([])

    def _mark(self, pending: list[str]) -> None:
        if self.renew:
            self.renew()
        changed = {"revision": uuid.uuid4().hex, "pending": json.dumps(pending)}
        self._passages.modify(metadata={**self._metadata(), **changed})

    def _put_passages(self, entries: Sequence[Entry]) -> None:
        rows = [
            (
                _passage_id(passage.article_hash, passage.number),
                vector,
                _passage_metadata(entry.article, passage),
            )
            for entry in entries
            for passage, vector in zip(entry.passages, entry.vectors, strict=True)
        ]
        for chunk in _chunks(rows, self._batch):
            ids, vectors, metadatas = zip(*chunk, strict=True)
            self._passages.upsert(ids=list(ids), embeddings=np.stack(vectors), metadatas=list(metadatas))

    def _delete_passages(self, infos: Sequence[ArticleInfo]) -> None:
        ids = [_passage_id(info.hash, number) for info in infos for number in range(info.passages)]
        for chunk in _chunks(ids, self._batch):
            self._passages.delete(ids=list(chunk))


class _Lease:
    """The right to write to a Chroma server: a collection that only one process can create. Expires by itself."""

    def __init__(self, client: ClientAPI) -> None:
        self._client = client
        self._holder = uuid.uuid4().hex

    def take(self) -> None:
        """Waits for at most one lease's time. Raises `StoreBusyError` when another process keeps renewing."""
        patience = time.monotonic() + _LEASE_SECONDS + 5
        while not self._create():
            lease = _collection(self._client, _WRITER, self._terms()).metadata or {}
            if lease.get("holder") == self._holder:
                return
            if float(lease.get("until", 0)) < time.time():
                self.give_back()
            elif time.monotonic() > patience:
                raise StoreBusyError(
                    "another process is writing to this Chroma server: try again when it is done"
                )
            else:
                time.sleep(0.5)

    def renew(self) -> None:
        """Asks for a full lease's time from now."""
        _collection(self._client, _WRITER, self._terms()).modify(metadata=self._terms())

    def give_back(self) -> None:
        """Lets the next process write."""
        from chromadb.errors import NotFoundError

        try:
            self._client.delete_collection(_WRITER)
        except NotFoundError:
            return  # it expired and another process took it away

    def _create(self) -> bool:
        try:
            self._client.create_collection(_WRITER, metadata=self._terms(), embedding_function=None)
        except Exception as error:  # the server says 409, the embedded one InternalError
            if "already exists" not in str(error):
                raise
            return False
        return True

    def _terms(self) -> dict[str, Any]:
        return {"holder": self._holder, "until": time.time() + _LEASE_SECONDS}


def _silent() -> Any:
    from chromadb.config import Settings

    return Settings(anonymized_telemetry=False)


def _collection(client: ClientAPI, name: str, metadata: dict[str, Any] | None) -> Collection:
    """A collection, made with this metadata if it is not there; one that is there keeps its own."""
    return client.get_or_create_collection(
        name, metadata=metadata, embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
    )


def _where(filters: Filters | None) -> Any:
    """Filters as a condition of Chroma; None lets everything through."""
    if filters is None:
        return None
    conditions: list[dict[str, Any]] = []
    if filters.article_ids is not None:
        conditions.append({"article_id": {"$in": list(filters.article_ids)}})
    if filters.sources is not None:
        conditions.append({"source": {"$in": list(filters.sources)}})
    if filters.published_from is not None:
        conditions.append({"day": {"$gte": day_number(filters.published_from)}})
    if filters.published_to is not None:
        conditions.append({"day": {"$lte": day_number(filters.published_to)}})
    return {"$and": conditions} if len(conditions) > 1 else next(iter(conditions), None)


def _record(entry: Entry) -> dict[str, Any]:
    article = entry.article
    optional = {
        "source": article.source,
        "url": article.url,
        "published": article.published,
        "author": article.author,
        "path": article.path,
        "day": day_number(article.published) if article.published else None,
    }
    return {
        "article_id": article.id,
        "hash": article.hash,
        "title": article.title,
        "characters": len(article.text),
        "passages": len(entry.passages),
        **{key: value for key, value in optional.items() if value is not None},
    }


def _info(article_id: str, record: Any) -> ArticleInfo:
    return ArticleInfo(
        id=article_id,
        hash=record["hash"],
        title=record["title"],
        source=record.get("source"),
        url=record.get("url"),
        published=record.get("published"),
        author=record.get("author"),
        path=record.get("path"),
        characters=record["characters"],
        passages=record["passages"],
    )


def _passage_metadata(article: Article, passage: Passage) -> dict[str, Any]:
    """Text as metadata, not as a document: half the size on disk, where Chroma indexes documents for its own search."""
    metadata: dict[str, Any] = asdict(passage)
    if article.source is not None:
        metadata["source"] = article.source
    if article.published is not None:
        metadata["day"] = day_number(article.published)
    return metadata


def _passage(metadata: Any) -> Passage:
    keys = ("article_id", "article_hash", "number", "start", "end", "text")
    return Passage(**{key: metadata[key] for key in keys})


def _passage_id(article_hash: str, number: int) -> str:
    return f"{article_hash}:{number}"


def _mean(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """The direction of an article: the mean of its passages' vectors, length 1."""
    mean = vectors.mean(axis=0)
    direction: NDArray[np.float32] = mean / max(float(np.linalg.norm(mean)), 1e-12)
    return direction


def _chunks(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


def _first_line(error: Exception) -> str:
    return (str(error) or type(error).__name__).splitlines()[0][:200]
