"""What can be done with an answer, in one row below it; and what its reader thought of it.

Takes a `Turn` that is settled, gives `Html`. Knows nothing of where verdicts are kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.feedback import LONGEST_NOTE, REASONS
from qa.records import Answer
from qa.ui.render.markup import Html, element, join
from qa.ui.render.plain import plain
from qa.ui.render.words import sentence

if TYPE_CHECKING:
    from qa.ui.render.conversation import Turn

_REASONS = dict(zip(REASONS, ("Wrong", "Not in the article", "Incomplete", "Something else"), strict=True))
_DECLINED = {"wrong": "The articles do say", "other": "Something else"}

_THUMB = (
    "M7 20V10l4.2-7.2c1.6.1 2.6 1.4 2.3 3L12.7 10h5.4a2 2 0 0 1 2 2.4l-1.3 6a2 2 0 0 1-2 1.6H7zm0-10H3.5v10H7"
)


def row(turn: Turn, answer: Answer) -> Html:
    """Copy, ask again, edit, and the two thumbs."""
    return element(
        "div",
        _button("Copy", "copy", data_copy=plain(answer)),
        _button("Ask again", "again"),
        edit(),
        _thumbs(turn) if turn.state != "help" else None,
        element("span", class_="saying"),
        class_="acts",
    )


def edit() -> Html:
    """The button that opens the question for editing."""
    return _button("Edit question", "edit")


def verdict(turn: Turn) -> Html:
    """What became of a thumb, and after a bad one the question why; empty while there is none."""
    trouble = _said(turn.trouble, "judged wrong") if turn.trouble else None
    if turn.verdict is None:
        return join(trouble)
    why = turn.verdict.why
    kept = _said(f"{sentence(f'Noted: {why}')} {turn.kept or ''}" if why else turn.kept or "Noted", "judged")
    asks = not turn.verdict.good and not why
    return join(element("div", kept, *_why_not(turn), class_="why-not") if asks else kept, trouble)


def _said(text: str, kind: str) -> Html:
    return element("p", sentence(text), class_=kind, dir="auto")


def _thumbs(turn: Turn) -> Html:
    return element(
        "span",
        _thumb(turn, good=True, says="A right answer"),
        _thumb(turn, good=False, says="A wrong answer"),
        class_="thumbs",
        role="group",
        aria_label="Was this right?",
    )


def _thumb(turn: Turn, *, good: bool, says: str) -> Html:
    pressed = turn.verdict is not None and turn.verdict.good is good
    drawing = element("svg", element("path", d=_THUMB), viewBox="0 0 24 24", aria_hidden="true")
    return element(
        "button",
        drawing,
        type="button",
        class_="icon up" if good else "icon down",
        title=says,
        data_act="judge",
        data_good="yes" if good else "no",
        aria_label=says,
        aria_pressed="true" if pressed else "false",
    )


def _why_not(turn: Turn) -> list[Html]:
    reasons = _DECLINED if turn.state == "declined" else _REASONS
    name = f"note-{turn.key}"
    chips = [
        element(
            "button",
            label,
            type="button",
            class_="quiet",
            data_act="reason",
            data_reason=reason,
            aria_pressed="false",
        )
        for reason, label in reasons.items()
    ]
    return [
        element("div", *chips, class_="reasons", role="group", aria_label="What is wrong with it?"),
        element("label", "What would be right? (optional)", for_=name),
        element("textarea", id=name, rows=2, maxlength=LONGEST_NOTE, dir="auto"),
        element("button", "Keep", type="button", class_="quiet", data_act="explain"),
    ]


def _button(label: str, act: str, **data: str) -> Html:
    return element("button", label, type="button", class_="act", data_act=act, **data)
