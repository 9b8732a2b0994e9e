"""``Reader``: a question and passages in, the spans that answer it out, best first.

Quotes and cannot make anything up: what it says is always a slice of a passage it was given.
Knows nothing of articles, retrieval or thresholds: whether a probability is enough is for the
caller to say.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from qa.reader.reading import Finder, Found, Reading

# The log odds given to a passage in which no model could find a token to point at.
_NOTHING = -20.0


class Reader:
    """The extractive reader.

    Without a name it is the model shipped in this package: no download, no torch, about half a
    second to load. With a name it is any Hugging Face question-answering model, from a folder or
    the hub; that needs torch and transformers.
    """

    def __init__(self, name: str | None = None, *, spans: int = 3) -> None:
        """Load the model; keep up to ``spans`` readings of each passage. Raises ReaderError."""
        self._spans = spans
        self._finder = _finder(name, spans)

    def read(
        self, question: str, passages: Sequence[str], titles: Sequence[str] | None = None
    ) -> list[Reading]:
        """The best few distinct spans of every passage, best first.

        Each passage that has text gives at least one reading. ``titles`` has one string a passage,
        empty where there is none.
        """
        if titles is not None and len(titles) != len(passages):
            raise ValueError(f"{len(passages)} passages but {len(titles)} titles")
        found = self._finder.find(question, passages, titles or [""] * len(passages))
        kept = _distinct(found, self._spans)
        kept += _fallbacks(passages, {one.passage for one in kept})
        kept.sort(key=_order)
        return [_reading(one, passages) for one in kept]


def _finder(name: str | None, spans: int) -> Finder:
    # Imported here, so that the one does not cost the other's libraries.
    if name is None:
        from qa.reader.shipped import ShippedFinder

        return ShippedFinder.load(spans=spans)
    from qa.reader.huggingface import HuggingFaceFinder

    return HuggingFaceFinder(name, spans=spans)


def _order(found: Found) -> tuple[float, int, int, int]:
    return (-found.score, found.passage, found.start, found.end)


def _distinct(found: Sequence[Found], most: int) -> list[Found]:
    """Of spans that overlap the better; of each passage at most ``most``."""
    kept: dict[int, list[Found]] = {}
    for one in sorted(found, key=_order):
        mine = kept.setdefault(one.passage, [])
        apart = all(one.end <= other.start or other.end <= one.start for other in mine)
        if apart and len(mine) < most and one.start < one.end:
            mine.append(one)
    return [one for mine in kept.values() for one in mine]


def _fallbacks(passages: Sequence[str], read: set[int]) -> list[Found]:
    """Text in which there is no token, such as control characters, is quoted whole."""
    left = []
    for i, passage in enumerate(passages):
        if i not in read and passage.strip():
            start = len(passage) - len(passage.lstrip())
            left.append(Found(i, start, len(passage.rstrip()), _NOTHING))
    return left


def _reading(found: Found, passages: Sequence[str]) -> Reading:
    text = passages[found.passage][found.start : found.end]
    # 1 / (1 + e^-x), without overflow far below zero.
    answerable = 0.5 * (1.0 + math.tanh(found.score / 2))
    return Reading(text, found.passage, found.start, found.end, found.score, answerable)
