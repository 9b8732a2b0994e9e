"""Where a name, or a noun with an article, ends: "Bank of England", "the summit between Kim and Putin".

Takes the words of a text and the place of the first; gives the place after the last, the same place if none begins
there. Names are told by their capitals, or by being known. Knows nothing of kinds.
"""

from __future__ import annotations

from collections.abc import Collection
from itertools import pairwise

from qa.converse import words as w
from qa.converse.kinds import YEAR
from qa.converse.tokens import Token

_LINKS = frozenset("of the de da del di du la le van von bin al el for and und".split())
_ORDERING = frozenset("other same first second third last next".split())
_LONGEST_NAME = 8


def names_written_small(all_tokens: list[Token], known: Collection[str]) -> Collection[str]:
    """In a text without capitals, words of no known sort where a name would stand: "did putin meet", "with boeing"."""
    if (
        any(token.is_capital for token in all_tokens[1:])
        or not all_tokens
        or all_tokens[0].low not in w.FUNCTION
    ):
        return known
    found = set()
    for before, token in pairwise(all_tokens):
        low = token.low
        sort = low in w.FUNCTION or low in w.VERBS or low in w.GENERIC or low in w.NOUNS or not low.isalpha()
        if (
            before.low in w.BEFORE_NAMES
            and not sort
            and not low.endswith(("s", "ed", "ing", "ly", "er", "est", "al"))
        ):
            found.add(low)
    return found | set(known)


def name_end(all_tokens: list[Token], first: int, known: Collection[str], *, capitals: bool) -> int:
    """Where the name that begins with this token ends; there if none does."""

    def is_name(at: int) -> bool:
        if at >= len(all_tokens):
            return False
        token = all_tokens[at]
        if YEAR.fullmatch(token.text):
            return at == first or token.text in known
        if token.low in known and token.low not in w.FUNCTION:
            return True
        if not (capitals and token.is_capital) or (token.low == "i" and at == first):
            return False
        if at == first and token.low in w.FUNCTION | w.VERBS:  # "In", "The", "Tell"; and "US", not "us"
            inside = at > 0 and all_tokens[at - 1].is_word and is_name(at + 1)  # "the Ever Given"
            return inside or (token.text.isupper() and len(token.text) > 1)
        return True

    if not is_name(first):
        return first
    if YEAR.fullmatch(all_tokens[first].text) and not is_name(first + 1):
        return first + 1
    end = first + 1
    while end < len(all_tokens) and end - first < _LONGEST_NAME:
        gap = _gap(all_tokens, end)
        numbered = all_tokens[end].text.isdecimal() and gap == 1 and not YEAR.fullmatch(all_tokens[end].text)
        if numbered or (is_name(end) and gap <= 1):
            end += 1  # "Apollo 11"
        elif all_tokens[end].low == "." and len(all_tokens[end - 1].text) <= 2 and is_name(end + 1):
            end += 1  # "Y. A. Tittle"
        elif all_tokens[end].low in ("'", "’") and _gap(all_tokens, end) == 0 and _is_joined(all_tokens, end):
            end += 2  # "O'Neill"
        else:
            link = end
            while link < len(all_tokens) and link - end < 2 and all_tokens[link].low in _LINKS:
                link += 1
            if (
                link == end
                and gap == 1
                and _is_kind_noun(all_tokens[end])
                and not YEAR.fullmatch(all_tokens[end - 1].text)
            ):
                return end + 1
            if link == end or not is_name(link) or _gap(all_tokens, link) != 1:
                break
            if all_tokens[end].low in ("the", "and", "for", "on") and not _holds_together(
                all_tokens, first, end, link
            ):
                break
            end = link + 1
    return end


def _holds_together(all_tokens: list[Token], first: int, end: int, link: int) -> bool:
    """Whether "and" or "the" stand inside one name: "Zappa and the Mothers", no list."""
    return (
        all_tokens[end].low == "and"
        and all_tokens[link].low not in w.FUNCTION
        and all_tokens[first].is_capital
    )


def named_noun_end(all_tokens: list[Token], first: int, known: Collection[str]) -> int:
    """Where "the James Webb telescope" ends; at `first` if no name follows."""
    end = name_end(all_tokens, first + 1, known, capitals=True)
    if end == first + 1:
        return first
    if end < len(all_tokens) and _gap(all_tokens, end) == 1 and not all_tokens[end - 1].low.endswith("s"):
        low = all_tokens[end].low
        verbal = low in w.FUNCTION or low in w.VERBS - w.EVENTS or low.endswith(("ed", "s", "ing", "ly"))
        return (
            end if verbal or not low.isalpha() or all_tokens[end - 1].low in w.EVENTS | w.PLACES else end + 1
        )
    return end


def _is_kind_noun(token: Token) -> bool:
    """Whether a word in small letters ends a name: "Russky island", "Beirut explosion"; "visit" may be a verb."""
    return token.low in (w.PLACES | w.EVENTS) - w.VERBS - w.AMBIGUOUS


def _gap(all_tokens: list[Token], at: int) -> int:
    return all_tokens[at].start - all_tokens[at - 1].end


def _is_joined(all_tokens: list[Token], at: int) -> bool:
    following = all_tokens[at + 1] if at + 1 < len(all_tokens) else None
    return following is not None and following.is_capital and following.start == all_tokens[at].end


def noun_end(all_tokens: list[Token], first: int, known: Collection[str], *, capitals: bool) -> int:
    """Where "the summit between Kim and Putin" ends; at `first` if no noun follows."""
    end = first + 1
    while end < len(all_tokens) and end - first < 6 and _gap(all_tokens, end) <= 1:
        token = all_tokens[end]
        if end == first + 1 and token.low in _ORDERING:
            end += 1
            continue
        is_noun = end + 1 < len(all_tokens) and all_tokens[end + 1].low == "of"
        if (
            not token.is_word
            or token.low in w.FUNCTION
            or (end > first + 1 and _is_verb(token) and not is_noun)
        ):
            break
        end += 1
    if end == first + 1 or all_tokens[end - 1].low in _ORDERING:
        return first
    if end < len(all_tokens) and all_tokens[end].low in (
        "of",
        "between",
        "in",
        "at",
        "on",
        "against",
        "with",
    ):
        name = end + 1
        if (
            name < len(all_tokens)
            and all_tokens[name].low in ("the", "a", "an")
            and all_tokens[end].low in ("of", "between")
        ):
            inner = noun_end(all_tokens, name, known, capitals=capitals)
            return inner if inner > name else end
        named = name_end(all_tokens, name, known, capitals=capitals)
        if named > name and not YEAR.fullmatch(all_tokens[name].text):
            if (
                all_tokens[end].low == "between"
                and named + 1 < len(all_tokens)
                and all_tokens[named].low == "and"
            ):
                return max(name_end(all_tokens, named + 1, known, capitals=capitals), named)
            return named
    return end


def _is_verb(token: Token) -> bool:
    low = token.low
    return (
        low in w.VERBS
        or (low.endswith("ed") and len(low) > 4)
        or (low.endswith("s") and low[:-1] in w.VERBS - w.EVENTS)
    )
