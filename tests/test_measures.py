"""Measures of hand-made rankings, worked by hand, and intervals that must come out as they do."""

from __future__ import annotations

from math import log2

import pytest

from qa.cases import Gold
from qa.measures import (
    MEASURES,
    by_article,
    by_passage,
    by_text,
    difference,
    holds,
    mean,
    means,
    measure,
    misses_removed,
    overlaps,
    percentile,
    retrieval,
)
from qa.plain import Chunk


def _hit(article_id: str, text: str = "No.") -> Chunk:
    return Chunk(article_id=article_id, text=text)


def test_holds() -> None:
    assert holds("They met on the Russky Island, by train.", "russky island")
    assert not holds("10,000 labourers", "1000")
    assert not holds("Kimono", "Kim")
    assert not holds("anything", "the")
    assert not holds("", "a")


def test_overlaps() -> None:
    quote = "abcdefgh"
    for text in ("abcdefgh", "..abcd", "efgh..", "..abcdefgh..", "cde", "abcde"):
        assert overlaps(text, quote)
    for text in ("..abc", "fgh..", "..cdef..", "", "x"):
        assert not overlaps(text, quote)
    assert not overlaps("anything", " ")


def test_one_need() -> None:
    """Of three questions: right at rank 2, right at rank 11, nowhere."""
    second, eleventh, nowhere = measure([[None, 0, None], [None] * 10 + [0], [None]], [1, 1, 1])
    assert list(second) == list(MEASURES)
    assert second == pytest.approx(
        {
            "recall@1": 0,
            "recall@5": 1,
            "recall@10": 1,
            "recall@20": 1,
            "mrr@10": 1 / 2,
            "ndcg@10": 1 / log2(3),
        }
    )
    assert eleventh == {**dict.fromkeys(MEASURES, 0.0), "recall@20": 1.0}
    assert nowhere == dict.fromkeys(MEASURES, 0.0)
    assert measure([[], []], [1, 2]) == [dict.fromkeys(MEASURES, 0.0)] * 2  # nothing was found at all
    assert measure([], []) == []


def test_two_needs() -> None:
    """The second article at rank 1, the first at rank 6."""
    (both,) = measure([[1, None, None, None, None, 0]], [2])
    assert both == pytest.approx(
        {
            "recall@1": 1 / 2,
            "recall@5": 1 / 2,
            "recall@10": 1,
            "recall@20": 1,
            "mrr@10": 1,
            "ndcg@10": (1 + 1 / log2(7)) / (1 + 1 / log2(3)),
        }
    )


def test_who_meets_a_need() -> None:
    gold = Gold(answers=("Riga",), quotes=("It was so.",), articles=(frozenset("ab"), frozenset("c")))
    hits = [
        _hit("x", "In Riga."),  # right, but of no gold article
        _hit("b"),  # of a gold article, but not right
        _hit("b", "Riga, in Latvia."),
        _hit("a", "Riga again."),  # the same need
        _hit("c", "Indeed. It was so."),
    ]
    assert by_article(gold, hits) == [None, 0, None, 1]  # x, b, a, c
    assert by_passage(gold, hits) == [None, None, 0, None, 1]
    assert by_text(gold, hits) == [0, None, None, None, None]
    nowhere_named = Gold(answers=("Riga",))
    assert by_passage(nowhere_named, hits) == by_text(gold, hits)
    assert by_passage(Gold(answers=("Riga",), articles=(frozenset(),)), hits) == [None] * 5


def test_figures_of_cases() -> None:
    """One question with its article, one without, one that the articles do not answer."""
    placed = Gold(answers=("Riga",), articles=(frozenset("r"),))
    rows = retrieval(
        [placed, Gold(answers=("Oslo",)), Gold(answers=(), articles=(frozenset("r"),))],
        [[_hit("r"), _hit("r"), _hit("x", "Riga"), _hit("r", "Riga")], [_hit("o", "Oslo")], [_hit("r")]],
    )
    assert [list(row) for row in rows] == [["article", "passage", "text"], ["passage", "text"], []]
    assert {judge: figures["mrr@10"] for judge, figures in rows[0].items()} == pytest.approx(
        {"article": 1, "passage": 1 / 4, "text": 1 / 3}
    )
    found = means(rows)
    assert found["article"]["mrr@10"].cases == 1
    assert found["passage"]["mrr@10"].value == pytest.approx(5 / 8)
    assert found["passage"]["mrr@10"].cases == 2


def test_the_interval_of_a_constant_is_that_constant() -> None:
    for values in ([1.0] * 7, [0.0], [0.5] * 100):
        figure = mean(values)
        assert figure is not None
        assert (figure.low, figure.value, figure.high) == (values[0], values[0], values[0])
    assert mean([]) is None


def test_the_interval_of_a_percentile() -> None:
    """Of 1 to 100, the median lies between the 40th and the 61st by 95 %, as the binomial's table has it."""
    values = [float(value) for value in range(100, 0, -1)]
    figure = percentile(values, 50)
    assert figure is not None
    assert (figure.value, figure.cases) == (50.5, 100)
    assert figure.low == pytest.approx(40.5, abs=1.5)
    assert figure.high == pytest.approx(60.5, abs=1.5)
    slowest = percentile(values, 100)
    assert slowest is not None
    assert (slowest.value, slowest.high) == (100, 100)
    assert percentile([], 50) is None


def test_an_interval() -> None:
    """400 cases, a quarter right: the binomial's own interval is 0.25 ± 1.96 x sqrt(0.25 x 0.75 / 400)."""
    values = [1.0, 0.0, 0.0, 0.0] * 100
    figure = mean(values)
    assert figure is not None
    assert (figure.value, figure.cases) == (0.25, 400)
    assert figure.low == pytest.approx(0.25 - 0.0424, abs=0.004)
    assert figure.high == pytest.approx(0.25 + 0.0424, abs=0.004)
    assert mean(values) == figure  # seeded


def test_paired_differences() -> None:
    values = [1.0, 0.0, 0.5, 1.0] * 25
    same = difference(values, values)
    assert same is not None
    assert (same.low, same.value, same.high) == (0, 0, 0)
    better = difference([1.0] * 100, [0.0] * 50 + [1.0] * 50)
    assert better is not None
    assert better.value == 0.5
    assert 0.39 < better.low < 0.42
    assert 0.58 < better.high < 0.61
    assert difference([], []) is None


def test_misses_removed() -> None:
    old = [1.0] * 50 + [0.0] * 50
    removed = misses_removed([1.0] * 70 + [0.0] * 30, old)  # of 50 misses 30 are left
    assert removed is not None
    assert removed.value == pytest.approx(0.4)
    assert removed.low < 0.4 < removed.high
    worse = misses_removed([0.0] * 10 + [1.0] * 40 + [0.0] * 50, old)  # 10 are new
    assert worse is not None
    assert worse.value == pytest.approx(-0.2)
    assert misses_removed([1.0], [1.0]) is None
    assert misses_removed([], []) is None
