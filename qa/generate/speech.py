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
_SHORT = 3
_LOOKED_AT = 3_000

_TAGS = "think|thinking|thought|reasoning"
_THOUGHT = re.compile(rf"<({_TAGS})>.*?(?:</\1>|\Z)", re.DOTALL | re.IGNORECASE)
_OPENED_BEFORE = re.compile(rf"\A.*</(?:{_TAGS})>", re.DOTALL | re.IGNORECASE)
_CONTROL = re.compile(r"<\|[^|<>\n]{0,40}\|>|</s>|<end_of_turn>")
_BEGUN = re.compile(r"<[|/a-zA-Z_]{0,20}\Z")
_PIECE = re.compile(r"[^.!?\n]+[.!?\n]*")
_MARKS = re.compile(r"(?:\s*\[[^\[\]]*\])*\s*")


@dataclass(frozen=True, slots=True)
class Said:
    """The text so far. `cut` says that it was ended here, or by the model's own limit, in the middle."""

    text: str
    cut: bool = False


def said(chunks: Iterable[BaseMessage], *, seconds: float = _LONGEST_SECONDS) -> Generator[Said]:
    """What has been said after each chunk, the last with whether it was cut; at least one. Closes `chunks`."""
    raw, text, shown, cut = "", "", "", False
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
            text = visible(raw)
            if (now := settled(text[:LONGEST])) != shown:
                shown = now
                yield Said(shown)
            if len(text) > LONGEST or len(raw) > _LONGEST_RAW or time.monotonic() > until or circles(text):
                cut = True
                break
    finally:
        if hasattr(chunks, "close"):
            chunks.close()
    yield Said(shown if cut else text, cut)


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
    tail = [piece for _, piece in _tail(text)[-_REPEATED:]]
    return len(tail) == _REPEATED and len(set(tail)) == 1


def settled(text: str) -> str:
    r"""The text without what it says again at its end, for if the model never stops nobody is to see that come and go.

    What is left then ends with its line, so that its last sentence counts as whole.

    >>> settled("It was. He said so. He said so. He sa")
    'It was. He said so.\n'
    """
    tail, end = _tail(text), len(text)
    if len(tail) > 2 and tail[-2][1] == tail[-3][1] and tail[-2][1].startswith(tail[-1][1]):
        end, _ = tail.pop()
    while len(tail) > 1 and tail[-1][1] == tail[-2][1]:
        end, _ = tail.pop()
    return text if end == len(text) else f"{text[:end].rstrip()}\n"


def _tail(text: str) -> list[tuple[int, str]]:
    """The last sentences or lines with where each starts, marks before them and scraps left out."""
    found = []
    for piece in _PIECE.finditer(text, max(0, len(text) - _LOOKED_AT)):
        marks = _MARKS.match(text, piece.start(), piece.end())
        start = marks.end() if marks else piece.start()
        found.append((start, text[start : piece.end()].strip()))
    return [one for one in found if len(one[1]) > _SHORT]
