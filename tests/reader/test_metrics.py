"""The measures, against values worked out by hand."""

from __future__ import annotations

import pytest

from qa.reader.metrics import auroc, calibration_error, exact_match, f1, normalise


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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The  Russky island!", "russky island"),
        ("an A-team, a THE", "ateam"),
        ("$25.5 million", "255 million"),
        ("Theatre and another", "theatre and another"),
        ("the", ""),
        ("“Curly”", "“curly”"),  # SQuAD's punctuation is ASCII's
    ],
)
def test_normalise(text: str, expected: str) -> None:
    assert normalise(text) == expected


@pytest.mark.parametrize(
    ("predicted", "gold", "exact", "overlap"),
    [
        ("Russky island", "the Russky island.", 1.0, 1.0),
        ("on Russky island", "Russky island", 0.0, 0.8),  # precision 2/3, recall 1
        ("Hanoi", "Russky island", 0.0, 0.0),
        ("island", "Russky island", 0.0, 2 / 3),
        ("very very good", "very very bad", 0.0, 2 / 3),  # each token counts as often as both have it
        ("the", "a", 1.0, 1.0),
        ("", "Hanoi", 0.0, 0.0),
    ],
)
def test_exact_match_and_f1(predicted: str, gold: str, exact: float, overlap: float) -> None:
    assert exact_match(predicted, [gold]) == exact
    assert f1(predicted, [gold]) == pytest.approx(overlap)
