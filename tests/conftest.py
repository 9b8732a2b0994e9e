"""What the tests share: four short articles, and a store and a library that hold them, made once."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sysconfig
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from qa import Library
from qa.settings import quieten
from tests.llama import gguf_file, llama_server, run_llama  # noqa: F401  # fixtures of every test

quieten(os.environ)

ARTICLES: tuple[dict[str, str], ...] = (
    {
        "id": "summit-talks",
        "title": "Putin and Kim meet on Russky island",
        "source": "Harbour Wire",
        "url": "https://news.example/summit-talks",
        "published": "2019-04-25",
        "author": "Ida Berg",
        "text": "VLADIVOSTOK, Russia: The summit took place on Russky island on Thursday, on a university campus.\n\n"
        "Kim Jong Un came by armoured train. The two leaders talked for five hours.\n\nPage 1 of 2",
    },
    {
        "id": "summit-aid",
        "title": "Wheat for Chongjin",
        "source": "Meridian Desk",
        "published": "2019-04-26T08:00:00+10:00",
        "text": "In Summary\n  • Russia sent more than 2,000 tonnes of wheat to the port of Chongjin in March.\n"
        "  • Some 10,000 labourers must leave by the end of the year.\n\nLABOUR\n\nWages are a source of cash.",
    },
    {
        "id": "storm",
        "title": "Storm Agnes closes the harbour of Lisbon",
        "source": "Harbour Wire",
        "published": "2021-11-02",
        "text": "Storm Agnes closed the harbour of Lisbon for two days. Eleven ships waited outside. “We have never "
        "seen such waves,” said the harbour master, Rui Costa.",
    },
    {
        "id": "bees",
        "title": "Bees learn to play football",
        "text": "Bees in a laboratory in London rolled tiny balls into a goal for sugar water. "
        "They learnt it by watching.",
    },
)


@pytest.fixture(scope="session")
def articles_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The four articles as a .jsonl file."""
    path = tmp_path_factory.mktemp("articles") / "news.jsonl"
    path.write_text("".join(json.dumps(article) + "\n" for article in ARTICLES), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def library(articles_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """A library of the four articles. It is shared: tests that change anything make their own."""
    with Library(tmp_path_factory.mktemp("library") / "store") as library:
        library.add(articles_file)
        yield library


@pytest.fixture(scope="session")
def run_chroma(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Callable[[], tuple[str, subprocess.Popen[bytes]]]]:
    """Starts a Chroma server on a free port of this machine: its address and process, ended with the tests."""
    servers: list[subprocess.Popen[bytes]] = []

    def run() -> tuple[str, subprocess.Popen[bytes]]:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        folder = tmp_path_factory.mktemp("chroma")
        program = Path(sysconfig.get_path("scripts")) / "chroma"
        command = [program, "run", "--path", folder, "--host", "127.0.0.1", "--port", str(port)]
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(command, stdout=log, stderr=log)
        servers.append(server)
        patience = time.monotonic() + 60
        while server.poll() is None and time.monotonic() < patience:
            with socket.socket() as connection:
                if connection.connect_ex(("127.0.0.1", port)) == 0:
                    return f"http://127.0.0.1:{port}", server
            time.sleep(0.1)
        raise RuntimeError((folder / "log").read_text())

    yield run
    for server in servers:
        server.kill()
        server.wait()


@pytest.fixture(scope="session")
def chroma_server(run_chroma: Callable[[], tuple[str, subprocess.Popen[bytes]]]) -> str:
    """The address of a Chroma server that the tests share; a test that uses it begins by emptying it."""
    return run_chroma()[0]
