"""Articles -> split, embedded and stored, in the store and in the keyword index together.

Takes turns at a shelf, a keyword index and an embedder; keeps the two in step. Knows nothing of sources or questions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager

from qa.embed import SentenceEmbedder
from qa.keywords import KeywordIndex
from qa.language import language_of
from qa.records import Article
from qa.split import split
from qa.store import Entry, Shelf

_LONGEST_TITLE = 150
"""Characters of a title that are embedded with each passage: more would push the passage out of the window."""


Turn = Callable[[], AbstractContextManager[Shelf]]
"""Gives the shelf to write to, and the right to write for as long as the context lasts."""


class Indexer:
    """Writes articles to a shelf, and their words to an index if there is one.

    Each write takes a `turn` of its own and embeds before it, so that a long `add` lets other writers in between.
    """

    def __init__(self, turn: Turn, words: KeywordIndex | None, embedder: SentenceEmbedder) -> None:
        self._turn = turn
        self._words = words
        self._embedder = embedder

    def put(self, articles: Sequence[Article]) -> None:
        """Stores articles, each in place of the one with its id. Many at once are embedded faster than one by one."""
        if not articles:
            return
        entries = self._entries(articles)
        with self._turn() as shelf:
            before = shelf.revision
            replaced = shelf.infos([article.id for article in articles])
            shelf.put(entries)
            if self._words:
                stored = shelf.infos([article.id for article in articles])
                self._words.change(
                    before=before,
                    after=shelf.revision,
                    gone=[info.hash for info in replaced.values()],
                    new=[(stored[entry.article.id], entry.passages) for entry in entries],
                )

    def remove(self, article_ids: Sequence[str]) -> tuple[str, ...]:
        """Removes articles; gives the ids of those that were there."""
        with self._turn() as shelf:
            before = shelf.revision
            replaced = shelf.infos(article_ids)
            removed = shelf.remove(article_ids)
            if self._words:
                gone = [info.hash for info in replaced.values()]
                self._words.change(before=before, after=shelf.revision, gone=gone, new=[])
            return removed

    def _entries(self, articles: Sequence[Article]) -> list[Entry]:
        passages = [
            split(
                article,
                count_tokens=self._embedder.count_tokens,
                language=language_of(f"{article.title}\n{article.text}"),
            )
            for article in articles
        ]
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
