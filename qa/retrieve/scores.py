"""Scores of two searches and a day of publication -> one score a passage.

Takes what the searches said of the candidates; gives scores from 0 to 1. Knows nothing of where passages are kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from qa.records import Span
from qa.when import days_spoken_of

Key = tuple[str, int]
"""A passage: the hash of its article, and its number there."""

DENSE = 0.65
"""Weight of the vector search in the convex combination of both searches (Bruch, Gai and Ingber, TOIS 2023). Chosen,
as every weight here, on the "tune" halves of the case sets (`qa bench retrieval`)."""

_NAMED = 0.4
"""What an article gains if it was published in the days that the question speaks of."""
_RECENT = 0.2
"""The same for "the latest", and, where no day is spoken of, for the news of the day of asking."""
_LATER = 0.1
"""What an article loses that was published after the question was asked."""
_NEWS = timedelta(days=8)
"""How old the news of a day is at most: a week, and the day on which it was printed."""
_NEXT_DAY = timedelta(days=1)
"""What happens on a day is in the paper of the next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Time:
    """Days whose articles are preferred by `gain`. `spoken`: whether the question speaks of them."""

    first: date
    last: date
    gain: float
    spoken: bool

    def holds(self, published: str | None) -> bool:
        """Whether an ISO 8601 day is among them."""
        return published is not None and self.first.isoformat() <= published[:10] <= self.last.isoformat()


def times_of(question: str, asked: date) -> tuple[list[Time], str]:
    """The times that a question asked on the day `asked` is about, and the question without "this week" and its like.

    Words that name a calendar day or month stay: articles write them, too.
    """
    spoken = days_spoken_of(question, asked)
    if not spoken:
        return [Time(first=_before(asked, _NEWS), last=_after(asked), gain=_RECENT, spoken=False)], question
    times = [
        Time(
            first=days.first,
            last=_after(days.last),
            gain=_RECENT if days.kind == "recent" else _NAMED,
            spoken=True,
        )
        for days in spoken
    ]
    return times, _without(question, [days.words for days in spoken if days.kind != "named"])


def fused(
    similarities: Mapping[Key, float], keyword_scores: Mapping[Key, float], gains: Mapping[Key, float]
) -> dict[Key, float]:
    """The score of each passage that has a similarity, 1 for the best.

    Similarities are scaled so that the candidates reach from 0 to 1, BM25 scores by their highest; a passage
    without one has 0. What is of the time asked about gains.
    """
    if not similarities:
        return {}
    low, high = min(similarities.values()), max(similarities.values())
    most = max(keyword_scores.values(), default=0.0)
    dense = DENSE if most > 0 else 1.0
    scores: dict[Key, float] = {}
    for key, similarity in similarities.items():
        near = (similarity - low) / (high - low) if high > low else 1.0
        shared = keyword_scores.get(key, 0.0) / most if most > 0 else 0.0
        scores[key] = dense * near + (1 - dense) * shared + gains.get(key, 0.0)
    highest = max(1.0, *scores.values())
    return {key: score / highest for key, score in scores.items()}


def later(published: str | None, asked: date) -> float:
    """What an article loses if it was published after the day of asking."""
    return _LATER if published is not None and published[:10] > _after(asked).isoformat() else 0.0


def _without(text: str, spans: Sequence[Span]) -> str:
    for span in reversed(spans):
        text = f"{text[: span.start]} {text[span.end :]}"
    return text


def _before(day: date, by: timedelta) -> date:
    return date.fromordinal(max(day.toordinal() - by.days, 1))


def _after(day: date) -> date:
    return date.fromordinal(min(day.toordinal() + _NEXT_DAY.days, date.max.toordinal()))
