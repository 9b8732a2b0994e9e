"""The search as a LangChain retriever, and hits as LangChain documents and back.

Documents of somebody else's retriever become hits, too. Knows nothing of how passages are found.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever

from qa.records import Hit
from qa.retrieve.search import whole

_RANK_CONSTANT = 60
"""k of reciprocal rank fusion; 60 is the value of Cormack, Clarke and Büttcher (SIGIR 2009)."""


class ArticleRetriever(BaseRetriever):
    """A library's search as a LangChain retriever: `page_content` is the passage, `metadata` the rest of the hit.

    `find` is the `search` of a library, here or in another process. `invoke(question, k=..., asked=..., filters=...)`
    is handed on to it.
    """

    find: Callable[..., list[Hit]]
    k: int = 10

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,  # noqa: ARG002 - LangChain passes it by name
        **options: Any,
    ) -> list[Document]:
        hits = self.find(
            query,
            k=options.get("k") or self.k,
            asked=options.get("asked"),
            filters=options.get("filters"),
        )
        return [document_of(hit) for hit in hits]


def document_of(hit: Hit) -> Document:
    """A hit as a LangChain document."""
    metadata = {**hit.to_json(), "url": hit.url, "language": hit.language}
    del metadata["text"]
    return Document(id=f"{hit.article_id}:{hit.start}", page_content=hit.text, metadata=metadata)


def hit_of(document: Document, *, rank: int = 1) -> Hit:
    """A LangChain document as a hit. A document of somebody else's retriever counts as an article of its own, and its
    score is what reciprocal rank fusion makes of its `rank`.
    """
    text, metadata = document.page_content, document.metadata
    known = {
        key: str(metadata[key]) for key in ("source", "url", "published", "language") if metadata.get(key)
    }
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
        language=known.get("language"),
        start=start,
        end=start + len(text),
        text=text,
        score=float(metadata["score"]) if ours else (_RANK_CONSTANT + 1) / (_RANK_CONSTANT + rank),
    )
