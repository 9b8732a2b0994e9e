"""Passages: slices that together are the article, within the limits, along sentences."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.embed import SentenceEmbedder
from qa.records import Article, Passage
from qa.sentences import sentences
from qa.split import MAX_CHARACTERS, MAX_TOKENS, split

SENTENCE = "The ship number {} waited outside the harbour for two long days, said its master, a Mr. Costa of Lisbon. "
PIECES = st.sampled_from(
    [
        "Kim arrived. ",
        "LABOUR\n\n",
        "\n\n",
        "  • A bullet\n",
        "x" * 700,
        "金" * 170,
        "。",
        "a b " * 200,
        "Page 1 of 2",
        "\u2028",
        "“Yes,” he said. ",
        "\x00",
        "🚂",
    ]
)
TEXTS = st.one_of(
    st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=200),
    st.lists(PIECES, max_size=30).map("".join),
)


def count_tokens(texts: Sequence[str]) -> list[int]:
    """Words, and an ideograph is a word: near enough to the embedder's, and nothing to load."""
    return [len(text.split()) + sum("一" <= c <= "鿿" for c in text) for text in texts]


def _article(text: str) -> Article:
    return Article(id="a", text=text, title="A title")


def _split(text: str) -> list[Passage]:
    return split(_article(text), count_tokens=count_tokens)


def _together(passages: Sequence[Passage]) -> str:
    text = ""
    for passage in passages:
        assert passage.start <= len(text), "a gap"
        text += passage.text[len(text) - passage.start :]
    return text


def test_a_short_article_is_one_passage() -> None:
    article = _article("\nVLADIVOSTOK: Kim arrived.\n\nHe smiled.\n")
    assert split(article, count_tokens=count_tokens) == [
        Passage(
            article_id="a",
            article_hash=article.hash,
            number=0,
            start=0,
            end=len(article.text),
            text=article.text,
        )
    ]


def test_blanks_alone_give_no_passage() -> None:
    assert _split("") == _split(" \n ") == []


@settings(max_examples=60, deadline=None)
@given(TEXTS)
def test_any_text(text: str) -> None:
    article = _article(text)
    passages = split(article, count_tokens=count_tokens)
    assert _together(passages) == (text if text.strip() else "")
    assert [passage.number for passage in passages] == list(range(len(passages)))
    for passage in passages:
        assert passage.text == text[passage.start : passage.end]
        assert (passage.article_id, passage.article_hash) == ("a", article.hash)
        assert 0 < len(passage.text.strip()) <= MAX_CHARACTERS
        assert count_tokens([passage.text])[0] <= MAX_TOKENS
    for one, following in pairwise(passages):
        assert one.start < following.start <= one.end < following.end
    assert split(article, count_tokens=count_tokens) == passages


def test_one_sentence_of_overlap() -> None:
    text = "".join(SENTENCE.format(number) for number in range(40))
    passages = _split(text)
    spans = sentences(text)
    assert len(passages) >= 4
    for one, following in pairwise(passages):
        (shared,) = [span for span in spans if following.start <= span.start and span.end <= one.end]
        assert (shared.start, shared.end) == (following.start, one.end)


def test_a_sentence_that_leaves_no_room_is_not_repeated() -> None:
    long = "word " * (MAX_TOKENS - 2) + "end. "
    assert [(p.start, p.end) for p in _split(long * 3)] == [
        (n * len(long), (n + 1) * len(long)) for n in range(3)
    ]


@pytest.mark.parametrize("heading", ["LABOUR", "What the port says", "In Summary\n\nWhat came after"])
def test_a_heading_stays_with_what_follows(heading: str) -> None:
    filled = SENTENCE.format(1) * 7
    text = f"{filled}\n\n{heading}\n\n{SENTENCE.format(2) * 7}\n"
    first, second, *_ = _split(text)
    assert first.text.strip() == filled.strip()
    assert second.text.startswith(heading)


def test_headings_alone_are_still_passages() -> None:
    text = "A HEADING OF FIVE WORDS\n\n" * 100
    assert _together(_split(text)) == text


def test_a_sentence_too_long_is_cut_between_words() -> None:
    text = "word  " * 900
    passages = _split(text)
    assert _together(passages) == text
    assert all(passage.text.endswith("word  ") and passage.text.startswith("word") for passage in passages)


@pytest.mark.parametrize(
    "text", ["x" * 100_000, "金" * 5000, "👩‍👩‍👧‍👦" * 1000, "= " * 20_000, "\u0301" * 3000]
)
def test_long_unbroken_text(text: str) -> None:
    embedder = SentenceEmbedder()
    passages = split(_article(text), count_tokens=embedder.count_tokens)
    assert _together(passages) == text
    assert max(embedder.count_tokens([passage.text for passage in passages])) <= MAX_TOKENS
    assert max(len(passage.text.strip()) for passage in passages) <= MAX_CHARACTERS
    assert len(passages) <= len(text) // 40


def test_repeated_text_keeps_its_offsets() -> None:
    text = "Kim smiled. " * 300
    passages = _split(text)
    assert [passage.text for passage in passages] == [text[p.start : p.end] for p in passages]
    assert len({passage.start for passage in passages}) == len(passages) > 3


def test_passages_are_cut_by_the_rules_of_the_language_and_say_it() -> None:
    one = Article(id="a", title="T", text="Am 8. November kam er. Dann ging er.")
    cut = {
        language: split(one, count_tokens=lambda texts: [150] * len(texts), language=language)
        for language in ("de", None)
    }
    assert [passage.text for passage in cut["de"]] == ["Am 8. November kam er. ", "Dann ging er."]
    assert [passage.text for passage in cut[None]] == ["Am 8. ", "November kam er. ", "Dann ging er."]
    assert {language: {one.language for one in own} for language, own in cut.items()} == {
        "de": {"de"},
        None: {None},
    }
