"""Whoever waits for an answer can leave at any moment, and what works on it then ends."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from langchain_core.language_models import FakeListChatModel

from qa.flow import Ear, flowing

TICK = 0.02


class Threads:
    """Runs work in threads, and waits for them."""

    def __init__(self) -> None:
        self.threads: list[threading.Thread] = []

    def run(self, work: Callable[[], None]) -> None:
        self.threads.append(threading.Thread(target=work))
        self.threads[-1].start()

    def ended(self) -> bool:
        for thread in self.threads:
            thread.join(5)
        return not any(thread.is_alive() for thread in self.threads)


@pytest.fixture
def threads() -> Threads:
    return Threads()


def test_items_come_as_they_are_made_and_none_while_there_is_nothing(threads: Threads) -> None:
    go_on = threading.Event()

    def made() -> Iterator[str]:
        yield "one"
        go_on.wait(5)
        yield "two"

    left = threading.Event()
    flow = flowing(made, threads.run, left=left, tick=TICK)
    assert [next(flow), next(flow), next(flow)] == ["one", None, None]
    go_on.set()
    assert [item for item in flow if item] == ["two"]
    assert not left.is_set()
    assert threads.ended()


def test_what_goes_wrong_inside_is_raised_outside(threads: Threads) -> None:
    def made() -> Iterator[str]:
        yield "one"
        raise ValueError("two")

    flow = flowing(made, threads.run, left=threading.Event(), tick=TICK)
    assert next(flow) == "one"
    with pytest.raises(ValueError, match="two"):
        list(flow)
    assert threads.ended()


def test_who_leaves_ends_the_work_at_its_next_item(threads: Threads) -> None:
    closed = threading.Event()

    def made() -> Iterator[int]:
        try:
            for i in range(10_000):
                time.sleep(0.001)
                yield i
        finally:
            closed.set()

    flow = flowing(made, threads.run, left=threading.Event(), tick=TICK)
    next(flow)
    flow.close()
    assert threads.ended()
    assert closed.is_set()


def test_a_chat_model_is_ended_at_its_next_token(threads: Threads, caplog: pytest.LogCaptureFixture) -> None:
    """It has nothing to show yet, so only the callbacks that LangChain makes can tell it."""
    model = FakeListChatModel(responses=["x" * 10_000], sleep=0.002)
    errors: list[BaseException] = []

    def made() -> Iterator[str]:
        try:
            yield "".join(chunk.text for chunk in model.stream("?"))
        except BaseException as error:
            errors.append(error)
            raise

    left = threading.Event()
    ear = Ear(left.is_set)
    flow = flowing(made, threads.run, left=left, tick=TICK, ear=ear)
    until = time.monotonic() + 10
    while not ear.model_reads and time.monotonic() < until:
        assert next(flow) is None
    with caplog.at_level(logging.DEBUG):
        flow.close()
        assert threads.ended()
    assert [type(error).__name__ for error in errors] == ["Left"]
    assert "Left" not in caplog.text


def test_a_model_asked_for_a_whole_reply_is_heard_too(threads: Threads) -> None:
    model = FakeListChatModel(responses=["Hello."])
    ear = Ear(lambda: False)

    def made() -> Iterator[str]:
        yield "before"
        yield model.invoke("?").text

    flow = flowing(made, threads.run, left=threading.Event(), tick=5, ear=ear)
    assert (next(flow), list(flow), ear.model_reads) == ("before", ["Hello."], True)
    assert threads.ended()
