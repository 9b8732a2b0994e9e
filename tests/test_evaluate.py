"""Scores of hand-made predictions, by the definitions, and what a file of cases may hold."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from qa import Answer, Citation, Hit, Library, QAError, SourceError
from qa.evaluate import (
    Case,
    Prediction,
    holds,
    predict,
    read_cases,
    score,
    write_predictions,
)


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


def _answer(answer: str | None, quote: str = "") -> Answer:
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
        confidence=0.5,
        citations=(citation,) if quote else (),
        nearest=(),
        model="reader",
        seconds=0.0,
    )


def _prediction(
    gold: list[str], answer: str | None, *hits: Hit, quote: str = "", articles: list[str] | None = None
) -> Prediction:
    case = Case(id="1", question="?", answers=tuple(gold), article_ids=tuple(articles) if articles else None)
    return Prediction(case=case, answer=_answer(answer, quote), hits=hits)


def test_holds() -> None:
    assert holds("They met on the Russky Island, by train.", "russky island")
    assert not holds("10,000 labourers", "1000")
    assert not holds("Kimono", "Kim")
    assert not holds("anything", "the")
    assert not holds("", "a")


def test_scores() -> None:
    predictions = [
        _prediction(
            ["Riga", "in Riga"],
            "in Riga",
            _hit("It was in Riga.", "r"),
            quote="It was in Riga.",
            articles=["r"],
        ),
        _prediction(
            ["Oslo"], "near Oslo", _hit("No."), _hit("Near Oslo.", "o"), quote="No.", articles=["o", "x"]
        ),
        _prediction(["Lima"], None, *[_hit("No.")] * 10, _hit("Lima.")),
        _prediction(["the"], None),
        _prediction([], None, _hit("No.")),
        _prediction([], "Rome", _hit("Rome.")),
    ]
    scores = score(predictions)
    assert (scores.answerable, scores.unanswerable, scores.with_articles, scores.declined) == (4, 2, 2, 3)
    assert scores.exact == 1 / 4
    assert scores.f1 == pytest.approx((1 + 2 / 3) / 4)
    assert scores.quoted == 1 / 4
    assert scores.recall_text == {1: 1 / 4, 5: 2 / 4, 10: 2 / 4, 20: 3 / 4}
    assert scores.recall_article == {1: 1 / 2, 5: 1.0, 10: 1.0, 20: 1.0}
    assert scores.decline_precision == 1 / 3
    assert scores.decline_recall == 1 / 2
    assert scores.to_json()["recall@5 text"] == 2 / 4


def test_no_cases_no_figures() -> None:
    scores = score([])
    assert (scores.answerable, scores.unanswerable, scores.declined) == (0, 0, 0)
    assert {value for _, value, _ in scores.rows()} == {None}


def test_only_unanswerable_cases() -> None:
    scores = score([_prediction([], None)])
    assert (scores.exact, scores.f1, scores.decline_precision, scores.decline_recall) == (
        None,
        None,
        1.0,
        1.0,
    )


def test_cases(tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_text(
        '\ufeff{"id": "one", "question": "Where?", "answers": ["Riga"], "article_ids": ["r"], "asked": "2019-04-25",'
        ' "history": [["Who?", "Kim."]], "note": "more keys do no harm"}\n'
        "\n"
        '{"question": "What\u2028gift?", "answers": []}\r\n'
        '{"id": 7, "question": "Why?", "answers": ["So"], "article_ids": [], "asked": null, "history": null}',
        encoding="utf-8",
    )
    assert read_cases(path) == (
        [
            Case(
                id="one",
                question="Where?",
                answers=("Riga",),
                article_ids=("r",),
                history=(("Who?", "Kim."),),
                asked=date(2019, 4, 25),
            ),
            Case(id="3", question="What\u2028gift?", answers=()),
            Case(id="7", question="Why?", answers=("So",)),
        ],
        [],
    )


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "Expecting property name"),
        ("[]", 'it needs at least "question" and "answers"'),
        ("null", 'it needs at least "question" and "answers"'),
        ('{"question": "Where?"}', 'it needs at least "question" and "answers"'),
        ('{"question": " ", "answers": []}', '"question" is a text of 1 to 4,000 characters'),
        ('{"question": 7, "answers": []}', '"question" is a text of 1 to 4,000 characters'),
        (
            json.dumps({"question": "x" * 4001, "answers": []}),
            '"question" is a text of 1 to 4,000 characters',
        ),
        ('{"question": "Where?", "answers": "Riga"}', '"answers" is a list of strings'),
        ('{"question": "Where?", "answers": [7]}', '"answers" is a list of strings'),
        ('{"question": "Where?", "answers": [], "article_ids": "r"}', '"article_ids" is a list of strings'),
        (
            '{"question": "Where?", "answers": [], "asked": "soon"}',
            "\"asked\" is a date like 2019-04-25, not 'soon'",
        ),
        ('{"question": "Where?", "answers": [], "asked": 7}', '"asked" is a date like 2019-04-25, not 7'),
        (
            '{"question": "Where?", "answers": [], "history": ["Who?", "Kim."]}',
            '"history" is a list of pairs',
        ),
        ('{"question": "Where?", "answers": [], "history": [["Who?"]]}', '"history" is a list of pairs'),
        ('{"question": "Where?", "answers": [], "history": {"a": 1}}', '"history" is a list of pairs'),
        ("[" * 100_000, "is no case: it is nested too deep"),
    ],
)
def test_a_bad_line_is_reported_and_the_rest_goes_on(tmp_path: Path, line: str, reason: str) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_text(f'{line}\n{{"question": "Why?", "answers": ["So"]}}\n', encoding="utf-8")
    cases, (failure,) = read_cases(path)
    assert [case.question for case in cases] == ["Why?"]
    assert failure.source == f"{path}:1"
    assert reason in failure.reason
    assert failure.reason.startswith("is no case: ")


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    for name, reason in (("none", "No such file"), (".", "Is a directory"), ("binary", "not UTF-8")):
        with pytest.raises(SourceError, match=f"cannot be read as a file of cases: .*{reason}"):
            read_cases(tmp_path / name)


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
