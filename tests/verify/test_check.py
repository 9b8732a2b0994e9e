"""Which sentence of a hit supports a claim, and whether it does."""

from __future__ import annotations

import pytest

from qa import Hit
from qa.embed import SentenceEmbedder
from qa.verify import SUPPORTED, Checker

SUMMIT = (
    "VLADIVOSTOK, Russia — The summit took place on Thursday at a university on Russky island. "
    "The two men exchanged swords. Kim had come by armoured train. Putin then flew to Beijing to meet "
    "more than 2,000 guests."
)
STORM = "Storm Agnes closed the harbour of Lisbon for two days. Eleven ships waited outside."


@pytest.fixture(scope="module")
def checker() -> Checker:
    return Checker(SentenceEmbedder())


def hit(
    text: str, *, start: int = 0, title: str = "Putin and Kim", published: str | None = "2019-04-26"
) -> Hit:
    return Hit(
        article_id=title,
        title=title,
        source="Harbour Wire",
        url=None,
        published=published,
        start=start,
        end=start + len(text),
        text=text,
        score=1.0,
    )


@pytest.mark.parametrize(
    "claim",
    [
        "The two men exchanged swords.",
        "Kim came by armoured train.",
        "Mr Kim travelled in an armoured train.",
        "The summit took place on 25 April 2019 on Russky island.",
        "Putin flew to Beijing to meet over two thousand guests.",
    ],
)
def test_supported(checker: Checker, claim: str) -> None:
    assert checker.support(claim, [hit(SUMMIT)])[0].probability >= SUPPORTED


@pytest.mark.parametrize(
    "claim",
    [
        "The two men did not exchange swords.",
        "Trump came by armoured train.",
        "The summit took place on Wednesday at a university on Russky island.",
        "Putin then flew to Beijing to meet more than 3,000 guests.",
        "Storm Agnes closed the harbour of Lisbon for two days.",
        "The moon is made of cheese.",
    ],
)
def test_not_supported(checker: Checker, claim: str) -> None:
    assert checker.support(claim, [hit(SUMMIT)])[0].probability < SUPPORTED


def test_the_range_is_the_sentence_in_the_article(checker: Checker) -> None:
    hits = [hit(STORM, title="Storm"), hit(SUMMIT, start=1000)]
    storm, summit = checker.support("The two men exchanged swords.", hits)
    assert (storm.hit, summit.hit) == (0, 1)
    assert storm.probability < SUPPORTED <= summit.probability
    assert SUMMIT[summit.start - 1000 : summit.end - 1000] == "The two men exchanged swords."


def test_nothing_to_compare(checker: Checker) -> None:
    assert checker.support("Kim left.", []) == []
    empty = checker.support("...", [hit(SUMMIT, start=7)])
    assert [(one.start, one.end, one.probability) for one in empty] == [(7, 7, 0.0)]
    assert checker.support("Kim left.", [hit("")])[0].probability == 0.0


def test_an_embedder_of_langchain_does(checker: Checker) -> None:
    class Plain:
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            return SentenceEmbedder().embed_documents(texts)

    claim, hits = "The two men exchanged swords.", [hit(SUMMIT)]
    ours, theirs = checker.support(claim, hits)[0], Checker(Plain()).support(claim, hits)[0]
    assert (ours.start, ours.end) == (theirs.start, theirs.end)
    assert ours.probability == pytest.approx(theirs.probability, abs=1e-3)


def test_sentences_of_a_hit_are_embedded_once() -> None:
    class Counting:
        def __init__(self) -> None:
            self.texts: list[str] = []

        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            self.texts += texts
            return SentenceEmbedder().embed_documents(texts)

    embedder = Counting()
    checker = Checker(embedder)
    checker.support("Kim left.", [hit(STORM)])
    seen = len(embedder.texts)
    checker.support("Kim left.", [hit(STORM)])
    assert len(embedder.texts) == seen
    checker.support("He came.", [hit(STORM)])
    assert embedder.texts[seen:] == ["He came.", "He came."]
