"""How the library stands, as the page tells it: what is being done, the first sight, what became of a file.

Takes a `Status` and reports, gives `Html`. Knows nothing of how articles are loaded or stored.
"""

from __future__ import annotations

from typing import Literal

from qa.records import AddReport
from qa.ui.render.markup import Html, element, join
from qa.ui.render.words import many, sentence
from qa.ui.status import Status

KINDS = (".txt", ".md", ".markdown", ".html", ".htm", ".pdf", ".docx", ".jsonl", ".jsonl.gz")
"""The files that the loaders read."""

LARGEST_MB = 64
"""The size of the largest file that can be dropped, in MiB."""

_ADVICE = f"Text, Markdown, HTML, PDF, Word or JSON lines, up to {LARGEST_MB} MB a file."


def notice(status: Status) -> Html:
    """One line for the top of the page: what is being done now, or how many articles there are."""
    match status.phase:
        case "opening":
            return _busy("Opening the library…")
        case "waiting":
            return _busy(status.detail)
        case "loading":
            return _busy("Loading the models…")
        case "indexing":
            return join(
                _busy(
                    f"Indexing {status.sources}: {status.fraction:.0%}, {many(status.indexed, 'article')} so far"
                ),
                element("progress", max=100, value=round(100 * status.fraction), aria_label="Indexing"),
            )
        case "failed":
            return element("span", "The library cannot be opened", class_="trouble")
        case "ready":
            return element("span", many(len(status.articles), "article"))


def welcome(status: Status) -> Html:
    """What the conversation shows while it is empty: what can be done now, and questions to begin with."""
    if status.phase == "failed":
        return _greeting("The library cannot be opened", sentence(status.error or ""))
    if not status.articles and status.phase == "ready":
        choose = _button("Choose files", "primary", "choose")
        return _greeting(
            "Add articles first",
            f"Drop news articles, or a folder of them, anywhere on this page. {_ADVICE}",
            choose,
        )
    if not status.articles:
        return _greeting("Getting ready", _meanwhile(status))
    at_hand = (
        f"{many(len(status.articles), 'article')} at hand. Every answer shows the sentence it stands on."
    )
    examples = [element("li", _button(question, "example", "example")) for question in status.examples]
    return _greeting(
        "Ask the articles",
        _meanwhile(status) or at_hand,
        element("ul", *examples, class_="examples", aria_label="Examples") if examples else None,
    )


def became(report: AddReport) -> Literal["added", "there", "failed"]:
    """What became of one dropped file, in a word; a file of which only a part could be read has failed."""
    if report.failed or not (report.added or report.updated or report.unchanged):
        return "failed"
    return "added" if report.added or report.updated else "there"


def upload_row(name: str, report: AddReport) -> Html:
    """What became of one dropped file."""
    reasons = "; ".join(failure.reason for failure in report.failed)
    done = (
        (len(report.added), "added"),
        (len(report.updated), "updated"),
        (report.unchanged, "already there"),
    )
    words = [f"{many(number, 'article')} {what}" if number > 1 else what for number, what in done if number]
    if report.skipped and not words and not reasons:
        reasons = "qa does not read files of this kind"
    if not words and not reasons:
        reasons = "there is no article in this file"
    return join(
        element("span", name, class_="name", dir="auto"),
        element("span", ", ".join(words), class_="done") if words else None,
        element("span", reasons, class_="reason", dir="auto") if reasons else None,
    )


def _button(text: str, kind: str, act: str, **attributes: str) -> Html:
    return element("button", text, type="button", class_=kind, data_act=act, dir="auto", **attributes)


def _meanwhile(status: Status) -> str:
    match status.phase:
        case "opening" | "loading":
            return "The models are loading. Ask right away: the answer comes as soon as they are there."
        case "waiting":
            return status.detail
        case "indexing":
            return "Articles are being read. Ask right away: answers come from those that are there so far."
        case _:
            return ""


def _greeting(title: str, text: str, *more: Html | None) -> Html:
    return join(element("h2", title), element("p", text, dir="auto"), *more)


def _busy(text: str) -> Html:
    return element("span", element("span", class_="pulse"), text, class_="busy")
