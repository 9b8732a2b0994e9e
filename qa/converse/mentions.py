"""Text -> what it speaks of: names, titles in quotation marks, years, and nouns with an article, with their kind.

Takes any text, in small letters too if its names are known from elsewhere; gives mentions in their order. Knows nothing
of a conversation. Every search is linear in the text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property

from qa.converse import words as w
from qa.converse.boundaries import name_end, named_noun_end, names_written_small, noun_end
from qa.converse.kinds import Kind, kind_of
from qa.converse.tokens import Token, tokens

_QUOTED = re.compile(r"“([^“”]{2,80})”|\"([^\"]{2,80})\"")


@dataclass(frozen=True, kw_only=True)
class Mention:
    """Something that a text speaks of, `text[start:end]`. `kind` "name" is a name of who knows what.

    `gender`: "he" or "she" where a first name or a noun tells. `before`: the preposition that it stands after, or "".
    """

    text: str
    start: int
    end: int
    kind: Kind
    head: str
    plural: bool = False
    gender: str | None = None
    before: str = ""

    @property
    def is_name(self) -> bool:
        """Whether it is written like a name, not "the port"."""
        article, _, rest = self.text.partition(" ")
        return article.lower() not in ("the", "a", "an") or rest[:1].isupper()

    @cached_property
    def content(self) -> frozenset[str]:
        """Its words in small letters, those apart that carry no meaning."""
        return frozenset(_plain(token.low) for token in tokens(self.text) if token.is_word) - w.FUNCTION


def mentions(text: str, known: Collection[str] = ()) -> list[Mention]:
    """What a text speaks of, in order. `known`: words, in small letters, that are names even if written small.

    >>> [(one.text, one.kind) for one in mentions("When did President Putin meet Kim at the port in Beirut?")]
    [('President Putin', 'person'), ('Kim', 'name'), ('the port in Beirut', 'place'), ('Beirut', 'place')]
    """
    return list(_found(text, tokens(text), known))


def is_shouted(text: str) -> bool:
    """Whether capitals say nothing about names: all is capitals."""
    return text.upper() == text


def _plain(word: str) -> str:
    """A word without accents."""
    return (
        word
        if word.isascii()
        else "".join(one for one in unicodedata.normalize("NFKD", word) if one.isalnum())
    )


def _found(text: str, all_tokens: list[Token], known: Collection[str]) -> Iterator[Mention]:
    quoted = {match.start(): match for match in _QUOTED.finditer(text)}
    names_by_capital = not is_shouted(text)
    known = names_written_small(all_tokens, known)
    position = 0
    while position < len(all_tokens):
        token = all_tokens[position]
        before = all_tokens[position - 1].low if position else ""
        if token.start in quoted:
            match = quoted[token.start]
            yield Mention(
                text=match[0], start=match.start(), end=match.end(), kind="thing", head="", before=before
            )
            while position < len(all_tokens) and all_tokens[position].start < match.end():
                position += 1
            continue
        end = name_end(all_tokens, position, known, capitals=names_by_capital)
        if end == position and token.low in ("the", "a", "an"):
            named = (
                names_by_capital and position + 1 < len(all_tokens) and all_tokens[position + 1].is_capital
            )
            end = (
                named_noun_end(all_tokens, position, known)
                if named
                else noun_end(all_tokens, position, known, capitals=names_by_capital)
            )
        if end == position:
            position += 1
            continue
        before = before if before in w.PREPOSITIONS else ""
        yield _mention(text, all_tokens[position:end], before)
        if token.low in ("the", "a", "an"):
            yield from _inner(text, all_tokens[position:end], known, capitals=names_by_capital)
        position = end


def _inner(text: str, own: list[Token], known: Collection[str], *, capitals: bool) -> Iterator[Mention]:
    """The names within "the summit between Kim and Putin", which are spoken of, too."""
    joint = next((at for at, token in enumerate(own) if at > 1 and token.low in w.PREPOSITIONS), len(own) - 1)
    if joint + 1 < len(own) and name_end(own, joint + 1, known, capitals=capitals) > joint + 1:
        yield _mention(text, own[joint + 1 :], own[joint].low)


def _mention(text: str, own: list[Token], before: str) -> Mention:
    start, end = own[0].start, own[-1].end
    low = [token.low for token in own if token.is_word]
    is_name = own[0].low not in ("the", "a", "an") or (
        len(own) > 1 and own[1].is_capital and not is_shouted(text)
    )
    kind, gender, head, plural = kind_of(low, is_name=is_name)
    if kind == "person" and is_name and low[0] == "the" and head not in w.PEOPLE:
        kind, gender = "name", None  # "the James Webb"
    if kind == "name" and before in ("in", "near", "at"):
        kind = "place"
    return Mention(
        text=text[start:end],
        start=start,
        end=end,
        kind=kind,
        head=head,
        plural=plural,
        gender=gender,
        before=before,
    )
