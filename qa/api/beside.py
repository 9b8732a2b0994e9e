"""Puts what is offered beside the page: routes and their doors, and what of it lives as long as the server.

Takes the application that the page will be mounted on, and what is behind that page. Knows nothing of what it looks
like.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any, Protocol

from fastapi import FastAPI
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

from qa.api import log
from qa.api.door import Door, Rules
from qa.api.health import Numbers, State, health
from qa.api.limits import Rate
from qa.api.metrics import Metrics
from qa.api.offer import Offer
from qa.api.source import AnyLibrary, NotReadyError
from qa.api.work import Work
from qa.settings import Settings

if TYPE_CHECKING:
    from qa.library import Library

_PATIENCE = 2.0  # seconds that a question waits for the models to load


class Standing(Protocol):
    """How things stand behind the page."""

    @property
    def phase(self) -> str:
        """What is going on."""

    @property
    def articles(self) -> Sequence[object]:
        """What is known of the articles."""


class Behind(Protocol):
    """What is behind the page: it opens the library, and says how far that is."""

    @property
    def status(self) -> Standing:
        """How things stand."""

    @property
    def closed(self) -> bool:
        """Whether it is going."""

    def library(self, patience: float) -> Library | None:
        """The library, None if it is not there after so many seconds."""

    def run(self, work: Callable[[], None]) -> None:
        """Does something in a thread of its own."""


class _Lent:
    """The library behind the page, for others."""

    def __init__(self, behind: Behind) -> None:
        self._behind = behind
        self.run = behind.run

    @property
    def closed(self) -> bool:
        """Whether the server is going."""
        return self._behind.closed

    @contextmanager
    def use(self) -> Iterator[AnyLibrary]:
        """The library. Raises `NotReadyError`."""
        library = self._behind.library(_PATIENCE)
        if library is None:
            raise NotReadyError("the models are still loading: try again in a moment")
        yield library


class _Mount(Mount):
    """A mount that takes paths with line ends in them, too, so that it is ours to refuse these."""

    def __init__(self, path: str, app: ASGIApp) -> None:
        super().__init__(path, app)
        self.path_regex = re.compile(self.path_regex.pattern, re.DOTALL)


def put_beside(app: FastAPI, behind: Behind, settings: Settings, offer: Offer) -> None:
    """Adds to `app` what is offered. What is mounted at "/" must come after it."""
    log.begin()
    metrics = Metrics(articles=lambda: len(behind.status.articles))
    work = Work(_Lent(behind))
    metrics.watch(running=lambda: work.running, waiting=lambda: work.waiting)
    rules = Rules(metrics=metrics, rate=Rate(offer.a_minute), token=offer.token)
    app.router.routes.append(health(lambda: _state(behind)))
    app.router.routes.append(Route("/metrics", Door(Numbers(metrics), rules, path="/metrics")))
    if offer.api:
        from qa.api.openai import application

        door = Door(application(settings, work, metrics), rules, path="/v1")
        app.router.routes.append(_Mount("/v1", door))
    if offer.mcp:
        from qa.api.mcp.server import ArticleServer, OverHTTP

        over_http = OverHTTP(ArticleServer(work, metrics))
        app.router.routes.append(Route("/mcp", Door(over_http, rules, path="/mcp")))
        _lives(app, over_http)


def _lives(app: FastAPI, over_http: Any) -> None:
    """Has it begin and end with the server."""
    outer = app.router.lifespan_context

    @asynccontextmanager
    async def both(whole: FastAPI) -> AsyncIterator[Any]:
        async with over_http.running(), outer(whole) as state:
            yield state

    app.router.lifespan_context = both


def _state(behind: Behind) -> State:
    phase = behind.status.phase
    if phase == "failed":
        return State("failed", indexing=False)
    return State("ok" if phase in ("indexing", "ready") else "loading", indexing=phase != "ready")
