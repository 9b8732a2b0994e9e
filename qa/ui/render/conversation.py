"""The conversation: each question with what became of it, as HTML.

Takes `Turn`s, gives `Html` that the scripts find their way in by classes and data attributes. Knows nothing of how an
answer is found, or of Gradio.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from qa.records import Answer, Citation, Hit
from qa.ui.render.markup import Html, Mark, element, join, marked
from qa.ui.render.words import day, sentence
from qa.ui.render.written import NOT_THERE, written

DECLINED = "The articles do not say."
UNSURE = "This may be it, but the articles are not clear."
SEARCHING = "Searching the articles…"

_LONG_QUESTION = 400
_LONG_ANSWER = 220
_LONGEST_EXCERPT = 320

State = Literal["busy", "writing", "answered", "unsure", "help", "declined", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A question and what became of it so far. `key` names it; `waiting` says what it waits for.

    Settled when it has a whole answer or an error. `stopped`: the user had enough, which is no fault of anything. `by`
    says who answered, where more than one could.
    """

    key: str
    question: str
    answer: Answer | None = None
    whole: bool = False
    error: str | None = None
    stopped: bool = False
    waiting: str = SEARCHING
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
    )


def _scrolls(question: str) -> int | None:
    """A question that is longer than its place can be scrolled, by keyboard too."""
    return 0 if len(question) > _LONG_QUESTION else None


def _outcome(turn: Turn) -> list[Html | None]:
    if turn.error is not None:
        return _failed(turn.error, calm=turn.stopped)
    if turn.answer is None or not (turn.answer.answered or turn.whole):
        return [element("p", element("span", class_="pulse"), turn.waiting, class_="working")]
    shown = _answered(turn.answer, whole=turn.whole) if turn.answer.answered else _declined(turn.answer)
    return [_understood(turn.answer), *shown, _by(turn)]


def _understood(answer: Answer) -> Html | None:
    if answer.understood is None:
        return None
    return element("p", f"Understood as: {answer.understood}", class_="understood", dir="auto")


def _by(turn: Turn) -> Html | None:
    return element("p", turn.by, class_="by", dir="auto") if turn.by and turn.whole else None


def _failed(error: str, *, calm: bool) -> list[Html | None]:
    retry = element("button", "Try again", type="button", class_="quiet", data_act="retry")
    kind = "error calm" if calm else "error"
    return [element("div", element("p", sentence(error), dir="auto"), retry, class_=kind)]


def _answered(answer: Answer, *, whole: bool) -> list[Html | None]:
    # Cards come with the whole answer: while it grows they would be pushed down, line by line.
    cards = [_citation_card(citation) for citation in answer.citations]
    sources = element("ol", *cards, class_="cards", aria_label="Sources", hidden=not whole) if cards else None
    reply = _written(answer, whole=whole) if answer.claims else _quoted(answer)
    return [reply, _doubt(answer) if whole else None, _note(answer), sources]


def _written(answer: Answer, *, whole: bool) -> Html:
    numbers = {citation.number: _number(citation) for citation in answer.citations}
    return element("div", written(answer, numbers.get, working=not whole), class_="reply written")


def _quoted(answer: Answer) -> Html:
    text = answer.answer or ""
    size = "reply long" if len(text) > _LONG_ANSWER else "reply"
    if not answer.citations:
        size = "reply help"
    numbers = [_number(citation) for citation in answer.citations]
    words = element("span", text, class_="words", dir="auto")
    cites = element("span", *numbers, class_="cites") if numbers else None
    return element("div", element("p", words, cites), class_=size)


def _doubt(answer: Answer) -> Html | None:
    """How far it can be trusted; and what the marks in the text mean, for those who cannot hover over them."""
    unsupported = sum(claim.supported is False for claim in answer.claims)
    if unsupported:
        said = "One sentence is" if unsupported == 1 else f"{unsupported} sentences are"
        return element("p", f"{said} marked “{NOT_THERE}”: nothing that was found says so.", class_="doubt")
    return element("p", UNSURE, class_="doubt") if answer.citations and not answer.sure else None


def _note(answer: Answer) -> Html | None:
    return element("p", sentence(answer.note), class_="note", dir="auto") if answer.note else None


def _declined(answer: Answer) -> list[Html | None]:
    said = element("div", element("p", element("span", DECLINED, class_="words")), class_="reply")
    if not answer.nearest:
        return [said, _note(answer)]
    cards = [_hit_card(hit) for hit in answer.nearest]
    return [
        said,
        _note(answer),
        element("p", "The nearest passages, in case they help:", class_="nearest"),
        element("ol", *cards, class_="cards near", aria_label="Nearest passages"),
    ]


def _number(citation: Citation) -> Html:
    return element(
        "button",
        str(citation.number),
        type="button",
        class_="cite",
        data_act="cite",
        data_number=citation.number,
        aria_label=f"Source {citation.number}: {citation.title}",
    )


def _citation_card(citation: Citation) -> Html:
    base = citation.start
    mark = Mark(
        start=0,
        end=len(citation.quote),
        answer_start=citation.answer_start - base,
        answer_end=citation.answer_end - base,
    )
    return _card(
        citation,
        marked(citation.quote, 0, len(citation.quote), [mark]),
        number=citation.number,
        answer=(citation.answer_start, citation.answer_end),
    )


def _hit_card(hit: Hit) -> Html:
    excerpt = hit.text
    if len(excerpt) > _LONGEST_EXCERPT:
        excerpt = excerpt[:_LONGEST_EXCERPT].rsplit(maxsplit=1)[0] + " …"
    return _card(hit, excerpt, number=None, answer=(hit.start, hit.start))


def _card(record: Citation | Hit, excerpt: str, *, number: int | None, answer: tuple[int, int]) -> Html:
    facts = " · ".join(fact for fact in (record.source, day(record.published)) if fact)
    inside = (
        element("span", str(number), class_="number", aria_hidden="true") if number is not None else None,
        element("span", record.title, class_="title", dir="auto"),
        element("span", facts, class_="meta", dir="auto") if facts else None,
        element("span", excerpt, class_="quote", dir="auto"),
    )
    button = element(
        "button",
        *inside,
        type="button",
        class_="card",
        data_act="card",
        data_article=record.article_id,
        data_start=record.start,
        data_end=record.end,
        data_answer_start=answer[0],
        data_answer_end=answer[1],
        data_number=number,
    )
    return element("li", button)
