"""The script that everybody writes, to measure against: plain LangChain from articles to the nearest chunks.

RecursiveCharacterTextSplitter(1000, 100), HuggingFaceEmbeddings with the same weights as ours, Chroma.add_documents
into an embedded store, similarity_search. Needs the extra `bench`. Knows nothing of what is measured.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qa.embed import SentenceEmbedder
from qa.errors import QAError
from qa.records import Article
from qa.settings import MINILM

_BATCH = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """A piece of an article."""

    article_id: str
    text: str


class PlainLangChain:
    """Articles in a Chroma folder. The model is loaded at once. Raises `QAError` if a package is missing."""

    def __init__(self, folder: Path) -> None:
        try:
            from langchain_chroma import Chroma
            from langchain_huggingface import HuggingFaceEmbeddings
            from langchain_text_splitters import RecursiveCharacterTextSplitter
            from transformers.utils import logging
        except ImportError as error:
            raise missing(error) from error
        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        weights = str(SentenceEmbedder(MINILM).folder)
        embeddings = HuggingFaceEmbeddings(model_name=weights, model_kwargs={"device": "cpu"})
        embeddings.embed_query("warm")
        self._splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=100)
        self._vectors: Any = Chroma("articles", embeddings, persist_directory=str(folder))

    def add(self, articles: Sequence[Article]) -> None:
        """Splits, embeds and stores articles."""
        from langchain_core.documents import Document

        documents = [
            Document(page_content=article.text, metadata={"id": article.id, "title": article.title})
            for article in articles
        ]
        chunks = self._splitter.split_documents(documents)
        for start in range(0, len(chunks), _BATCH):
            self._vectors.add_documents(chunks[start : start + _BATCH])

    def search(self, question: str, k: int) -> list[Chunk]:
        """The `k` chunks nearest to a question, nearest first."""
        found = self._vectors.similarity_search(question, k=k)
        return [Chunk(article_id=one.metadata["id"], text=one.page_content) for one in found]


def missing(error: ImportError) -> QAError:
    """What to say where a package of the other side is not installed."""
    return QAError(f"the other side of this benchmark is missing: pip install 'qa[bench]' ({error})")
