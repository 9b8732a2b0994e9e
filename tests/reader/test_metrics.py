"""The measures, against values worked out by hand."""

from __future__ import annotations

import pytest

from qa.reader.metrics import auroc, calibration_error, exact_match, f1


def test_exact_match_ignores_case_articles_and_punctuation() -> None:
    assert exact_match("The  Amazon!", ["amazon", "rain forest"]) == 1.0
    assert exact_match("Amazon basin", ["amazon"]) == 0.0


def test_no_truths_means_no_answer() -> None:
    assert exact_match("", []) == 1.0
    assert f1("", []) == 1.0
    assert f1("something", []) == 0.0


def test_f1_takes_the_best_truth() -> None:
    assert f1("in the Amazon basin", ["Amazon", "Amazon basin"]) == pytest.approx(0.8)


def test_auroc_counts_ties_half() -> None:
    assert auroc([0.9, 0.5, 0.5, 0.1], [True, True, False, False]) == pytest.approx(0.875)


def test_calibration_error_is_the_weighted_gap() -> None:
    # Two bins: 0.95 said and 1.0 seen, 0.25 said and 0.5 seen.
    error = calibration_error([0.95, 0.95, 0.25, 0.25], [True, True, True, False])
    assert error == pytest.approx((2 * 0.05 + 2 * 0.25) / 4)
