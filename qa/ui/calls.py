"""What the scripts of the page ask of the server besides questions: how things stand, articles to read.

Takes what a browser sends (and trusts none of it), gives HTML made by `render`. Knows nothing of the layout. Questions
go another way, through Gradio's queue: see `asking.py`.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from dataclasses import astuple
from typing import Any

from fastapi import HTTPException

from qa.errors import ArticleNotFoundError, QAError
from qa.ui import asked as sent
from qa.ui import finding
from qa.ui.adding import adding
from qa.ui.asking import Asking
from qa.ui.background import UNEXPECTED, Background
from qa.ui.conversations import Conversations
from qa.ui.finding import Wanted
from qa.ui.judging import Judging
from qa.ui.keeping import Keeper
from qa.ui.render import (
    answerer_line,
    article_page,
    indexing,
    notice,
    passages,
    shelf,
    sources,
    tally,
    told,
    welcome,
)
from qa.ui.render.words import sentence
from qa.ui.status import Status

log = logging.getLogger(__name__)

Call = Callable[[dict[str, Any]], dict[str, Any]]

PASSAGES = 12
"""How many passages a search on the page shows."""

GONE = "This article is no longer in the library. What it said still stands beside the answer."

_PATIENCE = 1.0  # seconds that a call waits for the library to be ready


def calls(background: Background, asking: Asking, keeper: Keeper) -> list[Call]:
    """The functions that the scripts can call by their names; each takes one object and gives one."""

    def status(asked: dict[str, Any]) -> dict[str, Any]:
        """Where things stand: nothing when the page has seen it, the list of articles only when that is another."""
        now, limit, wanted = background.status, sent.number(asked, "limit"), sent.wanted(asked)
        drawn = [now.listing, limit, list(astuple(wanted))]
        match asked.get("seen"):
            case [now.revision, before] if before == drawn:
                return {}
            case [_, before] if before == drawn:
                listed: dict[str, Any] = {}
            case _:
                listed = _listed(now, limit, wanted)
        return {
            "seen": [now.revision, drawn],
            "busy": now.phase not in ("ready", "failed"),
            "count": len(now.articles),
            "notice": notice(now),
            "indexing": indexing(now),
            "welcome": welcome(now),
            "told": told(now.answerer),
            "answerer": answerer_line(now.answerer),
            **listed,
        }

    def stop(asked: dict[str, Any]) -> dict[str, Any]:
        """Have enough of an answer that is being written; whose it is says a name that only its page knows."""
        asking.stop(sent.text(asked, "turn"))
        return {}

    def read(asked: dict[str, Any]) -> dict[str, Any]:
        """One article with marks in it."""
        library = background.library(_PATIENCE)
        if library is None:
            return {"error": "The library is still being opened. Try again in a moment."}
        try:
            article = library.article(sent.text(asked, "article"))
        except ArticleNotFoundError:
            return {"error": GONE}
        return {"html": article_page(article, sent.marks(asked))}

    def found(asked: dict[str, Any]) -> dict[str, Any]:
        """The passages that have most to do with some words."""
        library = background.library(_PATIENCE)
        if library is None:
            return {"error": "The library is still being opened. Try again in a moment."}
        hits = library.search(sent.text(asked, "words"), k=PASSAGES)
        return {"html": passages(hits), "count": len(hits)}

    def remove(asked: dict[str, Any]) -> dict[str, Any]:
        """Take one article out of the library."""
        library = background.library(_PATIENCE)
        if library is None:
            return {"error": "The library is still being opened. Try again in a moment."}
        library.remove(sent.text(asked, "article"))
        background.refresh()
        return {}

    def reread(_: dict[str, Any]) -> dict[str, Any]:
        """Read the start-up sources once more: somebody has mended what failed."""
        background.read_again()
        return {}

    kept = Conversations(background, asking, keeper)
    talks: tuple[Call, ...] = (kept.kept, kept.conversations, kept.rename, kept.export, kept.options)
    judge = Judging(background, keeper).judge
    every = (status, stop, read, found, judge, remove, reread, *adding(background), *talks)
    return [_safely(call) for call in every]


def _listed(now: Status, limit: int, wanted: Wanted) -> dict[str, Any]:
    """The list of articles and what goes with it: long, and drawn anew only when it is another."""
    articles = finding.found(now.articles, wanted)
    return {
        "shelf": shelf(now, articles, limit),
        "tally": tally(len(articles), len(now.articles)),
        "sources": sources(finding.sources(now.articles), wanted.source),
    }


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
