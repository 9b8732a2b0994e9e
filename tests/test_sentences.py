"""Sentences of news text, and that they cover any text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.records import Span
from qa.sentences import sentences, trim

# Everything that a text is made of, with what ends lines and sentences more often than chance has it.
TEXTS = st.text(
    alphabet=st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from(" \n\r\t.•-A1”。"))
)


def _cut(text: str) -> list[str]:
    return [text[span.start : span.end].strip() for span in sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kim arrived. He smiled.", ["Kim arrived.", "He smiled."]),
        (
            "VLADIVOSTOK, Russia: Kim arrived on Wednesday. He met Gen. Smith of the U.S. Army at 9 a.m. on Friday.",
            [
                "VLADIVOSTOK, Russia: Kim arrived on Wednesday.",
                "He met Gen. Smith of the U.S. Army at 9 a.m. on Friday.",
            ],
        ),
        (
            "Mr. Trump paid $25.5 million to Dr. Lee. That was 3.5 per cent.",
            ["Mr. Trump paid $25.5 million to Dr. Lee.", "That was 3.5 per cent."],
        ),
        ("“It was useful,” he said. “Very.”", ["“It was useful,” he said.", "“Very.”"]),
        (
            "In Summary\n  • Kim looks for support\n  • Putin has a chance\n\nVladivostok,\n\nThey met.",
            ["In Summary", "• Kim looks for support", "• Putin has a chance", "Vladivostok,", "They met."],
        ),
        (
            "– Kim looks for support\n– Putin has a chance",
            ["– Kim looks for support", "– Putin has a chance"],
        ),
        ("Aid came.\n\nLABOUR\n\nWages fell.", ["Aid came.", "LABOUR", "Wages fell."]),
        (
            "GLOBAL INFLUENCE\nFor Putin, the summit is a chance to push Russia's agenda.",
            ["GLOBAL INFLUENCE", "For Putin, the summit is a chance to push Russia's agenda."],
        ),
        ("They left. — Reuters\n\nPage 1 of 2", ["They left.", "— Reuters", "Page 1 of 2"]),
        ("1. Take the train. It is late.\n(2) Go home", ["1. Take the train.", "It is late.", "(2) Go home"]),
        (
            "Labour is one of North Korea's key\nexports and sources of cash. It has\nasked Russia to go on.",
            [
                "Labour is one of North Korea's key\nexports and sources of cash.",
                "It has\nasked Russia to go on.",
            ],
        ),
        (
            "It rose at 6:04 p.m. Indian time and 10 a.m. GMT. It fell at 5 p.m. Monday. He left at 5 p.m. It rained.",
            [
                "It rose at 6:04 p.m. Indian time and 10 a.m. GMT.",
                "It fell at 5 p.m. Monday.",
                "He left at 5 p.m.",
                "It rained.",
            ],
        ),
        ("金正恩抵达。他微笑了。", ["金正恩抵达。", "他微笑了。"]),
        ("One line\r\n\r\nAnother one.\r\n", ["One line", "Another one."]),
    ],
)
def test_news_text(text: str, expected: list[str]) -> None:
    assert _cut(text) == expected


@pytest.mark.parametrize("text", ["", " ", "\n\n\t", "\u3000\x0c\u2028"])
def test_no_content_no_sentence(text: str) -> None:
    assert sentences(text) == []


def test_blanks_before_the_first_and_after_the_last_belong_to_them() -> None:
    assert sentences("\n\n One. Two. \n") == [Span(start=0, end=8), Span(start=8, end=14)]


@given(TEXTS)
def test_they_partition_any_text(text: str) -> None:
    spans = sentences(text)
    assert "".join(text[span.start : span.end] for span in spans) == (text if text.strip() else "")
    assert [span.start for span in spans[1:]] == [span.end for span in spans[:-1]]
    assert all(text[span.start : span.end].strip() for span in spans)


@given(TEXTS, st.data())
def test_trim_takes_blanks_only(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    span = Span(start=start, end=data.draw(st.integers(start, len(text))))
    inner = trim(text, span)
    assert span.start <= inner.start <= inner.end <= span.end
    assert text[inner.start : inner.end] == text[span.start : span.end].strip()


def test_dates_and_abbreviations_are_those_of_the_language() -> None:
    text = "Am 8. November kam er. Dann ging er."
    assert [text[one.start : one.end] for one in sentences(text, language="de")] == [
        "Am 8. November kam er. ",
        "Dann ging er.",
    ]
    assert len(sentences(text)) == 3
    assert sentences(text, language="xx") == sentences(text)
