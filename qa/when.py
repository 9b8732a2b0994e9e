"""Question, day of asking -> the days it speaks of: "who won on Sunday?" asked on a Tuesday is two days ago.

Takes a question in English as people type it and gives spans of days with the words that name them, so that a search
can prefer what was published then and leave the words out. A table: each row is a pattern and what it means. Knows
nothing of articles, and not what the question is about: "May" the minister, "Today" the paper and "Black Friday" are no
dates, so a word that may be a name must look like a date. Dates in quotation marks are titles.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from typing import Literal

from qa.records import Span

RECENT = timedelta(days=30)
"""How far back "recently", "the latest" and "now" reach."""

Kind = Literal["named", "relative", "recent"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """The days `first` to `last`, both included, that the question's `words` speak of.

    `kind` is "named" for what the calendar names (a date, a weekday, a month, a season, a year), "relative" for what is
    counted from the day of asking, "recent" for no more than "latest" or "now".
    """

    first: date
    last: date
    words: Span
    kind: Kind


def days_spoken_of(question: str, asked: date) -> tuple[Days, ...]:
    """The days that a question asked on the day `asked` speaks of, in the order of its words; mostly none or one.

    >>> friday = date(2025, 11, 7)
    >>> [(str(days.first), str(days.last)) for days in days_spoken_of("Who resigned this week?", friday)]
    [('2025-11-01', '2025-11-07')]
    >>> [str(days.last) for days in days_spoken_of("Did more rain fall in May or June 2024?", friday)]
    ['2024-05-31', '2024-06-30']
    >>> days_spoken_of("May I ask who won the 2026 World Cup?", friday)
    ()
    """
    text = _readable(question)
    matches = [(match, kind, meaning) for kind, row, meaning in _rows() for match in row.finditer(text)]
    matches.sort(
        key=lambda one: (one[0].start(), -one[0].end())
    )  # of two that overlap the first, longest counts
    found: list[tuple[Days, str]] = []  # with the preposition, which holds for what is joined to it, too
    for match, kind, meaning in matches:
        end = found[-1][0].words.end if found else 0
        own = (match["lead"] or "").lower()
        joined = bool(found) and own in _JOINING and not text[end : match.start()].strip(" ,")
        lead = found[-1][1] if joined else own
        if match.start() < end or lead in _UNTIL or (kind != "named" and _is_title(match)):
            continue
        said = _Said(match=match, asked=asked, lead=lead)
        try:
            span = meaning(said)
            first, last = _part(said["part"], *span) if span else (date.max, date.min)
        except (ValueError, OverflowError):  # no such day, or none that a calendar has
            continue
        if lead in ("since", "after"):
            last = max(last, asked)
        if first > last:
            continue
        words = Span(start=match.start("rest" if own in _JOINING else 0), end=match.end())
        days = Days(first=first, last=last, words=words, kind=kind)
        if joined and (own not in ("and", "or") or lead == "between") and found[-1][0].first <= last:
            whole = Span(start=found[-1][0].words.start, end=match.end())
            found[-1] = (replace(found[-1][0], last=last, words=whole), "")
        else:
            found.append((days, "" if said["until"] else lead))
    clear = [days for days, lead in found if lead != "between"]  # "between May and Corbyn" are no two months
    return tuple(days for days in clear if days.kind != "recent") or tuple(clear)


# What stands before a time, and what joins two.
_UNTIL = ("before", "until", "till", "by")  # no span: all that is older
_JOINING = ("and", "or", "to", "through", "until", "till", "-", "–", "—")
_WITH_MONTH = ("in", "during", "throughout", "since", "from", "between")
_WITH_YEAR = (*_WITH_MONTH, "of", "after")
_WITH_SEASON = ("in", "during", "throughout", "over", "since")
_WITH_WEEKDAY = ("on", "since", "after", "from", "between")
_LEAD = "in|on|at|of|for|from|over|during|throughout|within|since|after|between|before|until|till|by|to|through|and|or"
_PARTS = {"early": 0, "beginning": 0, "start": 0, "mid": 1, "middle": 1, "late": 2, "end": 2}
_FREE = re.compile(
    r"\s?(?:[^\w\s]|$)|\s(?:in|at|on|and|or|to|when|with|for|by|during|between|until)\b", re.IGNORECASE
)
_BEFORE_A_NAME = set(  # "Black Friday", "every Friday", "the Mail on Sunday"
    "ash black blue bloody casual cyber easter fat freaky giving good holy manic maundy palm ruby sheffield shrove "
    "super taco whit a any each every girl in mail man most one per some what which".split()
)
_QUOTED = re.compile(
    r"\"[^\"]{0,200}\"|“[^“”]{0,200}”|«[^«»]{0,200}»|‘[^‘]{0,200}?’(?!\w)|(?<!\w)'[^'\n]{0,200}'(?!\w)"
)

# Names and numbers. In a pattern a blank is any space, and " ?" may be none.
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH = (
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_WEEKDAYS = "mon tue wed thu fri sat sun".split()
_WEEKDAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)"
_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
_QUARTERS = {"first": 0, "second": 1, "third": 2, "fourth": 3, "q1": 0, "q2": 1, "q3": 2, "q4": 3}
_IN_DAYS = {"day": 1, "week": 7, "fortnight": 14}
_IN_MONTHS = {"month": 1, "year": 12, "decade": 120}
_ONE_TO_TWELVE = "one two three four five six seven eight nine ten eleven twelve".split()
_NUMBERS = {word: (number, number) for number, word in enumerate(_ONE_TO_TWELVE, 1)}  # at least, at most
_NUMBERS |= {"a": (1, 1), "an": (1, 1), "couple": (2, 3), "few": (2, 5), "several": (3, 7)}
_NUMBER = rf"(?:(?:a )?(?P<number>[0-9]{{1,4}}|{'|'.join(sorted(_NUMBERS, reverse=True))})(?: of)?)"
_UNIT = "|".join((*_IN_DAYS, *_IN_MONTHS))
_WHICH = r"(?:(?P<which>last|next|this past|this coming|this|past|coming) )"
_TH = r"(?:st|nd|rd|th|\.)?"
_DAY = rf"(?P<day>[0-9]{{1,2}}){_TH}(?: ?(?:-|–|to|and) ?(?P<until>[0-9]{{1,2}}){_TH})?"
_Y = "(?:1[6-9]|20)[0-9][0-9]"
_YEAR = rf"(?:,? (?:of |in )?(?P<year>{_Y}|(?:this|last) year)\b)"
_YEAR_OR_LATER = (  # "May and June 2025", "3 May to 2 June 2025"; not "May 1505"
    rf"(?:{_YEAR}|(?=,? ?(?:and|or|to|through|until|till|-|–|—) ?(?:[0-9]{{1,2}}{_TH} (?:of )?)?"
    rf"(?:{_MONTH})\b\.?(?: [0-9]{{1,2}}{_TH})?,? (?P<later>{_Y})\b)|(?! [0-9]))"
)

_Bounds = tuple[date, date]


@dataclass(frozen=True, slots=True)
class _Said:
    """Words that a row of the table found, the day of asking, and the preposition before the words, or ""."""

    match: re.Match[str]
    asked: date
    lead: str

    def __getitem__(self, group: str) -> str:
        """What a group of the row's pattern found, in small letters; "" if nothing, or if it has no such group."""
        return (self.match.groupdict().get(group) or "").lower()

    @property
    def which(self) -> str:
        """One of "last", "this", "next" and ""; "this past" is last, "this coming" next."""
        word = self["which"].rpartition(" ")[2]
        return {"past": "last", "coming": "next"}.get(word, word)

    @property
    def number(self) -> tuple[int, int]:
        """At least, at most."""
        word = self["number"] or "few"
        return (int(word), int(word)) if word.isdecimal() else _NUMBERS[word]

    @property
    def month(self) -> int:
        """From 1."""
        return _MONTHS.index(self["month"][:3]) + 1

    @property
    def year(self) -> int | None:
        """The one that is named, or this or last year."""
        words = self["year"] or self["later"]
        if words.startswith(("this", "last")):
            return self.asked.year - words.startswith("last")
        return int(words) if words else None

    @property
    def stands_free(self) -> bool:
        """Whether no noun comes next: "on 3 May", not "the September 11 attacks"."""
        return _FREE.match(self.match.string, self.match.end()) is not None


