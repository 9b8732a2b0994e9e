"""What goes on behind the page ends when the page does."""

from __future__ import annotations

import os
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from qa.ownership import Ownership
from qa.settings import Settings
from qa.ui.background import Background
from qa.ui.status import Answerer, Phase


def begun(store: Path, phase: Phase, **settings: str) -> Background:
    """A library in the background that has come as far as `phase`."""
    background = Background(Settings(store=store, **settings))  # type: ignore[arg-type]
    background.start()
    patience = time.monotonic() + 60
    while background.status.phase != phase and time.monotonic() < patience:
        time.sleep(0.005)
    assert background.status.phase == phase
    return background


def running() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name == "qa-background"]


def test_closed_while_models_load_nothing_goes_on(tmp_path: Path) -> None:
    background = begun(tmp_path, "loading")
    background.close()
    assert running() == []
    assert background.library(60) is None  # at once: it will not come
    ownership = Ownership(tmp_path)
    assert ownership.take(doing="qa ask") is None
    ownership.release()


def test_closed_while_it_waits_for_another_process_it_waits_no_longer(tmp_path: Path) -> None:
    other = Ownership(tmp_path)
    other.take(doing="qa add")
    background = begun(tmp_path, "waiting")
    assert background.status.detail == f"Waiting for process {os.getpid()} (qa add)…"
    revision = background.status.revision
    time.sleep(0.5)
    assert background.status.revision == revision, "the page draws nothing anew while nothing changes"
    began = time.monotonic()
    background.close()
    assert time.monotonic() - began < 5
    assert running() == []
    other.release()


def test_a_model_that_cannot_be_had_leaves_the_reader(tmp_path: Path) -> None:
    background = begun(tmp_path, "ready", model="nonsense:thing")
    answerer = background.status.answerer
    library = background.library(0)
    assert answerer is not None
    assert answerer.error
    assert (answerer.name, answerer.host, background.error) == ("reader", None, None)
    assert library is not None
    assert library.ask("Where was the summit?", model="reader").answered is False
    background.close()


def test_a_model_server_that_comes_later_is_taken_up(tmp_path: Path) -> None:
    pytest.importorskip("langchain_openai")

    class Models(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'{"data": [{"id": "m", "context_length": 4096}]}')

        def log_message(self, *_: object) -> None:
            """Nothing."""

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    name = f"http://127.0.0.1:{port}/v1"
    background = begun(tmp_path, "ready", model=name)
    answerer = background.status.answerer
    assert answerer is not None
    assert answerer.error
    assert answerer.passing
    with ThreadingHTTPServer(("127.0.0.1", port), Models) as server:
        threading.Thread(target=server.serve_forever).start()
        patience = time.monotonic() + 30
        while background.status.answerer != Answerer(name=name) and time.monotonic() < patience:
            time.sleep(0.1)
        server.shutdown()
    assert background.status.answerer == Answerer(name=name)
    background.close()


def test_the_reader_is_what_answers_at_first(tmp_path: Path) -> None:
    background = begun(tmp_path, "ready")
    assert background.status.answerer == Answerer()
    background.close()


def test_work_under_way_is_told_to_end_and_waited_for(tmp_path: Path) -> None:
    background = Background(Settings(store=tmp_path))
    ended = threading.Event()

    def work() -> None:
        while not background.closed:
            time.sleep(0.01)
        ended.set()

    background.run(work)
    background.close()
    assert ended.is_set()


def test_closed_before_it_began(tmp_path: Path) -> None:
    background = Background(Settings(store=tmp_path))
    background.close()
    assert background.library(60) is None
