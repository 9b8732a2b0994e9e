"""The library panel's HTML, to the letter."""

from __future__ import annotations

from dataclasses import replace

from qa.load import SUFFIXES
from qa.records import ArticleInfo, Failure
from qa.ui.render import indexing, shelf, sources, tally
from qa.ui.render.library import KINDS
from qa.ui.status import Status

INFO = ArticleInfo(
    id="a/1",
    hash="",
    title="Talks & more",
    source="Wire",
    url=None,
    published="2019-04-25",
    author=None,
    path=None,
    characters=1,
    passages=1,
)
READY = Status(phase="ready", articles=(INFO,))

ROW = (
    '<li><button type="button" class="article" data-act="article" data-article="a/1">'
    '<span class="title" dir="auto">Talks &amp; more</span><span class="meta" dir="auto">Wire · 25 April 2019</span>'
    "</button>"
    '<button type="button" class="icon" data-act="remove" dir="auto" data-article="a/1" '
    'aria-label="Remove Talks &amp; more">×</button>'
    '<span class="confirm">Remove it?'
    '<button type="button" class="danger" data-act="really" dir="auto" data-article="a/1">Remove</button>'
    '<button type="button" class="quiet" data-act="keep" dir="auto" data-article="a/1">Keep</button></span></li>'
)


def test_the_articles() -> None:
    assert shelf(READY, [INFO], 10) == f'<ul class="articles">{ROW}</ul>'


def test_more_than_are_shown() -> None:
    assert shelf(READY, [INFO] * 1203, 2) == (
        f'<ul class="articles">{ROW * 2}</ul>'
        '<button type="button" class="quiet" data-act="more" dir="auto">Show more of the other 1,201</button>'
    )


def test_none() -> None:
    assert shelf(Status(phase="ready"), [], 10) == '<p class="none">No articles yet.</p>'
    assert shelf(Status(phase="loading"), [], 10) == ""
    assert shelf(READY, [], 10) == '<p class="none">No article fits.</p>'


def test_what_failed_and_why() -> None:
    bad = Failure(source="a<b.pdf", reason="it is empty")
    assert shelf(replace(READY, failures=(bad,)), [INFO], 10) == (
        '<details class="failures"><summary>1 source could not be read</summary><ul><li>'
        '<span class="name" dir="auto">a&lt;b.pdf</span><span class="reason" dir="auto">it is empty</span></li></ul>'
        '<button type="button" class="quiet" data-act="reread" dir="auto">Read them again</button></details>'
        f'<ul class="articles">{ROW}</ul>'
    )
    assert "<summary>1,001 sources could not be read</summary>" in shelf(
        replace(READY, failures=(bad,) * 1001), [], 1
    )


def test_what_is_indexed() -> None:
    now = Status(phase="indexing", sources="corpus", detail="wheat.md", indexed=12, fraction=0.456)
    assert indexing(now) == (
        '<h3 dir="auto">Indexing corpus</h3><progress max="100" value="46" aria-label="Indexed"></progress>'
        '<p>46% · 12 articles so far</p><p class="now" dir="auto">wheat.md</p>'
    )
    assert indexing(READY) == ""


def test_how_many() -> None:
    assert [tally(*numbers) for numbers in ((1, 1), (2140, 2140), (0, 1), (12, 2140))] == [
        "<span>1 article</span>",
        "<span>2,140 articles</span>",
        "<span>0 of 1 article</span>",
        "<span>12 of 2,140 articles</span>",
    ]


def test_sources_to_choose_from() -> None:
    every = '<option value="">All sources</option><option value="A&amp;B" dir="auto">A&amp;B (1,200)</option>'
    assert sources([("A&B", 1200)], None) == every
    assert sources([("A&B", 1200)], "A&B") == every
    assert sources([("A&B", 1200)], "Gone") == f'{every}<option value="Gone" dir="auto">Gone (0)</option>'


def test_the_page_takes_what_the_loaders_read() -> None:
    assert set(KINDS) == set(SUFFIXES)
