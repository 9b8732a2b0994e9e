"""Verdicts on answers, and the file of cases that they become."""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from hypothesis import given, settings
from hypothesis import strategies as st

from qa import Library, feedback
from qa.__main__ import main
from qa.cases import Case, chosen, read_cases, waiting
from qa.errors import FeedbackError
from qa.feedback import Feedback, Verdict, line
from qa.records import Answer, Citation

GOOD = Verdict(good=True)
BAD = Verdict(good=False, reason="wrong", note="it was Hanoi")


def citation(number: int, article_id: str) -> Citation:
    return Citation(
        number=number,
        article_id=article_id,
        title="Talks",
        source=None,
        url=None,
        published=None,
        start=0,
        end=6,
        quote=f"Quote {number}",
        answer_start=0,
        answer_end=1,
    )


def answer(**changes: Any) -> Answer:
    values: dict[str, Any] = {
        "question": "Where?",
        "answered": True,
        "answer": "Russky island",
        "confidence": 0.9,
        "citations": (citation(1, "a"), citation(2, "b"), citation(3, "a")),
        "nearest": (),
        "model": "reader",
        "seconds": 0.1,
        "understood": "Where was it held?",
    }
    return Answer(**{**values, **changes})


def case(key: str = "k", verdict: Verdict = GOOD, **changes: Any) -> dict[str, Any]:
    given = answer(**changes)
    return line(
        key, "Where?", given, given.answer or "", verdict, history=[("Who?", "Kim")], asked=date(2019, 4, 25)
    )


def test_a_good_verdict_is_a_case_and_a_bad_one_waits_for_review(tmp_path: Path) -> None:
    file = Feedback(tmp_path / "new" / feedback.NAME)
    declined = {"answered": False, "answer": None, "citations": ()}
    file.keep(case("1"))
    file.keep(case("2", **declined))
    file.keep(case("3", BAD))
    right, nothing, wrong = read_cases(file.path)[0]
    assert right == Case(
        id="feedback-1",
        question="Where?",
        answers=("Russky island",),
        article_ids=("a", "b"),
        quotes=("Quote 1", "Quote 2", "Quote 3"),
        kind="feedback",
        history=(("Who?", "Kim"),),
        asked=date(2019, 4, 25),
        standalone="Where was it held?",
    )
    assert (nothing.answers, nothing.article_ids, nothing.review) == ((), None, None)
    assert (wrong.answers, wrong.review) == ((), "wrong: it was Hanoi")
    assert (chosen([right, nothing, wrong], "all"), waiting([right, wrong])) == ([right, nothing], 1)
    last = json.loads(file.path.read_text("utf-8").splitlines()[-1])
    assert (last["answers"], last["rejected"]) == (None, "Russky island")


