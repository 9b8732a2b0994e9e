"""Figures of hand-made predictions, by the definitions; reports, and how they compare with an earlier one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from qa import Answer, Citation, Hit, Library, QAError, SourceError
from qa.cases import Case, gold
from qa.evaluate import (
    Prediction,
    against,
    predict,
    read_baseline,
    score,
    write_predictions,
    write_report,
)
from qa.records import ArticleInfo, Filters


def _hit(text: str, article_id: str = "a") -> Hit:
    return Hit(
        article_id=article_id,
        title="T",
        source=None,
        url=None,
        published=None,
        start=0,
        end=len(text),
        text=text,
        score=1.0,
    )


def _answer(answer: str | None, quote: str = "", confidence: float = 0.5) -> Answer:
    citation = Citation(
        number=1,
        article_id="a",
        title="T",
        source=None,
        url=None,
        published=None,
        start=0,
        end=len(quote),
        quote=quote,
        answer_start=0,
        answer_end=len(quote),
    )
    return Answer(
        question="?",
        answered=answer is not None,
        answer=answer,
        confidence=confidence,
        citations=(citation,) if quote else (),
        nearest=(),
        model="reader",
        seconds=0.0,
    )


def _prediction(
    answers: list[str],
    answer: str | None,
    *hits: Hit,
    quote: str = "",
    confidence: float = 0.5,
    **case: Any,
) -> Prediction:
    asked = Case(**{"id": "1", "question": "?", "answers": tuple(answers), **case})
    said = _answer(answer, quote, confidence)
    return Prediction(case=asked, gold=gold(asked, []), answer=said, hits=hits)


def test_scores() -> None:
    predictions = [
        _prediction(
            ["Riga", "in Riga"],
            "in Riga",
            _hit("It was in Riga.", "r"),
            quote="It was in Riga.",
            article_ids=("r",),
        ),
        _prediction(
            ["Oslo"], "near Oslo", _hit("No."), _hit("Near Oslo.", "o"), quote="No.", article_ids=("o", "x")
        ),
        _prediction(["Lima"], None, *[_hit("No.")] * 10, _hit("Lima.")),
        _prediction(["the"], None),
        _prediction([], None, _hit("No.")),
        _prediction([], "Rome", _hit("Rome.")),
    ]
    report = score(predictions)
    assert (report.answerable, report.unanswerable, report.answered) == (4, 2, 3)
    assert report.value("answer", "exact") == 1 / 4
    assert report.value("answer", "f1") == pytest.approx((1 + 2 / 3) / 4)
    assert report.value("answer", "quoted") == 1 / 4
    assert report.hit_article == {1: 1 / 2, 5: 1.0, 10: 1.0, 20: 1.0}
    assert report.value("answer", "decline precision") == 1 / 3
    assert report.value("answer", "decline recall") == 1 / 2
    shown = report.to_json()
    assert [shown[f"recall@{k} text"] for k in (1, 5, 10, 20)] == [1 / 4, 2 / 4, 2 / 4, 3 / 4]
    assert [shown[f"recall@{k} article"] for k in (1, 5, 10, 20)] == [1 / 2, 1.0, 1.0, 1.0]
    assert shown["figures"]["passage"]["recall@5"]["value"] == 2 / 4
    assert shown["figures"]["article"]["mrr@10"]["value"] == 3 / 4  # at ranks 1 and 2
    assert shown["figures"]["article"]["mrr@10"]["cases"] == 2
    assert shown["cases"][1]["figures"]["passage"]["mrr@10"] == 1 / 2
    assert shown["cases"][4] == {
        "id": "1",
        "kind": None,
        "half": "tune",
        "figures": {"answer": {"decline precision": 1.0, "decline recall": 1.0}},
    }


def test_no_cases_no_figures() -> None:
    report = score([])
    assert (report.answerable, report.unanswerable, report.answered, report.figures) == (0, 0, 0, {})
    shown = report.to_json()
    assert {value for name, value in shown.items() if name.startswith(("exact", "recall", "conf"))} == {None}


def test_only_unanswerable_cases() -> None:
    report = score([_prediction([], None)])
    assert list(report.figures) == ["answer"]
    assert report.value("answer", "exact") is None
    assert report.value("answer", "decline precision") == 1.0
    assert report.value("answer", "decline recall") == 1.0


def test_a_question_of_two_articles() -> None:
    hits = (_hit("Riga", "a"), _hit("Riga", "x"), _hit("They met.", "b"))
    both = _prediction(["Riga"], "Riga", *hits, article_ids=("a", "b"), each=True, quotes=("They met.",))
    shown = score([both]).figures["passage"]
    assert [shown[f"recall@{k}"].value for k in (1, 5)] == [1 / 2, 1.0]
    either = replace(both, gold=gold(replace(both.case, each=False), []))
    assert score([either]).figures["passage"]["recall@1"].value == 1.0


def test_calibration_of_the_answers_given() -> None:
    """Two of confidence 0.9, of which one is right: off by 0.4. One of 0.3, wrong: off by 0.3. Declining is none."""
    predictions = [
        _prediction(["Riga"], "in old Riga", confidence=0.9),  # F1 1/2
        _prediction([], "Riga", confidence=0.9),
        _prediction(["Oslo"], "Riga", confidence=0.3),
        _prediction(["Oslo"], None, confidence=0.1),
    ]
    report = score(predictions)
    assert report.calibration == pytest.approx((2 * 0.4 + 0.3) / 3)
    assert report.auroc == pytest.approx(0 + 0.5 / 3)  # 0.9 = 0.9, 0.3 < 0.9, 0.1 < 0.9


def test_kinds() -> None:
    predictions = [
        _prediction(["Riga"], "Riga", _hit("Riga"), kind="where"),
        _prediction(["Riga"], None, _hit("Oslo"), kind="where"),
        _prediction([], None, kind="none"),
        _prediction(["Riga"], None),
    ]
    (none, where) = score(predictions).kinds()
    assert none[:2] == ("none", 1)
    assert none[2]["answer"]["decline recall"].value == 1.0
    assert where[:2] == ("where", 2)
    assert where[2]["passage"]["recall@5"].value == 1 / 2
    assert list(score(predictions).to_json()["kinds"]) == ["none", "where"]


def test_against_a_baseline(tmp_path: Path) -> None:
    old = [
        _prediction(["Riga"], "Riga", _hit("Oslo"), _hit("Riga"), id="a"),
        _prediction(["Riga"], None, id="b"),
        _prediction(["Riga"], None, id="b"),
        _prediction(["Riga"], None, id="gone"),
    ]
    path = tmp_path / "old.json"
    write_report(path, score(old))
    same = against(score(old), read_baseline(path))
    assert {
        (change.low, change.value, change.high)
        for named in same.differences.values()
        for change in named.values()
    } == {(0.0, 0.0, 0.0)}
    assert same.differences["passage"]["mrr@10"].cases == 4
    assert same.to_json()["differences"]["passage"]["mrr@10"]["value"] == 0.0

    new = [
        _prediction(["Riga"], "Riga", _hit("Riga"), id="a"),
        _prediction(["Riga"], None, id="b"),
        _prediction(["Riga"], "Riga", id="b"),
        _prediction(["Riga"], "Riga", id="new"),
    ]
    differences = against(score(new), read_baseline(path)).differences
    assert differences["passage"]["mrr@10"].value == pytest.approx(
        1 / 2 / 3
    )  # from 1/2 to 1, of the three in both
    assert differences["answer"]["exact"].value == pytest.approx(
        1 / 3
    )  # the second of the two that are called b
    assert differences["answer"]["decline precision"].cases == 1  # declined both times

    with pytest.raises(QAError, match="the baseline has none of these cases"):
        against(score([_prediction(["Riga"], None, id="other")]), read_baseline(path))


@pytest.mark.parametrize(
    "text",
    [
        *("", "[]", "7", "{}", '{"cases": 7}', '{"cases": [{}]}', '{"cases": [{"id": "a", "figures": 7}]}'),
        *('{"cases": [{"id": "a", "figures": {"text": {"mrr@10": "x"}}}]}', "[" * 100_000, "\ud800"),
    ],
)
def test_what_is_no_baseline(tmp_path: Path, text: str) -> None:
    path = tmp_path / "old.json"
    path.write_bytes(text.encode(errors="surrogatepass"))
    with pytest.raises(SourceError, match=r"old.json is no baseline: it is made by `qa eval CASES --save"):
        read_baseline(path)


def test_a_baseline_that_cannot_be_read(tmp_path: Path) -> None:
    for name, reason in (("none", "No such file"), (".", "Is a directory")):
        with pytest.raises(SourceError, match=f"cannot be read as a baseline: {reason}"):
            read_baseline(tmp_path / name)


class _Library:
    """Notes what it is asked."""

    def __init__(self) -> None:
        self.calls: list[tuple[Any, ...]] = []

    def ask(
        self,
        question: str,
        *,
        asked: date | None = None,
        history: Sequence[tuple[str, str]] = (),
        filters: Filters | None = None,
    ) -> Answer:
        self.calls.append(("ask", question, asked, history))
        return _answer("Riga")

    def search(
        self, question: str, *, k: int = 10, filters: Filters | None = None, asked: date | None = None
    ) -> list[Hit]:
        self.calls.append(("search", question, k, asked))
        return [_hit("Riga", "r")]

    def articles(self, *, filters: Filters | None = None) -> list[ArticleInfo]:
        self.calls.append(("articles",))
        known = dict.fromkeys(("source", "url", "published", "author"))
        info = {"id": "r", "hash": "h", "title": "T", "path": "/news/riga.md", "characters": 4, "passages": 1}
        return [ArticleInfo(**known, **info)]


def test_a_case_is_asked_and_searched_for_on_its_day() -> None:
    library = _Library()
    day = date(2019, 4, 25)
    dated = Case(id="1", question="Where?", answers=("Riga",), asked=day, history=(("Who?", "Kim."),))
    (prediction,) = predict(library, [dated])
    assert library.calls == [("ask", "Where?", day, (("Who?", "Kim."),)), ("search", "Where?", 20, day)]
    assert prediction.gold.articles == ()
    (prediction,) = predict(library, [replace(dated, files=("riga.md",))])
    assert prediction.gold.articles == (frozenset({"r"}),)


def test_predictions(library: Library, tmp_path: Path) -> None:
    cases = [
        Case(id="where", question="Where did the summit take place?", answers=("Russky island",)),
        Case(id="gift", question="Which opera did Verdi write in 1871?", answers=()),
    ]
    steps: list[float] = []
    predictions = predict(library, cases, on_progress=lambda step: steps.append(step.fraction))
    assert steps == [0.5, 1.0]
    write_predictions(tmp_path / "out.jsonl", predictions)
    lines = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [line["id"] for line in lines] == ["where", "gift"]
    where, gift = lines
    assert {*where} == {"id", "hits", *library.ask("what?").to_json()}
    assert where["answered"]
    assert "Russky island" in where["citations"][0]["quote"]
    assert gift["answer"] is None
    assert gift["citations"] == []
    for line, case in zip(lines, cases, strict=True):
        assert line["hits"] == [hit.to_json() for hit in library.search(case.question, k=20)]


def test_predictions_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(QAError, match=r"the predictions cannot be written to .*: Is a directory"):
        write_predictions(tmp_path, [])
