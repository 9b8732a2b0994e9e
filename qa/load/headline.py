"""A title for an article that names none: its headline, else its file's name, else its opening words.

Reads what a text looks like, line by line; understands nothing of what it says.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from qa.load.dates import MONTH, WEEKDAY, date_of_name, is_date_line
from qa.load.words import shorten, single_line

MAX_TITLE = 300
_MAX_HEADLINE = 160
_MAX_OPENING = 80

_BULLET = re.compile(r"^\s*(?:[•‣▪●◦*·–—-]|\d{1,2}[.)])\s")
_BYLINE = re.compile(r"by\s+[A-Z]", re.IGNORECASE)
_SENTENCE_ENDS = (*".!?。！？…", ":")
_STOPS = (".", ",", ";", ":", "。", "、", "：")
_LABELS = frozenset(
    {
        *("in summary", "summary", "in brief", "in short", "key points", "highlights", "story highlights"),
        *("at a glance", "read more", "related stories", "exclusive", "breaking", "breaking news"),
        *("analysis", "opinion", "comment", "editorial", "live", "live updates"),
    }
)

_NAME = r"[^\W\d_a-zß-ÿ][\w.'’-]*"
_PLACE = rf"{_NAME}(?:[ /]+{_NAME}){{0,3}}"
_WHEN = rf"(?:{WEEKDAY},?\s*)?(?:(?:{MONTH}\s+\d{{1,2}}|\d{{1,2}}\s+{MONTH})(?:,?\s+\d{{4}})?|{WEEKDAY})"
_HEAD = re.compile(
    rf"(?P<places>{_PLACE}(?:,\s*{_PLACE}){{0,2}})?(?:[,.]?\s*(?P<when>(?i:{_WHEN})))?,?\s*(?:\((?P<agency>[^()]{{2,40}})\))?"
)
_DASH = re.compile(r"\s*(?:—|–|--)\s*|\s+-\s+|:\s+")


@dataclass(frozen=True, slots=True)
class Dateline:
    """The "VLADIVOSTOK, April 24 (Reuters) —" before a story; `end` is where the story goes on."""

    end: int
    when: str | None
    agency: str | None


def title_of(text: str, stem: str | None) -> str:
    """The headline of a text, else the words of a file's name, else the opening words; never empty."""
    title = headline(text) or (title_of_name(stem) if stem is not None else None) or opening_words(text)
    return shorten(title or single_line(stem) or "Untitled", MAX_TITLE)


def headline(text: str) -> str | None:
    """A short line above the story that is no sentence, no place and date, no section label and no list."""
    for block in _blocks(text):
        line = block[0].strip()
        if is_heading(line) and not _is_wrapped(block):
            return single_line(re.sub(r"^#{1,6}\s+", "", line))
        if any(_is_prose(line) for line in block):
            return None
    return None


def is_heading(line: str) -> bool:
    """Whether a line, taken alone, reads like the headline of an article."""
    words = line.split()
    return (
        len(line) <= _MAX_HEADLINE
        and (len(words) >= 3 or (len(words) == 1 and len(line) >= 8 and not line.isascii()))
        and any(character.isalpha() for character in line)
        and not line.endswith(_STOPS)
        and not _is_above(line)
    )


def opening_words(text: str) -> str | None:
    """The first words of the first sentence, the place and date before it left out, at most 80 characters."""
    blocks = _blocks(text)
    prose = next(
        (block for block in blocks if any(_is_prose(line) for line in block)), blocks[0] if blocks else []
    )
    lines = [line.strip() for line in prose]
    while len(lines) > 1 and _is_label(lines[0]):
        lines.pop(0)
    if _BULLET.match(lines[0] if lines else ""):
        lines = lines[:1]
    story = single_line(" ".join(lines)) or ""
    found = dateline(story)
    story = _BULLET.sub("", story[found.end :] if found else story, count=1)
    for match in re.finditer(r"(?<=\w{4})[.。](?=\s|$)", story[:_MAX_OPENING]):
        if match.start() >= 20:
            return story[: match.start()]
    return shorten(story, _MAX_OPENING).removesuffix(".") or None


