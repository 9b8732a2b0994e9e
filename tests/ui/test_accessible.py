"""Axe looks at the page in every state, in light and in dark: nothing keeps a reader out."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

axe = pytest.importorskip(
    "axe_playwright_python.sync_playwright", reason="axe is not installed: pip install -e '.[test]'"
)

pytestmark = pytest.mark.browser

Ask = Callable[[Page, str], str]
Open = Callable[..., Page]
Serve = Callable[..., AbstractContextManager[str]]

AXE = axe.Axe().axe_script
WAIT = 60_000  # ms, on a machine that may be busy with other tests
PHONE: ViewportSize = {"width": 390, "height": 780}
DECK = "How long is the deck of the bridge?"
VERDI = "Which opera did Verdi finish in Paris?"


class ModelServer(Protocol):
    """A server with a scripted chat model."""

    address: str


@pytest.fixture
def still(open_page: Open) -> Open:
    """Opens a page on which nothing moves: a colour is at once what it ends as."""

    def open_it(address: str, **options: object) -> Page:
        return open_page(address, reduced_motion="reduce", **options)

    return open_it


def accessible(page: Page) -> None:
    """Axe finds nothing here; in the dark it looks at contrast alone, for the rest is the same."""
    assert violations(page) == []
    page.emulate_media(color_scheme="dark")
    page.wait_for_selector("body.dark", state="attached")
    assert violations(page, "color-contrast") == []
    page.emulate_media(color_scheme="light")
    page.wait_for_selector("body:not(.dark)", state="attached")


def violations(page: Page, *rules: str) -> list[str]:
    """What axe finds, as (rule, how bad, where)."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    options: dict[str, object] = {"resultTypes": ["violations"], **({"runOnly": rules} if rules else {})}
    found = page.evaluate("options => axe.run(options)", options)["violations"]
    return [f"{one['id']}, {one['impact']}: {node['html']}" for one in found for node in one["nodes"]]


def library(page: Page) -> None:
    """Show the library, where it is not seen already."""
    if not page.locator("#shelf").is_visible():
        page.get_by_role("button", name="Library", exact=True).click()


def begin(page: Page, question: str) -> None:
    """Ask without waiting for the answer."""
    page.locator("#question textarea").fill(question)
    page.keyboard.press("Enter")


def read_by_reader(page: Page) -> None:
    """Let the reader answer in place of the model."""
    page.get_by_role("button", name="Settings").click()
    page.get_by_text("The reader", exact=True).click()


def test_what_is_wrong_is_found(empty_server: str, still: Open) -> None:
    page = still(empty_server)
    page.locator(".welcome p").evaluate("one => { one.style.color = '#aaa'; }")
    page.locator("#shelf aside").evaluate("one => one.setAttribute('role', 'nonsense')")
    found = {one.partition(",")[0] for one in violations(page)}
    assert {"aria-roles", "color-contrast"} <= found


@pytest.mark.parametrize("size", [{}, PHONE], ids=["wide", "phone"])
def test_an_empty_library(empty_server: str, still: Open, size: dict[str, int]) -> None:
    page = still(empty_server, **size)
    expect(page.get_by_role("heading", name="Add articles first")).to_be_visible()
    accessible(page)


def test_a_library_that_cannot_be_opened_and_a_server_that_is_gone(
    chromium: Browser, broken_server: tuple[str, subprocess.Popen[str]]
) -> None:
    page = chromium.new_page(
        reduced_motion="reduce", viewport=PHONE
    )  # not watched: it asks a server that is gone
    page.goto(broken_server[0])
    expect(page.get_by_role("heading", name="The library cannot be opened")).to_be_visible(timeout=WAIT)
    expect(page.locator(".lost")).to_be_visible(timeout=WAIT)
    accessible(page)
    page.get_by_role("button", name="Library", exact=True).click()
    expect(page.locator(".notice .trouble")).to_be_visible()
    accessible(page)
    page.close()


def test_while_it_gets_ready_and_articles_are_read(tmp_path: Path, serve_at: Serve, still: Open) -> None:
    lines = [
        {"id": f"{n}", "title": f"Report {n}", "text": f"The harbour master counted {n} ships. " * 20}
        for n in range(6000)
    ]
    source = tmp_path / "many.jsonl"
    source.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    with serve_at(tmp_path / "store", source) as address:
        page = still(address, ready=False)
        expect(page.get_by_role("heading", name="Getting ready")).to_be_visible()
        accessible(page)
        begin(page, VERDI)
        expect(page.locator(".turn[data-state=declined] .note")).to_contain_text(
            "Articles are still being read", timeout=WAIT
        )
        expect(page.locator(".indexing progress")).to_be_visible()
        expect(page.locator(".notice")).to_be_hidden()  # for the library says it
        accessible(page)
        page.set_viewport_size(PHONE)
        expect(page.locator(".notice progress")).to_be_visible()
        accessible(page)
        page.close()  # before the server that it asks goes


