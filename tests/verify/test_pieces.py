"""Sentences of a text that is still being written: what was cut stays cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.verify.pieces import LONGEST, pieces

WRITTEN = st.lists(
    st.sampled_from(
        ["Kim", " ", " left", ".", ". ", "[1]", " [2]", "[", "]", "(x)", "\n", "\n\n", "- ", "1. ", "Mr. ", "! ", "”",
         "。", "[1](http://e)", "U.S. ", "…", "He", "**"]
    ), max_size=40
).map("".join)  # fmt: skip


def cut(text: str, *, whole: bool = True) -> list[str]:
    return [piece.raw for piece in pieces(text, 0, whole=whole)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Mr. Kim left [1]. He smiled.[2] [3] They met!", ["Mr. Kim left [1].", "He smiled.[2] [3]", "They met!"]),
        ("# Talks\n- Kim left\n2. He smiled. So did I", ["Talks", "Kim left", "He smiled.", "So did I"]),
        ("A [Dr. Foo is no mark] here. Yes.", ["A [Dr. Foo is no mark] here.", "Yes."]),
        ("金正恩離開。[1]普京留下。", ["金正恩離開。[1]", "普京留下。"]),
        ("It rose by 3.5 percent. “Good.” [1] He left", ["It rose by 3.5 percent.", "“Good.” [1]", "He left"]),
        (" \n ", []),
    ],
)  # fmt: skip
def test_sentences(text: str, found: list[str]) -> None:
    assert cut(text) == found


def test_a_sentence_waits_for_the_next_word_and_its_marks() -> None:
    text = "Kim left. [1] He smiled."
    first = next(end for end in range(len(text)) if cut(text[:end], whole=False))
    assert text[:first] == "Kim left. [1] He "
    assert cut("Kim left.\n", whole=False) == ["Kim left."]


def test_a_text_without_a_full_stop_is_cut_between_words() -> None:
    found = cut("word " * 20_000)
    assert max(map(len, found)) <= LONGEST
    assert {word for piece in found for word in piece.split()} == {"word"}


@given(WRITTEN)
def test_a_beginning_gives_a_beginning(text: str) -> None:
    whole = cut(text)
    for end in range(len(text)):
        so_far = cut(text[:end], whole=False)
        assert so_far == whole[: len(so_far)]
    assert "".join("".join(whole).split()) == "".join(
        "".join(p.raw for p in pieces(text, 0, whole=True)).split()
    )
