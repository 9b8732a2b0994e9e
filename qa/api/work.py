"""Work for other programs: so much at a time, the rest in line, each in a thread that ends when nobody waits for it.

Takes a `Source` and what is to be done with its library; gives the results as they come, to one event loop. Who stops
listening ends the work: at its next item, or at the next token of a chat model. Knows nothing of HTTP or MCP.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable, Generator, Iterator
from contextlib import closing, nullcontext, suppress
from dataclasses import dataclass
from typing import TypeVar

from qa.api.source import AnyLibrary, BusyError, Source
from qa.flow import Ear, Left, heard

Item = TypeVar("Item")

AT_A_TIME = 8
"""Answers that are worked on at a time, over all clients."""
IN_LINE = 256
"""How many more may wait."""


@dataclass(frozen=True, slots=True)
class _End:
    """The last thing that comes out of a thread: what went wrong in it, if something did."""

    error: BaseException | None = None


class Work:
    """What is done by one library. To be used from one event loop."""

    def __init__(self, source: Source, *, at_a_time: int = AT_A_TIME, in_line: int = IN_LINE) -> None:
        self._source = source
        self._slots = asyncio.Semaphore(at_a_time)
        self._at_a_time = at_a_time
        self._in_line = in_line
        self._running = 0
        self._waiting = 0

    @property
    def running(self) -> int:
        """How many are worked on now."""
        return self._running

    @property
    def waiting(self) -> int:
        """How many wait in line now."""
        return self._waiting

    async def do(self, work: Callable[[AnyLibrary], Item]) -> Item:
        """What `work` gives. Raises what it raises, or `BusyError`."""

        def once(library: AnyLibrary) -> Iterator[Item]:
            yield work(library)

        async for item in self.stream(once):
            return item
        raise BusyError("qa is stopping")

    async def stream(self, work: Callable[[AnyLibrary], Iterator[Item]]) -> AsyncGenerator[Item]:
        """The items of what `work` makes, as they come. Closed early, it ends the work."""
        await self._enter()
        loop = asyncio.get_running_loop()
        things: asyncio.Queue[Item | _End] = asyncio.Queue()
        left = threading.Event()

        def put(thing: Item | _End) -> None:
            with suppress(RuntimeError):  # the loop has ended, and nobody waits
                loop.call_soon_threadsafe(things.put_nowait, thing)

        def carry_out() -> None:
            try:
                put(self._carry_out(work, put, left))
            finally:
                with suppress(RuntimeError):
                    loop.call_soon_threadsafe(self._leave)

        try:
            self._source.run(carry_out)
        except BaseException:
            self._leave()
            raise
        try:
            while not isinstance(thing := await things.get(), _End):
                yield thing
            if thing.error is not None:
                raise thing.error
        finally:
            left.set()

    def _carry_out(
        self,
        work: Callable[[AnyLibrary], Iterator[Item]],
        put: Callable[[Item], None],
        left: threading.Event,
    ) -> _End:
        """Everything that happens in the thread."""
        ear = Ear(lambda: left.is_set() or self._source.closed)
        try:
            ear.check()
            with self._source.use() as library:
                made = work(library)
                with closing(made) if isinstance(made, Generator) else nullcontext():
                    for item in heard(made, ear):
                        put(item)
                        ear.check()
        except Left:
            return _End(BusyError("qa is stopping") if self._source.closed else None)
        except BaseException as error:  # whoever waits is told, whatever it was
            return _End(error)
        return _End()

    async def _enter(self) -> None:
        if self._slots.locked() and self._waiting >= self._in_line:
            raise BusyError(f"{self._waiting} questions wait already: try again in a moment")
        self._waiting += 1
        try:
            await self._slots.acquire()
        finally:
            self._waiting -= 1
        self._running += 1

    def _leave(self) -> None:
        self._running -= 1
        self._slots.release()
