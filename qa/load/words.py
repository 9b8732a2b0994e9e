"""Small things to do with words: a printable name, a single line, a cut at a word, an error in plain words.

Knows nothing of articles.
"""

from __future__ import annotations

import re
import unicodedata

HALF_PAIR = re.compile("[\ud800-\udfff]")
"""Half a surrogate pair: no character, and no encoding can store it."""


def printable(name: str) -> str:
    r"""A file's name as it can be shown and stored: odd bytes and control characters as "�".

    >>> printable("a\udcffb\n")
    'a�b�'
    """
    return "".join(
        "\N{REPLACEMENT CHARACTER}" if unicodedata.category(c) in ("Cc", "Cs") else c for c in name
    )


def single_line(text: str | None) -> str | None:
    """`text` without control characters, each run of blanks one blank; None if nothing is left."""
    if text is None:
        return None
    plain = "".join(" " if unicodedata.category(c) in ("Cc", "Cs") else c for c in text)
    return " ".join(plain.split()) or None


def shorten(text: str, most: int) -> str:
    """At most `most` characters, cut between two words and closed with "…".

    >>> shorten("Kim arrives by train", 13)
    'Kim arrives…'
    """
    if len(text) <= most:
        return text
    head = text[: most - 1]
    if not text[most - 1].isspace() and " " in head:
        head = head[: head.rindex(" ")]
    return head.rstrip(" ,;:.–—-") + "…"


def os_reason(error: Exception) -> str:
    """What the operating system says, in a sentence that tells what to do."""
    if isinstance(error, PermissionError):
        return "permission denied: make it readable for you and add it again"
    if isinstance(error, FileNotFoundError):
        return "it is not there any more: it was moved or removed meanwhile"
    if isinstance(error, IsADirectoryError):
        return "this is a folder, not a file"
    said = error.strerror if isinstance(error, OSError) else str(error)
    return f"it cannot be read: {said or type(error).__name__}"
