"""What the scripts of the page ask of the server besides questions: articles to read, files to add, how things stand.

Takes what a browser sends (and trusts none of it), gives HTML made by `render`. Knows nothing of the layout. Questions
go another way, through Gradio's queue: see `asking.py`.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fastapi import HTTPException
from gradio.utils import get_upload_folder

from qa.errors import ArticleNotFoundError, QAError
from qa.records import AddReport, Failure
from qa.ui.asking import Asking
from qa.ui.background import UNEXPECTED, Background
from qa.ui.conversations import Conversations
from qa.ui.keeping import Keeper
from qa.ui.render import Mark, answerer_line, article_page, notice, shelf, told, upload_row, welcome
from qa.ui.render.library import LARGEST_MB
from qa.ui.render.words import sentence

log = logging.getLogger(__name__)

Call = Callable[[dict[str, Any]], dict[str, Any]]

GONE = "This article is no longer in the library. What it said still stands beside the answer."

_PATIENCE = 1.0  # seconds that a call waits for the library to be ready
_LONGEST_WAIT = 300.0  # seconds that an upload waits for the models


def calls(background: Background, asking: Asking, keeper: Keeper) -> list[Call]:
    """The functions that the scripts can call by their names; each takes one object and gives one."""

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
            "told": told(now.answerer),
            "answerer": answerer_line(now.answerer),
        }

    def stop(asked: dict[str, Any]) -> dict[str, Any]:
        """Have enough of an answer that is being written; whose it is says a name that only its page knows."""
        asking.stop(_text(asked, "turn"))
        return {}

    def read(asked: dict[str, Any]) -> dict[str, Any]:
        """One article with marks in it."""
        library = background.library(_PATIENCE)
        if library is None:
            return {"error": "The library is still being opened. Try again in a moment."}
        try:
            article = library.article(_text(asked, "article"))
        except ArticleNotFoundError:
            return {"error": GONE}
        return {"html": article_page(article, _marks(asked))}

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

    kept = Conversations(background, asking, keeper)
    talks: tuple[Call, ...] = (kept.kept, kept.conversations, kept.rename, kept.export, kept.options)
    return [_safely(call) for call in (status, stop, read, remove, add, *talks)]


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
