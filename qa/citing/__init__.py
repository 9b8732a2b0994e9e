"""How well support is told from its absence: ours, beside embedding similarity alone and word overlap alone.

Takes pairs of a claim and a passage, each with whether the passage supports the claim, and the articles that the
passages are of; gives AUROC and balanced accuracy with 95 % bootstrap intervals, and how far ours is ahead. The
thresholds of the other systems, and our weights, are fitted on the tune half of the pairs. FaithBench (Bao et al.,
NAACL 2025) measures the same over summaries and is fitted to by nobody. Knows nothing of how figures look on a screen.

`python -m qa.citing PAIRS.jsonl SOURCE ...` prints the weights that stand in `qa.verify.compare`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from qa.cases import Half
from qa.citing.judged import Judged, Labels, Scores, judged, threshold
from qa.citing.pairs import Pair, read_faithbench, read_pairs
from qa.embed import SentenceEmbedder
from qa.errors import SourceError
from qa.measures import Figure
from qa.records import Hit
from qa.verify import SUPPORTED, Checker
from qa.verify.check import best
from qa.verify.claims import statement
from qa.verify.compare import FIGURES
from qa.verify.fit import fit
from qa.verify.pieces import pieces
from qa.verify.plain import letters, plain
from qa.verify.words import words

__all__ = ["SYSTEMS", "Judged", "Pair", "Report", "citations", "fitted", "read_pairs"]

OURS, SIMILARITY, OVERLAP = "ours", "embedding similarity", "word overlap"
SYSTEMS = (OURS, SIMILARITY, OVERLAP)

_COSINE = list(FIGURES).index("cosine")


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Every system on the pairs of a half and, if it was given, on FaithBench."""

    half: Half
    pairs: Mapping[str, Judged]
    faithbench: Mapping[str, Judged]

    def to_json(self) -> dict[str, Any]:
        """The object that `qa bench citations --json` prints."""
        sets = {"pairs": self.pairs, "faithbench": self.faithbench}
        return {
            "half": self.half,
            **{
                name: {system: one.to_json() for system, one in known.items()}
                for name, known in sets.items()
                if known
            },
        }

    def lines(self) -> dict[str, str]:
        """Named figures in per cent, one a line."""
        found: dict[str, str] = {}
        for name, known in ((f"pairs ({self.half})", self.pairs), ("FaithBench", self.faithbench)):
            for system, one in known.items():
                found[f"{name}, {system}, AUROC"] = _shown(one.auroc)
                found[f"{name}, {system}, balanced accuracy at {one.threshold:.2f}"] = _shown(
                    one.balanced_accuracy
                )
            for system, one in known.items():
                if one.ahead_auroc and one.ahead_accuracy:
                    found[f"{name}, ours − {system}, AUROC"] = _shown(one.ahead_auroc)
                    found[f"{name}, ours − {system}, balanced accuracy"] = _shown(one.ahead_accuracy)
            for kind, (_, count) in known[OURS].kinds.items() if known else ():
                shares = (f"{system} {100 * one.kinds[kind][0]:.0f}" for system, one in known.items())
                found[f"{name}, {kind} ({count}), judged right"] = ", ".join(shares)
        return found


def citations(
    pairs: Path, sources: Sequence[str] = (), *, half: Half = "held", faithbench: Path | None = None
) -> Report:
    """Measures on the pairs of a half. `sources` are the articles of the passages: they tell titles and days.

    Raises `SourceError` if a file cannot be read.
    """
    known = read_pairs(pairs, sources)
    judges = _Judges()
    tune = [one for one in known if one.half == "tune"]
    chosen = [one for one in known if half in ("all", one.half)]
    if (
        not tune
        or not chosen
        or len({one.supported for one in chosen}) < 2
        or len({one.supported for one in tune}) < 2
    ):
        raise SourceError(f"{pairs} has too few pairs: each half needs supported claims and others")
    tuning = judges.score([(one.claim, one.hit) for one in tune])
    thresholds = {
        system: SUPPORTED if system == OURS else threshold(tuning[system], _labels(tune))
        for system in SYSTEMS
    }
    scores = judges.score([(one.claim, one.hit) for one in chosen])
    kinds = [one.kind for one in chosen]
    summaries: dict[str, Judged] = {}
    if faithbench:
        rows = read_faithbench(faithbench)
        least = judges.least([(summary, hit) for summary, hit, _ in rows])
        labels = np.array([supported for *_, supported in rows])
        summaries = judged(least, labels, thresholds, [hit.article_id for _, hit, _ in rows])
    return Report(
        half=half,
        pairs=judged(scores, _labels(chosen), thresholds, range(len(chosen)), kinds),
        faithbench=summaries,
    )


def fitted(pairs: Sequence[Pair]) -> tuple[float, ...]:
    """The weights that the tune half gives, in the order of `FIGURES`."""
    tune = [one for one in pairs if one.half == "tune"]
    checker = Checker(SentenceEmbedder())
    rows = [[one.figures for one in checker.figures(pair.claim, [pair.hit])[0]] for pair in tune]
    return fit([np.array(own) for own in rows], [one.supported for one in tune])


class _Judges:
    """The systems, each a score of a claim and a passage."""

    def __init__(self) -> None:
        self._checker = Checker(SentenceEmbedder())

    def score(self, pairs: Sequence[tuple[str, Hit]]) -> dict[str, Scores]:
        """System -> one score a pair."""
        rows = [self._one(claim, hit) for claim, hit in pairs]
        return {system: np.array([row[system] for row in rows]) for system in SYSTEMS}

    def _one(self, claim: str, hit: Hit) -> dict[str, float]:
        rated = self._checker.figures(claim, [hit])[0]
        return {
            OURS: best(rated)[0] if rated else 0.0,
            SIMILARITY: max((one.figures[_COSINE] for one in rated), default=-1.0),
            OVERLAP: _overlap(claim, hit.text),
        }

    def least(self, summaries: Sequence[tuple[str, Hit]]) -> dict[str, Scores]:
        """System -> the score of each summary's least supported claim; 1 for a summary that claims nothing."""
        claims = [
            (number, said, hit)
            for number, (summary, hit) in enumerate(summaries)
            for piece in pieces(letters(summary), 0, whole=True)
            if (said := statement(plain(piece.raw).text)) is not None
        ]
        scores = self.score([(said, hit) for _, said, hit in claims])
        least = {system: np.ones(len(summaries)) for system in scores}
        for place, (number, _, _) in enumerate(claims):
            for system, own in scores.items():
                least[system][number] = min(least[system][number], own[place])
        return least


def _overlap(claim: str, passage: str) -> float:
    """The share of the claim's words, by their stems, that the passage has."""
    own = {word.stem for word in words(claim) if word.matters}
    return len(own & {word.stem for word in words(passage)}) / max(1, len(own))


def _labels(pairs: Sequence[Pair]) -> Labels:
    return np.array([one.supported for one in pairs])


def _shown(figure: Figure) -> str:
    return f"{100 * figure.value:.1f} [{100 * figure.low:.1f}, {100 * figure.high:.1f}] of {figure.cases}"
