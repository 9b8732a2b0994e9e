"""Text is made readable without changing a word: newlines, blank lines, what a scraper left behind.

Takes out whole lines only, and only ones that are never part of an article. Knows nothing of formats.
"""

from __future__ import annotations

import re

from qa.errors import SourceError

_FURNITURE = re.compile(
    r"""
    \W* (?:
        page \s+ \d+ (?: \s* (?: of | / ) \s* \d+ )?
      | advertisement | advert
      | (?: story | article ) \s+ continues \s+ (?: below | after ) .{0,40}
      | continue \s+ reading (?: \s+ (?: below | the \s+ main \s+ story ) )?
      | skip \s+ (?: advertisement | past .{1,40} )
      | share \s+ this (?: \s+ (?: article | story | page ) )?
      | click \s+ (?: here \s+ )? to \s+ (?: share | print | email ) .{0,60}
    ) \W*
    """,
    re.VERBOSE | re.IGNORECASE,
)

MAX_MARKUP = 8 * 2**20
"""The most markup, in characters, that is taken apart: it costs two seconds a million."""

_EMBEDDED = re.compile(r"data:[\w.+-]+/[\w.+-]+(?:;[\w=-]+)*;base64,[A-Za-z0-9+/=%]*")
_INVISIBLE = dict.fromkeys(
    map(ord, "\N{SOFT HYPHEN}\N{ZERO WIDTH SPACE}\N{WORD JOINER}\N{ZERO WIDTH NO-BREAK SPACE}")
)
_NEWLINES = re.compile(r"\r\n|[\r\v\f\x1c-\x1e\x85\u2028]")


def bare_markup(source: str) -> str:
    """HTML or Markdown without the pictures written into it; more than 8 MB of the rest is refused."""
    bare = _EMBEDDED.sub("", source)
    if len(bare) > MAX_MARKUP:
        raise SourceError(
            f"the text with its markup is larger than {MAX_MARKUP // 2**20} MB: split it, or save it as .txt"
        )
    return bare


def is_furniture(line: str) -> bool:
    """Whether a line is "Page 1 of 2", "ADVERTISEMENT" and the like.

    >>> is_furniture("Page 1 of 2"), is_furniture("Page 3 of the report is blank.")
    (True, False)
    """
    return len(line) < 100 and _FURNITURE.fullmatch(line) is not None


def tidy(text: str) -> str:
    """Plain newlines, no furniture, nothing invisible, no blanks at line ends, one blank line at most."""
    text = _NEWLINES.sub("\n", text).replace("\u2029", "\n\n").translate(_INVISIBLE)
    lines = (line.rstrip() for line in text.split("\n"))
    kept = "\n".join(line for line in lines if not is_furniture(line))
    return re.sub(r"\n{3,}", "\n\n", kept).strip("\n").rstrip()
