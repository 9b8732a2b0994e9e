"""The messages of a request -> a question and the conversation before it.

Instructions (system, developer) and the results of tools are passed over: answers come from the articles, and the
checks of what supports them are not up to who asks. Knows nothing of answering.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa.api.openai.failures import RequestError
from qa.api.openai.wire import ChatRequest, Content, Message
from qa.api.prose import spoken

_UNREADABLE = "qa reads text only: leave out the part of the type {!r}."
_KEPT = 20
"""Turns of a long conversation that are looked at: no follow-up goes back further."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """A question, and the turns before it, each as (what the user said, what was answered)."""

    question: str
    history: tuple[tuple[str, str], ...] = ()


def conversation(request: ChatRequest) -> Conversation:
    """The question that a request puts. Raises `RequestError` where there is none, or it asks for what qa cannot do."""
    _check(request)
    spoken_of = [one for one in request.messages if one.role in ("user", "assistant")]
    if not spoken_of or request.messages[-1].role != "user":
        raise RequestError(
            "The last message must be the user's: it is the question.", param="messages", code="no_question"
        )
    question = _text(spoken_of[-1]).strip()
    if not question:
        raise RequestError("The last message is empty: put a question.", param="messages", code="no_question")
    return Conversation(question=question, history=tuple(_turns(spoken_of[:-1])[-_KEPT:]))


def words(request: ChatRequest) -> list[str]:
    """All that the messages say, for counting."""
    return [_text(message, readable=False) for message in request.messages]


def _turns(messages: Sequence[Message]) -> list[tuple[str, str]]:
    """What was said before, in pairs; what had no answer, or no question, has an empty one."""
    turns: list[tuple[str, str]] = []
    for message in messages:
        said = _text(message, readable=False).strip()
        if message.role == "user":
            turns.append((said, ""))
        elif turns and not turns[-1][1]:
            turns[-1] = (turns[-1][0], spoken(said))
        else:
            turns.append(("", spoken(said)))
    return turns


def _text(message: Message, *, readable: bool = True) -> str:
    """The text of a message. Raises `RequestError` for an image or a sound, if it must be `readable`."""
    content: Content | None = message.content
    if content is None:
        return ""
    if isinstance(content, str):
        return content
    for part in content:
        if readable and part.type != "text":
            raise RequestError(
                _UNREADABLE.format(part.type[:40]), param="messages", code="unsupported_content"
            )
    return "\n".join(part.text for part in content if part.type == "text" and part.text)


def _check(request: ChatRequest) -> None:
    """Refuses what would change the answer and cannot be had."""
    refused = (
        ("n", request.n not in (None, 1), "there is one answer to a question: leave out n"),
        ("logprobs", bool(request.logprobs), "there are no log probabilities of an answer"),
        (
            "response_format",
            request.response_format is not None and request.response_format.type != "text",
            "answers are text; the reply has them as JSON, too, in its field qa",
        ),
        ("modalities", any(one != "text" for one in request.modalities or ()), "answers are text"),
        ("tool_choice", request.tool_choice not in (None, "none", "auto"), "qa calls no tools"),
    )
    for param, wrong, why in refused:
        if wrong:
            raise RequestError(f"{why[:1].upper()}{why[1:]}.", param=param, code="unsupported_parameter")
