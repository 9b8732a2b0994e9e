"""What is asked for that is no question, and what is one although it sounds alike."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.converse import Request, request_of

THIS = Request(kind="summary", topic=None, this=True)
ALL_NEWS = Request(kind="news", topic=None, this=False)


@pytest.mark.parametrize(
    "text",
    [
        "Summarise this article",
        "summarize",
        "please summarise it",
        "Can you sum it up?",
        "sum up the story, please",
        "TL;DR",
        "tldr?",
        "Give me a short summary of this article in two sentences",
        "a quick overview please",
        "What’s this article about?",
        "what is the gist of it?",
        "recap that for me",
    ],
)
def test_a_summary_of_what_is_open(text: str) -> None:
    assert request_of(text) == THIS


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("summarize the story about the wheat", "the wheat"),
        ("Summarise the articles on Boeing, please", "Boeing"),
        ("give me an overview of the Beirut explosion", "the Beirut explosion"),
        ("Could you give me a brief summary of Brexit?", "Brexit"),
        ("summary: the summit", "the summit"),
        ("tl;dr the climate pact", "the climate pact"),
        ("sum the talks up", "the talks"),
        ("Summarise what Kim said", "what Kim said"),
    ],
)
def test_a_summary_of_something(text: str, topic: str) -> None:
    assert request_of(text) == Request(kind="summary", topic=topic, this=False)


@pytest.mark.parametrize(
    "text",
    ["what's new?", "What is new", "any news?", "the latest", "latest news", "update me", "catch me up"],
)
def test_all_news(text: str) -> None:
    assert request_of(text) == ALL_NEWS


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("what is new about Boeing", "Boeing"),
        ("any news on the summit?", "the summit"),
        ("Is there any news from Hong Kong?", "Hong Kong"),
        ("latest on Brexit", "Brexit"),
        ("What's the latest news about the telescope?", "the telescope"),
        ("give me the latest on GameStop", "GameStop"),
        ("update me on Notre-Dame", "Notre-Dame"),
        ("hey, anything new on “Parasite”?", "Parasite"),
    ],
)
def test_news_about_something(text: str, topic: str) -> None:
    assert request_of(text) == Request(kind="news", topic=topic, this=False)


def test_a_summary_of_everything_is_of_nothing_in_particular() -> None:
    assert request_of("summarise all the articles") == Request(kind="summary", topic=None, this=False)


@pytest.mark.parametrize(
    "text",
    [
        "who summarised the article?",
        "What is new in the treaty that Kim signed?",
        "what was the summary of the judge?",
        "who brought the news to Kim?",
        "What is this summit about?",
        "New York",
        "what news did the messenger bring?",
        "which newspaper reported it?",
        "is this the latest model?",
        "how does the summary judgment work?",
        "And when?",
        "hello",
        "",
        " ",
        "…",
        "summarise " + "x" * 400,
    ],
)
def test_questions_are_no_requests(text: str) -> None:
    assert request_of(text) is None


_WORDS = st.sampled_from(
    "summarise sum up tl;dr news what is new latest on about the a this article please give me any ? , . in two "
    "sentences for".split()
)


@given(st.one_of(st.text(max_size=400), st.lists(_WORDS, max_size=60).map(" ".join)))
def test_nothing_raises(text: str) -> None:
    found = request_of(text)
    assert found is None or found.topic is None or (found.topic in " ".join(text.replace("’", "'").split()))
