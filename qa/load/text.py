"""Plain text (.txt): bytes -> the text, newlines and scraping furniture tidied, everything else as it is.

Knows nothing of titles and dates: those are looked for in the text later.
"""

from __future__ import annotations

from qa.errors import SourceError
from qa.load.decode import decode, looks_like_html
from qa.load.draft import Draft
from qa.load.tidy import tidy


def read(data: bytes) -> Draft:
    """The article in a .txt file."""
    if looks_like_html(data):
        raise SourceError("this is a web page: rename it to .html")
    return Draft(text=tidy(decode(data)))
