"""Chroma: the one source of truth for articles and passages.

Two collections hold a library, its shelf: passages with their vectors and text, and one record an article, without
text. A third, the manifest, says which shelf is in force; `reindex` fills the next one beside it. The rule of the
house: an article's record is written last and removed first, and a passage whose hash is not its article's is
invisible. So a kill at any moment loses nothing and doubles nothing. What a kill can leave behind belongs to the
articles that are named as pending before a write begins, and `recover` sweeps just these.

Takes articles with passages and vectors, gives them back, finds the passages nearest to a vector. Knows nothing of
models, words or questions. The one package that imports chromadb.
"""

from __future__ import annotations

from qa.store.rows import SCHEMA, Entry, Maker, Neighbour
from qa.store.shelf import Shelf
from qa.store.store import Store

__all__ = ["SCHEMA", "Entry", "Maker", "Neighbour", "Shelf", "Store"]
