"""One library, several processes: the owner of a store does the work of the others.

`serve_others` lets the process that owns a store take calls over loopback from who knows the secret beside the lock;
`RemoteLibrary` is what such another process uses in the library's place. A call is one HTTP request, its reply one JSON
object a line: progress while it works, then the result or the error. Knows nothing of what the calls do.
"""

from __future__ import annotations

import hmac
import json
import os
import queue
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import httpx
from pydantic import TypeAdapter

from qa import errors
from qa.errors import QAError, StoreBusyError
from qa.ownership import Owner
from qa.records import (
    AddReport,
    Answer,
    Article,
    ArticleInfo,
    Filters,
    Hit,
    OnProgress,
    Progress,
    Question,
)
from qa.settings import READER, Settings

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from qa.answering import Answering
    from qa.library import Library

_START_SECONDS = 10.0
_END_SECONDS = 10.0
_CONNECT_SECONDS = 5.0

# Every call that another process may make, with the type of its result.
_RESULTS: dict[str, TypeAdapter[Any]] = {
    "add": TypeAdapter(AddReport),
    "reindex": TypeAdapter(int),
    "remove": TypeAdapter(tuple[str, ...]),
    "articles": TypeAdapter(list[ArticleInfo]),
    "article": TypeAdapter(Article),
    "search": TypeAdapter(list[Hit]),
    "ask": TypeAdapter(Answer),
}
_SHOW_PROGRESS = ("add", "reindex")
_FILTERS = TypeAdapter(Filters | None)


class StoppedError(QAError):
    """The process that asked for a long work has gone: the work stops where it is and can be taken up again."""


@contextmanager
def serve_others(
    library: Library, *, doing: str, page: str | None = None, finish: bool = False
) -> Iterator[None]:
    """Takes calls from other processes of this user for as long as the context lasts. `page`: where its tab is.

    At its end work that others asked for stops where it is, or is finished first if `finish` and all went well.
    """
    import uvicorn
    from starlette.applications import Starlette
    from starlette.routing import Route

    secret = secrets.token_urlsafe(32)
    listener = socket.create_server(("127.0.0.1", 0))
    ending = threading.Event()
    app = Starlette(routes=[Route("/{call}", _endpoint(library, secret, ending), methods=["POST"])])
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", access_log=False, lifespan="off"))
    thread = threading.Thread(target=server.run, args=([listener],), name="qa-others", daemon=True)
    thread.start()
    patience = time.monotonic() + _START_SECONDS
    while not server.started and time.monotonic() < patience:
        time.sleep(0.01)
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    alone = Owner(pid=os.getpid(), doing=doing, page=page, embedder=library.settings.embedder)
    library.ownership.announce(replace(alone, address=address, secret=secret))
    well = False
    try:
        yield
        well = True
    finally:
        library.ownership.announce(alone)  # who comes now waits for the store itself
        if not (finish and well):
            ending.set()
        server.should_exit = True
        thread.join(_END_SECONDS if ending.is_set() else None)


