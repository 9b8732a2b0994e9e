"""What stands between the network and the page: who may talk to it, and what the page itself may load.

A pure ASGI middleware, so that streams pass through untouched. Knows nothing of Gradio or of articles.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK = ("localhost", "127.0.0.1", "::1")

# Gradio builds its templates with `new Function` and styles itself inline; everything comes from this server.
_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "frame-src 'none'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Guard:
    """Lets through what the user's own page asks, and nothing that another web page makes the browser ask.

    What lies at a path that is `hidden` is not there for anybody.

    `hosts`: the names by which this server may be addressed, or None for any. A name of somebody else's that
    points here (DNS rebinding) would otherwise let a web page read the library of whoever visits it.
    """

    def __init__(
        self,
        app: ASGIApp,
        hosts: Iterable[str] | None = LOOPBACK,
        hidden: Callable[[str], bool] = lambda path: False,  # noqa: ARG005 - nothing is
    ) -> None:
        self._app = app
        self._hidden = hidden
        self._hosts = None if hosts is None else frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse with 403 or 404, or pass on and add the headers that keep the page to itself."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if reason := self._refusal(Headers(scope=scope)):
            await PlainTextResponse(reason, status_code=403)(scope, receive, send)
            return
        if self._hidden(scope["path"]):
            await PlainTextResponse("There is nothing here.", status_code=404)(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        await self._app(scope, receive, send_guarded)

    def _refusal(self, headers: Headers) -> str | None:
        host = headers.get("host", "").lower()
        origin = headers.get("origin")
        if self._hosts is not None and _name(host) not in self._hosts:
            return "This is a private qa: it answers to localhost only. Start it with --host to change that."
        if origin is not None and origin.lower() not in (f"http://{host}", f"https://{host}"):
            return "Another web site asked for this. qa answers only its own page."
        return None


def _name(host: str) -> str | None:
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None
