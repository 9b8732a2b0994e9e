"""Which articles the panel shows, and that source and days mean there what they mean to a search."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from qa import Library
from qa.records import ArticleInfo, Filters
from qa.ui.finding import Sort, Wanted, fold, found, sources


def info(title: str, source: str | None, published: str | None) -> ArticleInfo:
    return ArticleInfo(
        id=title,
        hash="",
        title=title,
        source=source,
        url=None,
        published=published,
        author=None,
        path=None,
        characters=1,
        passages=1,
    )


# As the library gives them: newest first, those without a date last.
ARTICLES = (
    info("Élan of the valley", "Valley Post", "2022-03-03T23:59:00+10:00"),
    info("bridge opens", "Ágora", "2021-05-04"),
    info("Bridge closed again", "Valley Post", "2021-05-03"),
    info("A note", None, None),
    info("Another note", "Valley Post", None),
)


@pytest.mark.parametrize(
    ("wanted", "titles"),
    [
        (Wanted(), [one.title for one in ARTICLES]),
        (Wanted(text="  BRIDGE "), ["bridge opens", "Bridge closed again"]),
        (Wanted(text="post bridge"), ["Bridge closed again"]),
        (Wanted(text="elan"), ["Élan of the valley"]),
        (Wanted(text="agora"), ["bridge opens"]),
        (Wanted(text="bridge nothing"), []),
        (Wanted(source="Ágora"), ["bridge opens"]),
        (Wanted(source="ágora"), []),
        (Wanted(since="2021-05-04"), ["Élan of the valley", "bridge opens"]),
        (Wanted(until="2021-05-04"), ["bridge opens", "Bridge closed again"]),
        (Wanted(since="2022-03-03", until="2022-03-03"), ["Élan of the valley"]),
        (Wanted(since="2022-01-01", until="2021-01-01"), []),
        (Wanted(source="Valley Post", text="note"), ["Another note"]),
    ],
)
def test_what_is_wanted(wanted: Wanted, titles: list[str]) -> None:
    assert [one.title for one in found(ARTICLES, wanted)] == titles


@pytest.mark.parametrize(
    ("sort", "titles"),
    [
        ("oldest", ["Bridge closed again", "bridge opens", "Élan of the valley", "A note", "Another note"]),
        ("title", ["A note", "Another note", "Bridge closed again", "bridge opens", "Élan of the valley"]),
        ("source", ["bridge opens", "Élan of the valley", "Bridge closed again", "Another note", "A note"]),
    ],
)
def test_order(sort: Sort, titles: list[str]) -> None:
    assert [one.title for one in found(ARTICLES, Wanted(sort=sort))] == titles


def test_sources_with_their_numbers_by_name() -> None:
    assert sources(ARTICLES) == [("Ágora", 1), ("Valley Post", 3)]
    assert sources(()) == []


def test_fold() -> None:
    assert [fold(text) for text in ("Straße", "ÉTÉ", "плюс", "İ")] == ["strasse", "ete", "плюс", "i"]


def test_it_means_what_a_search_means(tmp_path: Path) -> None:
    """A list that is narrowed so is the list of what questions are asked among."""
    lines = [
        {"id": "1", "text": "One.", "source": "A", "published": "2021-05-03"},
        {"id": "2", "text": "Two.", "source": "A", "published": "2021-05-04T23:30:00-05:00"},
        {"id": "3", "text": "Three.", "source": "B", "published": "2021-05-05"},
        {"id": "4", "text": "Four.", "source": "A"},
    ]
    path = tmp_path / "articles.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    with Library(tmp_path / "store") as library:
        library.add(path)
        for source in (None, "A", "a"):
            for since in (None, "2021-05-04", "2021-05-05"):
                for until in (None, "2021-05-03", "2021-05-04"):
                    filters = Filters(
                        sources=source and (source,),  # type: ignore[arg-type]
                        published_from=since,
                        published_to=until,
                    )
                    listed = found(library.articles(), Wanted(source=source, since=since, until=until))
                    assert listed == library.articles(filters=filters)
                    hits = library.search("One two three four?", filters=filters)
                    assert {hit.article_id for hit in hits} == {one.id for one in listed}
