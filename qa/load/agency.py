"""Who sent the story, from the text: "— Reuters" at its end, "(AP)" in its dateline.

A closing dash and a name in capitals is taken for an agency, whoever it is; a quotation that closes an
article with its author's name would be too.
"""

from __future__ import annotations

import re

from qa.load.headline import dateline_of
from qa.load.words import single_line

_WORD = r"[^\W\d_a-zß-ÿ][\w&.'’]*"
_NAME = rf"(?P<name>{_WORD}(?:(?:[ /-]|\s(?:of|the|and|de|&)\s){_WORD}){{0,4}})"
_TAIL = re.compile(rf"(?:^|[.!?…][\"'”’»)]*)\s*(?:—|–|--|-)\s*{_NAME}\.?$")
_LINE = re.compile(rf"\({_NAME}\)|(?i:source):\s*(?P<named>\S.{{0,58}})")
_NO_AGENCY = frozenset({"ends", "end", "more", "advertisement"})


def agency_of(text: str) -> str | None:
    """The agency a text names at its end, else in its dateline."""
    last = text.rstrip().rpartition("\n")[2].strip()
    if match := _TAIL.search(last[-80:]):
        return _name(match["name"])
    if match := _LINE.fullmatch(last):
        return _name(match["name"] or match["named"])
    found = dateline_of(text)
    return _name(found.agency) if found and found.agency and found.agency[0].isupper() else None


def _name(name: str) -> str | None:
    name = single_line(name.rstrip(".")) or ""
    return name if 2 <= len(name) <= 60 and name.lower() not in _NO_AGENCY else None
