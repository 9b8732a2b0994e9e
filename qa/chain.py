"""The LangChain Runnable that joins a retriever and an answerer: conversation, question -> hits -> answer.

Takes any LangChain retriever and anything that answers from hits; works through invoke, stream, batch and their
async forms. What it streams are whole answers, each in place of the one before. Knows nothing of stores or models.
"""

from __future__ import annotations

import re
import time
from collections.abc import AsyncIterator, Callable, Generator, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import replace
from datetime import date
from typing import Any, Protocol

from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableConfig, patch_config
from langchain_core.runnables.config import (
    ensure_config,
    get_callback_manager_for_config,
    run_in_executor,
)

from qa.converse import Request, complete, request_of
from qa.records import Answer, Article, ArticleInfo, Filters, Hit, Question
from qa.retrieve import ArticleRetriever, hit_of, opened, whole

NEWS = 6
"""How many articles are looked at for what is new."""
WHICH = "Which article? Say what it is about: “summarise the article about the wheat”."

_WORD = re.compile(r"\w{4,}")
_STEM = 5


class Answerer(Protocol):
    """Answers from hits, best hit first."""

    def answer(
        self, question: Question, hits: Sequence[Hit], config: RunnableConfig | None = None
    ) -> Generator[Answer]:
        """Snapshots of the answer, each in place of the one before; the last is whole. At least one.

        `config` is LangChain's: what runs inside is called with it.
        """


class Articles(Protocol):
    """Where whole articles are: a library, here or in another process."""

    def articles(self, *, filters: Filters | None = None) -> list[ArticleInfo]:
        """What is known of them, newest first."""

    def article(self, article_id: str) -> Article:
        """One of them."""


Understand = Callable[[Question, RunnableConfig], str]
"""A question with its conversation -> the question as it stands alone."""


def by_rules(question: Question, _config: RunnableConfig | None = None) -> str:
    """The question as it stands alone, without a model."""
    return complete(question.text, question.history)


class AnswerChain(Runnable[Question | str, Answer]):
    """A question, or its text alone (asked today), in; an `Answer` out.

    Without `articles` a summary is made of what the retriever finds.
    """

    def __init__(
        self,
        retriever: BaseRetriever,
        answerer: Answerer,
        *,
        understand: Understand = by_rules,
        articles: Articles | None = None,
    ) -> None:
        self._retriever = retriever
        self._answerer = answerer
        self._understand = understand
        self._articles = articles

    def invoke(self, input: Question | str, config: RunnableConfig | None = None, **kwargs: Any) -> Answer:
        """The whole answer."""
        *_, last = self.stream(input, config, **kwargs)
        return last

    def stream(
        self, input: Question | str, config: RunnableConfig | None = None, **_options: Any
    ) -> Generator[Answer]:
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

    async def astream(
        self, input: Question | str, config: RunnableConfig | None = None, **kwargs: Any
    ) -> AsyncIterator[Answer]:
        """As `stream`, which works in other threads meanwhile."""
        answers = self.stream(input, config, **kwargs)
        try:
            while (answer := await run_in_executor(config, next, answers, None)) is not None:
                yield answer
        finally:
            with suppress(
                ValueError
            ):  # a thread is at it still: with that its last user goes, and it is closed
                answers.close()

    def _answer(self, question: Question, config: RunnableConfig) -> Iterator[Answer]:
        started = time.perf_counter()
        request = request_of(question.text)
        text = question.text if request else self._understand(question, config)
        alone = replace(question, text=text, kind=request.kind if request else "question")
        hits = self._requested(request, alone, config) if request else self._found(text, alone, config)
        understood = text if text != question.text else None
        # Closed whatever happens: a reader who has gone must not keep a model writing.
        with closing(self._answerer.answer(alone, hits, config)) as answers:
            for answer in answers:
                note = answer.note or (WHICH if request and not hits else None)
                yield replace(
                    answer,
                    question=question.text,
                    understood=understood,
                    note=note,
                    seconds=time.perf_counter() - started,
                )

    def _found(self, text: str, question: Question, config: RunnableConfig) -> list[Hit]:
        options: dict[str, Any] = (
            {"asked": question.asked} if isinstance(self._retriever, ArticleRetriever) else {}
        )
        # Somebody else's retriever need not know the words: they are said only when there is something to say.
        if question.filters is not None:
            options["filters"] = question.filters
        if question.passages is not None and question.kind == "question":
            options["k"] = question.passages
        documents = self._retriever.invoke(text, config, **options)
        return [hit_of(document, rank=rank) for rank, document in enumerate(documents, start=1)]

    def _requested(self, request: Request, question: Question, config: RunnableConfig) -> list[Hit]:
        """What a summary is made of, or what is new, the newest first; none where nothing is of the topic."""
        general = request.kind == "news" and not request.this  # "what's new?" is asked of all articles
        topic = request.topic or (None if general else _spoken_of(question))
        if topic is None:
            return self._latest(question) if request.kind == "news" else self._only(question)
        hits = self._found(topic, question, config)
        if request.topic is not None:
            hits = [hit for hit in hits if _is_about(request.topic, hit)]
        if request.kind == "news":
            firsts = {hit.article_id: hit for hit in reversed(hits)}.values()
            return sorted(firsts, key=lambda hit: hit.published or "", reverse=True)[:NEWS]
        if not hits or self._articles is None:
            return hits
        return opened(self._articles.article(hits[0].article_id))

    def _latest(self, question: Question) -> list[Hit]:
        """The beginnings of the newest articles."""
        if self._articles is None:
            return []
        infos = self._articles.articles(filters=question.filters)[:NEWS]
        return [hit for info in infos for hit in opened(self._articles.article(info.id))[:1]]

    def _only(self, question: Question) -> list[Hit]:
        """The whole article, where there is but one that can be meant."""
        if self._articles is None:
            return []
        infos = self._articles.articles(filters=question.filters)
        return opened(self._articles.article(infos[0].id)) if len(infos) == 1 else []


def _spoken_of(question: Question) -> str | None:
    """What the conversation was about last, as a text to search for."""
    if not question.history:
        return None
    asked, answered = question.history[-1]
    return f"{asked} {answered}"[:600]


def _is_about(topic: str, hit: Hit) -> bool:
    """Whether most words of the topic, their endings aside, stand in the passage or its title."""
    text = f"{hit.title} {hit.text}".casefold()
    words = {word[:_STEM] for word in _WORD.findall(topic.casefold())} or {topic.casefold()}
    return 2 * sum(word in text for word in words) > len(words)
