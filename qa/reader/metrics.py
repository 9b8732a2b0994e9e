"""The official SQuAD 2.0 measures, and two for probabilities: AUROC and calibration error.

Takes strings and numbers, gives numbers between 0 and 1. Knows nothing of readers or files.
"""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Sequence

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)


def normalise(text: str) -> str:
    """Lower-case, drop punctuation and articles, squeeze blanks (SQuAD 2.0, Rajpurkar 2018).

    >>> normalise("The  Amazon, basin")
    'amazon basin'
    """
    return " ".join(_ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split())


def exact_match(answer: str, truths: Sequence[str]) -> float:
    """1.0 if the normalised answer is one of the truths; no truths means "no answer"."""
    return float(any(normalise(answer) == normalise(truth) for truth in truths or [""]))


def f1(answer: str, truths: Sequence[str]) -> float:
    """Best token F1 of an answer against the truths; no truths means "no answer"."""
    return max(_f1(answer, truth) for truth in truths or [""])


def _f1(answer: str, truth: str) -> float:
    said, wanted = normalise(answer).split(), normalise(truth).split()
    if not said or not wanted:
        return float(said == wanted)
    same = sum((Counter(said) & Counter(wanted)).values())
    return 2 * same / (len(said) + len(wanted))


def auroc(scores: Sequence[float], labels: Sequence[bool]) -> float:
    """Chance that a positive scores above a negative, ties counting half (Mann-Whitney U)."""
    order = sorted(range(len(scores)), key=scores.__getitem__)
    positives = sum(labels)
    negatives = len(labels) - positives
    if not positives or not negatives:
        return float("nan")
    rank_sum, at = 0.0, 0
    while at < len(order):
        end = at
        while end < len(order) and scores[order[end]] == scores[order[at]]:
            end += 1
        rank_sum += (at + 1 + end) / 2 * sum(labels[i] for i in order[at:end])
        at = end
    return (rank_sum - positives * (positives + 1) / 2) / (positives * negatives)


def calibration_error(probabilities: Sequence[float], labels: Sequence[bool], *, bins: int = 10) -> float:
    """Expected calibration error over equal-width bins (Guo et al. 2017)."""
    error = 0.0
    for low in range(bins):
        inside = [
            (p, y) for p, y in zip(probabilities, labels, strict=True) if min(int(p * bins), bins - 1) == low
        ]
        error += abs(sum(p for p, _ in inside) - sum(y for _, y in inside))
    return error / max(1, len(probabilities))
