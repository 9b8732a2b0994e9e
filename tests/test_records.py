"""The nouns: what they promise by themselves."""

from __future__ import annotations

import pytest

from qa import Answer, Article, Filters, QuestionError


@pytest.mark.parametrize("day", ["2019", "2019-04", "April 2019", "2019-02-30"])
def test_a_filter_takes_whole_days_only(day: str) -> None:
    with pytest.raises(QuestionError, match=f"'{day}' is not a day: write it as 2019-04-25"):
        Filters(published_from=day)


def test_the_hash_names_text_and_metadata() -> None:
    article = Article(id="a", text="Kim arrived.", title="Kim")
    assert article.hash == Article(id="a", text="Kim arrived.", title="Kim").hash
    others = [
        Article(id="b", text="Kim arrived.", title="Kim"),
        Article(id="a", text="Kim arrived!", title="Kim"),
        Article(id="a", text="Kim arrived.", title="Kim", published="2019-04-24"),
    ]
    assert len({article.hash, *(other.hash for other in others)}) == 4


@pytest.mark.parametrize(("confidence", "sure"), [(0.59, False), (0.6, True)])
def test_from_where_an_answer_is_sure(confidence: float, sure: bool) -> None:
    answer = Answer(
        question="Who?",
        answered=True,
        answer="Kim.",
        confidence=confidence,
        citations=(),
        nearest=(),
        model="reader",
        seconds=0.1,
    )
    assert answer.sure is sure
    assert answer.to_json()["sure"] is sure
