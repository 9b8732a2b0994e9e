"""The library panel in a real browser: finding, narrowing what is asked, adding folders and pasted text, removing."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

Ask = Callable[[Page, str], str]
Open = Callable[..., Page]
Serve = Callable[..., AbstractContextManager[str]]

MANY = 640
LONG = 30_000  # ms, on a machine that may be busy with other tests


@pytest.fixture(scope="module")
def shelf_server(tmp_path_factory: pytest.TempPathFactory, server_over: Serve) -> Iterator[str]:
    """A server over many small articles of three sources, and one file that cannot be read."""
    folder = tmp_path_factory.mktemp("many")
    lines = [
        {
            "id": f"a{n}",
            "title": f"Report {n} on the harbour",
            "text": f"The harbour master counted {n} ships.",
            "source": ("Valley Post", "Café Wire", "<b>Desk</b>")[n % 3],
            "published": f"2021-{1 + n % 12:02}-{1 + n % 28:02}",
        }
        for n in range(MANY - 1)
    ]
    lines.append({"id": "undated", "title": "Zebra at large", "text": "A zebra walked through Albi."})
    (folder / "many.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    (folder / "broken.pdf").write_bytes(b"%PDF-1.4 this is none")
    with server_over(tmp_path_factory.mktemp("store"), folder) as address:
        yield address


@pytest.fixture
def shelf_page(open_page: Open, shelf_server: str) -> Page:
    """A page over many articles."""
    return open_page(shelf_server)


def tally(page: Page, words: str) -> None:
    expect(page.locator("[data-part=tally]")).to_have_text(words)


def filters(page: Page) -> None:
    """Unfold the filters."""
    page.locator(".find summary").click()
    expect(page.get_by_label("From", exact=True)).to_be_visible()


def dropped(page: Page, *paths: Path) -> None:
    """Drop files and folders of this machine on the page, as a hand would."""
    session = page.context.new_cdp_session(page)
    data = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        session.send("Input.dispatchDragEvent", {"type": kind, "x": 700, "y": 300, "data": data})


def story(place: str, number: int) -> str:
    dateline = f"{place.upper()}, 2 May 2020"
    return f"Storm {number} over {place}\n\n{dateline}: Storm {number} broke {number} masts in {place}."


def added(page: Page) -> None:
    """Wait until all that is being added is."""
    expect(page.locator("[data-act=clear]")).to_be_visible(timeout=LONG)


def test_words_find_titles_and_sources(shelf_page: Page) -> None:
    page = shelf_page
    tally(page, "640 articles")
    expect(page.locator(".articles li")).to_have_count(200)
    box = page.get_by_label("Search the articles")
    box.fill("harbour report 42")
    tally(page, "16 of 640 articles")
    expect(page.locator(".articles li")).to_have_count(16)
    expect(page.locator("[data-part=live]")).to_have_text("16 of 640 articles")
    expect(box).to_be_focused()
    box.fill("CAFE wire report 42")
    tally(page, "5 of 640 articles")
    box.fill("nothing at all")
    expect(page.locator(".none")).to_have_text("No article fits.")
    page.get_by_role("button", name="Clear filters").click()
    tally(page, "640 articles")
    expect(box).to_be_focused()
    expect(box).to_have_value("")


def test_escape_empties_the_search_and_leaves_the_article_open(shelf_page: Page) -> None:
    page = shelf_page
    page.locator(".article").first.click()
    expect(page.locator("#reading")).to_be_visible()
    box = page.get_by_label("Search the articles")
    box.fill("zebra")
    tally(page, "1 of 640 articles")
    page.keyboard.press("Escape")
    tally(page, "640 articles")
    expect(page.locator("#reading")).to_be_visible()


def test_source_days_and_order(shelf_page: Page) -> None:
    page = shelf_page
    filters(page)
    source = page.locator("select[name=source]")
    assert source.locator("option").all_text_contents() == [
        "All sources",
        "<b>Desk</b> (213)",
        "Café Wire (213)",
        "Valley Post (213)",
    ]
    source.select_option("<b>Desk</b>")
    tally(page, "213 of 640 articles")
    expect(page.locator("[data-part=on]")).to_have_text("· 1 on")
    page.get_by_label("From", exact=True).fill("2021-03-03")
    page.get_by_label("To", exact=True).fill("2021-03-06")
    expect(page.locator("[data-part=on]")).to_have_text("· 3 on")
    tally(page, "8 of 640 articles")
    assert page.locator(".articles .meta").all_text_contents() == ["<b>Desk</b> · 3 March 2021"] * 8
    page.get_by_role("button", name="Clear filters").click()
    tally(page, "640 articles")
    expect(source).to_have_value("")

    first = page.locator(".articles .title").first
    page.locator("select[name=sort]").select_option("oldest")
    expect(page.locator(".articles .meta").first).to_have_text(re.compile("· 1 January 2021$"))
    page.locator("select[name=sort]").select_option("title")
    expect(first).to_have_text("Report 0 on the harbour")
    page.locator("select[name=sort]").select_option("source")
    expect(page.locator(".articles .meta").first).to_have_text(re.compile("^<b>Desk</b>"))


def test_more_are_shown_and_the_first_new_one_has_the_focus(shelf_page: Page) -> None:
    page = shelf_page
    more = page.get_by_role("button", name="Show more of the other 440")
    more.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".articles li")).to_have_count(MANY)
    expect(page.locator(".articles li").nth(200).locator(".article")).to_be_focused()
    page.get_by_label("Search the articles").fill("zebra")
    tally(page, "1 of 640 articles")
    page.get_by_label("Search the articles").fill("")
    expect(page.locator(".articles li")).to_have_count(200)


def test_what_is_asked_is_narrowed_only_when_told_so_and_that_is_seen(shelf_page: Page) -> None:
    page = shelf_page
    filters(page)
    only, note = page.get_by_label("Ask only among these"), page.locator("[data-part=narrowed]")
    expect(only).to_be_disabled()
    expect(note).to_have_text("Choose a source or dates, and questions can be kept to them.")
    page.locator("select[name=source]").select_option("Café Wire")
    expect(note).to_have_text("Questions go to all articles.")
    only.check()
    page.get_by_label("From", exact=True).fill("2021-03-05")
    expect(note).to_have_text("Questions go only to articles of Café Wire from 5 March 2021.")
    page.get_by_label("Search the articles").fill("harbour")
    expect(note).to_have_text(
        "Questions go only to articles of Café Wire from 5 March 2021. The words you search for do not narrow them."
    )
    expect(page.locator("#talk .only span")).to_have_text(
        "Asking only articles of Café Wire from 5 March 2021"
    )
    page.get_by_role("button", name="Ask all").click()
    expect(page.locator("#talk .only")).to_be_hidden()
    expect(only).not_to_be_checked()
    only.check()
    page.get_by_role("button", name="Clear filters").click()
    expect(only).to_be_disabled()
    expect(only).not_to_be_checked()
    expect(page.locator("#talk .only")).to_be_hidden()


def test_the_focus_stays_while_the_list_is_drawn_anew(shelf_page: Page, tmp_path: Path) -> None:
    page = shelf_page
    third = page.locator(".articles li").nth(2).get_by_label("Remove")
    third.focus()
    name = third.get_attribute("aria-label")
    path = tmp_path / "aurora.txt"
    path.write_text(story("Bodo", 1), "utf-8")
    page.locator("[data-part=files]").set_input_files(path)
    tally(page, "641 articles")
    expect(page.locator(".articles [aria-label]:focus")).to_have_attribute("aria-label", name or "")

    row = page.locator(".articles li", has_text="Storm 1 over Bodo")
    page.get_by_label("Search the articles").fill("storm")
    tally(page, "1 of 641 articles")
    row.get_by_label("Remove").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    tally(page, "0 of 640 articles")
    expect(page.get_by_label("Search the articles")).to_be_focused()


def test_removing_by_keyboard_goes_on_to_the_next(shelf_page: Page, tmp_path: Path) -> None:
    page = shelf_page
    paths = [tmp_path / f"{place}.txt" for place in ("Vardo", "Tana", "Lakselv")]
    for number, path in enumerate(paths):
        path.write_text(story(path.stem, number), "utf-8")
    page.locator("[data-part=files]").set_input_files(paths)
    added(page)
    expect(page.locator("[data-part=sum]")).to_have_text("Done: 3 added")
    page.get_by_label("Search the articles").fill("storm over")
    tally(page, "3 of 643 articles")
    for left in (2, 1, 0):
        expect(page.locator(".articles li")).to_have_count(left + 1)
        following = (
            page.locator(".articles li .article").nth(1).get_attribute("data-article") if left else None
        )
        page.locator(".articles li").first.get_by_label("Remove").press("Enter")
        page.locator(".asking").get_by_role("button", name="Remove", exact=True).press("Enter")
        expect(page.locator(".articles li")).to_have_count(left)
        if following:
            expect(page.locator(".article:focus")).to_have_attribute("data-article", following)
    tally(page, "0 of 640 articles")


def test_a_dropped_folder_is_read_to_the_bottom(empty: str, open_page: Open, tmp_path: Path) -> None:
    page = open_page(empty)
    folder = tmp_path / "news"
    (folder / "old" / "<i>deep</i>").mkdir(parents=True)
    (folder / ".git").mkdir()
    (folder / "a.txt").write_text(story("Albi", 1), "utf-8")
    (folder / "old" / "a.txt").write_text(story("Brest", 2), "utf-8")
    (folder / "old" / "<i>deep</i>" / "b.md").write_text(f"# {story('Caen', 3)}", "utf-8")
    (folder / "old" / "photo.png").write_bytes(b"no text")
    (folder / ".git" / "c.txt").write_text(story("Dole", 4), "utf-8")
    (folder / "broken.pdf").write_bytes(b"%PDF-1.4 this is none")
    single = tmp_path / "single.txt"
    single.write_text(story("Evian", 5), "utf-8")
    dropped(page, folder, single)
    added(page)
    expect(page.locator("[data-part=sum]")).to_have_text(
        "Done: 4 added, 1 failed, 1 left out (not of a kind that qa reads)"
    )
    expect(page.locator("[data-part=live]")).to_have_text(
        page.locator("[data-part=sum]").text_content() or ""
    )
    assert page.locator(".uploads .name").all_text_contents() == [
        *("single.txt", "news/a.txt", "news/broken.pdf", "news/old/<i>deep</i>/b.md", "news/old/a.txt"),
    ]
    assert page.locator(".uploads li.failed .name").all_text_contents() == ["news/broken.pdf"]
    tally(page, "4 articles")
    page.get_by_role("button", name="Clear").click()
    expect(page.locator(".uploads")).to_be_hidden()

    page.locator("[data-part=folder]").set_input_files(folder)
    added(page)
    expect(page.locator("[data-part=sum]")).to_have_text(
        "Done: 3 already there, 1 failed, 1 left out (not of a kind that qa reads)"
    )
    tally(page, "4 articles")


def test_a_folder_of_hundreds_does_not_swamp_the_page_and_can_be_cancelled(
    empty: str, open_page: Open, tmp_path: Path, ask: Ask
) -> None:
    page = open_page(empty)
    folder = tmp_path / "hundreds"
    folder.mkdir()
    for number in range(500):
        (folder / f"{number:03}.txt").write_text("" if number == 1 else story("Nantes", number), "utf-8")
    page.locator("[data-part=folder]").set_input_files(folder)
    expect(page.locator(".uploads li.failed .name")).to_have_text("hundreds/001.txt", timeout=LONG)
    expect(page.locator("[data-part=sum]")).to_have_text(re.compile(r"^\d+ of 500: \d+ added, 1 failed$"))
    expect(page.locator("[data-part=far]")).to_be_visible()
    assert page.locator(".uploads li").count() <= 2
    # Somebody asks meanwhile.
    expect(page.locator(".notice")).not_to_have_text("0 articles")
    assert ask(page, "How many masts did storm 0 break in Nantes?") in ("answered", "unsure", "declined")
    page.get_by_role("button", name="Cancel the rest").click()
    added(page)
    expect(page.locator("[data-part=uploads]")).to_be_focused()
    said = page.locator("[data-part=sum]").text_content() or ""
    counts = re.fullmatch(r"Done: (\d+) added, 1 failed, (\d+) cancelled", said)
    assert counts, said
    assert sum(map(int, counts.groups())) == 499
    assert page.locator(".uploads li .name").all_text_contents() == ["hundreds/001.txt"]
    expect(page.locator(".find")).to_be_visible()


def test_pasted_text_becomes_an_article(shelf_page: Page, ask: Ask) -> None:
    page = shelf_page
    page.get_by_role("button", name="Paste text").click()
    dialog = page.get_by_role("dialog", name="Paste an article")
    text = dialog.get_by_label("Text")
    expect(text).to_be_focused()
    dialog.get_by_role("button", name="Add").click()  # there is no text yet
    expect(dialog).to_be_visible()
    text.fill("The lighthouse <b>keeper</b> Ilse Maar of Farsund retired after 41 years.")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("button", name="Paste text")).to_be_focused()
    page.keyboard.press("Enter")
    expect(text).to_have_value(re.compile("^The lighthouse <b>"))  # nothing was lost
    dialog.get_by_label("Title").fill("<i>Last</i> keeper goes")
    dialog.get_by_label("Source").fill("Coast Courier")
    dialog.get_by_label("Date").fill("2023-02-01")
    dialog.get_by_role("button", name="Add").click()
    expect(dialog).to_be_hidden()
    expect(page.locator(".uploads li.added .name")).to_have_text("<i>Last</i> keeper goes", timeout=LONG)
    row = page.locator(".articles li", has_text="keeper goes")
    expect(row.locator(".meta")).to_have_text("Coast Courier · 1 February 2023")
    assert ask(page, "How many years was Ilse Maar the lighthouse keeper of Farsund?") in (
        "answered",
        "unsure",
    )
    assert "41" in (page.locator(".words").text_content() or "")
    page.get_by_role("button", name="Paste text").click()
    expect(text).to_have_value("")  # for the next one
    page.keyboard.press("Escape")
    row.get_by_label("Remove").press("Enter")
    page.locator(".asking").get_by_role("button", name="Remove", exact=True).press("Enter")
    expect(row).to_have_count(0)


def test_pasted_text_that_fails_can_be_mended(shelf_page: Page) -> None:
    page = shelf_page
    page.get_by_role("button", name="Paste text").click()
    blank = "\x1f"  # blank to the server, and not to the browser
    page.locator(".paste textarea").fill(blank)
    page.get_by_role("dialog").get_by_role("button", name="Add").click()
    expect(page.locator(".uploads li.failed .reason")).to_have_text('its "text" is blank', timeout=LONG)
    page.get_by_role("button", name="Edit and try again").click()
    expect(page.locator(".uploads li")).to_have_count(0)
    expect(page.locator(".paste textarea")).to_have_value(blank)


def test_what_failed_can_be_read_again(shelf_page: Page) -> None:
    page = shelf_page
    page.locator(".failures summary").click()
    again = page.get_by_role("button", name="Read them again")
    again.focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-part=live]")).to_have_text("1 source could not be read", timeout=LONG)
    expect(again).to_be_focused()
    tally(page, "640 articles")


def test_the_list_is_sent_only_when_it_is_another(shelf_page: Page) -> None:
    page = shelf_page
    page.evaluate(
        """() => {
          window.drawn = 0;
          new MutationObserver((changes) => { window.drawn += changes.length; })
            .observe(document.querySelector("[data-part=shelf]"), { childList: true, subtree: true });
        }"""
    )
    with page.expect_response(lambda response: "component_server" in response.url) as caught:
        pass
    assert caught.value.json() == {}
    assert page.evaluate("window.drawn") == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_everything_fits(open_page: Open, shelf_server: str, scheme: str) -> None:
    page = open_page(shelf_server, width=390, height=780, has_touch=True, color_scheme=scheme)
    page.get_by_role("button", name="Library", exact=True).click()
    filters(page)
    page.locator("select[name=source]").select_option("Café Wire")
    page.get_by_label("Ask only among these").check()
    tally(page, "213 of 640 articles")
    assert page.evaluate("document.querySelector('#shelf').scrollWidth") <= 390
    page.get_by_role("button", name="Paste text").click()
    box = page.get_by_role("dialog").bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Chat").click()
    expect(page.locator("#talk .only")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.fixture
def empty(tmp_path: Path, server_over: Serve) -> Iterator[str]:
    """A server over nothing, for one test."""
    with server_over(tmp_path / "store") as address:
        yield address
