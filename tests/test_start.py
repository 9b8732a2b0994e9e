"""What makes `qa ask` answer at once, without a clock in the test: what it leaves out."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from qa import Library

_HEAVY = ("torch", "transformers", "sentence_transformers", "gradio")

_RUN = f"""
import sys
from qa.__main__ import main

status = main(sys.argv[1:])
print([name for name in {_HEAVY} if name in sys.modules])
sys.exit(status)
"""


@pytest.fixture(scope="module")
def store(articles_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("start") / "store"
    with Library(folder) as library:
        library.add(articles_file)
    return folder


def _run(*words: str) -> list[str]:
    done = subprocess.run([sys.executable, "-c", _RUN, *words], capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


def test_asking_loads_no_torch(store: Path) -> None:
    answer, loaded = _run("--store", str(store), "ask", "where did the summit take place?", "--json")
    assert json.loads(answer)["citations"][0]["article_id"] == "summit-talks"
    assert loaded == "[]"


def test_searching_loads_no_torch(store: Path) -> None:
    found, loaded = _run("--store", str(store), "search", "which ships waited outside?", "--json")
    assert json.loads(found)["hits"][0]["article_id"] == "storm"
    assert loaded == "[]"


def test_adding_loads_no_torch(articles_file: Path, tmp_path: Path) -> None:
    report, loaded = _run("--store", str(tmp_path / "store"), "add", str(articles_file), "--json")
    assert len(json.loads(report)["added"]) == 4
    assert loaded == "[]"


def test_the_server_listens_before_the_library_is_imported() -> None:
    heavy = (*_HEAVY[:3], "qa.library", "qa.embed", "chromadb", "langchain_core", "openvino")
    modules = "qa.api.beside, qa.ui.page, qa.ui.server"
    code = f"import sys, {modules}\nprint([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout.strip()) == (0, "[]"), done.stderr
