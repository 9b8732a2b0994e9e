"""A thing that a conversation speaks of, how well each pronoun goes with it, and whether a mention names it again.

Knows nothing of turns and of how present a thing is.
"""

from __future__ import annotations

from dataclasses import dataclass

from qa.converse import words as w
from qa.converse.kinds import Kind
from qa.converse.mentions import Mention

_AGREEMENT: dict[str, dict[Kind, float]] = {
    "he": {"person": 1.0, "name": 0.5},
    "she": {"person": 1.0, "name": 0.5, "thing": 0.08},  # a ship
    "it": {"thing": 0.8, "event": 0.9, "place": 0.6, "group": 0.7, "name": 0.7},
    "they": {"group": 0.9, "name": 0.55, "person": 0.3, "place": 0.5},
    "there": {"place": 1.0, "event": 0.8, "group": 0.3},
    "that": {"event": 1.0},
    "then": {"time": 1.0},
}


@dataclass(slots=True, kw_only=True)
class Thing:
    """What the conversation speaks of, by its fullest words, and how present it is."""

    text: str
    kind: Kind
    head: str
    content: frozenset[str]
    weight: float
    plural: bool = False
    gender: str | None = None
    before: str = ""
    is_name: bool = True

    def agrees(self, pronoun: str) -> float:
        """How well a pronoun of the class "he", "she", "it", "they", "there", "that" or "then" goes with it, 0 to 1."""
        agreement = _AGREEMENT[pronoun].get(self.kind, 0.0)
        if pronoun in ("he", "she"):
            fits = self.gender in (None, pronoun) and not self.plural
            return agreement * self._is_like_a_person() if fits else 0.0
        if pronoun == "they" and self.gender:
            return 1.0 if self.plural else 0.15
        if pronoun == "they":
            return 1.0 if self.plural and self.kind != "time" else agreement
        if pronoun == "there" and self.kind == "name" and self.before in w.PLACING:
            return 0.5
        return agreement * (0.3 if self.plural and pronoun == "it" else 1.0)

    def _is_like_a_person(self) -> float:
        if self.gender or self.kind == "person":
            return 1.0 if self.gender else 0.8
        if not all(word.isalpha() for word in self.content) or self.text.isupper():
            return 0.3
        return {1: 0.6, 2: 1.0, 3: 0.9}.get(len(self.text.split()), 0.4)


def is_other(mention: Mention) -> bool:
    """Whether a mention says that it is of something else: "the other summit"."""
    return mention.text.lower().startswith(("the other ", "another "))


def is_same(thing: Thing, mention: Mention) -> bool:
    """Whether a mention names the thing by the same words, by some of them, or by more."""
    if thing.text.casefold() == mention.text.casefold():
        return True
    if is_other(mention):
        return False
    if not thing.content or not mention.content or thing.is_name != mention.is_name:
        return False
    if " and " in thing.text or " and " in mention.text:
        return thing.content == mention.content
    small, large = sorted((thing.content, mention.content), key=len)
    if not small <= large:
        return False
    if not thing.is_name:
        return thing.head == mention.head
    kinds = {thing.kind, mention.kind} - {"name"}
    return len(kinds) < 2


def as_thing(mention: Mention) -> Thing:
    """A mention by itself."""
    return Thing(
        text=mention.text,
        kind=mention.kind,
        head=mention.head,
        content=mention.content,
        weight=1.0,
        plural=mention.plural,
        gender=mention.gender,
        before=mention.before,
        is_name=mention.is_name,
    )
