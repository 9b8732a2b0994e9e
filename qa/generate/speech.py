"""What a chat model streams -> what of it is meant for the reader.

Takes LangChain's chunks, gives the text so far: without thoughts in tags, without control tokens, and with an end where
the model finds none itself. Knows nothing of prompts or citations.
"""

from __future__ import annotations

import re
import time
from collections.abc import Generator, Iterable
from dataclasses import dataclass

from langchain_core.messages import BaseMessage

LONGEST = 12_000
"""Characters of an answer, thoughts aside."""
_LONGEST_RAW = 200_000
_LONGEST_SECONDS = 300.0
_REPEATED = 3
"""A line or a sentence that comes so often in a row, or a run of text, is a model going round in circles."""

_TAGS = "think|thinking|thought|reasoning"
_THOUGHT = re.compile(rf"<({_TAGS})>.*?(?:</\1>|\Z)", re.DOTALL | re.IGNORECASE)
_OPENED_BEFORE = re.compile(rf"\A.*</(?:{_TAGS})>", re.DOTALL | re.IGNORECASE)
_CONTROL = re.compile(r"<\|[^|<>\n]{0,40}\|>|</s>|<end_of_turn>")
_BEGUN = re.compile(r"<[|/a-zA-Z_]{0,20}\Z")
_PIECE = re.compile(r"[^.!?\n]+[.!?\n]*")


@dataclass(frozen=True, slots=True)
class Said:
    """The text so far. `cut` says that it was ended here, or by the model's own limit, in the middle."""

    text: str
    cut: bool = False


def said(chunks: Iterable[BaseMessage], *, seconds: float = _LONGEST_SECONDS) -> Generator[Said]:
    """What has been said after each chunk, the last with whether it was cut; at least one. Closes `chunks`."""
    raw, text, cut = "", "", False
    until = time.monotonic() + seconds
    try:
        for chunk in chunks:
            raw += chunk.text
            cut = cut or chunk.response_metadata.get("finish_reason") in (
                "length",
                "max_tokens",
                "MAX_TOKENS",
            )
            cut = cut or chunk.response_metadata.get("stop_reason") == "max_tokens"
            shown = visible(raw)
            if shown != text:
                text = shown
                yield Said(text)
            if len(text) > LONGEST or len(raw) > _LONGEST_RAW or time.monotonic() > until or circles(text):
                cut = True
                break
    finally:
        if hasattr(chunks, "close"):
            chunks.close()
    yield Said(_once(text[:LONGEST]) if cut else text, cut)


def visible(raw: str) -> str:
    """The text without thoughts, whole or not yet closed, and without control tokens.

    >>> visible("<think>Where was it? </think>On Russky island.")
    'On Russky island.'
    """
    text = _OPENED_BEFORE.sub("", _THOUGHT.sub("", raw)) if "<" in raw else raw
    return _BEGUN.sub("", _CONTROL.sub("", text)).strip()


def circles(text: str) -> bool:
    """Whether the text ends with the same piece three times, be it a sentence or a line.

    >>> circles("It was. He said so. He said so. He said so.")
    True
    """
    tail = [piece.strip() for piece in _PIECE.findall(text[-3000:])]
    tail = [piece for piece in tail if len(piece) > 3][-_REPEATED:]
    return len(tail) == _REPEATED and len(set(tail)) == 1


def _once(text: str) -> str:
    """The text without the repetitions at its end."""
    pieces = _PIECE.findall(text)
    while len(pieces) > 1 and pieces[-1].strip() == pieces[-2].strip():
        pieces.pop()
    return "".join(pieces).strip() if pieces else text
