"""A claim and a text that may support it -> figures of how they agree, and the probability that it does.

What is compared: meaning (cosines of vectors), words and their order, numbers, names and days, whether they are said of
the same thing, what is denied, opposites, and how surely it is put. A logistic formula joins the figures; `fit` gives
its weights. Knows nothing of hits, citations or where vectors come from.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from qa.verify.facts import Around, days_missing, names_missing, numbers_missing
from qa.verify.manner import Places, denied_otherwise, taken_for_done, unhedged
from qa.verify.roles import (
    day_of_another,
    exchanged,
    name_of_another,
    number_of_another,
    other_unit,
    turned_about,
)
from qa.verify.statement import Statement
from qa.verify.words import opposed

FIGURES: dict[str, int] = {
    "one": 0,
    "cosine": 1,
    "part": 1,
    "covered": 1,
    "unlike": -1,
    "elsewhere": -1,
    "length": -1,
    "strange": -1,
    "left": -1,
    "number missing": -1,
    "number nowhere": -1,
    "number of another": -1,
    "other unit": -1,
    "name missing": -1,
    "name carried": -1,
    "name nowhere": -1,
    "name of another": -1,
    "day missing": -1,
    "day nowhere": -1,
    "day of another": -1,
    "exchanged": -1,
    "turned about": -1,
    "denied otherwise": -1,
    "opposite": -1,
    "unhedged": -1,
    "taken for done": -1,
}
"""What `compare` gives, in order, each -1..1, and whether it speaks for support (1) or against it (-1)."""

WEIGHTS: tuple[float, ...] = (
    1.932,
    0.574,
    0.954,
    0.097,
    -6.0,
    -2.601,
    -0.418,
    -3.608,
    -3.0,
    -1.0,
    -1.5,
    -3.5,
    -4.0,
    -1.75,
    -0.4,
    -1.0,
    -3.0,
    -1.0,
    -1.5,
    -2.172,
    -4.0,
    -3.8,
    -3.8,
    -4.0,
    -0.986,
    -3.5,
)
"""One for each of `FIGURES`; `python -m qa.citing tests/data/claims.jsonl corpus` fits them."""


_ALIKE = 0.5
"""Cosine from which a claim and a text may be about the same: of the supported pairs hardly any has less, while two
texts that share a number or a word by chance have 0.3."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """Cosines.

    `whole`: of claim and text. `part`: of the claim and the clause of the text that is nearest to it. `covered`: the
    least that a clause of the text has with the clause of the claim that is nearest to it. `words`: of each word of the
    claim that carries matter and the word of the text that is nearest to it.
    """

    whole: float
    part: float
    covered: float
    words: tuple[float, ...]


def probability(figures: Sequence[float]) -> float:
    """The logistic formula: 1 / (1 + exp(-WEIGHTS · figures))."""
    odds = sum(weight * figure for weight, figure in zip(WEIGHTS, figures, strict=True))
    return 0.5 * (1.0 + math.tanh(odds / 2))


def compare(claim: Statement, text: Statement, around: Around, likeness: Likeness) -> tuple[float, ...]:
    """The figures of a claim beside a text and what stands around that; as `FIGURES` names them.

    Differences in single words tell most where the rest is the same, so some count by how many words are shared.
    """
    stems = [claim.words[place].stem for place in claim.matter]
    found = [text.places(stem) for stem in stems]
    missing = [stem for stem, places in zip(stems, found, strict=True) if not places]
    count = max(1, len(stems))
    near = max(0.0, 1.0 - 2.0 * len(missing) / count)
    number_missing, number_nowhere = numbers_missing(claim, text, around)
    name_missing, name_carried, name_nowhere = names_missing(claim, text, around)
    day_missing, day_nowhere = days_missing(claim, text, around)
    values: dict[str, float] = {
        "one": 1.0,
        "cosine": likeness.whole,
        "part": likeness.part,
        "covered": likeness.covered,
        "unlike": max(0.0, 1.0 - max(likeness.whole, likeness.part) / _ALIKE),
        "elsewhere": sum(bool(around.passage.places(stem)) for stem in missing) / count,
        "length": min(1.0, count / 20),
        "strange": near * _strangeness(found, likeness.words),
        "left": _left(found, likeness.words),
        "number missing": number_missing,
        "number nowhere": number_nowhere,
        "number of another": number_of_another(claim, text),
        "other unit": other_unit(claim, text),
        "name missing": name_missing,
        "name carried": name_carried,
        "name nowhere": name_nowhere,
        "name of another": name_of_another(claim, text, around.passage),
        "day missing": day_missing,
        "day nowhere": day_nowhere,
        "day of another": day_of_another(claim, text),
        "exchanged": exchanged(claim, text),
        "turned about": turned_about(claim, text),
        "denied otherwise": (1.0 + near) / 2 * denied_otherwise(claim, text, found),
        "opposite": (1.0 + near) / 2 * opposed(set(claim.stems), set(text.stems)),
        "unhedged": near * unhedged(claim, text),
        "taken for done": (1.0 + near) / 2 * taken_for_done(claim, text, found),
    }
    return tuple(float(values[name]) for name in FIGURES)


def _strangeness(found: Places, cosines: Sequence[float]) -> float:
    """How far the word of the claim that is least like any word of the text is from it."""
    alike = (1.0 if places else max(0.0, one) for places, one in zip(found, cosines, strict=True))
    return 1.0 - min(alike, default=1.0)


def _left(found: Places, cosines: Sequence[float]) -> float:
    """The share of the words of the claim that are like none of the text, each as far as it is not."""
    left = [0.0 if places else 1.0 - max(0.0, one) for places, one in zip(found, cosines, strict=True)]
    return sum(left) / max(1, len(left))
