"""A GGUF file -> a chat model of LangChain that runs in this process, by llama.cpp.

Knows llama.cpp's ways: its prompts are read in batches, and only between two of them can it be stopped. Nothing
listens on the network: the server that comes with the binding is given a socket that nobody else can reach.
"""

from __future__ import annotations

import os
import secrets
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Event, Lock, Thread
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.language_models.chat_models import generate_from_stream
from langchain_core.messages import AIMessageChunk, BaseMessage, convert_to_openai_messages
from langchain_core.messages.ai import UsageMetadata
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from pydantic import PrivateAttr

from qa.errors import ModelError
from qa.models.header import damaged, trained_window
from qa.models.model import ANSWER_TOKENS
from qa.models.providers import estimated_tokens

_BATCH = 256  # tokens of prompt between two moments at which an answer can be stopped
_DONE = object()


class LlamaError(RuntimeError):
    """What llama.cpp says when it cannot answer; `status_code` is that of its HTTP server."""

    def __init__(self, message: str, status_code: int | None = None) -> None:
        super().__init__(message)
        self.status_code = status_code


class Gguf(BaseChatModel):
    """A model in this process. Answers one at a time, in the order they are asked for, from any thread.

    While the prompt is read, a piece without text comes after each batch; an answer that nobody takes any more (its
    iterator is closed) stops there, too. `window`: tokens of context; `patience`: seconds without a sign of life after
    which it is given up.
    """

    path: str
    window: int
    max_tokens: int = ANSWER_TOKENS
    patience: float

    _server: Any = PrivateAttr()
    _turn: Lock = PrivateAttr(default_factory=Lock)

    @property
    def _llm_type(self) -> str:
        return "gguf"

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return generate_from_stream(self._stream(messages, stop, run_manager, **kwargs))

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        request = _request(messages, stop, kwargs.get("max_tokens", self.max_tokens))
        said: SimpleQueue[Any] = SimpleQueue()
        stopped = Event()
        # Not a daemon: one that outlived the interpreter would call back into it. Closing ends it soon.
        Thread(target=self._answer, args=(request, said, stopped), name="gguf").start()
        try:
            while (event := said.get(timeout=self.patience)) is not _DONE:
                chunk = _chunk(event)
                if chunk is None:
                    continue
                if run_manager and chunk.text:
                    run_manager.on_llm_new_token(chunk.text, chunk=chunk)
                yield chunk
        except Empty:
            raise TimeoutError(f"no word in {self.patience:.0f} seconds") from None
        finally:
            stopped.set()

    def _answer(self, request: dict[str, Any], said: SimpleQueue[Any], stopped: Event) -> None:
        """Runs in a thread of its own: llama.cpp pushes what it says, where LangChain pulls."""

        def on_event(event: dict[str, Any]) -> bool:
            said.put(event)
            return stopped.is_set()

        try:
            with self._turn:
                if not stopped.is_set():
                    self._server.handle_chat_completions(request, on_event)
        except Exception as error:  # raised again where somebody waits for it
            said.put(error)
        finally:
            said.put(_DONE)

    def get_token_ids(self, text: str) -> list[int]:
        """An estimate; that of LangChain would download a vocabulary."""
        return estimated_tokens(text)


def open_gguf(path: Path, *, window: int, patience: float) -> Gguf:
    """Load a file, at most `window` tokens of context. Raises `ModelError`: no package, no file, not a model."""
    limit = min(trained_window(path) or window, window)
    try:
        import xllamacpp
    except ImportError:
        raise ModelError("the package xllamacpp is not installed: pip install 'qa[gguf]'") from None
    _warm(path)
    settings = xllamacpp.CommonParams()
    settings.model.path = str(path)
    settings.n_ctx = limit
    settings.n_batch = _BATCH
    settings.cache_ram_mib = 0  # a copy of each prompt seen, else
    settings.verbosity = 0
    if (threads := os.environ.get("OMP_NUM_THREADS", "")).isdigit():  # the usual way to say how many
        settings.cpuparams.n_threads = settings.cpuparams_batch.n_threads = int(threads)
    settings.warmup = False  # see below
    settings.ui = settings.endpoint_slots = False
    settings.api_keys = [secrets.token_hex(32)]
    with tempfile.TemporaryDirectory(prefix="qa-") as folder:
        socket = f"{folder}/s.sock"
        if sys.platform != "win32" and len(socket.encode()) < 100:  # what the name of a socket may have
            settings.hostnames = [socket]  # gone with its folder, before anybody is told of it
        try:
            server = xllamacpp.Server(settings)
        except Exception:  # it says no more than that it failed
            raise damaged(path) from None
    chat = Gguf(path=str(path), window=limit, patience=patience)
    chat._server = server
    # One word: a template that cannot be used fails here, and a server may not be let go before it has begun to run.
    try:
        chat.invoke("Hi", max_tokens=1)
    except LlamaError as error:
        raise ModelError(f"{path} cannot be talked to: {error}") from None
    return chat


def _warm(path: Path) -> None:
    """Read the file once, so that it is in memory: while llama.cpp loads it, no other thread of Python can run."""
    with path.open("rb") as file:
        while file.read(1 << 24):
            pass


def _request(messages: Sequence[BaseMessage], stop: list[str] | None, max_tokens: int) -> dict[str, Any]:
    return {
        "messages": convert_to_openai_messages(list(messages)),
        "stream": True,
        "return_progress": True,  # a call between batches of the prompt, at which it can be stopped
        "temperature": 0,
        "max_tokens": max_tokens,
        "stop": stop or [],
        "chat_template_kwargs": {"enable_thinking": False},
    }


def _chunk(event: Any) -> ChatGenerationChunk | None:
    """What llama.cpp pushed -> a piece of the answer, None if it has none. Raises what went wrong."""
    if isinstance(event, Exception):
        raise event
    if "error" in event:
        error = event["error"]
        raise LlamaError(str(error.get("message", error)), error.get("code"))
    choice = (event.get("choices") or [{}])[0]
    text, reason = (choice.get("delta") or {}).get("content") or "", choice.get("finish_reason")
    if not text and reason is None and "prompt_progress" not in event:
        return None
    usage: UsageMetadata | None = None
    if timings := event.get("timings"):
        read, written = timings.get("prompt_n", 0) + timings.get("cache_n", 0), timings.get("predicted_n", 0)
        usage = UsageMetadata(input_tokens=read, output_tokens=written, total_tokens=read + written)
    message = AIMessageChunk(content=text, usage_metadata=usage)
    return ChatGenerationChunk(message=message, generation_info={"finish_reason": reason} if reason else None)
