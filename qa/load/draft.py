"""What the loaders pass to each other: a file to read, what its format says, and what comes out.

Knows nothing of any format.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from qa.records import Article, Failure


@dataclass(frozen=True, slots=True)
class Loaded:
    """One article, or why there is none. `position`: bytes of the file read so far, packed ones in a .gz."""

    item: Article | Failure
    position: int


@dataclass(frozen=True, slots=True)
class File:
    """A file to read: its bytes lie at `path`; `where` is its name (absolute path, or an upload's)."""

    path: Path
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a format itself says of an article; None where it says nothing and the text has to be asked.

    `created` is when the file was made: a last resort for the date of publication.
    """

    text: str
    id: str | None = None
    title: str | None = None
    source: str | None = None
    url: str | None = None
    published: str | None = None
    author: str | None = None
    created: str | None = None


Loader = Callable[[File], Iterator[Loaded]]
Reader = Callable[[bytes], Draft]
