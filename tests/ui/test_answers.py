"""What a reader does with an answer, in a real browser: looks at its sources, copies it, asks again, looks further."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Protocol

import pytest
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.browser

Ask = Callable[[Page, str], str]
Open = Callable[..., Page]


class ModelServer(Protocol):
    """A server with a scripted chat model."""

    address: str


BRIDGE = "How many metres long is the deck of the bridge?"
FERRY = "How many people were on board the ferry?"
VERDI = "Which opera did Verdi finish in Paris?"
DECK = "Its deck is 212 metres long and carries two tram lines and a path for bicycles."
TITLE = "New bridge over the Tarn opens at Albi"
TIP = "#tip:not([hidden])"
ANSWERED = ("answered", "unsure")


def inside(page: Page, what: Locator) -> bool:
    """Whether an element is wholly inside the window."""
    box, size = what.bounding_box(), page.viewport_size
    assert box
    assert size
    return (
        box["x"] >= 0
        and box["y"] >= 0
        and box["x"] + box["width"] <= size["width"]
        and box["y"] + box["height"] <= size["height"]
    )


def copied(page: Page) -> str:
    """What a paste would give."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    return str(page.evaluate("navigator.clipboard.readText()"))


def focused(page: Page) -> str:
    """What the element with the focus does or is."""
    return str(page.evaluate("document.activeElement.dataset.act || document.activeElement.tagName"))


def test_a_number_shows_its_sentence_to_the_pointer(page: Page, ask: Ask) -> None:
    assert ask(page, BRIDGE) in ANSWERED
    page.locator(".cite").first.hover()
    tip = page.locator(TIP)
    assert tip.locator(".title").text_content() == TITLE
    assert tip.locator(".meta").text_content() == "Valley Post · 4 May 2021"
    assert tip.locator(".quote").text_content() == DECK
    assert "212" in (tip.locator("mark").text_content() or "")
    tip.hover()  # the pointer may go to it
    page.wait_for_timeout(300)
    expect(tip).to_be_visible()
    page.locator(".asked").hover()
    expect(tip).to_be_hidden()
    assert page.locator("[aria-describedby=tip]").count() == 0
    page.locator(".cite").first.click()
    page.wait_for_selector("[data-part=reading][aria-busy=false] mark.lit")
    expect(tip).to_be_hidden()


def test_a_number_shows_its_sentence_to_the_keyboard(page: Page, ask: Ask) -> None:
    ask(page, BRIDGE)
    for _ in range(40):
        page.keyboard.press("Shift+Tab")
        if focused(page) == "cite":
            break
    expect(page.locator(TIP)).to_be_visible()
    said = page.evaluate(
        "document.getElementById(document.activeElement.getAttribute('aria-describedby')).textContent"
    )
    assert DECK in said
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-part=reading][aria-busy=false] mark.lit")
    expect(page.locator(TIP)).to_be_hidden()
    page.keyboard.press("Escape")
    assert focused(page) == "cite"
    expect(page.locator(TIP)).to_be_hidden()  # the focus came back by itself
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    expect(page.locator(TIP)).to_be_visible()
    page.keyboard.press("Escape")  # closes it and nothing else
    expect(page.locator(TIP)).to_be_hidden()
    assert focused(page) == "cite"


@pytest.mark.parametrize("width", [390, 1360])
def test_the_popover_stays_on_the_page(open_page: Open, server: str, ask: Ask, width: int) -> None:
    page = open_page(server, width=width, height=500)
    assert ask(page, BRIDGE) in ANSWERED
    for place in (".cite >> nth=0", ".trust"):
        page.locator(".asked").hover()
        expect(page.locator(TIP)).to_have_count(0)
        page.locator(place).hover()
        expect(page.locator(TIP)).to_be_visible()
        assert inside(page, page.locator(TIP))
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_tap_opens_the_article_without_a_popover(open_page: Open, server: str, ask: Ask) -> None:
    page = open_page(server, width=390, height=780, has_touch=True)
    ask(page, BRIDGE)
    page.locator(".cite").first.tap()
    page.wait_for_selector("[data-part=reading][aria-busy=false] mark.lit")
    assert page.locator(TIP).count() == 0
    page.get_by_label("Close the article").tap()
    page.locator(".trust").tap()
    expect(page.locator(TIP)).to_contain_text("Measured on hard questions whose answers are known")
    page.locator(".asked").tap()
    page.locator("#question textarea").tap()
    expect(page.locator(TIP)).to_be_hidden()


