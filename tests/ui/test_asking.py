"""A question on its way through the page, over a library that answers as it is told."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import gradio as gr
import pytest

from qa.errors import ModelError
from qa.records import UNSUPPORTED, Answer, Claim, Filters
from qa.ui.asking import Asking
from qa.ui.keeping import Keeper
from qa.ui.render import Turn
from qa.ui.seal import Seal
from qa.ui.status import Answerer, Status

TALK, OTHER = "a" * 32, "b" * 32
KEY = "0" * 32

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
        self.asked: list[tuple[str, Sequence[tuple[str, str]], dict[str, Any]]] = []

    def stream(
        self, question: str, *, history: Sequence[tuple[str, str]], **options: Any
    ) -> Iterator[Answer]:
        self.asked.append((question, history, {name: value for name, value in options.items() if value}))
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


class Page:
    """What a browser does: asks, turns to other conversations, keeps what it is given."""

    def __init__(self, answers: Callable[[], Iterator[Answer]], folder: Path, *, error: str | None = None):
        self.library = FakeLibrary(answers)
        self.keeper = Keeper(Seal(folder / "key"))
        self.asking = Asking(FakeBackground(self.library, Answerer(error=error)), self.keeper)  # type: ignore[arg-type]

    def ask(self, question: str = "And then?", **more: Any) -> str:
        """A question from an example; the HTML that shows it."""
        html, key = self.asking.picked(self.event(question, **more))
        assert key == more.get("key", KEY)
        return str(html)

    def event(self, question: str = "And then?", **more: Any) -> gr.EventData:
        return gr.EventData(None, {"talk": TALK, "key": KEY, "turns": [], "question": question, **more})

    def turned(self, talk: str, turns: list[list[str | None]], *aside: str) -> str:
        data = {"talk": talk, "turns": turns, "aside": list(aside)}
        return str(self.asking.turned(gr.EventData(None, data)))

    def settled(self) -> Turn:
        """The turn that was asked, when it is answered, as the browser would read it."""
        list(self.asking.answer(KEY))
        return self.kept()

    def kept(self, key: str = KEY) -> Turn:
        kept = self.asking.kept([key])[key]
        assert kept["settled"]
        turn = self.keeper.turn(kept["kept"])
        assert turn is not None
        return turn


Begin = Callable[..., Page]


@pytest.fixture
def begin(tmp_path: Path) -> Begin:
    def page(*answers: Answer, how: Callable[[], Iterator[Answer]] | None = None, **more: Any) -> Page:
        return Page(how or (lambda: iter(answers or (CAME,))), tmp_path, **more)

    return page


def turn(key: str, **values: Any) -> Turn:
    return Turn(key=key, question="And then?", asked=date.today(), **values)


def test_the_conversation_goes_along_without_numbers_and_marks(begin: Begin) -> None:
    page = begin()
    before = [Turn(key="1" * 32, question="Who came?", answer=CAME, whole=True), turn("2" * 32, error="No.")]
    html = page.ask(turns=[page.keeper.closed(one) for one in before])
    assert [html.count(f'data-state="{state}"') for state in ("help", "failed", "busy")] == [1, 1, 1]
    assert f'data-talk="{TALK}"' in html
    assert page.settled() == turn(KEY, answer=CAME, whole=True)
    assert page.library.asked == [("And then?", (("Who came?", "Kim came. He sang."),), {})]


def test_a_question_that_stands_alone_is_asked_without_the_conversation(begin: Begin) -> None:
    page = begin()
    before = page.keeper.closed(Turn(key="1" * 32, question="Who came?", answer=CAME, whole=True))
    page.ask("Who left?", turns=[before], alone=True)
    assert page.settled().alone
    assert page.library.asked == [("Who left?", (), {})]


def test_what_was_chosen_goes_along(begin: Begin) -> None:
    page = begin()
    page.ask(
        options={
            "model": "reader",
            "passages": 5,
            "filters": {"sources": ["Valley Post"], "since": "2021-01-02", "until": ""},
        }
    )
    page.settled()
    filters = Filters(sources=("Valley Post",), published_from="2021-01-02")
    assert page.library.asked == [("And then?", (), {"model": "reader", "passages": 5, "filters": filters})]


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"passages": 10_000}, "a question is answered from 1 to 20 passages: choose in the settings"),
        ({"passages": True}, "a question is answered from 1 to 20 passages: choose in the settings"),
        ({"model": "openai:other"}, "there is no such answerer: choose one in the settings"),
        ({"filters": {"since": "tomorrow"}}, "'tomorrow' is not a day: choose it anew"),
        ({"filters": {"sources": "all"}}, "the choice of sources is not understood: choose them anew"),
        ({"filters": 3}, "the choice of articles is not understood: choose them anew"),
        (7, "the settings are not understood: choose them anew"),
    ],
)
def test_what_cannot_be_chosen_is_said_and_not_asked(begin: Begin, options: Any, error: str) -> None:
    page = begin()
    assert 'data-state="failed"' in page.ask(options=options)
    assert page.settled() == turn(KEY, error=error)
    assert page.library.asked == []


def test_the_reader_answers_where_the_model_cannot_be_had(begin: Begin) -> None:
    page = begin(error="no such model")
    page.ask()
    page.settled()
    assert page.library.asked == [("And then?", (), {"model": "reader"})]


def test_an_error_is_what_the_turn_ends_with(begin: Begin) -> None:
    def failing() -> Iterator[Answer]:
        yield CAME
        raise ModelError("the key is wrong")

    page = begin(how=failing)
    page.ask()
    assert page.settled() == turn(KEY, error="the key is wrong")


@pytest.mark.parametrize("spoken", [True, False])
def test_stopped_it_ends_with_what_there_is(begin: Begin, spoken: bool) -> None:
    go_on = threading.Event()

    def slow() -> Iterator[Answer]:
        if spoken:
            yield CAME
        go_on.wait(10)
        yield CAME

    page = begin(how=slow)
    page.ask()
    growing = page.asking.answer(KEY)
    next(growing)
    page.asking.stop(KEY)
    page.asking.stop("another")
    *_, html = growing
    go_on.set()
    last = page.kept()
    if spoken:
        assert last.answer is not None
        assert (last.answer.note, last.whole, last.state) == ("You stopped it here.", True, "help")
    else:
        assert (last.error, last.stopped) == ("You stopped it before an answer came.", True)
    assert "You stopped it" in html


def test_stopped_before_it_began_it_never_begins(begin: Begin) -> None:
    page = begin()
    page.ask()
    page.asking.stop(KEY)
    assert len(list(page.asking.answer(KEY))) == 1
    assert page.library.asked == []
    assert page.kept().error == "You stopped it before an answer came."


@pytest.mark.parametrize("spoken", [True, False])
def test_who_leaves_finds_what_there_was(begin: Begin, spoken: bool) -> None:
    go_on = threading.Event()

    def slow() -> Iterator[Answer]:
        if spoken:
            yield CAME
        go_on.wait(10)
        yield CAME

    page = begin(how=slow)
    page.ask()
    growing = page.asking.answer(KEY)
    next(growing)
    growing.close()  # type: ignore[attr-defined]  # a generator; so Gradio ends it when the browser has gone
    go_on.set()
    last = page.kept()
    if spoken:
        assert last == turn(KEY, answer=CAME, whole=True)
    else:
        assert (last.error, last.stopped) == ("You left before an answer came.", True)


def test_one_turn_is_answered_once_and_one_question_asked_at_a_time(begin: Begin) -> None:
    page = begin()
    page.ask()
    growing = page.asking.answer(KEY)
    next(growing)
    assert len(list(page.asking.answer(KEY))) == 1
    skipped = page.asking.picked(page.event("And now?", key="1" * 32))
    assert [type(one) for one in skipped] == [dict, dict]  # Gradio's word for nothing
    page.ask("And elsewhere?", talk=OTHER, key="2" * 32)
    *_, _ = growing
    assert len(page.library.asked) == 1
    page.ask("And now?", key="3" * 32)


@pytest.mark.parametrize(
    "sent",
    [
        None,
        "x",
        {},
        {"talk": "me", "key": KEY, "turns": [], "question": "?"},
        {"talk": TALK, "key": 1, "turns": [], "question": "?"},
        {"talk": TALK, "key": KEY, "turns": [], "question": "  "},
        {"talk": TALK, "key": KEY, "turns": [1], "question": "?"},
        {"talk": TALK, "key": KEY, "turns": None, "question": "?"},
    ],
)
def test_what_is_no_question_is_not_asked(begin: Begin, sent: Any) -> None:
    page = begin()
    assert page.asking.picked(gr.EventData(None, sent)) == (gr.skip(), gr.skip())
    assert page.asking.typed("?", sent) == (gr.skip(), gr.skip(), gr.skip())
    assert page.asking.turned(gr.EventData(None, sent if not isinstance(sent, dict) else {})) == gr.skip()


def test_turned_to_another_conversation_the_answer_comes_unseen(begin: Begin) -> None:
    go_on = threading.Event()

    def slow() -> Iterator[Answer]:
        yield CAME
        go_on.wait(10)
        yield CAME

    page = begin(how=slow)
    page.ask()
    growing = page.asking.answer(KEY)
    assert f'data-talk="{TALK}"' in next(growing)
    other = turn("1" * 32, error="No.")
    html = page.turned(OTHER, [[other.key, page.keeper.closed(other)]], KEY)
    assert (f'data-talk="{OTHER}"' in html, html.count("<section")) == (True, 1)
    assert next(growing) == gr.skip()
    again = page.turned(TALK, [[KEY, None]], other.key)
    assert ('data-state="writing"' in again, "Kim came." in again) == (True, True)
    page.turned(OTHER, [], KEY)
    go_on.set()
    assert [one for one in growing if isinstance(one, str)] == []
    assert page.kept() == turn(KEY, answer=CAME, whole=True)
    assert 'data-state="help"' in page.turned(TALK, [[KEY, None]])


def test_what_cannot_be_read_any_more_is_said(begin: Begin) -> None:
    page = begin()
    sound = turn("1" * 32, error="No.")
    closed = page.keeper.closed(sound)
    html = page.turned(TALK, [[sound.key, closed], ["2" * 32, closed[:-9] + "tampered="], ["3" * 32, None]])
    assert html.count("<section") == 1
    assert "One question of this conversation could not be read any more." in html
    html = page.turned(TALK, [["2" * 32, "x"], ["3" * 32, "<b>"]])
    assert "2 questions of this conversation could not be read any more." in html
