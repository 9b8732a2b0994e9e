"""Which days a question speaks of, exactly, and which words are no dates at all."""

from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from qa.when import Days, days_spoken_of

FRIDAY = date(2025, 11, 7)


def _spoken(question: str, asked: date = FRIDAY) -> str:
    """The spans as text: "2025-05-01..2025-05-31", one day alone, several with a blank between."""
    spans = [(str(days.first), str(days.last)) for days in days_spoken_of(question, asked)]
    return " ".join(first if first == last else f"{first}..{last}" for first, last in spans)


RELATIVE = {
    "What happened today?": "2025-11-07",
    "what are todays headlines": "2025-11-07",
    "Who speaks tonight?": "2025-11-07",
    "what did he say this morning": "2025-11-07",
    "Who won yesterday?": "2025-11-06",
    "WHO WON YESTERDAY": "2025-11-06",
    "Who won yesterday's match?": "2025-11-06",
    "Who won last night?": "2025-11-06..2025-11-07",
    "Who came the day before yesterday?": "2025-11-05",
    "Who arrives tomorrow?": "2025-11-08",
    "Which minister resigned this week?": "2025-11-01..2025-11-07",
    "What was this week’s storm called?": "2025-11-01..2025-11-07",
    "Who resigned last week?": "2025-10-27..2025-11-02",
    "Who resigned late last week?": "2025-10-31..2025-11-02",
    "Who resigned in the past week?": "2025-10-31..2025-11-07",
    "Who resigned over the last week?": "2025-10-31..2025-11-07",
    "What happened in the last 3 days?": "2025-11-04..2025-11-07",
    "What happened within the past 48 hours?": "2025-11-05..2025-11-07",
    "What happened in the last two weeks?": "2025-10-24..2025-11-07",
    "What happened in the last couple of months?": "2025-08-07..2025-11-07",
    "What has changed in recent weeks?": "2025-10-03..2025-11-07",
    "What has changed over the past decade?": "2015-11-07..2025-11-07",
    "Who fled 4 days ago?": "2025-11-03",
    "Who fled a few days ago?": "2025-11-02..2025-11-05",
    "Who fled a week ago?": "2025-10-27..2025-11-02",
    "Who fled three weeks ago?": "2025-10-13..2025-10-19",
    "Who fled a fortnight ago?": "2025-10-20..2025-10-26",
    "Who fled two months ago?": "2025-09-01..2025-09-30",
    "Who fled 10 years ago?": "2015-01-01..2015-12-31",
    "Who was elected this month?": "2025-11-01..2025-11-30",
    "Who was elected last month?": "2025-10-01..2025-10-31",
    "Who was elected in the last month?": "2025-10-07..2025-11-07",
    "Who was elected earlier this year?": "2025-01-01..2025-12-31",
    "Who was elected last year?": "2024-01-01..2024-12-31",
    "Who was elected late last year?": "2024-09-01..2024-12-31",
    "Who has won since yesterday?": "2025-11-06..2025-11-07",
    "Who plays this weekend?": "2025-11-08..2025-11-09",
    "Who won last weekend?": "2025-11-01..2025-11-02",
    "Who won at the weekend?": "2025-11-01..2025-11-02",
}
NAMED = {
    "Who won on Wednesday?": "2025-11-05",
    "who won on wed": "2025-11-05",
    "Who won Wednesday night's debate?": "2025-11-05",
    "Did Wednesday's vote pass?": "2025-11-05",
    "Who won on Friday?": "2025-11-07",
    "Who won last Friday?": "2025-10-31",
    "Who won on Saturday?": "2025-11-01",
    "Who plays this Sunday?": "2025-11-09",
    "Who won on Monday last week?": "2025-10-27",
    "What happened in May?": "2025-05-01..2025-05-31",
    "what happened in may": "2025-05-01..2025-05-31",
    "What happened in December?": "2024-12-01..2024-12-31",
    "What happened in November?": "2025-11-01..2025-11-30",
    "What happened last November?": "2024-11-01..2024-11-30",
    "What happened in May 2024?": "2024-05-01..2024-05-31",
    "What did the May 2024 vote decide?": "2024-05-01..2024-05-31",
    "What happened in Sept. 2024?": "2024-09-01..2024-09-30",
    "What happened in March of last year?": "2024-03-01..2024-03-31",
    "What happened in early May?": "2025-05-01..2025-05-10",
    "What happened in mid-May?": "2025-05-11..2025-05-20",
    "What happened late May?": "2025-05-21..2025-05-31",
    "What happened at the end of May 2024?": "2024-05-21..2024-05-31",
    "Who met on 3 February 2025?": "2025-02-03",
    "Who met on Monday, February 3rd, 2025?": "2025-02-03",
    "Who met on the 3rd of February 2025?": "2025-02-03",
    "Who met on Feb. 3?": "2025-02-03",
    "Who met on 24 December?": "2024-12-24",
    "Who met on 2025-02-03?": "2025-02-03",
    "Who met on 13/02/2025?": "2025-02-13",
    "Who met on 2/13/2025?": "2025-02-13",
    "Who met on 31 February 2025?": "2025-02-01..2025-02-28",
    "Who met on 3.2.2025?": "2025-02-03",
    "Who won on the last Sunday in March 2025?": "2025-03-01..2025-03-31",
    "Who met on 29 February 2024?": "2024-02-29",
    "Who met from 3 to 5 February 2025?": "2025-02-03..2025-02-05",
    "Who met between 30 January and 2 February 2024?": "2024-01-30..2024-02-02",
    "Who won in 2019?": "2019-01-01..2019-12-31",
    "Who won the elections of 2019?": "2019-01-01..2019-12-31",
    "Who won in early 2024?": "2024-01-01..2024-05-01",
    "Who has won since 2020?": "2020-01-01..2025-11-07",
    "Who ruled from 2019 to 2021?": "2019-01-01..2021-12-31",
    "Who ruled between 2019 and 2021?": "2019-01-01..2021-12-31",
    "Who won in 2019 and 2021?": "2019-01-01..2019-12-31 2021-01-01..2021-12-31",
    "Did it rain more in May or June 2024?": "2024-05-01..2024-05-31 2024-06-01..2024-06-30",
    "Did more come in May 2024 than in May 2025?": "2024-05-01..2024-05-31 2025-05-01..2025-05-31",
    "Who came last summer?": "2025-06-01..2025-08-31",
    "Who came in the summer of 2024?": "2024-06-01..2024-08-31",
    "Who came in the winter?": "2024-12-01..2025-02-28",
    "What was earned in the first quarter of 2025?": "2025-01-01..2025-03-31",
    "What was earned in Q4 2024?": "2024-10-01..2024-12-31",
}
RECENT = ["Who is president now?", "What is the latest on the strike?", "Which laws changed recently?"]
NONE = [
    "",
    "Who won the 2026 World Cup?",
    "Who plays in 2026 World Cup matches?",
    "What is the fine of 2000 euros for?",
    "What happened before 2019?",
    "What must be done by Friday?",
    "Who resigns next week?",
    "Who plays next Friday?",
    "What sold best on Black Friday?",
    "what sold best on good friday",
    "Who died on Bloody Sunday?",
    "Who began Ash Wednesday?",
    "Who plays for Sheffield Wednesday?",
    "Who owns the Mail on Sunday?",
    "Who owns the Sunday Times?",
    "What is closed every Monday?",
    "What may happen?",
    "May I ask who won?",
    "How late may I stay?",
    "What did Theresa May say?",
    "How do May and Corbyn differ?",
    "What is the difference between May and Corbyn?",
    "Why did they march?",
    "How far did they march 5 miles out?",
    "Who planned the September 11 attacks?",
    "Did the sun set, and who sat?",
    "Who met on 03/02/2025?",
    "Who died in the September 11 attacks?",
    "Will the truce last two weeks?",
    "Where did Luther go on 17 July 1505?",
    "What was worn in the 1980's?",
    "Who was traded at the start of the 2015 season?",
    "What stands on the sun?",
    "What is On the Sunday of Life?",
    "Who reads USA Today?",
    "Who wrote the song Yesterday?",
    "Who starred in Last Night in Soho?",
    "Who wrote “Last Summer”?",
    'What is "Yesterday" about?',
    "What is 'In May 2025' about?",
    "Who lived 99999999 years ago?",
    "Who lived 9999 years ago?",
    "Who lived 1,000 years ago?",
    "Who lived half a year ago?",
    "Who died in the last days of Pompeii?",
    "Who won gold at the last Winter Olympics?",
    "Who saw the fall of Saigon in the fall of Rome?",
    "What will be there two weeks from now?",
    "When is it due at the latest?",
    "What does the second statement say?",
    "Who won in May²?",
    "Who met ٣ weeks ago?",
]


