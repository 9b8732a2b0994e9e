"""A question on its way to its answer: what it was asked after, what became of it so far, and who looks at it.

Takes and gives `Turn`s. Knows nothing of Gradio, of browsers, or of how an answer is found.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace

from qa.records import Answer
from qa.settings import READER
from qa.ui.render import Html, Turn, conversation, spoken
from qa.ui.render.conversations import one_conversation
from qa.ui.render.plain import DECLINED
from qa.ui.render.words import many
from qa.ui.status import Answerer, Status
from qa.ui.wanted import Options

Turns = tuple[Turn, ...]

STOPPED = "You stopped it here."
STOPPED_EARLY = "You stopped it before an answer came."


@dataclass(slots=True, kw_only=True)
class Flight:
    """A question on its way: its turn as it is now, and whether its page looks at it or at another conversation."""

    talk: str
    before: Turns
    turn: Turn
    options: Options
    past: Html
    begun: bool = False
    shown: bool = True
    left: threading.Event = field(default_factory=threading.Event)

    def page(self) -> Html:
        """The conversation as it is now."""
        return one_conversation(self.talk, self.past, conversation((self.turn,)))


def history(turns: Turns) -> tuple[tuple[str, str], ...]:
    """What was said so far, as the library wants to know it."""
    return tuple(
        (turn.question, spoken(turn.answer) or DECLINED) for turn in turns if turn.answer is not None
    )


def by(answer: Answer, answerer: Answerer | None) -> str | None:
    """Who answered, where a chat model could have."""
    if answerer is None or answerer.name == READER or not (answer.citations or answer.nearest):
        return None
    return "Quoted by the reader." if answer.model == READER else f"Written by {answer.model}."


def early(answer: Answer, status: Status) -> Answer:
    """An answer; one that was not found while articles are still being read says so, for it may be in those."""
    if answer.answered or answer.note or status.phase != "indexing":
        return answer
    note = f"Articles are still being read, {many(status.indexed, 'article')} so far: ask again when all are there."
    return replace(answer, note=note)


def stopped(turn: Turn, last: Answer | None) -> Turn:
    """The turn with what had been written when the user had enough of it."""
    if last is None or not last.answered:
        return replace(turn, error=STOPPED_EARLY, stopped=True)
    return replace(turn, answer=replace(last, note=STOPPED), whole=True)
