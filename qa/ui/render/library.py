"""The library as the page shows it: the articles, what is being done, what failed, the first sight.

Takes a `Status` and reports, gives `Html`. Knows nothing of how articles are loaded or stored.
"""

from __future__ import annotations

from qa.records import AddReport, ArticleInfo, Failure
from qa.ui.render.markup import Html, element, join
from qa.ui.render.words import day, sentence
from qa.ui.status import Status

KINDS = (".txt", ".md", ".html", ".htm", ".pdf", ".docx", ".jsonl", ".jsonl.gz")
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
                _busy(f"Indexing {status.sources}: {status.fraction:.0%}, {_count(status.indexed)} so far"),
                element("progress", max=100, value=round(100 * status.fraction), aria_label="Indexing"),
            )
        case "failed":
            return element("span", "The library cannot be opened", class_="trouble")
        case "ready":
            return element("span", _count(len(status.articles)))


def shelf(status: Status, limit: int) -> Html:
    """The failures and the list of articles, newest first, at most `limit` of them."""
    shown = status.articles[:limit]
    hidden = len(status.articles) - len(shown)
    return join(
        _failures(status.failures),
        element("ul", *(_article(info) for info in shown), class_="articles") if shown else None,
        _button(f"Show more of the other {hidden:,}", "quiet", "more") if hidden else None,
        element("p", "No articles yet.", class_="none") if not shown and status.phase == "ready" else None,
    )


def welcome(status: Status) -> Html:
    """What the conversation shows while it is empty: what can be done now, and questions to begin with."""
    if status.phase == "failed":
        return _greeting("The library cannot be opened", sentence(status.error or ""))
    if not status.articles and status.phase == "ready":
        choose = _button("Choose files", "primary", "choose")
        return _greeting("Add articles first", f"Drop news articles anywhere on this page. {_ADVICE}", choose)
    if not status.articles:
        return _greeting("Getting ready", _meanwhile(status))
    at_hand = f"{_count(len(status.articles))} at hand. Every answer shows the sentence it stands on."
    examples = [element("li", _button(question, "example", "example")) for question in status.examples]
    return _greeting(
        "Ask the articles",
        _meanwhile(status) or at_hand,
        element("ul", *examples, class_="examples", aria_label="Examples") if examples else None,
    )


def upload_row(name: str, report: AddReport) -> Html:
    """What became of one dropped file."""
    reasons = "; ".join(failure.reason for failure in report.failed)
    done = (
        (len(report.added), "added"),
        (len(report.updated), "updated"),
        (report.unchanged, "already there"),
    )
    words = [f"{_count(number)} {what}" if number > 1 else what for number, what in done if number]
    if report.skipped and not words and not reasons:
        reasons = "qa does not read files of this kind"
    if not words and not reasons:
        reasons = "there is no article in this file"
    return join(
        element("span", name, class_="name", dir="auto"),
        element("span", ", ".join(words), class_="done") if words else None,
        element("span", reasons, class_="reason", dir="auto") if reasons else None,
    )


def _article(info: ArticleInfo) -> Html:
    facts = " · ".join(fact for fact in (info.source, day(info.published)) if fact)
    return element(
        "li",
        element(
            "button",
            element("span", info.title, class_="title", dir="auto"),
            element("span", facts, class_="meta", dir="auto") if facts else None,
            type="button",
            class_="article",
            data_act="article",
            data_article=info.id,
        ),
        _button("×", "icon", "remove", aria_label=f"Remove {info.title}"),
        element(
            "span",
            "Remove it?",
            _button("Remove", "danger", "really", data_article=info.id),
            _button("Keep", "quiet", "keep"),
            class_="confirm",
        ),
    )


def _failures(failures: tuple[Failure, ...]) -> Html | None:
    if not failures:
        return None
    many = len(failures)
    what = "1 source could not be read" if many == 1 else f"{many:,} sources could not be read"
    rows = [
        element(
            "li",
            element("span", failure.source, class_="name", dir="auto"),
            element("span", failure.reason, class_="reason", dir="auto"),
        )
        for failure in failures
    ]
    return element("details", element("summary", what), element("ul", *rows), class_="failures")


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


def _count(articles: int) -> str:
    return "1 article" if articles == 1 else f"{articles:,} articles"