@pytest.mark.parametrize(("question", "days"), [*RELATIVE.items(), *NAMED.items()])
def test_days(question: str, days: str) -> None:
    assert _spoken(question) == days


@pytest.mark.parametrize("question", NONE)
def test_no_days(question: str) -> None:
    assert _spoken(question) == ""


@pytest.mark.parametrize("question", RECENT)
def test_recent_is_the_last_month_or_so(question: str) -> None:
    (days,) = days_spoken_of(question, FRIDAY)
    assert (days.first, days.last, days.kind) == (date(2025, 10, 8), FRIDAY, "recent")


def test_recent_yields_to_what_is_clearer() -> None:
    assert _spoken("What is the latest news of May 2024?") == "2024-05-01..2024-05-31"


@pytest.mark.parametrize(
    ("questions", "kind"), [(list(RELATIVE), "relative"), (list(NAMED), "named"), (RECENT, "recent")]
)
def test_kind(questions: list[str], kind: str) -> None:
    wrong = [one for one in questions if {days.kind for days in days_spoken_of(one, FRIDAY)} != {kind}]
    assert wrong == []


@pytest.mark.parametrize(
    ("asked", "question", "days"),
    [
        ("2025-11-03", "Who won this week?", "2025-10-28..2025-11-03"),  # a Monday
        ("2025-11-09", "Who won this week?", "2025-11-03..2025-11-09"),  # a Sunday
        ("2025-11-09", "Who won last week?", "2025-10-27..2025-11-02"),
        ("2026-01-01", "Who won last week?", "2025-12-22..2025-12-28"),
        ("2026-01-01", "Who won yesterday?", "2025-12-31"),
        ("2026-01-01", "Who won last month?", "2025-12-01..2025-12-31"),
        ("2026-01-01", "Who won 13 months ago?", "2024-12-01..2024-12-31"),
        ("2026-01-01", "Who won in December?", "2025-12-01..2025-12-31"),
        ("2026-01-01", "Who won in January?", "2026-01-01..2026-01-31"),
        ("2026-01-01", "Who won last January?", "2025-01-01..2025-01-31"),
        ("2026-01-01", "Who won this winter?", "2025-12-01..2026-02-28"),
        ("2026-01-01", "Who won last winter?", "2024-12-01..2025-02-28"),
        ("2025-03-01", "Who won in the winter of 2025?", "2024-12-01..2025-02-28"),
        ("2024-03-31", "Who won in the last month?", "2024-02-29..2024-03-31"),
        ("2024-02-29", "Who won in the last year?", "2023-02-28..2024-02-29"),
        ("2025-11-10", "Who won this weekend?", "2025-11-08..2025-11-09"),  # a Monday
        ("2025-11-08", "Who won last weekend?", "2025-11-01..2025-11-02"),  # a Saturday
        ("0001-01-01", "Who won yesterday?", ""),
        ("9999-12-31", "Who wins tomorrow?", ""),
    ],
)
def test_days_near_a_border(asked: str, question: str, days: str) -> None:
    assert _spoken(question, date.fromisoformat(asked)) == days


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Which minister resigned this week?", ["this week"]),
        ("What was this week’s storm called?", ["this week’s"]),
        ("Who won in early May 2024, and why?", ["in early May 2024"]),
        ("Who met on Monday, 3 February 2025?", ["on Monday, 3 February 2025"]),
        ("Who fell from May to July 2024?", ["from May to July 2024"]),
        ("Did it rain in May or June 2024?", ["in May", "June 2024"]),
        ("Who spoke to Kim and yesterday to Lee?", ["yesterday"]),
        ("Wer «İ» and what happened today 🌍?", ["today"]),
    ],
)
def test_words(question: str, words: list[str]) -> None:
    spans = [days.words for days in days_spoken_of(question, FRIDAY)]
    assert [question[span.start : span.end] for span in spans] == words


