"""Dates: out of a format's field, off a line near the top of a text, out of a file's name.

Gives ISO 8601 strings. A year is never guessed, and 03/04/2019 (March or April?) is left alone. Month names
are read in English only.
"""

from __future__ import annotations

import re
from datetime import date, datetime

_NAMES = [
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
]
_MONTHS = {name[:length]: number for number, name in enumerate(_NAMES, 1) for length in (3, 4, len(name))}
MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
WEEKDAY = r"\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b\.?"
_TH = r"(?:st|nd|rd|th|\.)?"

_DATE = re.compile(
    rf"""
      (?<![\d/.-]) (?P<y>(?:17|18|19|20)\d\d) [-/.] (?P<m>\d\d) [-/.] (?P<d>\d\d) (?![\d/-])
    | \b (?P<d1>\d{{1,2}}) {_TH} \s+ (?:of\s+)? (?P<m1>{MONTH}) ,? \s+ (?P<y1>\d{{4}}) \b
    | \b (?P<m2>{MONTH}) \s+ (?P<d2>\d{{1,2}}) {_TH} (?:,\s*|\s+) (?P<y2>\d{{4}}) \b
    """,
    re.VERBOSE | re.IGNORECASE,
)
_DAY_AND_MONTH = re.compile(
    rf"\b(?:(?P<m1>{MONTH})\s+(?P<d1>\d{{1,2}}){_TH}|(?P<d2>\d{{1,2}}){_TH}\s+(?P<m2>{MONTH}))(?!\w)",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"(?:\bat\b|T|,)?\s*\b\d{1,2}[:.]\d\d(?::\d\d)?(?:\.\d+)?\s*(?:[ap]\.?m\.?)?\s*(?:Z\b|[A-Z]{2,5}\b|[+-]\d\d:?\d\d)?",
    re.IGNORECASE,
)
_DATE_TIME = re.compile(
    r"(\d{4}-\d\d-\d\d)[T ]\s*(\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(?:\s*(Z|[+-]\d\d(?::?\d\d)?))?\b", re.IGNORECASE
)
_PUBLISHED = re.compile(
    r"\W*(?:first\s+)?(?:published|posted|publication date|date|dated|issued|released)\b", re.IGNORECASE
)
_NOT_PUBLISHED = re.compile(
    r"(?:updated|modified|accessed|retrieved|printed|archived|edited)\W*(?:on|at)?\W*$", re.IGNORECASE
)

_LINES_LOOKED_AT = 12


def iso(value: str) -> str | None:
    """A date or date-time of ISO 8601, in the usual form, or None if it is none.

    >>> iso("2019-04-24"), iso("20190424"), iso("2019-04-24T10:00:00+10:00"), iso("2019-02-30")
    ('2019-04-24', '2019-04-24', '2019-04-24T10:00:00+10:00', None)
    """
    value = value.strip()
    if not re.match(r"\d{4}", value):
        return None
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        pass
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return value if re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d", value) else moment.isoformat()


def lenient(value: str | None) -> str | None:
    """The date in a metadata field as people write it: ISO 8601, "24 April 2019"; or None."""
    if value is None:
        return None
    if (exact := iso(value)) is not None:
        return exact
    if match := _DATE_TIME.match(value.strip()):
        day, time, zone = match.groups()
        return iso(f"{day}T{time}{(zone or '').upper()}")
    return next((found for found, _, _ in _dates(value)), None)


def published_in(text: str) -> str | None:
    """The date on a line of its own (or with a place, a byline, a "Published:") near the top of a text.

    A date inside a sentence tells of events, not of publication, and a date after "Updated" is too late.
    """
    lines = [line.strip() for line in text[:4000].split("\n") if line.strip()]
    for line in lines[:_LINES_LOOKED_AT]:
        if len(line) <= 120 and (found := _date_of_line(line)):
            return found
    return None


def is_date_line(line: str) -> bool:
    """Whether a line is there to say when (and perhaps where and by whom) an article was published."""
    return len(line) <= 120 and any(_says_when(line, start, end) for _, start, end in _dates(line))


def day_and_month(text: str) -> tuple[int, int] | None:
    """The day and month in "April 24" or "24 April", as (4, 24)."""
    if match := _DAY_AND_MONTH.search(text):
        return _month(match["m1"] or match["m2"]), int(match["d1"] or match["d2"])
    return None


def with_year(month_and_day: tuple[int, int] | None, year: int | None) -> str | None:
    """The ISO date of a day in a year, None where one is missing or there is no such day."""
    if month_and_day is None or year is None:
        return None
    return _valid(year, *month_and_day)


def first_date(text: str) -> str | None:
    """The first full date anywhere in a text."""
    return next((found for found, _, _ in _dates(text)), None)


def date_of_name(stem: str) -> tuple[str | None, str]:
    """The date at the beginning or end of a file's name, and the name without it.

    >>> date_of_name("2019-04-24-kim-arrives-by-train")
    ('2019-04-24', 'kim-arrives-by-train')
    """
    day = r"((?:17|18|19|20)\d\d)[-_.]?(\d\d)[-_.]?(\d\d)"
    for pattern in (rf"^{day}(?:T\d+)?(?:[^0-9A-Za-z]+|$)", rf"(?:^|[^0-9A-Za-z]+){day}$"):
        if (match := re.search(pattern, stem)) and (found := _valid(*map(int, match.groups()))):
            return found, stem[: match.start()] + stem[match.end() :]
    return None, stem


def year_of_name(stem: str) -> int | None:
    """The year in a file's name, if there is just one."""
    years = set(re.findall(r"(?<![0-9A-Za-z])((?:19|20)\d\d)(?![0-9A-Za-z])", stem.replace("_", "-")))
    return int(years.pop()) if len(years) == 1 else None


def _date_of_line(line: str) -> str | None:
    return next((found for found, start, end in _dates(line) if _says_when(line, start, end)), None)


def _says_when(line: str, start: int, end: int) -> bool:
    """Whether a line with a date at start:end is there for that date's sake."""
    before, after = line[:start], line[end:]
    if _NOT_PUBLISHED.search(before):
        return False
    if _PUBLISHED.match(before) or re.match(r"\W*by\s", before, re.IGNORECASE):
        return True
    rest = re.sub(WEEKDAY, " ", _TIME.sub(" ", f"{before} {after}"), flags=re.IGNORECASE)
    words = re.findall(r"[^\W\d_][\w'’.-]*", rest)
    return (
        len(words) <= 4
        and all(word[0].isupper() for word in words)
        and not rest.rstrip().endswith(("?", "!"))
    )


def _dates(text: str) -> list[tuple[str, int, int]]:
    """Every full date in a text, with where it stands."""
    found = []
    for match in _DATE.finditer(text):
        if match["y"]:
            day = _valid(int(match["y"]), int(match["m"]), int(match["d"]))
        elif match["y1"]:
            day = _valid(int(match["y1"]), _month(match["m1"]), int(match["d1"]))
        else:
            day = _valid(int(match["y2"]), _month(match["m2"]), int(match["d2"]))
        if day is not None:
            found.append((day, match.start(), match.end()))
    return found


def _month(name: str) -> int:
    return _MONTHS[name.lower().rstrip(".")]


def _valid(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat() if 1700 <= year <= 2100 else None
    except ValueError:
        return None
