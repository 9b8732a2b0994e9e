"""Nothing leaves the machine: indexing and asking with every way out closed, and nobody tried one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

# Runs before everything else: looks at each name that is looked up and each connection that is made, in Python.
_GUARD = """
import ipaddress, sys

TRIED = []

def _watch(event, arguments):
    if event in ("socket.connect", "socket.sendto"):
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else None  # else a Unix socket
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = arguments[0]
    else:
        return
    host = host.decode() if isinstance(host, bytes) else host
    if host in (None, "", "localhost"):
        return
    try:
        loopback = ipaddress.ip_address(host).is_loopback or ipaddress.ip_address(host).is_unspecified
    except ValueError:
        loopback = False
    if not loopback:
        TRIED.append((event, host))
        raise ConnectionError(f"{event} {host}: nothing leaves the machine")

sys.addaudithook(_watch)
"""

_WORK = """
import sys
from qa.__main__ import main

store, articles = sys.argv[1:]
assert main(["--store", store, "add", articles]) == 0
assert main(["--store", store, "ask", "where did the summit take place?", "--json"]) == 0
assert main(["--store", store, "list"]) == 0
"""

_TAB = """
import sys, threading, time
import httpx
from qa.settings import Settings
from qa.ui import serve

heard = []

def visit(address):
    heard.append(httpx.get(address, timeout=60).status_code)
    heard.append(httpx.get(address + "/config", timeout=60).status_code)

def say(sentence):
    print(sentence, file=sys.stderr)
    address = next((word for word in sentence.split() if word.startswith("http://")), None)
    if address and not heard:
        def later():
            try:
                visit(address)
            finally:
                import os, signal
                time.sleep(1)
                os.kill(os.getpid(), signal.SIGINT)
        threading.Thread(target=later, daemon=True).start()

from pathlib import Path
serve(Settings(store=Path(sys.argv[1])), [], port=0, open_browser=False, say=say)
assert heard and heard[0] == 200, heard
"""

# What a person may have switched on for other programs, and that must not carry these articles away.
_TRACING = {
    "LANGSMITH_TRACING": "true",
    "LANGCHAIN_TRACING_V2": "true",
    "LANGSMITH_API_KEY": "lsv2_pt_none",
    "LANGSMITH_ENDPOINT": "https://api.smith.example",
    "ANONYMIZED_TELEMETRY": "True",
    "GRADIO_ANALYTICS_ENABLED": "True",
}


def _tried(tmp_path: Path, work: str, *arguments: str | Path) -> tuple[str, list[list[str]]]:
    """What the work printed, and where it tried to go."""
    out = tmp_path / "tried.json"
    code = f"{_GUARD}\n{work}\nimport json, time\ntime.sleep(1)\nopen({str(out)!r}, 'w').write(json.dumps(TRIED))"
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("HF_", "QA_"))}
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        env={**environment, **_TRACING},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=280,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout, json.loads(out.read_text())


def test_index_and_ask(tmp_path: Path, articles_file: Path) -> None:
    printed, tried = _tried(tmp_path, _WORK, tmp_path / "store", articles_file)
    assert tried == []
    answer = next(json.loads(line) for line in printed.splitlines() if line.startswith("{"))
    assert "Russky island" in answer["answer"]


def test_the_tab(tmp_path: Path) -> None:
    _, tried = _tried(tmp_path, _TAB, tmp_path / "store")
    assert tried == []


def test_the_guard_sees_an_attempt(tmp_path: Path) -> None:
    """Else the tests above would prove nothing."""
    work = (
        "import contextlib, socket, urllib.request\n"
        "with contextlib.suppress(OSError):\n    urllib.request.urlopen('http://example.com')\n"
        "with contextlib.suppress(OSError):\n    socket.create_connection(('192.0.2.1', 80), timeout=1)\n"
        "with contextlib.suppress(OSError):\n    socket.create_connection(('127.0.0.1', 9), timeout=1)\n"
    )
    assert _tried(tmp_path, work)[1] == [
        ["socket.getaddrinfo", "example.com"],
        ["socket.getaddrinfo", "192.0.2.1"],
    ]
