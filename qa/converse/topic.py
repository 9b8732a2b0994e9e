"""A question that says less than it asks, "how many died?", and the conversation -> the question with its topic.

Also nouns that were spoken of in full words before: "the summit" is the summit between Kim and Putin. Knows nothing of
pronouns.
"""

from __future__ import annotations

from collections.abc import Sequence

from qa.converse import words as w
from qa.converse.conversation import Conversation
from qa.converse.mentions import Mention, mentions
from qa.converse.things import Thing
from qa.converse.tokens import tokens

_VAGUE = w.GENERIC | w.VERBS | w.PEOPLE | w.GROUPS | w.RELATED


def named_in_full(question: str, conversation: Conversation) -> str | None:
    """The question with a noun that was spoken of in its full words: "the summit", "the city"."""
    named = mentions(question, conversation.known)
    if any(one.is_name and one.kind != "time" for one in named):
        return None
    for one in named:
        following = question[one.end :].split(maxsplit=1)
        if one.is_name or len(one.content) != 1 or following[:1] in (["that"], ["which"], ["who"], ["whose"]):
            continue
        fuller = conversation.same_as(one)
        if fuller is not None and len(fuller.content) > 1 - (fuller.is_name):
            return _put(question, one, fuller.text)
    return None


def about_topic(question: str, conversation: Conversation, *, bare: bool = True) -> str | None:
    """The question with the topic of the conversation, where it is about nothing in particular itself."""
    own = tokens(question)
    named = mentions(question, conversation.known)
    low = [token.low for token in own if token.is_word]
    content = [
        word for word in low if word not in w.FUNCTION and not word.isdecimal() and word not in w.MONTHS
    ]
    names = {word for one in named if one.is_name and one.kind != "time" for word in one.content}
    goes_on = low[:1] in (["and"], ["but"], ["so"])
    if not low or len(low) > 14 or (names and not goes_on):
        return None
    content = [word for word in content if word not in names]
    vague = _VAGUE | w.EVENTS if goes_on or len(low) <= 6 else _VAGUE
    if any(word in ("that", "which", "who", "whose") for word in low[3:]):
        return None  # "the company that was sold" says which
    if low[0] not in w.WH | w.AUXILIARIES | w.PREPOSITIONS | w.CONNECTIVES | {"any"}:
        return None
    spoken = {word for thing in conversation.things for word in thing.content}
    defines = len(low) > 1 and low[0] in ("what", "who") and low[1] in w.BE  # "what are hagiographies?"
    bare = bare and len(content) == 1 and len(low) <= 4 and not defines
    if not content or (not bare and not all(word in vague or word in spoken for word in content)):
        return None
    if all(word in spoken and word not in _VAGUE for word in content):
        return None  # "what is an amplifier?"
    topic = topic_of(conversation, without=[one.kind for one in named if one.is_name])
    if topic is None or topic.content & set(low):
        return None
    return appended(question, topic)


def appended(question: str, topic: Thing) -> str:
    """The question with the topic at its end, joined by what goes with both."""
    body = question.rstrip()
    mark = body[len(body.rstrip("?!. ")) :] or "?"
    body = body.rstrip("?!. ")
    own = [token.low for token in tokens(body)]
    last = own[-1] if own else ""
    noun = len(own) > 1 and (own[-2] in w.DETERMINERS - {"this", "that"} or own[-2] == "about")
    if noun and last not in w.FUNCTION:
        return f"{body} of {topic.text}{mark}"
    if last in w.TRANSITIVE and own[0] in ("who", "what", "which"):
        return f"{body} {topic.text}{mark}"
    if topic.kind in ("place", "event"):
        return f"{body} {'in' if topic.kind == 'place' else 'at'} {topic.text}{mark}"
    return f"{body} ({topic.text}){mark}"


def topic_of(conversation: Conversation, without: Sequence[str] = ()) -> Thing | None:
    """What the conversation is about now, other than things of some kinds."""
    things = [thing for thing in conversation.things if thing.kind != "time" and thing.kind not in without]
    return max(things, key=lambda thing: thing.weight * (1.5 if thing.kind == "event" else 1), default=None)


def _put(question: str, mention: Mention, text: str) -> str:
    whole = question[: mention.start] + text + question[mention.end :]
    return whole[:1].upper() + whole[1:] if question[:1].isupper() else whole
