"""A claim, a text, what stands around it -> how far the text lacks the numbers, names and days of the claim.

A name that it lacks may be carried over from the sentence before it, or from the headline, by "he" or "such". What the
whole passage lacks is counted apart. Knows nothing of weights or vectors.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from qa.verify import days as _days
from qa.verify.names import CAPITALS, Name, holds, same
from qa.verify.numbers import Number, stated
from qa.verify.statement import Statement
from qa.verify.words import SMALL, stem

_DOUBTFUL = 0.5
"""What the first word of a sentence counts as a name."""
_PLACE = re.compile(r"\b(?:in|at|to|from|near|into|outside|around|through|for)\s+$", re.IGNORECASE)
_CARRIES = re.compile(
    r"\b(?:he|she|it|they|his|her|its|their|him|them|here|there|such|both|this|these|those)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Around:
    """Where a text stands: the sentence `before` it, the `headline`, and the whole `passage` with its headline."""

    before: Statement
    headline: Statement
    passage: Statement


def numbers_missing(claim: Statement, text: Statement, around: Around) -> tuple[float, float]:
    """Whether the text lacks a number of the claim; whether the passage lacks it, too."""
    here = [one for one in claim.numbers if one.required and not _has(one, text)]
    return float(bool(here)), float(any(not _has(one, around.passage) for one in here))


def _has(number: Number, text: Statement) -> bool:
    """Whether a text states a number, be it as part of a date or the like."""
    return stated(number, text.numbers) is not None or f"{number.value:g}" in text.said


def names_missing(claim: Statement, text: Statement, around: Around) -> tuple[float, float, float]:
    """How far the text lacks names altogether, has them carried over, and how far the passage lacks parts of them."""
    missing = carried = nowhere = 0.0
    carries = _CARRIES.search(text.text) is not None
    for name in named(claim, around.passage):
        weight = 1.0 if name.sure else _DOUBTFUL
        if not has_name(name, text):
            over = carries and (has_name(name, around.before) or has_name(name, around.headline))
            over = over or _stands_for(name, claim, text)
            carried += weight * over
            missing += weight * (not over)
        known = all(word in SMALL or holds(word, around.passage.vocabulary) for word in name.words)
        nowhere += weight * (not known and not _stands_for(name, claim, around.passage))
    return min(1.0, missing), min(1.0, carried), min(1.0, nowhere)


def named(claim: Statement, passage: Statement) -> Iterable[Name]:
    """The names of a claim without common words that have a capital from the start of the sentence."""
    for name in claim.names:
        if name.sure or not any(
            passage.words[place].stem in passage.small for place in passage.places(stem(name.words[0]))
        ):
            yield name


def has_name(name: Name, text: Statement) -> bool:
    """Whether a text has a name or a part of it, though not if it is a part of another's only."""
    alike = [other for other in text.names if any(holds(word, other.words) for word in name.words)]
    if alike:
        return any(same(name, other) for other in alike)
    return any(holds(word, text.vocabulary) for word in name.words)


def _stands_for(name: Name, claim: Statement, text: Statement) -> bool:
    """Whether the text has the capital for the country, or the country for the capital, unless it is a place."""
    return not _PLACE.search(claim.text, 0, name.start) and any(
        holds(CAPITALS[word], text.vocabulary)
        if word in CAPITALS
        else any(other in text.vocabulary for other, country in CAPITALS.items() if country == word)
        for word in name.words
    )


def days_missing(claim: Statement, text: Statement, around: Around) -> tuple[float, float]:
    """Whether the text lacks a day of the claim; whether the passage lacks it, too."""
    here = [one for one in claim.days if not _days.named(one, text.days)]
    nowhere = [one for one in here if not _days.named(one, around.passage.days)]
    return float(bool(here)), float(bool(nowhere))
