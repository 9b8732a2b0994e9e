"""Hits -> the same hits in the order in which a reader, having read them, would put them.

Takes a reader by its protocol. Knows nothing of how hits were found, or of answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from qa.records import Hit

READ = 10
"""How many of the first hits are read."""

_WEIGHT = 6.0
"""Log odds between the best hit and one with a score of 0; chosen on the "tune" halves of the case sets."""


class Reading(Protocol):
    """A span of a passage that may answer."""

    @property
    def passage(self) -> int:
        """Which of the passages."""

    @property
    def score(self) -> float:
        """The log odds that it answers."""


class Reader(Protocol):
    """Points at spans."""

    def read(
        self, question: str, passages: Sequence[str], titles: Sequence[str] | None = None
    ) -> Sequence[Reading]:
        """The best spans of each passage, best first."""


def reranked(question: str, hits: Sequence[Hit], reader: Reader) -> list[Hit]:
    """The first `READ` hits by their score and the log odds of the best span in each; the others stay behind them.

    The n-th has the n-th score of the search; `why.reader` says what the reader found.
    """
    first, rest = list(hits[:READ]), list(hits[READ:])
    if not first:
        return rest
    odds: dict[int, float] = {}
    for reading in reader.read(question, [hit.text for hit in first], [hit.title for hit in first]):
        odds[reading.passage] = max(odds.get(reading.passage, reading.score), reading.score)
    least = min(odds.values(), default=0.0)
    read = [(hit, odds.get(number, least)) for number, hit in enumerate(first)]
    read.sort(key=lambda pair: -(pair[1] + _WEIGHT * pair[0].score))
    return [
        replace(hit, score=place.score, why=replace(hit.why, reader=said) if hit.why else None)
        for (hit, said), place in zip(read, first, strict=True)
    ] + rest
