"""How much one client may ask: bytes of a request, the time to send it, and requests a minute.

Takes ASGI events and names of clients; knows nothing of what is asked.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable

from starlette.types import Message, Receive

LARGEST = 2 * 1024 * 1024
"""Bytes of a request."""
A_MINUTE = 1_200
"""Requests of one client."""
SENDING_SECONDS = 30.0
_CLIENTS = 10_000
"""How many are remembered; who has not asked for longest is forgotten first."""


class TooLargeError(Exception):
    """The request has more bytes than it may."""


class TooSlowError(Exception):
    """The request does not come to an end."""


class Rate:
    """Requests by client: each has a bucket of `a_minute` that fills up again evenly within a minute."""

    def __init__(self, a_minute: int = A_MINUTE, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = float(a_minute)
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, client: str) -> float:
        """Takes one from the client's bucket; gives the seconds until there is one, 0 if it was taken."""
        now = self._clock()
        left, then = self._buckets.pop(client, (self._most, now))
        left = min(self._most, left + (now - then) * self._most / 60)
        taken = left >= 1
        self._buckets[client] = (left - 1 if taken else left, now)
        while len(self._buckets) > _CLIENTS:
            self._buckets.popitem(last=False)
        return 0.0 if taken else (1 - left) * 60 / self._most


async def whole(receive: Receive, *, announced: str | None, largest: int = LARGEST) -> Receive:
    """What receives the same request, read to its end.

    Raises `TooLargeError`, before it is read if it says so itself, and `TooSlowError`.
    """
    if announced is not None and announced.isdecimal() and int(announced[:20]) > largest:
        raise TooLargeError
    parts: list[Message] = []
    size = 0
    try:
        async with asyncio.timeout(SENDING_SECONDS):
            more = True
            while more:
                part = await receive()
                size += len(part.get("body", b""))
                if size > largest:
                    raise TooLargeError
                parts.append(part)
                more = bool(part.get("more_body")) and part["type"] == "http.request"
    except TimeoutError:
        raise TooSlowError from None
    parts.reverse()

    async def again() -> Message:
        return parts.pop() if parts else await receive()

    return again
