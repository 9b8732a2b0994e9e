"""What a browser sends, checked: each function gives a value of the right kind, or refuses the call with 400.

Knows nothing of what is done with the values.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from fastapi import HTTPException
from gradio.utils import get_upload_folder

from qa.ui.finding import SORTS, Sort, Wanted
from qa.ui.render import Mark

Asked = dict[str, Any]

_LONGEST_SEARCH = 200


def text(asked: Asked, name: str) -> str:
    """A text that is not empty."""
    value = text_or_none(asked, name)
    if value is None:
        raise HTTPException(400, f"{name} must be a text")
    return value


def text_or_none(asked: Asked, name: str) -> str | None:
    """A text; None if it is empty, or not there."""
    value = asked.get(name)
    if value is not None and not isinstance(value, str):
        raise HTTPException(400, f"{name} must be a text")
    return value or None


def number(asked: Asked, name: str) -> int:
    """A whole number, 0 or more."""
    value = asked.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise HTTPException(400, f"{name} must be a number")
    return value


def marks(asked: Asked) -> list[Mark]:
    """The places of an article that are to be marked."""
    found = asked.get("marks", [])
    if not isinstance(found, list) or not all(isinstance(mark, dict) for mark in found):
        raise HTTPException(400, "marks must be a list of objects")
    names = ("start", "end", "answer_start", "answer_end")
    return [Mark(**{name: number(mark, name) for name in names}) for mark in found]


def wanted(asked: Asked) -> Wanted:
    """What the reader wants to see of the articles."""
    found = asked.get("wanted", {})
    if not isinstance(found, dict):
        raise HTTPException(400, "wanted must be an object")
    return Wanted(
        text=(text_or_none(found, "text") or "")[:_LONGEST_SEARCH],
        source=text_or_none(found, "source"),
        since=_day(found, "since"),
        until=_day(found, "until"),
        sort=_sort(found),
    )


def uploaded(path: str) -> Path:
    """The received file at `path`; only what lies in Gradio's own folder of received files is one."""
    received = Path(path).resolve()
    if not received.is_relative_to(Path(get_upload_folder()).resolve()) or not received.is_file():
        raise HTTPException(400, "no such upload")
    return received


def _day(asked: Asked, name: str) -> str | None:
    value = text_or_none(asked, name)
    try:
        return None if value is None else date.fromisoformat(value).isoformat()
    except ValueError:
        raise HTTPException(400, f"{name} must be a day") from None


def _sort(asked: Asked) -> Sort:
    value = asked.get("sort", SORTS[0])
    if value not in SORTS:
        raise HTTPException(400, f"sort must be one of {', '.join(SORTS)}")
    sort: Sort = value
    return sort
