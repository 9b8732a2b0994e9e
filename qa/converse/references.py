"""A question -> the words in it that point back: "he", "its", "there", "that deal", "which one".

Takes tokens; gives references, in order, without those that point nowhere ("is it true that", "is there"). Knows
nothing of what they point to.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from qa.converse import words as w
from qa.converse.tokens import Token

_POINTING = frozenset("this that these those".split())
_TIMES = frozenset(
    "week month year morning afternoon evening night weekend spring summer autumn fall winter decade century season "
    "monday tuesday wednesday thursday friday saturday sunday january february march april june july august september "
    "october november december moment point day time occasion article page story text document report piece "
    "library collection".split()
)
_EXPLETIVE = re.compile(
    r"\b(?:is|was|will|would|has|could|can|might|isn't) it (?:be |been )?(?:not )?"
    r"(?:(?!\w+ed\b|able|going|due|meant|set)\w+ ){1,3}(?:that|to|for|if|whether)\b"
    r"|\bhow (?:long|much time|many \w+) (?:did|does|will|would) it take(?: to\b|$|\?)"
    r"|\b(?:is|was) it that\b|\bwhat time (?:is|was) it\b"
    r"|\b(?:did|does|will|would) it (?:take|cost)\b.{0,80}\bto\b|\bhow (?:hot|cold|warm|late|dark) \w+ it\b|\bit took\b"
    r"|\bdid it (?:rain|snow)\b|\bhow far is it\b|\bit (?:is|was) (?:\w+ ){1,3}(?:that|to)\b|\bwhat is it like\b",
    re.IGNORECASE,
)
_CLASSES = {
    **dict.fromkeys(w.MALE, "he"),
    **dict.fromkeys(w.FEMALE, "she"),
    **dict.fromkeys(w.PLURAL, "they"),
    **dict.fromkeys(w.THING, "it"),
}
_WHICH_ONE = frozenset("which that this other another first second third last next only same".split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """Words that point back, `question[start:end]`.

    `pronoun` is their class, as `Thing.agrees` takes it; `noun` what a "that deal" is said to be, in small letters;
    `owning` whether it is a "his"; `one` whether it is the "one" of "which one".
    """

    pronoun: str
    start: int
    end: int
    owning: bool = False
    object: bool = False
    noun: str = ""
    one: bool = False


def references(question: str, own: list[Token]) -> list[Reference]:
    """The words of a question that point back."""
    empty = [(match.start(), match.end()) for match in _EXPLETIVE.finditer(question)]
    shouted = question.upper() == question
    found: list[Reference] = []
    for at, token in enumerate(own):
        if not token.is_word or (at and token.is_capital and not shouted and own[at - 1].is_word):
            continue  # "It" amid small letters is a film, "IT" a trade
        if token.text in ("IT", "US") and not shouted:
            continue
        if token.low in _CLASSES and not any(
            start <= token.start < end for start, end in empty if token.low == "it"
        ):
            found.append(_pronoun(own, at))
        elif token.low in _POINTING:
            found += _pointing(own, at)
        elif token.low == "there" and _is_place(own, at):
            found.append(Reference(pronoun="there", start=token.start, end=token.end))
        elif token.low == "then" and _low(own, at - 1) in ("since", "by", "until", "till", "before"):
            found.append(Reference(pronoun="then", start=token.start, end=token.end))
        elif (
            token.low in ("one", "ones")
            and _low(own, at - 1) in _WHICH_ONE
            and _low(own, at + 1) not in ("of", "day")
        ):
            pointing = own[at - 1] if _low(own, at - 1) in ("this", "that") else token
            found.append(Reference(pronoun="it", start=pointing.start, end=token.end, one=pointing is token))
    return found


def _pronoun(own: list[Token], at: int) -> Reference:
    token, following = own[at], _low(own, at + 1)
    owning = token.low in ("his", "its", "their") or (
        token.low == "her" and bool(following) and following[0].isalnum() and following not in w.FUNCTION
    )
    return Reference(
        pronoun=_CLASSES[token.low],
        start=token.start,
        end=token.end,
        owning=owning or token.low in ("hers", "theirs"),
        object=token.low in ("him", "her", "them") and not owning,
    )


def _pointing(own: list[Token], at: int) -> list[Reference]:
    token, before, following = own[at], _low(own, at - 1), _low(own, at + 1)
    plural = token.low in ("these", "those")
    is_word = bool(following) and following[0].isalnum()
    verb = following in w.VERBS and following not in w.NOUNS and before in w.AUXILIARIES  # "how did this end"
    if following in ("one", "ones"):
        return []
    if is_word and following not in w.FUNCTION and not verb:
        if token.low == "that" and at and before not in w.PREPOSITIONS | w.AUXILIARIES | w.VERBS:
            return []  # "the deal that collapsed"
        if following in _TIMES or (
            token.low == "that" and before in ("say", "said", "believe", "think", "claim")
        ):
            return []
        end = at + 1
        while end < len(own) and end - at < 4 and own[end].is_word and own[end].low not in w.FUNCTION:
            if end > at + 1 and (own[end].low in w.VERBS or own[end].low.endswith("ed")):
                break
            end += 1
        noun = own[end - 1].low
        return [
            Reference(
                pronoun="they" if plural else "that", start=token.start, end=own[end - 1].end, noun=noun
            )
        ]
    alone = (
        not is_word
        or verb
        or following in w.ADVERBS
        or following in ("to", "and", "for", "on", "with", "in", "by")
    )
    if (alone and (before or plural)) or following in w.AUXILIARIES or (before in w.BE and at < 3):
        if token.low == "that" and at > 1 and following in w.AUXILIARIES and before not in w.CONNECTIVES:
            return []  # "the company that was sold"
        return [Reference(pronoun="they" if plural else "that", start=token.start, end=token.end)]
    return []


def _is_place(own: list[Token], at: int) -> bool:
    """Not "is there", "there were"."""
    before, following = _low(own, at - 1), _low(own, at + 1)
    if following in w.BE or following in ("'", "’"):
        return False
    exists = before in w.BE | {
        "will",
        "would",
        "can",
        "could",
        "may",
        "might",
        "should",
        "has",
        "have",
        "not",
    }
    return not exists or (at > 1 and not (following and following[0].isalnum()))


def _low(own: list[Token], at: int) -> str:
    return own[at].low if 0 <= at < len(own) else ""
