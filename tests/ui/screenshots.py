"""Pictures of the page in every state, over `corpus/`: python tests/ui/screenshots.py OUT_DIR

Look at all of them after a change to the page. Not a test, and not needed at run time.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from conftest import BRIDGE, FERRY, ROOT, chromium_path, launched, modelled, serving
from playwright.sync_api import Browser, Page

WAIT = 120_000  # ms
DONE = ".turn:last-child:not([data-state=busy], [data-state=writing])"


class Camera:
    """Opens pages of one server and takes pictures of them."""

    def __init__(self, browser: Browser, address: str, folder: Path) -> None:
        self._browser = browser
        self._address = address
        self._folder = folder

    @contextmanager
    def page(
        self, *, ready: bool = True, width: int = 1360, height: int = 860, scheme: str = "light"
    ) -> Iterator[Page]:
        """A page in a browser of its own."""
        viewport = {"width": width, "height": height}
        page = self._browser.new_page(viewport=viewport, color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        page.goto(self._address)
        page.wait_for_selector("body.begun")
        if ready:
            page.wait_for_function(
                "() => document.querySelector('.notice .busy, .notice:empty') === null", timeout=WAIT
            )
        yield page
        page.close()

    def take(self, page: Page, name: str) -> None:
        """One picture."""
        page.wait_for_timeout(150)
        page.screenshot(path=self._folder / f"{name}.png")
        print(name)


def ask(page: Page, question: str, *, wait: bool = True) -> None:
    """Ask, and see the answer unless `wait` is off."""
    page.locator("#question textarea").fill(question)
    page.keyboard.press("Enter")
    page.wait_for_selector(".turn")
    if wait:
        page.wait_for_timeout(300)
        page.wait_for_selector(DONE, timeout=WAIT)


def starting(camera: Camera) -> None:
    """While the library opens and the articles are indexed."""
    with camera.page(ready=False) as page:
        page.wait_for_selector(".welcome h2")
        camera.take(page, "01-loading")
        ask(page, "Where did Kim and Putin meet?", wait=False)
        camera.take(page, "02-question-waits-for-the-models")
        with camera.page(ready=False) as other:
            other.wait_for_selector(".indexing progress", timeout=WAIT)
            camera.take(other, "03-indexing")
            other.set_viewport_size({"width": 390, "height": 780})
            camera.take(other, "03-phone-indexing")
        page.wait_for_selector(DONE, timeout=WAIT)


def talking(camera: Camera) -> None:
    """Answers of every kind, on a wide screen."""
    with camera.page() as page:
        camera.take(page, "04-ready")
        ask(page, "Where did the summit take place?", wait=False)
        camera.take(page, "05-searching")
        page.wait_for_selector(DONE, timeout=WAIT)
        camera.take(page, "06-answered")
        page.locator(".cite").first.click()
        page.wait_for_selector("mark.lit")
        camera.take(page, "07-article")
        if page.get_by_label("Next citation").is_enabled():
            page.get_by_label("Next citation").click()
        camera.take(page, "08-next-citation")
        page.get_by_label("Close the article").click()
        ask(page, "Which opera did Verdi finish in Paris?")
        camera.take(page, "09-declined")
        ask(page, "What gift did Putin give Kim?")
        camera.take(page, "10-weak")
        ask(page, "what can you do?")
        camera.take(page, "11-help")
        ask(page, "Summarise the article about the wheat")
        camera.take(page, "11-summary")
        ask(page, "Summarise the article about the moon of Jupiter")
        camera.take(page, "11-summary-of-nothing")
        ask(page, "why " * 1001)
        camera.take(page, "12-error")


def library(camera: Camera, folder: Path) -> None:
    """Files that are added, one that fails, one about to be removed; and the drop."""
    files = {
        "comet.txt": b"Comet seen over Tromso\n\nThe comet Ilse was seen by 3,000 people.",
        "scan.pdf": b"%PDF-1.4 none",
    }
    for name, content in files.items():
        (folder / name).write_bytes(content)
    with camera.page() as page:
        page.locator("[data-part=files]").set_input_files([folder / name for name in files])
        page.wait_for_selector(".uploads li.doing")
        camera.take(page, "13-adding")
        page.wait_for_selector(".uploads li.failed", timeout=WAIT)
        page.locator(".articles li").nth(2).hover()
        page.locator(".articles li").nth(2).get_by_label("Remove").click()
        camera.take(page, "14-library")
        page.evaluate("document.body.classList.add('dragging')")
        camera.take(page, "15-dropping")
    many = folder / "news"
    many.mkdir()
    for number in range(40):
        text = f"Storm {number}\n\nBREST, 2 May 2020: Storm {number} broke {number} masts."
        (many / f"{number:02}.txt").write_text("" if number == 3 else text, "utf-8")
    with camera.page() as page:
        page.locator("[data-part=folder]").set_input_files(many)
        page.wait_for_selector(".uploads li.failed", timeout=WAIT)
        camera.take(page, "15-folder")
        page.get_by_role("button", name="Cancel the rest").click()
        page.wait_for_selector("[data-act=clear]:not([hidden])", timeout=WAIT)
        camera.take(page, "15-folder-cancelled")


def finding(camera: Camera) -> None:
    """The list narrowed, what is asked narrowed with it, nothing that fits, and a text about to be pasted."""
    sizes = {"wide": (1360, 860), "phone": (390, 780)}
    for scheme in ("light", "dark"):
        for size, (width, height) in sizes.items():
            name = f"{size}-{scheme}"
            with camera.page(width=width, height=height, scheme=scheme) as page:
                if size == "phone":
                    page.get_by_role("button", name="Library", exact=True).click()
                page.locator(".find summary").click()
                page.locator("select[name=source]").select_option(index=1)
                page.get_by_label("From", exact=True).fill("2019-04-01")
                page.get_by_label("Ask only among these").check()
                page.wait_for_timeout(500)
                camera.take(page, f"25-narrowed-{name}")
                if size == "phone":
                    page.get_by_role("button", name="Chat", exact=True).click()
                    camera.take(page, f"25-narrowed-{name}-chat")
                    page.get_by_role("button", name="Library", exact=True).click()
                page.get_by_label("Search the articles").fill("no such words")
                page.wait_for_selector(".none")
                camera.take(page, f"26-none-fits-{name}")
                page.get_by_role("button", name="Paste text").click()
                page.locator(".paste textarea").fill(
                    "Storm over Brest\n\nBREST, 2 May 2020: The storm broke masts."
                )
                camera.take(page, f"27-paste-{name}")


def small_and_dark(camera: Camera) -> None:
    """The same in the dark, on a phone, and on a screen between."""
    question = "Where did the summit take place?"
    for scheme in ("dark", "light"):
        with camera.page(width=390, height=780, scheme=scheme) as page:
            camera.take(page, f"16-phone-{scheme}-ready")
            ask(page, question)
            camera.take(page, f"17-phone-{scheme}-answered")
            page.locator(".cite").first.click()
            page.wait_for_selector("mark.lit")
            camera.take(page, f"18-phone-{scheme}-article")
            page.get_by_role("button", name="Library", exact=True).click()
            camera.take(page, f"19-phone-{scheme}-library")
    with camera.page(scheme="dark") as page:
        camera.take(page, "20-dark-ready")
        ask(page, question)
        page.locator(".cite").first.click()
        page.wait_for_selector("mark.lit")
        camera.take(page, "21-dark-article")
        ask(page, "Which opera did Verdi finish in Paris?")
        page.get_by_label("Close the article").click()
        camera.take(page, "22-dark-declined")
    with camera.page(width=900, height=760) as page:
        ask(page, question)
        page.locator(".cite").first.click()
        page.wait_for_selector("mark.lit")
        camera.take(page, "23-tablet-article")
        page.get_by_role("button", name="Library", exact=True).click()
        camera.take(page, "24-tablet-library")


def written(camera: Camera) -> None:
    """Answers that a chat model writes: while it does, whole, on a phone, in the dark; and one that it could not."""
    question = "How long is the deck of the bridge?"
    with camera.page() as page:
        ask(page, "Are thoughts endless?", wait=False)
        page.wait_for_selector("body.stoppable")
        camera.take(page, "30-reading")
        page.keyboard.press("Escape")
        page.wait_for_selector(DONE)
        camera.take(page, "31-stopped-early")
    with camera.page() as page:
        ask(page, "Is the deck endless?", wait=False)
        page.wait_for_selector(".turn .unsupported", timeout=WAIT)
        camera.take(page, "32-being-written")
        page.wait_for_selector("body.stoppable")
        page.keyboard.press("Escape")
        page.wait_for_selector(DONE)
        camera.take(page, "33-stopped")
    for scheme in ("light", "dark"):
        with camera.page(scheme=scheme) as page:
            ask(page, question)
            camera.take(page, f"34-written-{scheme}")
            page.locator(".cite").nth(1).click()
            page.wait_for_selector("mark.lit")
            camera.take(page, f"35-written-{scheme}-article")
            page.get_by_label("Close the article").click()
            ask(page, "And how much did it cost?")
            camera.take(page, f"36-understood-{scheme}")
            ask(page, "What did the bridge cost, if the model dies?")
            camera.take(page, f"37-note-{scheme}")
        with camera.page(width=390, height=780, scheme=scheme) as page:
            ask(page, question)
            camera.take(page, f"38-phone-written-{scheme}")


def answers(camera: Camera) -> None:
    """What is below an answer: its popovers, verdicts, a question in other words, passages that are looked for."""
    question = "Where did the summit take place?"
    for scheme in ("light", "dark"):
        for width, place in ((1360, "wide"), (390, "phone")):
            with camera.page(width=width, height=800, scheme=scheme) as page:
                name = f"{place}-{scheme}"
                ask(page, question)
                page.locator(".cite").first.hover()
                camera.take(page, f"50-{name}-tip")
                page.keyboard.press("Tab")
                page.locator(".trust").focus()
                camera.take(page, f"51-{name}-trust")
                page.keyboard.press("Escape")
                page.locator(".down").click()
                page.get_by_role("button", name="Incomplete").click()
                camera.take(page, f"52-{name}-why-not")
                page.get_by_role("button", name="Keep", exact=True).click()
                page.wait_for_selector(".judged:has-text('Noted')")
                camera.take(page, f"53-{name}-noted")
                ask(page, "And when did it begin?")
                page.locator(".turn").first.locator("[data-act=edit]").click()
                page.locator("#said").evaluate("one => one.scrollTo(0, 0)")
                camera.take(page, f"54-{name}-editing")
                page.keyboard.press("Escape")
                page.locator(".turn").last.scroll_into_view_if_needed()
                camera.take(page, f"55-{name}-understood")
                ask(page, "Which opera did Verdi finish in Paris?")
                page.locator(".more button").click()
                page.wait_for_selector("[data-part=results] .card")
                camera.take(page, f"56-{name}-passages")
                page.locator("[data-part=results] .card").nth(1).click()
                page.wait_for_selector("mark.lit")
                camera.take(page, f"57-{name}-passage")


def conversing(camera: Camera) -> None:
    """Several conversations and their list, the settings, and what is said when something of them is lost."""
    for name, scheme, width in (("wide", "light", 1360), ("dark", "dark", 1360), ("phone", "light", 390)):
        with camera.page(scheme=scheme, width=width, height=780) as page:
            page.get_by_label("Conversations", exact=True).first.click()
            page.wait_for_selector("#qa-talks .none")
            camera.take(page, f"60-{name}-no-conversations")
            page.keyboard.press("Escape")
            for question in (
                "Who opened the new bridge over the Tarn?",
                "How long is the deck of the bridge?",
            ):
                page.get_by_label("New conversation").click()
                ask(page, question)
            page.get_by_label("Conversations", exact=True).first.click()
            page.wait_for_selector("#qa-talks li")
            camera.take(page, f"61-{name}-conversations")
            page.locator("#qa-talks li").nth(1).get_by_label("Delete").click(force=True)
            page.get_by_role("button", name="Rename").click()
            camera.take(page, f"62-{name}-renaming-and-deleting")
            page.keyboard.press("Escape")
            page.keyboard.press("Escape")
            page.get_by_role("button", name="Settings").click()
            page.wait_for_selector("#qa-settings fieldset")
            page.get_by_text("The reader", exact=True).click()
            camera.take(page, f"63-{name}-settings")
            page.keyboard.press("Escape")
            ask(page, "Who opened the new bridge over the Tarn?")
            camera.take(page, f"64-{name}-reader-instead")
            page.evaluate(
                """() => {
                  for (const key of Object.keys(localStorage).filter((one) => one.startsWith("qa talk "))) {
                    const entry = JSON.parse(localStorage[key]);
                    const turns = [["0".repeat(32), "x"], entry.turns[1]];
                    localStorage[key] = entry.turns.length < 2 ? "{" : JSON.stringify({ ...entry, turns });
                  }
                }"""
            )
            page.reload()
            page.wait_for_selector(".missing")
            page.get_by_label("Conversations", exact=True).first.click()
            page.wait_for_selector("#qa-talks li")
            page.keyboard.press("Escape")
            camera.take(page, f"65-{name}-something-lost")


def told(camera: Camera, name: str) -> None:
    """What is to be known before the first question."""
    with camera.page() as page:
        camera.take(page, f"{name}-wide")
        ask(page, "How long is the deck of the bridge?")
        camera.take(page, f"{name}-answered")
    for scheme in ("light", "dark"):
        with camera.page(width=390, height=780, scheme=scheme) as page:
            camera.take(page, f"{name}-phone-{scheme}")


def main() -> None:
    """Take all pictures."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    path = chromium_path()
    if path is None:
        sys.exit("there is no Chromium on this machine: apt install chromium, or set QA_CHROMIUM to one")
    with tempfile.TemporaryDirectory() as scratch, launched(path) as browser:
        with serving(Path(scratch, "empty")) as address:
            camera = Camera(browser, address, folder)
            with camera.page() as page:
                camera.take(page, "00-empty")
        with serving(Path(scratch, "store"), ROOT / "corpus") as address:
            camera = Camera(browser, address, folder)
            starting(camera)
            talking(camera)
            library(camera, Path(scratch))
            finding(camera)
            small_and_dark(camera)
            answers(camera)
        articles = Path(scratch, "articles")
        articles.mkdir()
        (articles / "bridge.md").write_text(BRIDGE, "utf-8")
        (articles / "ferry.txt").write_text(FERRY, "utf-8")
        for host, name in (("here", ""), ("api.openai.com", "40-elsewhere"), ("missing", "41-missing")):
            with modelled(Path(scratch, host), articles, host=host) as server:
                camera = Camera(browser, server.address, folder)
                if name:
                    told(camera, name)
                else:
                    written(camera)
                    conversing(camera)


if __name__ == "__main__":
    main()
