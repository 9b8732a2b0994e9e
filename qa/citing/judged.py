"""Scores and labels -> how well they rank and decide, with bootstrap intervals, and how far one system is ahead.

AUROC is the share of pairs of a supported claim and another in which the supported one scores higher, half for a tie;
balanced accuracy the mean of the shares of supported and of other claims judged right. Intervals: percentile bootstrap
over groups (Efron and Tibshirani 1993), the same resamples for all systems, so that differences are paired.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa.measures import Figure

_RESAMPLES = 2000
_SEED = 2009

Scores = NDArray[np.float64]
Labels = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What one system made of one set: how well it ranks, how well it decides at `threshold`, and per kind.

    `ahead_auroc` and `ahead_accuracy`: by how much the first system is ahead of it; None for the first one.
    """

    auroc: Figure
    balanced_accuracy: Figure
    threshold: float
    kinds: Mapping[str, tuple[float, int]]
    """Kind -> the share judged right, and of how many."""
    ahead_auroc: Figure | None = None
    ahead_accuracy: Figure | None = None

    def to_json(self) -> dict[str, Any]:
        """The object in reports."""
        found = {
            "auroc": self.auroc.to_json(),
            "balanced accuracy": self.balanced_accuracy.to_json(),
            "threshold": self.threshold,
            "kinds": {kind: {"right": share, "of": count} for kind, (share, count) in self.kinds.items()},
        }
        if self.ahead_auroc and self.ahead_accuracy:
            found["ours ahead"] = {
                "auroc": self.ahead_auroc.to_json(),
                "balanced accuracy": self.ahead_accuracy.to_json(),
            }
        return found


def judged(
    scores: Mapping[str, Scores],
    labels: Labels,
    thresholds: Mapping[str, float],
    groups: Iterable[object],
    kinds: Sequence[str] = (),
) -> dict[str, Judged]:
    """Each system on the same claims; the first is the one that the others are compared with.

    Claims of one group are drawn together. A resample without a supported claim, or without another, is left out.
    """
    weights = _resamples(list(groups))
    once = np.ones((1, len(labels)))
    found: dict[str, Judged] = {}
    first: tuple[Scores, Scores] | None = None
    for system, own in scores.items():
        right = (own >= thresholds[system]) == labels
        drawn = np.concatenate([once, weights])
        auroc, accuracy = _auroc(own, labels, drawn), _balanced(right, labels, drawn)
        found[system] = Judged(
            auroc=_figure(auroc, len(labels)),
            balanced_accuracy=_figure(accuracy, len(labels)),
            threshold=thresholds[system],
            kinds={
                kind: (float(right[[one == kind for one in kinds]].mean()), kinds.count(kind))
                for kind in dict.fromkeys(kinds)
            },
            ahead_auroc=_figure(first[0] - auroc, len(labels)) if first else None,
            ahead_accuracy=_figure(first[1] - accuracy, len(labels)) if first else None,
        )
        first = first or (auroc, accuracy)
    return found


def threshold(scores: Scores, labels: Labels) -> float:
    """The score from which to say "supported" for the highest balanced accuracy."""
    return max(
        (float(one) for one in np.unique(scores)),
        key=lambda one: float((scores[labels] >= one).mean() + (scores[~labels] < one).mean()),
    )


def _auroc(scores: Scores, labels: Labels, counts: Scores) -> Scores:
    """One for each row of `counts`, which says how often each claim is drawn."""
    better = scores[labels][:, None] - scores[~labels][None, :]
    wins = (better > 0) + 0.5 * (better == 0)
    yes, no = counts[:, labels], counts[:, ~labels]
    with np.errstate(invalid="ignore"):
        found: Scores = ((yes @ wins) * no).sum(1) / (yes.sum(1) * no.sum(1))
    return found


def _balanced(right: Labels, labels: Labels, counts: Scores) -> Scores:
    yes, no = counts[:, labels], counts[:, ~labels]
    with np.errstate(invalid="ignore"):
        found: Scores = (yes @ right[labels] / yes.sum(1) + no @ right[~labels] / no.sum(1)) / 2
    return found


def _resamples(groups: Sequence[object]) -> Scores:
    """How often each row is in each resample: rows of one group are drawn together. Shape (resamples, rows)."""
    names = list(dict.fromkeys(groups))
    place = np.array([names.index(group) for group in groups])
    drawn = np.random.default_rng(_SEED).multinomial(
        len(names), np.full(len(names), 1 / len(names)), _RESAMPLES
    )
    counts: Scores = drawn[:, place].astype(np.float64)
    return counts


def _figure(values: Scores, cases: int) -> Figure:
    """The first is the value itself, the others those of resamples."""
    low, high = np.nanquantile(values[1:], [0.025, 0.975])
    return Figure(value=float(values[0]), low=float(low), high=float(high), cases=cases)