def test_a_hostile_title_is_text_in_the_popover(page: Page, ask: Ask) -> None:
    ask(page, "What did the wizard of Zanzibar say about purple carrots?")
    page.locator(".cite").first.hover()
    expect(page.locator(f"{TIP} .title")).to_have_text(re.compile("^<img src=x onerror="))
    assert page.locator("#tip img, #tip a, #tip script").count() == 0
    page.wait_for_timeout(200)


def test_how_sure_it_is_explains_itself(page: Page, ask: Ask) -> None:
    assert ask(page, BRIDGE) in ANSWERED
    trust = page.locator(".trust")
    assert re.match("The articles|This may be it", trust.text_content() or "")
    trust.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    expect(page.locator(TIP)).to_contain_text("One article says so.")
    expect(trust).to_have_attribute("aria-describedby", "tip")
    assert (trust.text_content() or "") in (page.locator("[data-part=live]").text_content() or "")


@pytest.mark.parametrize("clipboard", ["there", "missing"])
def test_an_answer_is_copied_with_its_sources(page: Page, ask: Ask, clipboard: str) -> None:
    ask(page, BRIDGE)
    answer = page.locator(".words").text_content() or ""
    if clipboard == "missing":  # as on a page that came over http from another machine
        page.evaluate(
            "Object.defineProperty(navigator, 'clipboard', { value: undefined, configurable: true })"
        )
    else:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy", exact=True).click()
    expect(page.locator("[data-act=copy]")).to_have_text("Copied")
    assert focused(page) == "copy"
    page.evaluate("delete navigator.clipboard")
    text = copied(page)
    assert text.startswith(f"{answer} [1]")
    assert f"\n\n[1] {TITLE}, Valley Post, 4 May 2021\n“{DECK}”" in text
    expect(page.locator("[data-act=copy]")).to_have_text("Copy")


def test_the_lit_sentence_is_copied_as_a_quotation(page: Page, ask: Ask) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page, BRIDGE)
    page.locator(".cite").first.click()
    page.wait_for_selector("[data-part=reading][aria-busy=false] mark.lit")
    page.get_by_role("button", name="Copy quote").click()
    expect(page.locator("[data-act=quote]")).to_have_text("Copied")
    assert copied(page) == f"“{DECK}”\n— {TITLE}, Valley Post, 4 May 2021"
    page.locator(".article", has_text="Ferry runs aground").click()
    expect(page.locator(".page .title").first).to_have_text("Ferry runs aground off Marstal")
    expect(page.locator("[data-act=quote]")).to_be_hidden()  # nothing is lit


def test_asked_again_the_last_answer_is_replaced(page: Page, ask: Ask) -> None:
    ask(page, FERRY)
    ask(page, BRIDGE)
    assert page.locator("[data-act=again]:visible").count() == 1
    key = page.locator(".turn").last.get_attribute("data-key") or ""
    page.locator("[data-act=again]:visible").click()
    expect(page.locator(".turn").last).not_to_have_attribute("data-key", key)
    expect(page.locator(".turn").last).to_have_attribute("data-state", re.compile("answered|unsure"))
    assert page.locator(".asked").all_text_contents() == [FERRY, BRIDGE]
    expect(page.locator("#question textarea")).to_be_focused()


