"""A question, from its acceptance to its whole answer, for one conversation of many.

Takes what Gradio's events bring and yields what they change: the conversation as HTML. Between two questions a
conversation is in its browser alone, which sends it along. Knows nothing of the layout, or of how an answer is found.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import gradio as gr

from qa.errors import QAError, QuestionError
from qa.flow import Ear, flowing
from qa.records import Answer
from qa.settings import READER
from qa.ui.background import UNEXPECTED, Background
from qa.ui.flight import Flight, by, early, history, stopped
from qa.ui.keeping import Keeper, left
from qa.ui.render import Turn, conversation
from qa.ui.render.conversations import one_conversation
from qa.ui.wanted import is_name, pairs, wanted

if TYPE_CHECKING:
    from qa.library import Library

log = logging.getLogger(__name__)

LOADING = "The models are still loading; the answer comes as soon as they are there…"
READING = "The model is reading…"

_WAITING = 256  # questions that are accepted and not yet begun; the line of those that wait is shorter
_PATIENCE = 1.0  # seconds between two looks whether the library is ready
_TICK = (
    0.5  # seconds between two looks whether anybody still waits, for Gradio looks when it is given something
)


class Asking:
    """The two steps of a question: it appears at once, then it is answered, snapshot by snapshot."""

    def __init__(self, background: Background, keeper: Keeper) -> None:
        self._background = background
        self._keeper = keeper
        self._flights: dict[str, Flight] = {}
        self._lock = threading.Lock()

    def typed(self, _question: str, asked: object) -> Any:
        """A question from the box -> (conversation as HTML, the emptied box, the name of the turn)."""
        accepted = self._accept(asked)
        if accepted is None:
            return gr.skip(), gr.skip(), gr.skip()
        return accepted.page(), "", accepted.turn.key

    def picked(self, event: gr.EventData) -> Any:
        """A question from elsewhere on the page -> (conversation as HTML, the name of the turn)."""
        accepted = self._accept(event._data)
        if accepted is None:
            return gr.skip(), gr.skip()
        return accepted.page(), accepted.turn.key

    def turned(self, event: gr.EventData) -> Any:
        """Another conversation is looked at -> it as HTML.

        `turns` are pairs of the name of a turn and what was kept of it, `aside` those that are not looked at any more.
        """
        asked = event._data if isinstance(event._data, dict) else {}
        talk, kept_turns = asked.get("talk"), pairs(asked.get("turns"))
        if not is_name(talk):
            return gr.skip()
        aside = asked.get("aside")
        for key in filter(is_name, aside if isinstance(aside, list) else ()):
            if flight := self._flights.get(key):
                flight.shown = False
        turns = []
        lost = 0
        for key, kept in kept_turns:
            flight = self._flights.get(key)
            if flight is not None:
                flight.shown = True
            turn = flight.turn if flight is not None else self._keeper.turn(kept, key)
            if turn is not None:
                turns.append(turn)
            lost += turn is None and kept is not None
        return one_conversation(str(talk), conversation(turns), lost=lost)

    def answer(self, key: str) -> Iterator[Any]:
        """Answer the question that was accepted by this name -> the conversation as HTML, again and again.

        Gradio closes this when the browser has gone, and that ends what answers. While the page looks at another
        conversation nothing comes from here, but the answer is there in the end.
        """
        flight = self._begin(key)
        if flight is None:
            yield gr.skip()
            return
        try:
            with closing(self._grow(flight)) as growing:
                for grown in growing:
                    if grown is not None:
                        self._now(flight, grown)
                    yield flight.page() if grown is not None and flight.shown else gr.skip()
        finally:
            if not flight.turn.settled:
                self._now(flight, left(flight.turn))
            with self._lock:
                self._flights.pop(key, None)

    def stop(self, key: str) -> None:
        """End the answer of the turn that is named so, with what there is of it."""
        with self._lock:
            flight = self._flights.get(key)
            if flight is not None and not flight.begun:
                del self._flights[key]
        if flight is None:
            return
        flight.left.set()
        if not flight.begun:
            self._now(flight, stopped(flight.turn, None))

    def kept(self, keys: Iterable[str]) -> dict[str, Any]:
        """Those of these turns that the server has, as the browser is to keep them."""
        return self._keeper.take(keys)

    def _accept(self, asked: object) -> Flight | None:
        """The question on its way; None if there is none, or if one of its conversation is being answered."""
        want = wanted(asked)
        if want is None or self._keeper.has(want.key):
            return None
        read = (self._keeper.turn(kept) for kept in want.before)
        before = tuple(turn for turn in read if turn is not None)
        flight = Flight(
            talk=want.talk,
            before=before,
            turn=Turn(
                key=want.key,
                question=want.question,
                error=want.wrong,
                alone=want.alone,
                asked=date.today(),
            ),
            options=want.options,
            past=conversation(before),
        )
        with self._lock:
            if any(other.talk == want.talk for other in self._flights.values()):
                return None
            if not flight.turn.settled:
                self._make_room()
                self._flights[want.key] = flight
        self._keeper.put(flight.turn)
        return flight

    def _make_room(self) -> None:
        """Forget the oldest question that was never begun if there are many: its page has gone."""
        waiting = [key for key, flight in self._flights.items() if not flight.begun]
        if len(waiting) >= _WAITING:
            del self._flights[waiting[0]]

    def _begin(self, key: str) -> Flight | None:
        """The question of this name; None if there is none, or if it is being answered already."""
        with self._lock:
            flight = self._flights.get(key)
            if flight is None or flight.begun:
                return None
            flight.begun = True
            return flight

    def _now(self, flight: Flight, turn: Turn) -> None:
        flight.turn = turn
        if turn.settled:
            self._keeper.put(turn)

    def _grow(self, flight: Flight) -> Generator[Turn | None]:
        """The turn as it comes to be, None while nothing changes; the last is settled."""
        turn = flight.turn
        try:
            library = self._background.library(0)
            if library is None:
                yield replace(turn, waiting=LOADING)
            while library is None and not flight.left.is_set():
                yield None
                library = self._background.library(_PATIENCE)
            if library is not None:
                yield from self._answers(library, flight)
            else:
                yield stopped(turn, None)
        except QAError as error:
            yield replace(turn, error=str(error))
        except Exception:  # one bad question must not leave the page waiting
            log.exception("a question was not answered")
            yield replace(turn, error=UNEXPECTED)

    def _answers(self, library: Library, flight: Flight) -> Generator[Turn | None]:
        turn, options, enough = flight.turn, flight.options, flight.left
        answerer = self._background.status.answerer
        missing = answerer is not None and answerer.error is not None
        ear = Ear(lambda: enough.is_set() or self._background.closed)
        last: Answer | None = None

        def stream() -> Iterator[Answer]:
            return library.stream(
                turn.question,
                history=() if turn.alone else history(flight.before),
                filters=options.filters,
                passages=options.passages,
                model=READER if missing else options.model,
            )

        with closing(flowing(stream, self._background.run, left=enough, tick=_TICK, ear=ear)) as snapshots:
            for snapshot in snapshots:
                if snapshot is not None:
                    last = snapshot = early(snapshot, self._background.status)
                if enough.is_set():
                    break
                if snapshot is not None:
                    turn = replace(turn, answer=snapshot, by=by(snapshot, answerer))
                    yield turn
                elif last is None and ear.model_reads and turn.waiting != READING:
                    turn = replace(turn, waiting=READING)
                    yield turn
                else:
                    yield None
        if enough.is_set():
            yield stopped(turn, last)
            return
        if last is None:
            raise QuestionError("There was no answer at all: put the question in other words.")
        yield replace(turn, answer=last, whole=True)
