"""What a reader says: spans of passages, as frozen records, and the seam that finds them.

Knows nothing of how a span is found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Reading:
    """A span that may answer: ``text == passages[passage][start:end]``, in code points.

    ``score`` orders readings of one question (log odds that the span answers); ``answerable`` is
    the same as a calibrated probability, 0 to 1.
    """

    text: str
    passage: int
    start: int
    end: int
    score: float
    answerable: float


@dataclass(frozen=True, slots=True)
class Found:
    """A span before it has become a ``Reading``: where it is, and its log odds."""

    passage: int
    start: int
    end: int
    score: float


class Finder(Protocol):
    """Anything that finds spans: the shipped model, or one from Hugging Face."""

    def find(self, question: str, passages: Sequence[str], titles: Sequence[str]) -> list[Found]:
        """The best few spans of each passage, in any order; overlapping ones may be among them."""
        ...
