"""What stands before everything that other programs ask: who may, how much, and a note of it.

A pure ASGI middleware, so that streams pass through untouched. In this order: no other web page, the token, the rate,
the size. Refusals have OpenAI's shape. Knows nothing of what is behind it but the path that it is counted by.
"""

from __future__ import annotations

import math
import re
import time
from dataclasses import dataclass
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.api import limits, log
from qa.api.limits import Rate, TooLargeError, TooSlowError, whole
from qa.api.metrics import Metrics
from qa.api.openai.failures import RequestError, request_error
from qa.api.token import shown

_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_OURS = ("same-origin", "none")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Who may ask, and how much: shared by all doors of one server. Without a `token` everybody on this machine may."""

    metrics: Metrics
    rate: Rate
    token: str | None = None
    largest: int = limits.LARGEST


class Door:
    """Lets requests through to `app`, which is counted as `path`."""

    def __init__(self, app: ASGIApp, rules: Rules, *, path: str) -> None:
        self._app = app
        self._rules = rules
        self._path = path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or pass on; whatever happens, note it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        passage = _Passage(id=_id(headers), send=send)
        try:
            self._check(headers, _client(scope))
            receive = await whole(
                receive, announced=headers.get("content-length"), largest=self._rules.largest
            )
            await self._app(scope, receive, passage.noted)
        except TooLargeError:
            await passage.refuse(_too_large(self._rules.largest), scope, receive)
        except TooSlowError:
            await passage.refuse(_TOO_SLOW, scope, receive)
        except RequestError as error:
            await passage.refuse(error, scope, receive)
        except Exception as error:  # it has been answered with a sentence, or is now
            log.failure(error, id=passage.id)
            await passage.refuse(request_error(error), scope, receive)
        finally:
            self._note(scope, passage)

    def _check(self, headers: Headers, client: str) -> None:
        if headers.get("sec-fetch-site", "none") not in _OURS:
            raise RequestError("Another web site asked for this.", status=403, type="permission_error")
        token = self._rules.token
        if token is not None and not shown(headers.get("authorization", ""), token):
            raise RequestError(
                "A key is needed: send the token of this server as `Authorization: Bearer TOKEN`.",
                status=401,
                type="authentication_error",
                code="invalid_api_key",
                headers={"WWW-Authenticate": "Bearer"},
            )
        if wait := self._rules.rate.wait(client):
            raise RequestError(
                "So many requests in so short a time: try again a little later.",
                status=429,
                type="rate_limit_error",
                code="rate_limit_exceeded",
                headers={"Retry-After": str(math.ceil(wait))},
            )

    def _note(self, scope: Scope, passage: _Passage) -> None:
        self._rules.metrics.request(self._path, passage.status)
        log.request(
            id=passage.id,
            method=scope["method"] if scope["method"] in _METHODS else "other",
            path=_route(scope, self._path),
            status=passage.status,
            seconds=round(time.perf_counter() - passage.started, 4),
        )


class _Passage:
    """One request on its way through."""

    def __init__(self, *, id: str, send: Send) -> None:
        self.id = id
        self.status = 499  # the client went before there was one
        self.started = time.perf_counter()
        self._send = send
        self._begun = False

    async def noted(self, message: Message) -> None:
        """Send, with the request's id, and remember how it went."""
        if message["type"] == "http.response.start":
            self._begun = True
            self.status = message["status"]
            MutableHeaders(scope=message)["X-Request-ID"] = self.id
        await self._send(message)

    async def refuse(self, error: RequestError, scope: Scope, receive: Receive) -> None:
        """Say no, unless a reply has begun."""
        if not self._begun:
            await error.response()(scope, receive, self.noted)


_METHODS = frozenset({"GET", "POST", "HEAD", "OPTIONS", "DELETE", "PUT", "PATCH"})
_TOO_SLOW = RequestError("The request did not come to its end.", status=408, code="timeout")


def _too_large(largest: int) -> RequestError:
    most = f"{largest / 1024 / 1024:g} MB"
    return RequestError(f"The request is larger than {most}.", status=413, code="request_too_large")


def _id(headers: Headers) -> str:
    """The id that the client gave the request, if it can be one; a new one else."""
    said = headers.get("x-request-id", "")
    return said if _ID.fullmatch(said) else uuid4().hex


def _client(scope: Scope) -> str:
    client = scope.get("client")
    return client[0] if client else ""


def _route(scope: Scope, path: str) -> str:
    """Where it went, by the name of our route: what stands in a path may be anything."""
    route = getattr(scope.get("route"), "path", "")
    return f"{path}{route}" if isinstance(route, str) and route != path else path
