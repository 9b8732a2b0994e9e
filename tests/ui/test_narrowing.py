"""What is chosen in the library reaches the answer: it comes from the articles chosen there, and from no other."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

Ask = Callable[[Page, str], str]

FERRY = "How many people were on board the ferry?"
DECK = "How long is the deck of the bridge?"
BRIDGE_TITLE = "New bridge over the Tarn opens at Albi"
FERRY_TITLE = "Ferry runs aground off Marstal"
ANSWERED = ("answered", "unsure")


def titles(page: Page) -> set[str]:
    """The articles that the last answer names, below it."""
    return set(page.locator(".turn").last.locator(".card .title").all_text_contents())


def words(page: Page) -> str:
    """The last answer."""
    return page.locator(".turn").last.locator(".words").first.text_content() or ""


def test_a_source_that_is_chosen_is_the_only_one_that_answers(page: Page, ask: Ask) -> None:
    page.locator(".find summary").click()
    page.locator("select[name=source]").select_option("Valley Post")
    assert ask(page, FERRY) in ANSWERED  # a narrower list alone does not narrow the question
    assert FERRY_TITLE in titles(page)

    page.get_by_label("Ask only among these").check()
    ask(page, FERRY)
    assert "87" not in words(page)
    assert titles(page) <= {BRIDGE_TITLE}
    assert ask(page, DECK) in ANSWERED
    assert "212" in words(page)
    assert titles(page) == {BRIDGE_TITLE}

    page.locator("select[name=source]").select_option("<u>Mallory</u>")
    expect(page.locator("#talk .only span")).to_have_text("Asking only articles of <u>Mallory</u>")
    ask(page, DECK)
    assert "212" not in words(page)
    assert BRIDGE_TITLE not in titles(page)

    page.get_by_role("button", name="Ask all").click()
    assert ask(page, FERRY) in ANSWERED
    assert "87" in words(page)
    assert FERRY_TITLE in titles(page)


def test_days_that_are_chosen_narrow_it_too(page: Page, ask: Ask) -> None:
    page.locator(".find summary").click()
    page.get_by_label("From", exact=True).fill("2022-01-01")
    page.get_by_label("Ask only among these").check()
    ask(page, DECK)
    assert "212" not in words(page)
    assert titles(page) <= {FERRY_TITLE}
    assert ask(page, FERRY) in ANSWERED
    page.get_by_role("button", name="Clear filters").click()
    assert ask(page, DECK) in ANSWERED
    assert titles(page) == {BRIDGE_TITLE}
