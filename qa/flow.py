"""Answers that come in a thread of their own, so that whoever waits for them can leave at any moment.

A generator cannot be left while it works on its next item, and a chat model may work on one for minutes. Here the
work goes on in another thread, and the one who waits is given None every now and then. Who leaves ends the work: at
its next item, or at the next token of a chat model. Knows nothing of pages, and of answers only that they are items.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, nullcontext
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

Item = TypeVar("Item")
Run = Callable[[Callable[[], None]], None]
"""Does something in a thread of its own."""


@dataclass(slots=True)
class Ear:
    """What is heard from inside: whether a chat model has been asked. `left` ends it all, from any thread."""

    left: Callable[[], bool]
    model_reads: bool = False

    def check(self) -> None:
        """Ends the work, from within it, if nobody waits any more."""
        if self.left():
            raise Left


class Left(BaseException):
    """Nobody waits any more: leave the thread, through whatever code is under way."""


@dataclass(frozen=True, slots=True)
class _End:
    """The last thing that comes out of the thread: what went wrong in it, if something did."""

    error: BaseException | None = None


def flowing(
    make: Callable[[], Iterator[Item]],
    run: Run,
    *,
    left: threading.Event,
    tick: float,
    ear: Ear | None = None,
) -> Generator[Item | None]:
    """The items of what `make` gives, and None whenever nothing came for `tick` seconds.

    All of it, `make` too, is done by `run`. Closing this generator sets `left`; with it the work ends, and its iterator
    is closed, at the next item or wherever `ear` is asked. What goes wrong there is raised here.
    """
    things: SimpleQueue[Item | _End] = SimpleQueue()

    def work() -> None:
        try:
            made = make()
            with closing(made) if isinstance(made, Generator) else nullcontext():
                for item in made if ear is None else heard(made, ear):
                    things.put(item)
                    if left.is_set():
                        break
        except Left:
            things.put(_End())
        except BaseException as error:  # whoever waits is told, whatever it was
            things.put(_End(error))
        else:
            things.put(_End())

    run(work)
    try:
        while True:
            try:
                thing = things.get(timeout=tick)
            except Empty:
                yield None
                continue
            if isinstance(thing, _End):
                if thing.error is not None:
                    raise thing.error
                return
            yield thing
    except GeneratorExit:
        left.set()
        raise


def heard(made: Iterator[Item], ear: Ear) -> Iterator[Item]:
    """The same items, with `ear` among the callbacks of all that LangChain runs to make them."""
    # Importing these takes half a second, and the page listens first.
    from langchain_core.callbacks import BaseCallbackHandler
    from langchain_core.runnables.config import set_config_context

    class Callbacks(BaseCallbackHandler):
        run_inline = True

        def on_chat_model_start(self, *_: Any, **__: Any) -> None:
            ear.model_reads = True
            ear.check()

        def on_llm_new_token(self, *_: Any, **__: Any) -> None:
            ear.check()

    nothing = object()
    with set_config_context({"callbacks": [Callbacks()]}) as context:
        while (item := context.run(next, made, nothing)) is not nothing:
            yield item  # type: ignore[misc]  # what is not nothing is an item
