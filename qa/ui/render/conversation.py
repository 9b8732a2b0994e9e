"""The conversation: each question with what became of it, as HTML.

Takes `Turn`s, gives `Html` that the scripts find their way in by classes and data attributes. Knows nothing of how an
answer is found, or of Gradio.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from qa.feedback import Verdict
from qa.records import Answer
from qa.ui.render import judged
from qa.ui.render.cards import citation_card, hit_card, number
from qa.ui.render.markup import Html, element, join
from qa.ui.render.plain import DECLINED
from qa.ui.render.trust import agrees, trust
from qa.ui.render.words import sentence
from qa.ui.render.written import written

NEAREST = "The nearest passages, in case they help:"
SEARCHING = "Searching the articles…"

_LONG_QUESTION = 400
_LONG_ANSWER = 220

State = Literal["busy", "writing", "answered", "unsure", "help", "declined", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A question and what became of it so far. `key` names it; `waiting` says what it waits for.

    Settled when it has a whole answer or an error. `stopped`: the user had enough, which is no fault of anything.
    `alone`: the question is not to be completed from the turns before it. `asked` is its day. `verdict` is what its
    reader thought of the answer, `kept` says where that is, `trouble` why the last one is not. `by` says who answered,
    where more than one could.
    """

    key: str
    question: str
    answer: Answer | None = None
    whole: bool = False
    error: str | None = None
    stopped: bool = False
    waiting: str = SEARCHING
    alone: bool = False
    asked: date | None = None
    verdict: Verdict | None = None
    kept: str | None = None
    trouble: str | None = None
    by: str | None = None

    @property
    def settled(self) -> bool:
        """Whether nothing more will come."""
        return self.whole or self.error is not None

    @property
    def state(self) -> State:
        """What the page should look like."""
        if self.error is not None:
            return "failed"
        if self.answer is None:
            return "busy"
        if not self.whole:
            return "writing"
        if not self.answer.answered:
            return "declined"
        if not self.answer.citations:
            return "help"
        return "answered" if self.answer.sure else "unsure"


def conversation(turns: Sequence[Turn]) -> Html:
    """All turns, oldest first; empty for none."""
    return join(*(_turn(turn) for turn in turns))


def _turn(turn: Turn) -> Html:
    return element(
        "section",
        element("h2", turn.question, class_="asked", dir="auto", tabindex=_scrolls(turn.question)),
        *_outcome(turn),
        class_="turn",
        data_key=turn.key,
        data_state=turn.state,
        data_alone=turn.alone,
    )


def _scrolls(question: str) -> int | None:
    """A question that is longer than its place can be scrolled, by keyboard too."""
    return 0 if len(question) > _LONG_QUESTION else None


def _outcome(turn: Turn) -> list[Html | None]:
    if turn.error is not None:
        return _failed(turn.error, calm=turn.stopped)
    if turn.answer is None or not (turn.answer.answered or turn.whole):
        return [element("p", element("span", class_="pulse"), turn.waiting, class_="working")]
    shown = _answered(turn, turn.answer) if turn.answer.answered else _declined(turn, turn.answer)
    return [_understood(turn.answer), *shown, _by(turn)]


def _understood(answer: Answer) -> Html | None:
    if answer.understood is None:
        return None
    correct = element(
        "button",
        "Correct",
        type="button",
        class_="act",
        data_act="correct",
        data_question=answer.understood,
        aria_label="Correct how the question was understood",
    )
    words = element("span", f"Understood as: {answer.understood}", class_="text", dir="auto")
    return element("p", words, " ", correct, class_="understood")


def _by(turn: Turn) -> Html | None:
    return element("p", turn.by, class_="by", dir="auto") if turn.by and turn.whole else None


def _failed(error: str, *, calm: bool) -> list[Html | None]:
    retry = element("button", "Try again", type="button", class_="quiet", data_act="retry")
    kind = "error calm" if calm else "error"
    said = element("div", element("p", sentence(error), dir="auto"), retry, class_=kind)
    return [said, element("div", judged.edit(), element("span", class_="saying"), class_="acts")]


def _answered(turn: Turn, answer: Answer) -> list[Html | None]:
    # Cards come with the whole answer: while it grows they would be pushed down, line by line.
    cards = [citation_card(citation) for citation in answer.citations]
    sources = (
        element("ol", *cards, class_="cards", aria_label="Sources", hidden=not turn.whole) if cards else None
    )
    reply = _written(answer, whole=turn.whole) if answer.claims else _quoted(answer)
    return [reply, _note(answer), _below(turn, answer), sources]


def _below(turn: Turn, answer: Answer) -> Html | None:
    """How far it can be trusted, and what can be done with it."""
    if not turn.whole:
        return None
    below = element("div", trust(answer), judged.row(turn, answer), class_="below")
    return join(below, judged.verdict(turn))


def _written(answer: Answer, *, whole: bool) -> Html:
    numbers = {citation.number: number(citation) for citation in answer.citations}
    return element("div", written(answer, numbers.get, working=not whole), class_="reply written")


def _quoted(answer: Answer) -> Html:
    text = answer.answer or ""
    size = "reply long" if len(text) > _LONG_ANSWER else "reply"
    if not answer.citations:
        size = "reply help"
    numbers = [number(citation) for citation in answer.citations if agrees(citation, text)]
    words = element("span", text, class_="words", dir="auto")
    cites = element("span", *numbers, class_="cites") if numbers else None
    return join(element("div", element("p", words, cites), class_=size), _others(answer))


def _others(answer: Answer) -> Html | None:
    """The other answers that are cited: articles may not agree, or speak of more than one such thing."""
    others = [one for one in answer.citations if not agrees(one, answer.answer or "")]
    if not others:
        return None
    said = [one.quote[one.answer_start - one.start : one.answer_end - one.start] for one in others]
    listed = [
        element("span", element("span", words, dir="auto"), number(one), class_="other")
        for words, one in zip(said, others, strict=True)
    ]
    return element("p", "The articles also give: ", *listed, class_="others")


def _note(answer: Answer) -> Html | None:
    return element("p", sentence(answer.note), class_="note", dir="auto") if answer.note else None


def _declined(turn: Turn, answer: Answer) -> list[Html | None]:
    said = element("div", element("p", element("span", DECLINED, class_="words")), class_="reply")
    if not answer.nearest:
        return [said, _note(answer), _below(turn, answer)]
    cards = [hit_card(hit) for hit in answer.nearest]
    more = element(
        "button",
        "Show passages about this",
        type="button",
        class_="quiet",
        data_act="passages",
        data_words=answer.understood or turn.question,
    )
    return [
        said,
        _note(answer),
        _below(turn, answer),
        element("div", element("p", NEAREST, class_="nearest"), more, class_="more"),
        element("ol", *cards, class_="cards near", aria_label="Nearest passages"),
    ]
