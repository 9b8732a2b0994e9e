"""Questions for a newcomer, made from the articles."""

from __future__ import annotations

from qa import Article, ArticleInfo, ArticleNotFoundError, Library
from qa.examples import example_questions


def _examples(*articles: tuple[str, str], n: int = 4, gone: frozenset[str] = frozenset()) -> list[str]:
    stored = {
        str(number): Article(id=str(number), title=title, text=text)
        for number, (title, text) in enumerate(articles)
    }
    infos = [
        ArticleInfo(
            id=article.id,
            hash=article.hash,
            title=article.title,
            source=None,
            url=None,
            published=None,
            author=None,
            path=None,
            characters=len(article.text),
            passages=1,
        )
        for article in stored.values()
    ]

    def read(article_id: str) -> Article:
        if article_id in gone:
            raise ArticleNotFoundError(article_id)
        return stored[article_id]

    return example_questions(infos, read, n)


SUMMIT = ("Putin and Kim hold summit", "The summit took place on Thursday.")
STORM = ("Storm Agnes closes harbour", "On Friday, Storm Agnes came.")
RIGA = ("Trains to Riga stop", "No train left for Riga today.")


def test_no_articles_no_examples() -> None:
    assert _examples() == []


def test_events_and_names() -> None:
    assert _examples(SUMMIT, RIGA) == [
        "Where did the summit take place?",
        "What do the articles say about Riga?",
    ]


def test_a_name_that_the_text_does_not_use_is_none() -> None:
    assert _examples(("Trains To Riga", "No train left today."), ("bees", "bees")) == []


def test_a_name_at_the_start_of_a_sentence_may_be_no_name() -> None:
    assert _examples(("Trains stop", "All waited. Trains stop.")) == []


def test_a_name_that_goes_with_the() -> None:
    assert _examples(("Suez Canal is free", "Ships pass through the Suez Canal again.")) == [
        "What happened with the Suez Canal?"
    ]


def test_the_event_that_most_articles_tell_of() -> None:
    march = ("Two million march", "They said that the march was peaceful.")
    assert _examples(march, SUMMIT, SUMMIT)[0] == "Where did the summit take place?"


def test_each_about_another_subject() -> None:
    assert _examples(SUMMIT, SUMMIT, RIGA, RIGA) == _examples(SUMMIT, RIGA)


def test_how_many() -> None:
    names = ["Riga", "Oslo", "Lima", "Rome"]
    articles = [(f"Trains to {name} stop", f"No train left for {name} today.") for name in names]
    assert len(_examples(*articles, n=9)) == 4
    assert len(_examples(*articles, n=3)) == 3
    assert _examples(*articles, n=0) == []


def test_an_article_that_has_gone_is_passed_over() -> None:
    assert _examples(SUMMIT, RIGA, gone=frozenset("0")) == ["What happened with Riga?"]


def test_spread_over_the_collection() -> None:
    many = [("Nothing", "Nothing.")] * 4000 + [RIGA] * 1000
    assert _examples(*many) == ["What happened with Riga?"]


def test_of_a_library(library: Library) -> None:
    questions = library.examples()
    assert len(questions) == len(set(questions)) <= 4
    assert questions[0] == "Where did the summit take place?"
    assert any("Lisbon" in question or "Storm Agnes" in question for question in questions)
