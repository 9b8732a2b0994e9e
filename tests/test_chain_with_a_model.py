"""The LangChain Runnable with a chat model, and the requests that are no questions, with one and without."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.language_models import BaseChatModel, FakeListChatModel

from qa import Answer, Filters, Library, models
from qa.chain import NEWS, WHICH, AnswerChain
from qa.converse import complete
from qa.generate import Rewriter, Writer
from qa.models import Model
from qa.quote import OPENING, OPENINGS, Quoter
from qa.records import Question
from qa.verify import Checker, Draft

WHERE = "where did the summit take place?"
DAY = date(2021, 11, 3)
WRITTEN = "The summit took place on Russky island on Thursday [1]. Kim Jong Un came by armoured train [1]."
CHECKED = "The summit took place on Russky island on Thursday. [1] Kim Jong Un came by armoured train. [2]"
STORM = "Storm Agnes closed the harbour of Lisbon for two days [1]. Eleven ships waited outside [1]."


class Log(BaseCallbackHandler):
    """Writes down what began and ended, and inside what."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.tokens = 0
        self._names: dict[UUID | None, str] = {None: "nothing"}

    def _began(self, what: str, run_id: UUID, parent: UUID | None) -> None:
        self._names[run_id] = what
        self.seen.append(f"{what} in {self._names[parent]}")

    def on_chain_start(
        self, serialized: Any, inputs: Any, *, run_id: UUID, parent_run_id: UUID | None = None, **more: Any
    ) -> None:
        self._began("chain", run_id, parent_run_id)

    def on_retriever_start(
        self, serialized: Any, query: str, *, run_id: UUID, parent_run_id: UUID | None = None, **more: Any
    ) -> None:
        self._began("retriever", run_id, parent_run_id)

    def on_chat_model_start(
        self, serialized: Any, messages: Any, *, run_id: UUID, parent_run_id: UUID | None = None, **more: Any
    ) -> None:
        self._began("model", run_id, parent_run_id)

    def on_llm_new_token(self, token: str, **more: Any) -> None:
        self.tokens += 1

    def on_retriever_end(self, documents: Any, *, run_id: UUID, **more: Any) -> None:
        self.seen.append("retriever ended")

    def on_llm_end(self, response: Any, *, run_id: UUID, **more: Any) -> None:
        self.seen.append("model ended")

    def on_chain_end(self, outputs: Any, *, run_id: UUID, **more: Any) -> None:
        self.seen.append("chain ended")


@pytest.fixture(scope="module")
def checker(library: Library) -> Checker:
    return Checker(library.embeddings)


def chain(library: Library, checker: Checker, *replies: str) -> AnswerChain:
    """As `Library.chain` with a model that gives these replies in turn."""
    chat: BaseChatModel = FakeListChatModel(responses=list(replies))
    model = Model(chat=chat, name="fake", host=None, window=8192)
    writer = Writer(
        lambda: model,
        draft=lambda hits: Draft(hits, checker),
        reader=Quoter(library.answering.reader),
        trouble=models,
    )
    rewriter = Rewriter(lambda: model, complete)
    return AnswerChain(library.retriever, writer, understand=rewriter, articles=library)


def _timeless(answer: Answer) -> Answer:
    return replace(answer, seconds=0.0)


def test_callbacks_see_the_retriever_and_the_model(library: Library, checker: Checker) -> None:
    log = Log()
    chain(library, checker, WRITTEN).invoke(WHERE, {"callbacks": [log]})
    assert log.seen == [
        "chain in nothing",
        *("retriever in chain", "retriever ended"),
        *("model in chain", "model ended"),
        "chain ended",
    ]
    assert log.tokens >= len(WRITTEN)


def test_callbacks_see_the_model_that_completes_a_follow_up(library: Library, checker: Checker) -> None:
    log = Log()
    asked = Question(text="and when?", asked=DAY, history=((WHERE, "on Russky island"),))
    answer = chain(library, checker, "When did the summit take place?", WRITTEN).invoke(
        asked, {"callbacks": [log]}
    )
    assert (answer.understood, answer.answer) == ("When did the summit take place?", CHECKED)
    began = [line for line in log.seen if " in " in line]
    assert began == ["chain in nothing", "model in chain", "retriever in chain", "model in chain"]
    assert log.seen.count("model ended") == 2


