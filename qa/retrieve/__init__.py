"""Question -> hits: the vector search and the keyword search, fused, with the time asked about; and for LangChain."""

from qa.retrieve.langchain import ArticleRetriever, document_of, hit_of
from qa.retrieve.opened import opened
from qa.retrieve.rerank import READ, reranked
from qa.retrieve.search import LONGEST_QUESTION, search, whole

__all__ = [
    "LONGEST_QUESTION",
    "READ",
    "ArticleRetriever",
    "document_of",
    "hit_of",
    "opened",
    "reranked",
    "search",
    "whole",
]
