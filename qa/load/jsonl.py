"""Article lines (.jsonl, .jsonl.gz): one JSON object a line, `text` kept to the last character.

Reads line by line, so a file may be larger than memory. A bad line is a `Failure` of its own and the rest
goes on. Of the ids it has seen it remembers the last half million, to name the line that had one before.
"""

from __future__ import annotations

import gzip
import io
import json
import zlib
from collections.abc import Callable, Iterator
from typing import Any

from qa.errors import SourceError
from qa.load.complete import complete
from qa.load.dates import iso
from qa.load.decode import kind_of
from qa.load.draft import Draft, File, Loaded
from qa.load.words import printable, shorten
from qa.records import Article, Failure

MAX_LINE = 64 * 2**20
_MOST_IDS = 500_000
_GZIP = b"\x1f\x8b"
_BOM = b"\xef\xbb\xbf"
_OPTIONAL = ("id", "title", "url", "source", "published", "author")
_KINDS = {bool: "true or false", int: "a number", float: "a number", list: "a list", dict: "an object"}


def plain(file: File) -> Iterator[Loaded]:
    """The articles of a .jsonl file."""
    with file.path.open("rb") as raw:
        yield from _articles(file, raw, raw.tell)


def packed(file: File) -> Iterator[Loaded]:
    """The articles of a .jsonl.gz file; those before a damage in it are kept."""
    with file.path.open("rb") as raw:
        if (start := raw.read(2)) != _GZIP:
            raise SourceError(
                "the file is empty" if not start else "this is not packed with gzip: rename it to .jsonl"
            )
        raw.seek(0)
        with gzip.GzipFile(fileobj=raw) as stream:
            try:
                yield from _articles(file, stream, raw.tell)
            except (EOFError, zlib.error, gzip.BadGzipFile) as error:
                reason = "the file is damaged or cut off; the lines before that are kept: pack it again"
                yield Loaded(
                    Failure(source=printable(file.where), reason=f"{reason} ({error})"),
                    file.path.stat().st_size,
                )


def _articles(
    file: File, stream: io.BufferedReader | gzip.GzipFile, tell: Callable[[], int]
) -> Iterator[Loaded]:
    _refuse(stream.peek(4096)[:4096])
    seen = _Seen()
    blank = True
    for number, line in enumerate(_lines(stream), 1):
        try:
            if line is not None and not line.strip():
                continue
            blank = False
            item = complete(_draft(line), where=file.where, line=number)
            if not seen.before(item, number):
                yield Loaded(item, tell())
        except SourceError as error:
            yield Loaded(Failure(source=f"{printable(file.where)}:{number}", reason=str(error)), tell())
    if blank:
        raise SourceError("the file is empty")


def _refuse(start: bytes) -> None:
    """Say so once, not in every line, when the whole file is something else."""
    if kind := kind_of(start):
        raise SourceError(f"this is {kind}")
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise SourceError("the file is UTF-16: save it as UTF-8")
    if b"\0" in start:
        raise SourceError("this is binary data, not lines of JSON")
    if start.removeprefix(_BOM).split(b"\n", 1)[0].strip() == b"[":
        raise SourceError(
            "this is one JSON list over many lines: write one object a line, without the brackets around"
        )


def _lines(stream: io.BufferedReader | gzip.GzipFile) -> Iterator[bytes | None]:
    """Each line of a file, None in place of one that is longer than the limit."""
    if stream.peek(3).startswith(_BOM):
        stream.read(3)
    while line := stream.readline(MAX_LINE + 1):
        if len(line) <= MAX_LINE:
            yield line
            continue
        while line and not line.endswith(b"\n"):
            line = stream.readline(MAX_LINE)
        yield None


def _draft(line: bytes | None) -> Draft:
    """What one line says, checked field by field."""
    if line is None:
        raise SourceError(f"the line is longer than {MAX_LINE // 2**20} MB: split the article")
    record = _object(line)
    text = record.get("text")
    if text is None:
        raise SourceError('there is no "text" in it')
    if not isinstance(text, str):
        raise SourceError(f'"text" must be a string, not {_kind(text)}')
    if not text.strip():
        raise SourceError('its "text" is blank')
    fields = {name: _string(record, name) for name in _OPTIONAL}
    published = fields["published"]
    if published is not None and published.strip():
        fields["published"] = iso(published)
        if fields["published"] is None:
            shown = shorten(printable(published), 40)
            raise SourceError(
                f'"published" is no date: write "2019-04-24" or "2019-04-24T18:30:00+10:00", not "{shown}"'
            )
    else:
        fields["published"] = None
    return Draft(text=text, **fields)


def _object(line: bytes) -> dict[str, Any]:
    try:
        record = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise SourceError("the line is not UTF-8: save the file as UTF-8") from error
    except json.JSONDecodeError as error:
        raise SourceError(f"the line is no valid JSON: {error.msg} at column {error.colno}") from error
    except (ValueError, RecursionError) as error:
        raise SourceError(
            "the line is no JSON that can be read: a number in it is too long, or it is nested too deeply"
        ) from error
    if not isinstance(record, dict):
        raise SourceError(f"a line must be a JSON object, not {_kind(record)}")
    return record


def _string(record: dict[str, Any], name: str) -> str | None:
    value = record.get(name)
    if value is not None and not isinstance(value, str):
        raise SourceError(f'"{name}" must be a string, not {_kind(value)}')
    return value


def _kind(value: object) -> str:
    return "null" if value is None else _KINDS.get(type(value), "a string")


class _Seen:
    """Which ids this file has had, and in which lines; hashes only, and not without end."""

    def __init__(self) -> None:
        self._lines: dict[int, tuple[int, int]] = {}

    def before(self, article: Article, number: int) -> bool:
        """Whether this very article came before; a `SourceError` if another one has its id."""
        content = hash(
            (article.text, article.title, article.source, article.url, article.published, article.author)
        )
        line, known = self._lines.get(hash(article.id), (0, 0))
        if line:
            if known == content:
                return True
            raise SourceError(
                f"the id {article.id} stands in line {line:,} already: give each article its own"
            )
        if len(self._lines) >= _MOST_IDS:
            self._lines.clear()
        self._lines[hash(article.id)] = (number, content)
        return False
