"""A question on its way through the page, over a library that answers as it is told."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from qa.errors import ModelError
from qa.records import UNSUPPORTED, Answer, Claim
from qa.ui.asking import Asking
from qa.ui.render import Turn
from qa.ui.status import Answerer, Status

CAME = Answer(
    question="Who came?",
    answered=True,
    answer=f"Kim came. [1] He sang. {UNSUPPORTED}",
    confidence=0.9,
    citations=(),
    nearest=(),
    model="m",
    seconds=0.1,
    claims=(
        Claim(start=0, end=9, citations=(1,), supported=True),
        Claim(start=14, end=22, citations=(), supported=False),
    ),
)


class FakeLibrary:
    """Answers with what it was given, and remembers what it was asked."""

    def __init__(self, answers: Callable[[], Iterator[Answer]]) -> None:
        self.answers = answers
        self.asked: list[tuple[str, Sequence[tuple[str, str]], str | None]] = []

    def stream(
        self, question: str, *, history: Sequence[tuple[str, str]], model: str | None
    ) -> Iterator[Answer]:
        self.asked.append((question, history, model))
        return self.answers()


class FakeBackground:
    """A library that is ready."""

    def __init__(self, library: FakeLibrary, answerer: Answerer) -> None:
        self._library = library
        self.status = Status(phase="ready", answerer=answerer)
        self.closed = False

    def library(self, patience: float) -> FakeLibrary:
        return self._library

    def run(self, work: Callable[[], None]) -> None:
        threading.Thread(target=work).start()


def asking(
    answers: Callable[[], Iterator[Answer]], *, error: str | None = None
) -> tuple[Asking, FakeLibrary]:
    library = FakeLibrary(answers)
    return Asking(FakeBackground(library, Answerer(error=error))), library  # type: ignore[arg-type]


def settled(asking: Asking, turns: tuple[Turn, ...]) -> Turn:
    """The last turn when it is answered."""
    *_, (_, kept) = asking.answer(turns)
    turn: Turn = kept[-1]
    return turn


def turn(key: str = "k", **values: Any) -> Turn:
    return Turn(key=key, question="And then?", **values)


def test_the_conversation_goes_along_without_numbers_and_marks() -> None:
    asked, library = asking(lambda: iter([CAME]))
    before = Turn(key="0", question="Who came?", answer=CAME, whole=True)
    failed = Turn(key="1", question="What?", error="No.")
    assert settled(asked, (before, failed, turn())).answer == CAME
    assert library.asked == [("And then?", (("Who came?", "Kim came. He sang."),), None)]


def test_the_reader_answers_where_the_model_cannot_be_had() -> None:
    asked, library = asking(lambda: iter([CAME]), error="no such model")
    settled(asked, (turn(),))
    assert library.asked == [("And then?", (), "reader")]


def test_an_error_is_what_the_turn_ends_with() -> None:
    def failing() -> Iterator[Answer]:
        yield CAME
        raise ModelError("the key is wrong")

    asked, _ = asking(failing)
    assert settled(asked, (turn(),)) == turn(error="the key is wrong")


@pytest.mark.parametrize("spoken", [True, False])
def test_stopped_it_ends_with_what_there_is(spoken: bool) -> None:
    go_on = threading.Event()

    def slow() -> Iterator[Answer]:
        if spoken:
            yield CAME
        go_on.wait(10)
        yield CAME

    asked, _ = asking(slow)
    growing = asked.answer((turn(),))
    next(growing)
    asked.stop("k")
    asked.stop("another")
    *_, (html, kept) = growing
    go_on.set()
    last = kept[-1]
    if spoken:
        assert (last.answer.note, last.whole, last.state) == ("You stopped it here.", True, "help")
    else:
        assert (last.error, last.stopped) == ("You stopped it before an answer came.", True)
    assert "You stopped it" in html


def test_one_turn_is_answered_once_at_a_time() -> None:
    asked, library = asking(lambda: iter([CAME]))
    growing = asked.answer((turn(),))
    next(growing)
    assert len(list(asked.answer((turn(),)))) == 1
    growing.close()  # type: ignore[attr-defined]  # a generator
    assert len(library.asked) == 1
    assert settled(asked, (turn(),)).answer == CAME


def picked(asked: Asking, turns: tuple[Turn, ...], data: object) -> tuple[Turn, ...] | None:
    """The turns after an event of the page, None if it was refused."""
    event = SimpleNamespace(_data=data)
    _, kept = asked.picked(turns, event)  # type: ignore[arg-type]
    return kept if isinstance(kept, tuple) else None


def test_a_question_in_place_of_a_turn_drops_it_and_all_after_it() -> None:
    asked, _ = asking(lambda: iter([CAME]))
    turns = tuple(Turn(key=key, question=f"{key}?", answer=CAME, whole=True) for key in "abc")
    kept = picked(asked, turns, {"question": " Who left? ", "instead_of": "b"})
    assert kept is not None
    assert (kept[:-1], kept[-1].question, kept[-1].alone) == (turns[:1], "Who left?", False)
    assert kept[-1].key not in "abc"
    assert kept[-1].asked == date.today()
    more = picked(asked, turns, {"question": "Who left?", "instead_of": "of another page"})
    assert more is not None
    assert more[:-1] == turns


def test_a_question_that_stands_alone_is_asked_without_the_conversation() -> None:
    asked, library = asking(lambda: iter([CAME]))
    before = (Turn(key="a", question="Who came?", answer=CAME, whole=True),)
    kept = picked(asked, before, {"question": "Who left?", "alone": True})
    assert kept is not None
    settled(asked, kept)
    assert library.asked == [("Who left?", (), None)]


@pytest.mark.parametrize("data", [None, [], "x", {}, {"question": 1}, {"question": " "}, {"instead_of": "a"}])
def test_what_is_no_question_changes_nothing(data: object) -> None:
    asked, _ = asking(lambda: iter([CAME]))
    assert picked(asked, (Turn(key="a", question="?", answer=CAME, whole=True),), data) is None


def test_nothing_is_replaced_while_an_answer_is_written() -> None:
    asked, _ = asking(lambda: iter([CAME]))
    turns = (Turn(key="a", question="?", answer=CAME, whole=True), turn("b"))
    assert picked(asked, turns, {"question": "Who left?", "instead_of": "a"}) is None
