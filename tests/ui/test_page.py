"""The page in a real browser, over a real server and a real library: what a reader does, and what an attacker tries."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser

Ask = Callable[[Page, str], str]
Open = Callable[..., Page]

DECK = "Its deck is 212 metres long and carries two tram lines and a path for bicycles."
LIT = "mark.lit"


def lit_text(page: Page) -> str:
    """The text that is highlighted now, in one piece."""
    page.wait_for_selector(f"[data-part=reading][aria-busy=false] {LIT}")
    return "".join(page.locator(LIT).all_text_contents())


def in_view(page: Page, selector: str) -> bool:
    """Whether an element is wholly inside the part of the reading pane that can be seen."""
    pane = page.locator("[data-part=reading]").bounding_box()
    head = page.locator("#reading .head").bounding_box()
    target = page.locator(selector).first.bounding_box()
    assert pane
    assert head
    assert target
    top = head["y"] + head["height"]
    return (
        top <= target["y"]
        and target["y"] + target["height"] <= pane["y"] + pane["height"]
        and pane["x"] <= target["x"]
        and target["x"] + target["width"] <= pane["x"] + pane["width"]
    )


def wait_in_view(page: Page, selector: str) -> None:
    """Wait for the scrolling to end with the element in view."""
    for _ in range(40):
        if in_view(page, selector):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"{selector} is not in view")


def test_a_question_is_answered_and_its_sentence_lit_in_the_article(page: Page, ask: Ask) -> None:
    assert page.title() == "qa"
    expect(page.locator("#question textarea")).to_be_focused()
    assert ask(page, "How many metres long is the deck of the bridge?") in ("answered", "unsure")
    turn = page.locator(".turn")
    assert turn.locator(".asked").text_content() == "How many metres long is the deck of the bridge?"
    assert "212" in (turn.locator(".words").text_content() or "")
    card = turn.locator(".card").first
    assert card.locator(".title").text_content() == "New bridge over the Tarn opens at Albi"
    assert card.locator(".meta").text_content() == "Valley Post · 4 May 2021"
    assert card.locator(".quote").text_content() == DECK
    expect(page.locator("#question textarea")).to_have_value("")
    assert "212" in (page.locator("[data-part=live]").text_content() or "")

    turn.locator(".cite").first.click()
    assert lit_text(page) == DECK
    wait_in_view(page, LIT)
    assert page.locator(".page .title").text_content() == "New bridge over the Tarn opens at Albi"
    assert page.locator(".page h3").all_text_contents() == ["THE COST"]
    assert page.locator(".page li").count() == 2


def test_every_citation_opens_its_own_sentence(page: Page, ask: Ask) -> None:
    for question in ("Who opened the new bridge over the Tarn?", "How many people were on board the ferry?"):
        assert ask(page, question) in ("answered", "unsure")
        turn = page.locator(".turn").last
        quotes = turn.locator(".quote").all_text_contents()
        assert quotes
        for i, quote in enumerate(quotes):
            turn.locator(".cite").nth(i).click()
            expect(page.locator("[data-part=place]")).to_have_text(f"Citation {i + 1} of {len(quotes)}")
            assert "".join(lit_text(page).split()) == "".join(quote.split())  # it may reach over paragraphs
            wait_in_view(page, LIT)
    page.get_by_label("Close the article").click()
    expect(page.locator("#reading")).to_be_hidden()


def test_by_keyboard_alone(page: Page, ask: Ask) -> None:
    ask(page, "How many metres long is the deck of the bridge?")
    for _ in range(40):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.classList.contains('cite')"):
            break
    page.keyboard.press("Enter")
    assert lit_text(page) in page.locator(".quote").all_text_contents()
    expect(page.locator("[data-part=reading]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#reading")).to_be_hidden()
    assert page.evaluate("document.activeElement.classList.contains('cite')")


def test_what_the_articles_do_not_say(page: Page, ask: Ask) -> None:
    assert ask(page, "Which opera did Verdi finish in Paris?") == "declined"
    turn = page.locator(".turn")
    assert turn.locator(".words").text_content() == "The articles do not say."
    assert turn.locator(".nearest").text_content() == "The nearest passages, in case they help:"
    assert turn.locator(".cite").count() == 0
    nearest = turn.locator(".near .card").count()
    assert nearest >= 2
    turn.locator(".near .card").first.click()
    for i in range(1, nearest + 1):
        expect(page.locator("[data-part=place]")).to_have_text(f"Passage {i} of {nearest}")
        assert lit_text(page)
        expect(page.get_by_label("Previous citation")).to_be_enabled(enabled=i > 1)
        expect(page.get_by_label("Next citation")).to_be_enabled(enabled=i < nearest)
        if i < nearest:
            page.get_by_label("Next citation").click()
    page.get_by_label("Previous citation").click()
    expect(page.locator("[data-part=place]")).to_have_text(f"Passage {nearest - 1} of {nearest}")


def test_hello_gets_a_friendly_reply(page: Page, ask: Ask) -> None:
    assert ask(page, "Hello") == "help"
    assert (page.locator(".words").text_content() or "").startswith("Hello!")
    assert page.locator(".card, .doubt").count() == 0


def test_an_example_is_asked_with_one_click(page: Page) -> None:
    example = page.locator(".example").first
    question = example.text_content()
    example.click()
    expect(page.locator(".asked")).to_have_text(question or "")
    expect(page.locator("#welcome")).to_be_hidden()


def test_an_error_is_a_sentence_and_can_be_tried_again(page: Page, ask: Ask) -> None:
    assert ask(page, "why " * 1001) == "failed"
    expect(page.locator(".error p")).to_have_text("The question is longer than 4,000 characters: shorten it.")
    key = page.locator(".turn").get_attribute("data-key") or ""
    page.get_by_text("Try again").click()
    expect(page.locator(".turn")).not_to_have_attribute("data-key", key)
    expect(page.locator(".turn")).to_have_count(1)
    expect(page.locator(".turn")).to_have_attribute("data-state", "failed")
    assert ask(page, "How many metres long is the deck of the bridge?") in ("answered", "unsure")


def test_what_is_indexed_and_what_failed_is_said(page: Page) -> None:
    expect(page.locator(".notice")).to_have_text(re.compile(r"^\d+ articles$"))
    titles = page.locator(".articles .title").all_text_contents()
    assert titles.index("Ferry runs aground off Marstal") < titles.index(
        "New bridge over the Tarn opens at Albi"
    )
    page.locator(".failures summary").click()
    assert (page.locator(".failures .name").text_content() or "").endswith("broken.pdf")
    assert page.locator(".failures .reason").text_content()
    page.locator(".article", has_text="Ferry runs aground").click()
    expect(page.locator(".page .title")).to_have_text("Ferry runs aground off Marstal")
    assert page.locator(LIT).count() == 0


def test_a_dropped_file_can_be_asked_about_and_removed(page: Page, ask: Ask, tmp_path: Path) -> None:
    good, bad = tmp_path / "<b>comet<b>.txt", tmp_path / "broken.docx"
    good.write_text(
        "A night to look up\n\n"
        "TROMSØ, Norway, 7 January 2023: The comet Ilse was seen over Tromsø by 3,000 people on Friday night."
    )
    bad.write_bytes(b"PK no document at all")
    page.locator("[data-part=files]").set_input_files([good, bad])
    expect(page.locator(".uploads li.added .name")).to_have_text("<b>comet<b>.txt", timeout=30_000)
    expect(page.locator(".uploads li.added .done")).to_have_text("added")
    expect(page.locator(".uploads li.failed .name")).to_have_text("broken.docx", timeout=30_000)
    assert page.locator(".uploads li.failed .reason").text_content()
    row = page.locator(".articles li", has_text="A night to look up")
    expect(row).to_have_count(1)
    assert ask(page, "How many people saw the comet over Tromsø?") in ("answered", "unsure")
    assert "3,000" in (page.locator(".words").text_content() or "")

    row.hover()
    row.get_by_label("Remove").click()
    row.get_by_role("button", name="Keep").click()
    row.get_by_label("Remove").click()
    row.get_by_role("button", name="Remove", exact=True).last.click()
    expect(row).to_have_count(0)


def test_a_file_that_is_too_large_is_told_so_before_it_is_sent(page: Page) -> None:
    page.evaluate(
        """() => {
          const big = new File(["x"], "big.txt");
          Object.defineProperty(big, "size", { value: 65 * 1024 * 1024 });
          const data = new DataTransfer();
          data.items.add(big);
          const input = document.querySelector("[data-part=files]");
          Object.defineProperty(input, "files", { value: [big], configurable: true });
          input.dispatchEvent(new Event("change"));
          delete input.files;
        }"""
    )
    expect(page.locator(".uploads li.failed .reason")).to_have_text("it is larger than 64 MB")


def test_a_question_asked_while_the_models_load_waits(open_page: Open, empty_server: str, ask: Ask) -> None:
    page = open_page(empty_server, ready=False)
    assert ask(page, "Hello") == "help"


def test_files_dropped_on_the_page_are_added(open_page: Open, empty_server: str) -> None:
    page = open_page(empty_server)
    expect(page.locator(".welcome h2")).to_have_text("Add articles first")
    expect(page.locator(".welcome .primary")).to_be_visible()
    data = page.evaluate_handle(
        """() => {
          const data = new DataTransfer();
          const text = "Storm over Brest\\n\\nBREST, 2 May 2020: The storm Odile broke 40 masts in the harbour.";
          data.items.add(new File([text], "storm.txt"));
          return data;
        }"""
    )
    page.dispatch_event("#talk", "dragenter", {"dataTransfer": data})
    expect(page.locator(".dropping")).to_be_visible()
    page.dispatch_event("#talk", "drop", {"dataTransfer": data})
    expect(page.locator(".dropping")).to_be_hidden()
    expect(page.locator(".uploads li.added")).to_have_count(1, timeout=30_000)
    expect(page.locator(".welcome h2")).to_have_text("Ask the articles")
    expect(page.locator(".notice")).to_have_text("1 article")


def test_hostile_articles_are_text(page: Page, ask: Ask) -> None:
    title = "<img src=x onerror=alert(1)> **bold** ![i](http://evil.example/i.png)"
    page.locator(".article", has_text="onerror").click()
    expect(page.locator(".page .title")).to_have_text(title)
    body = page.locator(".page .body").text_content() or ""
    for piece in (
        "<script>alert(2)</script>",
        "[a link](javascript:alert(4))",
        "${alert(5)}",
        "{{constructor",
        "<iframe",
    ):
        assert piece in body
    assert page.locator(".page a, .page img, .page script, .page iframe").count() == 0
    assert page.locator(".page .meta").text_content() == "<u>Mallory</u>"

    ask(page, "What did the wizard of Zanzibar say about purple carrots?")
    assert page.locator(".card .title").first.text_content() == title
    assert page.locator(".turn img, .turn a, .turn script, .turn iframe, #shelf img").count() == 0
    page.wait_for_timeout(200)  # for what would run late; the watch over the page fails the test then


def test_hostile_questions_are_text(page: Page, ask: Ask) -> None:
    for question in (
        "<img src=x onerror=alert(1)>",
        "![x](http://evil.example/q.png) <script>alert(1)</script> [y](javascript:alert(1))",
        "${alert(1)} {{constructor.constructor('alert(1)')()}} $x^2$",
    ):
        ask(page, question)
        assert page.locator(".turn").last.locator(".asked").text_content() == question
        assert page.locator(".turn img, .turn a, .turn script").count() == 0
    page.wait_for_timeout(200)


def test_a_library_that_cannot_be_opened_and_a_server_that_is_gone(
    chromium: Browser, broken_server: tuple[str, subprocess.Popen[str]]
) -> None:
    address, process = broken_server
    page = chromium.new_page()
    page.goto(address)
    expect(page.locator(".welcome h2")).to_have_text("The library cannot be opened", timeout=30_000)
    assert "cannot be used as a store" in (page.locator(".welcome p").text_content() or "")
    assert process.wait(30) == 1
    assert process.stderr is not None
    assert "StoreError" in process.stderr.read()
    expect(page.locator(".lost")).to_have_text(
        "qa does not answer any more. If it was stopped, start it again and reload this page.", timeout=15_000
    )
    page.close()


def test_two_browsers_do_not_see_each_other(open_page: Open, server: str, ask: Ask) -> None:
    one, other = open_page(server), open_page(server)
    ask(one, "How many metres long is the deck of the bridge?")
    ask(other, "Who was the captain of the ferry?")
    assert one.locator(".asked").all_text_contents() == ["How many metres long is the deck of the bridge?"]
    assert other.locator(".asked").all_text_contents() == ["Who was the captain of the ferry?"]


def test_on_a_phone_one_view_at_a_time(open_page: Open, server: str, ask: Ask) -> None:
    page = open_page(server, width=390, height=780, has_touch=True)
    views = {name: page.locator(f"#{name}") for name in ("talk", "shelf", "reading")}

    def only(name: str) -> None:
        for view, place in views.items():
            expect(place).to_be_visible() if view == name else expect(place).to_be_hidden()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        width = page.evaluate(f"document.querySelector('#{name}').scrollWidth")
        assert width <= 390

    only("talk")
    ask(page, "How many metres long is the deck of the bridge?")
    page.locator(".cite").first.click()
    assert lit_text(page) == DECK
    only("reading")
    wait_in_view(page, LIT)
    page.get_by_label("Close the article").click()
    only("talk")
    page.get_by_role("button", name="Library", exact=True).click()
    only("shelf")
    page.locator(".article", has_text="Ferry").click()
    only("reading")
    page.get_by_role("button", name="Chat").click()
    only("talk")


def test_dark_follows_the_system(open_page: Open, server: str) -> None:
    colours = {
        scheme: open_page(server, color_scheme=scheme).evaluate(
            "getComputedStyle(document.body).backgroundColor"
        )
        for scheme in ("light", "dark")
    }
    assert colours == {"light": "rgb(251, 250, 247)", "dark": "rgb(23, 22, 20)"}


def test_the_server_shows_no_endpoints_and_no_other_hosts(page: Page, server: str) -> None:
    info = page.request.get(f"{server}/gradio_api/info").json()
    assert info == {"named_endpoints": {}, "unnamed_endpoints": {}}
    assert page.locator("footer").count() == 0 or not page.locator("footer").first.is_visible()
    assert page.request.get(f"{server}/docs").status == 404
    assert page.request.get(server, headers={"Host": "evil.example"}).status == 403
    assert page.request.get(server, headers={"Origin": "http://evil.example"}).status == 403
    favicon = page.request.get(f"{server}/favicon.ico")
    assert favicon.text().startswith("<svg")


def test_files_of_the_machine_are_not_taken_for_uploads(page: Page) -> None:
    component = page.evaluate("window.gradio_config.components.find((one) => one.props.elem_id === 'bar').id")
    call = {"component_id": component, "fn_name": "add", "session_hash": "x"}
    answer = page.request.post(
        f"{page.url.rstrip('/')}/gradio_api/component_server",
        data={**call, "data": {"path": "/etc/hostname", "name": "x.txt"}},
    )
    assert (answer.status, answer.json()) == (400, {"detail": "no such upload"})
