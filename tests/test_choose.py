"""What is typed to name articles, and what the library has."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest

from qa.choose import Wish, choose, resolve
from qa.errors import ArticleNotFoundError, QuestionError
from qa.records import ArticleInfo, Filters


def info(article_id: str, source: str | None, language: str | None) -> ArticleInfo:
    return ArticleInfo(
        id=article_id,
        hash=article_id,
        title="T",
        source=source,
        url=None,
        published=None,
        author=None,
        path=None,
        characters=1,
        passages=1,
        language=language,
    )


INFOS = [
    info("a1", "Harbour Wire", "en"),
    info("a2", "HARBOUR WIRE", "en"),
    info("b1", "Meridian Desk", "de"),
    info("b2", "Meridian Desk", "de"),
    info("c", None, None),
]


def chosen(wish: Wish, infos: Sequence[ArticleInfo] = INFOS) -> tuple[Filters | None, tuple[str, ...]]:
    return choose(wish, lambda: infos)


def never() -> Sequence[ArticleInfo]:
    raise AssertionError("no names are to be looked up")


def test_no_wish_is_no_filter() -> None:
    assert choose(Wish(), never) == (None, ())


def test_days_are_taken_as_they_are() -> None:
    wish = Wish(first=date(2019, 4, 25), last=date(2019, 4, 26))
    filters = Filters(published_from="2019-04-25", published_to="2019-04-26")
    assert choose(wish, never) == (filters, ())
    with pytest.raises(QuestionError, match="from 2019-04-26 on and up to 2019-04-25"):
        choose(Wish(first=date(2019, 4, 26), last=date(2019, 4, 25)), never)


def test_sources_are_known_in_upper_case_or_lower() -> None:
    assert chosen(Wish(sources=("harbour  wire",))) == (Filters(sources=("HARBOUR WIRE", "Harbour Wire")), ())
    both = ("HARBOUR WIRE", "Harbour Wire", "Meridian Desk")
    assert chosen(Wish(sources=("Meridian desk", "harbour wire"))) == (Filters(sources=both), ())


def test_an_unknown_source_is_told_and_the_known_remain() -> None:
    filters, said = chosen(Wish(sources=("Harbor Wire", "meridian desk")))
    assert filters == Filters(sources=("Meridian Desk",))
    assert said == (
        "no article is from 'Harbor Wire': they are from HARBOUR WIRE, Meridian Desk, Harbour Wire",
    )
    filters, said = chosen(Wish(sources=("Nobody",)))
    assert filters == Filters(sources=())
    assert said == ("no article is from 'Nobody': they are from Meridian Desk, Harbour Wire, HARBOUR WIRE",)


def test_of_many_sources_a_few_are_named() -> None:
    many = [info(f"n{n}", f"Source {n}", "en") for n in range(9)]
    (said,) = chosen(Wish(sources=("Nobody",)), many)[1]
    assert said.endswith("from Source 0, Source 1, Source 2, Source 3, Source 4 and 4 more")


def test_languages() -> None:
    assert chosen(Wish(languages=("de", "en"))) == (Filters(languages=("de", "en")), ())
    filters, said = chosen(Wish(languages=("fr", "de")))
    assert (filters, said) == (Filters(languages=("de",)), ("no article is in 'fr': they are in en, de",))


def test_nothing_to_choose_from() -> None:
    filters, said = chosen(Wish(sources=("Wire",), languages=("de",)), [])
    assert filters == Filters(sources=(), languages=())
    assert said == (
        "no article is from 'Wire': none says what it is from",
        "no article is in 'de': none says what it is in",
    )


def test_articles_by_the_beginning_of_their_id() -> None:
    assert chosen(Wish(articles=("c", "b1"))) == (Filters(article_ids=("c", "b1")), ())
    assert resolve("a1", INFOS).id == "a1"
    with pytest.raises(
        ArticleNotFoundError, match=r"2 articles begin with 'a': write more of it \(a1, a2, …\)"
    ):
        chosen(Wish(articles=("a",)))
    with pytest.raises(ArticleNotFoundError, match=r"'strom-2021': `qa list` .* are, such as storm-2021$"):
        chosen(Wish(articles=("strom-2021",)), [*INFOS, info("storm-2021", None, None)])
    with pytest.raises(
        ArticleNotFoundError, match=r"^there is no article 'zzz': `qa list` shows those that are$"
    ):
        resolve("zzz", INFOS)
