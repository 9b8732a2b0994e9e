"""The comparison of retrieval systems: one small real run, and what it says of hand-made cases."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from qa import QAError
from qa.cases import Case
from qa.compare import ArticleSet, Compared, Comparison, compare, write_compared
from qa.records import OnProgress, Passage
from qa.settings import Settings
from qa.systems import rank_fusion

pytest.importorskip("langchain_huggingface", reason="the other side of the benchmark is in the extra bench")

QUESTIONS = (
    {
        "id": "a",
        "question": "Where did the summit take place?",
        "answers": ["Russky island"],
        "kind": "where",
    },
    {
        "id": "b",
        "question": "How many labourers must leave?",
        "answers": ["10,000"],
        "quotes": ["Some 10,000"],
    },
    {"id": "x", "question": "Who came?", "answers": ["Kim"], "article_ids": ["no-such-article"]},
    {"id": "c", "question": "Which opera did Verdi write?", "answers": []},
)
READINGS = (
    {
        "id": "d",
        "question": "What do tomatoes need?",
        "context": "Tomatoes need sun.",
        "title": "Tomato_plant",
        "answers": [{"text": "sun", "start": 14}],
    },
)


def _write(path: Path, rows: tuple[dict[str, object], ...]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


@contextmanager
def _show(_: str) -> Iterator[OnProgress]:
    yield lambda step: None


def test_a_run(articles_file: Path, tmp_path: Path) -> None:
    sets = [
        ArticleSet(sources=(str(articles_file),), cases=_write(tmp_path / "news.jsonl", QUESTIONS)),
        ArticleSet(sources=(str(articles_file),), cases=_write(tmp_path / "squad.jsonl", READINGS)),
    ]
    said: list[str] = []

    def run() -> Comparison:
        cache = tmp_path / "cache"
        return compare(Settings(), sets, half="all", sample=10, cache=cache, say=said.append, show=_show)

    comparison = run()
    assert {name: [one.case.id for one in cases] for name, cases in comparison.groups.items()} == {
        "news": ["a", "b", "x"],  # c has no answer to find
        "squad": ["d"],
        "all sets": ["a", "b", "x", "d"],
    }
    assert "news: 3 questions over 4 articles" in said
    assert "news: 1 cases have no right passage in a gold article, or no such article: x" in said
    assert "squad: 1 questions over 5 articles" in said
    for one in comparison.cases:
        assert list(one.ranks) == ["plain LangChain", "keyword", "dense", "rank fusion", "ours"]
        assert set(one.ranks.values()) == {None if one.case.id == "x" else 1}
    figures = comparison.to_json()["sets"]["all sets"]
    for system in comparison.systems:
        assert figures["systems"][system]["passage"]["recall@1"] == {
            "value": 3 / 4,
            "low": 0.25,
            "high": 1.0,
            "cases": 4,
        }
    assert figures["misses of plain LangChain removed"]["value"] == 0

    stores = sorted(path.name for path in (tmp_path / "cache").iterdir())
    assert run().cases == comparison.cases
    assert sorted(path.name for path in (tmp_path / "cache").iterdir()) == stores

    write_compared(tmp_path / "out.jsonl", comparison)
    lines = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert [(line["set"], line["id"], line["kind"]) for line in lines] == [
        ("news", "a", "where"),
        ("news", "b", None),
        ("news", "x", None),
        ("squad", "d", None),
    ]


def test_nothing_to_measure_with(articles_file: Path, tmp_path: Path) -> None:
    def run(*sets: ArticleSet) -> None:
        compare(Settings(), sets, half="all", sample=10, cache=None, say=lambda _: None, show=_show)

    unanswerable = _write(tmp_path / "none.jsonl", QUESTIONS[3:])
    with pytest.raises(QAError, match="has no question with an answer in this half"):
        run(ArticleSet(sources=(str(articles_file),), cases=unanswerable))
    good = ArticleSet(sources=(str(articles_file),), cases=_write(tmp_path / "good.jsonl", QUESTIONS))
    with pytest.raises(QAError, match="two files of questions have one name"):
        run(good, good)
    (tmp_path / "empty").mkdir()
    with pytest.raises(QAError, match="good: there is no article in these sources to measure with"):
        run(ArticleSet(sources=(str(tmp_path / "empty"),), cases=good.cases))


def _compared(name: str, **found: bool) -> Compared:
    systems = {
        "plain LangChain": "plain",
        "keyword": "keyword",
        "dense": "dense",
        "rank fusion": "fused",
        "ours": "ours",
    }
    figures = {
        system: {judge: {"recall@5": float(found.get(key, False))} for judge in ("passage", "text")}
        for system, key in systems.items()
    }
    case = Case(id="1", question="?", answers=("So",), kind="why")
    ranks = dict.fromkeys(systems)
    return Compared(set=name, case=case, figures=figures, ranks=ranks, characters=dict.fromkeys(systems, 1.0))


def test_every_case_has_one_vote() -> None:
    """Three cases in one set, one in another: plain finds one, keyword two, dense one, ours three."""
    cases = (
        _compared("large", plain=True, keyword=True, ours=True),
        _compared("large", keyword=True, ours=True),
        _compared("large", ours=True),
        _compared("small", dense=True),
    )
    comparison = Comparison(half="held", cases=cases)
    assert comparison.better_part == "keyword"
    pooled = comparison.to_json()["sets"]["all sets"]
    assert pooled["cases"] == 4
    assert pooled["systems"]["ours"]["passage"]["recall@5"]["value"] == 3 / 4
    ahead = {system: figure["value"] for system, figure in pooled["ours minus, passage recall@5"].items()}
    assert ahead == {"plain LangChain": 2 / 4, "keyword": 1 / 4, "dense": 2 / 4, "rank fusion": 3 / 4}
    assert pooled["misses of plain LangChain removed"]["value"] == pytest.approx(2 / 3)
    assert pooled["kinds, passage recall@5"]["why"] == {
        "cases": 4,
        "plain LangChain": 1 / 4,
        "keyword": 2 / 4,
        "dense": 1 / 4,
        "rank fusion": 0.0,
        "ours": 3 / 4,
    }
    small = comparison.to_json()["sets"]["small"]
    assert small["ours minus, passage recall@5"]["dense"]["value"] == -1.0
    assert list(Comparison(half="all", cases=cases[:3]).groups) == ["large"]  # one set: nothing to pool


def test_rank_fusion() -> None:
    """a: 1/61 + 1/63, b: 1/62 + 1/62, c: 1/63 + 1/61, d: 1/64. a and c are equal, a was found first."""

    def passage(name: str) -> Passage:
        return Passage(article_id=name, article_hash=name, number=0, start=0, end=1, text=name)

    a, b, c, d = map(passage, "abcd")
    assert rank_fusion([[a, b, c], [c, b, a, d]]) == [a, c, b, d]
    assert rank_fusion([[], []]) == []
