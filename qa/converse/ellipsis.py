"""A question that was not said in full, "And when?", "what about Tokyo?", "who else?" -> the one before it, changed.

Takes the question before as it was understood, and its answer. Gives None for what is no such question. Knows nothing
of pronouns.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.converse import words as w
from qa.converse.conversation import Conversation
from qa.converse.kinds import Kind, kind_of
from qa.converse.mentions import Mention, mentions
from qa.converse.recast import capital
from qa.converse.tokens import tokens

_LEAD = (
    r"(?:(?:and|but|so|ok|okay|well|then|also|no|nope|sorry|oh|ah|hm|hmm|yes|right|great|thanks|thank you)\b"
    r"[\s,.!…-]*){0,4}"
)
_BARE = re.compile(
    rf"{_LEAD}(?P<wh>(?:(?:since|until|till|from|by|with|for|to|at|about|against|in|on) )?"
    r"(?:when|where|why not|why|how (?:many|much|long|far|often|old|big|large|tall|high|deep|fast|come)"
    r"(?: (?!is|was|did|does|do|are|were|has|have|had|will|can)[\w-]+)?|how|who|whom|whose|which ones?|"
    r"(?:which|what) (?!is|was|did|does|do|are|were|has|have|had|will|can|about|happened|else)[\w-]+|which|what)"
    r"(?: (?:to|from|with|for|by))?)(?: (?:exactly|precisely|else|then|so|though|again))?",
    re.IGNORECASE,
)
_ELSE = re.compile(
    rf"{_LEAD}(?:(?P<wh>who|what|where|when|why|how) else|(?P<any>(?:is there |was there |are there |were there )?"
    r"any(?:thing|one|body|where)? ?(?:else|other ones?|others|more)))",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    rf"{_LEAD}(?P<lead>what about|how about|what of|and|or|but|not|"
    r"(?:i |we )?(?:mean|meant|was asking about|asked about)|"
    r"no,?|sorry,?)\s+(?P<rest>\S.{0,120})",
    re.IGNORECASE | re.DOTALL,
)
_MORE = re.compile(
    rf"{_LEAD}(?:(?:can|could|would) you |please )?(?:tell me (?:some )?more|more|"
    r"(?:any )?more (?:details|information|info)|go on|continue|elaborate|explain|"
    r"say more|details)(?: please| about (?:it|this|that|him|her|them))?",
    re.IGNORECASE,
)
_ACCORDING = "according to "
_SAME_KIND: dict[Kind, tuple[Kind, ...]] = {
    "person": ("person", "name"),
    "place": ("place", "name"),
    "group": ("group", "name", "place"),
    "event": ("event",),
    "time": ("time",),
    "thing": ("thing",),
    "name": ("name", "person", "group", "place", "event", "thing"),
}


def bare(question: str) -> str | None:
    """The question words that a question consists of: "And when exactly?" is "when".

    >>> bare("And when exactly?"), bare("how many people?"), bare("When did Kim leave?")
    ('when', 'how many people', None)
    """
    match = _BARE.fullmatch(_core(question))
    return match["wh"].lower() if match else None


def asks_for_more(question: str) -> bool:
    """Whether a question is no more than "tell me more"."""
    return _MORE.fullmatch(_core(question)) is not None


def asks_for_others(question: str) -> str | None:
    """What a question asks for others of: "who else?" is "who", "anything else?" is "what"."""
    match = _ELSE.fullmatch(_core(question))
    if match is None:
        return None
    return "what" if match["any"] else match["wh"].lower()


def instead(question: str) -> str | None:
    """What a question puts in another's place: "what about Tokyo?", "and in 2018?", "no, I meant Putin", "In Tokyo?".

    >>> instead("And in Tokyo?"), instead("What about the wheat"), instead("And who won?"), instead("In 2018?")
    ('in Tokyo', 'the wheat', None, 'in 2018')
    """
    core = _core(question)
    match = _ABOUT.fullmatch(core)
    if match:
        rest = match["rest"].strip(" ,")
        correcting = match["lead"].lower() not in ("and", "or", "but", "not", "no", "no,", "sorry", "sorry,")
        return rest if _is_fragment(rest, most=12 if correcting else 6) else None
    first = core.partition(" ")[0].lower()
    asks = question.rstrip().endswith("?") and len(core.split()) <= 4
    if asks and _is_fragment(core, most=4) and (first in w.PREPOSITIONS or _is_one_name(core)):
        return core[:1].lower() + core[1:] if first in w.PREPOSITIONS else core
    return None


def substituted(conversation: Conversation, new: str) -> str | None:
    """The question before with `new` in place of what is of its kind; None if nothing there is."""
    before = conversation.question.strip().rstrip("?!. ")
    bare_new, preposition = new, ""
    if new.lower().startswith(_ACCORDING):
        place = before.lower().find(_ACCORDING)
        return f"{before[:place].rstrip() if place >= 0 else before} {new}?"
    first, _, rest = new.partition(" ")
    if first.lower() in w.PREPOSITIONS and rest:
        bare_new, preposition = rest, first.lower()
    one = _one(bare_new, conversation)
    kind: Kind = "place" if preposition in ("in", "at", "near") and one.kind == "name" else one.kind
    old = mentions(before, conversation.known)
    if any(other.text.casefold() == bare_new.casefold() for other in old):
        return None
    target = _target(old, kind, preposition)
    if target is not None:
        start = target.start
        if preposition and target.before:
            start = before.lower().rfind(target.before, 0, start)
            bare_new = f"{preposition} {bare_new}"
        return f"{capital(before[:start] + bare_new + before[target.end :])}?"
    if kind == "place" and not preposition:
        return f"{before}, and what about {bare_new}?"
    if preposition or kind == "time":
        return f"{before} {preposition or 'in'} {bare_new}?"
    return None


def _core(question: str) -> str:
    """The question on one line, without the marks around it."""
    return " ".join(question.split()).strip(" ?!.,…-–—:;")


def _is_fragment(text: str, *, most: int) -> bool:
    low = [token.low for token in tokens(text) if token.is_word]
    stopping = w.AUXILIARIES | (w.WH - {"which"})
    return (
        0 < len(low) <= most
        and not any(word in stopping for word in low)
        and low[0] not in w.VERBS | {"i", "you", "that"}
    )


def _is_one_name(text: str) -> bool:
    found = mentions(text)
    return len(found) == 1 and found[0].text == text and (found[0].kind == "time" or text[0].isupper())


def _one(text: str, conversation: Conversation) -> Mention:
    """The mention that a fragment is."""
    found = mentions(text, conversation.known)
    if len(found) == 1 and found[0].text == text:
        same = conversation.same_as(found[0])
        if same is not None and found[0].kind == "name":
            return Mention(text=text, start=0, end=len(text), kind=same.kind, head=same.head)
        return found[0]
    low = [token.low for token in tokens(text) if token.is_word]
    kind, gender, head, plural = kind_of(low, is_name=any(map(str.isupper, text)))
    return Mention(text=text, start=0, end=len(text), kind=kind, head=head, gender=gender, plural=plural)


def _target(old: Sequence[Mention], kind: Kind, preposition: str) -> Mention | None:
    for wanted in _SAME_KIND[kind]:
        fitting = [one for one in old if one.kind == wanted]
        if fitting:
            return fitting[-1] if preposition or kind in ("place", "time") else fitting[0]
    if preposition:
        return None
    return None
