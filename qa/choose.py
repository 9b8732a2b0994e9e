"""What somebody types to name articles -> the articles that the library has, or a sentence that says what it has.

Sources are known in upper case or lower, articles by the beginning of their id. Takes what is known of the articles;
gives filters as the searches take them. Knows nothing of stores, searches or screens.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from qa.errors import ArticleNotFoundError, QuestionError
from qa.records import ArticleInfo, Filters

_NAMED = 5
"""How many of what the library has are named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Which articles somebody wants, as typed; of several sources, articles or languages any. Empty is all."""

    sources: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None


def choose(
    wish: Wish, articles: Callable[[], Sequence[ArticleInfo]]
) -> tuple[Filters | None, tuple[str, ...]]:
    """The filters of a wish, None for all articles, and a sentence for each source or language that is not there.

    `articles` is asked only if names must be looked up. A wish for unknown sources only lets nothing through. Raises
    `ArticleNotFoundError` for an article that is not there, `QuestionError` if the first day is after the last.
    """
    if wish == Wish():
        return None, ()
    if wish.first and wish.last and wish.first > wish.last:
        raise QuestionError(f"no day is from {wish.first} on and up to {wish.last}: turn the two round")
    infos = articles() if wish.sources or wish.articles or wish.languages else ()
    sources = Counter(info.source for info in infos if info.source)
    languages = Counter(info.language for info in infos if info.language)
    spelt = [name for name in sources if _plain(name) in map(_plain, wish.sources)]
    known = {_plain(name) for name in spelt}
    unknown = [
        *(_nothing("from", one, sources) for one in wish.sources if _plain(one) not in known),
        *(_nothing("in", one, languages) for one in wish.languages if one not in languages),
    ]
    filters = Filters(
        article_ids=tuple(resolve(one, infos).id for one in wish.articles) if wish.articles else None,
        sources=tuple(sorted(spelt)) if wish.sources else None,
        published_from=wish.first.isoformat() if wish.first else None,
        published_to=wish.last.isoformat() if wish.last else None,
        languages=tuple(one for one in wish.languages if one in languages) if wish.languages else None,
    )
    return filters, tuple(unknown)


def resolve(asked: str, infos: Iterable[ArticleInfo]) -> ArticleInfo:
    """The article of this id, or the only one whose id begins so. Raises `ArticleNotFoundError`."""
    known = {info.id: info for info in infos}
    if asked in known:
        return known[asked]
    begun = [one for one in known if one.startswith(asked)] if asked else []
    if len(begun) == 1:
        return known[begun[0]]
    if begun:
        raise ArticleNotFoundError(
            f"{len(begun)} articles begin with {asked!r}: write more of it ({', '.join(begun[:_NAMED])}, …)"
        )
    near = get_close_matches(asked, known, n=_NAMED)
    such = f", such as {', '.join(near)}" if near else ""
    raise ArticleNotFoundError(f"there is no article {asked!r}: `qa list` shows those that are{such}")


def _nothing(where: str, asked: str, there: Counter[str]) -> str:
    """That no article is from a source or in a language, and what there is: the nearest names, then the commonest."""
    if not there:
        return f"no article is {where} {asked!r}: none says what it is {where}"
    names = {_plain(name): name for name in there}
    near = [names[one] for one in get_close_matches(_plain(asked), names, n=_NAMED)]
    some = list(dict.fromkeys([*near, *(name for name, _ in there.most_common())]))[:_NAMED]
    more = f" and {len(there) - len(some)} more" if len(there) > len(some) else ""
    return f"no article is {where} {asked!r}: they are {where} {', '.join(some)}{more}"


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())
