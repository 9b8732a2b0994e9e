"""Articles -> split, embedded and stored, in the store and in the keyword index together.

Takes a shelf, a keyword index and an embedder; keeps the two in step. Knows nothing of sources or questions.
"""

from __future__ import annotations

from collections.abc import Sequence

from qa.embed import SentenceEmbedder
from qa.keywords import KeywordIndex
from qa.records import Article
from qa.split import split
from qa.store import Entry, Shelf

_LONGEST_TITLE = 150
"""Characters of a title that are embedded with each passage: more would push the passage out of the window."""


class Indexer:
    """Writes articles to one shelf, and their words to an index if there is one."""

    def __init__(self, shelf: Shelf, words: KeywordIndex | None, embedder: SentenceEmbedder) -> None:
        self.shelf = shelf
        self._words = words
        self._embedder = embedder

    def put(self, articles: Sequence[Article]) -> None:
        """Stores articles, each in place of the one with its id. Many at once are embedded faster than one by one."""
        if not articles:
            return
        entries = self._entries(articles)
        before = self.shelf.revision
        replaced = self.shelf.infos([article.id for article in articles])
        self.shelf.put(entries)
        if self._words:
            stored = self.shelf.infos([article.id for article in articles])
            self._words.change(
                before=before,
                after=self.shelf.revision,
                gone=[info.hash for info in replaced.values()],
                new=[(stored[entry.article.id], entry.passages) for entry in entries],
            )

    def remove(self, article_ids: Sequence[str]) -> tuple[str, ...]:
        """Removes articles; gives the ids of those that were there."""
        before = self.shelf.revision
        replaced = self.shelf.infos(article_ids)
        removed = self.shelf.remove(article_ids)
        if self._words:
            gone = [info.hash for info in replaced.values()]
            self._words.change(before=before, after=self.shelf.revision, gone=gone, new=[])
        return removed

    def _entries(self, articles: Sequence[Article]) -> list[Entry]:
        passages = [split(article, count_tokens=self._embedder.count_tokens) for article in articles]
        texts = [
            f"{article.title[:_LONGEST_TITLE]}\n{passage.text.strip()}"
            for article, own in zip(articles, passages, strict=True)
            for passage in own
        ]
        vectors = self._embedder.encode(texts)
        entries: list[Entry] = []
        row = 0
        for article, own in zip(articles, passages, strict=True):
            entries.append(Entry(article=article, passages=own, vectors=vectors[row : row + len(own)]))
            row += len(own)
        return entries
