"""Which articles the library panel shows: words of a title or source, one source, days, an order.

Takes the articles and what a reader wants of them, gives those. A source and days mean here what they mean in
`Filters`, so that questions can be narrowed in the same way. Knows nothing of HTML, of browsers or of the store.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from qa.records import ArticleInfo, day_number

Sort = Literal["newest", "oldest", "title", "source"]
SORTS: tuple[Sort, ...] = get_args(Sort)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a reader wants to see: articles with each word of `text` in title or source, from `since` to `until`.

    These are ISO days, both included; an article without a date is left out when a day is named.
    """

    text: str = ""
    source: str | None = None
    since: str | None = None
    until: str | None = None
    sort: Sort = "newest"


def found(articles: Sequence[ArticleInfo], wanted: Wanted) -> list[ArticleInfo]:
    """Those of `articles` that are wanted, in the wanted order. They come newest first, those without a date last."""
    words = fold(wanted.text).split()
    first = day_number(wanted.since) if wanted.since else None
    last = day_number(wanted.until) if wanted.until else None
    return _in_order(
        [
            info
            for info in articles
            if wanted.source in (None, info.source)
            and _within(info.published, first, last)
            and _has(info, words)
        ],
        wanted.sort,
    )


def sources(articles: Sequence[ArticleInfo]) -> list[tuple[str, int]]:
    """Every source with the number of its articles, by name."""
    numbers = Counter(info.source for info in articles if info.source is not None)
    return sorted(numbers.items(), key=lambda one: (fold(one[0]), one[0]))


def fold(text: str) -> str:
    """Text for comparing: capitals and accents do not matter.

    >>> fold("Tromsø à l'Été")
    "tromsø a l'ete"
    """
    if not text.isascii():
        text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return text.casefold()


def _has(info: ArticleInfo, words: Sequence[str]) -> bool:
    if not words:
        return True
    where = fold(f"{info.title}\n{info.source or ''}")
    return all(word in where for word in words)


def _within(published: str | None, first: int | None, last: int | None) -> bool:
    if first is None and last is None:
        return True
    if not published:
        return False
    day = day_number(published)
    return (first is None or day >= first) and (last is None or day <= last)


def _in_order(articles: list[ArticleInfo], sort: Sort) -> list[ArticleInfo]:
    """Sorting is stable: articles of one title, or of one source, stay newest first."""
    match sort:
        case "newest":
            return articles
        case "oldest":
            return sorted(articles, key=lambda info: (not info.published, info.published or ""))
        case "title":
            return sorted(articles, key=lambda info: fold(info.title))
        case "source":
            return sorted(articles, key=lambda info: (info.source is None, fold(info.source or "")))
