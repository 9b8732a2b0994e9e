"""What the scripts ask of the server about conversations: to list, name and export what their browser keeps.

Takes what a browser sends (and trusts none of it): the texts that `Keeper` closed. Knows nothing of the layout, or of
where in a browser they are.
"""

from __future__ import annotations

from typing import Any

from fastapi import HTTPException

from qa.ui.asking import Asking
from qa.ui.background import Background
from qa.ui.keeping import LONGEST_NAME, Keeper
from qa.ui.markdown import as_markdown, file_name
from qa.ui.render.conversations import Kept, conversations
from qa.ui.render.options import options
from qa.ui.wanted import MOST_TURNS, is_name

MOST = 200
"""Conversations in one list, at most; a browser keeps fewer."""

UNNAMED = "Conversation"


class Conversations:
    """Calls about conversations, and about the settings that questions are asked with."""

    def __init__(self, background: Background, asking: Asking, keeper: Keeper) -> None:
        self._background = background
        self._asking = asking
        self._keeper = keeper

    def kept(self, asked: dict[str, Any]) -> dict[str, Any]:
        """The turns of these names as the browser is to keep them."""
        return {"turns": self._asking.kept(filter(is_name, _texts(asked, "turns")))}

    def conversations(self, asked: dict[str, Any]) -> dict[str, Any]:
        """The list, and which of its conversations cannot be read any more."""
        rows, broken = [], []
        for one in _list(asked, "kept")[:MOST]:
            if not isinstance(one, dict) or not is_name(one.get("talk")):
                raise HTTPException(400, "kept must be a list of conversations")
            name = self._keeper.name(one.get("name"))
            if name is None:
                broken.append(one["talk"])
                continue
            questions, when = one.get("questions"), one.get("when")
            rows.append(
                Kept(
                    talk=one["talk"],
                    name=name or UNNAMED,
                    questions=questions if isinstance(questions, int) else 0,
                    when=when[:40] if isinstance(when, str) else "",
                )
            )
        return {"html": conversations(rows, str(asked.get("current"))), "broken": broken}

    def rename(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Another name for a conversation, as the browser is to keep it."""
        name = asked.get("name")
        if not isinstance(name, str) or not name.strip():
            raise HTTPException(400, "name must be a text")
        return {"name": self._keeper.named(name[: 4 * LONGEST_NAME])}

    def export(self, asked: dict[str, Any]) -> dict[str, Any]:
        """A conversation as the text of a Markdown file."""
        read = (self._keeper.turn(kept) for kept in _texts(asked, "turns"))
        turns = [turn for turn in read if turn is not None]
        name = self._keeper.name(asked.get("name")) or UNNAMED
        return {"file": file_name(name), "text": as_markdown(name, turns)}

    def options(self, asked: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG002 - a call takes an object
        """The settings that there are to choose from."""
        return {"html": options(self._background.status.answerer)}


def _texts(asked: dict[str, Any], name: str) -> list[str]:
    texts = _list(asked, name)
    if not all(isinstance(text, str) for text in texts):
        raise HTTPException(400, f"{name} must be a list of texts")
    return texts[-MOST_TURNS:]


def _list(asked: dict[str, Any], name: str) -> list[Any]:
    value = asked.get(name, [])
    if not isinstance(value, list):
        raise HTTPException(400, f"{name} must be a list")
    return value
