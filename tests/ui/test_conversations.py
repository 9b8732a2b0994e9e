"""Conversations that stay in a browser: reloaded, restarted, several of them, and never anybody else's."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser

Ask = Callable[[Page, str], str]
Open = Callable[..., Page]
Serve = Callable[..., AbstractContextManager[str]]

BRIDGE = "How many metres long is the deck of the bridge?"
FERRY = "Who was the captain of the ferry?"
OPENED = "Who opened the new bridge over the Tarn?"
FOLLOW_UP = "And how much did it cost?"
WRITING = ".turn:last-child[data-state=writing]"
SETTLED = ".turn:last-child:not([data-state=busy], [data-state=writing])"
UNREADABLE = "A conversation that this browser kept could not be read any more and was put away."
FULL = "This browser keeps no more conversations: the oldest made room for this one."


class ModelServer(Protocol):
    """A server with a scripted chat model."""

    address: str


def asked(page: Page) -> list[str]:
    """The questions of the conversation that is shown."""
    return page.locator(".asked").all_text_contents()


def shows(page: Page, *questions: str) -> None:
    """Wait until these questions, and no others, are shown."""
    expect(page.locator(".asked")).to_have_text(list(questions))


def kept(page: Page) -> int:
    """How many conversations the browser keeps."""
    return int(page.evaluate("Object.keys(localStorage).filter((key) => /^qa talk \\S+ /.test(key)).length"))


def wait_until_kept(page: Page) -> None:
    """Wait until nothing is under way between the server and what the browser keeps."""
    page.wait_for_function(
        """() => Object.keys(localStorage).filter((key) => /^qa talk \\S+ /.test(key))
          .every((key) => JSON.parse(localStorage[key]).turns.every(([, , whole]) => whole))"""
    )
    page.wait_for_function("() => !sessionStorage['qa flights']")


def begin(page: Page, question: str) -> None:
    """Ask without waiting for the answer."""
    before = page.locator(".turn").count()
    page.locator("#question textarea").fill(question)
    page.keyboard.press("Enter")
    expect(page.locator(".turn")).to_have_count(before + 1)


def new(page: Page) -> None:
    """Begin another conversation."""
    page.get_by_label("New conversation").click()
    expect(page.locator(".turn")).to_have_count(0)
    expect(page.locator("#question textarea")).to_be_focused()


def listed(page: Page) -> list[str]:
    """The conversations in the list, which is open afterwards."""
    if not page.locator("#qa-talks").is_visible():
        page.get_by_label("Conversations", exact=True).first.click()
    page.wait_for_selector("#qa-talks [data-part=past] > *")
    page.wait_for_timeout(100)
    return page.locator(".past .title").all_text_contents()


def turn_to(page: Page, name: str) -> None:
    """Open a conversation of the list."""
    listed(page)
    page.locator(".past", has_text=name).click()
    expect(page.locator("#qa-talks")).to_be_hidden()


def test_a_reloaded_page_goes_on_where_it_was(open_page: Open, model_server: ModelServer, ask: Ask) -> None:
    page = open_page(model_server.address)
    ask(page, OPENED)
    words = page.locator(".words").all_text_contents()
    page.reload()
    shows(page, OPENED)
    assert page.locator(".words").all_text_contents() == words
    expect(page.locator("#welcome")).to_be_hidden()
    page.locator(".cite").first.click()
    expect(page.locator("mark.lit").first).to_be_visible()
    page.get_by_label("Close the article").click()

    ask(page, FOLLOW_UP)
    shows(page, OPENED, FOLLOW_UP)
    understood = page.locator(".turn").last.locator(".understood .text").text_content() or ""
    assert understood.endswith("How much did the bridge over the Tarn cost?")


def test_it_outlives_the_server_and_is_not_another_librarys(
    chromium: Browser, articles: Path, tmp_path: Path, ask: Ask, serve_at: Serve
) -> None:
    context = chromium.new_context()  # nobody watches its console: a server that goes is an error there

    def opened(address: str) -> Page:
        page = context.new_page()
        page.goto(address)
        page.wait_for_selector("body.begun")
        return page

    with serve_at(tmp_path / "one", articles) as address:
        page = opened(address)
        ask(page, BRIDGE)
        wait_until_kept(page)
    port = int(address.rpartition(":")[2])
    key = (tmp_path / "one" / "conversations.key").read_bytes()
    with serve_at(tmp_path / "two", articles, port=port):
        other = opened(address)
        expect(other.locator(".welcome h2")).to_have_text("Ask the articles", timeout=60_000)
        assert asked(other) == []
        assert listed(other) == []
        other.close()
    with serve_at(tmp_path / "one", articles, port=port):
        other = opened(address)
        shows(other, BRIDGE)
        other.close()
        # The page that was open all the time: the server knows nothing of it, and it goes on.
        expect(page.locator("[data-part=lost]")).to_be_hidden(timeout=30_000)
        ask(page, FERRY)
        shows(page, BRIDGE, FERRY)
        page.reload()
        shows(page, BRIDGE, FERRY)
    assert (tmp_path / "one" / "conversations.key").read_bytes() == key
    context.close()


def test_several_are_listed_opened_renamed_and_deleted(page: Page, ask: Ask) -> None:
    assert listed(page) == []
    expect(page.locator("#qa-talks .none")).to_have_text(
        "No conversations yet. The first begins with your first question."
    )
    page.keyboard.press("Escape")
    ask(page, BRIDGE)
    new(page)
    ask(page, FERRY)
    assert listed(page) == [FERRY, BRIDGE]
    expect(page.locator(".past[aria-current=true] .title")).to_have_text(FERRY)
    turn_to(page, BRIDGE)
    shows(page, BRIDGE)
    expect(page.locator("#question textarea")).to_be_focused()

    listed(page)
    page.get_by_role("button", name="Rename").click()
    name = page.get_by_label("Name of this conversation")
    expect(name).to_have_value(BRIDGE)
    name.fill("<img src=x onerror=alert(1)> the bridge")
    name.press("Enter")
    expect(page.locator(".past[aria-current=true] .title")).to_have_text(
        "<img src=x onerror=alert(1)> the bridge"
    )
    page.get_by_role("button", name="Rename").click()
    name.fill("not this")
    name.press("Escape")
    expect(page.locator(".past .title").last).to_have_text("<img src=x onerror=alert(1)> the bridge")
    expect(page.locator("#qa-talks")).to_be_visible()

    row = page.locator("#qa-talks li", has_text=FERRY)
    row.hover()
    row.get_by_label("Delete").click()
    row.get_by_role("button", name="Keep").click()
    assert kept(page) == 2
    row.get_by_label("Delete").click()
    row.get_by_role("button", name="Delete", exact=True).click()
    expect(page.locator("#qa-talks li")).to_have_count(1)
    shows(page, BRIDGE)
    row = page.locator("#qa-talks li")
    row.get_by_label("Delete").click()
    row.get_by_role("button", name="Delete", exact=True).click()
    expect(page.locator("#qa-talks .none")).to_be_visible()
    shows(page)
    assert kept(page) == 0
    page.reload()
    page.wait_for_selector("body.begun")
    page.wait_for_timeout(300)
    shows(page)


def test_a_conversation_is_exported_with_its_sources(page: Page, ask: Ask) -> None:
    ask(page, BRIDGE)
    ask(page, "Which opera did Verdi finish in Paris?")
    wait_until_kept(page)
    listed(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Export").click()
    assert download.value.suggested_filename == "How-many-metres-long-is-the-deck-of-the-bridge.md"
    text = Path(download.value.path()).read_text("utf-8")
    assert text.startswith(f"# {BRIDGE}\n\n## {BRIDGE}\n\n")
    assert "1. **New bridge over the Tarn opens at Albi**, Valley Post, 4 May 2021\n" in text
    assert "\n   > Its deck is 212 metres long and carries two tram lines and a path for bicycles.\n" in text
    assert "\n## Which opera did Verdi finish in Paris?\n\nThe articles do not say.\n" in text


def test_turned_away_from_an_answer_goes_to_its_own_conversation(
    open_page: Open, model_server: ModelServer, ask: Ask
) -> None:
    page = open_page(model_server.address)
    begin(page, "Is the deck endless?")
    page.wait_for_selector(f"{WRITING} .unsupported", timeout=30_000)
    new(page)
    expect(page.get_by_label("Ask", exact=True)).to_be_visible()
    assert ask(page, OPENED) in ("answered", "unsure")
    shows(page, OPENED)
    turn_to(page, "Is the deck endless?")
    page.wait_for_selector(f"{WRITING} .unsupported")
    shows(page, "Is the deck endless?")
    page.wait_for_selector("body.stoppable")
    page.keyboard.press("Escape")
    page.wait_for_selector(SETTLED)
    assert page.locator(".turn .note").text_content() == "You stopped it here."
    turn_to(page, OPENED)
    shows(page, OPENED)
    assert page.locator(".turn .note").count() == 0

    # One that ends while another conversation is shown.
    new(page)
    begin(page, "How long is the deck of the bridge?")
    new(page)
    page.wait_for_timeout(300)
    shows(page)
    wait_until_kept(page)
    turn_to(page, "How long is the deck of the bridge?")
    page.wait_for_selector(SETTLED)
    expect(page.locator(".turn .words")).to_have_count(4)


def test_what_is_deleted_does_not_come_back_with_its_answer(
    open_page: Open, model_server: ModelServer
) -> None:
    page = open_page(model_server.address)
    begin(page, "Is the deck endless?")
    page.wait_for_selector(f"{WRITING} .unsupported", timeout=30_000)
    listed(page)
    row = page.locator("#qa-talks li")
    row.get_by_label("Delete").click()
    row.get_by_role("button", name="Delete", exact=True).click()
    expect(page.locator(".turn")).to_have_count(0)
    page.wait_for_timeout(2500)
    assert kept(page) == 0
    shows(page)


@pytest.mark.parametrize("question", ["Is the deck endless?", "Are thoughts endless?"])
def test_reloaded_in_the_middle_it_says_so_and_can_be_asked_again(
    chromium: Browser, model_server: ModelServer, question: str
) -> None:
    page = chromium.new_page()  # nobody watches its console: Gradio says there that the stream ended
    page.goto(model_server.address)
    page.wait_for_selector("body.begun")
    begin(page, question)
    writes = "deck" in question
    page.wait_for_selector(f"{WRITING} .unsupported" if writes else "body.stoppable", timeout=30_000)
    page.reload()
    page.wait_for_selector(SETTLED, timeout=20_000)
    shows(page, question)
    if writes:
        expect(page.locator(".turn .words")).to_have_count(4)
    else:
        page.get_by_role("button", name="Try again").click()
        page.wait_for_selector("body.stoppable")
        shows(page, question)
        page.keyboard.press("Escape")
        page.wait_for_selector(SETTLED)
    page.close()


def test_two_tabs_of_one_browser_keep_each_others(open_page: Open, server: str, ask: Ask) -> None:
    one = open_page(server)
    ask(one, BRIDGE)
    wait_until_kept(one)
    other = one.context.new_page()
    other.goto(server)
    shows(other, BRIDGE)  # the last one that this browser had
    new(other)
    ask(other, FERRY)
    ask(one, OPENED)
    wait_until_kept(one)
    wait_until_kept(other)
    shows(one, BRIDGE, OPENED)
    shows(other, FERRY)
    assert sorted(listed(other)) == sorted([BRIDGE, FERRY])

    turn_to(other, BRIDGE)
    shows(other, BRIDGE, OPENED)
    ask(other, FERRY)
    shows(one, BRIDGE, OPENED, FERRY)
    one.wait_for_selector(SETTLED)
    ask(one, BRIDGE)
    shows(other, BRIDGE, OPENED, FERRY, BRIDGE)
    for page in (one, other):
        page.reload()
        shows(page, BRIDGE, OPENED, FERRY, BRIDGE)
    listed(one)
    row = one.locator("#qa-talks li", has_text=BRIDGE)
    row.get_by_label("Delete").click()
    row.get_by_role("button", name="Delete", exact=True).click()
    shows(other)


def test_two_browsers_keep_their_own(open_page: Open, server: str, ask: Ask) -> None:
    one, other = open_page(server), open_page(server)
    ask(one, BRIDGE)
    assert listed(other) == []
    other.reload()
    other.wait_for_selector("body.begun")
    shows(other)
    assert listed(other) == []


@pytest.mark.parametrize("text", ["{", "null", '{"at": 1}', '{"at": 1, "name": null, "turns": [[1, 2]]}'])
def test_what_makes_no_sense_is_put_away(page: Page, ask: Ask, text: str) -> None:
    ask(page, BRIDGE)
    wait_until_kept(page)
    page.evaluate(
        "(text) => Object.keys(localStorage).filter((key) => /^qa talk \\S+ /.test(key))"
        ".forEach((key) => { localStorage[key] = text; })",
        text,
    )
    page.reload()
    expect(page.locator("[data-part=word] span")).to_have_text(UNREADABLE)
    shows(page)
    assert ask(page, FERRY) in ("answered", "unsure")
    expect(page.locator("[data-part=word]")).to_be_hidden()
    assert kept(page) == 1


def test_what_was_changed_is_left_out_with_a_word(page: Page, ask: Ask) -> None:
    ask(page, BRIDGE)
    ask(page, FERRY)
    wait_until_kept(page)
    page.evaluate(
        """() => { for (const key of Object.keys(localStorage)) if (/^qa talk \\S+ /.test(key)) {
          const entry = JSON.parse(localStorage[key]);
          entry.turns[0][0] = "0".repeat(32); // for the server has not forgotten it yet
          entry.turns[0][1] = entry.turns[0][1].slice(0, -20) + "<img src=x onerror=alert(1)>";
          entry.name = "no name of ours";
          localStorage[key] = JSON.stringify(entry);
        } }"""
    )
    page.reload()
    shows(page, FERRY)
    expect(page.locator(".missing")).to_have_text(
        "One question of this conversation could not be read any more."
    )
    assert ask(page, OPENED) in ("answered", "unsure")
    listed(page)
    expect(page.locator("[data-part=word] span")).to_have_text(UNREADABLE)


def test_the_oldest_makes_room(page: Page, ask: Ask) -> None:
    ask(page, BRIDGE)
    wait_until_kept(page)
    page.evaluate(
        """() => {
          const key = Object.keys(localStorage).find((key) => /^qa talk \\S+ /.test(key));
          const entry = JSON.parse(localStorage[key]);
          for (let i = 0; i < 99; i++) {
            const id = String(i).padStart(32, "0");
            localStorage[key.slice(0, -32) + id] = JSON.stringify({ ...entry, at: i + 1 });
          }
        }"""
    )
    assert kept(page) == 100
    new(page)
    ask(page, FERRY)
    expect(page.locator("[data-part=word] span")).to_have_text(FULL)
    assert kept(page) == 100
    assert page.evaluate("Object.keys(localStorage).some((key) => key.endsWith('0'.repeat(32)))") is False
    page.get_by_role("button", name="OK", exact=True).click()
    expect(page.locator("[data-part=word]")).to_be_hidden()
    assert listed(page)[0] == FERRY
    expect(page.locator(".past")).to_have_count(100)


def test_a_drawer_that_is_full_is_said(page: Page, ask: Ask) -> None:
    page.evaluate("localStorage.setItem('of another program', 'x'.repeat(5 * 1024 * 1024 - 200))")
    assert ask(page, BRIDGE) in ("answered", "unsure")
    expect(page.locator("[data-part=word] span")).to_have_text(re.compile("^This browser keeps nothing here"))


def test_a_browser_that_keeps_nothing(chromium: Browser, server: str, ask: Ask) -> None:
    page = chromium.new_page()
    page.add_init_script(
        "for (const name of ['localStorage', 'sessionStorage']) "
        "Object.defineProperty(window, name, { get() { throw new DOMException('shut', 'SecurityError'); } });"
    )
    page.goto(server)
    page.wait_for_selector("body.begun")
    assert ask(page, BRIDGE) in ("answered", "unsure")
    expect(page.locator("[data-part=word] span")).to_have_text(re.compile("^This browser keeps nothing here"))
    assert ask(page, FERRY) in ("answered", "unsure")
    shows(page, BRIDGE, FERRY)
    page.close()


def test_an_article_that_has_gone_since(page: Page, ask: Ask, tmp_path: Path) -> None:
    file = tmp_path / "eclipse.txt"
    file.write_text(
        "Eclipse over Oruro\n\nORURO, Bolivia, 7 May 2024: The eclipse over Oruro was watched by 5,200 people."
    )
    page.locator("[data-part=files]").set_input_files([file])
    expect(page.locator(".uploads li.added")).to_have_count(1, timeout=30_000)
    assert ask(page, "How many people watched the eclipse over Oruro?") in ("answered", "unsure")
    quote = page.locator(".card .quote").first.text_content()
    wait_until_kept(page)
    row = page.locator(".articles li", has_text="Eclipse over Oruro")
    row.hover()
    row.get_by_label("Remove").click()
    row.get_by_role("button", name="Remove", exact=True).last.click()
    expect(row).to_have_count(0)
    page.reload()
    shows(page, "How many people watched the eclipse over Oruro?")
    assert page.locator(".card .quote").first.text_content() == quote
    page.locator(".card", has_text="Eclipse").first.click()
    expect(page.locator("[data-part=page]")).to_have_text(
        "This article is no longer in the library. What it said still stands beside the answer."
    )


def test_on_a_phone(open_page: Open, server: str, ask: Ask) -> None:
    page = open_page(server, width=390, height=780, has_touch=True)
    ask(page, BRIDGE)
    new(page)
    ask(page, FERRY)
    assert listed(page) == [FERRY, BRIDGE]
    box = page.locator("#qa-talks").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator(".past", has_text=BRIDGE).click()
    shows(page, BRIDGE)
    page.get_by_role("button", name="Library", exact=True).click()
    turn_to(page, FERRY)
    expect(page.locator("#talk")).to_be_visible()
    shows(page, FERRY)