def test_all_forms_say_the_same(library: Library, checker: Checker) -> None:
    def new() -> AnswerChain:
        return chain(library, checker, WRITTEN)

    async def streamed() -> list[Answer]:
        return [answer async for answer in new().astream(asked)]

    asked = Question(text=WHERE, asked=DAY)
    whole = _timeless(new().invoke(asked))
    assert (whole.model, whole.answer) == ("fake", CHECKED)
    snapshots = [CHECKED.partition(" Kim")[0], CHECKED]
    assert [one.answer for one in new().stream(asked)] == snapshots
    assert [one.answer for one in asyncio.run(streamed())] == snapshots
    assert _timeless(asyncio.run(new().ainvoke(asked))) == whole
    assert [_timeless(one) for one in new().batch([asked, asked])] == [whole, whole]
    assert [_timeless(one) for one in asyncio.run(new().abatch([asked, asked]))] == [whole, whole]


def test_who_stops_reading_stops_the_chain(library: Library, checker: Checker) -> None:
    log = Log()
    answers = chain(library, checker, WRITTEN * 9).stream(WHERE, {"callbacks": [log]})
    next(answers)
    answers.close()
    assert "chain ended" not in log.seen
    assert log.tokens < len(WRITTEN)


def test_who_stops_listening_stops_the_chain(library: Library, checker: Checker) -> None:
    async def first() -> Answer:
        answers = chain(library, checker, WRITTEN * 9).astream(WHERE, {"callbacks": [log]})
        async with aclosing(answers):  # type: ignore[type-var]
            return await anext(answers)

    log = Log()
    assert asyncio.run(first()).answer == CHECKED.partition(" Kim")[0]
    assert "chain ended" not in log.seen
    assert log.tokens < len(WRITTEN)


def test_a_summary_by_a_model(library: Library, checker: Checker) -> None:
    answer = chain(library, checker, STORM).invoke("Summarise the article about storm Agnes in Lisbon")
    assert answer.answer == (
        "Storm Agnes closed the harbour of Lisbon for two days. [1] Eleven ships waited outside. [2]"
    )
    text = library.article("storm").text
    assert [(one.article_id, one.quote) for one in answer.citations] == [
        ("storm", "Storm Agnes closed the harbour of Lisbon for two days."),
        ("storm", "Eleven ships waited outside."),
    ]
    assert all(one.quote == text[one.start : one.end] for one in answer.citations)
    assert (answer.model, answer.note) == ("fake", None)


def test_a_summary_by_the_reader_is_its_opening_sentences(library: Library) -> None:
    answer = library.chain.invoke("Summarise the article about storm Agnes in Lisbon")
    text = library.article("storm").text
    assert (answer.answered, answer.model, answer.note) == (True, "reader", OPENING)
    assert {one.article_id for one in answer.citations} == {"storm"}
    assert [one.quote for one in answer.citations] == [text[one.start : one.end] for one in answer.citations]
    assert answer.citations[0].quote == "Storm Agnes closed the harbour of Lisbon for two days."
    for one in answer.citations:
        assert one.quote in (answer.answer or "")


def test_this_article_is_the_only_one_or_the_one_spoken_of(library: Library) -> None:
    alone = Question(text="Summarise this article", asked=DAY, filters=Filters(article_ids=("bees",)))
    assert {one.article_id for one in library.chain.invoke(alone).citations} == {"bees"}
    spoken = Question(
        text="Summarise this article",
        asked=DAY,
        history=(("who is the harbour master of Lisbon?", "Rui Costa, when storm Agnes closed the harbour"),),
    )
    assert {one.article_id for one in library.chain.invoke(spoken).citations} == {"storm"}
    which = library.chain.invoke(Question(text="Summarise this article", asked=DAY))
    assert (which.answered, which.note, which.citations) == (False, WHICH, ())


@pytest.mark.parametrize("model", [True, False])
def test_what_is_new_is_the_newest_first(library: Library, checker: Checker, model: bool) -> None:
    reply = f"{STORM} Some 10,000 labourers must leave by the end of the year."
    asking = chain(library, checker, reply) if model else library.chain
    answer = asking.invoke(Question(text="What's new?", asked=DAY))
    days = [one.published or "" for one in answer.citations]
    assert days == sorted(days, reverse=True)
    assert answer.citations[0].article_id == "storm"
    assert (answer.model, answer.note) == (("fake", None) if model else ("reader", OPENINGS))
    assert len({one.article_id for one in answer.citations}) in range(2, NEWS + 1)
