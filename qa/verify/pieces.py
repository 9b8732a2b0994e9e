"""What a chat model has written so far -> its sentences, each with the marks that follow it, as soon as it is complete.

A line ends a sentence. Within one, a full stop does if `qa.sentences` says so of what stands before it and the next
word; so what comes later never changes what was cut before, and a beginning of a text gives a beginning of its
sentences. Takes `letters`; knows nothing of what marks mean, of hits or support.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from qa.sentences import sentences
from qa.verify.plain import LONGEST_MARK, TARGET, is_mark

LONGEST = 1500
"""A sentence that is longer, in characters, is cut between two words."""

_MARGIN = 50
_BEFORE = 300  # so many characters before a full stop tell whether it is one
_BULLET = re.compile(r"(?:(?:[-*+•◦▪‣·–—>]|#{1,6}|\(?\d{1,3}[.)])[ \t]+)+")
_STOP = re.compile(r"[.!?…؟।]{1,9}[\"'”’»)*_]{0,4}|[。！？]{1,9}[」』”’）]{0,4}")
_MARK = re.compile(
    rf"[ \t]{{0,9}}\[(?P<inside>[^\[\]]{{1,{LONGEST_MARK}}})\](?:{TARGET})?[.\"'”’»)*_]{{0,4}}"
)
_WORD = re.compile(r"[ \t]+(?P<word>\S+)")
_BRACKET = re.compile(r"\[[^\[\]]*\]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A sentence as it was written, which ends at `end`, after so many ends of `lines`, and the `bullet` before it."""

    raw: str
    bullet: str
    lines: int
    end: int


def pieces(text: str, start: int, *, whole: bool, language: str | None = None) -> Iterator[Piece]:
    """The sentences of a text from `start` on, where one begins. Unless it is `whole`, only those that are complete.

    >>> [piece.raw for piece in pieces("Mr. Kim left. [1] He smi", 0, whole=False)]
    ['Mr. Kim left. [1]']
    """
    while True:
        blank = re.compile(r"\s*").match(text, start)
        begin = blank.end() if blank else start
        if begin == len(text):
            return
        lines = text.count("\n", start, begin)
        stop = text.find("\n", begin)
        complete = whole or stop >= 0
        line = text[begin : stop if stop >= 0 else len(text)]
        bullet = _BULLET.match(line) if lines or start == 0 else None
        first = bullet.end() if bullet else 0
        end = _end(line, first, complete, language)
        if end is None:
            return
        start = begin + len(line[:end].rstrip())  # blanks after it may yet be taken off
        yield Piece(line[first:end], line[:first], lines, start)


def _end(line: str, first: int, complete: bool, language: str | None) -> int | None:
    """Where the first sentence of a line ends, None if that cannot be said yet."""
    for stop in _STOP.finditer(line, first, first + LONGEST):
        if not re.search(r"\w", line[first : stop.start()]):
            continue
        decided = _ends_here(line, first, stop, complete, language)
        if decided is None:
            return None
        if decided:
            return decided
    if len(line) > first + LONGEST + _MARGIN:
        blank = max(line.rfind(" ", first + 1, first + LONGEST), line.rfind("\t", first + 1, first + LONGEST))
        return blank if blank > 0 else first + LONGEST
    return len(line) if complete else None


def _ends_here(
    line: str, first: int, stop: re.Match[str], complete: bool, language: str | None
) -> int | None:
    """Where the sentence with its marks ends if it does at this full stop, 0 if it does not, None if that is open."""
    inside = _inside_brackets(line, first, stop.start(), complete)
    if inside is not False:
        return None if inside is None else 0
    end = stop.end()
    while (mark := _MARK.match(line, end)) and is_mark(mark["inside"]):
        end = mark.end()
    rest = line[end:]
    if not rest.strip():
        return len(line) if complete else None
    if not complete and _may_become_mark(line, end):
        return None
    if stop[0][0] in "。！？":
        return end
    word = _WORD.match(line, end)
    if word is None:
        return end if end > stop.end() and rest[0].isupper() else 0
    if not complete and word.end() == len(line):
        return None
    head = _BRACKET.sub("", line[max(first, stop.end() - _BEFORE) : stop.end()])
    both = f"{head} {word['word'][:_BEFORE]}"
    return (
        end if any(len(head) <= one.end <= len(head) + 1 for one in sentences(both, language=language)) else 0
    )


def _inside_brackets(line: str, first: int, place: int, complete: bool) -> bool | None:
    """Whether a place is between brackets that belong together, None if the second may be still to come."""
    opening = line.rfind("[", max(first, place - LONGEST_MARK), place)
    if opening < 0 or "]" in line[opening:place]:
        return False
    following = re.compile(r"[\[\]]").search(line, place, opening + LONGEST_MARK)
    if following is None:
        return None if not complete and len(line) < opening + LONGEST_MARK else False
    return following[0] == "]"


def _may_become_mark(line: str, end: int) -> bool:
    """Whether an unfinished line goes on with what more letters could make a mark, or the address of one."""
    if line[end - 1] == "]" and line[end] == "(":
        return not re.search(r"\s", line[end:])
    begin = end + len(line[end:]) - len(line[end:].lstrip())
    if line[begin] != "[":
        return False
    return len(line) <= begin + LONGEST_MARK + 2 and not re.search(r"[\[\]]", line[begin + 1 :])
