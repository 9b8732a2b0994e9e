"""PDF: the text layer as paragraphs, title and author, by pypdf.

Lines are joined where a paragraph goes on (by the gaps between lines, their type sizes and their lengths),
hyphens at line ends undone, page numbers and running heads dropped. Scans are not read: they have no text.
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

from qa.errors import SourceError
from qa.load.decode import kind_of, looks_like_html
from qa.load.draft import Draft
from qa.load.foreign import foreign
from qa.load.reflow import Line, largest, reflow
from qa.load.tidy import tidy

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader

_NO_TITLE = re.compile(
    r"\(?(?:untitled|unspecified|anonymous|unknown)\)?|(?:microsoft word - )?document\d*"
    r"|about:blank|https?:.*|print(?:ing)?|.*\.(?:docx?|pdf|indd|qxp|tmp|txt|html?|rtf|odt)",
    re.IGNORECASE,
)
_SIGNS = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
    | dict.fromkeys("\x7f\uf0a7\uf0b7\uf076\uf0d8", "•")
)
"""Ligatures as letters, and the bullets of symbol typefaces."""
_CONTROLS = re.compile(r"[\x00-\x1f\ud800-\udfff]")


def read(data: bytes) -> Draft:
    """The article in a PDF."""
    if b"%PDF-" not in data[:1024]:
        plain = (
            "a web page: rename it to .html"
            if looks_like_html(data)
            else "no PDF: rename it to what it is (.txt, .docx)"
        )
        raise SourceError(f"this is {kind_of(data) or plain}")
    with foreign("this PDF is damaged or cut off; save or download it again"):
        from pypdf import PdfReader
        from pypdf.errors import DependencyError

        try:
            reader = PdfReader(io.BytesIO(data))
            _unlock(reader)
            return _draft(reader)
        except DependencyError as error:
            raise SourceError(
                f"this PDF is encrypted with AES: pip install 'pypdf[crypto]' and add it again ({error})"
            ) from error


def _unlock(reader: PdfReader) -> None:
    """Many PDFs are encrypted with an empty password, only to forbid printing."""
    if reader.is_encrypted and not reader.decrypt(""):
        raise SourceError("this PDF is password-protected: save it without a password")


def _draft(reader: PdfReader) -> Draft:
    pages = [_lines(page) for page in reader.pages]
    text = tidy(reflow(pages))
    if not any(character.isalpha() for character in text):
        raise SourceError(
            "there is no text in this PDF, it seems to be a scan: run text recognition (OCR) over it first"
        )
    named, author, created = _properties(reader)
    return Draft(text=text, title=_title(named, largest(pages[0], pages)), author=author, created=created)


def _properties(reader: PdfReader) -> tuple[str | None, str | None, str | None]:
    """Title, author and day of making; a PDF whose properties are damaged can still be read."""
    try:
        with foreign("the properties cannot be read"):
            about = reader.metadata
            if about is None:
                return None, None, None
            made = about.creation_date
            return _good(about.title), _good(about.author), None if made is None else made.date().isoformat()
    except SourceError:
        return None, None, None


def _title(named: str | None, printed: str | None) -> str | None:
    """The title in the properties, without the "| The Daily" that browsers leave on it; else as printed."""
    if named is None or (printed is not None and named.startswith(printed)):
        return printed
    return named


def _good(value: str | None) -> str | None:
    value = (value or "").strip().removeprefix("Microsoft Word - ")
    return None if not value or _NO_TITLE.fullmatch(value) else value


def _lines(page: PageObject) -> list[Line]:
    """The lines of a page in reading order, with where they stand and how large they are."""
    lines: list[Line] = []
    run = ""
    at: tuple[float, float, float] | None = None

    def visit(text: str, cm: list[float], tm: list[float], _font: object, size: float) -> None:
        nonlocal run, at
        first, *more = text.split("\n")
        for number, piece in enumerate([first, *more]):
            if number:
                end()
            if piece.strip() and at is None:
                x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
                y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
                at = (x, y, abs(size * (tm[3] or tm[1]) * (cm[3] or cm[1])))
            run += piece

    def end() -> None:
        nonlocal run, at
        words = " ".join(run.split())
        words = _CONTROLS.sub("", words.translate(_SIGNS))
        if words and at is not None:
            lines.append(Line(words, *at))
        run, at = "", None

    page.extract_text(visitor_text=visit)
    end()
    return lines