def title_of_name(stem: str) -> str | None:
    """The words in a file's name without its date, or None if it has none, like 000_8a12c5f156596d09.

    >>> title_of_name("2019-04-24-kim-arrives-by-train")
    'Kim arrives by train'
    """
    words = re.findall(r"[^\W_]+(?:['’][^\W_]+)*", date_of_name(stem)[1])
    real = [word for word in words if _is_word(word)]
    letters = sum(map(len, real))
    if letters < 4 or letters < 0.6 * sum(map(len, words)):
        return None
    if all(word.lower() in _NO_TITLE for word in real):
        return None
    title = " ".join(words)
    return title[:1].upper() + title[1:]


def dateline(paragraph: str) -> Dateline | None:
    """The place, date and agency that a story begins with, or None.

    >>> dateline("VLADIVOSTOK, Russia: Kim arrived on Wednesday.").end
    21
    """
    for separator in _DASH.finditer(paragraph[:110]):
        head = paragraph[: separator.start()].strip()
        match = _HEAD.fullmatch(head)
        if head and match and _is_place(match, colon=":" in separator.group()):
            return Dateline(separator.end(), match["when"], match["agency"])
    return None


def dateline_of(text: str) -> Dateline | None:
    """The first dateline near the top of a text, before a story or on a line of its own."""
    for line in [line.strip() for line in text[:4000].split("\n") if line.strip()][:12]:
        if found := dateline(line):
            return found
        match = _HEAD.fullmatch(line.rstrip(","))
        if len(line) <= 100 and match and match["places"] and match["when"]:
            return Dateline(len(line), match["when"], match["agency"])
    return None


_NO_TITLE = frozenset(
    {
        *("article", "articles", "copy", "doc", "document", "download", "draft", "file", "final", "index"),
        *("new", "news", "page", "scan", "story", "test", "text", "txt", "untitled", "upload", "version"),
    }
)
"""Words that say nothing as the only ones in a file's name."""


def _blocks(text: str) -> list[list[str]]:
    """The paragraphs at the top of a text, each as its lines."""
    blocks = [block.split("\n") for block in re.split(r"\n\s*\n", text.strip("\n")[:8000]) if block.strip()]
    return [[line for line in block if line.strip()] for block in blocks[:12]]


def _is_above(line: str) -> bool:
    """Whether a line stands above or beside a story: a label, a list item, a place, a date, a byline."""
    return (
        line.lower().strip(" :.") in _LABELS
        or _BULLET.match(line) is not None
        or _BYLINE.match(line) is not None
        or is_date_line(line)
        or dateline(line) is not None
        or _is_dateline_alone(line)
    )


def _is_label(line: str) -> bool:
    """Whether a line above a story's first is no part of it; the dateline and a list are."""
    return line.isupper() or (_is_above(line) and dateline(line) is None and not _BULLET.match(line))


def _is_prose(line: str) -> bool:
    """Whether a line is a sentence of the story, or the beginning of one."""
    line = line.strip()
    if dateline(line) is not None:
        return True
    return not _is_above(line) and (
        len(line) > _MAX_HEADLINE or line.rstrip("\"'”’)").endswith(_SENTENCE_ENDS)
    )


def _is_wrapped(block: list[str]) -> bool:
    """Whether the first line of a paragraph merely goes on in the next, in a text broken at a fixed width."""
    if len(block) == 1:
        return False
    first, second = block[0].strip(), block[1].strip()
    return not _is_above(second) and len(second) < 1.6 * len(first)


def _is_dateline_alone(line: str) -> bool:
    if line.endswith(",") and len(line.split()) <= 4:
        return True
    match = _HEAD.fullmatch(line)
    return match is not None and bool(match["when"] or match["agency"])


def _is_place(match: re.Match[str], *, colon: bool) -> bool:
    places = match["places"] or ""
    if match["when"] or match["agency"]:
        return True
    if re.match(r"[^\W\d_a-z]{4,}", places):
        return True
    return "," in places and not colon


def _is_word(token: str) -> bool:
    """Whether a piece of a file's name is a word: letters only, with a vowel, or of another script."""
    return token.replace("'", "").replace("’", "").isalpha() and (
        not token.isascii() or (len(token) > 1 and re.search(r"[aeiouy]", token, re.IGNORECASE) is not None)
    )
