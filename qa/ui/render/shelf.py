"""The library panel: what is being indexed, what failed, the articles and what narrows them.

Takes a `Status` and articles, gives `Html`. Knows nothing of how articles are chosen, loaded or stored.
"""

from __future__ import annotations

from collections.abc import Sequence

from qa.records import ArticleInfo, Failure
from qa.ui.render.markup import Html, element, join
from qa.ui.render.words import day, many
from qa.ui.status import Status


def indexing(status: Status) -> Html:
    """What is read now and how far that is; nothing while nothing is."""
    if status.phase != "indexing":
        return Html()
    return join(
        element("h3", f"Indexing {status.sources}", dir="auto"),
        element("progress", max=100, value=round(100 * status.fraction), aria_label="Indexed"),
        element("p", f"{status.fraction:.0%} · {many(status.indexed, 'article')} so far"),
        element("p", status.detail, class_="now", dir="auto") if status.detail else None,
    )


def tally(found: int, total: int) -> Html:
    """How many articles there are, and how many of them are wanted."""
    return element(
        "span", many(total, "article") if found == total else f"{found:,} of {many(total, 'article')}"
    )


def sources(numbers: Sequence[tuple[str, int]], chosen: str | None) -> Html:
    """What can be chosen: all sources, or one of them. One that has gone meanwhile stays as long as it is chosen."""
    if chosen is not None and chosen not in dict(numbers):
        numbers = [*numbers, (chosen, 0)]
    return join(
        element("option", "All sources", value=""),
        *(element("option", f"{name} ({number:,})", value=name, dir="auto") for name, number in numbers),
    )


def shelf(status: Status, found: Sequence[ArticleInfo], limit: int) -> Html:
    """The failures and the articles that were found, at most `limit` of them."""
    shown = found[:limit]
    hidden = len(found) - len(shown)
    return join(
        _failures(status.failures),
        element("ul", *(_article(info) for info in shown), class_="articles") if shown else None,
        _button(f"Show more of the other {hidden:,}", "quiet", "more") if hidden else None,
        None if shown else _nothing(status),
    )


def _nothing(status: Status) -> Html | None:
    if status.articles:
        return element("p", "No article fits.", class_="none")
    return element("p", "No articles yet.", class_="none") if status.phase == "ready" else None


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
        _button("×", "icon", "remove", data_article=info.id, aria_label=f"Remove {info.title}"),
        element(
            "span",
            "Remove it?",
            _button("Remove", "danger", "really", data_article=info.id),
            _button("Keep", "quiet", "keep", data_article=info.id),
            class_="confirm",
        ),
    )


def _failures(failures: tuple[Failure, ...]) -> Html | None:
    if not failures:
        return None
    rows = [
        element(
            "li",
            element("span", failure.source, class_="name", dir="auto"),
            element("span", failure.reason, class_="reason", dir="auto"),
        )
        for failure in failures
    ]
    what = f"{many(len(failures), 'source')} could not be read"
    again = _button("Read them again", "quiet", "reread")
    return element("details", element("summary", what), element("ul", *rows), again, class_="failures")


def _button(text: str, kind: str, act: str, **attributes: str) -> Html:
    return element("button", text, type="button", class_=kind, data_act=act, dir="auto", **attributes)
