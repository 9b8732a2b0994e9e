"""A question with words that point back, and the conversation -> the question with what they point to in their place.

Leaves alone the words that point to something in the question itself. Knows nothing of what is not said.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.converse import words as w
from qa.converse.conversation import Conversation
from qa.converse.kinds import kind_of_noun
from qa.converse.mentions import Mention, mentions
from qa.converse.references import Reference, references
from qa.converse.things import Thing, as_thing
from qa.converse.tokens import Token, tokens
from qa.converse.topic import appended, topic_of

_BINDING = 0.25
"""How well a pronoun must go with a name in the question itself to stand for that."""

_FEW_WORDS = 9
"""A question of more words says itself what "that verdict" is."""


def pointed(question: str, conversation: Conversation) -> str | None:
    """The question with what its words point to in their place."""
    own = tokens(question)
    found = references(question, own)
    if not found:
        return None
    named = mentions(question, conversation.known)
    pieces: list[str] = []
    end, used = 0, [thing for one in named if (thing := conversation.same_as(one))]
    done: dict[str, Thing] = {}
    for one in found:
        if one.start < end or _is_bound(one, named, own, conversation):
            continue
        if one.pronoun in done and not one.object:
            continue
        thing = conversation.resolve(one.pronoun, used if one.object or one.noun == "" else ())
        replacement = _in_place(one, question, thing, conversation)
        if replacement is None:
            continue
        if thing is not None:
            used.append(thing)
            done[one.pronoun] = thing
        pieces += [question[end : one.start], replacement]
        end = one.end
    if not pieces:
        topic = topic_of(conversation)
        named_there = {word for one in named for word in one.content}
        if (
            topic
            and not topic.content & named_there
            and not any(_is_bound(one, named, own, conversation) for one in found)
        ):
            return appended(question, topic)
        return None
    whole = "".join([*pieces, question[end:]])
    whole = re.sub(r"(\w)['’]re\b", r"\1 are", whole)
    return whole[:1].upper() + whole[1:] if question[:1].isupper() else whole


def _is_bound(
    one: Reference, named: Sequence[Mention], own: Sequence[Token], conversation: Conversation
) -> bool:
    """Whether the words point to something before them in the question itself: "Did Kim say why he left?"."""
    if one.noun:
        return False
    for mention in named:
        thing = conversation.same_as(mention) or as_thing(mention)
        if mention.start < one.start and thing.agrees(one.pronoun) >= _BINDING:
            return True
    before = [token for token in own if token.end <= one.start and token.is_word]
    if len(before) > 3 and not _opens(before[0]):
        return True  # "Sinner, Wimbledon, who did he beat?"
    if before and before[-1].low in w.AUXILIARIES and not one.owning:
        return False  # "what songs did they sing"
    if before and before[0].low in ("who", "whose") and one.pronoun in ("he", "she", "they"):
        straight = one.object and len(before) == 2  # "who owns her?"
        return len(before) > 1 and before[1].low not in w.AUXILIARIES and not straight
    return any(_may_bind(at, before, one.pronoun) for at in range(len(before)))


def _opens(token: Token) -> bool:
    """Whether a word is one that questions open with."""
    return token.low in w.FUNCTION | w.VERBS | {"tell", "name"}


def _may_bind(at: int, before: Sequence[Token], pronoun: str) -> bool:
    """Whether a word before a pronoun may be a noun that it stands for."""
    low = before[at].low
    if (
        low in w.FUNCTION
        or low in w.VERBS - w.NOUNS
        or low.endswith(("ed", "ly", "ing"))
        or not low.isalpha()
    ):
        return False
    plural = low.endswith("s") and not low.endswith("ss")
    single = low.removesuffix("s") if plural else low
    if pronoun == "they":
        return plural or low in w.GROUPS | {"people", "women", "men", "children"}
    if pronoun in ("he", "she"):
        return single in w.PEOPLE or (
            at > 0 and before[at - 1].low in w.BEFORE_NAMES and low not in w.COMMON and not plural
        )
    if pronoun == "it":
        return single not in w.PEOPLE and low not in w.GENERIC and not plural and at > 1
    return False


def _in_place(one: Reference, question: str, thing: Thing | None, conversation: Conversation) -> str | None:
    """What is put in place of the words that point back; None to leave them."""
    if one.noun:
        return _in_place_of_noun(one, question, conversation)
    if thing is None:
        return None
    if one.one:
        return thing.head if not thing.is_name else None
    text = thing.text
    if one.owning:
        return f"{text}'" if thing.plural and text.endswith("s") else f"{text}'s"
    if one.pronoun == "there":
        before = question[: one.start].split()
        if before and before[-1].lower() in w.PLACING | {"of", "around"}:
            return text
        if before and before[-1].lower() in w.MOVING:
            return f"to {text}"
        usual = "at" if thing.kind == "event" else "in"
        return f"{thing.before if thing.before in ('in', 'on', 'at') else usual} {text}"
    return text


def _in_place_of_noun(one: Reference, question: str, conversation: Conversation) -> str | None:
    """For "that deal": the deal that was spoken of; else the noun, with what it may be about."""
    single = one.noun.removesuffix("s")
    for thing in conversation.things:
        if thing.head.removesuffix("s") == single:
            return thing.text
    kind = kind_of_noun(one.noun)
    fitting = [thing for thing in conversation.things if thing.kind == kind and thing.is_name] if kind else []
    if fitting:
        return fitting[0].text
    recent = max(conversation.things, key=lambda thing: thing.weight, default=None)
    if recent is None or len(question.split()) > _FEW_WORDS:
        return None
    words = question[one.start : one.end].partition(" ")[2]
    return f"the {words} of {recent.text}" if recent.text.casefold() not in question.casefold() else None
