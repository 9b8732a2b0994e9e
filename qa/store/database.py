"""A Chroma client and its collections, with calls of any length and errors in plain words.

Takes a folder or the address of a server. Knows nothing of what is kept in a collection.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from qa.errors import StoreError

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection

T = TypeVar("T")

_RECORDS_A_CALL = 1000
"""Below every batch limit of Chroma embedded and of `chroma run` (5,461 here; the client is asked too)."""


class GoneError(StoreError):
    """The collection is not there any more: another process has put another in its place."""


class Database:
    """Collections by name, in a folder or on a server. Raises `StoreError` with what to do about it."""

    def __init__(self, client: ClientAPI, *, remedy: str) -> None:
        self._client = client
        self.remedy = remedy
        self.batch = min(_RECORDS_A_CALL, client.get_max_batch_size())

    @classmethod
    def in_folder(cls, folder: Path) -> Database:
        """The database in a folder, made if there is none."""
        import chromadb

        remedy = (
            f"is there room on the disk, and is {str(folder)!r} a store that qa made? If it is damaged, "
            f"move it away and add the articles again"
        )
        with in_plain_words(remedy, "the store cannot be opened"):
            folder.mkdir(parents=True, exist_ok=True)
            return cls(chromadb.PersistentClient(str(folder), settings=_silent()), remedy=remedy)

    @classmethod
    def at_address(cls, address: str) -> Database:
        """The database of a Chroma server."""
        import chromadb

        parts = urlsplit(address)
        ssl = parts.scheme == "https"
        remedy = f"does a Chroma server answer at {address}? `chroma run` starts one"
        with in_plain_words(remedy, "the store cannot be opened"):
            port = parts.port or (443 if ssl else 8000)
            return cls(
                chromadb.HttpClient(parts.hostname or "", port, ssl, settings=_silent()), remedy=remedy
            )

    def table(self, name: str, metadata: dict[str, Any] | None = None) -> Table:
        """A collection, made with this metadata if it is not there; one that is there keeps its own."""
        with in_plain_words(self.remedy):
            return Table(
                self,
                self._client.get_or_create_collection(
                    name,
                    metadata=metadata,
                    embedding_function=None,
                    configuration={"hnsw": {"space": "cosine"}},
                ),
            )

    def create(self, name: str, metadata: dict[str, Any]) -> Table | None:
        """A new collection; None if one has this name already. Of several callers one gets it."""
        with in_plain_words(self.remedy):
            try:
                made = self._client.create_collection(name, metadata=metadata, embedding_function=None)
            except Exception as error:  # the server says ChromaError, the embedded one InternalError
                if "already exists" not in str(error):
                    raise
                return None
            return Table(self, made)

    def find(self, name: str) -> Table | None:
        """The collection of this name as it is now, if there is one."""
        try:
            with in_plain_words(self.remedy):
                return Table(self, self._client.get_collection(name, embedding_function=None))
        except GoneError:
            return None

    def names(self) -> list[str]:
        """The names of all collections."""
        with in_plain_words(self.remedy):
            return [collection.name for collection in self._client.list_collections()]

    def drop(self, name: str) -> None:
        """Deletes a collection, if it is there."""
        try:
            with in_plain_words(self.remedy):
                self._client.delete_collection(name)
        except GoneError:
            return

    def close(self) -> None:
        """Lets go of the files or the connection."""
        self._client.close()  # type: ignore[attr-defined]  # every client has it, the interface does not say so


class Table:
    """One collection. `metadata` is what it said when it was found."""

    def __init__(self, database: Database, collection: Collection) -> None:
        self._database = database
        self._collection = collection
        self.name = collection.name
        self.metadata: dict[str, Any] = dict(collection.metadata or {})

    def describe(self, metadata: dict[str, Any]) -> None:
        """Replaces the metadata."""
        with in_plain_words(self._database.remedy):
            self._collection.modify(metadata=metadata)

    def rename(self, name: str) -> None:
        """Gives this very collection another name, whatever is called by its old name now."""
        with in_plain_words(self._database.remedy):
            self._collection.modify(name=name)

    def upsert(
        self, ids: Sequence[str], vectors: Sequence[NDArray[np.float32]], rows: Sequence[dict[str, Any]]
    ) -> None:
        """Writes rows, each in place of the one with its id."""
        with in_plain_words(self._database.remedy):
            for start in range(0, len(ids), self._database.batch):
                part = slice(start, start + self._database.batch)
                self._collection.upsert(
                    ids=list(ids[part]), embeddings=np.stack(vectors[part]), metadatas=list(rows[part])
                )

    def delete(self, ids: Sequence[str]) -> None:
        """Deletes the rows that are there."""
        with in_plain_words(self._database.remedy):
            for part in self._parts(ids):
                self._collection.delete(ids=list(part))

    def get(self, ids: Sequence[str]) -> list[dict[str, Any]]:
        """The rows of these ids, those that are there, in no particular order."""
        rows: list[dict[str, Any]] = []
        with in_plain_words(self._database.remedy):
            for part in self._parts(ids):
                found = self._collection.get(ids=list(part), include=["metadatas"])
                rows += [dict(row) for row in found["metadatas"] or ()]
        return rows

    def vectors(self, ids: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        """The vectors of these ids, those that are there."""
        found: dict[str, NDArray[np.float32]] = {}
        with in_plain_words(self._database.remedy):
            for part in self._parts(ids):
                rows = self._collection.get(ids=list(part), include=["embeddings"])
                found |= zip(rows["ids"], np.asarray(rows["embeddings"], dtype=np.float32), strict=True)
        return found

    def where(self, condition: dict[str, Any] | None) -> list[dict[str, Any]]:
        """All rows of which a condition is true, in no particular order."""
        with in_plain_words(self._database.remedy):  # of more than 32,766 rows Chroma gives the ids alone
            ids = self._collection.get(where=condition, include=[])["ids"]
        return self.get(ids)

    def nearest(
        self, vector: Sequence[float], k: int, condition: dict[str, Any] | None
    ) -> list[tuple[dict[str, Any], float]]:
        """The `k` rows nearest to a vector and their cosine distance, nearest first."""
        with in_plain_words(self._database.remedy):
            found = self._collection.query(
                query_embeddings=[vector], n_results=k, where=condition, include=["metadatas", "distances"]
            )
        rows, distances = (found["metadatas"] or [[]])[0], (found["distances"] or [[]])[0]
        return [(dict(row), distance) for row, distance in zip(rows, distances, strict=True)]

    def nearest_ids(self, vector: Sequence[float], k: int) -> list[tuple[str, float]]:
        """The ids of the `k` rows nearest to a vector and their cosine distance, nearest first.

        Several times as fast as `nearest`, and a hundred times where that has a condition: over 200,000 rows Chroma
        needs a second to find out which of them a range of days lets through.
        """
        with in_plain_words(self._database.remedy):
            found = self._collection.query(query_embeddings=[vector], n_results=k, include=["distances"])
        return list(zip(found["ids"][0], (found["distances"] or [[]])[0], strict=True))

    def count(self) -> int:
        """The number of rows."""
        with in_plain_words(self._database.remedy):
            return self._collection.count()

    def _parts(self, items: Sequence[T]) -> Iterator[Sequence[T]]:
        for start in range(0, len(items), self._database.batch):
            yield items[start : start + self._database.batch]


@contextmanager
def in_plain_words(remedy: str, what: str = "the store does not work") -> Iterator[None]:
    """Turns whatever Chroma raises into a `StoreError`: ValueError, its own kinds, httpx's and sqlite's."""
    from chromadb.errors import NotFoundError

    try:
        yield
    except StoreError:
        raise
    except NotFoundError as error:
        raise GoneError("the store was made anew by another process meanwhile: run this again") from error
    except Exception as error:
        said = (str(error) or type(error).__name__).splitlines()[0][:200]
        raise StoreError(f"{what} ({said}): {remedy}") from error


def _silent() -> Any:
    from chromadb.config import Settings

    return Settings(anonymized_telemetry=False)
