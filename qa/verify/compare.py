"""A claim and a text that may support it -> figures of how they agree, and the probability that it does.

What is compared: meaning (the cosine of their vectors), words, numbers, names, days, what is denied, opposites, the
order of words (who did what to whom), and how strongly it is put. A logistic formula joins the figures; `fit`
gives its weights. Knows nothing of passages, citations or where vectors come from.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import combinations, pairwise

from qa.verify import days as _days
from qa.verify import names as _names
from qa.verify import numbers as _numbers
from qa.verify.words import SMALL, Word, akin, is_denial, opposed, stem, words
from qa.when import Days

FIGURES: dict[str, int] = {
    "one": 0,
    "cosine": 1,
    "part": 1,
    "covered": 1,
    "order": 1,
    "elsewhere": -1,
    "length": -1,
    "number missing": -1,
    "number nowhere": -1,
    "name missing": -1,
    "name nowhere": -1,
    "day missing": -1,
    "day nowhere": -1,
    "denied otherwise": -1,
    "opposite": -1,
    "other measure": -1,
    "turned round": -1,
    "stronger": -1,
    "unhedged": -1,
    "word left": -1,
}
"""What `compare` gives, in order, each -1..1, and whether it speaks for support (1) or against it (-1)."""

WEIGHTS: tuple[float, ...] = (
    -1.274,
    1.057,
    1.61,
    0.657,
    0.493,
    -2.273,
    0.0,
    -0.314,
    -2.5,
    -1.517,
    -2.5,
    -1.073,
    -2.5,
    -1.756,
    -0.229,
    -0.029,
    -2.817,
    -0.167,
    -1.196,
    -1.345,
)
"""One for each of `FIGURES`; `python -m qa.citing tests/data/claims.jsonl corpus` fits them."""

_HEDGES = frozenset(
    "may might could can expect expected likely unlikely probably possibly perhaps plan plans planned hope hopes seek "
    "want wants wanted aim aims intend alleged allegedly reportedly suspected appear appears seem seems about around "
    "some roughly nearly almost partly several few many often usually if should would proposed potential suggest "
    "suggests believe believed think thinks claimed estimated unconfirmed unclear whether not yet promised called "
    "asked vowed urged considered".split()
)
_STRONG = frozenset(
    "all every always only never none everyone everybody nobody entire entirely whole completely fully totally "
    "certain certainly definitely proved proven proof confirmed guarantee guaranteed must biggest largest best worst "
    "first ever most immediately permanently solely exclusively any anyone everything nothing unanimously because "
    "caused will".split()
)
_MEASURES = frozenset(
    stem(word)
    for word in "second minute hour day week fortnight month year decade century percent degree metre kilometre mile "
    "kilogramme tonne gramme litre dollar euro pound yen third quarter half hundred thousand million billion".split()
)
_MOST_WORDS = 40
"""So many words of a claim are looked at for their order."""
_DOUBTFUL = 0.5
"""What the first word of a sentence counts as a name."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A text taken apart."""

    text: str
    words: tuple[Word, ...]
    numbers: tuple[_numbers.Number, ...]
    names: tuple[_names.Name, ...]
    days: tuple[Days, ...]
    vocabulary: frozenset[str]
    stems: frozenset[str]
    small: frozenset[str]
    """The stems of words that are written without a capital."""

    @property
    def matter(self) -> list[Word]:
        """The words that carry matter."""
        return [word for word in self.words if word.matters]


@lru_cache(maxsize=2**13)
def read(text: str, published: date) -> Statement:
    """Takes a text of a day apart."""
    spoken = _days.days(text, published)
    dates = [(one.words.start, one.words.end) for one in spoken]
    own = tuple(words(text))
    return Statement(
        text=text,
        words=own,
        numbers=tuple(_numbers.numbers(text, dates)),
        names=tuple(_names.names(text)),
        days=spoken,
        vocabulary=_names.vocabulary(text),
        stems=frozenset(word.stem for word in own),
        small=frozenset(word.stem for word in own if text[word.start].islower()),
    )


@dataclass(frozen=True, slots=True)
class Likeness:
    """Three cosines.

    Of claim and text; of the claim and the clause of the text that is nearest to it; and the least that a clause of
    the text has with the clause of the claim that is nearest to it.
    """

    whole: float
    part: float
    covered: float


def probability(figures: Sequence[float], weights: Sequence[float] = WEIGHTS) -> float:
    """The logistic formula: 1 / (1 + exp(-weights · figures))."""
    odds = sum(weight * figure for weight, figure in zip(weights, figures, strict=True))
    return 0.5 * (1.0 + math.tanh(odds / 2))


