"""Question, hits -> an answer written by a chat model, streamed, of which every sentence is checked.

Takes a model, a checker and the reader that answers where the model cannot, each by its protocol. A sentence is shown
when it has been checked, so what was read once never changes its marks. Knows nothing of providers.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from typing import Any, Protocol

from langchain_core.language_models import BaseChatModel
from langchain_core.runnables import RunnableConfig

from qa.errors import ModelServerError
from qa.generate.prompt import ANSWER_TOKENS, messages
from qa.generate.speech import Said, said
from qa.records import Answer, Citation, Claim, Hit, Question

log = logging.getLogger(__name__)

HITS_READ = 8
MOST_TOKENS = 6_000
"""Of a prompt, however large the window: more passages help no answer, and cost time on a small machine."""
_MOST_FOR_SUMMARY = 16_000
_TRIES = 3
_LEAST_TOKENS = 300
"""A prompt that is too long even so cannot be made to fit."""

CUT = "The model did not come to an end, so its answer was cut there."
NOT_SUPPORTED = "The model wrote an answer that nothing in the articles supports, so it is not shown."
NOTHING = "The model found no answer."
SILENT = "The model wrote nothing."


class ChatModel(Protocol):
    """A chat model and what is known of it."""

    @property
    def chat(self) -> BaseChatModel:
        """The model itself."""

    @property
    def name(self) -> str:
        """As the user gave it."""

    @property
    def window(self) -> int:
        """Tokens of prompt and answer together."""


class Trouble(Protocol):
    """What is known of the errors of all providers."""

    def failure(self, error: BaseException, model: Any) -> Exception:
        """What went wrong, in a sentence that says what to do."""

    def passing(self, error: BaseException) -> float | None:
        """Seconds to wait before another try, None if that will not help."""

    def overflows(self, error: BaseException) -> bool:
        """Whether the prompt was too long."""


class Checked(Protocol):
    """A text of which every sentence has been checked."""

    @property
    def text(self) -> str:
        """With the numbers of citations, and marks after what is not supported."""

    @property
    def citations(self) -> tuple[Citation, ...]:
        """What supports it."""

    @property
    def claims(self) -> tuple[Claim, ...]:
        """Its sentences."""

    @property
    def confidence(self) -> float:
        """How well it is supported, 0..1."""


class Draft(Protocol):
    """A text that grows and is checked sentence by sentence."""

    def grow(self, text: str, *, whole: bool) -> Checked:
        """The text so far, checked; without its last sentence unless it is `whole`."""


class Answerer(Protocol):
    """The reader: answers without a model."""

    def answer(
        self, question: Question, hits: Sequence[Hit], config: RunnableConfig | None = None
    ) -> Generator[Answer]:
        """Snapshots of the answer."""


class Writer:
    """Answers by a chat model; by the reader where the model fails or nothing supports what it writes.

    `model` is called with each question: what is wrong with a setting raises `ModelError` then, what is wrong with a
    server (`ModelServerError`) has the reader answer. `draft` begins the checking of one answer from these hits.
    """

    def __init__(
        self,
        model: Callable[[], ChatModel],
        *,
        draft: Callable[[Sequence[Hit]], Draft],
        reader: Answerer,
        trouble: Trouble,
    ) -> None:
        self._model = model
        self._draft = draft
        self._reader = reader
        self._trouble = trouble

    def answer(
        self, question: Question, hits: Sequence[Hit], config: RunnableConfig | None = None
    ) -> Generator[Answer]:
        """Snapshots of the answer, each with one sentence more; the last is whole."""
        if not hits:
            yield from self._reader.answer(question, hits, config)
            return
        last: Answer | None = None
        why = SILENT
        try:
            model = self._model()
            # Closed whatever happens: a reader who has gone must not keep the model writing.
            with closing(self._written(model, question, hits, config)) as snapshots:
                for last in snapshots:
                    if last.citations:
                        yield last
        except ModelServerError as error:
            last, why = None, _sentence(str(error))
        if last is not None and last.citations:
            return
        if last is not None and last.claims:
            unsupported = any(claim.supported is False for claim in last.claims)
            why = NOT_SUPPORTED if unsupported else NOTHING
        yield from self._instead(question, hits, config, why)

    def _instead(
        self, question: Question, hits: Sequence[Hit], config: RunnableConfig | None, why: str
    ) -> Iterator[Answer]:
        """What the reader finds, with a word on why it answers."""
        quoted = f"{why} This is what the reader quotes."
        for answer in self._reader.answer(question, hits, config):
            yield replace(answer, note=quoted if answer.answered else why)

    def _written(
        self, model: ChatModel, question: Question, hits: Sequence[Hit], config: RunnableConfig | None
    ) -> Generator[Answer]:
        """What the model writes, checked. Raises the `ModelServerError` that says why there is no more of it."""
        if question.kind == "question":
            hits = hits[: question.passages or HITS_READ]
        most = MOST_TOKENS if question.kind == "question" else _MOST_FOR_SUMMARY
        room = min(most, model.window - min(ANSWER_TOKENS, model.window // 3))
        for attempt in range(1, _TRIES + 1):
            spoken = False
            try:
                for snapshot in self._stream(model, question, hits, room, config):
                    spoken = True
                    yield snapshot
            except Exception as error:  # any provider's; `failure` makes a sentence of it
                log.info("the model failed: %s", type(error).__name__)
                wait = self._trouble.passing(error)
                if self._trouble.overflows(error) and room // 2 >= _LEAST_TOKENS:
                    room //= 2
                elif wait is not None and not spoken and attempt < _TRIES:
                    time.sleep(wait)
                else:
                    raise self._trouble.failure(error, model) from error
            else:
                return
        raise ModelServerError("the articles do not fit into the model's window, however few are sent")

    def _stream(
        self,
        model: ChatModel,
        question: Question,
        hits: Sequence[Hit],
        room: int,
        config: RunnableConfig | None,
    ) -> Iterator[Answer]:
        prompt, sent = messages(question, hits, room=room)
        # What was sent comes first, under the numbers that the model knows; what was not can still support a sentence.
        known = [*sent, *(hit for hit in hits[len(sent) :])]
        draft = self._draft(known)
        last = Said("")
        shown = 0
        with closing(said(model.chat.stream(prompt, config))) as growing:
            for last in growing:
                checked = draft.grow(last.text, whole=False)
                if len(checked.claims) > shown:
                    shown = len(checked.claims)
                    yield _answer(question, checked, model)
        checked = draft.grow(last.text, whole=not last.cut)
        yield replace(_answer(question, checked, model), note=CUT if last.cut else None)


def _answer(question: Question, checked: Checked, model: ChatModel) -> Answer:
    return Answer(
        question=question.text,
        answered=True,
        answer=checked.text,
        confidence=checked.confidence,
        citations=checked.citations,
        nearest=(),
        model=model.name,
        seconds=0.0,
        claims=checked.claims,
    )


def _sentence(error: str) -> str:
    """What an error says, as a sentence among others; a name at its beginning stays as it is spelt."""
    first = error.split(maxsplit=1)[0] if error else ""
    return (error[:1].upper() + error[1:] if first.isalpha() else error).rstrip(".") + "."
