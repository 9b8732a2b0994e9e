"""Whether qa works, for programs that look after it: /health for everybody, /metrics for who may ask.

Takes how things stand and what was counted. Knows nothing of questions.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Literal

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from qa.api.metrics import CONTENT_TYPE, Metrics


@dataclass(frozen=True, slots=True)
class State:
    """Whether questions can be answered, and whether articles are still being read in."""

    status: Literal["ok", "loading", "failed"]
    indexing: bool


def health(state: Callable[[], State]) -> Route:
    """200 as soon as questions can be answered, else 503; it says no more than that, for it asks for no token."""

    async def answer(_request: Request) -> Response:
        now = state()
        return JSONResponse(asdict(now), status_code=200 if now.status == "ok" else 503)

    return Route("/health", answer, methods=["GET"])


class Numbers:
    """The counts as Prometheus reads them: an ASGI application."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Give all of them."""
        response = Response(self._metrics.text(), headers={"Content-Type": CONTENT_TYPE})
        await response(scope, receive, send)
