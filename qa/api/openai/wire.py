"""Requests and replies of chat completions, models and embeddings, as they go over the wire.

What qa cannot do is refused where it would change the answer, and what makes no difference to a quote (temperature,
seed, ...) is accepted and passed over. Takes and gives nothing; knows nothing of answering.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

MOST_MESSAGES = 2_000
_CHARACTERS_A_TOKEN = 4
_LEFT_OUT = Field(exclude_if=lambda value: value is None)
MOST_INPUTS = 2_048
"""Texts of one request for embeddings, as OpenAI has it."""


class ContentPart(BaseModel):
    """A part of a message. Only those of the type `text` can be read."""

    type: str
    text: str | None = None


Content = str | Annotated[list[ContentPart], Field(max_length=1_000)]


class Message(BaseModel):
    """One message of the conversation."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: Content | None = None


class StreamOptions(BaseModel):
    """What else a stream brings: `include_usage`, the number of tokens at its end."""

    include_usage: bool | None = None


class ResponseFormat(BaseModel):
    """The form of the answer: only `text` can be had."""

    type: str = "text"


class ChatRequest(BaseModel):
    """A conversation whose last message is a question.

    `asked` is ours: the day that the question is asked on ("this week"), today if it is left out.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"model": "qa", "messages": [{"role": "user", "content": "Where was the summit?"}]}]
        }
    )

    model: str
    messages: Annotated[list[Message], Field(min_length=1, max_length=MOST_MESSAGES)]
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    n: int | None = None
    logprobs: bool | None = None
    response_format: ResponseFormat | None = None
    modalities: list[str] | None = None
    tool_choice: str | dict[str, Any] | None = None
    asked: date | None = None


class Usage(BaseModel):
    """Tokens, estimated: four characters each."""

    prompt_tokens: int
    completion_tokens: int = 0
    total_tokens: int


class Reply(BaseModel):
    """The message that answers."""

    role: Literal["assistant"] = "assistant"
    content: str
    refusal: None = None


class Choice(BaseModel):
    """The only choice."""

    index: Literal[0] = 0
    message: Reply
    finish_reason: Literal["stop"] = "stop"
    logprobs: None = None


class ChatCompletion(BaseModel):
    """A whole answer. `qa` is ours: the object of `qa ask --json`, with the citations and their offsets."""

    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: int
    model: str
    choices: list[Choice]
    usage: Usage
    qa: dict[str, Any]


class Delta(BaseModel):
    """What comes next of the message."""

    role: Annotated[Literal["assistant"] | None, _LEFT_OUT] = None
    content: Annotated[str | None, _LEFT_OUT] = None


class ChunkChoice(BaseModel):
    """The only choice, as it goes on."""

    index: Literal[0] = 0
    delta: Delta
    finish_reason: Literal["stop"] | None = None
    logprobs: None = None


class ChatChunk(BaseModel):
    """A piece of an answer; the one with the reason for its end has `qa`, as in a whole one."""

    id: str
    object: Literal["chat.completion.chunk"] = "chat.completion.chunk"
    created: int
    model: str
    choices: list[ChunkChoice]
    usage: Annotated[Usage | None, _LEFT_OUT] = None
    qa: Annotated[dict[str, Any] | None, _LEFT_OUT] = None


class ModelInfo(BaseModel):
    """A model by its name."""

    id: str
    object: Literal["model"] = "model"
    created: int
    owned_by: Literal["qa"] = "qa"


class ModelList(BaseModel):
    """All models."""

    object: Literal["list"] = "list"
    data: list[ModelInfo]


class EmbeddingsRequest(BaseModel):
    """Texts to embed, or one; a list of token ids, which only the model that they are for could read, is refused."""

    model: str
    input: str | Annotated[list[str], Field(min_length=1, max_length=MOST_INPUTS)]
    encoding_format: Literal["float", "base64"] | None = None
    dimensions: int | None = None


class Embedding(BaseModel):
    """A unit vector: numbers, or little-endian float32 in base64 if that was asked for."""

    object: Literal["embedding"] = "embedding"
    index: int
    embedding: list[float] | str


class EmbeddingList(BaseModel):
    """The vectors in the order of the texts."""

    object: Literal["list"] = "list"
    data: list[Embedding]
    model: str
    usage: Usage


def usage(prompt: Sequence[str], completion: str = "") -> Usage:
    """The tokens of what was sent and what came back.

    >>> usage(["How much?"], "48 million").total_tokens
    6
    """
    asked, answered = (-(-size // _CHARACTERS_A_TOKEN) for size in (sum(map(len, prompt)), len(completion)))
    return Usage(prompt_tokens=asked, completion_tokens=answered, total_tokens=asked + answered)