def test_a_question_is_put_in_other_words_by_keyboard(page: Page, ask: Ask) -> None:
    for question in (VERDI, FERRY, BRIDGE):
        ask(page, question)
    second = page.locator(".turn").nth(1)
    second.locator("[data-act=edit]").focus()
    page.keyboard.press("Enter")
    box = page.get_by_label("The question, in other words")
    expect(box).to_be_focused()
    expect(box).to_have_value(FERRY)
    assert (
        second.locator(".hint").text_content() == "Asked again, it replaces this answer and the one after it."
    )
    page.keyboard.press("Escape")
    expect(box).to_have_count(0)
    assert focused(page) == "edit"
    assert page.locator(".asked").all_text_contents() == [VERDI, FERRY, BRIDGE]

    page.keyboard.press("Enter")
    page.keyboard.press("Control+A")
    page.keyboard.type("Who was the captain")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("of the ferry?")
    page.keyboard.press("Enter")
    expect(page.locator(".turn")).to_have_count(2)
    expect(page.locator(".turn").last).to_have_attribute("data-state", re.compile("answered|unsure"))
    assert page.locator(".asked").all_text_contents() == [VERDI, "Who was the captain\nof the ferry?"]
    assert "Holm" in (page.locator(".turn").last.locator(".words").text_content() or "")
    expect(page.locator("#question textarea")).to_be_focused()


def test_a_question_that_failed_can_be_mended(page: Page, ask: Ask) -> None:
    assert ask(page, "why " * 1001) == "failed"
    page.locator("[data-act=edit]").click()
    page.get_by_label("The question, in other words").fill(BRIDGE)
    page.get_by_role("button", name="Ask", exact=True).first.click()
    expect(page.locator(".turn")).to_have_attribute("data-state", re.compile("answered|unsure"))
    assert page.locator(".asked").all_text_contents() == [BRIDGE]


def test_what_was_understood_can_be_corrected(open_page: Open, model_server: ModelServer, ask: Ask) -> None:
    page = open_page(model_server.address)
    ask(page, "Who opened the new bridge over the Tarn?")
    ask(page, "And how much did it cost?")
    page.get_by_role("button", name="Correct how the question was understood").click()
    box = page.get_by_label("The question, in other words")
    expect(box).to_have_value("How much did the bridge over the Tarn cost?")
    box.fill("How long is the deck?")
    page.keyboard.press("Enter")
    expect(page.locator(".asked").last).to_have_text("How long is the deck?")
    expect(page.locator(".turn").last).to_have_attribute("data-state", re.compile("answered|unsure"))
    assert page.locator(".turn").count() == 2
    assert page.locator(".understood").count() == 0  # it was asked as it is
    page.locator("[data-act=again]:visible").click()
    expect(page.locator(".turn").last).to_have_attribute("data-alone", "")
    expect(page.locator(".turn").last).to_have_attribute("data-state", re.compile("answered|unsure"))
    assert page.locator(".understood").count() == 0


def test_while_an_answer_is_written_the_others_are_left_alone(
    open_page: Open, model_server: ModelServer, ask: Ask
) -> None:
    page = open_page(model_server.address)
    ask(page, "How long is the deck of the bridge?")
    page.locator("#question textarea").fill("Are these other thoughts endless?")
    page.keyboard.press("Enter")
    expect(page.locator(".turn")).to_have_count(2)
    page.wait_for_selector("body.stoppable")
    first = page.locator(".turn").first
    for act in ("edit", "judge"):
        first.locator(f"[data-act={act}]").first.click()
        expect(first.locator(".saying")).to_have_text(
            "Wait for the answer that is being written, or stop it."
        )
    assert page.locator(".editing, .judged").count() == 0
    page.keyboard.press("Escape")
    expect(page.locator(".turn").last).to_have_attribute("data-state", "failed")
    first.locator("[data-act=edit]").click()
    expect(page.locator(".editing")).to_have_count(1)


def test_the_popover_goes_on_while_the_answer_grows(open_page: Open, model_server: ModelServer) -> None:
    page = open_page(model_server.address)
    page.locator("#question textarea").fill("How long is the endless deck?")
    page.keyboard.press("Enter")
    page.locator(".turn .cite").first.hover(timeout=30_000)
    expect(page.locator(TIP)).to_be_visible()
    page.wait_for_selector(".turn .unsupported", timeout=30_000)
    expect(page.locator(TIP)).to_be_visible()
    expect(page.locator("[aria-describedby=tip]")).to_have_count(1)
    expect(page.locator(TIP)).to_be_visible()
    page.wait_for_selector("body.stoppable")
    page.keyboard.press("Escape")
    expect(page.locator(TIP)).to_be_hidden()
    expect(page.locator(".turn")).to_have_attribute(
        "data-state", "writing"
    )  # Escape closed the popover alone
    page.keyboard.press("Escape")
    expect(page.locator(".turn .note")).to_have_text("You stopped it here.")


