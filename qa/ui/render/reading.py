"""One article as set text, with its cited sentences marked.

Takes an `Article` and marks, gives `Html`. The text is laid out (paragraphs, headings, bullets) but not
changed: the text of the HTML below `.body` is `article.text`, character for character. Knows nothing of
the store, or of what was asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from qa.records import Article
from qa.ui.render.markup import Html, Mark, element, escape, is_web, join, link, marked
from qa.ui.render.plain import origin
from qa.ui.render.words import day

Kind = Literal["paragraph", "heading", "bullet"]

_BULLET = re.compile(r"[ \t]*(?:[•‣▪◦●·*-]|\d{1,2}[.)])[ \t]+(?=\S)")
_HASHES = re.compile(r"[ \t]*#{1,6}[ \t]+(?=\S)")
_LONGEST_HEADING = 80
_SENTENCE_ENDS = ".!?:…\"'”’»)"
_WRAPPED = range(45, 131)
"""Mean and greatest length of lines that were broken to fit a page, and not because a paragraph ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A paragraph, heading or bullet: `text[start:end]`, of which `text[start:body]` is its sign (`# `, `• `)."""

    kind: Kind
    start: int
    body: int
    end: int


def article_page(article: Article, marks: Sequence[Mark] = ()) -> Html:
    """The article for the reading pane: title, source and date, then its text with `marks` in it."""
    facts = [fact for fact in (article.source, day(article.published), article.author) if fact]
    original = link("original", article.url, class_="original") if article.url else None
    if isinstance(original, Html) and original.startswith("<a "):
        facts.append(original)
    return join(
        element(
            "header",
            element("h2", article.title, dir="auto", class_="title"),
            element("p", _between(facts, " · "), class_="meta", dir="auto"),
            data_origin=_origin(article),
        ),
        element("div", _body(article.text, marks), class_="body", dir="auto"),
    )


def _origin(article: Article) -> str:
    """What stands below a sentence that is quoted elsewhere."""
    where = origin(article.title, article.source, article.published)
    return f"{where}\n{article.url.strip()}" if article.url and is_web(article.url) else where


def blocks(text: str) -> Iterator[Block]:
    """The blocks of a text, in order; between two of them, and around them, is only white space.

    A line is a block unless it was plainly broken to fit a page; then the lines up to the next empty line,
    heading or bullet are one.
    """
    for lines in _stanzas(text):
        yield from _stanza_blocks(text, lines)


def _body(text: str, marks: Sequence[Mark]) -> Html:
    parts: list[str] = []
    items: list[str] = []
    reached = 0
    for block in blocks(text):
        gap = escape(text[reached : block.start])
        if block.kind == "bullet":
            items += [gap, _block(text, block, marks)]
        else:
            parts += [*_list(items), gap, _block(text, block, marks)]
            items = []
        reached = block.end
    return join(*parts, *_list(items), text[reached:])


def _list(items: list[str]) -> list[str]:
    return [element("ul", *items)] if items else []


def _block(text: str, block: Block, marks: Sequence[Mark]) -> Html:
    sign = text[block.start : block.body]
    shown = join(
        element("span", sign, class_="sign") if sign else None,
        marked(text, block.body, block.end, marks),
    )
    tag = {"paragraph": "p", "heading": "h3", "bullet": "li"}[block.kind]
    return element(tag, shown)


def _stanzas(text: str) -> Iterator[list[tuple[int, int]]]:
    """Runs of lines between empty ones, each line as (start, end) without blanks at its ends."""
    lines: list[tuple[int, int]] = []
    start = 0
    for line in text.splitlines(keepends=True):
        inside = line.strip()
        if inside:
            first = start + line.index(inside)
            lines.append((first, first + len(inside)))
        elif lines:
            yield lines
            lines = []
        start += len(line)
    if lines:
        yield lines


def _stanza_blocks(text: str, lines: list[tuple[int, int]]) -> Iterator[Block]:
    wrapped = _is_wrapped(text, lines)
    open_block: Block | None = None
    for start, end in lines:
        block = _line_block(text, start, end)
        goes_on = wrapped and block.kind == "paragraph" and open_block is not None
        if goes_on and open_block is not None and open_block.kind != "heading":
            open_block = Block(kind=open_block.kind, start=open_block.start, body=open_block.body, end=end)
            continue
        if open_block is not None:
            yield open_block
        open_block = block
    if open_block is not None:
        yield open_block


def _is_wrapped(text: str, lines: list[tuple[int, int]]) -> bool:
    lengths = [end - start for start, end in lines]
    if len(lengths) < 2 or max(lengths) >= _WRAPPED.stop:
        return False
    long_enough = sum(lengths[:-1]) / (len(lengths) - 1) >= _WRAPPED.start
    return long_enough and any(text[end - 1] not in _SENTENCE_ENDS for _, end in lines[:-1])


def _line_block(text: str, start: int, end: int) -> Block:
    line = text[start:end]
    if hashes := _HASHES.match(line):
        return Block(kind="heading", start=start, body=start + hashes.end(), end=end)
    if bullet := _BULLET.match(line):
        return Block(kind="bullet", start=start, body=start + bullet.end(), end=end)
    kind: Kind = "heading" if _is_capital_heading(line) else "paragraph"
    return Block(kind=kind, start=start, body=start, end=end)


def _is_capital_heading(line: str) -> bool:
    letters = sum(character.isalpha() for character in line)
    return line.isupper() and letters >= 3 and len(line) <= _LONGEST_HEADING and line[-1] not in ".,;:!?"


def _between(parts: Sequence[str], separator: str) -> Html:
    return join(*(piece for i, part in enumerate(parts) for piece in ((separator, part) if i else (part,))))
