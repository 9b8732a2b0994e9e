"""A claim and a text -> what the claim says of one thing and the text of another.

"52 percent in Scotland" is not stated by "52 percent voted to leave; in Scotland 62 percent did": the words around a
number tell what it counts, those around a name what its bearer did, those around a day what happened then. Who
did it to whom shows in the order of the words, and in "by".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import combinations

from qa.verify import days as _days
from qa.verify.facts import has_name, named
from qa.verify.names import Name, same
from qa.verify.numbers import Number, stated
from qa.verify.statement import Statement
from qa.verify.words import stem

_REACH = 6
"""So many words of the claim to either side count, and so many more of the text."""
_FURTHER = 10
_FOLLOWS = 2.0
"""The thing that is counted, and what a name did, follow: those words weigh so much more."""
_SLIGHTLY = 0.1
"""What suits another so little better may be chance; above that it counts so many times."""
_STEEP = 2.5
_PASSIVE = re.compile(r"\b(?:was|were|been|being|is|are|be)\b[^,.;]{1,50}?\bby\b", re.IGNORECASE)
_INFLECTED = re.compile(
    r"\w+(?:ed|s|ing)|beat|led|met|won|lost|told|gave|sent|took|shot|paid|sold|bought|left|saw"
)
_BEFORE_NOUNS = frozenset(
    "a an the of to in on at for with his her its their this that these those no two".split()
)
_UNITS = {
    stem(unit): kind
    for kind, units in enumerate(
        ("second minute hour day week fortnight month year decade century", "metre kilometre mile foot inch",
         "gramme kilogramme tonne pound", "dollar euro pound yen crown rouble yuan", "hundred thousand million billion")
    )
    for unit in units.split()
}  # fmt: skip
_AMOUNT = re.compile(
    r"\b(?:few|several|some|couple of|hundreds of|thousands of|dozens of|tens of|many)\s+(\w+)", re.IGNORECASE
)

Context = Sequence[tuple[str, float]]


def number_of_another(claim: Statement, text: Statement) -> float:
    """How much better the words around a number of the claim suit another number of the text than its own, 0..1."""
    worst = 0.0
    for number in claim.numbers:
        if number.required:
            own = [other for other in text.numbers if stated(number, [other])]
            others = [other for other in text.numbers if other not in own and other.required]
            context = _context(claim, number.start, number.end)
            better = _better(context, text, (one.start for one in own), (one.start for one in others))
            thing, counted = _counts(number, claim), [_counts(one, text) for one in own]
            if all(counted) and counted and not thing & set().union(*counted):
                better = max(better, float(any(thing & _counts(one, text) for one in others)))
            worst = max(worst, better)
    return worst


def _counts(number: Number, text: Statement) -> set[str]:
    """The stem of what a number counts: of the next word, or the one after that."""
    last = text.place(number.end - 1)
    return {text.words[place].stem for place in text.matter if last < place <= last + 2}


def day_of_another(claim: Statement, text: Statement) -> float:
    """The same of days."""
    worst = 0.0
    for day in claim.days:
        own = [other for other in text.days if _days.named(day, [other])]
        others = [other for other in text.days if other not in own and not _days.named(other, [day])]
        context = _context(claim, day.words.start, day.words.end)
        worst = max(
            worst,
            _better(context, text, (one.words.start for one in own), (one.words.start for one in others)),
        )
    return worst


def name_of_another(claim: Statement, text: Statement, passage: Statement) -> float:
    """The same of names."""
    worst = 0.0
    for name in named(claim, passage):
        own = [one.start for one in text.names if same(one, name)]
        others = [one.start for one in text.names if not any(same(one, mine) for mine in claim.names)]
        if name.sure and (own or not has_name(name, text)):
            worst = max(worst, _better(_context(claim, name.start, name.end), text, own, others))
    return worst


def exchanged(claim: Statement, text: Statement) -> float:
    """How many of the pairs of names of both are turned round there, in the same voice: 1 if it is half of them."""
    found = [(name, [other for other in text.names if same(name, other)]) for name in claim.names]
    turned = pairs = 0
    for (one, theirs), (other, others) in combinations(found, 2):
        if not theirs or not others or same(one, other):
            continue
        between = _between(claim, one, other)
        matched = max(
            ((a, b) for a in theirs for b in others if a != b),
            key=lambda pair: (len(between & _between(text, *pair)), -abs(pair[0].start - pair[1].start)),
            default=None,
        )
        if matched:
            pairs += 1
            crossed = matched[0].start > matched[1].start
            turned += crossed == (_voice(claim, one, other) == _voice(text, *matched))
    return min(1.0, 2 * turned / pairs) if pairs else 0.0


def _between(text: Statement, one: Name, other: Name) -> set[str]:
    """The stems of the words that carry matter between two names, whichever is first."""
    start, end = min(one.end, other.end), max(one.start, other.start)
    return {text.words[place].stem for place in text.matter if start <= text.words[place].start < end}


def turned_about(claim: Statement, text: Statement) -> float:
    """Whether what stands before a verb stands after it there and the other way round, in the same voice."""
    places = [(place, text.places(claim.words[place].stem)) for place in claim.matter]
    for number, (place, theirs) in enumerate(places):
        if not theirs or not _verb(claim, place):
            continue
        before = [found for at, found in places[:number] if found and place - at <= _REACH]
        after = [found for at, found in places[number + 1 :] if found and at - place <= _REACH]
        if not before or not after:
            continue
        for verb in theirs:
            crossed = min(before[-1]) > verb > max(after[0])
            if crossed and _verb(text, verb) and _passive(claim, place) == _passive(text, verb):
                return 1.0
    return 0.0


def _verb(text: Statement, place: int) -> bool:
    word = text.words[place]
    return (
        text.text[word.start].islower()
        and _INFLECTED.fullmatch(word.text) is not None
        and (place == 0 or text.words[place - 1].text not in _BEFORE_NOUNS)
    )


def _passive(text: Statement, place: int) -> bool:
    before = {word.text for word in text.words[max(0, place - 3) : place]}
    after = {word.text for word in text.words[place + 1 : place + 5]}
    return bool(before & {"was", "were", "been", "being", "is", "are", "be"}) or "by" in after


def _voice(text: Statement, one: Name, other: Name) -> bool:
    return _PASSIVE.search(text.text, min(one.end, other.end), max(one.start, other.start)) is not None


def other_unit(claim: Statement, text: Statement) -> float:
    """Whether a number or a "few" of the claim counts minutes and the same one there counts hours."""
    own, theirs = set(_counted(claim)), set(_counted(text))
    return float(
        any(
            (amount, unit) not in theirs
            and any(
                amount == same_ and unit != other and _UNITS[unit] == _UNITS[other] for same_, other in theirs
            )
            for amount, unit in own
        )
    )


def _counted(text: Statement) -> Iterable[tuple[object, str]]:
    for number in text.numbers:
        place = text.place(number.end)
        if place < len(text.words) and text.words[place].stem in _UNITS:
            yield number.value, text.words[place].stem
    for match in _AMOUNT.finditer(text.text):
        if stem(match[1].lower()) in _UNITS:
            yield match[0].split()[0].lower(), stem(match[1].lower())


def _better(context: Context, text: Statement, own: Iterable[int], others: Iterable[int]) -> float:
    fits = max((_fit(context, text, text.place(start)) for start in own), default=0.0)
    better = max((_fit(context, text, text.place(start)) - fits for start in others), default=0.0)
    return min(1.0, _STEEP * max(0.0, better - _SLIGHTLY))


def _context(claim: Statement, start: int, end: int) -> Context:
    """The stems of the words around some, the nearer the weightier."""
    first, last = claim.place(start), claim.place(end - 1)
    return [
        (claim.words[place].stem, 1.0 / (first - place) if place < first else _FOLLOWS / (place - last))
        for place in claim.matter
        if first - _REACH <= place < first or last < place <= last + _REACH
    ]


def _fit(context: Context, text: Statement, at: int) -> float:
    """The share of the words of a context, by weight, that stand near a place in a text, the nearer the better."""
    total = sum(weight for _, weight in context)
    near = 0.0
    for one, weight in context:
        away = min((abs(place - at) for place in text.places(one)), default=_FURTHER)
        near += weight * max(0.0, 1.0 - away / _FURTHER)
    return near / total if total else 0.0