def test_passages_are_looked_for_where_the_articles_do_not_say(page: Page, ask: Ask) -> None:
    assert ask(page, VERDI) == "declined"
    page.get_by_role("button", name="Show passages about this").click()
    words, results = page.get_by_label("Words to search for"), page.locator("[data-part=results] .card")
    expect(words).to_be_focused()
    expect(words).to_have_value(VERDI)
    expect(page.locator("[data-part=counted]")).to_have_text(re.compile(r"^\d+ passages, the best first\.$"))
    words.fill("radar of the captain")
    page.keyboard.press("Enter")
    expect(results.first.locator(".title")).to_have_text("Ferry runs aground off Marstal")
    count = results.count()
    results.first.click()
    page.wait_for_selector("[data-part=reading][aria-busy=false] mark.lit")
    expect(page.locator("[data-part=place]")).to_have_text(f"Passage 1 of {count}")
    assert "radar" in "".join(page.locator("mark.lit").all_text_contents())
    page.get_by_label("Next citation").click()
    expect(page.locator("[data-part=place]")).to_have_text(f"Passage 2 of {count}")
    page.get_by_role("button", name="All passages").click()
    expect(results.nth(1)).to_be_focused()
    expect(page.locator(".passages")).to_be_visible()
    expect(words).to_have_value("radar of the captain")
    page.keyboard.press("Escape")
    expect(page.locator("#reading")).to_be_hidden()
    assert focused(page) == "passages"
    page.locator(".near .card").first.click()  # the nearest, beside the answer, have no list to go back to
    page.wait_for_selector("[data-part=reading][aria-busy=false] mark.lit")
    expect(page.get_by_role("button", name="All passages")).to_be_hidden()


def test_a_search_for_too_much_says_so(page: Page, ask: Ask) -> None:
    ask(page, VERDI)
    page.get_by_role("button", name="Show passages about this").click()
    page.get_by_label("Words to search for").fill("why " * 1001)
    page.keyboard.press("Enter")
    expect(page.locator("[data-part=counted]")).to_have_text(
        "The question is longer than 4,000 characters: shorten it."
    )
    page.get_by_label("Words to search for").fill("  ")
    page.keyboard.press("Enter")
    expect(page.locator("[data-part=counted]")).to_have_text("Type what to search for.")
    page.get_by_label("Words to search for").fill("<img src=x onerror=alert(1)> purple carrots")
    page.keyboard.press("Enter")
    expect(page.locator("[data-part=results] .title").first).to_have_text(re.compile("^<img src=x"))
    assert page.locator("#reading img, #reading script").count() == 0


def test_on_a_phone_everything_is_on_the_page(open_page: Open, server: str, ask: Ask) -> None:
    page = open_page(server, width=390, height=780, has_touch=True)
    assert ask(page, BRIDGE) in ANSWERED
    for act in ("copy", "again", "edit", "judge"):
        assert inside(page, page.locator(f"[data-act={act}]").first)
    page.locator("[data-act=edit]").tap()
    assert inside(page, page.locator(".editing"))
    page.get_by_role("button", name="Cancel").tap()
    assert ask(page, VERDI) == "declined"
    page.get_by_role("button", name="Show passages about this").tap()
    expect(page.locator("[data-part=results] .card").first).to_be_visible()
    page.locator("[data-part=results] .card").first.tap()
    page.wait_for_selector("[data-part=reading][aria-busy=false] mark.lit")
    for name in ("All passages", "Copy quote", "Next citation", "Close the article"):
        assert inside(page, page.get_by_role("button", name=name))
    assert page.evaluate("document.querySelector('#reading .head').scrollWidth") <= 390
    page.get_by_label("Close the article").tap()
    expect(page.locator("#talk")).to_be_visible()