@pytest.mark.parametrize("size", [{}, PHONE], ids=["wide", "phone"])
def test_answers(model_server: ModelServer, still: Open, ask: Ask, size: dict[str, int]) -> None:
    page = still(model_server.address, **size)
    expect(page.locator(".example").first).to_be_visible()
    accessible(page)

    begin(page, "Is the deck endless?")
    page.wait_for_selector(".turn[data-state=writing] .unsupported", timeout=WAIT)
    page.wait_for_selector("body.stoppable")
    accessible(page)
    page.keyboard.press("Escape")
    expect(page.locator(".note", has_text="You stopped it here.")).to_be_visible()

    assert ask(page, DECK) == "answered"
    expect(page.locator(".turn").last.locator(".unsupported")).to_be_visible()
    accessible(page)
    page.locator(".turn").last.locator(".cite").first.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    expect(page.locator("#tip")).to_be_visible()
    accessible(page)
    page.keyboard.press("Escape")
    page.locator(".turn").last.locator(".cite").first.click()
    page.wait_for_selector("mark.lit")
    accessible(page)
    page.get_by_label("Close the article").click()

    ask(page, "And how much did it cost?")
    expect(page.locator(".understood")).to_be_visible()
    page.locator(".turn").last.locator(".down").click()
    expect(page.locator(".reasons")).to_be_visible()
    page.get_by_role("button", name="Incomplete").click()
    accessible(page)
    page.get_by_role("button", name="Keep", exact=True).click()
    expect(page.locator(".judged", has_text="Noted")).to_be_visible()
    page.locator(".turn").last.locator("[data-act=edit]").click()
    expect(page.locator(".editing")).to_be_visible()
    accessible(page)


@pytest.mark.parametrize("size", [{}, PHONE], ids=["wide", "phone"])
def test_what_the_reader_answers_and_what_opens_over_it(
    model_server: ModelServer, still: Open, ask: Ask, size: dict[str, int]
) -> None:
    page = still(model_server.address, **size)
    read_by_reader(page)
    accessible(page)
    page.keyboard.press("Escape")

    assert ask(page, DECK) == "answered"
    assert ask(page, "When will the station be mended?") == "unsure"
    accessible(page)
    assert ask(page, "why " * 1001) == "failed"
    accessible(page)
    assert ask(page, VERDI) == "declined"
    accessible(page)
    page.get_by_role("button", name="Show passages about this").click()
    page.wait_for_selector("[data-part=results] .card")
    accessible(page)
    page.get_by_label("Close the article").click()

    page.get_by_label("Conversations", exact=True).first.click()
    page.wait_for_selector("#qa-talks li")
    accessible(page)
    page.get_by_role("button", name="Rename").click()
    accessible(page)
    page.keyboard.press("Escape")
    page.locator("#qa-talks").get_by_label("Delete").click()
    accessible(page)


@pytest.mark.parametrize("size", [{}, PHONE], ids=["wide", "phone"])
def test_the_library(server: str, still: Open, tmp_path: Path, size: dict[str, int]) -> None:
    page = still(server, **size)
    library(page)
    page.locator(".failures summary").click()
    page.locator(".find summary").click()
    page.locator("select[name=source]").select_option("Valley Post")
    page.get_by_label("Ask only among these").check()
    expect(page.locator(".articles li")).to_have_count(1)
    accessible(page)
    page.locator(".articles li").get_by_label("Remove").click()
    accessible(page)
    page.keyboard.press("Escape")

    for name in ("scan.pdf", "program.exe"):
        (tmp_path / name).write_bytes(b"none")
    page.locator("[data-part=files]").set_input_files([tmp_path / "scan.pdf", tmp_path / "program.exe"])
    expect(page.locator(".uploads li.failed")).to_have_count(2, timeout=WAIT)
    page.get_by_label("Search the articles").fill("nothing of the kind")
    expect(page.locator(".none")).to_be_visible()
    accessible(page)
    page.get_by_role("button", name="Paste text").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    accessible(page)


@pytest.mark.parametrize("width", [320, 390])
def test_nothing_of_the_bar_lies_over_another(empty_server: str, still: Open, width: int) -> None:
    page = still(empty_server, width=width)
    boxes = [one.bounding_box() for one in page.locator(".bar button").all() if one.is_visible()]
    edges = [edge for box in boxes if box for edge in (box["x"], box["x"] + box["width"])]
    assert len(edges) == 12
    assert edges == sorted(edges)
    assert edges[-1] <= width
    middles = [box["y"] + box["height"] / 2 for box in boxes if box]
    assert max(middles) - min(middles) < 1  # in one line
