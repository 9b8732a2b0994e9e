"""Claims whose support is known, with their figures -> the weights of the logistic formula in `compare`.

Ridge logistic regression in which no weight may go against its sign in `FIGURES`: with few pairs that steadies it.
Which sentence of a passage is meant is not known, so the likeliest by the weights so far is taken, and all is fitted
again (multiple instances; Andrews, Tsochantaridis and Hofmann, NIPS 2002).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from qa.verify.compare import FIGURES

_ROUNDS = 6
_STEPS = 3000
_RIDGE = 0.3
_LEAST = {
    "unlike": -6.0,
    "left": -3.0,
    "number missing": -1.0,
    "number nowhere": -1.5,
    "number of another": -3.5,
    "other unit": -4.0,
    "name missing": -1.75,
    "name carried": -0.4,
    "name nowhere": -1.0,
    "name of another": -3.0,
    "day missing": -1.0,
    "day nowhere": -1.5,
    "exchanged": -4.0,
    "turned about": -3.8,
    "denied otherwise": -3.8,
    "opposite": -4.0,
    "taken for done": -3.5,
}
"""What a claim must not have weighs so much at least, however few of the pairs have it.

A near quote is like its sentence in all else, so one such figure must outweigh that.
"""

Rows = NDArray[np.float64]


def fit(windows: Sequence[Rows], supported: Sequence[bool]) -> tuple[float, ...]:
    """The weights, in the order of `FIGURES`. `windows` has an array of (sentences, figures) for each claim."""
    signs = np.array(list(FIGURES.values()))
    labels = np.array(supported, np.float64)
    names = list(FIGURES)
    weights = np.zeros(len(names))
    weights[names.index("cosine")] = 1.0
    for _ in range(_ROUNDS):
        rows = np.array([own[np.argmax(own @ weights)] for own in windows])
        weights = _logistic(rows, labels, signs)
    return tuple(round(float(weight), 3) for weight in weights)


def _logistic(rows: Rows, labels: Rows, signs: NDArray[np.int_]) -> Rows:
    """Accelerated projected gradient (Beck and Teboulle, SIAM J. Imaging Sciences 2009); the first column is bare.

    Supported claims and others weigh the same, however many there are.
    """
    share = labels.mean()
    counts = np.where(labels > 0, 0.5 / share, 0.5 / (1.0 - share))
    ridge = np.full(rows.shape[1], _RIDGE)
    ridge[0] = 0.0
    step = 1.0 / (0.25 * counts.max() * np.linalg.norm(rows, 2) ** 2 + _RIDGE)
    weights = ahead = np.zeros(rows.shape[1])
    least = np.array([_LEAST.get(name, np.inf) for name in FIGURES])
    pace = 1.0
    for _ in range(_STEPS):
        likely = 0.5 * (1.0 + np.tanh(rows @ ahead / 2))
        following = ahead - step * (rows.T @ (counts * (likely - labels)) + ridge * ahead)
        following = np.where(signs * following < 0, 0.0, following)
        following = np.minimum(following, least)
        faster = (1.0 + np.sqrt(1.0 + 4.0 * pace * pace)) / 2
        ahead = following + (pace - 1.0) / faster * (following - weights)
        weights, pace = following, faster
    return weights
