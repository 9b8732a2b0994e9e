"""What is said to the program, and what is asked of the articles: only the former gets a reply."""

from __future__ import annotations

import pytest

from qa.converse import contents, small_talk
from qa.records import ArticleInfo


def _info(title: str, published: str | None = None) -> ArticleInfo:
    return ArticleInfo(
        id=title,
        hash=title,
        title=title,
        source=None,
        url=None,
        published=published,
        author=None,
        path=None,
        characters=1,
        passages=1,
    )


BEES, STORM = _info("Bees learn", "2021-01-02T10:00:00Z"), _info("Storm Agnes", "2019-05-06")


def _no_articles() -> list[ArticleInfo]:
    return []


def _never() -> list[ArticleInfo]:
    raise AssertionError("the articles are not spoken of")


@pytest.mark.parametrize(
    "message", ["hello", "Hello!", " HI \n", "Good morning, everyone", "hey there 👋", "hello!?", "hi qa."]
)
def test_greetings(message: str) -> None:
    assert small_talk(message, lambda: [BEES]) == (
        "Hello! Ask me about the articles, for example about “Bees learn”."
    )
    assert small_talk(message, _no_articles) == (
        "Hello! There are no articles here yet: add some, then ask about them."
    )


@pytest.mark.parametrize(
    "message", ["thanks", "Thank you so much!", "thanks for the help", "great", "OK.", "thank you :)"]
)
def test_thanks(message: str) -> None:
    assert small_talk(message, _never) == "You are welcome. Ask on, whenever you like."


@pytest.mark.parametrize("message", ["bye", "Goodbye!", "see you again", "good night"])
def test_farewells(message: str) -> None:
    assert small_talk(message, _never) == "Goodbye. The articles stay here for the next time."


@pytest.mark.parametrize(
    "message",
    ["what can you do?", "Help", "???", "who are you", "How does this work?", "what do you do here?"],
)
def test_abilities(message: str) -> None:
    reply = small_talk(message, lambda: [BEES])
    assert reply is not None
    assert reply.startswith("I answer questions from the articles in this library")
    assert reply.endswith("for example about “Bees learn”.")


@pytest.mark.parametrize(
    "message",
    [
        "what is in here?",
        "What’s in here?",
        "list all articles",
        "which articles do you have?",
        "how many articles are there?",
    ],
)
def test_what_is_in_here(message: str) -> None:
    assert small_talk(message, lambda: [BEES, STORM]) == contents([BEES, STORM])


@pytest.mark.parametrize(
    "message",
    [
        "great fire of london",
        "hello kitty sales in japan?",
        "who said hello to Kim?",
        "thanksgiving parade",
        "thank you note that Kim wrote",
        "good morning vietnam",
        "help for farmers",
        "what can you do about climate change?",
        "what is in the agreement?",
        "what do you know about bees?",
        "who are the Houthis?",
        "what is this summit about?",
        "how does this vaccine work?",
        "nice attack",
        "high tide",
        "bye-election",
        "the cool war",
        "",
        " ",
        "…",
        "金正恩",
    ],
)
def test_questions_are_not_small_talk(message: str) -> None:
    assert small_talk(message, _never) is None


def test_contents() -> None:
    assert contents([]) == "There are no articles here yet. Add some first: files, folders, or text."
    assert contents([STORM]) == "This library holds one article of 2019-05-06: “Storm Agnes”."
    assert contents([_info("A")]) == "This library holds one article: “A”."
    assert contents([BEES, STORM, _info("A")]) == (
        "This library holds 3 articles from 2019-05-06 to 2021-01-02: “Bees learn”; “Storm Agnes”; “A”."
    )
    many = [_info(str(number)) for number in range(1200)]
    assert contents(many) == "This library holds 1,200 articles, among them: “0”; “1”; “2”; “3”; “4”."