def test_a_question_that_is_quoted_whole_is_a_question() -> None:
    assert _spoken('"Who won yesterday?"') == "2025-11-06"


WORDS = (
    "the in on last this next past early mid end of 3 31 2025 99999 a few days weeks years ago May march Sat sunday's "
    "and to - between since until , . ? \" ' “ ” İ ſ K now latest winter Q1 first quarter 2025-02-30 13/02/9999 weekend"
).split(" ")


@given(
    st.text() | st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join),
    st.dates(),
)
@example("in may", date.min)
@example("last sunday to the last decade", date.max)
def test_any_text_on_any_day(question: str, asked: date) -> None:
    found = days_spoken_of(question, asked)
    assert all(isinstance(days, Days) and days.first <= days.last for days in found)
    borders = [border for days in found for border in (days.words.start, days.words.end)]
    assert borders == sorted(borders)
    assert all(0 <= border <= len(question) for border in borders)
    assert all(days.words.start < days.words.end for days in found)


@pytest.mark.parametrize(
    "hostile",
    [
        " ",
        "in the ",
        "in" + " " * 50,
        "may ",
        "1",
        "last ",
        '"',
        "“",
        "‘'",
        "3 to ",
        "a few ",
        "and - ",
        "2025-",
        "the ",
    ],
)
def test_no_text_is_slow(hostile: str) -> None:
    started = time.process_time()
    days_spoken_of(hostile * (20_000 // len(hostile)), FRIDAY)
    assert time.process_time() - started < 10  # the slowest takes half a second, a slow expression hours
