"""A follow-up, and the turns before it -> the question as it stands alone: "And when?" -> "When did Kim meet Putin?".

Rules of our own, for English, in order of how sure they are: a question not said in full, words that point back,
a noun spoken of in full before ("the summit"), a question about nothing in particular ("how many died?"). A question
that stands alone comes back as it was, and so does every other text. Takes any text and raises nothing; knows nothing
of articles.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from qa.converse import ellipsis
from qa.converse import words as w
from qa.converse.conversation import Conversation
from qa.converse.mentions import mentions
from qa.converse.pointed import pointed
from qa.converse.recast import others, recast
from qa.converse.references import references
from qa.converse.requests import request_of
from qa.converse.small_talk import small_talk
from qa.converse.tokens import tokens
from qa.converse.topic import about_topic, named_in_full, topic_of

_Rule = Callable[[str, Conversation], str | None]

TURNS = 12
"""How many turns back are looked at."""

LONGEST = 300
"""Characters of the longest question that is completed: a longer one is a text, and has all it needs."""

_LAST_SENTENCE = re.compile(
    r"(?P<before>(?:no|nope|sorry|oh|not|i mean|i meant|thanks|thank you|ok|okay|great|good|cool|cheers|hm+|well|sure|"
    r"right|perfect|nice)\b"
    r"[^?]{0,200}?(?:[.!;…]|(?<=thanks)|(?<=thank you)),?)\s+(?P<last>[^.!;?]{3,200}\?*)",
    re.DOTALL | re.IGNORECASE,
)
_NOT = re.compile(r"(?:(?:no|sorry|oh|but|and)[\s,]+){0,3}not\b", re.IGNORECASE)
_DECLINED = re.compile(
    r"(?:i (?:do not|don't|don’t) know|the (?:articles|passages|sources|documents) (?:do not|don't|don’t) say|"
    r"no answer\b|"
    r"there (?:are|is) no articles?)\b",
    re.IGNORECASE,
)


def complete(question: str, history: Sequence[tuple[str, str]]) -> str:
    """The question as it stands alone; unchanged where it stood alone, or with no history.

    `history`: what the user said and what was answered, oldest first.

    >>> turns = [("How did Kim travel to Vladivostok?", "by armoured train")]
    >>> complete("Who did he meet there?", turns), complete("and when", turns)
    ('Who did Kim meet in Vladivostok?', 'When did Kim travel to Vladivostok?')
    >>> complete("What did Boeing announce?", turns)
    'What did Boeing announce?'
    """
    if not history or not _is_completable(question):
        return question
    conversation = Conversation()
    for said, answer in history[-TURNS:]:
        if _is_completable(said) and small_talk(said, list) is None:
            declined = not answer.strip() or _DECLINED.match(answer.strip())
            conversation.hear(_completed(said, conversation), None if declined else answer)
    return _completed(question, conversation)


def _is_completable(text: str) -> bool:
    """Whether a text is short enough, and not in another language."""
    if len(text) > LONGEST or not any(map(str.isalnum, text)):
        return False
    low = [token.low for token in tokens(text) if token.is_word]
    return sum(word in w.FOREIGN for word in low) < 2


def _completed(question: str, conversation: Conversation) -> str:
    if not conversation.things and not conversation.question:
        return question
    before, last = _sentences(question)
    if before and last:
        meant = [] if _NOT.match(before) else mentions(before, conversation.known)
        for mention in meant:
            conversation.speak_of(mention)
        completed = _completed(last, conversation)
        missing = [
            one.text for one in meant if one.is_name and one.text.casefold() not in completed.casefold()
        ]
        if completed == last:
            return question
        return f"{completed.rstrip('?')} ({', '.join(missing)})?" if missing else completed
    by_itself = (named_in_full, about_topic) if not references(question, tokens(question)) else ()
    rules: tuple[_Rule, ...] = (_in_full, pointed, *by_itself)
    for rule in rules:
        understood = rule(question, conversation)
        if understood is not None and understood != question:
            return understood
    return question


def _sentences(question: str) -> tuple[str, str]:
    """What is said before the question itself, and that: "No, I meant the other. Where was that?"."""
    match = _LAST_SENTENCE.fullmatch(question.strip())
    return (match["before"], match["last"]) if match else ("", question)


def _in_full(question: str, conversation: Conversation) -> str | None:
    """A question not said in full, from the one before it."""
    before = conversation.question
    if request_of(before) is not None:
        before = ""
    other = ellipsis.asks_for_others(question)
    if other:
        again = others(before, other)
        topic = topic_of(conversation)
        if again is None and before and other != "what":
            return f"{before.rstrip('?!. ')}, and {other} else?"
        return again or (f"What else about {topic.text}?" if topic else None)
    asked = ellipsis.bare(question)
    if asked and before:
        return recast(before, conversation.answer, asked)
    if ellipsis.asks_for_more(question):
        topic = topic_of(conversation)
        return f"Tell me more about {topic.text}" if topic else None
    new = ellipsis.instead(question)
    if new and before:
        new = pointed(new, conversation) or new
        return ellipsis.substituted(conversation, new) or about_topic(
            f"What about {new}?", conversation, bare=False
        )
    return None
