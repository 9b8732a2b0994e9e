"""A real server over a small real library, and a real Chromium that watches what the page does."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest

pytest.importorskip("playwright.sync_api", reason="playwright is not installed: pip install -e '.[test]'")
from playwright.sync_api import Browser, ConsoleMessage, Page, Request

from qa.chromium import NO_CHROMIUM, chromium_path, launched

collect_ignore = ["screenshots.py", "scripted.py"]  # scripts, of which one imports this file

ROOT = Path(__file__).parents[2]
READY_SECONDS = 60_000  # ms: models load on a machine that may be busy with other tests

BRIDGE = """---
title: New bridge over the Tarn opens at Albi
date: 2021-05-04
source: Valley Post
---
The new bridge over the Tarn was opened on Tuesday by mayor Lucie Fabre, two years later than planned.

Its deck is 212 metres long and carries two tram lines and a path for bicycles.

THE COST

The bridge cost 48 million euros, nine million more than the city council had expected when work began.

- Trams will cross it from June.
- The old bridge stays open to people on foot.

Fabre thanked the 160 workers who built it, most of them from the valley itself, and said that the next thing to be
mended was the road to the station.
"""

FERRY = """Ferry runs aground off Marstal

MARSTAL, Denmark, 3 March 2022: A ferry with 87 people on board ran aground in fog off the harbour of Marstal on
Thursday morning. Nobody was hurt. The captain, Jens Holm, said that the radar had failed an hour before.

All passengers were brought ashore by fishing boats before noon. The ferry company said that divers would look at the
hull on Friday.
"""

EVIL_TITLE = "<img src=x onerror=alert(1)> **bold** ![i](http://evil.example/i.png)"
EVIL_TEXT = (
    "<script>alert(2)</script> The wizard of Zanzibar said <b onmouseover=alert(3)>that purple carrots</b> sing at dawn"
    ".\n\n[a link](javascript:alert(4)) ![an image](http://evil.example/x.png) ${alert(5)} "
    "{{constructor.constructor('alert(6)')()}}\n\n"
    '"><iframe src="http://evil.example/"></iframe> $$\\href{javascript:alert(7)}{x}$$'
)

SERVE = """
import sys
from pathlib import Path
from qa.settings import Settings
from qa.ui import serve
serve(Settings(store=Path(sys.argv[1])), sys.argv[2:], port=0, open_browser=False, say=print)
"""


@pytest.fixture(scope="session")
def articles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with three articles, one of them hostile, and one file that cannot be read."""
    folder = tmp_path_factory.mktemp("articles")
    (folder / "bridge.md").write_text(BRIDGE, "utf-8")
    (folder / "ferry.txt").write_text(FERRY, "utf-8")
    (folder / "broken.pdf").write_bytes(b"%PDF-1.4 this is none")
    evil = {
        "id": "evil",
        "title": EVIL_TITLE,
        "text": EVIL_TEXT,
        "url": "javascript:alert(8)",
        "source": "<u>Mallory</u>",
    }
    (folder / "evil.jsonl").write_text(json.dumps(evil) + "\n", "utf-8")
    return folder


def started(*words: str | Path, script: Path | None = None, port: int = 0) -> subprocess.Popen[str]:
    """A process that serves a library, by a store and its sources; or does so by a script of another kind."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(python_path()), "PYTHONUNBUFFERED": "1"}
    what = ["-c", SERVE.replace("port=0", f"port={port}")] if script is None else [str(script)]
    command = [sys.executable, *what, *map(str, words)]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    )


def python_path() -> list[str]:
    """Where a process finds this qa first."""
    return [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]


def address_of(process: subprocess.Popen[str]) -> str:
    """Where a process serves, by what it says when it listens."""
    assert process.stdout is not None
    said = process.stdout.readline()
    assert said.startswith("qa listens on http://127.0.0.1:"), said
    return said.split()[3]


@contextmanager
def serving(*words: str | Path, script: Path | None = None, port: int = 0) -> Iterator[str]:
    """The address of a server over a new library; stopped as Ctrl-C stops it, which must go well and without a word."""
    with started(*words, script=script, port=port) as process:
        try:
            yield address_of(process)
        finally:
            process.send_signal(signal.SIGINT)
            try:
                status = process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                raise
        assert process.stderr is not None
        said = process.stderr.read()
        assert (status, said) == (0, ""), said


@pytest.fixture
def serve_at() -> Callable[..., AbstractContextManager[str]]:
    """Serves a library of one's own, at a port of one's own."""
    return serving


@pytest.fixture
def broken_server(tmp_path: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The address and the process of a server whose store cannot be opened."""
    store = tmp_path / "store"
    store.write_text("this is no folder")
    with started(store) as process:
        yield address_of(process), process
        process.kill()


