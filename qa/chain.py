"""The LangChain Runnable that joins a retriever and an answerer: question -> hits -> answer.

Takes any LangChain retriever and anything that answers from hits; works through invoke, stream, batch and their
async forms. What it streams are whole answers, each in place of the one before. Knows nothing of stores or models.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Protocol

from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableConfig, patch_config
from langchain_core.runnables.config import ensure_config, get_callback_manager_for_config

from qa.records import Answer, Hit, Question
from qa.retrieve import ArticleRetriever, hit_of, whole


class Answerer(Protocol):
    """Answers from hits, best hit first."""

    def answer(self, question: Question, hits: Sequence[Hit]) -> Iterator[Answer]:
        """Snapshots of the answer, each in place of the one before; the last is whole. At least one."""


class AnswerChain(Runnable[Question | str, Answer]):
    """A question, or its text alone (asked today), in; an `Answer` out."""

    def __init__(self, retriever: BaseRetriever, answerer: Answerer) -> None:
        self._retriever = retriever
        self._answerer = answerer

    def invoke(self, input: Question | str, config: RunnableConfig | None = None, **kwargs: Any) -> Answer:
        """The whole answer."""
        *_, last = self.stream(input, config, **kwargs)
        return last

    def stream(
        self, input: Question | str, config: RunnableConfig | None = None, **_options: Any
    ) -> Iterator[Answer]:
        """Snapshots of the answer, each in place of the one before; the last is whole."""
        question = input if isinstance(input, Question) else Question(text=input, asked=date.today())
        question = replace(question, text=whole(question.text))
        config = ensure_config(config)
        run = get_callback_manager_for_config(config).on_chain_start(
            None,
            {"question": question.text},
            name=config.get("run_name") or "qa",
            run_id=config.get("run_id"),
        )
        try:
            last = None
            for last in self._answer(question, patch_config(config, callbacks=run.get_child())):
                yield last
        except BaseException as error:
            run.on_chain_error(error)
            raise
        run.on_chain_end({"answer": last})

    def _answer(self, question: Question, config: RunnableConfig) -> Iterator[Answer]:
        started = time.perf_counter()
        options: dict[str, Any] = (
            {"asked": question.asked} if isinstance(self._retriever, ArticleRetriever) else {}
        )
        # Somebody else's retriever need not know the word: it is said only when there is something to say.
        if question.filters is not None:
            options["filters"] = question.filters
        documents = self._retriever.invoke(question.text, config, **options)
        hits = [hit_of(document, rank=rank) for rank, document in enumerate(documents, start=1)]
        for answer in self._answerer.answer(question, hits):
            yield replace(answer, seconds=time.perf_counter() - started)
