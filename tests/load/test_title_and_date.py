"""What a text says of itself: headline, dateline, date, agency; and what its file's name says."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from qa.records import Article

LoadOne = Callable[[str, str | bytes], Article]
BODY = "Kim came by train on Wednesday, and the door of his carriage had stopped short of the red carpet."
NO_WORDS = "000_8a12c5f156596d09.txt"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (f"Kim arrives by train\n\n{BODY}", "Kim arrives by train"),
        (f"Kim arrives by train\n{BODY}", "Kim arrives by train"),
        (f"  Will Kim and Putin agree?  \n\n{BODY}", "Will Kim and Putin agree?"),
        (f"# Kim arrives by train\n\n{BODY}", "Kim arrives by train"),
        (f"In Summary\n  • A point of interest\n\nVladivostok,\n\n{BODY}", "@"),
        (f"LABOUR\n\n{BODY}", "@"),
        (f"BREAKING NEWS\n\nKim arrives by train\n\n{BODY}", "Kim arrives by train"),
        (f"Published: 25 April 2019\n\nBy Ann Lee\n\nKim arrives by train\n\n{BODY}", "Kim arrives by train"),
        (f"Vladivostok, Thursday April 25 2019\n\n{BODY}", "@"),
        (f"VLADIVOSTOK, Russia: {BODY}", "@"),
        (f"VLADIVOSTOK, Russia, April 24 — {BODY}", "@"),
        (f"VLADIVOSTOK, Russia (AP) -- {BODY}", "@"),
        (f"Moscow, 24 April (Xinhua) – {BODY}", "@"),
        (f"(Reuters) - {BODY}", "@"),
        (f"PORT-AU-PRINCE, Haiti — {BODY}", "@"),
        (f"{BODY}\n\nKim arrives by train\n\n{BODY}", "@"),
        (
            "Kim came by train on Wednesday, and the door\nof his carriage had stopped short.\n",
            "Kim came by train on Wednesday, and the door of his carriage had stopped short",
        ),
        ("The door of his carriage stopped. He went on.", "The door of his carriage stopped"),
        ("Kim: a life", "Kim: a life"),
        ("• a point\n• another", "a point"),
        ("。" * 5, "。。。。。"),
        ("x" * 500, "x" * 79 + "…"),
    ],
)
def test_title_from_the_text(article: LoadOne, text: str, title: str) -> None:
    opening = "Kim came by train on Wednesday, and the door of his carriage had stopped short…"
    assert article(NO_WORDS, text).title == (opening if title == "@" else title)


@pytest.mark.parametrize(
    ("name", "title", "published"),
    [
        ("2019-04-24-kim-arrives-by-train.txt", "Kim arrives by train", "2019-04-24"),
        ("20190424_Kim_arrives.txt", "Kim arrives", "2019-04-24"),
        ("kim's visit 2019-04-24.txt", "Kim's visit", "2019-04-24"),
        ("Größe der Hilfe.txt", "Größe der Hilfe", None),
        ("2019-13-45-kim-arrives.txt", None, None),
        ("000_8a12c5f156596d09.txt", None, None),
        ("deadbeefcafe0123.txt", None, None),
        ("article-17.txt", None, None),
        ("20190424.txt", None, "2019-04-24"),
    ],
)
def test_title_and_date_from_the_name(
    article: LoadOne, name: str, title: str | None, published: str | None
) -> None:
    got = article(name, BODY)
    assert got.title == (
        title or "Kim came by train on Wednesday, and the door of his carriage had stopped short…"
    )
    assert got.published == published


@pytest.mark.parametrize(
    ("top", "published"),
    [
        ("Published: 25 April 2019", "2019-04-25"),
        ("First published on April 25, 2019 at 10:30 GMT", "2019-04-25"),
        ("April 25, 2019", "2019-04-25"),
        ("Thursday, 25th of April 2019, 6:30 p.m.", "2019-04-25"),
        ("2019-04-25", "2019-04-25"),
        ("2019/04/25 18:30 +10:00", "2019-04-25"),
        ("By Ann Lee | Apr. 25, 2019", "2019-04-25"),
        ("Vladivostok, Thursday April 25 2019", "2019-04-25"),
        ("Business — 30 March 2021 — Corpus Wire", "2021-03-30"),
        ("Published 25 April 2019, updated 27 April 2019", "2019-04-25"),
        ("Updated: 27 April 2019", None),
        ("25/04/2019", None),
        ("April 25", None),
        ("Sept 31, 2019", None),
        ("On 22 November 1963 the president was shot in Dallas.", None),
        ("The treaty of 11 September 2001 remembered", None),
    ],
)
def test_date_from_a_line_at_the_top(article: LoadOne, top: str, published: str | None) -> None:
    assert article(NO_WORDS, f"Kim arrives by train\n\n{top}\n\n{BODY}").published == published


@pytest.mark.parametrize(
    ("name", "dateline", "published"),
    [
        (NO_WORDS, "VLADIVOSTOK, Russia, April 24, 2019 (Reuters) — ", "2019-04-24"),
        (NO_WORDS, "VLADIVOSTOK, Russia, April 24 — ", None),
        ("kim 2019.txt", "VLADIVOSTOK, Russia, April 24 — ", "2019-04-24"),
        ("kim-2018-and-2019.txt", "VLADIVOSTOK, Russia, April 24 — ", None),
        ("2019-04-25-kim.txt", "VLADIVOSTOK, Russia, April 24 — ", "2019-04-25"),
        ("kim 2019.txt", "MOSCOW, Feb 30 (AP) — ", None),
    ],
)
def test_a_dateline_gives_a_date_only_with_a_year(
    article: LoadOne, name: str, dateline: str, published: str | None
) -> None:
    assert article(name, dateline + BODY).published == published


@pytest.mark.parametrize(
    ("text", "source"),
    [
        (f"{BODY} — Reuters", "Reuters"),
        (f"“{BODY}” -- AFP", "AFP"),
        (f"{BODY}\n\n— Corpus Wire\n", "Corpus Wire"),
        (f"{BODY}\n\n- Agence France-Presse", "Agence France-Presse"),
        (f"{BODY}\n(Associated Press)\nPage 1 of 2", "Associated Press"),
        (f"{BODY}\nSource: The Daily Corpus", "The Daily Corpus"),
        (f"VLADIVOSTOK, Russia (AP) — {BODY}", "AP"),
        (f"(Reuters) - {BODY}", "Reuters"),
        (BODY, None),
        (f"{BODY} He met — Putin", None),
        (f"{BODY}\n\n— ENDS", None),
        (f"{BODY} - and so it went on", None),
        (f"{BODY}\n\nKim Jong Un (left) — the leader", None),
    ],
)
def test_agency_from_the_text(article: LoadOne, text: str, source: str | None) -> None:
    got = article(NO_WORDS, text)
    assert got.source == source
    assert "Page 1" not in got.text


def test_a_title_is_one_line_of_at_most_300_characters(article: LoadOne) -> None:
    title = article("a.md", f"---\ntitle: |\n  {'word ' * 50}\n  {'word ' * 50}\n---\n{BODY}").title
    assert title == " ".join(["word"] * 60) + "…"
    assert len(title) == 300
