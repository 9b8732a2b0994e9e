"""The keyword index: question -> passages that share its words, each language by its own endings."""

from qa.keywords.index import KeywordHit, KeywordIndex

__all__ = ["KeywordHit", "KeywordIndex"]
