"""The formats: one table, a file name's ending -> what reads it. And `load`, which looks there.

To add a format, write `qa/load/FORMAT.py` with a `read(data: bytes) -> Draft` that raises `SourceError`
in a clear sentence, and add a line to the table. Knows nothing of folders.
"""

from __future__ import annotations

import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

from qa.errors import SourceError
from qa.load import docx, html, jsonl, markdown, pdf, text
from qa.load.complete import complete
from qa.load.draft import File, Loaded, Loader, Reader
from qa.load.words import HALF_PAIR, os_reason, printable
from qa.records import Failure

MAX_BYTES = 64 * 2**20
"""The largest file that is read: 64 MB (HTML and Markdown: 8 MB of markup). A .jsonl may be of any size."""


def _whole(read: Reader) -> Loader:
    """A loader for a format with one article a file."""

    def loader(file: File) -> Iterator[Loaded]:
        data = _bytes(file.path)
        yield Loaded(complete(read(data), where=file.where), len(data))

    return loader


LOADERS: Mapping[str, Loader] = {
    ".txt": _whole(text.read),
    ".md": _whole(markdown.read),
    ".markdown": _whole(markdown.read),
    ".html": _whole(html.read),
    ".htm": _whole(html.read),
    ".pdf": _whole(pdf.read),
    ".docx": _whole(docx.read),
    ".jsonl": jsonl.plain,
    ".jsonl.gz": jsonl.packed,
}

SUFFIXES = tuple(LOADERS)
"""The endings of file names that are read."""


def load(path: Path, *, name: str | None = None) -> Iterator[Loaded]:
    """The articles of one file, and a `Failure` for each that cannot be read; nothing is raised.

    `name` is what the file is called where that is not its path: an upload lies at a temporary path. It then
    stands in for the path wherever the path would show or make the id.
    """
    file = File(path=path, where=_absolute(path) if name is None else name)
    try:
        yield from _loader(file)(file)
    except SourceError as error:
        yield _failed(file, str(error))
    except OSError as error:
        yield _failed(file, os_reason(error))


def suffix_of(name: str) -> str | None:
    """The ending under which a file of this name is read, or None. Capitals do not matter."""
    lower = name.lower()
    return next(
        (suffix for suffix in sorted(SUFFIXES, key=len, reverse=True) if lower.endswith(suffix)), None
    )


def unknown_type(name: str) -> str:
    """Why a file of this name is not read."""
    ending = Path(name).suffix
    kind = f"files of type {printable(ending)} are" if ending else "files without an ending are"
    return f"{kind} not read; these are: {', '.join(SUFFIXES)}"


def _absolute(path: Path) -> str:
    """What a file is known by: its path from the root, links followed."""
    try:
        return str(path.resolve())
    except RuntimeError:  # before Python 3.13, a link to itself
        return str(path.absolute())


def _loader(file: File) -> Loader:
    if HALF_PAIR.search(file.where):
        raise SourceError("the file's name is no valid text and cannot be stored: rename the file")
    suffix = suffix_of(file.where)
    if suffix is None:
        raise SourceError(unknown_type(file.where))
    mode = file.path.stat().st_mode
    if stat.S_ISDIR(mode):
        raise SourceError("this is a folder, not a file")
    if not stat.S_ISREG(mode):
        raise SourceError("this is no ordinary file (a pipe, a socket or a device)")
    return LOADERS[suffix]


def _bytes(path: Path) -> bytes:
    with path.open("rb") as stream:
        data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise SourceError(
            f"the file is larger than {MAX_BYTES // 2**20} MB: split it, or put its articles in a .jsonl"
        )
    if not data.strip(b" \t\r\n\f\v\0\xef\xbb\xbf\xfe\xff"):
        raise SourceError("the file is empty")
    return data


def _failed(file: File, reason: str) -> Loaded:
    try:
        size = file.path.stat().st_size
    except OSError:
        size = 0
    return Loaded(Failure(source=printable(file.where), reason=reason), size)
