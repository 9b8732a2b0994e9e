"""Plain text: encodings, newlines, and what a scraper left behind."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from qa.records import Article

LoadOne = Callable[[str, str | bytes], Article]

WORDS = {
    "english": "“We will talk,” Kim’s aide said — and they did. It cost £5 and 30 € at the café.",
    "french": "Le président a déclaré qu’il était « très heureux » de la rencontre, où l’été fut bref.",
    "german": "Der Präsident möchte über die Größe der Lieferungen sprechen, sagte er später in München.",
    "spanish": "El niño comió en la montaña; mañana vendrá el señor Ibáñez a España.",
    "russian": "Ким прибыл во Владивосток на бронепоезде, чтобы встретиться с президентом.",
    "japanese": "金正恩氏は列車でウラジオストクに到着した。会談は大学で行われる。",
}


@pytest.mark.parametrize(
    ("words", "encoding"),
    [
        *((words, "utf-8") for words in WORDS),
        *((words, "utf-8-sig") for words in WORDS),
        *((words, "utf-16") for words in WORDS),
        *((words, "utf-32") for words in WORDS),
        ("english", "utf-16-le"),
        ("english", "utf-16-be"),
        ("english", "cp1252"),
        ("english", "mac_roman"),
        ("french", "cp1252"),
        ("german", "latin-1"),
        ("spanish", "latin-1"),
        ("russian", "cp1251"),
        ("russian", "koi8_r"),
        ("japanese", "shift_jis"),
        ("japanese", "euc_jp"),
    ],
)
def test_the_encoding_is_found_out(article: LoadOne, words: str, encoding: str) -> None:
    assert article("a.txt", WORDS[words].encode(encoding)).text == WORDS[words]


def test_a_single_bad_byte_does_not_spoil_utf8(article: LoadOne) -> None:
    text = WORDS["german"] * 5
    assert article("a.txt", text.encode() + b" \xff").text == f"{text} \N{REPLACEMENT CHARACTER}"


def test_newlines_and_blank_lines_are_brought_into_one_form(article: LoadOne) -> None:
    content = "\r\n\r\nOne.  \r\nTwo.\rThree.\x0cFour.\u2028Five.\u2029Six.\n\n\n \n\nSeven.\n\n"
    assert article("a.txt", content).text == "One.\nTwo.\nThree.\nFour.\nFive.\n\nSix.\n\nSeven."


def test_furniture_goes_and_everything_else_stays(article: LoadOne) -> None:
    content = """In Summary
  • He came by train.
  - A second point

Vladivostok,

ADVERTISEMENT

The leader came on Wednesday. Page 1 of 2 was blank, and an advertisement hung there.

LABOUR

Page 1 of 2

Some 10,000 work there. — Reuters
Page 2/2
- Page 3 -
Share this article
"""
    assert (
        article("003_441ac895532287a2.txt", content).text
        == """In Summary
  • He came by train.
  - A second point

Vladivostok,

The leader came on Wednesday. Page 1 of 2 was blank, and an advertisement hung there.

LABOUR

Some 10,000 work there. — Reuters"""
    )


def test_invisible_characters_go(article: LoadOne) -> None:
    assert article("a.txt", "Vla\u00addi\u200bvos\ufefftok\x1b is\x07 far.").text == "Vladivostok is far."
