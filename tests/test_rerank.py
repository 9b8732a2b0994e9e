"""A reader's say in the order of hits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa import Hit, Library
from qa.records import Reasons
from qa.retrieve import READ, reranked


@dataclass(frozen=True)
class Said:
    passage: int
    score: float


class Reader:
    """Finds in each passage the odds that stand there, as "3.5 0.5"; none in one that is empty."""

    def read(self, question: str, passages: Sequence[str], titles: Sequence[str] | None = None) -> list[Said]:
        assert question
        assert titles == ["T"] * len(passages)
        return [Said(n, float(odds)) for n, text in enumerate(passages) for odds in text.split()]


def hit(text: str, score: float) -> Hit:
    return Hit(
        article_id=text,
        title="T",
        source=None,
        url=None,
        published=None,
        start=0,
        end=len(text),
        text=text,
        score=score,
        why=Reasons(dense_rank=1, similarity=0.5, keyword_rank=None, keyword_score=None),
    )


def test_what_the_reader_finds_likely_goes_up() -> None:
    found = reranked("?", [hit("-3 -4", 1.0), hit("5 2", 0.8), hit("", 0.7), hit("1", 0.1)], Reader())
    assert [one.text for one in found] == ["5 2", "-3 -4", "1", ""]  # 9.8, 3, 1.6, -3 + 4.2
    assert [one.score for one in found] == [1.0, 0.8, 0.7, 0.1]  # of the places
    assert [one.why.reader for one in found if one.why] == [5.0, -3.0, 1.0, -3.0]


def test_what_is_not_read_stays_behind() -> None:
    many = [hit(str(n), 1 - n / 100) for n in range(READ + 3)]
    found = reranked("?", many, Reader())
    assert found[0] == reranked("?", many[:READ], Reader())[0]
    assert found[READ:] == many[READ:]
    assert reranked("?", [], Reader()) == []


def test_a_library_reranks_on_request(library: Library) -> None:
    question = "who closed the harbour?"
    found, plain = library.search(question, k=2, rerank=True), library.search(question, k=4)
    assert len(found) == 2
    assert {one.article_id for one in found} <= {one.article_id for one in plain}
    assert all(one.why and one.why.reader is not None for one in found)
    assert all(one.why and one.why.reader is None for one in plain)
