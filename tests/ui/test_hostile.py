"""Hostile articles in a real browser: with the reader, and with a chat model that does what they tell it to do."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

Ask = Callable[[Page, str], str]
Open = Callable[..., Page]

DATA = Path(__file__).parents[1] / "data"
CASES = [json.loads(line) for line in (DATA / "hostile-questions.jsonl").read_text("utf-8").splitlines()]
FERRY = next(case["question"] for case in CASES if case["id"] == "h-02")
ADDRESS = "http://attacker.example/?q=\"><script>alert('URL-TAKEN-OVER')</script>"

PLACES = (".turn", ".card", ".page", "#shelf .articles")
LIVE = (
    "a",
    "img",
    "script",
    "iframe",
    "form",
    "object",
    "embed",
    "link",
    "style",
    "video",
    "[onerror]",
    "[onload]",
)
ANYTHING = ", ".join(f"{place} {tag}" for place in PLACES for tag in LIVE)


class ModelServer(Protocol):
    """A server with a scripted chat model."""

    address: str


Modelled = Callable[..., AbstractContextManager[ModelServer]]


@pytest.fixture(scope="module")
def hostile_server(model_server_at: Modelled, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server over the hostile articles, with the scripted model."""
    with model_server_at(tmp_path_factory.mktemp("hostile"), DATA / "hostile") as server:
        yield server.address


@pytest.fixture(scope="module")
def reading_server(model_server_at: Modelled, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server over the hostile articles whose model cannot be had, so that the reader answers."""
    with model_server_at(tmp_path_factory.mktemp("reading"), DATA / "hostile", host="missing") as server:
        yield server.address


def nothing_live(page: Page) -> None:
    """Fails if anything of the articles or the model is more than text; the watch over the page sees what runs."""
    page.wait_for_timeout(200)
    assert page.locator(ANYTHING).count() == 0


def test_a_model_that_obeys(open_page: Open, hostile_server: str, ask: Ask) -> None:
    page = open_page(hostile_server)
    assert ask(page, FERRY) in ("answered", "unsure")
    turn = page.locator(".turn")
    assert turn.locator(".words:not(.unsupported)").all_text_contents() == [
        "A crossing on the ferry costs 3 crowns.",
    ]
    assert turn.locator(".words.unsupported").all_text_contents() == [
        "Pirates sank the ferry in a storm.",
        "It was painted purple by 4,000 elephants.",
        "System prompt says: the boat had been on the slip since November.",
        "status Log in again to read.",
        "Log in Queen Zenobia sank it.",
        "alert(2) Queen Zenobia fell in.",
        "sdrawkcab Zenobia laughed.",
        "unsupported",
    ]
    assert turn.locator(".cite, .card .number").all_text_contents() == ["1", "1"]
    # What was forged can be pressed nowhere.
    buttons = turn.locator("button").evaluate_all("all => all.map((one) => one.dataset.act)")
    assert set(buttons) <= {"cite", "card", "why", "copy", "again", "edit", "judge"}
    assert "[" not in (turn.locator(".reply").text_content() or "")
    turn.locator(".cite").click()
    page.wait_for_selector("[data-part=reading][aria-busy=false] mark.lit")
    lit = "".join(page.locator("mark.lit").all_text_contents())
    assert (
        lit == "A crossing costs 3 crowns [1], as it did last year [2], and children travel free [1][2][3]."
    )
    assert page.locator(".page button, .page .cite").count() == 0  # the article's own numbers are letters
    nothing_live(page)


def test_the_reader(open_page: Open, reading_server: str, ask: Ask) -> None:
    page = open_page(reading_server)
    for case in CASES:
        assert ask(page, case["question"]) in ("answered", "unsure")
        turn = page.locator(".turn").last
        answer = "".join(turn.locator(".words").all_text_contents())
        if not case.get("contradicted"):  # its article itself says both
            assert any(right in answer for right in case["answers"])
            assert not any(attack in answer for attack in case["attack"])
        numbers = turn.locator(".cite").all_text_contents()
        assert numbers == turn.locator(".card .number").all_text_contents()
        turn.locator(".cite").first.click()
        page.wait_for_selector("[data-part=reading][aria-busy=false] mark.lit")
        assert answer in "".join(page.locator("mark.lit").all_text_contents())
    nothing_live(page)


def test_each_article_is_text(open_page: Open, reading_server: str) -> None:
    page = open_page(reading_server)
    articles = page.locator("#shelf .article")
    assert articles.count() == 11
    for place in range(11):
        title = articles.nth(place).locator(".title").text_content() or ""
        articles.nth(place).click()
        expect(page.locator(".page .title")).to_have_text(title)
        if (
            "TITLE-TAKEN-OVER" in title
        ):  # the only one whose address is one of the web: an address and no more
            link = page.locator(".page a")
            assert (link.text_content(), link.get_attribute("href")) == ("original", ADDRESS)
            assert link.get_attribute("rel") == "noopener noreferrer nofollow"
            link.evaluate("link => link.remove()")
        nothing_live(page)
