"""A chat model's answer, streamed and checked; and the reader's where the model has none."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.language_models import BaseChatModel, FakeListChatModel
from langchain_core.messages import AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from pydantic import Field

from qa import Library
from qa.errors import ModelError, ModelServerError
from qa.generate import Writer
from qa.generate.writer import CUT, NOT_SUPPORTED, NOTHING, SILENT
from qa.quote import Quoter
from qa.records import UNSUPPORTED, Answer, Hit, Question
from qa.verify import Checker, Draft

QUESTION = Question(text="where did the summit take place?", asked=date(2019, 4, 26))
WRITTEN = "The summit took place on Russky island on Thursday [1]. Kim Jong Un came by armoured train [1]."


@dataclass
class Scripted:
    chat: BaseChatModel
    name: str = "scripted"
    window: int = 4096


class BusyError(Exception):
    """A server that asks for patience."""


class TooLongError(Exception):
    """A window that is too small."""


class Trouble:
    """What is known of these errors."""

    def failure(self, error: BaseException, model: Any) -> ModelServerError:
        return ModelServerError(f"{model.name} failed ({error}): start it again")

    def passing(self, error: BaseException) -> float | None:
        return 0.0 if isinstance(error, BusyError) else None

    def overflows(self, error: BaseException) -> bool:
        return isinstance(error, TooLongError)


class Streaming(BaseChatModel):
    """Streams what `script` yields for the number of the call; keeps what it was sent."""

    script: Callable[[int], Iterator[str]]
    sent: list[Sequence[BaseMessage]] = Field(default_factory=list)
    closed: list[int] = Field(default_factory=list)

    @property
    def _llm_type(self) -> str:
        return "streaming"

    def _generate(self, messages: Any, stop: Any = None, run_manager: Any = None, **more: Any) -> ChatResult:
        raise NotImplementedError

    def _stream(
        self, messages: Any, stop: Any = None, run_manager: Any = None, **more: Any
    ) -> Iterator[ChatGenerationChunk]:
        self.sent.append(messages)
        try:
            for text in self.script(len(self.sent)):
                yield ChatGenerationChunk(message=AIMessageChunk(text))
        finally:
            self.closed.append(len(self.sent))


@pytest.fixture(scope="module")
def hits(library: Library) -> list[Hit]:
    return library.search(QUESTION.text, k=4)


@pytest.fixture(scope="module")
def checker(library: Library) -> Checker:
    return Checker(library.embeddings)


@pytest.fixture
def writer(library: Library, checker: Checker) -> Callable[[BaseChatModel], Writer]:
    quoter = Quoter(library.answering.reader)

    def make(chat: BaseChatModel, window: int = 4096) -> Writer:
        model = Scripted(chat, window=window)
        return Writer(
            lambda: model, draft=lambda hits: Draft(hits, checker), reader=quoter, trouble=Trouble()
        )

    return make


def _last(writer: Writer, hits: Sequence[Hit], question: Question = QUESTION) -> Answer:
    *_, last = writer.answer(question, hits)
    return last


def _fake(text: str) -> BaseChatModel:
    return FakeListChatModel(responses=[text])


def test_a_written_answer(writer: Any, hits: list[Hit], library: Library) -> None:
    snapshots = list(writer(_fake(WRITTEN)).answer(QUESTION, hits))
    last = snapshots[-1]
    text = library.article("summit-talks").text
    assert last.answered
    assert last.answer == (
        "The summit took place on Russky island on Thursday. [1] Kim Jong Un came by armoured train. [2]"
    )
    assert [text[one.start : one.end] for one in last.citations] == [one.quote for one in last.citations]
    assert [one.quote for one in last.citations] == [
        "VLADIVOSTOK, Russia: The summit took place on Russky island on Thursday, on a university campus.",
        "Kim Jong Un came by armoured train.",
    ]
    assert [(last.answer[c.start : c.end], c.citations, c.supported) for c in last.claims] == [
        ("The summit took place on Russky island on Thursday.", (1,), True),
        ("Kim Jong Un came by armoured train.", (2,), True),
    ]
    assert (last.model, last.note, last.nearest) == ("scripted", None, ())
    assert last.sure
    # Sentence by sentence: what was shown once does not change.
    assert [one.answer for one in snapshots] == sorted({one.answer for one in snapshots}, key=len)
    assert all(last.answer.startswith(one.answer) for one in snapshots)
    assert len(snapshots) == 2


def test_what_nothing_supports_is_marked(writer: Any, hits: list[Hit]) -> None:
    last = _last(writer(_fake(f"{WRITTEN} They signed a treaty on fishing in Oslo [1].")), hits)
    assert last.answer.endswith(f"They signed a treaty on fishing in Oslo. {UNSUPPORTED}")
    assert [claim.supported for claim in last.claims] == [True, True, False]
    assert len(last.citations) == 2


def test_nothing_supported_the_reader_answers(writer: Any, hits: list[Hit]) -> None:
    last = _last(writer(_fake("The summit took place in Oslo in 1987 [1].")), hits)
    assert (last.answered, last.answer, last.model) == (True, "Russky island", "reader")
    assert last.note == f"{NOT_SUPPORTED} This is what the reader quotes."


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        ("The articles do not say.", NOTHING),
        ("", SILENT),
        ("<think>Where was it? It may have been", SILENT),
    ],
)
def test_no_answer_the_reader_looks(writer: Any, hits: list[Hit], reply: str, why: str) -> None:
    model = Streaming(script=lambda call: iter([reply]))
    last = _last(writer(model), hits)
    assert (last.answer, last.note) == ("Russky island", f"{why} This is what the reader quotes.")
    declined = _last(
        writer(model), hits, replace(QUESTION, text="who invented the telephone exchange in 1877?")
    )
    assert (declined.answered, declined.answer, declined.note) == (False, None, why)
    assert declined.nearest


def test_no_hits_no_model(writer: Any) -> None:
    def never(call: int) -> Iterator[str]:
        raise AssertionError

    last = _last(writer(Streaming(script=never)), [])
    assert (last.answered, last.model) == (False, "reader")


def test_a_server_that_dies_in_mid_answer(writer: Any, hits: list[Hit]) -> None:
    def dying(call: int) -> Iterator[str]:
        yield "The summit took place on Russky island on Thursday [1]. Kim Jong"
        raise ConnectionResetError("gone")

    first, last = writer(Streaming(script=dying)).answer(QUESTION, hits)
    assert first.answer == "The summit took place on Russky island on Thursday. [1]"
    assert (last.answer, last.model) == ("Russky island", "reader")
    assert last.note == "Scripted failed (gone): start it again. This is what the reader quotes."


def test_a_busy_server_is_asked_again(writer: Any, hits: list[Hit]) -> None:
    def busy(call: int) -> Iterator[str]:
        if call < 3:
            raise BusyError
        yield WRITTEN

    model = Streaming(script=busy)
    assert _last(writer(model), hits).model == "scripted"
    assert len(model.sent) == 3


def test_a_server_that_stays_busy(writer: Any, hits: list[Hit]) -> None:
    def busy(call: int) -> Iterator[str]:
        raise BusyError("rate limit")
        yield ""

    model = Streaming(script=busy)
    last = _last(writer(model), hits)
    assert last.note == "Scripted failed (rate limit): start it again. This is what the reader quotes."
    assert len(model.sent) == 3


def test_a_window_that_is_smaller_than_was_said(writer: Any, hits: list[Hit]) -> None:
    def small(call: int) -> Iterator[str]:
        if call < 3:
            raise TooLongError
        yield WRITTEN

    model = Streaming(script=small)
    long = [replace(hit, text=hit.text + " It rained." * 200, end=hit.end + 2200) for hit in hits]
    assert _last(writer(model), long).model == "scripted"
    lengths = [len(str(messages[-1].content)) for messages in model.sent]
    assert lengths[0] > 1.5 * lengths[1] > 2 * lengths[2]


def test_a_model_that_does_not_end(writer: Any, hits: list[Hit]) -> None:
    def endless(call: int) -> Iterator[str]:
        yield WRITTEN
        while True:
            yield " He came. "

    model = Streaming(script=endless)
    last = _last(writer(model), hits)
    assert last.note == CUT
    assert last.answer is not None
    assert last.answer.startswith("The summit took place on Russky island on Thursday. [1] Kim")
    assert len(model.closed) == 1


@pytest.mark.parametrize("mark", [" ", " [1] ", "  \n\n"])
def test_what_was_shown_is_not_taken_back(writer: Any, hits: list[Hit], mark: str) -> None:
    def endless(call: int) -> Iterator[str]:
        while True:
            for sentence in ("The summit took place on Russky island. ", *["Kim came by train." + mark] * 9):
                yield from sentence.partition(" ")

    shown = [answer.answer for answer in writer(Streaming(script=endless)).answer(QUESTION, hits)]
    assert [text.count("Kim came by train.") for text in shown] == [0, 1, 1]
    assert all(after.startswith(before) for before, after in pairwise(shown))


def test_whoever_asked_has_gone(writer: Any, hits: list[Hit]) -> None:
    def slow(call: int) -> Iterator[str]:
        yield f"{WRITTEN} He"
        for _ in range(1000):
            yield " came"

    model = Streaming(script=slow)
    answers = writer(model).answer(QUESTION, hits)
    next(answers)
    answers.close()
    assert model.closed == [1]


def test_callbacks_see_the_model(writer: Any, hits: list[Hit]) -> None:
    seen: list[str] = []

    class Log(BaseCallbackHandler):
        def on_chat_model_start(self, serialized: Any, messages: Any, **more: Any) -> None:
            seen.append(messages[0][-1].content)

    list(writer(_fake(WRITTEN)).answer(QUESTION, hits, {"callbacks": [Log()]}))
    assert [text.endswith("Question: where did the summit take place?") for text in seen] == [True]


def test_a_setting_that_is_wrong_is_said(library: Library, checker: Checker, hits: list[Hit]) -> None:
    def none() -> Scripted:
        raise ModelError("no such model")

    writer = Writer(
        none,
        draft=lambda hits: Draft(hits, checker),
        reader=Quoter(library.answering.reader),
        trouble=Trouble(),
    )
    with pytest.raises(ModelError, match="no such model"):
        list(writer.answer(QUESTION, hits))


def test_a_server_that_is_down_from_the_beginning(
    library: Library, checker: Checker, hits: list[Hit]
) -> None:
    def down() -> Scripted:
        raise ModelServerError("nothing answers at http://127.0.0.1:9/v1: start the model server")

    writer = Writer(
        down,
        draft=lambda hits: Draft(hits, checker),
        reader=Quoter(library.answering.reader),
        trouble=Trouble(),
    )
    last = _last(writer, hits)
    assert (last.answer, last.note) == (
        "Russky island",
        "Nothing answers at http://127.0.0.1:9/v1: start the model server. This is what the reader quotes.",
    )


def test_several_at_once(writer: Any, hits: list[Hit]) -> None:
    one = writer(_fake(WRITTEN))
    answers: list[str | None] = []
    threads = [threading.Thread(target=lambda: answers.append(_last(one, hits).answer)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 4
    assert len(set(answers)) == 1