class RemoteLibrary:
    """A library that another process owns; the same calls as `Library`, and the same errors."""

    def __init__(self, owner: Owner, settings: Settings | None = None) -> None:
        self.settings = settings or Settings()
        self._owner = owner
        headers = {"Authorization": f"Bearer {owner.secret}"}
        timeout = httpx.Timeout(None, connect=_CONNECT_SECONDS)
        # trust_env off: a proxy from the environment has no business between two processes of one machine.
        self._http = httpx.Client(
            base_url=owner.address or "", headers=headers, timeout=timeout, trust_env=False
        )

    def add(
        self, *sources: str | Path, prune: bool = False, on_progress: OnProgress | None = None
    ) -> AddReport:
        """As `Library.add`; the owner reads the sources, so their paths are made absolute."""
        paths = [_absolute(source) for source in sources]
        report: AddReport = self._call("add", {"sources": paths, "prune": prune}, on_progress)
        return report

    def reindex(self, *, on_progress: OnProgress | None = None) -> int:
        """As `Library.reindex`, by the owner's embedder."""
        count: int = self._call("reindex", {}, on_progress)
        return count

    def remove(self, *article_ids: str) -> tuple[str, ...]:
        """As `Library.remove`."""
        removed: tuple[str, ...] = self._call("remove", {"article_ids": article_ids})
        return removed

    def articles(self, *, filters: Filters | None = None) -> list[ArticleInfo]:
        """As `Library.articles`."""
        infos: list[ArticleInfo] = self._call("articles", {"filters": filters})
        return infos

    def article(self, article_id: str) -> Article:
        """As `Library.article`."""
        article: Article = self._call("article", {"article_ids": [article_id]})
        return article

    def search(
        self,
        question: str,
        *,
        k: int = 10,
        asked: date | None = None,
        filters: Filters | None = None,
        rerank: bool = False,
    ) -> list[Hit]:
        """As `Library.search`."""
        arguments = {
            "question": question,
            "k": k,
            "asked": _iso(asked),
            "filters": filters,
            "rerank": rerank,
        }
        hits: list[Hit] = self._call("search", arguments)
        return hits

    def ask(
        self,
        question: str,
        *,
        asked: date | None = None,
        history: Sequence[tuple[str, str]] = (),
        filters: Filters | None = None,
    ) -> Answer:
        """As `Library.ask`."""
        *_, last = self.stream(question, asked=asked, history=history, filters=filters)
        return last

    def stream(
        self,
        question: str,
        *,
        asked: date | None = None,
        history: Sequence[tuple[str, str]] = (),
        filters: Filters | None = None,
    ) -> Iterator[Answer]:
        """As `Library.stream`. A chat model is asked from here, whatever the owner's is: it is this one's choice."""
        if self.settings.model != READER:
            put = Question(
                text=question, asked=asked or date.today(), history=tuple(history), filters=filters
            )
            yield from self.answering.stream(put)
            return
        arguments = {
            "question": question,
            "asked": _iso(asked),
            "history": history,
            "filters": filters,
            "model": READER,
        }
        answer: Answer = self._call("ask", arguments)
        yield answer

    @cached_property
    def answering(self) -> Answering:
        """What answers in this process, over the owner's search."""
        from qa.answering import Answering
        from qa.embed import SentenceEmbedder
        from qa.retrieve import ArticleRetriever

        embedder = SentenceEmbedder(self.settings.embedder)
        return Answering(self.settings, ArticleRetriever(find=self.search), self, embedder)

    def answers(self) -> bool:
        """Whether the owner is there: it may just have ended."""
        try:
            self._http.get("/", timeout=_CONNECT_SECONDS)
        except httpx.HTTPError:
            return False
        return True

    def close(self) -> None:
        """Ends the connection; the owner goes on."""
        self._http.close()

    def __enter__(self) -> RemoteLibrary:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _call(self, call: str, arguments: dict[str, Any], on_progress: OnProgress | None = None) -> Any:
        try:
            body = TypeAdapter(dict[str, Any]).dump_json(arguments)
            with self._http.stream("POST", f"/{call}", content=body) as response:
                if response.status_code != httpx.codes.OK:
                    raise StoreBusyError(
                        f"process {self._owner.pid} ({self._owner.doing}) has the store and refuses to work for this "
                        f"one (HTTP {response.status_code}): end it, or wait until it is done"
                    )
                for line in response.iter_lines():
                    said = json.loads(line)
                    if "progress" in said and on_progress:
                        on_progress(Progress(**said["progress"]))
                    elif "error" in said:
                        raise getattr(errors, said["error"]["kind"], QAError)(said["error"]["text"])
                    elif "result" in said:
                        return _RESULTS[call].validate_python(said["result"])
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise StoreBusyError(
                f"process {self._owner.pid} ({self._owner.doing}) has the store and does not answer ({error}): "
                f"try again, or end it"
            ) from error
        except (httpx.HTTPError, ValueError) as error:
            raise self._ended() from error
        raise self._ended()

    def _ended(self) -> StoreBusyError:
        return StoreBusyError(
            f"process {self._owner.pid} ({self._owner.doing}) ended in the middle of the work: run this again"
        )


def _endpoint(library: Library, secret: str, ending: threading.Event) -> Callable[[Request], Any]:
    from starlette.responses import PlainTextResponse, StreamingResponse

    async def endpoint(request: Request) -> Response:
        given = request.headers.get("Authorization", "")
        if not hmac.compare_digest(given.encode(), f"Bearer {secret}".encode()):
            return PlainTextResponse("", status_code=403)
        call = request.path_params["call"]
        if call not in _RESULTS:
            return PlainTextResponse("", status_code=404)
        arguments = json.loads(await request.body())
        return StreamingResponse(_lines(library, call, arguments, ending), media_type="application/x-ndjson")

    return endpoint


def _lines(library: Library, call: str, arguments: dict[str, Any], ending: threading.Event) -> Iterator[str]:
    """The reply to one call. Closed early, because the caller has gone, it stops the work at its next progress."""
    said: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
    stop = threading.Event()

    def report(progress: Progress) -> None:
        if stop.is_set():
            raise StoppedError("the process that asked for this has gone")
        if ending.is_set():
            raise StoppedError(
                "the process that has the store was ended: what was done is kept, run this again to go on"
            )
        said.put({"progress": TypeAdapter(Progress).dump_python(progress)})

    def work() -> None:
        try:
            result = _carry_out(library, call, arguments, report)
            said.put({"result": _RESULTS[call].dump_python(result, mode="json")})
        except QAError as error:
            said.put({"error": {"kind": type(error).__name__, "text": str(error)}})
        except Exception as error:  # the border of a process: whatever it is, the caller gets a sentence
            text = f"the process that has the store could not do it ({type(error).__name__}: {error})"
            said.put({"error": {"kind": "QAError", "text": text}})
        finally:
            said.put(None)

    # No daemon: the program must not end while this thread is in a model (see `Background.close`).
    threading.Thread(target=work, name=f"qa-{call}", daemon=False).start()
    try:
        while (one := said.get()) is not None:
            yield json.dumps(one) + "\n"
    finally:
        stop.set()


def _carry_out(library: Library, call: str, arguments: dict[str, Any], report: OnProgress) -> Any:
    given = dict(arguments)
    positional = [
        *given.pop("sources", ()),
        *given.pop("article_ids", ()),
        *([given.pop("question")] if "question" in given else ()),
    ]
    if "filters" in given:
        given["filters"] = _FILTERS.validate_python(given["filters"])
    if given.get("asked"):
        given["asked"] = date.fromisoformat(given["asked"])
    if "history" in given:
        given["history"] = [tuple(turn) for turn in given["history"]]
    if call in _SHOW_PROGRESS:
        given["on_progress"] = report
    return getattr(library, call)(*positional, **given)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _absolute(source: str | Path) -> str:
    text = str(source)
    return text if "://" in text else str(Path(text).expanduser().absolute())
