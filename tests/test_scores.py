"""What two searches and the day of publication make of a passage's score."""

from __future__ import annotations

from datetime import date

import pytest

from qa.retrieve.scores import DENSE, fused, later, times_of

A, B, C = ("a", 0), ("b", 0), ("c", 3)
FRIDAY = date(2025, 11, 7)
Key = tuple[str, int]


def order(
    similarities: dict[Key, float], words: dict[Key, float], days: dict[Key, str | None], question: str
) -> list[Key]:
    times, _ = times_of(question, FRIDAY)
    gains = {key: time.gain for time in times for key, day in days.items() if time.holds(day)}
    scores = fused(similarities, words, gains)
    assert max(scores.values()) == 1.0
    return sorted(scores, key=lambda key: -scores[key])


def test_the_best_in_both_searches_has_all() -> None:
    scores = fused({A: 0.8, B: 0.6, C: 0.4}, {A: 9.0, C: 3.0}, {})
    assert scores == {A: 1.0, B: pytest.approx(DENSE / 2), C: pytest.approx((1 - DENSE) / 3)}


def test_without_a_shared_word_the_vectors_decide_alone() -> None:
    assert fused({A: 0.8, B: 0.6, C: 0.4}, {}, {}) == {A: 1.0, B: pytest.approx(0.5), C: 0.0}


def test_one_candidate_and_none() -> None:
    assert fused({A: 0.1}, {}, {}) == {A: 1.0}
    assert fused({}, {}, {}) == {}


def test_an_article_of_the_days_asked_about_passes_a_somewhat_nearer_one() -> None:
    similarities = {A: 0.8, B: 0.7, C: 0.4}
    days: dict[Key, str | None] = {A: "2025-01-10", B: "2025-11-04T10:00:00+01:00", C: None}
    assert order(similarities, {}, days, "who resigned this week?") == [B, A, C]
    assert order(similarities, {}, days, "who resigned in January 2025?") == [A, B, C]


def test_but_does_not_hide_what_is_far_nearer() -> None:
    days: dict[Key, str | None] = {A: "2025-01-10", B: "2025-11-04", C: None}
    assert order({A: 0.8, B: 0.5, C: 0.4}, {A: 5.0}, days, "who resigned this week?") == [A, B, C]


@pytest.mark.parametrize(
    ("published", "loss"),
    [(None, 0.0), ("2025-11-07", 0.0), ("2025-11-08T23:59", 0.0), ("2025-11-09", 0.1), ("2026-05-01", 0.1)],
)
def test_what_was_published_later_loses(published: str | None, loss: float) -> None:
    assert later(published, FRIDAY) == loss


@pytest.mark.parametrize(
    ("question", "first", "last", "without"),
    [
        ("who resigned this week?", "2025-11-01", "2025-11-08", "who resigned  ?"),
        ("who resigned in May 2024?", "2024-05-01", "2024-06-01", "who resigned in May 2024?"),
        ("who resigned?", "2025-10-30", "2025-11-08", "who resigned?"),
    ],
)
def test_the_time_of_a_question(question: str, first: str, last: str, without: str) -> None:
    (time,), timeless = times_of(question, FRIDAY)
    assert (time.first.isoformat(), time.last.isoformat(), timeless) == (first, last, without)
    assert time.spoken == (question != "who resigned?")


@pytest.mark.parametrize("day", [date.min, date.max])
def test_the_first_and_the_last_day_there_is(day: date) -> None:
    (time,), _ = times_of("who resigned?", day)
    assert time.first <= day <= time.last
    assert later("2025-01-01", day) in (0.0, 0.1)
