"""The right to write to a Chroma server, for one process at a time.

It is a collection that only one process can create. Its holder renews it as long as it lives; a killed one's expires,
and the next process takes it over. Expiry is by the clocks of the machines, which must agree within some seconds.
Knows nothing of what is written.
"""

from __future__ import annotations

import threading
import time
import uuid
from typing import Any

from qa.errors import StoreBusyError, StoreError
from qa.store.database import Database, GoneError, Table

NAME = "qa-writer"
SECONDS = 60.0
_PAUSE = 0.5


class Lease:
    """The right to write. `take` gets it, `give_back` lets the next process have it."""

    def __init__(self, database: Database, *, seconds: float = SECONDS) -> None:
        self._database = database
        self._seconds = seconds
        self._held: Table | None = None
        self._until = 0.0
        self._lost = False
        self._done = threading.Event()

    def take(self) -> None:
        """Waits for at most one lease's time. Raises `StoreBusyError` when another process keeps renewing."""
        patience = time.monotonic() + self._seconds + 5
        while (held := self._database.create(NAME, self._terms())) is None:
            other = self._database.find(NAME)
            if other is None:
                continue
            if float(other.metadata.get("until", 0)) < time.time():
                self._put_away(other)
            elif time.monotonic() > patience:
                raise StoreBusyError(
                    "another process is writing to this Chroma server: try again when it is done"
                )
            else:
                time.sleep(_PAUSE)
        self._held, self._lost, self._done = held, False, threading.Event()
        self._until = float(held.metadata["until"])
        threading.Thread(target=self._keep, args=(held, self._done), name="qa-lease", daemon=True).start()

    def assure(self) -> None:
        """Raises `StoreBusyError` if another process has taken the lease over: this one was not heard of in time."""
        if self._held and not self._lost and time.time() > self._until - self._seconds / 2:
            self._renew(self._held)
        if self._held is None or self._lost:
            raise StoreBusyError(
                "another process took over the writing to this Chroma server, for this one was silent for too "
                "long: run this again"
            )

    def give_back(self) -> None:
        """Lets the next process write."""
        self._done.set()
        if self._held and not self._lost:
            self._put_away(self._held)
        self._held = None

    def _keep(self, held: Table, done: threading.Event) -> None:
        """Renews for as long as the work goes on, however long one step of it takes."""
        while not self._lost and not done.wait(self._seconds / 4):
            try:
                self._renew(held)
            except StoreError:
                continue  # the server may come back in time; if not, the work itself meets the error

    def _renew(self, held: Table) -> None:
        terms = self._terms()
        try:
            held.describe(terms)
        except GoneError:
            self._lost = True
        else:
            self._until = terms["until"]

    def _put_away(self, table: Table) -> None:
        """Removes this very lease: by its name alone it could be one that another process took just now."""
        name = f"{NAME}-{uuid.uuid4().hex}"
        try:
            table.rename(name)
        except GoneError:
            return  # another process was faster
        self._database.drop(name)

    def _terms(self) -> dict[str, Any]:
        return {"until": time.time() + self._seconds}
