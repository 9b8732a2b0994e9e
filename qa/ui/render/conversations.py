"""Conversations as the page shows them: one of them as a whole, and the list of those that a browser keeps.

Takes names and what was drawn of turns, gives `Html`. Knows nothing of how conversations are kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa.ui.render.markup import Html, element, join

NONE = "No conversations yet. The first begins with your first question."


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A conversation in the list. `talk` names it to the page, `when` is a day in the words of its browser."""

    talk: str
    name: str
    questions: int
    when: str


def one_conversation(talk: str, *turns: Html, lost: int = 0) -> Html:
    """The turns of a conversation, in a frame that says which it is. `lost` of them could not be read any more."""
    what = "One question of this conversation" if lost == 1 else f"{lost} questions of this conversation"
    note = element("p", f"{what} could not be read any more.", class_="missing") if lost else None
    return element("div", note, *turns, class_="conversation", data_talk=talk)


def conversations(kept: Sequence[Kept], current: str) -> Html:
    """The list, in this order; what can be done with a conversation stands below the one that is open."""
    if not kept:
        return element("p", NONE, class_="none")
    return element("ul", *(_row(one, one.talk == current) for one in kept))


def _row(one: Kept, current: bool) -> Html:
    questions = "1 question" if one.questions == 1 else f"{one.questions} questions"
    title = element(
        "button",
        element("span", one.name, class_="title", dir="auto"),
        element("span", " · ".join(filter(None, (questions, one.when))), class_="meta"),
        type="button",
        class_="past",
        data_act="talk",
        aria_current="true" if current else None,
    )
    return element(
        "li",
        title,
        _button("×", "icon", "forget", aria_label=f"Delete {one.name}"),
        _more(one) if current else None,
        element(
            "span",
            "Delete it for good?",
            _button("Delete", "danger", "forgetting"),
            _button("Keep", "quiet", "keep-talk"),
            class_="confirm",
        ),
        data_talk=one.talk,
    )


def _more(one: Kept) -> Html:
    name = element(
        "input",
        type="text",
        class_="naming",
        value=one.name,
        maxlength=120,
        dir="auto",
        hidden=True,
        aria_label="Name of this conversation",
    )
    return join(
        name,
        element(
            "span", _button("Rename", "quiet", "rename"), _button("Export", "quiet", "export"), class_="deeds"
        ),
    )


def _button(text: str, kind: str, act: str, **attributes: str) -> Html:
    return element("button", text, type="button", class_=kind, data_act=act, **attributes)
