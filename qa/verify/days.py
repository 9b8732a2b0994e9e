"""Text, the day it was published -> the days it speaks of, and whether another text of that day speaks of them too."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

from qa.when import Days, days_spoken_of

_YEAR = re.compile(r"(?<!\d)(?:1[6-9]|20)\d\d(?!\d)")
_WHOLE_YEAR = timedelta(366)
_LONGEST = 2000
"""What a sentence says of days stands in so many characters."""


def days(text: str, published: date) -> tuple[Days, ...]:
    """The days that a text of that date speaks of: "on Wednesday" is the latest one, "on 25 April" that of this year.

    Without "since 1990" and what else is longer than a year: those are compared as numbers.

    >>> [str(one.first) for one in days("They met on Wednesday, on 3 May and in 1990.", date(2019, 5, 9))]
    ['2019-05-08', '2019-05-03', '1990-01-01']
    """
    spoken = days_spoken_of(text[:_LONGEST], published)
    return tuple(one for one in spoken if one.kind != "recent" and one.last - one.first <= _WHOLE_YEAR)


def published_on(published: str | None, *texts: str) -> date:
    """The day of an ISO date; without one the end of the latest year that some texts name, so that they agree."""
    try:
        return date.fromisoformat((published or "")[:10])
    except ValueError:
        years = [int(year) for text in texts for year in _YEAR.findall(text[:_LONGEST])]
        return date(max(years, default=2000), 12, 31)


def named(claimed: Days, others: Sequence[Days]) -> bool:
    """Whether one of the other days is the claimed one, or lies within what the claim says less exactly."""
    return any(claimed.first <= other.first and other.last <= claimed.last for other in others)
