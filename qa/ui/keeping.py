"""Turns of conversations -> what a browser keeps of them, and back.

The browser has the conversations; the server has nothing between two questions but this: the turns that it last gave
out, until the browser has come for them. Takes and gives `Turn`s and names; knows nothing of pages or of Gradio.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from pydantic import TypeAdapter, ValidationError

from qa.ui.render import Turn
from qa.ui.seal import Seal

LEFT = "You left before an answer came."
LONGEST_NAME = 120
"""Characters of the name of a conversation."""

_RECENT = 256  # turns that wait for their browser; it comes within seconds
_TURN = TypeAdapter(Turn)


class Keeper:
    """What goes to browsers to be kept, closed with `seal`, and what comes back from there."""

    def __init__(self, seal: Seal) -> None:
        self._seal = seal
        self._recent: OrderedDict[str, Turn] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def scope(self) -> str:
        """The name under which a browser keeps conversations of this library."""
        return self._seal.scope

    def put(self, turn: Turn) -> None:
        """Hold a turn ready for its browser, in place of what it was before."""
        with self._lock:
            self._recent[turn.key] = turn
            self._recent.move_to_end(turn.key)
            while len(self._recent) > _RECENT:
                self._recent.popitem(last=False)

    def has(self, key: str) -> bool:
        """Whether a turn of this name is held ready."""
        return key in self._recent

    def take(self, keys: Iterable[str]) -> dict[str, dict[str, Any]]:
        """Those of these turns that there are, as they are to be kept, each with the name of a conversation of it."""
        with self._lock:
            found = [turn for key in keys if (turn := self._recent.get(key)) is not None]
        return {
            turn.key: {
                "kept": self.closed(turn),
                "settled": turn.settled,
                "name": self.named(turn.question),
            }
            for turn in found
        }

    def closed(self, turn: Turn) -> str:
        """A turn as a browser keeps it."""
        return self._seal.close(_TURN.dump_python(turn, mode="json"))

    def turn(self, kept: object, key: str | None = None) -> Turn | None:
        """A turn from what a browser kept of it, or from here if its `key` is; None if it cannot be read.

        One that was being answered when all went away is as stopped.
        """
        turn = self._recent.get(key or "")
        if turn is None and (value := self._seal.open(kept)) is not None:
            try:
                turn = _TURN.validate_python(value)
            except ValidationError:  # of another version of qa
                turn = None
        return turn if turn is None or turn.settled else left(turn)

    def named(self, name: str) -> str:
        """The name of a conversation as a browser keeps it."""
        return self._seal.close({"name": " ".join(name.split())[:LONGEST_NAME]})

    def name(self, kept: object) -> str | None:
        """The name of a conversation, or None if it cannot be read."""
        value = self._seal.open(kept)
        name = value.get("name") if isinstance(value, dict) else None
        return name if isinstance(name, str) else None


def left(turn: Turn) -> Turn:
    """The turn with what there is of its answer, when nobody waited for the rest."""
    if turn.answer is None or not turn.answer.answered:
        return replace(turn, answer=None, error=LEFT, stopped=True)
    return replace(turn, whole=True)
