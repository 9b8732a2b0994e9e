"""Text, day, language -> the text taken apart: its words, numbers, names and days, with their places.

What is compared later is looked up here: where the words of a family stand. Knows nothing of claims or passages.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache

from qa.verify import days as _days
from qa.verify import names as _names
from qa.verify import numbers as _numbers
from qa.verify.words import Word, akin, words
from qa.when import Days

_ALIKE = 5
"""Stems of one family have so many letters in common, or are the same."""
_WITH_NOUNS_LIKE_NAMES = ("de", "lb")


@dataclass(frozen=True)
class Statement:
    """A text taken apart. A place counts words."""

    text: str
    words: tuple[Word, ...]
    numbers: tuple[_numbers.Number, ...]
    names: tuple[_names.Name, ...]
    days: tuple[Days, ...]
    vocabulary: frozenset[str]

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of all words."""
        return frozenset(word.stem for word in self.words)

    @cached_property
    def small(self) -> frozenset[str]:
        """The stems of words that are written without a capital."""
        return frozenset(word.stem for word in self.words if self.text[word.start].islower())

    @cached_property
    def said(self) -> frozenset[str]:
        """All words as they are spelt, in small letters."""
        return frozenset(word.text for word in self.words)

    @cached_property
    def matter(self) -> tuple[int, ...]:
        """The places of words that carry matter."""
        return tuple(place for place, word in enumerate(self.words) if word.matters)

    @cached_property
    def _families(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for place, word in enumerate(self.words):
            found.setdefault(word.stem[:_ALIKE], []).append(place)
        return found

    def places(self, stem: str) -> list[int]:
        """Where the words of a stem's family stand."""
        near = self._families.get(stem[:_ALIKE], ())
        return [place for place in near if akin(stem, self.words[place].stem)]

    def place(self, start: int) -> int:
        """The place of the word at an offset, or of the next one."""
        return next((place for place, word in enumerate(self.words) if word.end > start), len(self.words))


@lru_cache(maxsize=2**13)
def read(text: str, published: date, language: str | None = None) -> Statement:
    """Takes a text of a day apart. Where nouns have capitals, no word is taken for a name by its own."""
    spoken = _days.days(text, published)
    dates = [(one.words.start, one.words.end) for one in spoken]
    return Statement(
        text=text,
        words=tuple(words(text)),
        numbers=tuple(_numbers.numbers(text, dates)),
        names=() if language in _WITH_NOUNS_LIKE_NAMES else tuple(_names.names(text)),
        days=spoken,
        vocabulary=_names.vocabulary(text),
    )
