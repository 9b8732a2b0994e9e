"""A written answer on the screen: sentence by sentence as it comes, once, with its sources after it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from qa import display
from qa.records import UNSUPPORTED, Answer, Citation, Claim

FIRST, SECOND = "Kim came by train.", "He left by boat."
QUOTE = "Kim Jong Un came by armoured train."
CITATION = Citation(
    number=1,
    article_id="a",
    title="Kim arrives",
    source="Harbour Wire",
    url=None,
    published="2019-04-25",
    start=0,
    end=len(QUOTE),
    quote=QUOTE,
    answer_start=0,
    answer_end=len(QUOTE),
)
BEGUN = Answer(
    question="How did Kim come?",
    answered=True,
    answer=f"{FIRST} [1]",
    confidence=0.9,
    citations=(CITATION,),
    nearest=(),
    model="fake",
    seconds=0.1,
    claims=(Claim(start=0, end=len(FIRST), citations=(1,), supported=True),),
)
START = len(f"{FIRST} [1] ")
WHOLE = replace(
    BEGUN,
    answer=f"{FIRST} [1] {SECOND} {UNSUPPORTED}",
    claims=(*BEGUN.claims, Claim(start=START, end=START + len(SECOND), citations=(), supported=False)),
)
SOURCES = f"[1] Kim arrives  Harbour Wire · 2019-04-25\n    {QUOTE}\n"
READERS = replace(
    BEGUN,
    answer="by armoured train",
    claims=(),
    model="reader",
    note="The connection broke off. This is what the reader quotes.",
)

Capture = pytest.CaptureFixture[str]


def test_each_sentence_is_there_before_the_next_is_written(capsys: Capture) -> None:
    def snapshots() -> Iterator[Answer]:
        assert capsys.readouterr().out == ""
        yield BEGUN
        assert capsys.readouterr().out == f"{FIRST} [1]"
        yield WHOLE
        assert capsys.readouterr().out == f" {SECOND} {UNSUPPORTED}"

    display.answering(snapshots())
    assert capsys.readouterr().out == (
        f"\n1 sentence is marked {UNSUPPORTED}: nothing that was found says so.\n{SOURCES}"
    )


def test_the_reader_answers_in_the_place_of_a_model_that_failed(capsys: Capture) -> None:
    display.answering(iter([BEGUN, READERS]))
    assert capsys.readouterr().out == f"{FIRST} [1]\n{READERS.note}\nby armoured train\n{SOURCES}"


def test_a_note_comes_after_what_was_written(capsys: Capture) -> None:
    display.answering(
        iter([BEGUN, replace(BEGUN, note="It was cut.", understood="How did Kim Jong Un come?")])
    )
    assert capsys.readouterr().out == (
        f"{FIRST} [1]\nUnderstood as: How did Kim Jong Un come?\nIt was cut.\n{SOURCES}"
    )


def test_the_readers_answer_comes_at_once(capsys: Capture) -> None:
    display.answering(iter([replace(READERS, note=None)]))
    assert capsys.readouterr().out == f"by armoured train\n{SOURCES}"


def test_a_model_cannot_command_the_terminal(capsys: Capture) -> None:
    evil = "Kim\x1b[2J came.\u202e [red]x[/red] :smile:"
    claims = (Claim(start=0, end=len(evil), citations=(1,), supported=True),)
    display.answering(iter([replace(BEGUN, answer=f"{evil} [1]", claims=claims)]))
    assert capsys.readouterr().out == f"Kim�[2J came.� [red]x[/red] :smile: [1]\n{SOURCES}"
