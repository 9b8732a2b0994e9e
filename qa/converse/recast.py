"""A question and its answer -> the same question with other question words: "When did Kim meet Putin?".

Works on the order of words in English questions alone: question words, auxiliary, the rest. Knows nothing of a
conversation.
"""

from __future__ import annotations

import re

from qa.converse import words as w
from qa.converse.mentions import mentions
from qa.converse.tokens import tokens

_ADVERBIAL = re.compile(
    r"(?:(?:since|until|till|from|by|for|at) )?(?:when|where|why|how|how (?:long|far|often)|"
    r"(?:in |on |at )?(?:which|what) (?:year|month|day|date|time|week|city|country))",
    re.IGNORECASE,
)


def recast(before: str, answer: str, asked: str) -> str | None:
    """The question before, asked with other question words.

    >>> recast("Who did Kim meet?", "Putin", "where")
    'Where did Kim meet Putin?'
    >>> recast("Who won the World Cup?", "Argentina", "when")
    'When was it that Argentina won the World Cup?'
    >>> recast("Did Kim meet Trump?", "", "why not")
    'Did Kim meet Trump, and why not?'
    """
    body = before.strip().rstrip("?!. ")
    if not body:
        return None
    if _ADVERBIAL.fullmatch(asked):
        parts = _parts(body)
        if parts is not None:
            old, auxiliary, rest = parts
            said = _said(old, answer)
            if not old:
                return f"{capital(asked)} {auxiliary} {rest}?"
            last = old.split()[-1].lower()
            if last in ("when", "where", "why", "how") or old.lower().startswith(
                ("how long", "how far", "how often")
            ):
                return f"{capital(asked)} {auxiliary} {rest}?"
            subject = mentions(rest)[:1]
            there = (
                bool(subject)
                and subject[0].start == 0
                and subject[0].end < len(rest) - 3
                and last not in ("who", "what")
            )
            if there or auxiliary in ("did", "does", "do", "didn't", "doesn't", "don't"):
                if said and said.lower() in rest.lower():
                    said = ""
                return f"{capital(asked)} {auxiliary} {_with_object(rest, said)}?"
            if auxiliary:
                return f"{capital(asked)} {auxiliary} {said or 'it'} {rest}?"
            if rest.lower().startswith("happened"):
                return f"{capital(asked)} did it happen{rest[8:]}?"
            return f"{capital(asked)} was it that {said or 'it'} {rest}?"
    return f"{body}, and {asked}?"


def others(before: str, asked: str) -> str | None:
    """The question before, asking for others: "Who else won the World Cup?"; None if it did not ask for such."""
    body = before.strip().rstrip("?!. ")
    match = re.match(
        r"(who|what|where|when|why|how)(?: else)?\b(?! (?:many|much|long|far|old))", body, re.IGNORECASE
    )
    if match and (match[1].lower() == asked or asked == "what"):
        return f"{match[1]} else{body[match.end() :]}?"
    match = re.match(r"(which|what) (?=\w)", body, re.IGNORECASE)
    if match and asked in ("what", "who"):
        return f"{match[1]} other {body[match.end() :]}?"
    return None


def _parts(body: str) -> tuple[str, str, str] | None:
    """Question words, auxiliary ("" if none follows the words) and the rest; None if it is no question.

    >>> _parts("Which port did the wheat reach"), _parts("Did Kim leave"), _parts("Who won the cup")
    (('Which port', 'did', 'the wheat reach'), ('', 'did', 'Kim leave'), ('Who', '', 'won the cup'))
    """
    own = [token for token in tokens(body) if token.is_word]
    if not own:
        return None
    if own[0].low in w.AUXILIARIES and len(own) > 1:
        return "", own[0].low, body[own[1].start :]
    first = 1 if own[0].low in w.PREPOSITIONS and len(own) > 1 else 0
    if own[first].low not in w.WH:
        return None
    for at in range(first + 1, min(len(own) - 1, first + 6)):
        if own[at].low in w.AUXILIARIES:
            return body[: own[at - 1].end], own[at].low, body[own[at + 1].start :]
        if at == first + 1 and own[first].low in ("who", "what"):
            return body[: own[first].end], "", body[own[at].start :]
        if own[at].low in w.VERBS and own[at].low not in w.EVENTS:
            return body[: own[at - 1].end], "", body[own[at].start :]
    return None


def _with_object(rest: str, said: str) -> str:
    """What was asked for, in its place: "Argentina beat in the final" and "France"."""
    if not said:
        return rest
    own = tokens(rest)
    for at in range(2, len(own) - 1):
        if own[at].low in w.PREPOSITIONS - {"of"}:
            return f"{rest[: own[at].start]}{said} {rest[own[at].start :]}"
    return f"{rest} {said}"


def _said(old: str, answer: str) -> str:
    """What the question words stood for: the answer if it is short, else their noun."""
    _, _, noun = old.lower().replace("how many", "howmany").replace("how much", "howmuch").partition(" ")
    if old.lower().startswith(("how many", "how much")):
        return noun
    answer = answer.strip().rstrip(".,;:!? ")
    if answer and len(answer.split()) <= 8 and not re.search(r"[.!?;\n]\s", answer):
        return answer
    if noun:
        return f"the {noun}"
    return ""


def capital(text: str) -> str:
    """The text with its first letter large."""
    return text[:1].upper() + text[1:]
