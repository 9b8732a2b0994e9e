"""A question, from its acceptance to its whole answer, for one conversation of many.

Takes what Gradio's events bring and yields what they change: the conversation as HTML, and its turns. Knows nothing of
the layout, or of how an answer is found.
"""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from itertools import takewhile
from typing import TYPE_CHECKING, Any

import gradio as gr

from qa.errors import QAError, QuestionError
from qa.records import Answer
from qa.settings import READER
from qa.ui.background import UNEXPECTED, Background
from qa.ui.flow import Ear, flowing
from qa.ui.render import Turn, conversation, spoken
from qa.ui.render.plain import DECLINED

if TYPE_CHECKING:
    from qa.library import Library

log = logging.getLogger(__name__)

Turns = tuple[Turn, ...]

LOADING = "The models are still loading; the answer comes as soon as they are there…"
READING = "The model is reading…"
STOPPED = "You stopped it here."
STOPPED_EARLY = "You stopped it before an answer came."

_SHOWN = 20_000  # characters of a question; the library refuses long ones much earlier, with a sentence
_PATIENCE = 1.0  # seconds between two looks whether the library is ready
_TICK = (
    0.5  # seconds between two looks whether anybody still waits, for Gradio looks when it is given something
)


class Asking:
    """The two steps of a question: it appears at once, then it is answered, snapshot by snapshot."""

    def __init__(self, background: Background) -> None:
        self._background = background
        self._running: dict[str, threading.Event] = {}
        self._lock = threading.Lock()

    def typed(self, question: str, turns: Turns) -> Any:
        """A question from the box -> (conversation as HTML, the emptied box, the turns)."""
        accepted = _accept(question, turns)
        if accepted is None:
            return gr.skip(), gr.skip(), gr.skip()
        return conversation(accepted), "", accepted

    def picked(self, turns: Turns, event: gr.EventData) -> Any:
        """An example, or a question `instead_of` a turn and all after it -> (conversation as HTML, the turns).

        Asked `alone`, it is not completed from the turns before it.
        """
        data = event._data if isinstance(event._data, dict) else {}
        alone = data.get("alone") is True
        accepted = _accept(data.get("question"), turns, instead_of=data.get("instead_of"), alone=alone)
        if accepted is None:
            return gr.skip(), gr.skip()
        return conversation(accepted), accepted

    def answer(self, turns: Turns) -> Iterator[Any]:
        """Answer the last turn if it waits for that -> (conversation as HTML, the turns), again and again.

        Gradio closes this when the browser has gone, and that ends what answers.
        """
        left = self._begin(turns[-1].key) if turns and not turns[-1].settled else None
        if left is None:
            yield gr.skip(), gr.skip()
            return
        before, turn = turns[:-1], turns[-1]
        past = conversation(before)
        try:
            known = () if turn.alone else history(before)
            with closing(self._grow(turn, known, left)) as growing:
                for grown in growing:
                    if grown is None:
                        yield gr.skip(), gr.skip()
                        continue
                    turn = grown
                    yield past + conversation((turn,)), (*before, turn) if turn.settled else gr.skip()
        finally:
            with self._lock:
                self._running.pop(turn.key, None)

    def stop(self, key: str) -> None:
        """End the answer of the turn that is named so, with what there is of it."""
        with self._lock:
            left = self._running.get(key)
        if left is not None:
            left.set()

    def _begin(self, key: str) -> threading.Event | None:
        """What ends this answer when it is set; None if the turn is being answered already."""
        with self._lock:
            if key in self._running:
                return None
            return self._running.setdefault(key, threading.Event())

    def _grow(
        self, turn: Turn, known: tuple[tuple[str, str], ...], left: threading.Event
    ) -> Generator[Turn | None]:
        """The turn as it comes to be, None while nothing changes; the last is settled."""
        try:
            library = self._background.library(0)
            if library is None:
                yield replace(turn, waiting=LOADING)
            while library is None and not left.is_set():
                yield None
                library = self._background.library(_PATIENCE)
            if library is not None:
                yield from self._answers(library, turn, known, left)
            else:
                yield _stopped(turn, None)
        except QAError as error:
            yield replace(turn, error=str(error))
        except Exception:  # one bad question must not leave the page waiting
            log.exception("a question was not answered")
            yield replace(turn, error=UNEXPECTED)

    def _answers(
        self, library: Library, turn: Turn, known: tuple[tuple[str, str], ...], left: threading.Event
    ) -> Generator[Turn | None]:
        answerer = self._background.status.answerer
        model = READER if answerer is not None and answerer.error is not None else None
        ear = Ear(lambda: left.is_set() or self._background.closed)
        last: Answer | None = None

        def stream() -> Iterator[Answer]:
            return library.stream(turn.question, history=known, model=model)

        with closing(flowing(stream, self._background.run, left=left, tick=_TICK, ear=ear)) as snapshots:
            for snapshot in snapshots:
                last = snapshot or last
                if left.is_set():
                    break
                if snapshot is not None:
                    yield replace(turn, answer=snapshot)
                elif last is None and ear.model_reads and turn.waiting != READING:
                    turn = replace(turn, waiting=READING)
                    yield turn
                else:
                    yield None
        if left.is_set():
            yield _stopped(turn, last)
            return
        if last is None:
            raise QuestionError("There was no answer at all: put the question in other words.")
        yield replace(turn, answer=last, whole=True)


def history(turns: Turns) -> tuple[tuple[str, str], ...]:
    """What was asked and answered in these turns, in words."""
    return tuple(
        (turn.question, spoken(turn.answer) or DECLINED) for turn in turns if turn.answer is not None
    )


def _accept(
    question: object, turns: Turns, *, instead_of: object = None, alone: bool = False
) -> Turns | None:
    if not isinstance(question, str) or not question.strip() or (turns and not turns[-1].settled):
        return None
    kept = tuple(takewhile(lambda turn: turn.key != instead_of, turns))
    put = question.strip()[:_SHOWN]
    return (*kept, Turn(key=uuid.uuid4().hex, question=put, alone=alone, asked=date.today()))


def _stopped(turn: Turn, last: Answer | None) -> Turn:
    """The turn with what had been written when the user had enough of it."""
    if last is None or not last.answered:
        return replace(turn, error=STOPPED_EARLY, stopped=True)
    return replace(turn, answer=replace(last, note=STOPPED), whole=True)
