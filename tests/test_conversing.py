"""How completions of follow-ups are measured: words that come back, passages that are found."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from qa.conversing import (
    GOLD,
    OURS,
    PREVIOUS,
    RAW,
    FollowUp,
    names_appended,
    previous_appended,
    read_canard,
    search,
    shown,
    unsaid,
    words,
)
from qa.errors import QAError, SourceError
from qa.settings import Settings

ROWS: list[dict[str, Any]] = [
    {
        "History": ["Kim Jong Un", "Travels"],
        "QuAC_dialog_id": "a",
        "Question": "When did he leave?",
        "Rewrite": "When did Kim Jong Un leave?",
    },
    {
        "History": ["Kim Jong Un", "Travels", "When did he leave?", "On Friday."],
        "QuAC_dialog_id": "e",
        "Question": "Who won the World Cup?",
        "Rewrite": "who won the World Cup",
    },
]


@pytest.fixture
def canard(tmp_path: Path) -> Path:
    path = tmp_path / "canard.jsonl.gz"
    path.write_bytes(gzip.compress("".join(json.dumps(row) + "\n" for row in ROWS).encode()))
    return path


def test_canard(canard: Path) -> None:
    first, second = read_canard(canard)
    assert first == FollowUp(
        conversation="a",
        question="When did he leave?",
        history=(("Kim Jong Un", "Travels"),),
        standalone="When did Kim Jong Un leave?",
    )
    assert second.history == (("Kim Jong Un", "Travels"), ("When did he leave?", "On Friday."))
    assert (first.half, second.half) == ("held", "tune")
    assert (first.stood_alone, second.stood_alone) == (False, True)


@pytest.mark.parametrize(
    "line", ["{", "[]", "{}", '{"History": ["one"], "Question": "?", "Rewrite": "?"}', "\udcff"]
)
def test_what_is_no_canard(tmp_path: Path, line: str) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_bytes(line.encode("utf-8", "surrogateescape"))
    with pytest.raises(SourceError):
        read_canard(path)
    with pytest.raises(SourceError):
        read_canard(tmp_path / "absent.jsonl")


def test_what_was_left_unsaid(canard: Path) -> None:
    first, second = read_canard(canard)
    assert unsaid(first, "When did Kim Jong Un leave?") == {"recall": 1.0, "f1": 1.0, "precision": 1.0}
    assert unsaid(first, "When did he leave?") == {"recall": 0.0, "f1": 0.0}
    assert unsaid(first, "When did Kim leave Riga?") == {"recall": 1 / 3, "f1": 2 / 5, "precision": 1 / 2}
    assert unsaid(second, "Who won the world cup") == {"left alone": 1.0}
    assert unsaid(second, "Who won the World Cup of Kim?") == {"left alone": 0.0}


def test_words_of_the_ways(canard: Path) -> None:
    follow_ups = read_canard(canard)
    measured = words(follow_ups)
    values = {
        way: {name: one.value for name, one in figures.items()} for way, figures in measured.figures.items()
    }
    assert values[RAW] == {"recall": 0.0, "f1": 0.0, "left alone": 1.0}
    assert values[PREVIOUS] == {"recall": 1.0, "f1": 1.0, "precision": 1.0, "left alone": 0.0}
    assert values[OURS] == {"recall": 1.0, "f1": 1.0, "precision": 1.0, "left alone": 1.0}
    assert shown(measured)[PREVIOUS] == (
        "recall 100.0 (100.0 to 100.0), f1 100.0 (100.0 to 100.0), precision 100.0 (100.0 to 100.0), "
        "left alone 0.0 (0.0 to 0.0)"
    )
    assert words(follow_ups, half="tune").follow_ups == 1
    assert measured.to_json()["figures"][OURS]["recall"]["cases"] == 1
    with pytest.raises(QAError):
        words([])


def test_baselines() -> None:
    history = [("Did Kim meet Vladimir Putin?", "Yes, Kim did."), ("thanks", "")]
    assert names_appended("when?", history) == "when? Did Kim Vladimir Putin Yes Kim"
    assert previous_appended("when?", history[:1]) == "when? Did Kim meet Vladimir Putin?"
    assert (names_appended("when?", []), previous_appended("when?", [])) == ("when?", "when?")


def test_search(tmp_path: Path) -> None:
    (tmp_path / "train.md").write_text(
        "# Kim\n\nKim Jong Un travelled to Vladivostok by armoured train on Wednesday."
    )
    for name, subject in (("wheat", "Wheat"), ("bees", "Bees"), ("storm", "The storm")):
        (tmp_path / f"{name}.md").write_text(
            f"# {subject}\n\n{subject} came to the port when it rained on Friday."
        )
    cases = tmp_path / "cases.jsonl"
    cases.write_text(
        json.dumps(
            {
                "id": "a",
                "kind": "ellipsis",
                "question": "And when?",
                "answers": ["Wednesday"],
                "files": ["train.md"],
                "history": [["How did Kim Jong Un travel to Vladivostok?", "by armoured train"]],
                "standalone": "When did Kim Jong Un travel to Vladivostok?",
            }
        )
        + '\n{"question": "Where?", "answers": []}\nnone\n'
    )
    sources = [str(path) for path in sorted(tmp_path.glob("*.md"))]
    found = search(Settings(), sources, cases)
    assert found.cases == 1
    assert found.figures[OURS]["recall@1"].value == found.figures[GOLD]["recall@1"].value == 1.0
    assert found.kinds["ellipsis"][OURS] == found.figures[OURS]
    assert [completed for _, completed in found.completed] == ["When did Kim Jong Un travel to Vladivostok?"]
    assert len(found.failed) == 1
    assert found.to_json()["completed"][0]["standalone"] == "When did Kim Jong Un travel to Vladivostok?"
    with pytest.raises(QAError):
        search(Settings(), sources, cases, half="tune")
