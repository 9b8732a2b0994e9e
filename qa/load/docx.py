"""Word documents (.docx): paragraphs and tables in their order, title and author, by python-docx.

Headings stand alone, list items get a bullet. Text boxes, footnotes, headers and changes not yet accepted
are not read.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING

from qa.errors import SourceError
from qa.load.decode import kind_of
from qa.load.draft import Draft
from qa.load.foreign import foreign
from qa.load.tidy import tidy

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table, _Cell
    from docx.text.paragraph import Paragraph

_MAX_UNPACKED = 256 * 2**20
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_NO_TITLE = re.compile(
    r"(?:word )?document\d*|untitled|title|normal|.*\.(?:docx?|dotx?|rtf|odt)", re.IGNORECASE
)
_NO_AUTHOR = re.compile(
    r"python-docx|admin(?:istrator)?|(?:microsoft office )?user|author|owner|unknown", re.IGNORECASE
)
_TEMPLATE_MADE = "2013-12-23"
"""The day in python-docx's own template: a document that carries it was never given a date."""


def read(data: bytes) -> Draft:
    """The article in a Word document."""
    if data.startswith(_OLE):
        if _ENCRYPTED in data:
            raise SourceError("this document is password-protected: save it without a password")
        raise SourceError("this is a document of an old Word (.doc): save it as .docx")
    if not data.startswith(b"PK"):
        raise SourceError(
            f"this is {kind_of(data) or 'no Word document: rename it to what it is (.txt, .html)'}"
        )
    with foreign("this is no Word document, or it is damaged; save it again as .docx"):
        _refuse_bomb(data)
        from docx import Document

        return _draft(Document(io.BytesIO(data)))


def _refuse_bomb(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        unpacked = sum(info.file_size for info in archive.infolist())
    if unpacked > _MAX_UNPACKED:
        raise SourceError(
            f"unpacked, this document has {unpacked // 2**20:,} MB: {_MAX_UNPACKED // 2**20} at most"
        )


def _draft(document: Document) -> Draft:
    properties = document.core_properties
    titled = (
        paragraph.text.strip()
        for paragraph in document.paragraphs
        if _style(paragraph) in ("title", "heading 1") and paragraph.text.strip()
    )
    author = (properties.author or "").strip()
    return Draft(
        text=tidy(_join(_blocks(document))),
        title=_good(properties.title, _NO_TITLE) or next(titled, None),
        author=_good(author.replace("; ", ", ").replace(";", ", "), _NO_AUTHOR),
        created=_created(document),
    )


def _created(document: Document) -> str | None:
    created = document.core_properties.created
    day = None if created is None else created.date().isoformat()
    return None if day == _TEMPLATE_MADE else day


def _good(value: str | None, bad: re.Pattern[str]) -> str | None:
    value = (value or "").strip()
    return None if not value or bad.fullmatch(value) else value


def _blocks(container: Document | _Cell) -> Iterator[tuple[str, bool]]:
    """Each paragraph and table as text, and whether it is a list item."""
    from docx.text.paragraph import Paragraph

    for block in container.iter_inner_content():
        if not isinstance(block, Paragraph):
            yield from _table(block)
        elif text := block.text.strip():
            if _is_item(block):
                yield f"• {text.lstrip('•*- ')}", True
            else:
                yield text, False


def _table(table: Table) -> Iterator[tuple[str, bool]]:
    """The rows of a table, cells parted by a bar; a row of a single cell is only there for looks."""
    yield "", False
    for row in table.rows:
        cells = list({id(cell._tc): cell for cell in row.cells}.values())
        if len(cells) == 1:
            yield from _blocks(cells[0])
        else:
            words = [" ".join(" ".join(text for text, _ in _blocks(cell)).split()) for cell in cells]
            if any(words):
                yield " | ".join(words), True
    yield "", False


def _join(blocks: Iterator[tuple[str, bool]]) -> str:
    """A blank line between blocks, but not between the items of one list."""
    out = ""
    before = False
    for text, item in blocks:
        out += ("\n" if item and before else "\n\n") + text
        before = item
    return out


def _style(paragraph: Paragraph) -> str:
    style = paragraph.style
    return (style.name or "").lower() if style is not None else ""


def _is_item(paragraph: Paragraph) -> bool:
    properties = paragraph._p.pPr
    numbered = properties is not None and properties.numPr is not None
    style = _style(paragraph)
    return style.startswith("list ") or (numbered and not style.startswith(("heading", "title")))
