"""So much at a time, the rest in line, and nothing for nobody."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import aclosing, contextmanager
from typing import Any

import pytest
from starlette.testclient import TestClient

from qa import Library
from qa.api.metrics import Metrics
from qa.api.openai import application
from qa.api.source import AnyLibrary, BusyError, NotReadyError, Ready
from qa.api.work import Work
from qa.errors import ModelServerError, StoreError
from qa.settings import Settings


class Without(Ready):
    """Has no library, for this reason."""

    def __init__(self, why: Exception) -> None:
        self.closed = False
        self._why = why

    @contextmanager
    def use(self) -> Iterator[AnyLibrary]:
        raise self._why
        yield


def numbers(_library: AnyLibrary) -> Iterator[int]:
    yield from range(3)


def test_items_come_in_order(library: Library) -> None:
    async def run() -> list[int]:
        return [item async for item in Work(Ready(library)).stream(numbers)]

    assert asyncio.run(run()) == [0, 1, 2]


def test_what_goes_wrong_is_raised_where_it_is_waited_for(library: Library) -> None:
    async def run() -> None:
        work = Work(Ready(library))
        with pytest.raises(ZeroDivisionError):
            await work.do(lambda _: 1 // 0)
        assert await work.do(lambda library: len(library.articles())) == 4

    asyncio.run(run())


def test_who_stops_listening_ends_the_work(library: Library) -> None:
    ended = threading.Event()

    def endless(_library: AnyLibrary) -> Iterator[int]:
        try:
            while True:
                yield 1
        finally:
            ended.set()

    async def run() -> None:
        work = Work(Ready(library))
        async with aclosing(work.stream(endless)) as items:
            async for _ in items:
                break
        assert await asyncio.to_thread(ended.wait, 10)
        while work.running:
            await asyncio.sleep(0.001)

    asyncio.run(run())


def test_a_program_that_ends_ends_the_work(library: Library) -> None:
    source = Ready(library)

    def endless(_library: AnyLibrary) -> Iterator[int]:
        while True:
            yield 1

    async def run() -> None:
        async for _ in Work(source).stream(endless):
            source.closed = True

    with pytest.raises(BusyError, match="stopping"):
        asyncio.run(run())


def test_so_many_at_a_time_and_no_more_in_line_than_may_wait(library: Library) -> None:
    going, most, lock, go = 0, 0, threading.Lock(), threading.Event()

    def slow(_library: AnyLibrary) -> int:
        nonlocal going, most
        with lock:
            going += 1
            most = max(most, going)
        go.wait(10)
        with lock:
            going -= 1
        return 1

    async def run() -> list[Any]:
        work = Work(Ready(library), at_a_time=2, in_line=3)
        tasks = [asyncio.create_task(work.do(slow)) for _ in range(6)]
        while not any(task.done() for task in tasks):
            await asyncio.sleep(0.001)
        assert (work.running, work.waiting) == (2, 3)
        tasks[2].cancel()
        await asyncio.sleep(0)
        assert work.waiting == 2
        go.set()
        return list(await asyncio.gather(*tasks, return_exceptions=True))

    results = asyncio.run(run())
    assert most == 2
    assert [result for result in results if result == 1] == [1] * 4
    assert isinstance(results[2], asyncio.CancelledError)
    assert str(results[5]) == "3 questions wait already: try again in a moment"


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(
    ("why", "status", "code", "retry", "said"),
    [
        (NotReadyError("the models are still loading"), 503, "loading", "2", "The models are still loading."),
        (BusyError("many wait"), 503, "overloaded", "2", "Many wait."),
        (
            ModelServerError("openai:gpt-x is not there"),
            503,
            "model_unavailable",
            None,
            "openai:gpt-x is not there.",
        ),
        (StoreError("the store is damaged"), 500, None, None, "The store is damaged."),
        (
            ValueError("text of an article"),
            500,
            None,
            None,
            "Something went wrong inside qa. The terminal that runs it shows what.",
        ),
    ],
)
def test_without_a_library_there_is_a_sentence_and_its_status(
    why: Exception, status: int, code: str | None, retry: str | None, said: str, stream: bool
) -> None:
    app = application(Settings(), Work(Without(why)), Metrics())
    body = {"model": "qa", "messages": [{"role": "user", "content": "where?"}], "stream": stream}
    ask: Callable[..., Any] = TestClient(app, raise_server_exceptions=False).post
    reply = ask("/chat/completions", json=body)
    assert (reply.status_code, reply.headers.get("Retry-After")) == (status, retry)
    assert reply.json() == {"error": {"message": said, "type": "server_error", "param": None, "code": code}}
