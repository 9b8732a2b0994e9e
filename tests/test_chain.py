"""The LangChain Runnable: over the library's retriever and over somebody else's."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from langchain_core.callbacks import BaseCallbackHandler, CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import RunnableLambda
from langchain_core.vectorstores import InMemoryVectorStore

from qa import Answer, Filters, Library, QuestionError
from qa.chain import AnswerChain
from qa.quote import Quoter
from qa.records import Question

WHERE = "where did the summit take place?"
WHO = "who is the harbour master of Lisbon?"


class Shelf(BaseRetriever):
    """Somebody else's retriever: it knows nothing of qa, and takes no filters."""

    documents: list[Document]

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        return self.documents


class Broken(BaseRetriever):
    """Somebody else's retriever whose server is down."""

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        raise ConnectionError("the server is down")


class Log(BaseCallbackHandler):
    """Writes down what ran inside what."""

    def __init__(self) -> None:
        self.started: list[tuple[str, str | None, UUID, UUID | None]] = []
        self.ended: list[tuple[str, Any]] = []

    def on_chain_start(
        self, serialized: Any, inputs: Any, *, run_id: UUID, parent_run_id: UUID | None = None, **more: Any
    ) -> None:
        self.started.append(("chain", more.get("name"), run_id, parent_run_id))

    def on_retriever_start(
        self, serialized: Any, query: str, *, run_id: UUID, parent_run_id: UUID | None = None, **more: Any
    ) -> None:
        self.started.append(("retriever", query, run_id, parent_run_id))

    def on_retriever_end(self, documents: Any, **more: Any) -> None:
        self.ended.append(("retriever", len(documents)))

    def on_chain_end(self, outputs: Any, **more: Any) -> None:
        self.ended.append(("chain", outputs["answer"]))

    def on_chain_error(self, error: BaseException, **more: Any) -> None:
        self.ended.append(("error", error))


def _timeless(answer: Answer) -> Answer:
    return replace(answer, seconds=0.0)


def _quoter(library: Library) -> Quoter:
    quoter: Quoter = library.chain._answerer  # type: ignore[assignment]
    return quoter


def test_invoke(library: Library) -> None:
    answer = library.chain.invoke(WHERE)
    assert answer.answered
    assert answer.question == WHERE
    assert answer.answer is not None
    assert "Russky island" in answer.answer
    first = answer.citations[0]
    assert first.number == 1
    assert first.quote == library.article(first.article_id).text[first.start : first.end]
    assert first.start <= first.answer_start < first.answer_end <= first.end
    assert answer.seconds > 0


def test_all_forms_say_the_same(library: Library) -> None:
    chain, asked = library.chain, Question(text=WHERE, asked=date(2019, 4, 25))

    async def streamed() -> list[Answer]:
        return [answer async for answer in chain.astream(asked)]

    where, who = _timeless(chain.invoke(asked)), _timeless(chain.invoke(WHO))
    assert (where.citations[0].article_id, who.citations[0].article_id) == ("summit-talks", "storm")
    assert _timeless(list(chain.stream(asked))[-1]) == where
    assert _timeless(asyncio.run(chain.ainvoke(asked))) == where
    assert _timeless(asyncio.run(streamed())[-1]) == where
    assert [_timeless(answer) for answer in chain.batch([asked, WHO])] == [where, who]
    assert [_timeless(answer) for answer in asyncio.run(chain.abatch([asked, WHO]))] == [where, who]
    assert _timeless(library.ask(WHERE, asked=date(2019, 4, 25))) == where


def test_filters_reach_the_retriever(library: Library) -> None:
    filters = Filters(article_ids=("bees",))
    answer = library.chain.invoke(Question(text=WHO, asked=date.today(), filters=filters))
    assert {hit.article_id for hit in answer.nearest} | {c.article_id for c in answer.citations} == {"bees"}


def test_passages_reach_the_retriever(library: Library) -> None:
    asked: list[int] = []

    class Counting(BaseRetriever):
        def _get_relevant_documents(
            self, query: str, *, run_manager: CallbackManagerForRetrieverRun, k: int = 0
        ) -> list[Document]:
            asked.append(k)
            return library.retriever.invoke(query, k=k or 10)

    chain = AnswerChain(Counting(), Quoter(library.answering.reader))
    for passages in (None, 1, 20):
        chain.invoke(Question(text=WHERE, asked=date(2019, 4, 26), passages=passages))
    assert asked == [0, 1, 20]
    assert library.ask(WHERE, passages=1).answered


def test_in_somebody_elses_chain(library: Library) -> None:
    chain = RunnableLambda(str.lower) | library.chain | RunnableLambda(lambda answer: answer.answer)
    assert "Russky island" in chain.invoke(WHERE.upper())


def test_an_empty_question(library: Library) -> None:
    with pytest.raises(QuestionError, match="empty"):
        library.chain.invoke(" ")


def test_over_somebody_elses_retriever(library: Library) -> None:
    documents = [
        Document(
            "Bees fly. The summit took place in Oslo, in the old town hall.", metadata={"source": "oslo.pdf"}
        ),
        Document("The weather stayed cold in the mountains."),
        Document("Whales dive. It rained for most of the summit week.", metadata={"source": "oslo.pdf"}),
    ]
    answer = AnswerChain(Shelf(documents=documents), _quoter(library)).invoke(
        Question(text=WHERE, asked=date.today(), filters=Filters(sources=("oslo.pdf",)))
    )
    first = [*answer.citations, *answer.nearest][0]
    assert (first.title, first.source, first.url) == ("oslo.pdf", "oslo.pdf", None)
    assert "in Oslo, in the old town hall." in documents[0].page_content[first.start : first.end]


def test_over_a_vector_store_of_langchain(library: Library) -> None:
    store = InMemoryVectorStore(library.embeddings)
    store.add_texts(["The summit took place in Oslo, in the old town hall.", "Bees play football in London."])
    answer = AnswerChain(store.as_retriever(search_kwargs={"k": 1}), _quoter(library)).invoke(WHERE)
    assert [*answer.citations, *answer.nearest][0].start == 0


def test_over_a_retriever_that_finds_nothing(library: Library) -> None:
    answer = AnswerChain(Shelf(documents=[]), _quoter(library)).invoke(WHERE)
    assert _timeless(answer) == Answer(
        question=WHERE,
        answered=False,
        answer=None,
        confidence=0.0,
        citations=(),
        nearest=(),
        model="reader",
        seconds=0.0,
    )


def test_callbacks_see_the_run_and_its_retriever(library: Library) -> None:
    log = Log()
    answer = library.chain.invoke(WHERE, {"callbacks": [log], "tags": ["mine"]})
    (chain, name, run_id, parent), (retriever, query, _, inside) = log.started
    assert (chain, name, parent) == ("chain", "qa", None)
    assert (retriever, query, inside) == ("retriever", WHERE, run_id)
    assert [kind for kind, _ in log.ended] == ["retriever", "chain"]
    assert log.ended[1][1] == answer


def test_a_run_may_be_given_a_name_and_an_id(library: Library) -> None:
    log, run_id = Log(), uuid4()
    library.chain.invoke(WHERE, {"callbacks": [log], "run_name": "morning", "run_id": run_id})
    assert log.started[0] == ("chain", "morning", run_id, None)


def test_callbacks_see_an_error(library: Library) -> None:
    log = Log()
    with pytest.raises(ConnectionError):
        AnswerChain(Broken(), _quoter(library)).invoke(WHERE, {"callbacks": [log]})
    assert [type(error) for kind, error in log.ended if kind == "error"] == [ConnectionError]
