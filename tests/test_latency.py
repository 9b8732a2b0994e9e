"""Made news has the shape of news, is the same every time, and `qa bench search` measures a search over it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from qa.__main__ import main
from qa.embed import SentenceEmbedder
from qa.errors import QAError
from qa.made import Made, NewsMaker
from qa.records import Article

NEWS = [
    Article(
        id=f"n{number}",
        title=f"Weather, 2025-0{number}-01",
        published=f"2025-0{number}-01",
        text=f"Storm Agnes reached Lisbon on Monday with {number}00 ships. Then Rui Costa closed the port.\n",
    )
    for number in range(1, 6)
]


@pytest.fixture(scope="module")
def maker() -> NewsMaker:
    return NewsMaker(NEWS, SentenceEmbedder())


def flat(every: list[Made]) -> list[tuple[Article, list[list[float]]]]:
    return [(one.article, one.vectors.tolist()) for one in every]


def test_made_articles_are_covered_by_their_passages(maker: NewsMaker) -> None:
    every = list(maker.make(30))
    assert sum(len(one.passages) for one in every) == 30
    assert len({one.article.text for one in every}) > 25
    for one in every:
        assert "".join(passage.text for passage in one.passages) == one.article.text
        assert [one.article.text[p.start : p.end] for p in one.passages] == [p.text for p in one.passages]
        assert {passage.article_hash for passage in one.passages} == {one.article.hash}
        assert np.allclose(np.linalg.norm(one.vectors, axis=1), 1.0, atol=1e-5)
        assert "2023-05-02" <= (one.article.published or "") <= "2025-05-01"


def test_made_articles_are_the_same_every_time(maker: NewsMaker) -> None:
    assert flat(list(maker.make(10))) == flat(list(maker.make(20)))[:10]


def test_nothing_is_made_of_nothing() -> None:
    with pytest.raises(QAError, match="no article in these sources to make others of"):
        NewsMaker([], SentenceEmbedder())


def test_bench_search(articles_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = [
        "bench",
        "search",
        str(articles_file),
        "--passages",
        "12",
        "--store-cache",
        str(tmp_path),
        "--json",
    ]
    assert main(words) == 0
    figures = json.loads(capsys.readouterr().out)
    assert (figures["passages"], figures["questions"]) == (12, 200)
    kinds = (
        "no time",
        "this week",
        "a month",
        "misspelt",
        "long",
        "one source",
        "thirty days",
        "five articles",
    )
    parts = ("embedding alone", "Chroma alone", "tantivy alone")
    for name in ("all", "reranked", *kinds, *parts):
        assert 0 < figures[f"{name}, p50 ms"] <= figures[f"{name}, p95 ms"] <= figures[f"{name}, p99 ms"]
    assert figures["ratio, all to the sum of its parts"] > 1


def test_the_store_of_bench_search_is_taken_up(
    articles_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [
        "bench",
        "search",
        str(articles_file),
        "--passages",
        "12",
        "--store-cache",
        str(tmp_path),
        "--json",
    ]
    assert main(words) == 0
    (store,) = tmp_path.iterdir()
    (store / "done").unlink()  # as if it had been cut short
    assert main(words) == 0
    assert [path.name for path in tmp_path.iterdir()] == [store.name]
    capsys.readouterr()


@pytest.mark.parametrize("size", ["0", "-1", "many", "10000001"])
def test_a_bad_size_is_wrong_use(size: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["bench", "search", "x", "--passages", size])
    assert "not a number from 1 to 10,000,000" in capsys.readouterr().err
