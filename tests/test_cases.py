"""What a file of cases may hold, its halves, and what is gold for a case."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from qa import Library, SourceError
from qa.cases import Case, Gold, are_readings, chosen, gold, read_cases, read_readings


def test_cases(tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_text(
        '\ufeff{"id": "one", "question": "Where?", "answers": ["Riga"], "article_ids": ["r"], "asked": "2019-04-25",'
        ' "history": [["Who?", "Kim."]], "standalone": "Where is Kim?", "note": "more keys do no harm"}\n'
        "\n"
        '{"question": "What\u2028gift?", "answers": [], "kind": "two-articles"}\r\n'
        '{"id": 7, "question": "Why?", "answers": ["So"], "article_ids": [], "asked": null, "history": null}\n'
        '{"id": "two", "question": "Who?", "answers": ["Kim"], "files": ["a.md", "b.md"], "quotes": ["Kim came."],'
        ' "kind": "who", "each": true}',
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
                standalone="Where is Kim?",
            ),
            Case(id="3", question="What\u2028gift?", answers=(), kind="two-articles", each=True),
            Case(id="7", question="Why?", answers=("So",)),
            Case(
                id="two",
                question="Who?",
                answers=("Kim",),
                files=("a.md", "b.md"),
                quotes=("Kim came.",),
                kind="who",
                each=True,
            ),
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
        ('{"question": "Where?", "answers": [], "files": "a.md"}', '"files" is a list of strings'),
        ('{"question": "Where?", "answers": [], "quotes": [7]}', '"quotes" is a list of strings'),
        ('{"question": "Where?", "answers": [], "kind": 7}', '"kind" is a string'),
        (
            '{"question": "Where?", "answers": [], "standalone": 7}',
            '"standalone" is a text of at most 4,000 characters',
        ),
        ('{"question": "Where?", "answers": [], "each": "yes"}', '"each" is true or false'),
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
    (tmp_path / "cut.gz").write_bytes(gzip.compress(b"{}")[:-4])
    (tmp_path / "plain.gz").write_bytes(b"{}")
    for name, reason in (
        ("none", "No such file"),
        (".", "Is a directory"),
        ("binary", "not UTF-8"),
        ("cut.gz", "end-of-stream"),
        ("plain.gz", "Not a gzipped file"),
    ):
        with pytest.raises(SourceError, match=f"cannot be read as a file of cases: .*{reason}"):
            read_cases(tmp_path / name)


def test_every_case_is_in_one_half_whatever_else_is_in_the_file() -> None:
    cases = [Case(id=str(number), question="?", answers=()) for number in range(1000)]
    tune, held = chosen(cases, "tune"), chosen(cases, "held")
    assert chosen(cases, "all") == cases
    assert sorted([*tune, *held], key=lambda case: int(case.id)) == cases
    assert len(tune) == 465
    assert replace(tune[0], question="Another?", answers=("So",)).half == "tune"  # the id alone says which


def test_gold(library: Library) -> None:
    infos = library.articles()  # all four are from news.jsonl
    two = Case(id="1", question="?", answers=("So",), article_ids=("a", "b", "a"))
    assert gold(two, infos) == Gold(answers=("So",), articles=(frozenset({"a", "b"}),))
    each = replace(two, each=True, quotes=("So it is.",))
    assert gold(each, infos) == Gold(
        answers=("So",), quotes=("So it is.",), articles=(frozenset("a"), frozenset("b"))
    )
    by_file = replace(each, article_ids=None, quotes=(), files=("news.jsonl", "none.md"))
    every = frozenset({"summit-talks", "summit-aid", "storm", "bees"})
    assert gold(by_file, infos).articles == (every, frozenset())
    assert gold(replace(by_file, each=False), infos).articles == (every,)
    assert gold(replace(by_file, files=()), infos).articles == ()


def test_readings(tmp_path: Path) -> None:
    path = tmp_path / "squad.jsonl.gz"
    rows = [
        {
            "id": "a",
            "question": "Who?",
            "context": "Kim came.",
            "title": "A_b",
            "answers": [{"text": "Kim"}] * 2,
        },
        {"id": "b", "question": "When?", "context": "Kim came.", "title": "A_b", "answers": []},
        {"id": "c", "question": "How?", "context": "By train.", "title": "C", "answers": [{"text": "train"}]},
    ]
    path.write_bytes(gzip.compress("\n".join(map(json.dumps, rows)).encode()))
    assert are_readings(path)
    articles, cases = read_readings(path, sample=10)
    assert [(article.title, article.text) for article in articles] == [
        ("A b", "Kim came."),
        ("C", "By train."),
    ]
    assert {(case.id, case.answers, case.article_ids) for case in cases} == {
        ("a", ("Kim",), (articles[0].id,)),
        ("c", ("train",), (articles[1].id,)),
    }
    assert read_readings(path, sample=1)[1] == cases[:1]

    path.write_bytes(gzip.compress(b'{"context": "Kim came."}'))
    with pytest.raises(SourceError, match=r"squad.jsonl.gz:1 is no question about a passage"):
        read_readings(path, sample=1)
    for text in ("", "\n", "no case", "[]", "7", '{"question": "Who?", "answers": []}'):
        (tmp_path / "cases.jsonl").write_text(text)
        assert not are_readings(tmp_path / "cases.jsonl")
