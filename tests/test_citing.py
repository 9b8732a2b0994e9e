"""How well support is told from its absence: figures of scores that are known, and files of pairs."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from qa.citing import OVERLAP, SYSTEMS, citations, read_pairs
from qa.citing.judged import judged, threshold
from qa.errors import SourceError

PAIRS = Path(__file__).parent / "data" / "claims.jsonl"
LABELS = np.array([True, True, False, False])
FACTS = (
    ("Kim came by armoured train.", "Kim came by armoured train on Wednesday.", True),
    ("Kim did not come by armoured train.", "Kim came by armoured train on Wednesday.", False),
    ("The storm closed the harbour for two days.", "Storm Agnes closed the harbour for two days.", True),
    ("The storm closed the harbour for nine days.", "Storm Agnes closed the harbour for two days.", False),
)


def row(number: int, claim: str, passage: str, supported: bool) -> dict[str, object]:
    kind = "right" if supported else "wrong-number"
    return {
        "id": f"r{number}", "article_id": "a", "passage": passage, "claim": claim, "kind": kind,
        "supported": supported,
    }  # fmt: skip


def pairs_file(folder: Path) -> Path:
    path = folder / "pairs.jsonl"
    rows = [row(4 * n + place, *fact) for n in range(6) for place, fact in enumerate(FACTS)]
    path.write_text("\n".join(json.dumps(one) for one in rows))
    return path


def test_figures_of_scores_that_are_known() -> None:
    scores = {"ours": np.array([0.9, 0.4, 0.6, 0.1]), "other": np.array([0.5, 0.5, 0.5, 0.5])}
    found = judged(scores, LABELS, {"ours": 0.5, "other": 0.5}, range(4), ["right", "right", "a", "b"])
    ours, other = found["ours"], found["other"]
    assert (ours.auroc.value, ours.balanced_accuracy.value) == (
        0.75,
        0.5,
    )  # 3 of 4 in order; 1 of 2 and 1 of 2
    assert (other.auroc.value, other.balanced_accuracy.value) == (0.5, 0.5)  # ties count half
    assert ours.kinds == {"right": (0.5, 2), "a": (0.0, 1), "b": (1.0, 1)}
    assert ours.ahead_auroc is None
    assert other.ahead_auroc is not None
    assert other.ahead_accuracy is not None
    assert (other.ahead_auroc.value, other.ahead_accuracy.value) == (0.25, 0.0)


def test_differences_are_paired() -> None:
    """Two systems that score alike differ by nothing in each resample, however wide their own intervals are."""
    scores = np.random.default_rng(0).random(40)
    found = judged(
        {"ours": scores, "other": scores.copy()},
        scores + np.random.default_rng(1).random(40) > 1,
        {"ours": 0.5, "other": 0.5},
        range(40),
    )
    ahead = found["other"].ahead_auroc
    assert ahead is not None
    assert (ahead.value, ahead.low, ahead.high) == (0.0, 0.0, 0.0)
    assert found["ours"].auroc.low < found["ours"].auroc.value < found["ours"].auroc.high


def test_claims_of_one_group_are_drawn_together() -> None:
    scores = np.array([0.9, 0.1, 0.2, 0.8] * 5)
    labels = np.array([True, False] * 10)
    apart = judged({"ours": scores}, labels, {"ours": 0.5}, range(20))["ours"].auroc
    together = judged({"ours": scores}, labels, {"ours": 0.5}, [n // 10 for n in range(20)])["ours"].auroc
    assert apart.value == together.value
    assert apart.high - apart.low != together.high - together.low


def test_the_threshold_is_that_of_the_highest_balanced_accuracy() -> None:
    assert threshold(np.array([0.9, 0.7, 0.6, 0.1]), LABELS) == 0.7


def test_a_report(tmp_path: Path) -> None:
    summaries = tmp_path / "summaries.jsonl.gz"
    rows = [
        {
            "source": passage,
            "summary": f"Here is a summary:\n{claim}",
            "worst-label": label,
            "best-label": label,
        }
        for claim, passage, supported in FACTS
        for label in (["Consistent"] if supported else ["Unwanted", "Benign"])
    ]
    summaries.write_bytes(gzip.compress("\n".join(json.dumps(one) for one in rows).encode()))
    report = citations(pairs_file(tmp_path), half="all", faithbench=summaries)
    assert list(report.pairs) == list(report.faithbench) == list(SYSTEMS)
    ours = report.pairs["ours"]
    assert (ours.auroc.value, ours.balanced_accuracy.value, ours.threshold) == (1.0, 1.0, 0.5)
    assert ours.kinds == {"right": (1.0, 12), "wrong-number": (1.0, 12)}
    assert report.faithbench["ours"].auroc.cases == 4  # without the two that are Benign
    assert report.faithbench["ours"].auroc.value == 1.0
    overlap = report.to_json()["pairs"][OVERLAP]
    assert overlap["ours ahead"]["auroc"]["value"] == pytest.approx(1.0 - overlap["auroc"]["value"])
    lines = report.lines()
    assert lines["pairs (all), ours, AUROC"] == "100.0 [100.0, 100.0] of 24"
    assert "FaithBench, ours − word overlap, balanced accuracy" in lines


def test_the_pairs_of_this_repository() -> None:
    found = read_pairs(PAIRS, [str(PAIRS.parents[2] / "corpus")])
    assert len({one.id for one in found}) == len(found) >= 300
    assert all(one.hit.title and one.hit.published and one.hit.text for one in found)
    assert {one.half for one in found} == {"tune", "held"}
    assert all(one.supported == (one.kind == "right") for one in found)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "cannot be read"),
        ("[]", "is no pair"),
        ('{"id": "x"}', "is no pair"),
        (json.dumps(row(1, *FACTS[0])), "too few pairs"),
    ],
)
def test_bad_pairs(tmp_path: Path, line: str, says: str) -> None:
    path = tmp_path / "pairs.jsonl"
    path.write_text(line)
    with pytest.raises(SourceError, match=says):
        citations(path)


def test_bad_summaries(tmp_path: Path) -> None:
    path = tmp_path / "summaries.jsonl"
    for text, says in (("{}", "no row of FaithBench"), ("", "too few summaries")):
        path.write_text(text)
        with pytest.raises(SourceError, match=says):
            citations(pairs_file(tmp_path), faithbench=path)


def test_the_weights_are_those_that_the_command_gives() -> None:
    """Fitting takes the vectors of the encoder, which differ a little from processor to processor."""
    from qa.verify.compare import WEIGHTS

    corpus = PAIRS.parents[2] / "corpus"
    command = [sys.executable, "-m", "qa.citing", str(PAIRS), str(corpus)]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert json.loads(printed.replace("(", "[").replace(")", "]")) == pytest.approx(WEIGHTS, abs=0.1)
