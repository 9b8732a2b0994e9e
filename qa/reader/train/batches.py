"""Rows to tensors: batches of like length, with every right span as a target.

Takes ``Row``s and a vocabulary, gives ``Batch``es. Knows nothing of models or optimisers.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from qa.reader.text import Vocabulary, Window, windows
from qa.reader.train.rows import Row

CHUNK = 32 * 24


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the model takes, each (batch, tokens)."""

    ids: Tensor
    types: Tensor
    real: Tensor
    passage: Tensor


@dataclass(frozen=True, slots=True)
class Batch:
    """Inputs, right spans as (row, start, end) positions in the window, and the row's label."""

    inputs: Inputs
    targets: Tensor
    answerable: Tensor


def inputs_of(parts: Sequence[Window]) -> Inputs:
    """Pad windows to the longest, rounded up: memory of few sizes is used again and again."""
    longest = -(-max(len(part.ids) for part in parts) // 16) * 16
    ids = torch.zeros(len(parts), longest, dtype=torch.long)
    types = torch.zeros_like(ids)
    real = torch.zeros(len(parts), longest, dtype=torch.bool)
    passage = torch.zeros_like(real)
    for i, part in enumerate(parts):
        n = len(part.ids)
        ids[i, :n] = torch.tensor(part.ids)
        types[i, part.question_end : n] = 1
        real[i, :n] = True
        passage[i, part.first : part.first + part.length] = True
    return Inputs(ids, types, real, passage)


def plan(rows: Sequence[Row], *, seed: int, size: int) -> list[list[int]]:
    """Batches of row numbers: like lengths together, the order of the rows kept chunk by chunk."""
    rng = random.Random(seed)  # noqa: S311  # draws rows, guards nothing
    batches: list[list[int]] = []
    for low in range(0, len(rows), CHUNK):
        chunk = list(range(low, min(low + CHUNK, len(rows))))
        chunk.sort(key=lambda i: len(rows[i].context))
        here, at = [], 0
        while at < len(chunk):
            # Short sentences cost little: twice as many a step.
            many = size * 2 if len(rows[chunk[at]].context) < 300 else size
            here.append(chunk[at : at + many])
            at += many
        rng.shuffle(here)
        batches += here
    return batches


def batch_of(rows: Sequence[Row], vocabulary: Vocabulary, *, limit: int, seed: int) -> Batch:
    """Tokenize rows; of a passage longer than the window a part that holds an answer is taken."""
    rng = random.Random(seed)  # noqa: S311  # draws rows, guards nothing
    questions = vocabulary.pieces([row.question for row in rows])
    titles = vocabulary.pieces([row.title for row in rows])
    passages = vocabulary.pieces([row.context for row in rows])
    parts: list[Window] = []
    targets: list[tuple[int, int, int]] = []
    for i, (row, q, t, p) in enumerate(zip(rows, questions, titles, passages, strict=True)):
        spans = [found for a, b in row.spans if (found := _tokens(p.starts, p.ends, a, b))]
        choices = list(windows(q, t, p, limit=limit))
        holding = [w for w in choices if any(_inside(w, s) for s in spans)]
        part = rng.choice(holding or choices)
        parts.append(part)
        shift = part.first - part.offset
        right = [(i, a + shift, b + shift) for a, b in spans if _inside(part, (a, b))]
        targets += sorted(set(right)) or [(i, 0, 0)]
    labels = torch.zeros(len(rows))
    for i, first, _ in targets:
        labels[i] = float(first > 0)
    return Batch(inputs_of(parts), torch.tensor(targets), labels)


def _inside(window: Window, span: tuple[int, int]) -> bool:
    return window.offset <= span[0] and span[1] < window.offset + window.length


def _tokens(starts: Sequence[int], ends: Sequence[int], start: int, end: int) -> tuple[int, int] | None:
    touched = [i for i, (a, b) in enumerate(zip(starts, ends, strict=True)) if a < end and start < b]
    return (touched[0], touched[-1]) if touched else None


def in_windows(
    rows: Sequence[Row], vocabulary: Vocabulary, *, size: int, limit: int
) -> Iterator[tuple[list[tuple[int, Window]], Inputs]]:
    """Every window of every row for reading, as (row number, window), in batches of like length."""
    questions = vocabulary.pieces([row.question for row in rows])
    titles = vocabulary.pieces([row.title.replace("_", " ") for row in rows])
    passages = vocabulary.pieces([row.context for row in rows])
    every = [
        (i, window)
        for i, (q, t, p) in enumerate(zip(questions, titles, passages, strict=True))
        for window in windows(q, t, p, limit=limit)
    ]
    every.sort(key=lambda pair: len(pair[1].ids))
    for low in range(0, len(every), size):
        group = every[low : low + size]
        yield group, inputs_of([window for _, window in group])
