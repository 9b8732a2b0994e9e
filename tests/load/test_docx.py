"""Word documents, by python-docx."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import datetime

import pytest
from docx import Document
from docx.document import Document as DocumentObject

from qa.records import Article

LoadOne = Callable[[str, str | bytes], Article]
FailOne = Callable[[str, str | bytes], str]


def _story() -> DocumentObject:
    document = Document()
    document.add_heading("Kim arrives by train", 1)
    paragraph = document.add_paragraph("The armoured train carrying ")
    paragraph.add_run("Kim").bold = True
    paragraph.add_run(" pulled into the station.")
    document.add_paragraph("")
    document.add_heading("Labour", 2)
    document.add_paragraph("One point", style="List Bullet")
    document.add_paragraph("Another point", style="List Number")
    table = document.add_table(rows=2, cols=2)
    for row, words in zip(table.rows, (("Year", "Aid"), ("2018", "25 million")), strict=True):
        for cell, word in zip(row.cells, words, strict=True):
            cell.text = word
    document.add_paragraph("The end. — Reuters")
    frame = document.add_table(rows=1, cols=2)
    merged = frame.cell(0, 0).merge(frame.cell(0, 1))
    merged.text = "In a frame."
    merged.add_paragraph("Its second paragraph.")
    return document


def _bytes(document: DocumentObject) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


TEXT = """Kim arrives by train

The armoured train carrying Kim pulled into the station.

Labour

• One point
• Another point

Year | Aid
2018 | 25 million

The end. — Reuters

In a frame.

Its second paragraph."""


def test_paragraphs_and_tables_in_their_order(article: LoadOne) -> None:
    got = article("a1.docx", _bytes(_story()))
    assert got.text == TEXT
    assert (got.title, got.author, got.published) == ("Kim arrives by train", None, None)


def test_properties_give_title_author_and_as_a_last_resort_the_date(article: LoadOne) -> None:
    document = _story()
    document.core_properties.title = "A train for Kim"
    document.core_properties.author = "Ann Lee;Bo Day"
    document.core_properties.created = datetime(2019, 4, 25, 10, 0)
    document.core_properties.modified = datetime(2021, 1, 1)
    got = article("a1.docx", _bytes(document))
    assert (got.title, got.author, got.published) == ("A train for Kim", "Ann Lee, Bo Day", "2019-04-25")
    assert article("2019-04-24 Kim.docx", _bytes(document)).published == "2019-04-24"


@pytest.mark.parametrize("title", ["Word Document", "Document1", "kim-final.docx", ""])
def test_a_title_that_a_program_wrote_gives_way_to_the_heading(article: LoadOne, title: str) -> None:
    document = _story()
    document.core_properties.title = title
    assert article("a1.docx", _bytes(document)).title == "Kim arrives by train"


def _zip(name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
DAMAGED = "this is no Word document, or it is damaged; save it again as .docx"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (
            OLE + "EncryptedPackage".encode("utf-16-le"),
            "this document is password-protected: save it without a password",
        ),
        (OLE, "this is a document of an old Word (.doc): save it as .docx"),
        (b"Just some words.", "this is no Word document: rename it to what it is (.txt, .html)"),
        (b"%PDF-1.4", "this is a PDF: rename it to .pdf"),
        (b"PK\x03\x04 and so on", f"{DAMAGED} (BadZipFile: File is not a zip file)"),
        (_bytes(Document()), "there is no text in it"),
    ],
)
def test_what_is_no_document_is_named(failure: FailOne, content: bytes, reason: str) -> None:
    assert failure("a.docx", content) == reason


def test_a_zip_that_is_no_document_and_one_cut_off_are_named(failure: FailOne) -> None:
    assert failure("a.docx", _zip("a.txt", b"words")).startswith(f"{DAMAGED} (KeyError")
    assert failure("b.docx", _bytes(_story())[:-2000]).startswith(f"{DAMAGED} (BadZipFile")


def test_a_bomb_is_not_unpacked(failure: FailOne) -> None:
    bomb = _zip("word/document.xml", bytes(257 * 2**20))
    assert len(bomb) < 2**20
    assert failure("a.docx", bomb) == "unpacked, this document has 257 MB: 256 at most"
