"""A verdict on an answer: from the thumb to its line in the file beside the store.

Takes what a browser sends (and trusts none of it), gives the turn with its verdict, to be kept there. Nothing leaves
the machine. Knows nothing of what the file is read for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from qa.errors import FeedbackError, QAError
from qa.feedback import LONGEST_NOTE, NAME, REASONS, Feedback, Verdict, line
from qa.ui.background import Background
from qa.ui.flight import Turns, history
from qa.ui.keeping import Keeper
from qa.ui.render import Turn, spoken
from qa.ui.wanted import pairs

KEPT = "Kept on this machine, in {path}."


class Judging:
    """Keeps what the readers of the page think of its answers."""

    def __init__(self, background: Background, keeper: Keeper) -> None:
        self._background = background
        self._keeper = keeper

    def judge(self, asked: dict[str, Any]) -> dict[str, Any]:
        """A thumb, or why it points down, for one of the `turns` of a conversation -> that turn as it is to be kept."""
        read = (self._keeper.turn(kept, key) for key, kept in pairs(asked.get("turns")))
        turns = tuple(turn for turn in read if turn is not None)
        place = next((i for i, turn in enumerate(turns) if turn.key == asked.get("turn")), None)
        if place is None or turns[place].answer is None:
            return {}
        changed = self._judge(turns[place], turns[:place], _verdict(asked))
        self._keeper.put(changed)
        return {"kept": self._keeper.closed(changed)}

    def _judge(self, turn: Turn, before: Turns, verdict: Verdict | None) -> Turn:
        """The turn with its verdict, None takes it back; with why not, if that cannot be kept."""
        try:
            library = self._background.library(0)
            if library is None or turn.answer is None:
                raise FeedbackError("the library is not open: try again in a moment")
            feedback = Feedback(library.settings.store / NAME)
            if verdict is None:
                feedback.drop(turn.key)
                return replace(turn, verdict=None, kept=None, trouble=None)
            feedback.keep(
                line(
                    turn.key,
                    turn.question,
                    turn.answer,
                    spoken(turn.answer),
                    verdict,
                    history=() if turn.alone else history(before),
                    asked=turn.asked,
                )
            )
            return replace(turn, verdict=verdict, kept=KEPT.format(path=feedback.path), trouble=None)
        except QAError as error:
            return replace(turn, trouble=str(error))


def _verdict(given: Mapping[str, Any]) -> Verdict | None:
    """What a page says, as far as it makes sense; anything else than a thumb takes the verdict back."""
    if given.get("good") is True:
        return Verdict(good=True)
    if given.get("good") is not False:
        return None
    reason, note = given.get("reason"), given.get("note")
    return Verdict(
        good=False,
        reason=next((one for one in REASONS if one == reason), None),
        note=" ".join(note.split())[:LONGEST_NOTE] if isinstance(note, str) else "",
    )
