"""The reader's parts that can be wrong on their own: windows, spans and weights."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from qa.errors import ReaderError
from qa.reader.spans import best_spans
from qa.reader.text import CLS, SEP, Pieces, Window, windows
from qa.reader.weights import quantise, read_weights, write_weights


def pieces(count: int, first: int = 1000) -> Pieces:
    span = range(count)
    return Pieces(tuple(range(first, first + count)), tuple(span), tuple(i + 1 for i in span))


def test_a_short_passage_is_one_window_in_the_layout_of_training() -> None:
    (window,) = windows(pieces(2), pieces(1, 2000), pieces(3, 3000))
    assert window == Window((CLS, 1000, 1001, SEP, 2000, SEP, 3000, 3001, 3002, SEP), 4, 6, 0, 3)


def test_windows_overlap_by_the_stride_and_cover_everything() -> None:
    parts = list(windows(pieces(2), pieces(0), pieces(50, 3000), limit=25, stride=5))
    assert [(w.offset, w.length) for w in parts] == [(0, 20), (15, 20), (30, 20)]
    assert all(len(w.ids) <= 25 for w in parts)


def test_best_spans_are_apart_and_measured_against_no_answer() -> None:
    window = Window((CLS, 9, SEP, 1, 2, 3, 4, SEP), 3, 3, 10, 4)
    start = np.array([1, -9, -9, 0, 5, 1, 3, -9], np.float32)
    end = np.array([2, -9, -9, 0, 1, 6, 4, -9], np.float32)
    spans = best_spans(start, end, window, count=2)
    assert [(s.first, s.last, s.margin) for s in spans] == [(11, 12, 8.0), (13, 13, 4.0)]


def test_an_end_before_every_start_still_gives_a_span() -> None:
    window = Window((CLS, 9, SEP, *range(60), SEP), 3, 3, 0, 60)
    start = np.arange(64, dtype=np.float32)
    assert len(best_spans(start, -start, window, count=3)) >= 1


def test_weights_come_back_within_half_a_step(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    matrix = rng.normal(size=(20, 384)).astype(np.float32)
    bias = rng.normal(size=20).astype(np.float32)
    digest = write_weights(tmp_path / "w", {"a.weight": matrix, "a.bias": bias})
    weights = read_weights(tmp_path / "w", digest)
    assert np.abs(weights.dense("a.weight") - matrix).mean() < np.abs(matrix).max() / 127 / 2
    assert weights.dense("a.bias") == pytest.approx(bias, rel=1e-3)
    assert (tmp_path / "w").stat().st_size < 20 * 384 + 1000


def test_quantising_twice_changes_nothing() -> None:
    rows = quantise(np.random.default_rng(1).normal(size=(4, 64)).astype(np.float32))
    again = quantise(rows.dense())
    assert np.abs(again.dense() - rows.dense()).max() < 0.02


def test_other_weights_are_refused(tmp_path: Path) -> None:
    write_weights(tmp_path / "w", {"a.bias": np.zeros(3, np.float32)})
    with pytest.raises(ReaderError, match="damaged or not ours"):
        read_weights(tmp_path / "w", "0" * 64)
    with pytest.raises(ReaderError, match="cannot be read"):
        read_weights(tmp_path / "none", "0" * 64)
