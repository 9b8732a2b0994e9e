"""A library that is opened with the first need of it, and let go when nobody has needed it for a while.

A program that talks over stdio may run all day; the store belongs to one process at a time. So `qa chat` and `qa add`
get it as soon as this one has been idle, and this one asks through them while they have it. Takes how to open a
library; knows nothing of protocols.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager

from qa.api.source import AnyLibrary
from qa.errors import StoreBusyError

IDLE_SECONDS = 15.0
_LAST_WORD = 5.0


class OnDemand:
    """Lends the library that `open_it` opens. `open_it` gives a context, whose end lets the store go."""

    def __init__(
        self,
        open_it: Callable[[], AbstractContextManager[AnyLibrary]],
        *,
        idle: float = IDLE_SECONDS,
    ) -> None:
        self._open_it = open_it
        self._idle = idle
        self._lock = threading.Lock()
        self._opened = ExitStack()
        self._library: AnyLibrary | None = None
        self._users = 0
        self._timer: threading.Timer | None = None
        self._threads: set[threading.Thread] = set()
        self.closed = False

    @contextmanager
    def use(self) -> Iterator[AnyLibrary]:
        """The library, as long as the context lasts. Raises what keeps it from being opened."""
        library = self._take()
        try:
            yield library
        except StoreBusyError:
            self._give_back(
                gone=library
            )  # the process that had the store has ended: open it anew the next time
            raise
        except BaseException:
            self._give_back()
            raise
        else:
            self._give_back()

    def run(self, work: Callable[[], None]) -> None:
        """Does `work` in a thread of its own; `close` waits for it."""

        def known() -> None:
            try:
                work()
            finally:
                self._threads.discard(thread)

        thread = threading.Thread(target=known, name="qa-answer", daemon=True)
        self._threads.add(thread)
        thread.start()

    def close(self) -> None:
        """Let the store go, and wait a little for whoever still works."""
        self.closed = True
        for thread in tuple(self._threads):
            thread.join(_LAST_WORD)
        with self._lock:
            self._let_go()

    def _take(self) -> AnyLibrary:
        with self._lock:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
            if self._library is not None and not self._users and not _is_there(self._library):
                self._let_go()
            if self._library is None:
                self._library = self._opened.enter_context(self._open_it())
            self._users += 1
            return self._library

    def _give_back(self, gone: AnyLibrary | None = None) -> None:
        with self._lock:
            self._users -= 1
            if self._users:
                return
            if gone is not None and gone is self._library:
                self._let_go()
            elif self._library is not None:
                self._timer = threading.Timer(self._idle, self._rest)
                self._timer.daemon = True
                self._timer.start()

    def _rest(self) -> None:
        with self._lock:
            if not self._users:
                self._let_go()

    def _let_go(self) -> None:
        self._library = None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._opened.close()


def _is_there(library: AnyLibrary) -> bool:
    """Whether the process that has the store still runs; this one does."""
    answers = getattr(library, "answers", None)
    return answers is None or bool(answers())
