"""The words of a name or noun -> its kind: a person, a place, a group, an event, a time, a thing, or "name", who knows.

By the lists in `words`, and by what stands first and last. Knows nothing of the text around.
"""

from __future__ import annotations

import re
from typing import Literal

from qa.converse import words as w

Kind = Literal["person", "place", "group", "event", "time", "thing", "name"]

YEAR = re.compile(r"1[5-9]\d\d|20\d\d")


def kind_of(low: list[str], *, is_name: bool) -> tuple[Kind, str | None, str, bool]:
    """Kind, gender, head and number of a name or noun, from its words in small letters."""
    cut = next((at for at, word in enumerate(low) if at and word in w.PREPOSITIONS), len(low))
    core = [word for word in low[:cut] if word not in ("the", "a", "an")] or low
    head = core[-1]
    plural = head.endswith("s") and not head.endswith(("ss", "us", "is", "ics", "news", "series"))
    single = head[:-1] if plural else head
    last: Kind | None = None
    if all(YEAR.fullmatch(word) or word in w.MONTHS | w.WEEKDAYS or word.isdecimal() for word in low):
        return "time", None, head, False
    if is_name and "and" in low:
        return "group", None, head, True
    if core[0] in w.TITLES and len(core) > 1:
        return "person", w.TITLES[core[0]].rstrip("?") if "?" not in w.TITLES[core[0]] else None, head, False
    if single in w.PEOPLE or head in ("people", "men", "women", "children"):
        gender = "she" if single in w.WOMEN else "he" if single in w.MEN else None
        return "person", gender, head, plural or head in ("people", "men", "women", "children")
    if single in w.EVENTS or head in w.EVENTS:
        last = "event"
    elif single in w.GROUPS or any(word in w.ORGANISATIONS for word in core):
        last = "group"
    elif single in w.PLACES or head in w.PLACE_NAMES:
        last = "place"
    if last:
        return last, None, head, plural
    if not is_name:
        return "thing", None, head, plural
    if core[0] in w.FIRST_NAMES:
        return "person", w.FIRST_NAMES[core[0]], head, False
    return "name", None, head, False


def kind_of_noun(noun: str) -> Kind | None:
    """The kind of thing that a noun names, if it is on a list."""
    single = noun.removesuffix("s")
    if single in w.PEOPLE:
        return "person"
    if single in w.PLACES:
        return "place"
    if single in w.GROUPS:
        return "group"
    return "event" if single in w.EVENTS or noun in w.EVENTS else None
