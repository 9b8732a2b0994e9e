"""Which article is which: an id from the url or the path, the same today and tomorrow.

Keeps no state: an id depends on nothing but the url, or the path and line. Knows nothing of what is stored.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from pathlib import PurePath
from urllib.parse import unquote, urlsplit

from qa.errors import SourceError
from qa.load.words import printable

MAX_ID = 200
_MAX_SLUG = 60


def given_id(value: str) -> str:
    """A given id, kept exactly, or a `SourceError` if it cannot serve as one."""
    if not value.strip():
        raise SourceError("the id is empty: give one, or leave it out")
    if len(value) > MAX_ID:
        raise SourceError(f"the id has {len(value):,} characters: {MAX_ID} at most")
    if printable(value) != value:
        raise SourceError("the id has control characters in it: use letters, digits and hyphens")
    return value


def id_from_url(url: str) -> str:
    """A slug of the last piece of the url's path, and eight hexadecimal digits of the url's SHA-256."""
    try:
        parts = urlsplit(url)
        piece = unquote(parts.path.rstrip("/").rpartition("/")[2]) or parts.netloc
    except ValueError:
        piece = ""
    return f"{_slug(re.sub(r'[.](?:html?|php|aspx?)$', '', piece))}-{_digest(url)}"


def id_from_path(path: str, line: int | None = None) -> str:
    """A slug of the file's name and eight hexadecimal digits of the path's SHA-256; of path:line for a line.

    A line's number is in the slug too: eight digits alone would not keep a million lines apart.
    """
    stem = PurePath(path.replace("\\", "/")).name
    for ending in (".gz", PurePath(stem.removesuffix(".gz")).suffix):
        stem = stem.removesuffix(ending) or stem
    if line is None:
        return f"{_slug(stem)}-{_digest(path)}"
    return f"{_slug(stem)}-{line}-{_digest(f'{path}:{line}')}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:8]


def _slug(text: str) -> str:
    """Lower case, accents off, words joined by hyphens; "article" if there is no letter or digit.

    >>> _slug("Kim arrives: à Vladivostok!")
    'kim-arrives-a-vladivostok'
    """
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    slug = re.sub(r"[\W_]+", "-", plain.lower()).strip("-")
    if len(slug) > _MAX_SLUG:
        slug = slug[:_MAX_SLUG].rpartition("-")[0] or slug[:_MAX_SLUG]
    return slug or "article"
