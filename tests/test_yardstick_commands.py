"""`qa eval` and `qa bench retrieval` as they are typed: halves, reports, baselines, and what is wrong use."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from qa.__main__ import main

CASES = (
    # "a" is in the held half, "e" and "f" in the other.
    {
        "id": "a",
        "question": "Where did the summit take place?",
        "answers": ["Russky island"],
        "kind": "where",
    },
    {"id": "e", "question": "How many labourers must leave?", "answers": ["10,000"], "files": ["news.jsonl"]},
    {"id": "f", "question": "Which opera did Verdi write in 1871?", "answers": [], "kind": "none"},
)


class Done(NamedTuple):
    """What a command left behind."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Done]


@pytest.fixture(scope="module")
def store(articles_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of the four articles."""
    store = tmp_path_factory.mktemp("yardstick") / "store"
    assert main(["--store", str(store), "add", str(articles_file)]) == 0
    return store


@pytest.fixture
def qa(
    store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Run:
    """Runs a command in a folder with the file of cases."""
    (tmp_path / "cases.jsonl").write_text("".join(json.dumps(case) + "\n" for case in CASES))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("QA_STORE", str(store))

    def run(*words: str) -> Done:
        capsys.readouterr()
        try:
            status = main(words)
        except SystemExit as left:  # argparse's way
            status = left.code if isinstance(left.code, int) else 1
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        assert "should not have happened" not in err
        return Done(status, out, err)

    return run


def test_halves(qa: Run) -> None:
    found = {
        half: [case["id"] for case in qa("eval", "cases.jsonl", "--json", "--half", half).json["cases"]]
        for half in ("tune", "held", "all")
    }
    assert found == {"tune": ["e", "f"], "held": ["a"], "all": ["a", "e", "f"]}
    assert qa("eval", "cases.jsonl", "--half", "both").status == 2


def test_save_and_baseline(qa: Run, tmp_path: Path) -> None:
    first = qa("eval", "cases.jsonl", "--json", "--save", "old.json")
    assert first.status == 0
    assert json.loads((tmp_path / "old.json").read_text()) == first.json
    assert first.json["figures"]["passage"]["recall@1"] == {
        "value": 1.0,
        "low": 1.0,
        "high": 1.0,
        "cases": 2,
    }
    assert first.json["figures"]["article"]["recall@1"]["cases"] == 1  # one names its file
    assert first.json["differences"] == {}

    again = qa("eval", "cases.jsonl", "--json", "--half", "tune", "--baseline", "old.json").json
    for named in again["differences"].values():
        for change in named.values():
            assert (change["low"], change["value"], change["high"]) == (0, 0, 0)
    assert again["differences"]["passage"]["recall@1"]["cases"] == 1

    (tmp_path / "printed.json").write_text(first.out)  # what --json printed serves, too
    table = qa("eval", "cases.jsonl", "--baseline", "printed.json")
    assert table.status == 0
    rows = [line.split() for line in table.out.splitlines()]
    assert ["recall@1", "passage", "100.0", "[100.0,", "100.0]", "2", "+0.0", "[+0.0,", "+0.0]"] in rows
    assert ["where", "1", "100.0", "100.0"] in [row[:4] for row in rows]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--baseline", "none.json"], "none.json cannot be read as a baseline: No such file or directory"),
        (["--baseline", "cases.jsonl"], "cases.jsonl is no baseline: it is made by `qa eval CASES --save"),
        (["--baseline", "other.json"], "the baseline has none of these cases"),
        (["--save", "none/report.json"], "the report cannot be written to none/report.json: No such file"),
        (["--save", "."], "the report cannot be written to .: Is a directory"),
        (["--predictions", "."], "the predictions cannot be written to .: Is a directory"),
    ],
)
def test_bad_files_of_eval(qa: Run, tmp_path: Path, words: list[str], says: str) -> None:
    (tmp_path / "other.json").write_text('{"cases": [{"id": "z", "figures": {}}]}')
    done = qa("eval", "cases.jsonl", *words)
    assert done.status == 1
    assert says in done.err


@pytest.mark.parametrize(
    ("status", "words", "says"),
    [
        (2, [], "the following arguments are required: --set"),
        (2, ["--set"], "expected at least one argument"),
        (2, ["--set", "cases.jsonl"], "--set takes articles and, last, a file of questions"),
        (2, ["--set", "x", "y", "--half", "both"], "invalid choice: 'both'"),
        (2, ["--set", "x", "y", "--sample", "none"], "'none' is not a number"),
        (1, ["--set", "x", "none.jsonl"], "none.jsonl cannot be read as a file of cases: No such file"),
        (1, ["--set", "x", "cases.jsonl", "--predictions", "."], "cannot be written to .: Is a directory"),
        (1, ["--set", "x", "none", "--half", "held"], "has no question with an answer in this half"),
    ],
)
def test_bad_use_of_bench_retrieval(
    qa: Run, tmp_path: Path, status: int, words: list[str], says: str
) -> None:
    (tmp_path / "none").write_text(json.dumps(CASES[2]))
    done = qa("bench", "retrieval", *words)
    assert done.status == status
    assert says in done.err


def test_bench_retrieval(qa: Run, articles_file: Path, tmp_path: Path) -> None:
    pytest.importorskip(
        "langchain_huggingface", reason="the other side of the benchmark is in the extra bench"
    )
    sets = ("--set", str(articles_file), "cases.jsonl")
    done = qa("bench", "retrieval", *sets, "--half", "held", "--predictions", "out.jsonl")
    assert done.status == 0
    rows = [line.split() for line in done.out.splitlines()]
    assert ["ours", *["100.0", "±0.0"] * 6] in rows
    assert re.search(
        r"^characters a hit: plain LangChain 1\d\d, keyword \d+, dense \d+,", done.out, re.MULTILINE
    )
    assert "cases: 1 questions over 4 articles" in done.err
    (line,) = (tmp_path / "out.jsonl").read_text().splitlines()
    assert json.loads(line)["ranks"]["ours"] == 1
    shown = qa("bench", "retrieval", *sets, "--half", "held", "--json")
    assert list(shown.json) == ["half", "better part", "sets"]
    assert list(shown.json["sets"]) == ["cases"]


FOLLOW_UP = {
    "id": "a",
    "question": "And when?",
    "answers": ["Thursday"],
    "files": ["news.jsonl"],
    "quotes": ["The summit took place on Russky island on Thursday, on a university campus."],
    "history": [["Where did the summit take place?", "on Russky island"]],
    "standalone": "When did the summit take place?",
}
CANARD = {
    "History": ["Kim Jong Un", "Travels"],
    "QuAC_dialog_id": "a",
    "Question": "When did he leave?",
    "Rewrite": "When did Kim Jong Un leave?",
}


def test_bench_conversation(qa: Run, articles_file: Path, tmp_path: Path) -> None:
    (tmp_path / "talk.jsonl").write_text(f"{json.dumps(FOLLOW_UP)}\nnone\n")
    (tmp_path / "canard.jsonl").write_text(json.dumps(CANARD))
    words = ("bench", "conversation", "--canard", "canard.jsonl", "--set", str(articles_file), "talk.jsonl")
    done = qa(*words)
    assert done.status == 1  # for the line that is no case
    assert "talk.jsonl:2" in done.err
    assert "ours: recall 100.0 (100.0 to 100.0), f1 100.0 (100.0 to 100.0), precision 100.0" in done.out
    assert "raw: recall 0.0 (0.0 to 0.0)" in done.out
    assert re.search(r"^gold: recall@1 100\.0 ", done.out, re.MULTILINE)
    report = qa(*words, "--json").json
    assert list(report) == ["words", "sets"]
    assert report["words"]["follow-ups"] == 1
    (found,) = report["sets"]
    assert found["completed"] == [
        {
            "id": "a",
            "question": "And when?",
            "completed": "When did the summit take place?",
            "standalone": "When did the summit take place?",
        }
    ]


@pytest.mark.parametrize(
    ("status", "words", "says"),
    [
        (2, [], "give --canard FILE, or --set SOURCE ... CASES.jsonl"),
        (2, ["--set", "talk.jsonl"], "--set takes articles and, last, a file of questions"),
        (1, ["--canard", "none.jsonl"], "none.jsonl"),
        (1, ["--set", "x", "cases.jsonl"], "cases.jsonl has no case with a history and an answer"),
    ],
)
def test_bad_use_of_bench_conversation(qa: Run, status: int, words: list[str], says: str) -> None:
    done = qa("bench", "conversation", *words)
    assert done.status == status
    assert says in done.err


def test_bench_citations(qa: Run, articles_file: Path, tmp_path: Path) -> None:
    rows = [
        {
            "id": f"r{number}",
            "article_id": "storm",
            "passage": "Storm Agnes closed the harbour of Lisbon for two days.",
            "claim": f"The storm closed the harbour for {'two' if number % 2 else 'nine'} days.",
            "kind": "right" if number % 2 else "wrong-number",
            "supported": bool(number % 2),
        }
        for number in range(24)
    ]
    (tmp_path / "pairs.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    done = qa("bench", "citations", "pairs.jsonl", str(articles_file), "--half", "all")
    assert (done.status, done.err) == (0, "")
    assert "pairs (all), ours, AUROC: 100.0 [100.0, 100.0] of 24\n" in done.out
    assert "pairs (all), ours − word overlap, AUROC: " in done.out
    assert "pairs (all), wrong-number (12), judged right: ours 100, " in done.out
    report = qa("bench", "citations", "pairs.jsonl", str(articles_file), "--half", "all", "--json").json
    assert (report["half"], list(report)) == ("all", ["half", "pairs"])
    assert report["pairs"]["ours"]["auroc"]["value"] == 1.0
    missing = qa("bench", "citations", "none.jsonl")
    assert missing.status == 1
    assert "none.jsonl cannot be read as lines of JSON: No such file" in missing.err
