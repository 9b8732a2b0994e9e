"""How long one waits for the page: `qa chat` over made news in a process of its own, and a real browser before it.

Takes sources and how many; gives the time until the page listens, until it can be typed into after it was opened, and
from pressing Enter to the first words of the answer. The page's own clock measures, up to the moment in which what it
shows has been painted; the watch is in every page before any script of the page. The same questions go to the library
of the same server by way of its API, before or after in turn, and the server says how long the library alone took: so
one sees what the page costs. Knows nothing of whether answers are right.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import numpy as np

from qa import measures, served
from qa.chromium import check_browser, launched
from qa.errors import QAError
from qa.measures import Figure
from qa.records import Article, Progress
from qa.settings import Settings
from qa.systems import Say, Show

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

_STARTS = 3
_TALK = 10
"""Questions of one conversation; then the page is opened anew, in a browser that has kept nothing."""
_PATIENCE = 120_000  # ms
_LOOK_EVERY = 100  # ms; how often it is asked whether the page is done, which has no part in what is measured
_BOX = "#question textarea"

_WATCH = """
(() => {
  const seen = (window.qaWatch = { usable: null, entered: null, question: null, words: null });
  const under = new Set();
  let before = 0;
  const turns = () => document.querySelectorAll("#said .turn");
  function painted(name) {
    if (under.has(name)) return;
    under.add(name);
    requestAnimationFrame(() => setTimeout(() => { seen[name] = performance.now(); }));
  }
  addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    before = turns().length;
    for (const name of ["question", "words"]) { under.delete(name); seen[name] = null; }
    seen.entered = event.timeStamp;
  }, true);
  new MutationObserver(() => {
    const begun = document.body?.classList.contains("begun");
    if (begun && document.activeElement.matches("#question textarea")) painted("usable");
    const all = turns();
    if (all.length <= before) return;
    painted("question");
    if (all[all.length - 1].querySelector(".words")?.textContent.trim()) painted("words");
  }).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
})();
"""
_USABLE = "() => window.qaWatch.usable !== null"
_OVER = """() => {
  if (document.querySelector("#said .turn:last-child[data-state=failed]")) return true;
  const kept = !sessionStorage.getItem("qa flights") && !document.body.classList.contains("answering");
  return window.qaWatch.words !== null && kept;
}"""


@dataclass(frozen=True, slots=True)
class Report:
    """Figures by name, each with its unit in the name and the most that it should be, where that is said."""

    articles: int
    questions: int
    answered: float
    figures: dict[str, Figure]

    def to_json(self) -> dict[str, Any]:
        """The object that `--json` prints."""
        return {
            "articles": self.articles,
            "questions": self.questions,
            "answered, share": self.answered,
            **{name: {**one.to_json(), "target": TARGETS.get(name)} for name, one in self.figures.items()},
        }

    def lines(self) -> dict[str, Any]:
        """The same for a person."""
        return {
            "articles": self.articles,
            "questions": self.questions,
            "answered, share": self.answered,
            **{name: _line(one, TARGETS.get(name)) for name, one in self.figures.items()},
        }


TARGETS = {
    "listening after the start, p50 s": 5.0,
    "usable after opening at once, p50 s": 2.0,
    "usable after opening, p50 s": 2.0,
    "Enter to the first words, p50 ms": 300.0,
}


@dataclass(slots=True)
class _Seen:
    """What was measured so far: seconds of starting and opening, milliseconds of questions."""

    listening: list[float] = field(default_factory=list)
    at_once: list[float] = field(default_factory=list)
    usable: list[float] = field(default_factory=list)
    shown: list[float] = field(default_factory=list)
    words: list[float] = field(default_factory=list)
    library: list[float] = field(default_factory=list)
    answered: list[bool] = field(default_factory=list)


def waiting(
    settings: Settings,
    articles: Sequence[Article],
    *,
    size: int,
    questions: int,
    cache: Path | None,
    say: Say,
    show: Show,
) -> Report:
    """How long one waits for the page over `size` made articles, by up to `questions` questions asked in a browser.

    Raises `QAError` if there is no browser, the server does not start or the page does not answer.
    """
    path = check_browser()
    seen = _Seen()
    with ExitStack() as closing:
        root = cache or Path(closing.enter_context(tempfile.TemporaryDirectory(prefix="qa-bench-")))
        folder, made = served.stored(settings, articles, size=size, root=root, show=show)
        asked = served.questions(made, questions)
        browser = closing.enter_context(launched(path))
        say(f"starting the server {_STARTS} times")
        for _ in range(_STARTS):
            _start(settings, folder, browser, seen)
        server = closing.enter_context(served.serving(settings, folder, *served.OFFERED))
        server.wait("/health")
        with show("asking") as progress:
            for start in range(0, len(asked), _TALK):
                _talk(browser, server.address, asked[start : start + _TALK], seen)
                done = len(seen.words)
                progress(Progress(articles=done, fraction=done / len(asked), current=asked[done - 1]))
    return Report(
        articles=size, questions=len(asked), answered=float(np.mean(seen.answered)), figures=_figures(seen)
    )


def _figures(seen: _Seen) -> dict[str, Figure]:
    milliseconds = {
        "Enter to the question on the page": seen.shown,
        "Enter to the first words": seen.words,
        "the library alone": seen.library,
        "what the page adds": [page - own for page, own in zip(seen.words, seen.library, strict=True)],
    }
    ratios = [page / own for page, own in zip(seen.words, seen.library, strict=True)]
    return {
        **_percentiles("listening after the start", "s", seen.listening, 50, 100),
        **_percentiles("usable after opening at once", "s", seen.at_once, 50, 100),
        **_percentiles("usable after opening", "s", seen.usable, 50, 95),
        **{
            key: one
            for name, some in milliseconds.items()
            for key, one in _percentiles(name, "ms", some, 50, 95).items()
        },
        **_percentiles("ratio, first words to the library alone", "", ratios, 50, 95),
    }


def _percentiles(name: str, unit: str, values: Sequence[float], *percents: int) -> dict[str, Figure]:
    words = {percent: "slowest" if percent == 100 else f"p{percent}" for percent in percents}
    named = {f"{name}, {word} {unit}".rstrip(): percent for percent, word in words.items()}
    return {key: one for key, percent in named.items() if (one := measures.percentile(values, percent))}


def _line(figure: Figure, target: float | None) -> str:
    said = f"{figure.value:.4g} [{figure.low:.4g}, {figure.high:.4g}] of {figure.cases}"
    return said if target is None else f"{said}, at most {target:g} wanted"


def _start(settings: Settings, folder: Path, browser: Browser, seen: _Seen) -> None:
    """A server is started, and its page opened as soon as it listens, while the library loads behind it."""
    with served.serving(settings, folder) as server:
        seen.listening.append(server.wait("/"))
        with _opened(browser, server.address) as (_, usable):
            seen.at_once.append(usable)


def _talk(browser: Browser, address: str, questions: Sequence[str], seen: _Seen) -> None:
    """One conversation, on the page and by the API; which of them is asked first changes from question to question."""
    messages: list[dict[str, str]] = []
    with ExitStack() as closing:
        page, usable = closing.enter_context(_opened(browser, address))
        seen.usable.append(usable)
        client = closing.enter_context(httpx.Client(base_url=address, timeout=_PATIENCE, trust_env=False))
        for number, question in enumerate(questions):
            messages.append({"role": "user", "content": question})
            if number % 2:
                reply = _api(client, messages)
                shown, words = _typed(page, question)
            else:
                shown, words = _typed(page, question)
                reply = _api(client, messages)
            messages.append({"role": "assistant", "content": reply["choices"][0]["message"]["content"]})
            seen.shown.append(shown)
            seen.words.append(words)
            seen.library.append(1000 * reply["qa"]["seconds"])
            seen.answered.append(reply["qa"]["answered"])


@contextmanager
def _opened(browser: Browser, address: str) -> Iterator[tuple[Page, float]]:
    """A page in a browser that has kept nothing, and the seconds until it took what is typed."""
    from playwright.sync_api import Error

    context = browser.new_context()
    try:
        page = context.new_page()
        page.set_default_timeout(_PATIENCE)
        page.add_init_script(_WATCH)
        page.goto(address, wait_until="commit")
        page.wait_for_function(_USABLE, polling=_LOOK_EVERY)
        page.keyboard.type("a")
        if page.input_value(_BOX) != "a":
            raise QAError("the page looked ready and did not take what was typed")
        page.keyboard.press("Backspace")
        yield page, page.evaluate("window.qaWatch.usable") / 1000
    except Error as error:
        raise QAError(f"the page did not do what it should: {error.message.splitlines()[0]}") from error
    finally:
        context.close()


def _typed(page: Page, question: str) -> tuple[float, float]:
    """Milliseconds from pressing Enter to the question on the page, and to the first words of its answer."""
    page.keyboard.type(question)
    page.keyboard.press("Enter")
    page.wait_for_function(_OVER, polling=_LOOK_EVERY)
    seen = page.evaluate("window.qaWatch")
    if seen["words"] is None:
        raise QAError(f"the page did not answer: {page.locator('#said .turn').last.inner_text()}")
    return seen["question"] - seen["entered"], seen["words"] - seen["entered"]


def _api(client: httpx.Client, messages: list[dict[str, str]]) -> dict[str, Any]:
    reply = client.post("/v1/chat/completions", json={"model": "qa", "messages": messages})
    if not reply.is_success:
        raise QAError(f"HTTP {reply.status_code}: {reply.text[:200]}")
    said: dict[str, Any] = reply.json()
    return said
