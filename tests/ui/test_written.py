"""Answers that a chat model writes, in a real browser over a real server; the model alone is"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser

Ask = Callable[[Page, str], str]
Open = Callable[..., Page]


class ModelServer(Protocol):
    """A server with a scripted chat model."""

    address: str

    def ended(self, question: str, *, within: float) -> str:
        """How the answer to a question ended: `whole`, `died` or `left`."""


Modelled = Callable[..., AbstractContextManager[ModelServer]]

FOLLOW_UP = "How much did the bridge over the Tarn cost?"
COST = (
    "The bridge cost 48 million euros, nine million more than the city council had expected when work began."
)
MISSING = "openai:gpt-scripted needs a package that is not installed: pip install 'qa[openai]'"
ENDLESS = ".turn:last-child[data-state=writing]"
SETTLED = ".turn:last-child:not([data-state=busy], [data-state=writing])"


def begin(page: Page, question: str) -> None:
    """Ask without waiting for the answer."""
    before = page.locator(".turn").count()
    page.locator("#question textarea").fill(question)
    page.keyboard.press("Enter")
    expect(page.locator(".turn")).to_have_count(before + 1)


def words(page: Page) -> list[str]:
    """The sentences of the last answer."""
    return page.locator(".turn").last.locator(".words").all_text_contents()


def test_a_written_answer_and_the_sentence_of_each_number(
    open_page: Open, model_server: ModelServer, ask: Ask
) -> None:
    page = open_page(model_server.address)
    assert page.locator("[data-part=answerer]").text_content() == (
        "openai:gpt-scripted writes; each sentence is checked."
    )
    expect(page.locator("[data-part=told]")).to_be_hidden()
    assert ask(page, "How long is the deck of the bridge?") in ("answered", "unsure")
    turn = page.locator(".turn")
    assert words(page) == [
        "The new bridge over the Tarn was opened by mayor Lucie Fabre.",
        "Its deck is 212 metres long.",
        "It carries two tram lines and a path for bicycles.",
        "It was painted purple by 4,000 elephants.",
    ]
    assert turn.locator(".written li").count() == 2
    assert turn.locator(".pulse").count() == 0
    assert turn.locator(".unsupported").all_text_contents() == ["It was painted purple by 4,000 elephants."]
    tag = turn.locator("li", has_text="elephants").locator(".tag")
    assert tag.text_content() == "not in the articles"
    assert (tag.get_attribute("title") or "").startswith("Nothing that was found")
    text = turn.text_content() or ""
    assert not any(mark in text for mark in ("[", "]", "**"))

    turn.locator(".written .cite").nth(1).click()
    page.wait_for_selector("[data-part=reading][aria-busy=false] mark.lit")
    assert "212 metres" in "".join(page.locator("mark.lit").all_text_contents())
    live = page.locator("[data-part=live]").text_content() or ""
    assert live.startswith(
        "The new bridge over the Tarn was opened by mayor Lucie Fabre. Its deck is 212 metres long."
    )
    assert "elephants. not in the articles" in live


def test_what_a_model_writes_is_text(open_page: Open, model_server: ModelServer, ask: Ask) -> None:
    page = open_page(model_server.address)
    ask(page, "What did they say of the elephants?")
    assert (page.locator(".turn .reply").text_content() or "").startswith("The new bridge")
    assert page.locator(".turn img, .turn a, .turn script").count() == 0
    page.wait_for_timeout(200)  # for what would run late; the watch over the page fails the test then


def test_a_follow_up_is_shown_as_it_was_understood(
    open_page: Open, model_server: ModelServer, ask: Ask
) -> None:
    page = open_page(model_server.address)
    ask(page, "Who opened the new bridge over the Tarn?")
    assert page.locator(".understood").count() == 0
    ask(page, "And how much did it cost?")
    assert page.locator(".understood .text").text_content() == f"Understood as: {FOLLOW_UP}"
    assert words(page) == [COST]


def test_a_model_that_dies_leaves_the_answer_to_the_reader(
    open_page: Open, model_server: ModelServer, ask: Ask
) -> None:
    page = open_page(model_server.address)
    question = "What did the bridge cost, if the model dies?"
    assert ask(page, question) in ("answered", "unsure", "declined")
    note = page.locator(".turn .note").text_content() or ""
    assert note
    assert model_server.ended(question, within=5) == "died"
    assert page.locator(".turn .error").count() == 0
    assert ask(page, "How long is the deck of the bridge?") in ("answered", "unsure")
    assert len(words(page)) == 4


def test_while_it_is_written_nothing_that_was_read_moves(open_page: Open, model_server: ModelServer) -> None:
    page = open_page(model_server.address)
    begin(page, "How long is the endless deck?")
    page.wait_for_selector(f"{ENDLESS} .unsupported", timeout=30_000)
    turn = page.locator(".turn").last
    assert turn.locator(".pulse").count() == 1
    expect(turn.locator(".cards")).to_be_hidden()
    cite = turn.locator(".cite").first
    cite.focus()
    places = set()
    for _ in range(12):
        places.add(str(cite.bounding_box()))
        page.wait_for_timeout(100)
    assert len(places) == 1
    assert page.evaluate("document.activeElement.classList.contains('cite')")
    assert page.locator("[data-part=live]").text_content() == ""
    cite.click()
    page.wait_for_selector("[data-part=reading][aria-busy=false] mark.lit")
    page.keyboard.press("Escape")
    expect(page.locator("#reading")).to_be_hidden()
    page.keyboard.press("Escape")
    page.wait_for_selector(SETTLED)


def test_it_can_be_stopped_and_what_is_there_stays(open_page: Open, model_server: ModelServer) -> None:
    page = open_page(model_server.address)
    question = "Is the deck endless?"
    begin(page, question)
    page.wait_for_selector(f"{ENDLESS} .unsupported", timeout=30_000)
    page.get_by_label("Stop", exact=True).click()
    page.wait_for_selector(SETTLED, timeout=5_000)
    assert model_server.ended(question, within=5) == "left"
    assert page.locator(".turn .note").text_content() == "You stopped it here."
    assert len(words(page)) == 4
    expect(page.locator(".turn .cards")).to_be_visible()
    expect(page.get_by_label("Ask", exact=True)).to_be_visible()


def test_a_model_that_only_thinks_says_so_and_can_be_stopped(
    open_page: Open, model_server: ModelServer
) -> None:
    page = open_page(model_server.address)
    begin(page, "Are thoughts endless?")
    expect(page.locator(".turn .working")).to_have_text("The model is reading…", timeout=15_000)
    page.wait_for_selector("body.stoppable")
    page.keyboard.press("Escape")
    expect(page.locator(".turn .error p")).to_have_text("You stopped it before an answer came.")
    expect(page.locator(".turn .error button")).to_have_text("Try again")


@pytest.mark.parametrize("how", ["closed", "reloaded"])
def test_who_leaves_in_the_middle_stops_the_model(
    chromium: Browser, model_server: ModelServer, how: str
) -> None:
    page = chromium.new_page()  # nobody watches its console: Gradio says there that the stream ended
    page.goto(model_server.address)
    page.wait_for_selector("body.begun")
    question = f"Are endless thoughts {how}?"
    begin(page, question)
    expect(page.locator(".turn .working")).to_have_text("The model is reading…", timeout=15_000)
    assert model_server.ended(question, within=1) == "still going on"
    if how == "closed":
        page.close()
    else:
        page.reload()
    assert model_server.ended(question, within=10) == "left"
    page.close()


def test_an_answer_without_end_holds_up_nobody_else(
    open_page: Open, model_server: ModelServer, ask: Ask
) -> None:
    one, other = open_page(model_server.address), open_page(model_server.address)
    begin(one, "Are these thoughts endless?")
    expect(one.locator(".turn .working")).to_have_text("The model is reading…", timeout=15_000)
    began = time.monotonic()
    assert ask(other, "How long is the deck of the bridge?") in ("answered", "unsure")
    assert time.monotonic() - began < 20
    expect(one.locator(".turn")).to_have_attribute("data-state", "busy")


def test_where_articles_go_is_said_once(
    open_page: Open, articles: Path, tmp_path: Path, ask: Ask, model_server_at: Modelled
) -> None:
    with model_server_at(tmp_path, articles, host="api.openai.com") as server:
        page = open_page(server.address)
        told = page.locator("[data-part=told]")
        expect(told.locator("p")).to_have_text(
            "Questions and passages of your articles are sent to api.openai.com (openai:gpt-scripted)."
        )
        ask(page, "How long is the deck of the bridge?")
        expect(told).to_be_visible()
        told.get_by_role("button").click()
        expect(told).to_be_hidden()
        expect(page.locator("#question textarea")).to_be_focused()
        page.reload()
        expect(page.locator("[data-part=answerer]")).to_have_text(
            "openai:gpt-scripted on api.openai.com writes; each sentence is checked."
        )
        expect(told).to_be_hidden()
        other = open_page(server.address)
        expect(other.locator("[data-part=told]")).to_be_visible()
        page.close()
        other.close()


def test_a_model_that_cannot_be_had_is_said_and_the_reader_answers(
    open_page: Open, articles: Path, tmp_path: Path, ask: Ask, model_server_at: Modelled
) -> None:
    with model_server_at(tmp_path, articles, host="missing") as server:
        page = open_page(server.address)
        expect(page.locator("[data-part=told]")).to_have_text(
            f"{MISSING}. Meanwhile the reader answers, in the articles’ own words."
        )
        expect(page.locator("[data-part=answerer]")).to_have_text(
            "The reader answers, in the articles’ own words."
        )
        assert ask(page, "How many metres long is the deck of the bridge?") in ("answered", "unsure")
        assert "212" in (page.locator(".words").text_content() or "")
        assert page.locator(".note").count() == 0
        page.close()
