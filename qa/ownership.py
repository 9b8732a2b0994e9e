"""Who may use a store's folder: one process at a time, and how the next one finds it.

Two processes on one embedded Chroma do not see each other's vectors and corrupt it, so the owner holds a lock that
the operating system takes back when the process ends, however it ends. An owner that can work for others leaves its
address and a secret beside the lock. Knows nothing of what is done with the store.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from qa.errors import StoreBusyError, StoreError

_PAUSE = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """The process that has the store: what it is doing, where its tab is if it has one and, if it works for others,
    by which address and secret.
    """

    pid: int
    doing: str
    address: str | None = None
    secret: str | None = None
    page: str | None = None
    embedder: str | None = None


class Ownership:
    """The right to use a store's folder. `take` gets it, `release` gives it back; a killed process loses it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._notice = folder / "owner.json"
        self._lock = FileLock(folder / "lock", thread_local=False)

    def take(self, *, doing: str) -> Owner | None:
        """Takes the right without waiting; None means taken, an `Owner` is the process that has it."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._lock.acquire(timeout=0)
            self.announce(Owner(pid=os.getpid(), doing=doing))
        except Timeout:
            return self._owner()
        except OSError as error:
            self._lock.release()
            raise StoreError(
                f"{self._folder} cannot be used as a store ({error.strerror or error}): name a folder that can be "
                f"written, with --store or QA_STORE"
            ) from error
        return None

    def wait(self, *, doing: str, seconds: float, on_wait: Callable[[Owner], None] | None = None) -> None:
        """Takes the right as soon as it is free. Raises `StoreBusyError` when that takes longer than `seconds`.

        `on_wait` is told again and again who has it; what it raises ends the waiting.
        """
        patience = time.monotonic() + seconds
        while (owner := self.take(doing=doing)) is not None:
            if time.monotonic() > patience:
                raise StoreBusyError(
                    f"the store {self._folder} is in use by process {owner.pid} ({owner.doing}): "
                    f"wait until it is done, or end it"
                )
            if on_wait:
                on_wait(owner)
            time.sleep(_PAUSE)

    def announce(self, owner: Owner) -> None:
        """Tells the next process who has the store; only this user can read it, for there may be a secret in it."""
        new = self._notice.with_suffix(".new")
        new.unlink(missing_ok=True)
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(asdict(owner), file)
        new.replace(self._notice)

    def release(self) -> None:
        """Gives the right back."""
        if self._lock.is_locked:
            self._notice.unlink(missing_ok=True)
            self._lock.release()

    def _owner(self) -> Owner:
        try:
            return Owner(**json.loads(self._notice.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return Owner(pid=0, doing="starting or ending")  # between the lock and its notice


def owner_of(folder: Path) -> Owner | None:
    """The process that has a store's folder now, None if nobody has."""
    ownership = Ownership(folder)
    owner = ownership.take(doing="looking who has the store")
    ownership.release()
    return owner