_Meaning = Callable[[_Said], _Bounds | None]


def _row(pattern: str) -> re.Pattern[str]:
    """A row's pattern with what may stand around it. Blanks are bounded, so that no search is slow."""
    around = (
        rf"(?:(?P<lead>[-–—]|(?<![\w'’-])(?:{_LEAD})\b) ?)?(?P<rest>(?<!\w)(?<![0-9][.,/])(?P<the>the )?"
        r"(?:(?:earlier|later|so far) |(?P<part>early|mid|late|(?:beginning|start|middle|end) of)(?: |-)(?:the )?)?"
        rf"(?P<core>{pattern})(?:['’]s)?)(?!\w)"
    )
    return re.compile(around.replace(" ?", r"\s{0,3}").replace(" ", r"\s{1,3}"), re.IGNORECASE)


def _readable(question: str) -> str:
    """As long as the question, without what is quoted (unless all is) or written in letters that no row has."""
    whole = question.strip()
    text = _QUOTED.sub(lambda title: title[0] if title[0] == whole else "_" * len(title[0]), question)
    return re.sub(r"[^\W\x00-\x7f]", "_", text)


def _is_title(match: re.Match[str]) -> bool:
    """Whether words that are written small have a capital amid small words: "USA Today", "Last Night in Soho"."""
    text, start = match.string, match.start("core")
    before = text[max(0, start - 20) : start].rstrip()
    if not text[start].isupper() or not before or before[-1] in ".?!:;" or not re.search(r"\b[a-z]{4}", text):
        return False
    return text[start + 1].islower() or before[-1].isupper()


