"""PDF: lines become paragraphs again."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest

from qa.records import Article

LoadOne = Callable[[str, str | bytes], Article]
FailOne = Callable[[str, str | bytes], str]
Pdf = Callable[..., bytes]

PAGE_ONE = [
    (250, 820, 9, "THE DAILY CORPUS"),
    (50, 780, 20, "Kim arrives by train"),
    (50, 760, 11, "Vladivostok, 24 April 2019"),
    (50, 730, 11, "The armoured train carrying Kim pulled into the quayside sta-"),
    (50, 717, 11, "tion in Vladivostok after a long ride, and a face-to-face meeting"),
    (50, 704, 11, "with the president was to come. It will be their first face-"),
    (50, 691, 11, "to-face meeting."),
    (50, 670, 14, "Labour"),
    (50, 650, 11, "\N{BULLET} One point about the labourers who are working there for"),
    (60, 637, 11, "wages"),
    (50, 624, 11, "\N{BULLET} Another point"),
    (50, 600, 11, "Some ten thousand of them are due to leave before the end of the"),
    (280, 30, 9, "Page 1 of 2"),
]
PAGE_TWO = [
    (250, 820, 9, "THE DAILY CORPUS"),
    (50, 780, 11, "year, and it is not known who will build the houses then."),
    (50, 767, 11, "He left."),
    (50, 745, 11, "The end is near. \N{EM DASH} Reuters"),
    (280, 30, 9, "2"),
]
TEXT = """Kim arrives by train

Vladivostok, 24 April 2019

The armoured train carrying Kim pulled into the quayside station in Vladivostok after a long ride, \
and a face-to-face meeting with the president was to come. It will be their first face-to-face meeting.

Labour

• One point about the labourers who are working there for wages
• Another point

Some ten thousand of them are due to leave before the end of the year, \
and it is not known who will build the houses then. He left.

The end is near. — Reuters"""


def _rewritten(data: bytes, **encryption: Any) -> bytes:
    from pypdf import PdfWriter

    writer = PdfWriter(clone_from=io.BytesIO(data))
    writer.encrypt(**encryption)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_paragraphs_are_joined_and_page_furniture_is_dropped(article: LoadOne, pdf: Pdf) -> None:
    got = article("kim.pdf", pdf(PAGE_ONE, PAGE_TWO))
    assert got.text == TEXT
    assert (got.title, got.published, got.source, got.author) == (
        "Kim arrives by train",
        "2019-04-24",
        "Reuters",
        None,
    )


def test_properties_give_title_and_author(article: LoadOne, pdf: Pdf) -> None:
    got = article("kim.pdf", pdf(PAGE_ONE, PAGE_TWO, title="A train for Kim", author="Ann Lee"))
    assert (got.title, got.author) == ("A train for Kim", "Ann Lee")


@pytest.mark.parametrize(
    "title", ["untitled", "Microsoft Word - kim-3.docx", "Kim arrives by train | The Daily"]
)
def test_a_title_that_a_program_wrote_gives_way_to_the_headline(
    article: LoadOne, pdf: Pdf, title: str
) -> None:
    assert article("kim.pdf", pdf(PAGE_ONE, PAGE_TWO, title=title)).title == "Kim arrives by train"


def test_the_day_of_making_is_the_last_resort(article: LoadOne, pdf: Pdf) -> None:
    page = [(50, 700, 11, "The armoured train carrying Kim pulled in.")]
    assert article("kim.pdf", pdf(page)).published == "2000-01-01"  # reportlab's day where none is to show
    assert article("2019-04-24-kim.pdf", pdf(page)).published == "2019-04-24"


def test_a_pdf_with_an_empty_password_is_read(article: LoadOne, pdf: Pdf) -> None:
    locked = _rewritten(pdf(PAGE_ONE, PAGE_TWO), user_password="", owner_password="x", algorithm="RC4-128")
    assert article("kim.pdf", locked).text == TEXT


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-256"])
def test_a_password_is_asked_for_in_a_sentence(failure: FailOne, pdf: Pdf, algorithm: str) -> None:
    if algorithm == "AES-256":
        pytest.importorskip("cryptography", reason="AES needs pypdf[crypto]")
    locked = _rewritten(pdf(PAGE_ONE), user_password="secret", algorithm=algorithm)
    assert failure("kim.pdf", locked) == "this PDF is password-protected: save it without a password"


def test_a_scan_is_named(failure: FailOne, pdf: Pdf) -> None:
    assert failure("scan.pdf", pdf([])) == (
        "there is no text in this PDF, it seems to be a scan: run text recognition (OCR) over it first"
    )


@pytest.mark.parametrize("keep", [20, 300, 1000])
def test_a_pdf_cut_off_is_named(failure: FailOne, pdf: Pdf, keep: int) -> None:
    reason = failure("kim.pdf", pdf(PAGE_ONE)[:keep])
    assert reason.startswith("this PDF is damaged or cut off; save or download it again (")


def test_pages_in_a_circle_are_named(failure: FailOne) -> None:
    data = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[2 0 R 2 0 R]/Count 9>>endobj
trailer<</Root 1 0 R>>
startxref
0
%%EOF"""
    assert failure("a.pdf", data).startswith("this PDF is damaged or cut off")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"Just some words.", "this is no PDF: rename it to what it is (.txt, .docx)"),
        (b"<html><body>x</body></html>", "this is a web page: rename it to .html"),
        (b"\x89PNG\r\n", "this is a picture: only text is read"),
    ],
)
def test_what_is_no_pdf_is_named(failure: FailOne, content: bytes, reason: str) -> None:
    assert failure("a.pdf", content) == reason
