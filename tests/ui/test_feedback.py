"""Thumbs in a real browser: from the click to the cases that `qa eval` reads while the tab is open."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

Ask = Callable[[Page, str], str]
Open = Callable[..., Page]
Serving = Callable[..., AbstractContextManager[str]]

BRIDGE = "How many metres long is the deck of the bridge?"
VERDI = "Which opera did Verdi finish in Paris?"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("feedback") / "store"


@pytest.fixture(scope="module")
def address(serving_at: Serving, store: Path, articles: Path) -> Iterator[str]:
    """A server whose store this test can look into."""
    with serving_at(store, articles) as address:
        yield address


@pytest.fixture
def page(open_page: Open, address: str, store: Path) -> Page:
    (store / "feedback.jsonl").unlink(missing_ok=True)
    return open_page(address)


def cases(store: Path) -> list[dict[str, Any]]:
    """What is kept."""
    return [json.loads(line) for line in (store / "feedback.jsonl").read_text("utf-8").splitlines()]


def test_a_thumb_becomes_a_case_that_eval_reads(page: Page, ask: Ask, store: Path) -> None:
    ask(page, BRIDGE)
    up, down = page.get_by_label("A right answer"), page.get_by_label("A wrong answer")
    up.focus()
    page.keyboard.press("Enter")
    expect(up).to_have_attribute("aria-pressed", "true")
    expect(up).to_be_focused()
    path = store / "feedback.jsonl"
    expect(page.locator(".judged")).to_have_text(f"Kept on this machine, in {path}.")
    expect(page.locator("[data-part=live]")).to_have_text(f"Kept on this machine, in {path}.")
    assert [(case["question"], "212" in case["answers"][0]) for case in cases(store)] == [(BRIDGE, True)]

    assert ask(page, VERDI) == "declined"
    expect(page.locator(".turn").first.get_by_label("A right answer")).to_have_attribute(
        "aria-pressed", "true"
    )
    page.locator(".turn").last.get_by_label("A wrong answer").click()
    expect(page.get_by_role("button", name="The articles do say")).to_be_visible()
    assert down.count() == 2

    command = [sys.executable, "-m", "qa", "--store", str(store), "eval", str(path), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ, check=True, timeout=120)
    assert "1 case waits for review" in done.stderr
    report = json.loads(done.stdout)
    assert (report["answerable"], report["unanswerable"], report["exact"]) == (1, 0, 1.0)


def test_a_bad_answer_is_said_why_and_taken_back(page: Page, ask: Ask, store: Path) -> None:
    ask(page, BRIDGE)
    down = page.get_by_label("A wrong answer")
    down.click()
    expect(page.locator(".reasons button")).to_have_text(
        ["Wrong", "Not in the article", "Incomplete", "Something else"]
    )
    assert [case["review"] for case in cases(store)] == ["wrong"]
    page.get_by_role("button", name="Wrong", exact=True).click()
    page.get_by_role("button", name="Incomplete").click()
    expect(page.locator(".reasons [aria-pressed=true]")).to_have_text(["Incomplete"])
    page.get_by_label("What would be right?").fill("<img src=x onerror=alert(1)> and the trams")
    page.get_by_role("button", name="Keep", exact=True).click()
    expect(page.locator(".judged")).to_contain_text(
        "Noted: incomplete: <img src=x onerror=alert(1)> and the trams. Kept on this machine"
    )
    assert [case["review"] for case in cases(store)] == [
        "incomplete: <img src=x onerror=alert(1)> and the trams"
    ]
    expect(down).to_be_focused()
    page.keyboard.press("Enter")
    expect(down).to_have_attribute("aria-pressed", "false")
    expect(page.locator(".judged")).to_have_count(0)
    assert cases(store) == []


def test_the_last_thumb_counts(page: Page, ask: Ask, store: Path) -> None:
    ask(page, BRIDGE)
    page.get_by_label("A wrong answer").click()
    expect(page.locator(".reasons")).to_be_visible()
    page.get_by_label("A right answer").click()
    expect(page.locator(".reasons")).to_have_count(0)
    assert [("review" in case, len(case["answers"])) for case in cases(store)] == [(False, 1)]


def test_a_file_that_cannot_be_written_is_said(page: Page, ask: Ask, store: Path) -> None:
    path = store / "feedback.jsonl"
    path.mkdir()
    ask(page, BRIDGE)
    page.get_by_label("A right answer").click()
    expect(page.locator(".judged.wrong")).to_contain_text(f"The verdict cannot be kept in {path}")
    expect(page.get_by_label("A right answer")).to_have_attribute("aria-pressed", "false")
    path.rmdir()
    page.get_by_label("A right answer").click()
    expect(page.locator(".judged")).to_have_text(f"Kept on this machine, in {path}.")


def test_help_is_not_judged(page: Page, ask: Ask) -> None:
    assert ask(page, "Hello") == "help"
    assert page.locator("[data-act=copy]").count() == 1
    assert page.locator("[data-act=judge]").count() == 0
