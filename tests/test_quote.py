"""Quoting: which span answers, in which sentence, what is cited with it, and when the articles do not say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa import Answer, Hit
from qa.quote import DECLINE, Quoter
from qa.reader import Reader
from qa.reader.reading import Reading
from qa.records import Question

SUMMIT = (
    "VLADIVOSTOK, Russia — The summit took place on Thursday at a university on Russky island. "
    "The two men exchanged swords. Kim had come by armoured train."
)
BACKGROUND = (
    "A summit with Trump took place in Hanoi in February and ended without a deal. Analysts were cautious."
)
STORM = "Storm Agnes closed the harbour of Lisbon for two days. Eleven ships waited outside."


@pytest.fixture(scope="module")
def quoter() -> Quoter:
    return Quoter(Reader())


def hit(
    text: str, *, article_id: str = "a", title: str = "Putin and Kim in Vladivostok", start: int = 0
) -> Hit:
    return Hit(
        article_id=article_id,
        title=title,
        source="Harbour Wire",
        url=None,
        published="2019-04-25",
        start=start,
        end=start + len(text),
        text=text,
        score=1.0,
    )


def ask(quoter: Quoter, question: str, hits: Sequence[Hit]) -> Answer:
    (answer,) = quoter.answer(Question(text=question, asked=date(2019, 4, 26)), hits)
    return answer


def test_the_answer_is_a_span_in_its_sentence(quoter: Quoter) -> None:
    answer = ask(quoter, "How long was the harbour of Lisbon closed?", [hit(STORM, start=100), hit(SUMMIT)])
    assert answer.answer == "two days"
    assert answer.sure
    first = answer.citations[0]
    assert first.quote == "Storm Agnes closed the harbour of Lisbon for two days."
    assert (first.number, first.start, first.end) == (1, 100, 154)
    assert (first.answer_start, first.answer_end) == (145, 153)
    assert (first.title, first.source, first.published) == (
        "Putin and Kim in Vladivostok",
        "Harbour Wire",
        "2019-04-25",
    )


@pytest.mark.parametrize(("passages", "found"), [(None, False), (12, True), (5, False)])
def test_it_reads_as_many_passages_as_are_asked_for(
    quoter: Quoter, passages: int | None, found: bool
) -> None:
    hits = [*(hit(BACKGROUND, article_id=str(n)) for n in range(10)), hit(STORM)]
    question = Question(
        text="How long was the harbour of Lisbon closed?", asked=date(2019, 4, 26), passages=passages
    )
    (answer,) = quoter.answer(question, hits)
    assert (answer.answer == "two days") is found


@pytest.mark.parametrize(
    "question", ["Was the harbour of Lisbon closed?", "Did the storm close the harbour of Lisbon?"]
)
def test_a_question_that_wants_a_sentence_gets_it(quoter: Quoter, question: str) -> None:
    answer = ask(quoter, question, [hit(STORM)])
    assert answer.answer == "Storm Agnes closed the harbour of Lisbon for two days."
    assert (answer.citations[0].answer_start, answer.citations[0].answer_end) == (0, 54)


def test_disagreement_is_shown(quoter: Quoter) -> None:
    police = "Police said that 338,000 people took part in the march in Hong Kong on Sunday."
    organisers = "The organisers of the march in Hong Kong on Sunday counted two million people."
    hits = [hit(police, article_id="p", title="March"), hit(organisers, article_id="o", title="March")]
    answer = ask(quoter, "How many people took part in the march in Hong Kong?", hits)
    assert {citation.quote for citation in answer.citations} == {police, organisers}


def test_agreement_of_articles_counts(quoter: Quoter) -> None:
    def likely(*texts: str) -> float:
        hits = [hit(text, article_id=str(number)) for number, text in enumerate(texts)]
        return ask(quoter, "How long was the harbour of Lisbon closed?", hits).confidence

    other = "The harbour of Lisbon was shut for two days, the mayor said, and the ferries did not leave."
    assert likely(STORM, other) > likely(STORM)
    assert likely(STORM, STORM) == likely(STORM)  # a copy is the same source again


def test_the_summit_is_the_one_that_the_articles_are_about(quoter: Quoter) -> None:
    hits = [hit(BACKGROUND, article_id="b", title="Analysis: Kim in Vladivostok"), hit(SUMMIT)]
    answer = ask(quoter, "Where did the summit take place?", hits)
    assert answer.citations[0].quote.endswith("at a university on Russky island.")
    answer = ask(quoter, "Where did the summit with Trump take place?", hits)
    assert answer.answer in ("Hanoi", "in Hanoi")


class Pointing:
    """A reader that points at what it was told to, the first with the most confidence."""

    def __init__(self, text: str, spans: list[str]) -> None:
        starts = [(text.index(one), one) for one in spans]
        self._spans = [
            Reading(text=one, passage=0, start=start, end=start + len(one), score=5.0 - n, answerable=0.9)
            for n, (start, one) in enumerate(starts)
        ]

    def read(
        self, question: str, passages: Sequence[str], titles: Sequence[str] | None = None
    ) -> list[Reading]:
        return self._spans


def test_what_the_passages_do_not_say_is_declined_with_the_nearest(quoter: Quoter) -> None:
    hits = [hit(STORM), hit(SUMMIT, article_id="b")]
    answer = ask(quoter, "Which vitamin do oranges contain?", hits)
    assert (answer.answered, answer.answer, answer.citations) == (False, None, ())
    assert answer.nearest == tuple(hits)
    assert answer.confidence < DECLINE


def test_one_story_told_twice_is_one_source(quoter: Quoter) -> None:
    copy = STORM.replace("Storm Agnes", "The storm Agnes")
    answer = ask(
        quoter, "How long was the harbour of Lisbon closed?", [hit(STORM), hit(copy, article_id="copy")]
    )
    closed = [citation for citation in answer.citations if "closed the harbour" in citation.quote]
    assert len(closed) == 1


def test_headings_page_numbers_and_bullets_are_not_quoted(quoter: Quoter) -> None:
    text = "HARBOUR OF LISBON IS CLOSED NOW\n\n• The harbour of Lisbon was closed on Tuesday by a storm.\n\nPage 1 of 2"
    answer = ask(quoter, "When was the harbour of Lisbon closed?", [hit(text)])
    assert [citation.quote for citation in answer.citations] == [
        "The harbour of Lisbon was closed on Tuesday by a storm."
    ]


def test_an_answer_does_not_run_over_a_paragraph() -> None:
    text = "The race was lost, a car was pushed.\n\n## Marathon\n\nSabastian Sawe ran faster than any man before."
    answer = ask(
        Quoter(Pointing(text, ["pushed.\n\n## Marathon\n\nSabastian Sawe", "Sabastian Sawe"])),
        "Who ran?",
        [hit(text)],
    )
    assert answer.answer == "Sabastian Sawe"
    assert answer.citations[0].quote == "Sabastian Sawe ran faster than any man before."


@pytest.mark.parametrize("hits", [[], [hit("")], [hit("\n\n")], [hit("Short.")]])
def test_nothing_to_read_is_declined(quoter: Quoter, hits: list[Hit]) -> None:
    answer = ask(quoter, "Where did the summit take place?", hits)
    assert (answer.answered, answer.confidence) == (False, 0.0)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    question=st.text(min_size=1, max_size=60),
    texts=st.lists(st.text(max_size=200), max_size=3),
    start=st.integers(0, 50),
)
def test_it_never_says_what_is_not_there(quoter: Quoter, question: str, texts: list[str], start: int) -> None:
    hits = [hit(text, article_id=str(n), start=start) for n, text in enumerate([*texts, STORM])]
    answer = ask(quoter, question, hits)
    for citation in answer.citations:
        text = {one.article_id: one.text for one in hits}[citation.article_id]
        assert citation.quote == text[citation.start - start : citation.end - start]
        span = text[citation.answer_start - start : citation.answer_end - start]
        assert span
        assert span in citation.quote
    if answer.answered:
        first = answer.citations[0]
        text = {one.article_id: one.text for one in hits}[first.article_id]
        assert answer.answer == text[first.answer_start - start : first.answer_end - start]


def test_a_sentence_ends_by_the_rules_of_its_language() -> None:
    here = hit("Am 8. November kam er aus Rom. Dann ging er.")
    reader = Pointing(here.text, ["November"])
    answers = [ask(Quoter(reader), "Wer?", [replace(here, language=code)]) for code in ("de", "en")]
    quotes = [answer.citations[0].quote for answer in answers]
    assert quotes == ["Am 8. November kam er aus Rom.", "November kam er aus Rom."]
