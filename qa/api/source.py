"""Where other programs' questions get their library from: a protocol, and the errors of having none yet.

Takes nothing and gives a library for as long as a context lasts. Knows nothing of HTTP, MCP or pages.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Protocol, TypeAlias

from qa.errors import QAError

if TYPE_CHECKING:
    from qa.library import Library
    from qa.remote import RemoteLibrary

AnyLibrary: TypeAlias = "Library | RemoteLibrary"


class NotReadyError(QAError):
    """The library is still being opened, or its models are still loading."""


class BusyError(QAError):
    """So many questions wait already that one more would only be kept waiting."""


class Source(Protocol):
    """Lends a library. May be used from several threads at once."""

    def use(self) -> AbstractContextManager[AnyLibrary]:
        """The library, as long as the context lasts. Raises `NotReadyError`, or what kept it from being opened."""

    def run(self, work: Callable[[], None]) -> None:
        """Does `work` in a thread of its own."""

    @property
    def closed(self) -> bool:
        """Whether the program is ending: whoever works for it should end."""


class Ready:
    """A library that is open and stays so."""

    def __init__(self, library: AnyLibrary) -> None:
        self._library = library
        self.closed = False

    @contextmanager
    def use(self) -> Iterator[AnyLibrary]:
        """The library."""
        yield self._library

    def run(self, work: Callable[[], None]) -> None:
        """Does `work` in a thread of its own."""
        threading.Thread(target=work, name="qa-answer", daemon=True).start()
