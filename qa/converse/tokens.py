"""Text -> its words and marks, with their places. Knows nothing of what they mean."""

from __future__ import annotations

import re
from dataclasses import dataclass

_TOKEN = re.compile(r"\w[\w.]{0,30}\.(?=\w)\w+|\w+(?:[-–&/]\w+)*|[^\w\s]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A word or a mark at `start` to `end` of its text; `low` is the word in small letters."""

    text: str
    low: str
    start: int
    end: int

    @property
    def is_word(self) -> bool:
        """Whether it is no mark."""
        return self.text[0].isalnum()

    @property
    def is_capital(self) -> bool:
        """Whether it is written with a capital."""
        return self.text[0].isupper()


def tokens(text: str) -> list[Token]:
    """The words and marks of a text. "Kim's" is "Kim", "'" and "s"."""
    return [
        Token(text=match[0], low=match[0].casefold(), start=match.start(), end=match.end())
        for match in _TOKEN.finditer(text)
    ]