def _part(name: str, first: date, last: date) -> _Bounds:
    """The early, middle or late third of a span."""
    days = (last - first).days + 1
    if not name or days < 3:
        return first, last
    third = _PARTS[name.split()[0]]
    return first + timedelta(days * third // 3), first + timedelta(days * (third + 1) // 3 - 1)


def _months(year: int, month: int, count: int = 1) -> _Bounds:
    """So many whole months; month 0 is December of the year before."""
    first, after = year * 12 + month - 1, year * 12 + month - 1 + count
    return date(first // 12, first % 12 + 1, 1), date(after // 12, after % 12 + 1, 1) - timedelta(1)


def _back(asked: date, unit: str, number: int) -> date:
    """The day that was so many units ago; 31 March less a month is the last day of February."""
    if unit in _IN_DAYS:
        return asked - timedelta(_IN_DAYS[unit] * number)
    first, last = _months(asked.year, asked.month - _IN_MONTHS[unit] * number)
    return min(last, first + timedelta(asked.day - 1))


def _whole(unit: str, day: date) -> _Bounds:
    """The day, the week from Monday to Sunday, the month or the year that a day is in."""
    if unit in _IN_MONTHS:
        return _months(day.year, day.month) if unit == "month" else _months(day.year, 1, 12)
    monday = day - timedelta(day.weekday())
    return (day, day) if unit == "day" else (monday, monday + timedelta(6))


def _near(first: int, last: int) -> _Meaning:
    """So many days from the day of asking."""
    return lambda said: (said.asked + timedelta(first), said.asked + timedelta(last))


def _recent(said: _Said) -> _Bounds | None:
    """Not "two weeks from now", "at the latest"."""
    return None if said.lead in ("from", "at") else (said.asked - RECENT, said.asked)


def _ago(said: _Said) -> _Bounds:
    """The whole day, week, month or year in which it was."""
    unit, (least, most) = said["unit"], said.number
    return _whole(unit, _back(said.asked, unit, most))[0], _whole(unit, _back(said.asked, unit, least))[1]


def _this(said: _Said) -> _Bounds:
    """The week is the seven days up to now: on a Sunday all since Monday, on a Monday most of the week before."""
    unit = said["unit"]
    return (said.asked - timedelta(6), said.asked) if unit == "week" else _whole(unit, said.asked)


def _last(said: _Said) -> _Bounds | None:
    """What "last week" names is a whole one, from Monday; "the last week" and "the last 3 weeks" run up to now."""
    which, unit, counted = said["which"], said["unit"], said["number"] or said["plural"]
    if not counted and which == "last" and not said["the"] and unit in ("week", "month", "year"):
        return _whole(unit, _back(said.asked, unit, 1))
    if not counted and (which == "recent" or unit in ("day", "hour")):
        return None
    if which == "last" and not said["the"] and not said.lead:  # "will the truce last two weeks?"
        return None
    most = said.number[1] if counted else 1
    if unit == "hour":
        unit, most = "day", -(-most // 24)
    return _back(said.asked, unit, most), said.asked


def _weekend(said: _Said) -> _Bounds | None:
    """The latest that has begun; on a Friday "this" is the one that comes, on a Saturday "last" is the one before."""
    which, weekday = said.which, said.asked.weekday()
    if which == "next" or not (which or said["the"]):
        return None
    weeks = (which == "this" and weekday == 4) - (which == "last" and weekday > 4)
    saturday = said.asked + timedelta(7 * weeks - (weekday - 5) % 7)
    return saturday, saturday + timedelta(1)


def _on_weekday(said: _Said) -> _Bounds | None:
    """The latest, today included; "last" is before today; "this" is the one from Monday to Sunday around today."""
    text, start, end = said.match.string, *said.match.span()
    found = re.search(r"\w+(?=\s$)", text[max(0, start - 20) : start])
    before = found[0] if found else ""
    if said.which == "next" or said.lead == "in" or before.lower() in _BEFORE_A_NAME:
        return None
    if said["the"] and not said["full"]:  # "on the sun"
        return None
    if not said.which and said.lead not in _WITH_WEEKDAY:
        inside = before[:1].isupper() and start > len(before) + 1  # "eat on Taco Friday", not "Did Friday"
        if inside or not said["full"] or re.match(r"\s[A-Z][a-z]", text[end : end + 3]):
            return None
    number, last = _WEEKDAYS.index(said["weekday"][:3]), said.which == "last"
    day = said.asked - timedelta((said.asked.weekday() - number - last) % 7 + last)
    if said.which == "this" or said["week"]:
        day = _whole("week", said.asked)[0] + timedelta(number - 7 * (said["week"] == "last"))
    return day, day


def _in_month(said: _Said) -> _Bounds | None:
    """The latest that has begun, if there is no year; "last" is before this month; "may" and "march" are also verbs."""
    which, year, number = said.which, said.year, said.month
    verb = said.match["month"] in ("may", "march")
    if year is None:
        if which == "next" or (verb and (which == "this" or (which and said["the"]))):
            return None
        if not which and said.lead not in _WITH_MONTH and (verb or not said["part"]):
            return None
        year = said.asked.year - (which != "this" and number > said.asked.month - (which == "last"))
    return _months(year, number)


def _on_date(said: _Said) -> _Bounds | None:
    """The latest, if there is no year; "the September 11 attacks" is a name then."""
    month, year = said.month, said.year
    first, last = int(said["day"]), int(said["until"] or said["day"])
    if year is not None:
        return date(year, month, first), date(year, month, last)
    name = said["the"] and not said["core"][0].isdecimal()
    if name or (said.lead != "on" and not said.stands_free):
        return None
    year = said.asked.year - ((month, first) > (said.asked.month, said.asked.day))
    return date(year, month, first), date(year, month, last)


def _in_figures(said: _Said) -> _Bounds | None:
    """2025-02-03; 3.2.2025; 13/02/2025 and 02/13/2025, but not 03/02/2025, of which nobody knows the month."""
    one, two, three = (int(figure) for figure in re.findall("[0-9]+", said["core"]))
    if said["mark"] == "/" and one <= 12 and two <= 12 and one != two:
        return None
    month_first = said["mark"] == "/" and two > 12
    day = (
        date(three, one, two)
        if month_first
        else date(three, two, one)
        if said["mark"]
        else date(one, two, three)
    )
    return day, day


def _in_year(said: _Said) -> _Bounds | None:
    """A number after "in" and its like; in "the 2026 World Cup" it is a name."""
    loose = said.lead in ("of", "from", "after") and not said.stands_free
    start = said.match.start("core")
    the = said.match.string[max(0, start - 6) : start].lower().rstrip().endswith("the")
    if the or (not said["part"] and (said.lead not in _WITH_YEAR or loose)):
        return None
    return _months(int(said["year"]), 1, 12)


def _in_season(said: _Said) -> _Bounds | None:
    """Of the north. The latest that has begun, "last" one that is over; a winter is called after its December.

    But "the winter of 2025" of which one speaks in that year's spring was in its January.
    """
    which, given, month = said.which, said.year, _SEASONS[said["season"]]
    if which == "next" or not (given or which or (said["the"] and said.lead in _WITH_SEASON)):
        return None
    year = given or said.asked.year
    if (given or which == "this") and month != 12:
        return _months(year, month, 3)
    spans = (_months(year - years, month, 3) for years in range(3))
    over = which == "last"
    return next((span for span in spans if (span[1] < said.asked if over else span[0] <= said.asked)), None)


def _in_quarter(said: _Said) -> _Bounds | None:
    return _months(said.year, 1 + 3 * _QUARTERS[said["nth"]], 3) if said.year else None


_WORDS: dict[str, _Meaning] = {
    "todays?|tonight|this (?:morning|afternoon|evening)": _near(0, 0),
    "yesterdays?(?: (?:morning|afternoon|evening))?": _near(-1, -1),
    "last (?:night|evening)|yesterday night|overnight": _near(-1, 0),
    "day before yesterday": _near(-2, -2),
    "tomorrow(?: (?:morning|afternoon|evening|night))?": _near(1, 1),
    "day after tomorrow": _near(2, 2),
    "this (?P<unit>week|month|year)": _this,
    rf"(?P<which>last|past|previous|recent) (?:{_NUMBER} )?(?P<unit>hour|{_UNIT})(?P<plural>s)?(?! of\b)": _last,
    rf"(?<!half\s){_NUMBER} (?P<unit>{_UNIT})s? ago": _ago,
    rf"{_WHICH}?weekend": _weekend,
}
_CALENDAR: dict[str, _Meaning] = {
    rf"{_WHICH}?(?P<weekday>{_WEEKDAY})(?P<full>day)?\b(?: (?:morning|afternoon|evening|night))?"
    r"(?:,? (?:of )?(?P<week>this|last) week)?"
    rf"(?! (?:of|in (?:{_MONTH})|live|fever|lights|times|telegraph|the 13th)\b)": _on_weekday,
    rf"{_WHICH}?(?P<month>{_MONTH})\b\.?{_YEAR_OR_LATER}(?! (?:day|madness)\b)": _in_month,
    rf"(?:{_WEEKDAY}(?:day)?,? (?:the )?)?{_DAY} (?:of )?(?P<month>{_MONTH})\b\.?{_YEAR_OR_LATER}": _on_date,
    rf"(?:{_WEEKDAY}(?:day)?,? )?(?P<month>{_MONTH})\b\.? {_DAY}{_YEAR_OR_LATER}": _on_date,
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?!-)|[0-9]{1,2}(?P<mark>[/.])[0-9]{1,2}(?P=mark)[0-9]{4}": _in_figures,
    rf"(?:year )?(?P<year>{_Y})(?!-[0-9]{{1,2}}\b|[/.,][0-9]|['’]s| (?-i:[A-Z]))": _in_year,
    rf"{_WHICH}?(?P<season>{'|'.join(_SEASONS)}){_YEAR}?(?! (?:[0-9]|of|(?:para|o)lympics?|games|world)\b)": _in_season,
    rf"(?P<nth>{'|'.join(_QUARTERS)})(?:(?<=[1-4])| quarter){_YEAR}": _in_quarter,
}
_NOW = "right now|now(?! that)|nowadays|these days|currently|at the moment|lately|(?:most )?recent(?:ly)?|latest|newest"


@cache
def _rows() -> list[tuple[Kind, re.Pattern[str], _Meaning]]:
    """The table, compiled when it is first needed: that takes longer than to import this file."""
    return [
        *(("relative", _row(words), meaning) for words, meaning in _WORDS.items()),
        *(("named", _row(words), meaning) for words, meaning in _CALENDAR.items()),
        ("recent", _row(_NOW), _recent),
    ]
