"""Small things in words: days, numbers of things, the sentences of errors. Knows no time zones, HTML or records."""

from __future__ import annotations

from datetime import datetime

_MONTHS = ("January February March April May June July August September October November December").split()


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


def sentence(text: str) -> str:
    """What an error says, as a sentence that stands alone.

    >>> sentence("the question is empty: type what you want to know")
    'The question is empty: type what you want to know.'
    >>> sentence("openai:gpt-5 is not there")  # a name stays as it is spelt
    'openai:gpt-5 is not there.'
    """
    text = text.strip()
    end = "" if not text or text.endswith((".", "!", "?", ":", "…")) else "."
    first = text[:1].upper() if text.partition(" ")[0].isalpha() else text[:1]
    return f"{first}{text[1:]}{end}"


def many(number: int, thing: str) -> str:
    """A number of things.

    >>> many(1, "article"), many(2140, "article")
    ('1 article', '2,140 articles')
    """
    return f"1 {thing}" if number == 1 else f"{number:,} {thing}s"
