"""Text -> the numbers that it states, in figures or words, and whether another text states them too.

"2,000", "two thousand" and "2 thousand" are one number, "1.5m" is 1,500,000, "40%" is 40, "a dozen" 12. Figures are
read as English writes them, the words are English. Knows nothing of dates: what is one is told by the caller.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_SMALL = {
    **{word: float(value) for value, word in enumerate(_UNITS)},
    **{word: float(value) for value, word in zip(range(20, 100, 10), _TENS, strict=True)},
}
_LARGE = {"hundred": 1e2, "dozen": 12.0, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
_SHORT = {"k": 1e3, "m": 1e6, "mn": 1e6, "bn": 1e9, "b": 1e9, "tn": 1e12}
_OTHERS = {
    "half": 0.5,
    "both": 2.0,
    "twice": 2.0,
    "double": 2.0,
    "triple": 3.0,
    "couple": 2.0,
    "pair": 2.0,
    "quarter": 0.25,
}
_ORDINALS = {
    word: float(value)
    for value, word in enumerate(
        "third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth".split(),
        3,
    )
}
_TOKEN = re.compile(
    r"(?<![\w.])(?P<sign>[-−](?=\d))?(?P<figure>\d{1,3}(?:[,  ’']\d{3})+(?!\d)(?:\.\d+)?|\d{1,40}(?:\.\d{1,20})?)"
    r"(?:(?P<short>k|mn|m|bn|b|tn)(?![\w]))?(?P<ordinal>st|nd|rd|th)?"
    r"|(?P<word>[A-Za-z]{3,12})(?![A-Za-z])"
)
_FILLING = re.compile(r"(?:[ \t\n -]|\band\b){0,12}")
_NEAR = re.compile(r"\b(?:about|around|some|nearly|almost|roughly|approximately|close to|an estimated|up to|under|"
                   r"over|more than|at least|less than|fewer than|just|well over|exceed\w*|above|below|or so)\s+"
                   r"(?:[$€£¥]|US\$|a\s|an\s)?\s?$", re.IGNORECASE)  # fmt: skip
_ROUND = 0.12
"""How far "about", "nearly" or "more than" may be off, as a share."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number where it stands, `text[start:end]`; `rounded` says whether words like "about" stand before it."""

    value: float
    start: int
    end: int
    rounded: bool = False
    required: bool = True
    """Whether a claim with it needs it: a bare "one" or "both" may be no number at all."""


def numbers(text: str, dates: Sequence[tuple[int, int]] = ()) -> list[Number]:
    """The numbers of a text in order, without those that lie within `dates`.

    >>> [one.value for one in numbers("Two thousand and five of 1.4 million left in 3,000 cars: twenty-one a day.")]
    [2005.0, 1400000.0, 3000.0, 21.0]
    """
    found: list[Number] = []
    total = group = 0.0
    start = end = -1
    sure = False

    def close() -> None:
        nonlocal total, group, start, sure
        if start >= 0 and not any(first <= start < last for first, last in dates):
            rounded = _NEAR.search(text, max(0, start - 30), start) is not None
            found.append(Number(total + group, start, end, rounded, sure))
        total, group, start, sure = 0.0, 0.0, -1, False

    for match in _TOKEN.finditer(text):
        word = (match["word"] or "").casefold()
        plural = word.removesuffix("s") if word.removesuffix("s") in _LARGE else word
        joined = start >= 0 and _FILLING.fullmatch(text, end, match.start()) is not None
        if match["figure"]:
            close()
            value = float(re.sub(r"[,  ’']", "", match["figure"])) * _SHORT.get(match["short"] or "", 1.0)
            group, start, sure = (-value if match["sign"] else value), match.start(), True
        elif word in _SMALL:
            if not joined or not _takes(group, _SMALL[word], total):
                close()
            if start < 0:
                start = match.start()
            group += _SMALL[word]
            sure = sure or word not in ("one", "zero")
        elif plural in _LARGE:
            if not joined:
                close()
                start = match.start()
            sure = sure or plural == word
            size = _LARGE[plural]
            if size < 1e3:
                group = (group or 1.0) * size
            else:
                total, group = total + (group or 1.0) * size, 0.0
        elif word in _OTHERS or word in _ORDINALS:
            close()
            group, start, end = _OTHERS.get(word, _ORDINALS.get(word, 0.0)), match.start(), match.end()
            close()
            continue
        else:
            if word != "and":
                close()
            continue
        end = match.end()
    close()
    return found


def stated(number: Number, others: Sequence[Number]) -> Number | None:
    """The one among the `others` that states a number, or None. A rounded one may be off by some.

    >>> about, exact = numbers("about 1.4 million")[0], numbers("1,389,000 people")[0]
    >>> stated(about, [exact]) == exact, stated(exact, [about]) is None
    (True, True)
    """
    same = [other for other in others if abs(other.value - number.value) <= 1e-9 * abs(number.value)]
    if same or not number.rounded:
        return same[0] if same else None
    near = [other for other in others if abs(other.value - number.value) <= _ROUND * abs(number.value)]
    return near[0] if near else None


def _takes(group: float, value: float, total: float) -> bool:
    """Whether a number so far goes on with a small one: "twenty" with "one", "two hundred" with "ten"."""
    if group == 0:
        return total > 0
    return (group % 100 == 0 and value < 100) or (group % 10 == 0 and group % 100 >= 20 and 0 < value < 10)
