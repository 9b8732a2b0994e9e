"""`qa ask --model`: the command line with a real language model, behind a server and in this process."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from qa.__main__ import main
from tests.cited import for_sure_cited
from tests.llama import RunLlama

DECISIONS = (
    "The council of Albi decided on Monday to plant 300 lime trees along the river.",
    "The council decided to repair the roof of the swimming pool before the winter.",
    "The council decided to open the town library on Sundays from September.",
    "The council decided to build a school for 400 children beside the railway station.",
    "The council decided to give 20,000 euros to the museum of glass.",
    "The council decided to close the market square to cars on Saturdays.",
    "The council decided to buy six electric buses for the line to the hospital.",
)
COUNCIL = "---\ntitle: What the council of Albi decided\ndate: 2021-05-11\n---\n" + "\n\n".join(DECISIONS)
FERRY = """Ferry runs aground off Marstal

MARSTAL, Denmark, 3 March 2022: A ferry with 87 people on board ran aground in fog off the harbour of Marstal on
Thursday morning. Nobody was hurt. The captain, Jens Holm, said that the radar had failed an hour before.
"""

TREES = "What will the council of Albi plant along the river?"
READERS = "300 lime trees"

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of two articles out of a folder."""
    folder, store = tmp_path_factory.mktemp("articles"), tmp_path_factory.mktemp("model-command") / "store"
    (folder / "council.md").write_text(COUNCIL, "utf-8")
    (folder / "ferry.txt").write_text(FERRY, "utf-8")
    assert main(["--store", str(store), "add", str(folder)]) == 0
    return store


@pytest.fixture
def qa(store: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command on the store: its status, and what it wrote."""
    monkeypatch.setenv("QA_STORE", str(store))

    def run(*words: str) -> tuple[int, str, str]:
        capsys.readouterr()
        status = main(words)
        return status, *capsys.readouterr()

    return run


@pytest.mark.parametrize("form", ["address", "gguf"])
def test_each_citation_that_remains_is_a_slice(qa: Run, form: str, request: pytest.FixtureRequest) -> None:
    name = request.getfixturevalue("llama_server") if form == "address" else "gguf:{}"
    name = name.format(request.getfixturevalue("gguf_file"))
    status, out, err = qa("ask", TREES, "--model", name, "--json")
    answer = json.loads(out)
    assert (status, err) == (0, "")
    assert (answer["model"], answer["answered"], answer["nearest"]) == (name, True, [])
    assert answer["citations"]
    for_sure_cited(answer, lambda article_id: json.loads(qa("show", article_id, "--json")[1])["text"])


def test_a_server_that_is_killed_in_mid_answer(store: Path, run_llama: RunLlama) -> None:
    """What was written stands, a sentence says what happened, and the reader answers: within ten seconds."""
    address, server = run_llama(window=2048, endless=True)
    with _program("ask", TREES, "--model", address, store=store) as program:
        assert program.stdout
        written = os.read(program.stdout.fileno(), 65536).decode()
        server.kill()
        killed = time.monotonic()
        rest, err = program.communicate(timeout=60)
        seconds = time.monotonic() - killed
    lines = (written + rest).splitlines()
    assert seconds < 10
    assert (program.returncode, err) == (0, "")
    assert re.fullmatch(r"[^\n]+ \[1\]", lines[0]), "the first sentence came before the end"
    at = lines.index(
        f"The connection to the server at {address} broke off: check that the model server still runs, "
        "and try again. This is what the reader quotes."
    )
    assert lines[at + 1 : at + 4] == [
        READERS,
        "[1] What the council of Albi decided  2021-05-11",
        f"    {DECISIONS[0]}",
    ]


def test_a_server_that_is_not_there(qa: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"http://127.0.0.1:{free.getsockname()[1]}/v1"
    status, out, err = qa("ask", TREES, "--model", address, "--json")
    answer = json.loads(out)
    assert (status, err) == (0, "")
    assert (answer["answer"], answer["model"]) == (READERS, "reader")
    assert answer["note"] == (
        f"Nothing answers at {address}: start the model server, or check the address and your connection. "
        "This is what the reader quotes."
    )


def _program(*words: str, store: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "qa", *words],
        env={**os.environ, "QA_STORE": str(store)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
