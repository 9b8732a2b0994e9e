"""Articles, passages and filters as Chroma keeps them: flat metadata and conditions on it, and back.

Knows nothing of collections or of when what is written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa.errors import StoreError
from qa.records import Article, ArticleInfo, Filters, Passage, day_number

SCHEMA = 2
"""Goes up when the layout of the collections changes."""


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

    @property
    def language(self) -> str | None:
        """The language of the article, as its passages say."""
        return self.passages[0].language


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """A passage near a vector: `similarity` is the cosine, 1 for the same direction."""

    passage: Passage
    similarity: float


def maker_of(metadata: Mapping[str, Any]) -> Maker:
    """What made a shelf, from the metadata of its passages. Raises `StoreError` if it is not one of ours."""
    try:
        return Maker(
            embedder=str(metadata["embedder"]),
            fingerprint=str(metadata["fingerprint"]),
            splitter=int(metadata["splitter"]),
            schema=int(metadata["schema"]),
        )
    except (KeyError, ValueError) as error:
        raise StoreError("these collections were not made by qa: name another store") from error


def record_of(entry: Entry) -> dict[str, Any]:
    """The record of an article. Chroma's upsert keeps what it is not told of: None says what is unknown now."""
    article = entry.article
    optional = {
        "source": article.source,
        "url": article.url,
        "published": article.published,
        "author": article.author,
        "path": article.path,
        "day": day_number(article.published) if article.published else None,
        "language": entry.language,
    }
    return {
        "article_id": article.id,
        "hash": article.hash,
        "title": article.title,
        "characters": len(article.text),
        "passages": len(entry.passages),
        **optional,
    }


def info_of(record: Mapping[str, Any]) -> ArticleInfo:
    """What a record says of its article."""
    return ArticleInfo(
        id=record["article_id"],
        hash=record["hash"],
        title=record["title"],
        source=record.get("source"),
        url=record.get("url"),
        published=record.get("published"),
        author=record.get("author"),
        path=record.get("path"),
        characters=record["characters"],
        passages=record["passages"],
        language=record.get("language"),
    )


def article_of(info: ArticleInfo, passages: Sequence[Passage]) -> Article:
    """An article, its text put together from all its passages, in order."""
    text = ""
    for passage in passages:
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


def row_of(article: Article, passage: Passage) -> dict[str, Any]:
    """Text as metadata, not as a document: half the size on disk, where Chroma indexes documents for its own search."""
    metadata: dict[str, Any] = asdict(passage)
    if article.source is not None:
        metadata["source"] = article.source
    if article.published:
        metadata["day"] = day_number(article.published)
    return metadata


def passage_of(row: Mapping[str, Any]) -> Passage:
    """The passage of a row."""
    keys = ("article_id", "article_hash", "number", "start", "end", "text")
    return Passage(**{key: row[key] for key in keys}, language=row.get("language"))


def passage_id(article_hash: str, number: int) -> str:
    """The id of a passage: two versions of an article share none."""
    return f"{article_hash}:{number}"


def key_of(identifier: str) -> tuple[str, int]:
    """The hash and number of a passage, from its id."""
    article_hash, _, number = identifier.rpartition(":")
    return article_hash, int(number)


def mean_of(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """The direction of an article: the mean of its passages' vectors, length 1."""
    mean = vectors.mean(axis=0)
    direction: NDArray[np.float32] = mean / max(float(np.linalg.norm(mean)), 1e-12)
    return direction


def lets_nothing_through(filters: Filters | None) -> bool:
    """Whether the filters name no article, source or language at all, which Chroma cannot be asked."""
    return filters is not None and () in (filters.article_ids, filters.sources, filters.languages)


def condition_of(filters: Filters | None) -> dict[str, Any] | None:
    """Filters as a condition of Chroma; None lets everything through."""
    if filters is None:
        return None
    conditions: list[dict[str, Any]] = []
    if filters.article_ids is not None:
        conditions.append({"article_id": {"$in": list(filters.article_ids)}})
    if filters.sources is not None:
        conditions.append({"source": {"$in": list(filters.sources)}})
    if filters.languages is not None:
        conditions.append({"language": {"$in": list(filters.languages)}})
    if filters.published_from is not None:
        conditions.append({"day": {"$gte": day_number(filters.published_from)}})
    if filters.published_to is not None:
        conditions.append({"day": {"$lte": day_number(filters.published_to)}})
    return {"$and": conditions} if len(conditions) > 1 else next(iter(conditions), None)
