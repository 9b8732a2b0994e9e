"""ISO 8601 as a reader writes it. Takes the `published` of a record, gives words; knows no time zones."""

from __future__ import annotations

from datetime import datetime

_MONTHS = (
    "January February March April May June July August September October November December"
).split()


def day(published: str | None) -> str | None:
    """`2019-04-24T08:30:00+10:00` as `24 April 2019`; what is no such date is given back as it is.

    >>> day("2019-04-24"), day("spring 2019"), day(None)
    ('24 April 2019', 'spring 2019', None)
    """
    if not published:
        return None
    try:
        moment = datetime.fromisoformat(published)
    except ValueError:
        return published
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"
