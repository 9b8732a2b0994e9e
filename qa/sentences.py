"""Text -> sentences, as spans that cover it completely.

Lines are judged first (headings, bullets and paragraphs end a sentence, a wrapped line does not), then
sentencex, which knows the abbreviations of some 300 languages, finds the ends within a block. Takes any
Unicode; knows nothing of articles, tokens or questions.
"""

from __future__ import annotations

import re
from itertools import pairwise

import sentencex

from qa.records import Span

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_BULLET = re.compile(r"\s*(?:[•◦▪‣*·–—-]|\(?\d{1,2}[.)])\s+\S")
_HOUR = re.compile(r"\d\s?[ap]\.\s?m\.\s*$", re.IGNORECASE)
_OF_THE_HOUR = re.compile(
    r"(?:[A-Z][\w-]+ ){1,2}(?:[Tt]ime|[Dd]aylight)\b|(?:Eastern|Central|Mountain|Pacific|Greenwich)\b|"
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|(?:[A-Z]{1,3}T|UTC)\b"
)
"""What goes on after "6 p.m." in the same sentence though it begins with a capital: "Indian time", "Monday", "GMT"."""
_WIDEST_WRAPPED_LINE = 120
"""Above this many characters a line is a paragraph of its own, not a part of a wrapped one."""


def sentences(text: str, *, language: str | None = None) -> list[Span]:
    """The sentences of a text, in order, each with the blanks that follow it. An unknown language counts as English.

    The first starts at 0, each next one where the one before ends, the last ends with the text:
    joined they are the text. A text without content (empty, or blanks only) gives no sentence.

    >>> [(s.start, s.end) for s in sentences("Kim arrived. He smiled.")]
    [(0, 13), (13, 23)]
    """
    ends: list[int] = []
    for block in _blocks(text):
        ends += _sentence_ends(text[block.start : block.end], block.start, language or "en")
    spans: list[Span] = []
    start = 0
    for end in ends:
        if text[start:end].strip():
            spans.append(Span(start=start, end=end))
            start = end
    if spans and spans[-1].end < len(text):
        spans[-1] = Span(start=spans[-1].start, end=len(text))
    return spans


def trim(text: str, span: Span) -> Span:
    """The span without the blanks around it.

    >>> trim(" a b ", Span(start=0, end=5))
    Span(start=1, end=4)
    """
    piece = text[span.start : span.end]
    start = span.start + len(piece) - len(piece.lstrip())
    return Span(start=start, end=max(start, span.start + len(piece.rstrip())))


def _sentence_ends(block: str, offset: int, language: str) -> list[int]:
    ends: list[int] = []
    bullet = _BULLET.match(block)
    first = offset + bullet.end() if bullet else offset  # "1." before a list item is no sentence
    # One blank for one newline keeps the offsets; a wrapped line is no boundary to sentencex then.
    pieces = sentencex.segment(language, block.replace("\n", " ").replace("\r", " "))
    for piece, following in pairwise([*pieces, ""]):
        offset += len(piece)
        if offset >= first and not (_HOUR.search(piece) and _OF_THE_HOUR.match(following)):
            ends.append(offset)
    return ends


def _blocks(text: str) -> list[Span]:
    """Runs of lines that belong to one paragraph, heading or list item, blank lines included at the end."""
    lines = [Span(start=match.start(), end=match.end()) for match in _LINE.finditer(text)]
    starts = [0] if lines else []
    for group in _groups(text, lines):
        starts.append(group[0].start)
        width = max(len(text[line.start : line.end].rstrip()) for line in group)
        for line, following in pairwise(group):
            if not _is_wrapped(text[line.start : line.end], text[following.start : following.end], width):
                starts.append(following.start)
    cuts = sorted({*starts, len(text)})
    return [Span(start=start, end=end) for start, end in pairwise(cuts)]


def _groups(text: str, lines: list[Span]) -> list[list[Span]]:
    """The lines between blank lines."""
    groups: list[list[Span]] = [[]]
    for line in lines:
        if text[line.start : line.end].strip():
            groups[-1].append(line)
        elif groups[-1]:
            groups.append([])
    return [group for group in groups if group]


def _is_wrapped(line: str, following: str, width: int) -> bool:
    """Whether a line was broken because the next word did not fit."""
    if width > _WIDEST_WRAPPED_LINE or _BULLET.match(following):
        return False
    return len(line.rstrip()) + 1 + len(following.split(maxsplit=1)[0]) > width
