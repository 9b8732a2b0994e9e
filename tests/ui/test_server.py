"""Where the tab is served, and to whom."""

from __future__ import annotations

import inspect
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from qa.errors import AddressError
from qa.settings import Settings
from qa.ui import serve
from qa.ui.guard import Guard
from qa.ui.quick import import_gradio

# Ctrl-C in the middle of importing and compiling the models.
STOPPED_WHILE_LOADING = """
import os, signal, sys, threading, time
from pathlib import Path
from qa.settings import Settings
from qa.ui import serve

def stop():
    while "openvino" not in sys.modules:
        time.sleep(0.001)
    time.sleep(float(sys.argv[2]))
    os.kill(os.getpid(), signal.SIGINT)

threading.Thread(target=stop, daemon=True).start()
serve(Settings(store=Path(sys.argv[1])), [], port=0, open_browser=False, say=lambda sentence: None)
print([thread.name for thread in threading.enumerate() if thread.name.startswith("qa-")])
"""


def refused(tmp_path: Path, *, host: str = "127.0.0.1", port: int) -> str:
    """What `serve` says instead of serving."""
    said: list[str] = []
    with pytest.raises(AddressError) as caught:
        serve(Settings(store=tmp_path), [], host=host, port=port, open_browser=False, say=said.append)
    assert said == []
    return str(caught.value)


def test_a_port_in_use_is_said_before_anything_else(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert refused(tmp_path, port=port) == (
            f"Port {port} on 127.0.0.1 is in use, perhaps by another qa: choose another with --port"
        )


@pytest.mark.parametrize("host", ["203.0.113.7", "no such host", "qa.invalid"])
def test_an_address_of_somebody_else(tmp_path: Path, host: str) -> None:
    assert refused(tmp_path, host=host, port=0) == (
        f"{host!r} is not an address of this machine: try --host 127.0.0.1"
    )


@pytest.mark.parametrize("port", [-1, 65536])
def test_what_is_no_port(tmp_path: Path, port: int) -> None:
    assert refused(tmp_path, port=port) == f"{port} is not a port: choose one from 1 to 65535 with --port"


@pytest.mark.parametrize("seconds", [0.0, 0.2])
def test_stopped_while_models_load_it_ends_in_order(tmp_path: Path, seconds: float) -> None:
    """A thread that comes back from a model when the interpreter has gone ends the program by SIGABRT."""
    command = [sys.executable, "-c", STOPPED_WHILE_LOADING, str(tmp_path), str(seconds)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout, done.stderr) == (0, "[]\n", "")


def test_importing_gradio_leaves_nothing_changed() -> None:
    before = inspect.getfile
    import_gradio()
    assert "gradio" in sys.modules
    assert inspect.getfile is before


def guarded(**options: object) -> TestClient:
    """A client of a small application behind the guard."""

    async def hello(request: Request) -> PlainTextResponse:
        return PlainTextResponse("hello")

    app = Starlette(routes=[Route("/", hello, methods=["GET", "POST"])])
    return TestClient(Guard(app, **options), base_url="http://127.0.0.1:7860")  # type: ignore[arg-type]


@pytest.mark.parametrize("host", ["127.0.0.1:7860", "localhost:7860", "[::1]:7860", "localhost"])
def test_the_own_page_is_served_and_kept_to_itself(host: str) -> None:
    answer = guarded().post("/", headers={"Host": host, "Origin": f"http://{host}"})
    assert (answer.status_code, answer.text) == (200, "hello")
    assert "connect-src 'self'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("host", ["evil.example", "evil.example:7860", "127.0.0.1.evil.example", ""])
def test_another_name_for_this_machine_is_refused(host: str) -> None:
    assert guarded().get("/", headers={"Host": host}).status_code == 403


def test_what_is_hidden_is_not_there() -> None:
    client = guarded(hidden=lambda path: path.startswith("/a"))
    assert client.get("/a/b").status_code == 404
    assert client.get("/a/b").text == "There is nothing here."
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:9999", "http://["])
def test_another_web_page_is_refused(origin: str) -> None:
    assert guarded().post("/", headers={"Origin": origin}).status_code == 403


def test_asked_to_serve_the_network_any_name_will_do_but_only_the_own_page() -> None:
    client = guarded(hosts=None)
    assert client.get("/", headers={"Host": "laptop.local:7860"}).status_code == 200
    headers = {"Host": "laptop.local:7860", "Origin": "http://evil.example"}
    assert client.post("/", headers=headers).status_code == 403
