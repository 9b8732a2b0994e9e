"""Printed lines become paragraphs again.

Takes the lines of each page, with where they stand, and gives text. Knows nothing of PDF; columns come out
right if the lines come in reading order.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from qa.load.tidy import is_furniture

_BULLET = re.compile(r"[•‣▪●◦·*–-]\s*(?=\S)|\d{1,2}[.)]\s+(?=\S)")
_SENTENCE_END = re.compile(r"[.!?:…。！？][\"'”’»)\]]*$")
_NUMBER_ONLY = re.compile(r"\W*\d{1,4}\W*(?:(?:/|of|von|de|sur)\W*\d{1,4}\W*)?")


@dataclass(frozen=True, slots=True)
class Line:
    """A printed line: its words, its left end and baseline in points (y grows upwards), its type size."""

    text: str
    x: float
    y: float
    size: float


def reflow(pages: Sequence[Sequence[Line]]) -> str:
    """The text of all pages: paragraphs between blank lines, list items on lines of their own."""
    kept = _without_running_lines(pages)
    lines = [line for page in kept for line in page]
    if not lines:
        return ""
    shape = _Shape(lines)
    words = frozenset(re.findall(r"[\w-]+", " ".join(line.text for line in lines).lower()))
    text = _bullet(lines[0].text)
    item = _BULLET.match(lines[0].text) is not None
    firsts = {id(page[0]) for page in kept if page}
    for above, line in pairwise(lines):
        if shape.goes_on(above, line, new_page=id(line) in firsts):
            text = _glue(text, line.text, words)
        else:
            before, item = item, _BULLET.match(line.text) is not None
            text += ("\n" if before and item else "\n\n") + _bullet(line.text)
    return text


def largest(page: Sequence[Line], pages: Sequence[Sequence[Line]]) -> str | None:
    """The words in the largest type on a page, if they stand out and are few enough for a headline."""
    lines = [line for every in pages for line in every]
    if not page or not lines:
        return None
    most = max(line.size for line in page)
    words = " ".join(line.text for line in page if line.size > 0.97 * most)
    stands_out = most > 1.15 * _Shape(lines).size
    return words if stands_out and len(words.split()) >= 2 and len(words) <= 250 else None


class _Shape:
    """What is usual in a document: its type size, the distance between lines, their length, the margin."""

    def __init__(self, lines: Sequence[Line]) -> None:
        letters: Counter[float] = Counter()
        for line in lines:
            letters[round(line.size, 1)] += len(line.text)
        self.size = letters.most_common(1)[0][0]
        body = [line for line in lines if round(line.size, 1) == self.size]
        gaps = [a.y - b.y for a, b in pairwise(body) if 0 < a.y - b.y < 3 * (self.size or 1)]
        self._leading = min(median(gaps), 1.6 * self.size) if gaps and self.size else 1.25 * self.size
        self._length = sorted(len(line.text) for line in body)[int(0.8 * (len(body) - 1))]
        self._margin = Counter(round(line.x) for line in body).most_common(1)[0][0]

    def goes_on(self, above: Line, line: Line, *, new_page: bool) -> bool:
        """Whether `line` belongs to the same paragraph as the line before it."""
        if abs(above.size - line.size) > 0.08 * max(above.size, line.size) or _BULLET.match(line.text):
            return False
        ended = _SENTENCE_END.search(above.text) is not None
        short = len(above.text) < 0.7 * self._length
        gap = above.y - line.y
        if new_page or gap < -0.5 * line.size:
            return not ended and not self._is_indented(line)
        if gap > 1.25 * max(self._leading, 1.1 * line.size):
            return False
        begins = self._is_indented(line) and not self._is_indented(above) and not _BULLET.match(above.text)
        return not begins and not (ended and short)

    def _is_indented(self, line: Line) -> bool:
        """Whether a line of the body begins a paragraph by standing in a little."""
        return round(line.size, 1) == self.size and 0.8 * line.size < line.x - self._margin < 4 * line.size


def _without_running_lines(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """The pages without page numbers, and without heads and feet that stand alike on most pages."""
    edges = [_edges(page) for page in pages]
    alike = Counter(key for edge in edges for key in {_key(line) for line in edge})
    running = {key for key, count in alike.items() if count >= 2 and count > len(pages) / 2}
    kept = []
    for page, edge in zip(pages, edges, strict=True):
        off = {id(line) for line in edge if _NUMBER_ONLY.fullmatch(line.text) or _key(line) in running}
        kept.append([line for line in page if id(line) not in off and not is_furniture(line.text)])
    return kept


def _edges(page: Sequence[Line]) -> list[Line]:
    """The two topmost and two lowest lines of a page."""
    by_height = sorted(page, key=lambda line: line.y)
    return by_height[:2] + by_height[2:][-2:]


def _key(line: Line) -> tuple[str, int]:
    """What running lines have in common: their words but for numbers, and their height."""
    return re.sub(r"\d+", "#", line.text), round(line.y / 4)


def _bullet(text: str) -> str:
    """A list item's sign as "• "; a number stays."""
    match = _BULLET.match(text)
    return f"• {text[match.end() :]}" if match and not match.group()[0].isdigit() else text


def _glue(text: str, line: str, words: frozenset[str]) -> str:
    """A paragraph and its next line. A hyphen at the end goes unless the word has one elsewhere."""
    match = re.search(r"([^\W\d_]+)[-‐\N{SOFT HYPHEN}]$", text)
    following = re.match(r"[^\W\d_]+", line)
    if match is None or following is None or not following.group()[0].islower():
        return f"{text} {line}" if not text.endswith("-") else text + line
    whole, parted = (match[1] + following.group()).lower(), f"{match[1]}-{following.group()}".lower()
    keeps = (parted in words and whole not in words) or line[following.end() :].startswith("-")
    return text + line if keeps else text[:-1] + line
