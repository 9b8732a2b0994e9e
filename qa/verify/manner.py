"""A claim and a text -> whether one denies what the other says, and whether the claim takes for done what was hoped.

Goes by lists of words and by how far they reach, in English. Knows nothing of numbers, names or days.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.verify.statement import Statement
from qa.verify.words import is_denial

_UNREAL = frozenset(
    "may might could expected likely probably possibly perhaps plan plans planned hope hopes hoped alleged allegedly "
    "reportedly suspected provisional unconfirmed if would should proposed asked urged called wants want seek seeks "
    "demand demands demanded promised pledged due draft considering threatened invited".split()
)
"""After them something is hoped, planned, asked for or alleged, not done."""

_HEDGES = _UNREAL | frozenset(
    "can expect unlikely wanted aim aims intend appear appears seem seems about around some roughly nearly almost "
    "partly several few many often usually potential suggest suggests believe believed think thinks claimed estimated "
    "unclear whether not yet vowed considered".split()
)
_QUIETLY_DENYING = re.compile(
    r"\b(?:stay\w* away|le(?:ft|av\w+) out|miss(?:ed|es|ing)|absent|skip\w*|no longer|without success)\b",
    re.IGNORECASE,
)
_REACH = 5
"""So many words after a hedge are hedged."""

Places = Sequence[Sequence[int]]
"""For each word of the claim that carries matter where the text has it."""


def denied_otherwise(claim: Statement, text: Statement, found: Places) -> bool:
    """Whether what one denies the other says: of the words of both, or a denial that the other has not at all."""
    own, other = (sum(is_denial(word) for word in one.words) for one in (claim, text))
    if own and _QUIETLY_DENYING.search(text.text):
        return False
    pairs = [
        (claim.words[place].denied, text.words[theirs[0]].denied)
        for place, theirs in zip(claim.matter, found, strict=True)
        if theirs
    ]
    if bool(own) != bool(other):
        return own > 0 or any(there and not here for here, there in pairs)
    return own % 2 != other % 2 and any(here != there for here, there in pairs)


def unhedged(claim: Statement, text: Statement) -> float:
    """How many hedges of the text the claim leaves out, two or more being 1."""
    return min(1.0, len((text.said - claim.said) & _HEDGES) / 2)


def taken_for_done(claim: Statement, text: Statement, found: Places) -> float:
    """How many words of both are hoped, planned or alleged in the text and plain in the claim, two or more being 1."""
    left_out = _UNREAL - claim.said
    count = sum(
        bool(theirs)
        and claim.words[place].text not in _UNREAL
        and not _follows(claim, place, _UNREAL)
        and all(_follows(text, other, left_out) for other in theirs)
        for place, theirs in zip(claim.matter, found, strict=True)
    )
    return min(1.0, count / 2)


def _follows(text: Statement, place: int, hedges: frozenset[str]) -> bool:
    return any(word.text in hedges for word in text.words[max(0, place - _REACH) : place])
