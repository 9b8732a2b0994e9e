"""What goes on behind the page: opening the library, loading its models, indexing the start-up sources.

Takes `Settings` and sources, gives a `Library` when it is ready and a frozen `Status` at any time. Knows nothing of
Gradio, HTML or browsers. Imports the library only in its own thread, so that the page listens first.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from qa.errors import EmbedderError, ModelServerError, QAError, ReaderError
from qa.records import Failure, Progress
from qa.settings import Settings
from qa.ui.status import Answerer, Status

if TYPE_CHECKING:
    from qa.library import Library
    from qa.ownership import Owner

log = logging.getLogger(__name__)

UNEXPECTED = "Something went wrong inside qa. The terminal that runs it shows what."
_LIST_EVERY = 1.5  # seconds between two looks at the list of articles while indexing, at least
_LOOK_EVERY = 10.0  # seconds between two looks once all is indexed: another command may add through us
_LISTED = frozenset({"articles", "failures", "phase"})  # what the list of articles is drawn from
_DOING = "qa chat"
_EXAMPLES = 4
_WATCHED = 30.0  # seconds since a page last asked, after which nobody is looking
_LAST_WORD = 3.0  # seconds that answers under way have to end when the page closes


class Background:
    """Opens a library and indexes sources in a thread of its own.

    `page` is the address that another process is told which meets the open store; what that wants done is done here.
    `on_failed` is called, in the thread, when the library cannot be opened at all; `error` then says why.
    """

    def __init__(
        self,
        settings: Settings,
        sources: Sequence[str] = (),
        *,
        page: str | None = None,
        on_failed: Callable[[], None] | None = None,
    ) -> None:
        self.settings = settings
        self._page = page
        self._sources = tuple(sources)
        self._on_failed = on_failed
        self._status = Status(sources=_in_few_words(self._sources))
        self._lock = threading.Lock()
        self._listing = threading.Lock()
        self._usable = threading.Event()
        self._closed = threading.Event()
        self._called = threading.Event()  # away from looking after things
        self._closing = ExitStack()
        self._library: Library | None = None
        self._listed = 0.0
        self._watched = time.monotonic()
        self._thread = threading.Thread(target=self._work, name="qa-background", daemon=True)
        self._others: set[threading.Thread] = set()
        self.error: QAError | None = None

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def close(self, patience: float = 20.0) -> None:
        """Stop, and close the library; an indexing under way is left as it is, to be taken up next time.

        Waits `patience` seconds at most for the thread: loading a model takes two, ten on a busy machine.
        """
        self._closed.set()
        self._called.set()
        # Python before 3.14 kills a thread that comes back from C++ while the program ends, and C++ then aborts it.
        if self._thread.is_alive():
            self._thread.join(patience)
        self._usable.set()  # it will not come: who waits for it need not
        last = time.monotonic() + _LAST_WORD
        for thread in tuple(self._others):
            thread.join(max(0.0, last - time.monotonic()))
        self._closing.close()

    @property
    def closed(self) -> bool:
        """Whether the page is going: whoever works for it should end."""
        return self._closed.is_set()

    def run(self, work: Callable[[], None]) -> None:
        """Do `work` in a thread of its own. `close` waits for it a little; it should look at `closed` now and then."""

        def known() -> None:
            try:
                work()
            finally:
                self._others.discard(thread)

        thread = threading.Thread(target=known, name="qa-answer", daemon=True)
        self._others.add(thread)
        thread.start()

    @property
    def status(self) -> Status:
        """Where things stand now. Costs nothing."""
        self._watched = time.monotonic()
        return self._status

    def library(self, patience: float) -> Library | None:
        """The library as soon as questions can be answered, or None after `patience` seconds or when it is closed.

        Raises the `QAError` that kept it from being opened.
        """
        self._usable.wait(patience)
        if self.error is not None:
            raise self.error
        return self._library if self._usable.is_set() and not self._closed.is_set() else None

    def refresh(self, *, examples: bool = True) -> None:
        """Look at the list of articles again, after a change; and draw new `examples` if they are wanted."""
        library = self._library
        if library is None:
            return
        with self._listing:
            began = time.monotonic()
            articles = tuple(library.articles())
            if articles != self._status.articles or examples:
                questions = tuple(library.examples(_EXAMPLES)) if examples else self._status.examples
                self._change(articles=articles, examples=questions)
            # A long list is looked at less often: never more than a twentieth of the time.
            self._listed = time.monotonic() + 20 * (time.monotonic() - began)

    def glance(self) -> None:
        """Look at the list of articles again, unless that was done a moment ago; for one change of many."""
        if time.monotonic() > self._listed + _LIST_EVERY:
            # Examples that are there stay as they are: somebody may be about to click on one.
            self.refresh(examples=len(self._status.examples) < _EXAMPLES)

    def read_again(self) -> None:
        """Index the sources once more, when what is under way is done: what has changed since is taken up."""
        self._called.set()

    def _work(self) -> None:
        self._try(self._open)
        while self._usable.is_set() and self.error is None and not self._closed.is_set():
            self._try(self._index)
            self._look_after()

    def _try(self, step: Callable[[], None]) -> None:
        try:
            step()
        except _Closed:
            return
        except QAError as error:
            self._fail(error)
        except Exception:  # whatever it was, the page must say so and stay
            log.exception("the library could not be opened or filled")
            self._fail(QAError(UNEXPECTED))

    def _open(self) -> None:
        from qa.library import Library
        from qa.remote import serve_others

        library = Library(settings=self.settings, doing=_DOING, on_wait=self._waits)
        self._closing.callback(library.close)
        self._go_on()
        if self.settings.chroma is None:
            self._closing.enter_context(serve_others(library, doing=_DOING, page=self._page))
        self._library = library
        self._change(phase="loading", detail="")
        self.refresh()
        self._go_on()
        # Before the models: the page says where passages go before the first of them does.
        answerer = _answerer(library)
        self._change(answerer=answerer)
        self._go_on()
        try:
            library.warm()
        except QAError as error:
            # The library warms the model last, so if that is what failed, all that the reader needs is there.
            if answerer.error is None or isinstance(error, EmbedderError | ReaderError):
                raise
        self._usable.set()
        self._go_on()

    def _index(self) -> None:
        library = self._library
        if library is not None and self._sources:
            self._change(phase="indexing", detail=", ".join(self._sources), indexed=0, fraction=0.0)
            try:
                report = library.add(*self._sources, on_progress=self._progressed)
            except QAError as error:
                failures: tuple[Failure, ...] = (Failure(source=", ".join(self._sources), reason=str(error)),)
            else:
                failures = report.failed
            self._change(failures=failures)
        self.refresh()
        self._change(phase="ready", detail="", fraction=1.0)

    def _look_after(self) -> None:
        """Until the sources are to be read again, or all ends."""
        while not self._called.wait(_LOOK_EVERY):
            if time.monotonic() - self._watched > _WATCHED:
                continue
            if time.monotonic() > self._listed:
                with suppress(QAError):
                    self.refresh(examples=False)
            answerer = self._status.answerer
            if self._library is not None and answerer is not None and answerer.passing:
                self._change(answerer=_answerer(self._library))
        self._called.clear()

    def _progressed(self, progress: Progress) -> None:
        self._go_on()
        self._change(detail=progress.current, indexed=progress.articles, fraction=progress.fraction)
        self.glance()

    def _waits(self, owner: Owner) -> None:
        self._go_on()
        detail = f"Waiting for process {owner.pid} ({owner.doing})…"
        if detail != self._status.detail:
            self._change(phase="waiting", detail=detail)

    def _go_on(self) -> None:
        if self._closed.is_set():
            raise _Closed

    def _fail(self, error: QAError) -> None:
        if self._usable.is_set():  # the library works; only the indexing of the sources ended badly
            failure = Failure(source=", ".join(self._sources), reason=str(error))
            self._change(phase="ready", failures=(failure,))
            return
        self.error = error
        self._change(phase="failed", error=str(error))
        self._usable.set()
        if self._on_failed is not None:
            self._on_failed()

    def _change(self, **changes: object) -> None:
        with self._lock:
            listing = self._status.listing + bool(_LISTED & changes.keys())
            revision = self._status.revision + 1
            self._status = replace(self._status, revision=revision, listing=listing, **changes)  # type: ignore[arg-type]


def _answerer(library: Library) -> Answerer:
    """Who answers; the reader, and why, where the model that was asked for cannot be had."""
    try:
        model = library.answering.model
    except QAError as error:
        return Answerer(error=str(error), passing=isinstance(error, ModelServerError))
    return Answerer() if model is None else Answerer(name=model.name, host=model.host)


def _in_few_words(sources: tuple[str, ...]) -> str:
    names = [Path(source).name or source for source in sources]
    return names[0] if len(names) == 1 else f"{len(names)} sources"


class _Closed(BaseException):
    """The server stops: leave the thread, through whatever code is under way."""
