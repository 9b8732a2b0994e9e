"""What answers the questions of a library: the reader or a chat model, with what checks and understands for it.

Joins reader, model, checker and conversation to the LangChain chain; each is made with the first need of it. Serves a
library that is open here, and one that another process has: the model is the business of who asks.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from langchain_core.retrievers import BaseRetriever

from qa.chain import AnswerChain, Articles
from qa.converse import complete, small_talk
from qa.errors import ModelError
from qa.quote import Quoter
from qa.records import Answer, Question
from qa.settings import READER, Settings

if TYPE_CHECKING:
    from qa.embed import SentenceEmbedder
    from qa.models import Model
    from qa.reader import Reader
    from qa.verify import Checker


class Answering:
    """The answerers over one collection of articles."""

    def __init__(
        self, settings: Settings, retriever: BaseRetriever, articles: Articles, embedder: SentenceEmbedder
    ) -> None:
        self._settings = settings
        self._retriever = retriever
        self._articles = articles
        self._embedder = embedder

    def chain(self, model: str | None = None) -> AnswerChain:
        """The chain of an answerer: the configured one, or the reader by its name. Raises `ModelError` for others."""
        wanted = model or self._settings.model
        if wanted == READER:
            return self._quoting
        if wanted == self._settings.model:
            return self._writing
        raise ModelError(f"there is no answerer {wanted!r} here: {READER!r} and {self._settings.model!r} are")

    def stream(self, question: Question, *, model: str | None = None) -> Iterator[Answer]:
        """Snapshots of the answer, each in place of the one before; the last is whole."""
        started = time.perf_counter()
        reply = small_talk(question.text, self._articles.articles)
        if reply:
            yield _said(question.text, reply, time.perf_counter() - started)
            return
        yield from self.chain(model).stream(question)

    def warm(self) -> None:
        """Loads now what the first answer needs. Raises `ModelError` if the model cannot be had."""
        _ = self.reader, self.model

    @cached_property
    def model(self) -> Model | None:
        """The chat model, None where the reader answers. Raises `ModelError` if there is none of this name."""
        if self._settings.model == READER:
            return None
        from qa.models import open_model

        return open_model(self._settings.model, key=self._settings.model_key)

    @cached_property
    def reader(self) -> Reader:
        """The reader."""
        from qa.reader import Reader

        return Reader(self._settings.reader)

    @cached_property
    def checker(self) -> Checker:
        """What compares a sentence with what it cites."""
        from qa.verify import Checker

        return Checker(self._embedder)

    @cached_property
    def _quoting(self) -> AnswerChain:
        return AnswerChain(self._retriever, Quoter(self.reader), articles=self._articles)

    @cached_property
    def _writing(self) -> AnswerChain:
        from qa import models
        from qa.generate import Rewriter, Writer
        from qa.verify import Draft

        writer = Writer(
            self._model,
            draft=lambda hits: Draft(hits, self.checker),
            reader=Quoter(self.reader),
            trouble=models,
        )
        rewriter = Rewriter(self._model, complete)
        return AnswerChain(self._retriever, writer, understand=rewriter, articles=self._articles)

    def _model(self) -> Model:
        if self.model is None:
            raise ModelError("no chat model is configured: --model NAME names one")
        return self.model


def _said(question: str, reply: str, seconds: float) -> Answer:
    return Answer(
        question=question,
        answered=True,
        answer=reply,
        confidence=1.0,
        citations=(),
        nearest=(),
        model="help",
        seconds=seconds,
    )
