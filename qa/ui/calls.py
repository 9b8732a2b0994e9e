"""What the page asks of the server: questions, articles to read, files to add, how things stand.

Questions stream through Gradio's queue; everything else is a call from page.js that is answered with HTML.
Takes what a browser sends (and trusts none of it), gives HTML made by `render`. Knows nothing of the layout.
"""

from __future__ import annotations

import functools
import logging
import threading
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr
from fastapi import HTTPException
from gradio.utils import get_upload_folder

from qa.errors import QAError, QuestionError
from qa.records import AddReport, Answer, Failure
from qa.ui.background import UNEXPECTED, Background
from qa.ui.render import Mark, Turn, article_page, conversation, notice, shelf, upload_row, welcome
from qa.ui.render.conversation import DECLINED
from qa.ui.render.library import LARGEST_MB
from qa.ui.render.words import sentence

log = logging.getLogger(__name__)

Turns = tuple[Turn, ...]
Call = Callable[[dict[str, Any]], dict[str, Any]]

_LOADING = "The models are still loading; the answer comes as soon as they are there…"
_SHOWN = 20_000  # characters of a question; the library refuses long ones much earlier, with a sentence
_PATIENCE = 1.0  # seconds between two looks whether the library is ready
_LONGEST_WAIT = 300.0  # seconds that an upload waits for the models


class Asking:
    """The two steps of a question: it appears at once, then it is answered, snapshot by snapshot."""

    def __init__(self, background: Background) -> None:
        self._background = background
        self._running: set[str] = set()
        self._lock = threading.Lock()

    def typed(self, question: str, turns: Turns) -> Any:
        """A question from the box -> (conversation as HTML, the emptied box, the turns)."""
        accepted = _accept(question, turns)
        if accepted is None:
            return gr.skip(), gr.skip(), gr.skip()
        return conversation(accepted), "", accepted

    def picked(self, turns: Turns, event: gr.EventData) -> Any:
        """An example, or the last question once more -> (conversation as HTML, the turns)."""
        data = event._data
        question = data.get("question") if isinstance(data, dict) else None
        if turns and turns[-1].error is not None and question == turns[-1].question:
            turns = turns[:-1]
        accepted = _accept(question, turns)
        if accepted is None:
            return gr.skip(), gr.skip()
        return conversation(accepted), accepted

    def answer(self, turns: Turns) -> Iterator[Any]:
        """Answer the last turn if it waits for that -> (conversation as HTML, the turns), again and again."""
        if not turns or turns[-1].settled or not self._claim(turns[-1].key):
            yield gr.skip(), gr.skip()
            return
        before, turn = turns[:-1], turns[-1]
        past = conversation(before)
        try:
            for grown in self._grow(turn, _history(before)):
                kept = (*before, grown) if grown.settled else gr.skip()
                yield past + conversation((grown,)), kept
        finally:
            with self._lock:
                self._running.discard(turn.key)

    def _claim(self, key: str) -> bool:
        with self._lock:
            if key in self._running:
                return False
            self._running.add(key)
            return True

    def _grow(self, turn: Turn, history: tuple[tuple[str, str], ...]) -> Iterator[Turn]:
        try:
            library = self._background.library(0)
            while library is None:
                yield replace(turn, waiting=_LOADING)
                library = self._background.library(_PATIENCE)
            last: Answer | None = None
            for last in library.stream(turn.question, history=history):
                yield replace(turn, answer=last)
            if last is None:
                raise QuestionError("There was no answer at all: put the question in other words.")
            yield replace(turn, answer=last, whole=True)
        except QAError as error:
            yield replace(turn, error=str(error))
        except Exception:  # one bad question must not leave the page waiting
            log.exception("a question was not answered")
            yield replace(turn, error=UNEXPECTED)


