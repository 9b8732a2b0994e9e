"""Web pages (.html): main text, title, author, date, site and address, by trafilatura.

Menus, comments and footers stay out. Knows a saved page only, not what its scripts would load.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from qa.errors import SourceError
from qa.load.dates import iso
from qa.load.decode import decode
from qa.load.draft import Draft
from qa.load.foreign import foreign
from qa.load.hidden import drop_hidden
from qa.load.tidy import bare_markup, tidy

_Element = Any  # lxml.etree._Element: lxml comes without types

_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d+\)(\S+)\s*-->")
_WHEN = (
    "//meta[@property='article:published_time' or @itemprop='datePublished' or @name='date'"
    " or @name='pubdate' or @name='DC.date.issued']/@content | //*[@itemprop='datePublished']/@datetime"
    " | //time[@pubdate]/@datetime | //article//time/@datetime"
)
_JSON_LD = re.compile(r'"datePublished"\s*:\s*"([^"]{10,40})"')


def read(data: bytes) -> Draft:
    """The article on a web page."""
    charset = _CHARSET.search(data[:4096])
    source = bare_markup(decode(data, declared=charset[1].decode("ascii") if charset else None))
    if "<" not in source:
        raise SourceError("this is no web page but plain text: rename it to .txt")
    with foreign("this page cannot be read; save it again, or its text as .txt"):
        return _draft(source)


def _draft(source: str) -> Draft:
    from trafilatura import bare_extraction
    from trafilatura.utils import load_html

    tree = load_html(source)
    page: Any = None
    if tree is not None:
        drop_hidden(tree)
        when = [str(value) for value in tree.xpath(_WHEN)] + _JSON_LD.findall(source)
        page = bare_extraction(
            tree,
            with_metadata=True,
            include_comments=False,
            include_formatting=True,
            date_extraction_params={"original_date": True, "extensive_search": False},
        )
    text = "" if page is None else tidy("\n\n".join(_blocks(page.body)))
    if not text.strip():
        raise SourceError(
            "there is no main text on this page: save the article's own page, or its text as .txt"
        )
    saved = _SAVED_FROM.search(source[:4096])
    return Draft(
        text=text,
        title=page.title,
        source=page.sitename,
        url=_article_url(page.url) or (_article_url(saved[1]) if saved else None),
        published=_with_time(page.date, when),
        author=page.author.replace("; ", ", ") if page.author else None,
    )


def _with_time(day: str | None, candidates: list[str]) -> str | None:
    """The date that trafilatura found, with its time and offset if the page gives them."""
    exact = [value for value in map(iso, candidates) if value is not None]
    if day is None:
        return exact[0] if exact else None
    return next((value for value in exact if value.startswith(f"{day}T")), iso(day))


def _article_url(url: str | None) -> str | None:
    """The page's address, unless it is only a site's front door, as a careless canonical link is."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and (parts.path.strip("/") or parts.query) else None


def _blocks(element: _Element) -> Iterator[str]:
    """The paragraphs, headings, lists and tables of trafilatura's tree, each as text."""
    run = _flat(element.text)
    for child in element:
        tag = child.tag
        if tag == "list":
            block = ["\n".join(_items(child, ""))]
        elif tag == "table":
            block = ["\n".join(" | ".join(_line(cell) for cell in row) for row in child.iter("row"))]
        elif tag in ("p", "head", "quote", "div", "ab", "body"):
            block = list(_blocks(child))
        else:
            run += _inline(child) + _flat(child.tail)
            continue
        yield from filter(None, [_trim(run), *block])
        run = _flat(child.tail)
    if last := _trim(run):
        yield last


def _items(element: _Element, margin: str) -> Iterator[str]:
    """The lines of a list, inner lists moved in."""
    for item in element:
        inner = [child for child in item if child.tag == "list"]
        words = _flat(item.text) + "".join(
            (" " if child.tag == "list" else _inline(child)) + _flat(child.tail) for child in item
        )
        if line := " ".join(words.split()):
            yield f"{margin}• {line}"
        for child in inner:
            yield from _items(child, margin + "  ")


def _inline(element: _Element) -> str:
    """The words of an element inside a paragraph."""
    if element.tag == "lb":
        return "\n"
    if not isinstance(element.tag, str):
        return ""
    return _flat(element.text) + "".join(_inline(child) + _flat(child.tail) for child in element)


def _line(element: _Element) -> str:
    return " ".join(_inline(element).split())


def _flat(text: str | None) -> str:
    """In HTML a newline is a blank like any other."""
    return re.sub(r"\s+", " ", text or "")


def _trim(run: str) -> str:
    return "\n".join(line.strip() for line in run.split("\n")).strip()
