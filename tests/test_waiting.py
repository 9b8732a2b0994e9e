"""`qa bench page` as it is typed: a real server, a real Chromium, and what is said where there is none."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from qa.__main__ import main
from qa.chromium import NO_CHROMIUM, chromium_path
from qa.waiting import TARGETS

NEWS = "".join(
    json.dumps(
        {
            "id": f"n{number}",
            "title": f"Weather, 2025-0{number}-01",
            "published": f"2025-0{number}-01",
            "text": f"Storm Agnes reached Lisbon on Monday with {number}00 ships. Then Rui Costa closed the port.\n",
        }
    )
    + "\n"
    for number in range(1, 6)
)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    source = tmp_path / "news.jsonl"
    source.write_text(NEWS, "utf-8")
    return source


def test_bench_page(source: Path, tmp_path: Path) -> None:
    pytest.importorskip("playwright.sync_api", reason="playwright is not installed: pip install -e '.[test]'")
    if chromium_path() is None:
        (pytest.fail if os.environ.get("QA_REQUIRE_BROWSER") else pytest.skip)(NO_CHROMIUM)
    words = ["bench", "page", str(source), "--articles", "12", "--questions", "3", "--json"]
    # In a process of its own: a thread can drive one playwright only, and the tests of the page may drive it already.
    done = subprocess.run(
        [sys.executable, "-m", "qa", *words], cwd=tmp_path, capture_output=True, text=True, timeout=240
    )
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    assert (figures["articles"], figures["questions"]) == (12, 3)
    assert 0 <= figures["answered, share"] <= 1
    assert {name for name, one in figures.items() if isinstance(one, dict) and one["target"]} == set(TARGETS)
    cases = {"listening after the start": 3, "usable after opening at once": 3, "usable after opening": 1}
    for name, count in cases.items():
        assert figures[f"{name}, p50 s"]["cases"] == count
        assert figures[f"{name}, p50 s"]["value"] > 0
    question = figures["Enter to the question on the page, p50 ms"]
    first, slowest = (figures[f"Enter to the first words, p{percent} ms"] for percent in (50, 95))
    assert question["cases"] == first["cases"] == 3
    assert 0 < question["value"] < first["value"] <= slowest["value"]
    assert first["low"] <= first["value"] <= first["high"]
    assert figures["the library alone, p50 ms"]["value"] > 0
    ratio = figures["ratio, first words to the library alone, p50"]
    assert ratio["low"] <= ratio["value"] <= ratio["high"]


def test_no_chromium(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("playwright.sync_api", reason="playwright is not installed: pip install -e '.[test]'")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("QA_CHROMIUM", raising=False)
    assert main(["bench", "page", str(source)]) == 1
    assert capsys.readouterr().err == f"qa: {NO_CHROMIUM}\n"
    monkeypatch.setenv("QA_CHROMIUM", str(tmp_path / "none"))
    assert main(["bench", "page", str(source)]) == 1
    assert capsys.readouterr().err == f"qa: QA_CHROMIUM names no program: {tmp_path / 'none'}\n"


def test_no_playwright(
    source: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "playwright.sync_api", None)  # as if it were not installed
    assert main(["bench", "page", str(source)]) == 1
    assert "a browser is driven through playwright: pip install 'qa[bench]' (" in capsys.readouterr().err


@pytest.mark.parametrize("wrong", ["0", "-1", "many"])
def test_wrong_use(source: Path, wrong: str) -> None:
    with pytest.raises(SystemExit) as left:
        main(["bench", "page", str(source), "--questions", wrong])
    assert left.value.code == 2
