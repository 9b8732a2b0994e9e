"""Question -> hits: the vector search and the keyword search, their ranks fused.

Takes an embedder, a shelf of passages and a keyword index, each by its protocol; gives hits with what is known of
their articles, and the same as a LangChain retriever. Knows nothing of answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Any, Protocol

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever

from qa.errors import QuestionError
from qa.records import ArticleInfo, Filters, Hit, Passage, Span
from qa.sentences import trim

DEPTH = 50
"""How many passages each search brings to the fusion."""

LONGEST_QUESTION = 4000
"""Characters. Beyond this it is a text, not a question."""

_RANK_CONSTANT = 60
"""k of reciprocal rank fusion; 60 is the value of Cormack, Clarke and Büttcher (SIGIR 2009)."""


class QueryEmbedder(Protocol):
    """Gives the vector of a question."""

    def embed_query(self, text: str) -> list[float]:
        """The unit vector of a text."""


class Found(Protocol):
    """What a search says of one passage: which article version it is of, and its number there."""

    @property
    def article_hash(self) -> str:
        """The hash of the passage's article."""

    @property
    def number(self) -> int:
        """The passage's place in its article, from 0."""


class Near(Protocol):
    """A passage near a vector."""

    @property
    def passage(self) -> Passage:
        """The passage itself."""


class Passages(Protocol):
    """Where passages are kept with their vectors."""

    def nearest(self, vector: Sequence[float], k: int, filters: Filters | None = None) -> Sequence[Near]:
        """The passages nearest to a vector, nearest first."""

    def passages_at(self, keys: Sequence[tuple[str, int]]) -> dict[tuple[str, int], Passage]:
        """The passages of these hashes and numbers, those that are there."""

    def infos(self, article_ids: Sequence[str]) -> dict[str, ArticleInfo]:
        """What is known of some articles, by id."""


class Words(Protocol):
    """Where passages are found by their words."""

    def search(self, question: str, k: int, filters: Filters | None = None) -> Sequence[Found]:
        """The passages that share most with the question, best first."""


def search(
    question: str,
    *,
    k: int,
    embedder: QueryEmbedder,
    passages: Passages,
    words: Words,
    filters: Filters | None = None,
) -> list[Hit]:
    """The `k` best passages for a question, best first.

    A passage's score is the sum of 1 / (60 + rank) over both searches, divided by the most that it can be, so 1 is
    first in both. Raises `QuestionError` for a question that is empty or far too long.
    """
    question = whole(question).strip()
    if not question:
        raise QuestionError("the question is empty: type what you want to know")
    if len(question) > LONGEST_QUESTION:
        raise QuestionError(f"the question is longer than {LONGEST_QUESTION:,} characters: shorten it")
    depth = max(k, DEPTH)
    near = passages.nearest(embedder.embed_query(question), depth, filters)
    shared = words.search(question, depth, filters)
    known = {(one.passage.article_hash, one.passage.number): one.passage for one in near}
    ranks = [list(known), [(found.article_hash, found.number) for found in shared]]
    scores = fuse(ranks)
    best = sorted(scores, key=lambda key: -scores[key])
    known |= passages.passages_at([key for key in best if key not in known])
    infos = passages.infos([passage.article_id for passage in known.values()])
    hits = [
        _hit(known[key], infos[known[key].article_id], scores[key])
        for key in best
        if key in known and known[key].article_id in infos and infos[known[key].article_id].hash == key[0]
    ]
    return hits[:k]


def whole(text: str) -> str:
    r"""A text without halves of surrogate pairs, which no tokenizer takes: "?" in their place.

    >>> whole("caf\udcff")
    'caf?'
    """
    return text.encode(errors="replace").decode()


def fuse(rankings: Sequence[Sequence[tuple[str, int]]]) -> dict[tuple[str, int], float]:
    """Reciprocal rank fusion, scaled to 0..1: 1 for what is first in every ranking.

    >>> fuse([[("a", 0), ("b", 0)], [("a", 0)]])
    {('a', 0): 1.0, ('b', 0): 0.4919354838709677}
    """
    scores: dict[tuple[str, int], float] = {}
    most = len(rankings) / (_RANK_CONSTANT + 1)
    for ranking in rankings:
        for rank, key in enumerate(ranking, start=1):
            scores[key] = scores.get(key, 0.0) + 1 / (_RANK_CONSTANT + rank) / most
    return scores


class ArticleRetriever(BaseRetriever):
    """A library's search as a LangChain retriever: `page_content` is the passage, `metadata` the rest of the hit.

    `invoke(question, k=..., filters=...)` overrules the two for one call.
    """

    embedder: Any
    passages: Any
    words: Any
    k: int = 10

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,  # noqa: ARG002 - LangChain passes it by name
        **options: Any,
    ) -> list[Document]:
        hits = search(
            query,
            k=options.get("k") or self.k,
            filters=options.get("filters"),
            embedder=self.embedder,
            passages=self.passages,
            words=self.words,
        )
        return [document_of(hit) for hit in hits]


def document_of(hit: Hit) -> Document:
    """A hit as a LangChain document."""
    metadata = {**hit.to_json(), "url": hit.url}
    del metadata["text"]
    return Document(id=f"{hit.article_id}:{hit.start}", page_content=hit.text, metadata=metadata)


def hit_of(document: Document, *, rank: int = 1) -> Hit:
    """A LangChain document as a hit. A document of somebody else's retriever counts as an article of its own, and its
    score is what reciprocal rank fusion makes of its `rank`.
    """
    text, metadata = document.page_content, document.metadata
    known = {key: str(metadata[key]) for key in ("source", "url", "published") if metadata.get(key)}
    ours = {"article_id", "start", "score"} <= metadata.keys()
    own_id = document.id or sha256(whole(text).encode()).hexdigest()[:16]
    article_id = str(metadata["article_id"] if ours else own_id)
    start = int(metadata["start"]) if ours else 0
    return Hit(
        article_id=article_id,
        title=str(metadata.get("title") or known.get("source") or article_id),
        source=known.get("source"),
        url=known.get("url"),
        published=known.get("published"),
        start=start,
        end=start + len(text),
        text=text,
        score=float(metadata["score"]) if ours else (_RANK_CONSTANT + 1) / (_RANK_CONSTANT + rank),
    )


def _hit(passage: Passage, info: ArticleInfo, score: float) -> Hit:
    inner = trim(passage.text, Span(start=0, end=len(passage.text)))
    return Hit(
        article_id=info.id,
        title=info.title,
        source=info.source,
        url=info.url,
        published=info.published,
        start=passage.start + inner.start,
        end=passage.start + inner.end,
        text=passage.text[inner.start : inner.end],
        score=score,
    )