def compare(claim: Statement, text: Statement, passage: Statement, likeness: Likeness) -> tuple[float, ...]:
    """The figures of a claim beside a text, which stands in a passage; as `FIGURES` names them.

    Differences in single words tell most where the rest is the same, so some count by how many words are shared.
    """
    matter = claim.matter
    found = [_places(word, text) for word in matter]
    missing = [word for word, places in zip(matter, found, strict=True) if not places]
    elsewhere = [word for word in missing if any(akin(word.stem, stem) for stem in passage.stems)]
    left = len(missing) / max(1, len(matter))
    near = max(0.0, 1.0 - 2.0 * left)
    shared = [places for places in found if places]
    number_missing, number_nowhere = _numbers_missing(claim, text, passage)
    name_missing, name_nowhere = _names_missing(claim, text, passage)
    day_missing, day_nowhere = _days_missing(claim, text, passage)
    values = {
        "one": 1.0,
        "cosine": likeness.whole,
        "part": likeness.part,
        "covered": likeness.covered,
        "order": _order(shared),
        "elsewhere": len(elsewhere) / max(1, len(matter)),
        "length": min(1.0, len(matter) / 20),
        "number missing": number_missing,
        "number nowhere": number_nowhere,
        "name missing": near * name_missing,
        "name nowhere": name_nowhere,
        "day missing": day_missing,
        "day nowhere": day_nowhere,
        "denied otherwise": (1.0 + near) / 2 * _denied_otherwise(claim, text, matter, found),
        "opposite": near * opposed(set(claim.stems), set(text.stems)),
        "other measure": near
        * bool(claim.stems & _MEASURES - text.stems and text.stems & _MEASURES - claim.stems),
        "turned round": near * _turned_round(shared),
        "stronger": near * min(1.0, len(_these(claim, _STRONG) - _these(text, _STRONG)) / 2),
        "unhedged": near * min(1.0, len(_these(text, _HEDGES) - _these(claim, _HEDGES)) / 2),
        "word left": near * left,
    }
    return tuple(values[name] for name in FIGURES)


def _places(word: Word, text: Statement) -> list[int]:
    return [place for place, other in enumerate(text.words) if akin(word.stem, other.stem)]


def _numbers_missing(claim: Statement, text: Statement, passage: Statement) -> tuple[float, float]:
    here = nowhere = 0
    for number in claim.numbers:
        if not number.required or _numbers.stated(number, text.numbers) or _plainly(number, text):
            continue
        here += 1
        nowhere += not (_numbers.stated(number, passage.numbers) or _plainly(number, passage))
    return float(min(1, here)), float(min(1, nowhere))


def _plainly(number: _numbers.Number, text: Statement) -> bool:
    """Whether a number stands in a text as part of a date or the like."""
    return f"{number.value:g}" in {word.text for word in text.words}


def _names_missing(claim: Statement, text: Statement, passage: Statement) -> tuple[float, float]:
    """The share of names of which the text has no part; of those of which the passage lacks a part."""
    here = nowhere = total = 0.0
    for name in claim.names:
        weight = 1.0 if name.sure else _DOUBTFUL
        if not name.sure and any(akin(stem(name.words[0]), other) for other in passage.small):
            continue  # a common word, with its capital from the start of the sentence
        total += weight
        here += weight * (not any(_names.holds(word, text.vocabulary) for word in name.words))
        known = (word in SMALL or _names.holds(word, passage.vocabulary) for word in name.words)
        nowhere += weight * (not all(known))
    return here / max(1.0, total), min(1.0, nowhere)


def _days_missing(claim: Statement, text: Statement, passage: Statement) -> tuple[float, float]:
    here = [one for one in claim.days if not _days.named(one, text.days)]
    nowhere = [one for one in here if not _days.named(one, passage.days)]
    return float(bool(here)), float(bool(nowhere))


def _denied_otherwise(claim: Statement, text: Statement, matter: list[Word], found: list[list[int]]) -> bool:
    """Whether what one denies the other says: of the words of both, or a denial that the other has not at all."""
    own, other = (sum(is_denial(word) for word in one.words) for one in (claim, text))
    if bool(own) != bool(other):
        return own > 0 or any(
            text.words[place].denied and not word.denied
            for word, places in zip(matter, found, strict=True)
            for place in places[:1]
        )
    return own % 2 != other % 2 and any(
        text.words[place].denied != word.denied
        for word, places in zip(matter, found, strict=True)
        for place in places[:1]
    )


def _order(found: list[list[int]]) -> float:
    """The share of neighbours among the words of both that stand in the same order there."""
    pairs = list(pairwise(found))
    return (
        sum(any(0 < b - a <= 12 for a in one for b in other) for one, other in pairs) / len(pairs)
        if pairs
        else 1.0
    )


def _turned_round(found: list[list[int]]) -> float:
    """The share of the pairs of words of both that stand in the other order there: who did what to whom."""
    pairs = [(one, other) for one, other in combinations(found[:_MOST_WORDS], 2) if not set(one) & set(other)]
    if len(found) < 3 or not pairs:
        return 0.0
    return sum(not any(a < b for a in one for b in other) for one, other in pairs) / len(pairs)


def _these(statement: Statement, listed: frozenset[str]) -> set[str]:
    return {word.text for word in statement.words} & listed
