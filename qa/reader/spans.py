"""From a window's logits to its best spans.

Takes start and end logits of one window, gives token spans with their margin over "no answer".
Knows nothing of text, models or probabilities.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from qa.reader.text import Window

SPAN_TOKENS = 40
CANDIDATES = 16

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class TokenSpan:
    """Passage tokens ``first`` to ``last``, both included; ``margin`` is log P(span) / P(none)."""

    first: int
    last: int
    margin: float


def best_spans(start: Floats, end: Floats, window: Window, *, count: int) -> list[TokenSpan]:
    """The ``count`` best spans of a window that do not overlap, best first.

    ``start`` and ``end`` hold one logit a token of the window; position 0 is "no answer".
    """
    if window.length == 0:
        return []
    part = slice(window.first, window.first + window.length)
    starts, ends = start[part], end[part]
    tops = np.argsort(-starts, kind="stable")[:CANDIDATES]
    bottoms = np.argsort(-ends, kind="stable")[:CANDIDATES]
    length = bottoms[None, :] - tops[:, None]
    allowed = (length >= 0) & (length < SPAN_TOKENS)
    if not allowed.any():
        # No good start precedes a good end: the single best token is a span, too.
        tops = bottoms = np.array([int(np.argmax(starts + ends))])
        allowed = np.array([[True]])
    scores = np.where(allowed, starts[tops][:, None] + ends[bottoms][None, :], -np.inf)
    null = float(start[0] + end[0])
    spans: list[TokenSpan] = []
    for flat in np.argsort(-scores, axis=None, kind="stable"):
        row, column = divmod(int(flat), scores.shape[1])
        if not allowed[row, column] or len(spans) == count:
            break
        first, last = int(tops[row]), int(bottoms[column])
        if all(last < s.first - window.offset or first > s.last - window.offset for s in spans):
            margin = float(scores[row, column]) - null
            spans.append(TokenSpan(first + window.offset, last + window.offset, margin))
    return spans
