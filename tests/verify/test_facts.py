"""Numbers, names, days, words and frames of sentences, as they are compared."""

from __future__ import annotations

from datetime import date

import pytest

from qa.verify.claims import statement
from qa.verify.days import days, named, published_on
from qa.verify.names import holds, names, vocabulary
from qa.verify.numbers import numbers, stated
from qa.verify.words import opposed, stem, words

PUBLISHED = date(2019, 4, 26)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("two thousand three hundred and five", [2305]),
        ("2,000 of 1.4m, £3bn and 40%", [2000, 1.4e6, 3e9, 40]),
        ("twenty-one and thirty", [21, 30]),
        ("a dozen in the third week", [12, 3]),
        ("half of the 15th", [0.5, 15]),
        ("2 million five hundred thousand", [2.5e6]),
        ("2019 2020", [2019, 2020]),
        ("nobody", []),
    ],
)
def test_numbers(text: str, values: list[float]) -> None:
    assert [one.value for one in numbers(text)] == values


@pytest.mark.parametrize(
    ("claim", "text", "same"),
    [
        ("two thousand men", "2,000 men", True),
        ("more than 300 ships", "321 ships", True),
        ("300 ships", "321 ships", False),
        ("about 300 ships", "400 ships", False),
        ("1.5 million", "1,500,000", True),
    ],
)
def test_stated(claim: str, text: str, same: bool) -> None:
    assert (stated(numbers(claim)[0], numbers(text)) is not None) == same


@pytest.mark.parametrize(
    ("word", "text", "held"),
    [
        ("kim", "Kim Jong Un arrived", True),
        ("russia", "the Russian port", True),
        ("russia", "the Prussian port", False),
        ("eu", "the European Union", True),
        ("us", "American troops", True),
        ("ioc", "the International Olympic Committee", True),
        ("iran", "Iraq", False),
        ("austria", "Australia", False),
    ],
)
def test_names(word: str, text: str, held: bool) -> None:
    assert holds(word, vocabulary(text)) == held


def test_names_are_found_without_titles_and_days() -> None:
    found = names("On Friday Mr Kim and President Vladimir Putin met. Later they ate. Officials left.")
    assert [(one.words, one.sure) for one in found] == [
        (("kim",), True),
        (("vladimir", "putin"), True),
        (("officials",), False),
    ]


@pytest.mark.parametrize(
    ("claim", "text", "same"),
    [
        ("on 25 April 2019", "on Thursday", True),
        ("on April 25", "on 25 April", True),
        ("in April 2019", "on Thursday", True),
        ("on Wednesday", "on Thursday", False),
        ("on Thursday", "in April", False),
        ("yesterday", "on Thursday", True),
    ],
)
def test_days(claim: str, text: str, same: bool) -> None:
    said = days(f"They met {claim}.", PUBLISHED)[0]
    assert named(said, days(f"They met {text}.", PUBLISHED)) == same


def test_without_a_day_of_publication_the_year_is_the_one_that_is_named() -> None:
    assert published_on(None, "in 2015", "in 2017") == date(2017, 12, 31)
    assert published_on("2019-04-25T10:00:00Z") == date(2019, 4, 25)


def test_denials_reach_to_the_end_of_the_clause() -> None:
    denied = [word.text for word in words("It did not rain on Sunday, but snow fell.") if word.denied]
    assert denied == ["rain", "on", "sunday"]


def test_opposites() -> None:
    assert opposed({stem("prices"), stem("rose")}, {stem("prices"), stem("fell")})
    assert not opposed({stem("rose"), stem("fell")}, {stem("fell")})


@pytest.mark.parametrize(
    ("sentence", "claimed"),
    [
        ("Here is a summary:", None),
        ("I hope this helps!", None),
        ("When did Kim leave?", None),
        ("The provided passages do not mention when Kim left.", None),
        ("I could not find this in the articles.", None),
        ("No information is given about his wife.", None),
        ("**", None),
        ("The articles do not say, but Kim was killed.", "The articles do not say, but Kim was killed."),
        ("I hope this helps, and Kim was killed.", "I hope this helps, and Kim was killed."),
        ("Based on the provided passages, Kim left.", "Kim left."),
        ("Yes, **Kim** left.", "Kim left."),
        ("Thursday.", "Thursday."),
        ("It did not rain on Sunday.", "It did not rain on Sunday."),
        ("It did not provide details.", "It did not provide details."),
        ("There is no mention of a deal in the articles.", None),
        ("They were not told the reason.", "They were not told the reason."),
        ("There was no agreement on sanctions.", "There was no agreement on sanctions."),
    ],
)
def test_what_a_sentence_claims(sentence: str, claimed: str | None) -> None:
    assert statement(sentence) == claimed