def calls(background: Background) -> list[Call]:
    """The functions that page.js can call by their names; each takes one object and gives one."""

    def status(asked: dict[str, Any]) -> dict[str, Any]:
        """Where things stand, or only the revision when the page has seen it."""
        now = background.status
        limit = _number(asked, "limit")
        if asked.get("seen") == [now.revision, limit]:
            return {}
        return {
            "seen": [now.revision, limit],
            "busy": now.phase not in ("ready", "failed"),
            "count": len(now.articles),
            "notice": notice(now),
            "shelf": shelf(now, limit),
            "welcome": welcome(now),
        }

    def read(asked: dict[str, Any]) -> dict[str, Any]:
        """One article with marks in it."""
        library = background.library(_PATIENCE)
        if library is None:
            return {"error": "The library is still being opened. Try again in a moment."}
        return {"html": article_page(library.article(_text(asked, "article")), _marks(asked))}

    def remove(asked: dict[str, Any]) -> dict[str, Any]:
        """Take one article out of the library."""
        library = background.library(_PATIENCE)
        if library is None:
            return {"error": "The library is still being opened. Try again in a moment."}
        library.remove(_text(asked, "article"))
        background.refresh()
        return {}

    def add(asked: dict[str, Any]) -> dict[str, Any]:
        """Add one file that Gradio has received, under the name that it had; the received copy is deleted."""
        name = _text(asked, "name")
        path = _uploaded(_text(asked, "path"))
        try:
            if path.stat().st_size > LARGEST_MB * 1024 * 1024:
                return _not_added(name, f"it is larger than {LARGEST_MB} MB")
            library = background.library(_LONGEST_WAIT)
            if library is None:
                return _not_added(name, "the models are not loaded yet: try again")
            report = library.upload(path, name=name)
            background.refresh()
            return {"html": upload_row(name, report), "failed": bool(report.failed)}
        except QAError as error:
            return _not_added(name, str(error))
        finally:
            path.unlink(missing_ok=True)

    return [_safely(call) for call in (status, read, remove, add)]


def _safely(call: Call) -> Call:
    @functools.wraps(call)
    def safe(asked: dict[str, Any]) -> dict[str, Any]:
        if not isinstance(asked, dict):
            raise HTTPException(400, "an object is needed")
        try:
            return call(asked)
        except QAError as error:
            return {"error": sentence(str(error))}
        except HTTPException:
            raise
        except Exception:  # one bad call must not break the page
            log.exception("%s failed", call.__name__)
            return {"error": UNEXPECTED}

    return safe


def _accept(question: object, turns: Turns) -> Turns | None:
    if not isinstance(question, str) or not question.strip() or (turns and not turns[-1].settled):
        return None
    return (*turns, Turn(key=uuid.uuid4().hex, question=question.strip()[:_SHOWN]))


def _history(turns: Turns) -> tuple[tuple[str, str], ...]:
    return tuple((turn.question, turn.answer.answer or DECLINED) for turn in turns if turn.answer is not None)


def _not_added(name: str, reason: str) -> dict[str, Any]:
    report = AddReport(failed=(Failure(source=name, reason=reason),))
    return {"html": upload_row(name, report), "failed": True}


def _text(asked: dict[str, Any], name: str) -> str:
    value = asked.get(name)
    if not isinstance(value, str) or not value:
        raise HTTPException(400, f"{name} must be a text")
    return value


def _number(asked: dict[str, Any], name: str) -> int:
    value = asked.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise HTTPException(400, f"{name} must be a number")
    return value


def _marks(asked: dict[str, Any]) -> list[Mark]:
    marks = asked.get("marks", [])
    if not isinstance(marks, list) or not all(isinstance(mark, dict) for mark in marks):
        raise HTTPException(400, "marks must be a list of objects")
    names = ("start", "end", "answer_start", "answer_end")
    return [Mark(**{name: _number(mark, name) for name in names}) for mark in marks]


def _uploaded(path: str) -> Path:
    """The received file at `path`; only what lies in Gradio's own folder of received files is one."""
    received = Path(path).resolve()
    if not received.is_relative_to(Path(get_upload_folder()).resolve()) or not received.is_file():
        raise HTTPException(400, "no such upload")
    return received
