"""`qa bench load` asks a server from many sides at once, and tells an answer from another's."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from qa.__main__ import main

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


def test_bench_load(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "news.jsonl"
    source.write_text(NEWS, "utf-8")
    words = ["bench", "load", str(source), "--articles", "12", "--clients", "3", "--questions", "4", "--json"]
    assert main([*words, "--store-cache", str(tmp_path / "cache")]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert {name: figures[name] for name in ("articles", "clients", "questions", "errors", "mixed up")} == {
        "articles": 12,
        "clients": 3,
        "questions": 12,
        "errors": 0,
        "mixed up": 0,
    }
    assert figures["first error"] is None
    assert figures["together, p95 ms"] >= figures["together, p50 ms"] > 0
    assert 0 <= figures["answered, share"] <= 1
