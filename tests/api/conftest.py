"""A real `qa chat --api --mcp` over four short articles, for the official clients to ask."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from openai import OpenAI

from qa import Library

ROOT = Path(__file__).parents[2]
READY_SECONDS = 120.0
READY = {"status": "ok", "indexing": False}

collect_ignore = ["scripted.py"]


@dataclass(frozen=True)
class Served:
    """A server that runs: its address, its process, and the file of what it says on standard error."""

    address: str
    process: subprocess.Popen[bytes]
    said: Path

    def lines(self) -> list[dict[str, Any]]:
        """What it has logged."""
        return [json.loads(line) for line in self.said.read_text("utf-8").splitlines() if line[:1] == "{"]

    def told(self) -> list[str]:
        """What it has told the user."""
        return [line for line in self.said.read_text("utf-8").splitlines() if line[:1] != "{"]

    def client(self, key: str = "not-needed", **options: Any) -> OpenAI:
        """OpenAI's own client for it."""
        return OpenAI(base_url=f"{self.address}/v1", api_key=key, max_retries=0, **options)


def environment(**more: str) -> dict[str, str]:
    """Of a process that finds this qa first and has no token of the tester's."""
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    return {**os.environ, "PYTHONPATH": path, "PYTHONUNBUFFERED": "1", "QA_API_TOKEN": "", **more}


@contextmanager
def served(
    folder: Path, words: Sequence[str | Path], *, port: int, more: Mapping[str, str] | None = None
) -> Iterator[Served]:
    """Runs a server until the context ends; it must end as Ctrl-C ends it, in order."""
    folder.mkdir(exist_ok=True)
    said = folder / "said"
    with said.open("wb") as file:
        command = [sys.executable, *map(str, words)]
        process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=file, env=environment(**(more or {}))
        )
    server = Served(f"http://127.0.0.1:{port}", process, said)
    try:
        _wait(server)
        yield server
    finally:
        process.send_signal(signal.SIGINT)
        try:
            status = process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
    assert status == 0, said.read_text("utf-8")
    assert all(
        line.startswith(("qa listens on ", "OpenAI-compatible API: ", "MCP: ")) for line in server.told()
    )
    assert [line for line in server.lines() if line["event"] == "failure"] == []


def free_port() -> int:
    """A port that nobody has now."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


def chat(
    folder: Path, *sources: str | Path, port: int, options: Sequence[str] = ("--api", "--mcp")
) -> list[str | Path]:
    """The words of `qa chat` over a new store."""
    return [
        "-m",
        "qa",
        "--store",
        folder / "store",
        "chat",
        *sources,
        "--no-browser",
        "--port",
        str(port),
        *options,
    ]


@pytest.fixture(scope="session")
def server(articles_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The server that most tests share; none of them changes its library."""
    folder, port = tmp_path_factory.mktemp("api"), free_port()
    with served(folder, chat(folder, articles_file, port=port), port=port) as running:
        yield running


@pytest.fixture(scope="session")
def store(articles_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of the four articles that nobody has open."""
    store = tmp_path_factory.mktemp("closed") / "store"
    with Library(store) as library:
        library.add(articles_file)
    return store


@pytest.fixture
def client(server: Served) -> Iterator[OpenAI]:
    """OpenAI's own client."""
    with server.client() as client:
        yield client


def _wait(server: Served) -> None:
    """Until it can answer, with its articles indexed."""
    patience = time.monotonic() + READY_SECONDS
    while time.monotonic() < patience and server.process.poll() is None:
        try:
            if httpx.get(f"{server.address}/health", trust_env=False).json() == READY:
                return
        except httpx.HTTPError:  # it does not listen yet
            pass
        time.sleep(0.1)
    raise RuntimeError(server.said.read_text("utf-8"))
