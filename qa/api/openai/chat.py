"""Chat completions: a request -> one reply, or a stream of pieces as the answer is written.

Takes the work of a library and a request that has been read; gives replies of the wire. Knows nothing of HTTP but that
a stream is lines of server-sent events.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from qa.api import log, prose
from qa.api.metrics import Metrics, Through
from qa.api.openai.failures import ErrorReply, request_error
from qa.api.openai.messages import Conversation, conversation, words
from qa.api.openai.names import Names
from qa.api.openai.wire import (
    ChatChunk,
    ChatCompletion,
    ChatRequest,
    Choice,
    ChunkChoice,
    Delta,
    Reply,
    Usage,
    usage,
)
from qa.api.source import AnyLibrary
from qa.api.work import Work
from qa.errors import QAError
from qa.records import Answer

DONE = "data: [DONE]\n\n"
_BEGIN_SECONDS = 3.0
"""How long a stream waits for the first of its answer before it begins without."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """Answers requests by the work of a library, and counts them."""

    work: Work
    names: Names
    metrics: Metrics

    def begin(self, request: ChatRequest) -> Asked:
        """The question of a request. Raises `RequestError` if there is none that can be answered."""
        return Asked(request=request, put=conversation(request), model=self.names.answerer(request.model))

    async def complete(self, asked: Asked) -> ChatCompletion:
        """The whole answer."""
        async with aclosing(self._answers(asked)) as answers:
            *_, answer = [one async for one in answers]
        text = prose.text(answer)
        return ChatCompletion(
            id=asked.id,
            created=asked.created,
            model=asked.request.model,
            choices=[Choice(message=Reply(content=text))],
            usage=usage(words(asked.request), text),
            qa=answer.to_json(),
        )

    async def stream(self, asked: Asked) -> AsyncGenerator[str]:
        """The answer as server-sent events. What goes wrong in the first seconds is raised, so that the reply can have
        its status; later it is the last of the events.
        """
        answers = self._answers(asked)
        first = asyncio.ensure_future(anext(answers))
        try:
            await asyncio.wait({first}, timeout=_BEGIN_SECONDS)
            if first.done():
                first.result()
        except BaseException:
            await _end(first, answers)
            raise
        return self._events(asked, first, answers)

    async def _events(
        self, asked: Asked, first: asyncio.Future[Answer], answers: AsyncGenerator[Answer]
    ) -> AsyncGenerator[str]:
        try:
            yield asked.event(Delta(role="assistant", content=""))
            answer = await first
            text = said = prose.body(answer)
            yield asked.event(Delta(content=text))
            async for answer in answers:
                body = prose.body(answer)
                new, said = _new(said, body), body
                text += new
                if new:
                    yield asked.event(Delta(content=new))
            if end := prose.tail(answer):
                text += end
                yield asked.event(Delta(content=end))
            yield asked.event(Delta(), end=True, qa=answer.to_json())
            options = asked.request.stream_options
            if options is not None and options.include_usage:
                yield asked.usage_event(usage(words(asked.request), text))
        except Exception as error:  # the reply has begun: its status cannot say it any more
            if not isinstance(error, QAError):
                log.failure(error, id=asked.id)
            yield f"data: {ErrorReply(error=request_error(error).body).model_dump_json()}\n\n"
        finally:
            await _end(first, answers)
        yield DONE

    async def _answers(self, asked: Asked) -> AsyncGenerator[Answer]:
        """Snapshots of the answer, counted when it is whole."""

        def answers(library: AnyLibrary) -> Iterator[Answer]:
            options: dict[str, Any] = {} if asked.model is None else {"model": asked.model}
            return library.stream(
                asked.put.question, asked=asked.request.asked, history=asked.put.history, **options
            )

        with self.metrics.question(Through.CHAT) as counted:
            async with aclosing(self.work.stream(answers)) as snapshots:
                async for answer in snapshots:
                    yield answer
                    counted.answer = answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question under way, and the name that its reply has. `model` is None for the answerer of the settings."""

    request: ChatRequest
    put: Conversation
    model: str | None
    id: str = field(default_factory=lambda: f"chatcmpl-{uuid4().hex}")
    created: int = field(default_factory=lambda: int(time.time()))

    def event(self, delta: Delta, *, end: bool = False, qa: dict[str, Any] | None = None) -> str:
        """One piece of the answer as a server-sent event."""
        choice = ChunkChoice(delta=delta, finish_reason="stop" if end else None)
        return self._event([choice], qa=qa)

    def usage_event(self, usage: Usage) -> str:
        """The tokens, which come without a choice."""
        return self._event([], usage=usage)

    def _event(
        self, choices: list[ChunkChoice], *, usage: Usage | None = None, qa: dict[str, Any] | None = None
    ) -> str:
        chunk = ChatChunk(
            id=self.id,
            created=self.created,
            model=self.request.model,
            choices=choices,
            usage=usage,
            qa=qa,
        )
        return f"data: {chunk.model_dump_json()}\n\n"


async def _end(first: asyncio.Future[Answer], answers: AsyncGenerator[Answer]) -> None:
    """Stop what answers, wherever it is."""
    first.cancel()
    with suppress(asyncio.CancelledError, Exception):
        await first
    await answers.aclose()


def _new(said: str, body: str) -> str:
    r"""What is to be sent when an answer says `body` that has said `said`.

    A written answer grows. Where the reader takes the place of a model that failed in the middle, what was sent cannot
    be taken back: the other answer follows it, and the remarks say why.

    >>> _new("It cost", "It cost 48 million.")
    ' 48 million.'
    >>> _new("It cost", "48 million")
    '\n\n48 million'
    """
    return body.removeprefix(said) if body.startswith(said) else f"\n\n{body}"
