"""Hits and gold -> recall@k, MRR@10 and nDCG@10 of each case; figures of cases -> their mean and how far to trust it.

The measures are ir_measures'; here is what counts as found. A question needs one article, any of its gold ones, or each
of them if the case says so. A *need* counts once, at the rank of the first hit that meets it; every other hit is not
relevant. So recall@k is the share of the needs that the first k hits meet (with one need: whether one of them is
right), MRR@10 is 1 / the rank of the first right hit, 0 beyond 10, and nDCG@10 compares with all needs met at the top
(binary gain, discount log2(1 + rank); Järvelin and Kekäläinen, TOIS 2002). Three ways to meet a need:

- article: the hits are reduced to articles in order of first appearance, and the article is a gold one. k counts
  articles here.
- passage: the hit is of a gold article and is right: it holds an answer at word boundaries, or at least half of a
  gold quote. Where a case names no articles, there is one need, and any right hit meets it.
- text: the hit holds an answer at word boundaries, whatever it is of. One need.

Intervals are bootstrapped over the cases (percentile method, Efron and Tibshirani 1993): 95 % of the means of
resamples lie within. Differences are paired: of the same cases, by the same resamples.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

import numpy as np
from ir_measures import RR, Qrel, R, ScoredDoc, iter_calc, nDCG
from numpy.typing import NDArray

from qa.cases import Gold
from qa.reader.metrics import normalise

DEPTHS = (1, 5, 10, 20)
MEASURES = (*(f"recall@{k}" for k in DEPTHS), "mrr@10", "ndcg@10")

_NAMES = {**{R @ k: f"recall@{k}" for k in DEPTHS}, RR @ 10: "mrr@10", nDCG @ 10: "ndcg@10"}
_RESAMPLES = 5000
_SEED = 2009


class Slice(Protocol):
    """A hit or a passage: some text of an article."""

    @property
    def article_id(self) -> str:
        """Which article it is of."""

    @property
    def text(self) -> str:
        """The text."""


Judge = Callable[[Gold, Sequence[Slice]], "list[int | None]"]
"""Says of each hit, in rank order, which need it is the first to meet, None if it meets none or a met one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A mean or a percentile over `cases` cases, within `low` and `high` by 95 %."""

    value: float
    low: float
    high: float
    cases: int

    def to_json(self) -> dict[str, Any]:
        """The object in reports."""
        return {"value": self.value, "low": self.low, "high": self.high, "cases": self.cases}


def holds(text: str, answer: str) -> bool:
    """Whether a text holds an answer at word boundaries, both normalised; an answer without words is never held."""
    wanted = _normal(answer)
    return bool(wanted) and f" {wanted} " in f" {_normal(text)} "


def overlaps(text: str, quote: str) -> bool:
    """Whether a slice of an article holds at least half of a quote from it: its first or last half, or lies within it.

    >>> overlaps("It rained. They met on the", "They met on the island.")
    True
    >>> overlaps("It rained. They met", "They met on the island.")
    False
    """
    quote, half = quote.strip(), (len(quote.strip()) + 1) // 2
    return bool(quote) and (quote[:half] in text or quote[-half:] in text or (bool(text) and text in quote))


def by_article(gold: Gold, hits: Sequence[Slice]) -> list[int | None]:
    """Judges the articles of the hits, in order of first appearance."""
    found = dict.fromkeys(hit.article_id for hit in hits)
    return _first([_place(gold, article_id) for article_id in found])


def by_passage(gold: Gold, hits: Sequence[Slice]) -> list[int | None]:
    """Judges the hits: of the gold article, and right."""
    return _first([_place(gold, hit.article_id) if is_right(gold, hit.text) else None for hit in hits])


def by_text(gold: Gold, hits: Sequence[Slice]) -> list[int | None]:
    """Judges the hits: an answer stands in it."""
    return _first([0 if any(holds(hit.text, answer) for answer in gold.answers) else None for hit in hits])


JUDGES: dict[str, Judge] = {"article": by_article, "passage": by_passage, "text": by_text}


def is_right(gold: Gold, text: str) -> bool:
    """Whether a passage holds an answer, or half of a gold quote."""
    return any(holds(text, answer) for answer in gold.answers) or any(
        overlaps(text, quote) for quote in gold.quotes
    )


def retrieval(
    golds: Sequence[Gold], rankings: Sequence[Sequence[Slice]]
) -> list[dict[str, dict[str, float]]]:
    """For each case and its hits: judge -> measure -> figure. Without gold articles there is none by article."""
    figures: list[dict[str, dict[str, float]]] = [{} for _ in golds]
    for name, judge in JUDGES.items():
        counts = [1 if name == "text" else len(gold.articles) or int(name == "passage") for gold in golds]
        numbers = [number for number, count in enumerate(counts) if count and golds[number].answers]
        judged = [judge(golds[number], rankings[number]) for number in numbers]
        for number, measured in zip(numbers, measure(judged, [counts[n] for n in numbers]), strict=True):
            figures[number][name] = measured
    return figures


def measure(judged: Sequence[Sequence[int | None]], needs: Sequence[int]) -> list[dict[str, float]]:
    """For each case, from which need each hit is the first to meet and the number of needs: measure -> figure."""
    qrels = [Qrel(str(case), f"need {need}", 1) for case, count in enumerate(needs) for need in range(count)]
    run = [
        ScoredDoc(str(case), f"rank {rank}" if need is None else f"need {need}", -float(rank))
        for case, hits in enumerate(judged)
        for rank, need in enumerate(hits, start=1)
    ]
    figures: list[dict[str, float]] = [dict.fromkeys(MEASURES, 0.0) for _ in judged]
    if qrels and run:
        for metric in iter_calc(list(_NAMES), qrels, run):
            figures[int(metric.query_id)][_NAMES[metric.measure]] = float(metric.value)
    return figures


def mean(values: Sequence[float]) -> Figure | None:
    """The mean with its interval; None of no values."""
    if not values:
        return None
    return _figure(float(np.mean(values)), _resampled(values), len(values))


def percentile(values: Sequence[float], percent: float) -> Figure | None:
    """A percentile with its interval, by the same resamples; None of no values.

    >>> percentile([3.0, 1.0, 2.0], 50).value
    2.0
    """
    if not values:
        return None
    ordered = np.sort(np.asarray(values, dtype=np.float64))
    resampled = [
        float(np.percentile(np.repeat(ordered, counts.astype(np.int64)), percent))
        for counts in _counts(len(values))
    ]
    return _figure(float(np.percentile(ordered, percent)), np.asarray(resampled), len(values))


def difference(new: Sequence[float], old: Sequence[float]) -> Figure | None:
    """The mean of `new - old`, case by case, with its interval; None of no values."""
    return mean([one - other for one, other in zip(new, old, strict=True)])


def misses_removed(new: Sequence[float], old: Sequence[float]) -> Figure | None:
    """The share of what `old` misses that `new` does not, net of what only `new` misses: 1 - (1 - new) / (1 - old).

    None if `old` misses nothing.
    """
    if not old or np.mean(old) == 1:
        return None
    missed, before = 1 - _resampled(new), 1 - _resampled(old)
    shares = 1 - missed[before > 0] / before[before > 0]
    return _figure(1 - (1 - float(np.mean(new))) / (1 - float(np.mean(old))), shares, len(old))


def means(rows: Sequence[Mapping[str, Mapping[str, float]]]) -> dict[str, dict[str, Figure]]:
    """Figures of cases, by group and name -> their means, each over the cases that have it."""
    return {
        group: {name: figure for name in _names(rows, group) if (figure := mean(column(rows, group, name)))}
        for group in _ordered(group for row in rows for group in row)
    }


def column(rows: Iterable[Mapping[str, Mapping[str, float]]], group: str, name: str) -> list[float]:
    """One figure of all cases that have it."""
    return [row[group][name] for row in rows if name in row.get(group, {})]


def _names(rows: Sequence[Mapping[str, Mapping[str, float]]], group: str) -> list[str]:
    return _ordered(name for row in rows for name in row.get(group, {}))


def _ordered(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))


def _figure(value: float, resampled: NDArray[np.float64], cases: int) -> Figure:
    low, high = np.quantile(resampled, [0.025, 0.975])
    return Figure(value=value, low=float(low), high=float(high), cases=cases)


def _resampled(values: Sequence[float]) -> NDArray[np.float64]:
    """The means of the resamples, the same resamples for the same number of values."""
    means: NDArray[np.float64] = _counts(len(values)) @ np.asarray(values, dtype=np.float64) / len(values)
    return means


@lru_cache(maxsize=4)
def _counts(cases: int) -> NDArray[np.float64]:
    """How often each case is in each resample."""
    generator = np.random.default_rng(_SEED)
    return generator.multinomial(cases, np.full(cases, 1 / cases), size=_RESAMPLES).astype(np.float64)


def _place(gold: Gold, article_id: str) -> int | None:
    """Which of the needed articles this is."""
    if not gold.articles:
        return 0
    return next((place for place, ids in enumerate(gold.articles) if article_id in ids), None)


def _first(needs: Sequence[int | None]) -> list[int | None]:
    """A need counts where it is met first."""
    return [None if need in needs[:rank] else need for rank, need in enumerate(needs)]


@lru_cache(maxsize=2**15)
def _normal(text: str) -> str:
    return normalise(text)