def test_a_reviewed_line_without_the_right_answers_is_no_case(tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl"
    reviewed = {name: value for name, value in case(verdict=BAD).items() if name != "review"}
    path.write_text(
        json.dumps(reviewed)
        + "\n"
        + json.dumps({**reviewed, "answers": ["Hanoi"]})
        + '\n{"question": "?", "answers": [], "review": 1}\n'
    )
    cases, failed = read_cases(path)
    assert [one.answers for one in cases] == [("Hanoi",)]
    assert [one.reason.partition(": ")[2] for one in failed] == [
        '"answers" is a list of strings, empty if the articles do not say',
        '"review" is a string',
    ]


def test_the_last_verdict_counts_and_can_be_taken_back(tmp_path: Path) -> None:
    file = Feedback(tmp_path / feedback.NAME)
    own = b'{"id": "mine", "question": "Who?", "answers": ["Kim"]}  \nno case at all \xff\n'
    file.path.write_bytes(own)
    file.keep(case("1", BAD))
    file.keep(case("2", BAD))
    file.keep(case("1", GOOD))
    ids = [json.loads(one)["id"] for one in file.path.read_bytes().splitlines()[2:]]
    assert ids == ["feedback-2", "feedback-1"]
    file.drop("1")
    file.drop("2")
    file.drop("3")
    assert file.path.read_bytes() == own  # what stood there before is left as it is


def test_a_verdict_that_cannot_be_kept_says_so(tmp_path: Path) -> None:
    place = tmp_path / "store"
    place.write_text("no folder")
    with pytest.raises(FeedbackError, match=r"cannot be kept in .*feedback\.jsonl \(.+\): name a folder"):
        Feedback(place / feedback.NAME).keep(case())


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="nothing is forbidden to this user")
def test_a_folder_that_is_read_only(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(FeedbackError, match="Permission denied"):
        Feedback(tmp_path / feedback.NAME).keep(case())
    tmp_path.chmod(0o700)


def test_a_full_file_and_one_that_another_process_writes(tmp_path: Path, monkeypatch: Any) -> None:
    file = Feedback(tmp_path / feedback.NAME)
    file.keep(case("1"))
    before = file.path.read_bytes()
    monkeypatch.setattr(feedback, "_LARGEST_FILE", len(before) + 10)
    with pytest.raises(FeedbackError, match="is full: move it elsewhere"):
        file.keep(case("2"))
    monkeypatch.setattr(feedback, "_PATIENCE", 0.1)
    with FileLock(file.path.with_suffix(".lock")):
        with pytest.raises(FeedbackError, match="by another process: try again"):
            file.drop("1")
    assert file.path.read_bytes() == before


def test_a_case_is_bounded_whatever_was_said() -> None:
    long = answer(answer="x" * 100_000)
    history = [("q" * 100_000, "a" * 100_000)] * 50
    made = line("k", "Where?", long, long.answer or "", GOOD, history=history)
    assert len(json.dumps(made)) < 50_000
    assert made["answers"][0].endswith("x…")


def test_eval_reads_verdicts_as_cases_and_leaves_out_those_that_wait(
    articles_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = tmp_path / "store"
    file = Feedback(store / feedback.NAME)
    with Library(store) as library:
        library.add(articles_file)
        for key, question, verdict in (
            ("1", "Where did the summit take place?", GOOD),
            ("2", "Which opera did Verdi write in 1871?", GOOD),
            ("3", "Where did the summit take place?", BAD),
        ):
            given = library.ask(question)
            file.keep(line(key, question, given, given.answer or "", verdict, asked=date.today()))
    capsys.readouterr()
    assert main(["--store", str(store), "eval", str(file.path), "--json"]) == 0
    said = capsys.readouterr()
    report = json.loads(said.out)
    assert (report["answerable"], report["unanswerable"]) == (1, 1)
    assert (report["exact"], report["quoted"], report["recall@1 article"]) == (1.0, 1.0, 1.0)
    assert [one["id"] for one in report["cases"]] == ["feedback-1", "feedback-2"]
    left_out = 'left out: write the right answers to "answers" and take "review" away'
    assert said.err.splitlines()[-1] == f"qa: 1 case waits for review, {left_out}"

    for key in ("1", "2"):
        file.keep(case(key, BAD))
    assert main(["--store", str(store), "eval", str(file.path)]) == 0
    assert f"3 cases wait for review, {left_out}" in " ".join(capsys.readouterr().err.split())


hostile = st.text(alphabet=st.characters(), max_size=40)


@given(hostile, hostile, hostile.filter(str.strip))
@settings(max_examples=50, deadline=None)
def test_whatever_stands_in_it_a_verdict_is_one_line(
    tmp_path_factory: pytest.TempPathFactory, note: str, said: str, question: str
) -> None:
    file = Feedback(tmp_path_factory.mktemp("store") / feedback.NAME)
    for key, verdict in (("1", GOOD), ("2", Verdict(good=False, note=note))):
        file.keep(line(key, question, answer(answer=said), said, verdict))
    cases, failed = read_cases(file.path)
    assert ([one.id for one in cases], failed) == (["feedback-1", "feedback-2"], [])
