"""Log odds from the model's two signs, and the threshold, fitted on rows held out of training.

Takes signs and labels, gives a ``Calibration``; a logistic regression by
Newton's method (Platt 1999). Knows nothing of models.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from qa.reader.metrics import f1
from qa.reader.shipped import Calibration
from qa.reader.train.held_out import Raw
from qa.reader.train.rows import Row

# The margin's spread is about three times the judge's. The two rise together (correlation 0.99), so a
# regression that weighs them apart gives one of them a negative weight; they are added instead.
MARGIN_SHARE = 1 / 3


def fit(raws: Sequence[Raw], labels: Sequence[bool], *, ridge: float = 1e-2) -> Calibration:
    """Maximum likelihood with a little shrinkage, so that few rows cannot give wild weights."""
    signs = np.array([[raw.judged + MARGIN_SHARE * raw.margin, 1.0] for raw in raws])
    wanted = np.array(labels, float)
    weights = np.zeros(2)
    for _ in range(50):
        chance = 1 / (1 + np.exp(-signs @ weights))
        slope = signs.T @ (chance - wanted) + ridge * weights
        curve = (signs * (chance * (1 - chance))[:, None]).T @ signs + ridge * np.eye(2)
        weights -= np.linalg.solve(curve, slope)
    slope_, bias = (float(weight) for weight in weights)
    return Calibration(round(slope_ * MARGIN_SHARE, 6), round(slope_, 6), round(bias, 6))


def threshold(calibration: Calibration, raws: Sequence[Raw], rows: Sequence[Row]) -> float:
    """The probability from which on to answer, for the best overall F1 on these rows."""
    chances = [1 / (1 + float(np.exp(-calibration.log_odds(raw.margin, raw.judged)))) for raw in raws]
    gains = [f1(raw.text, row.answers) if row.spans else 0.0 for raw, row in zip(raws, rows, strict=True)]
    tried = np.linspace(0.3, 0.7, 41)
    totals = [
        sum(
            gain if chance >= at else float(not row.spans)
            for chance, gain, row in zip(chances, gains, rows, strict=True)
        )
        for at in tried
    ]
    # The totals are jagged: the middle of those near the best moves less from run to run.
    near = [at for at, total in zip(tried, totals, strict=True) if total >= max(totals) * 0.995]
    return round(float(np.median(near)), 3)
