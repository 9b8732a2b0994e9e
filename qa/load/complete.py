"""A draft becomes an article: what the format does not say is taken from the text, then from the file's name.

The order for each field is written here and nowhere else. Knows nothing of formats.
"""

from __future__ import annotations

from pathlib import PurePath

from qa.errors import SourceError
from qa.load import dates
from qa.load.agency import agency_of
from qa.load.draft import Draft
from qa.load.headline import MAX_TITLE, dateline_of, title_of
from qa.load.identity import given_id, id_from_path, id_from_url
from qa.load.words import HALF_PAIR, shorten, single_line
from qa.records import Article


def complete(draft: Draft, *, where: str, line: int | None = None) -> Article:
    """The article of a draft from the file `where`, or from a line of it.

    A line of a .jsonl file gets no title or date from the file's name, which names a collection.
    """
    if not draft.text.strip():
        raise SourceError("there is no text in it")
    if HALF_PAIR.search(draft.text):
        raise SourceError(
            "the text has half a surrogate pair in it, which no file can store: write the character whole"
        )
    stem = None if line is not None else PurePath(where).stem
    url = single_line(draft.url)
    title = single_line(draft.title[: 10 * MAX_TITLE] if draft.title else None)
    return Article(
        id=_id(draft, url, where, line),
        text=draft.text,
        title=title_of(draft.text, stem) if title is None else shorten(title, MAX_TITLE),
        source=single_line(draft.source) or agency_of(draft.text),
        url=url,
        published=draft.published or _published(draft.text, stem) or draft.created,
        author=single_line(draft.author),
        path=where,
    )


def _id(draft: Draft, url: str | None, where: str, line: int | None) -> str:
    if draft.id is not None:
        return given_id(draft.id)
    return id_from_path(where, line) if url is None else id_from_url(url)


def _published(text: str, stem: str | None) -> str | None:
    """A full date in the text; else in the file's name; else a dateline's day in the year of that name."""
    if found := dates.published_in(text):
        return found
    dateline = dateline_of(text)
    when = dateline.when if dateline and dateline.when else ""
    if found := dates.first_date(when):
        return found
    if stem is None:
        return None
    return dates.date_of_name(stem)[0] or dates.with_year(dates.day_and_month(when), dates.year_of_name(stem))
