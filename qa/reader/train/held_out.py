"""Scores of a torch model on rows held out of training, while it trains.

Takes a model and rows, gives EM, F1 and AUROC. Knows nothing of shipped weights or calibration.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch

from qa.reader.metrics import auroc, exact_match, f1
from qa.reader.spans import best_spans
from qa.reader.text import Vocabulary
from qa.reader.train.batches import in_windows
from qa.reader.train.model import ReaderModel
from qa.reader.train.rows import Row


@dataclass(frozen=True, slots=True)
class Raw:
    """The best span of a row, and the two raw signs that the passage answers."""

    text: str
    margin: float
    judged: float


@torch.inference_mode()
def read_all(
    model: ReaderModel,
    rows: Sequence[Row],
    vocabulary: Vocabulary,
    *,
    limit: int = 384,
    half: bool = True,
) -> list[Raw]:
    """Read every row; of several windows the one with the best margin speaks."""
    best: dict[int, Raw] = {}
    passages = vocabulary.pieces([row.context for row in rows])
    for group, inputs in in_windows(rows, vocabulary, size=48, limit=limit):
        with torch.autocast("cpu", torch.bfloat16, enabled=half):
            start, end, judged = model(inputs.ids, inputs.types, inputs.real, inputs.passage)
        for (i, window), s, e, j in zip(group, start.numpy(), end.numpy(), judged.tolist(), strict=True):
            for span in best_spans(s, e, window, count=1):
                if i not in best or span.margin > best[i].margin:
                    a, b = passages[i].starts[span.first], passages[i].ends[span.last]
                    best[i] = Raw(rows[i].context[a:b], span.margin, j)
    return [best.get(i, Raw("", -99.0, -99.0)) for i in range(len(rows))]


def scores(raws: Sequence[Raw], rows: Sequence[Row]) -> dict[str, float]:
    """EM and F1 on answerable rows (answer forced), AUROC of both signs and their sum."""
    forced = [(raw.text, row.answers) for raw, row in zip(raws, rows, strict=True) if row.spans]
    labels = [bool(row.spans) for row in rows]
    return {
        "em": 100 * sum(exact_match(*pair) for pair in forced) / len(forced),
        "f1": 100 * sum(f1(*pair) for pair in forced) / len(forced),
        "auroc_margin": auroc([raw.margin for raw in raws], labels),
        "auroc_judge": auroc([raw.judged for raw in raws], labels),
        "auroc_sum": auroc([raw.margin + raw.judged for raw in raws], labels),
    }
