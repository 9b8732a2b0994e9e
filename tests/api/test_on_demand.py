"""A library that is opened when it is needed and let go when it is not."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from qa import Library
from qa.api.mcp.on_demand import OnDemand
from qa.api.source import AnyLibrary
from qa.errors import StoreBusyError


class Opening:
    """Counts how often a library is opened and closed."""

    def __init__(self, library: AnyLibrary) -> None:
        self.library = library
        self.opened = self.closed = 0

    @contextmanager
    def __call__(self) -> Iterator[AnyLibrary]:
        self.opened += 1
        yield self.library
        self.closed += 1


@pytest.fixture
def opening(library: Library) -> Opening:
    return Opening(library)


def until(met: object, *, seconds: float = 10.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if met():  # type: ignore[operator]
            return True
        time.sleep(0.005)
    return False


def test_it_is_opened_once_for_many_and_let_go_after_the_last(opening: Opening) -> None:
    source = OnDemand(opening, idle=0.05)
    assert opening.opened == 0
    with source.use() as first:
        with source.use() as second:
            assert first is second is opening.library
        time.sleep(0.15)
        assert (opening.opened, opening.closed) == (1, 0)
    assert until(lambda: opening.closed == 1)
    with source.use():
        assert opening.opened == 2
    source.close()
    assert opening.closed == 2


def test_who_comes_before_it_is_let_go_has_it_still(opening: Opening) -> None:
    source = OnDemand(opening, idle=60)
    for _ in range(3):
        with source.use():
            pass
    assert (opening.opened, opening.closed) == (1, 0)
    source.close()
    assert opening.closed == 1


def test_a_process_that_has_ended_is_looked_for_anew(opening: Opening) -> None:
    source = OnDemand(opening, idle=60)
    with pytest.raises(StoreBusyError), source.use():
        raise StoreBusyError("process 7 ended in the middle of the work")
    assert (opening.opened, opening.closed) == (1, 1)
    with source.use():
        assert opening.opened == 2
    source.close()


def test_other_errors_leave_it_open(opening: Opening) -> None:
    source = OnDemand(opening, idle=60)
    with pytest.raises(ValueError, match="x"), source.use():
        raise ValueError("x")
    assert (opening.opened, opening.closed) == (1, 0)
    source.close()


def test_what_keeps_it_from_being_opened_is_said_each_time(opening: Opening) -> None:
    @contextmanager
    def busy() -> Iterator[AnyLibrary]:
        raise StoreBusyError("taken")
        yield opening.library

    source = OnDemand(busy)
    for _ in range(2):
        with pytest.raises(StoreBusyError, match="taken"), source.use():
            raise AssertionError
    source.close()


def test_closing_waits_for_who_still_works(opening: Opening) -> None:
    source = OnDemand(opening, idle=60)
    begun, done = threading.Event(), []

    def work() -> None:
        with source.use():
            begun.set()
            time.sleep(0.05)
            done.append(opening.closed)

    source.run(work)
    assert begun.wait(10)
    source.close()
    assert (done, opening.closed, source.closed) == ([0], 1, True)