@pytest.fixture(scope="session")
def server(articles: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server over the articles; tests add to it, and leave the three as they are."""
    with serving(tmp_path_factory.mktemp("store"), articles) as address:
        yield address


@pytest.fixture(scope="session")
def serving_at() -> Callable[..., AbstractContextManager[str]]:
    """Serves over a store that the test names."""
    return serving


@pytest.fixture(scope="session")
def empty_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server over nothing."""
    with serving(tmp_path_factory.mktemp("empty")) as address:
        yield address


@pytest.fixture(scope="session")
def server_over() -> Callable[..., AbstractContextManager[str]]:
    """Serves a library of a test's own, by its store and sources."""
    return serving


@dataclass(frozen=True)
class ModelServer:
    """A server with a scripted chat model, and the file in which that says how each answer ended."""

    address: str
    log: Path

    def ended(self, question: str, *, within: float) -> str:
        """How the answer to a question ended, as soon as it has: `whole`, `died` or `left`."""
        until = time.monotonic() + within
        while time.monotonic() < until:
            lines = self.log.read_text("utf-8").splitlines() if self.log.exists() else []
            for line in lines:
                end, _, asked = line.partition(": ")
                if asked == question:
                    return end
            time.sleep(0.05)
        return "still going on"


@contextmanager
def modelled(folder: Path, articles: Path, *, host: str = "here") -> Iterator[ModelServer]:
    """A server whose answers a scripted model writes; see scripted.py."""
    folder.mkdir(exist_ok=True)
    log = folder / "log"
    with serving(
        folder / "store", log, host, articles, script=Path(__file__).with_name("scripted.py")
    ) as address:
        yield ModelServer(address, log)


@pytest.fixture(scope="session")
def model_server(articles: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModelServer]:
    """A server over the articles with a scripted model on this machine."""
    with modelled(tmp_path_factory.mktemp("model"), articles) as server:
        yield server


@pytest.fixture(scope="session")
def model_server_at() -> Callable[..., AbstractContextManager[ModelServer]]:
    """Serves with a scripted model that pretends to be on another host, or missing."""
    return modelled


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser that all tests share."""
    path = chromium_path()
    if path is None:
        if os.environ.get("QA_REQUIRE_BROWSER"):
            pytest.fail(NO_CHROMIUM)
        pytest.skip(NO_CHROMIUM)
    with launched(path) as browser:
        yield browser


@dataclass
class Watch:
    """What pages did that they never should: other hosts asked, scripts run, errors in the console."""

    wrongs: list[str] = field(default_factory=list)

    def over(self, page: Page) -> None:
        """Watch this page from now on."""
        page.on("request", self._request)
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.wrongs.append(f"error: {error}"))
        page.on("dialog", lambda dialog: (self.wrongs.append(f"dialog: {dialog.message}"), dialog.dismiss()))

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob") and parts.hostname not in ("127.0.0.1", "localhost"):
            self.wrongs.append(f"request: {request.url}")

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.wrongs.append(f"console: {message.text}")


Open = Callable[..., Page]


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[Open]:
    """Opens a page in a browser of its own; at the end, none may have done a thing that it should not."""
    watch = Watch()
    contexts = []

    def open_it(
        address: str, *, width: int = 1360, height: int = 860, ready: bool = True, **options: object
    ) -> Page:
        context = chromium.new_context(viewport={"width": width, "height": height}, **options)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        watch.over(page)
        page.goto(address)
        page.wait_for_selector("body.begun")
        if ready:
            page.wait_for_function(
                "() => document.querySelector('.notice .busy, .notice:empty') === null", timeout=READY_SECONDS
            )
        return page

    yield open_it
    for context in contexts:
        context.close()
    assert watch.wrongs == []


@pytest.fixture
def page(open_page: Open, server: str) -> Page:
    """A page over the articles, when they are indexed."""
    return open_page(server)


@pytest.fixture
def ask() -> Callable[[Page, str], str]:
    """Asks a question by typing it; gives the state that the turn ends in."""

    def put(page: Page, question: str) -> str:
        before = page.locator(".turn").count()
        page.locator("#question textarea").fill(question)
        page.keyboard.press("Enter")
        page.wait_for_function("n => document.querySelectorAll('.turn').length > n", arg=before)
        page.wait_for_selector(
            ".turn:last-child:not([data-state=busy], [data-state=writing])", timeout=READY_SECONDS
        )
        time.sleep(0.05)  # the last drawing of the turn settles
        return page.locator(".turn").last.get_attribute("data-state") or ""

    return put
