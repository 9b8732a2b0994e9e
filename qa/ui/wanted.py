"""What a browser sends with a question -> a record of it, of which every part has been looked at.

Takes anything, for a browser can send anything. Knows nothing of answering, or of what is kept in the texts that come
along.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from qa.errors import QuestionError
from qa.records import Filters
from qa.settings import READER

MOST_TURNS = 100
"""Questions of one conversation."""
MOST_PASSAGES = 20
"""Passages that a question is answered from."""

_MOST_SOURCES = 1000
_SHOWN = 20_000  # characters of a question; the library refuses long ones much earlier, with a sentence
_NAME = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How to answer: by the reader in place of the model, from so many passages, of which articles."""

    model: str | None = None
    passages: int | None = None
    filters: Filters | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A question: the conversation that it is in, its own name, and the turns before it as the browser kept them.

    `alone`: it is not to be completed from them. `wrong` says what is not right with it, for then it is not answered.
    """

    talk: str
    key: str
    question: str
    before: tuple[str, ...]
    options: Options
    alone: bool = False
    wrong: str | None = None


def wanted(asked: object) -> Wanted | None:
    """The question in what a browser sent; None if there is none."""
    if not isinstance(asked, dict):
        return None
    talk, key, question, before = (asked.get(name) for name in ("talk", "key", "question", "turns"))
    if not (is_name(talk) and is_name(key) and isinstance(question, str) and question.strip()):
        return None
    if not isinstance(before, list) or not all(isinstance(turn, str) for turn in before):
        return None
    wrong = None
    try:
        options = options_of(asked.get("options"))
    except QuestionError as error:
        options, wrong = Options(), str(error)
    return Wanted(
        talk=str(talk),
        key=str(key),
        question=question.strip()[:_SHOWN],
        before=tuple(before[-MOST_TURNS:]),
        options=options,
        alone=asked.get("alone") is True,
        wrong=wrong,
    )


def pairs(given: object) -> list[tuple[str, object]]:
    """Names of turns, each with what a browser kept of it (None: nothing yet)."""
    listed = given if isinstance(given, list) else []
    sound = [pair for pair in listed if isinstance(pair, list) and len(pair) == 2 and is_name(pair[0])]
    return [(key, kept) for key, kept in sound[-MOST_TURNS:]]


def is_name(value: object) -> bool:
    """Whether this names a conversation or a turn; names are drawn by chance, and nobody guesses one.

    >>> is_name("0" * 32), is_name("me")
    (True, False)
    """
    return isinstance(value, str) and _NAME.fullmatch(value) is not None


def options_of(given: object) -> Options:
    """The options in what a browser sent. Raises `QuestionError` if they make no sense: none is left out in silence."""
    if given is None:
        return Options()
    if not isinstance(given, dict):
        raise QuestionError("the settings are not understood: choose them anew")
    model, passages = given.get("model"), given.get("passages")
    if model not in (None, READER):
        raise QuestionError("there is no such answerer: choose one in the settings")
    if passages is not None and not (type(passages) is int and 1 <= passages <= MOST_PASSAGES):
        raise QuestionError(
            f"a question is answered from 1 to {MOST_PASSAGES} passages: choose in the settings"
        )
    return Options(model=model, passages=passages, filters=_filters(given.get("filters")))


def _filters(given: object) -> Filters | None:
    if given is None:
        return None
    if not isinstance(given, dict):
        raise QuestionError("the choice of articles is not understood: choose them anew")
    sources = given.get("sources") or []
    if not isinstance(sources, list) or not all(isinstance(source, str) for source in sources):
        raise QuestionError("the choice of sources is not understood: choose them anew")
    since, until = _day(given.get("since")), _day(given.get("until"))
    if not (sources or since or until):
        return None
    return Filters(sources=tuple(sources[:_MOST_SOURCES]) or None, published_from=since, published_to=until)


def _day(given: Any) -> str | None:
    if not given:
        return None
    try:
        return date.fromisoformat(given).isoformat()
    except (TypeError, ValueError):
        raise QuestionError(f"{str(given)[:40]!r} is not a day: choose it anew") from None
