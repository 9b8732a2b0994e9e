"""What of a model's stream is meant for the reader."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.messages import AIMessageChunk

from qa.generate.speech import LONGEST, Said, circles, said, visible


def _chunks(*texts: str, reason: str | None = None) -> Iterator[AIMessageChunk]:
    for text in texts:
        yield AIMessageChunk(text)
    if reason:
        yield AIMessageChunk("", response_metadata={"finish_reason": reason})


def test_it_grows() -> None:
    assert list(said(_chunks("On ", "Russky", "", " island."))) == [
        Said("On"),
        Said("On Russky"),
        Said("On Russky island."),
        Said("On Russky island."),
    ]


def test_nothing_said() -> None:
    assert list(said(_chunks())) == [Said("")]
    assert list(said(_chunks("<think>", "hm", "</think>", "\n"))) == [Said("")]


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("<think>Where?</think>There.", "There."),
        ("<THINK>Where?</THINK>\n\nThere.", "There."),
        ("<think>Where", ""),
        ("It was where.</think>There.", "There."),  # the template of some models opens the thought itself
        ("<think>a</think>One. <think>b</think>Two.", "One. Two."),
        ("There.<|im_end|>", "There."),
        ("There. <|im_e", "There."),
        ("There. <thi", "There."),
        ("3 < 4 and 5 > 4.", "3 < 4 and 5 > 4."),
        ("[1] There.", "[1] There."),
    ],
)
def test_visible(raw: str, text: str) -> None:
    assert visible(raw) == text


@given(st.lists(st.sampled_from(["<think>", "</think>", "a. ", "<", "|", ">", "[1]"]), max_size=12))
def test_no_thought_is_ever_seen(parts: list[str]) -> None:
    text = visible("".join(parts))
    assert "think>" not in text


def test_thoughts_in_blocks_of_their_own() -> None:
    chunk = AIMessageChunk(
        [{"type": "reasoning", "reasoning": "hm", "index": 0}, {"type": "text", "text": "There.", "index": 1}]
    )
    assert list(said([chunk]))[-1] == Said("There.")


@pytest.mark.parametrize("reason", ["length", "max_tokens", "MAX_TOKENS"])
def test_the_models_own_limit(reason: str) -> None:
    assert list(said(_chunks("One. Two and", reason=reason)))[-1] == Said("One. Two and", cut=True)


def test_an_end_where_the_model_finds_none() -> None:
    closed = []

    def endless() -> Iterator[AIMessageChunk]:
        try:
            number = 0
            while True:
                number += 1
                yield AIMessageChunk(f"Sheep {number} jumped. ")
        finally:
            closed.append(True)

    last = list(said(endless()))[-1]
    assert last.cut
    assert LONGEST - 30 < len(last.text) <= LONGEST
    assert closed == [True]


def test_in_circles() -> None:
    *_, last = said(AIMessageChunk("He left. He said so. "[9:] if i else "He left. ") for i in range(10_000))
    assert last == Said("He left. He said so.\n", cut=True)
    assert not circles("It was. It was not. It was.")
    assert not circles("1. 2. 3. 3. 3.")


@pytest.mark.parametrize(
    "sentence", [" He said so.", " He said so. [1]", "\n- He said so", "\nHe said so. [1]\n"]
)
def test_what_comes_again_is_held_back(sentence: str) -> None:
    *_, last = said(_chunks(*("He left." + sentence * 10)))
    assert (last.cut, last.text) == (True, f"He left.{sentence}".rstrip() + "\n")


def test_who_says_it_twice_and_goes_on_has_said_it_twice() -> None:
    *_, last = said(_chunks(*"No means no. No means no. Then he left. Then he"))
    assert last == Said("No means no. No means no. Then he left. Then he")


def test_thoughts_without_end() -> None:
    *_, last = said(AIMessageChunk("hm " * 1000 if i else "<think>") for i in range(1000))
    assert last == Said("", cut=True)


def test_the_time_is_up() -> None:
    *_, last = said((AIMessageChunk(f"Sheep {i}. ") for i in range(1000)), seconds=0.0)
    assert last.cut
    assert last.text == "Sheep 0."
