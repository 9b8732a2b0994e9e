"""An answer of several sentences: each with the numbers of what supports it, or with a mark that nothing does.

Takes an `Answer` with claims, gives `Html`, or its text alone. Of what a model writes only paragraphs, headings and
lists are laid out, and the asterisks of bold words left out; all the rest is text. Knows nothing of checking.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from qa.records import UNSUPPORTED, Answer, Claim
from qa.ui.render.markup import Html, element, join

NOT_THERE = "not in the articles"
NOT_THERE_WHY = "Nothing that was found in your articles says this: the model may have made it up."

_MARKS = re.compile(rf"[ \t]*(?:\[\d+\]|{re.escape(UNSUPPORTED)})")
_SIGN = re.compile(r"\s*(?:(?P<head>#{1,6})|[-*+•◦▪‣·–—]|\(?(?P<number>\d{1,3})[.)])[ \t]+(?=\S)")
_LINE_END = re.compile(r"\s*\n\s*")
# Inside a sentence a line ends where the text was broken to fit a page, unless the next is plainly another.
_LINE_END_INSIDE = re.compile(r"[ \t]*\n[ \t]*\n\s*|[ \t]*\n(?=[ \t]*(?:[-*•]|#{1,6}|\d{1,3}[.)])[ \t]+\S)")
_BOLD = re.compile(r"(?<!\w)\*\*(?=\S)(.+?)(?<=\S)\*\*(?!\w)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Run:
    """Text on one line that belongs to one claim or to none. `ends`: what follows the claim follows it here."""

    text: str
    claim: Claim | None = None
    ends: bool = False


def written(answer: Answer, number: Callable[[int], Html | None], *, working: bool) -> Html:
    """The sentences with what follows each: `number` draws the button of a citation, None if there is none such.

    `working` puts a mark at the end that says that more will come.
    """
    pulse = element("span", class_="pulse", aria_hidden="true") if working else None
    shown: list[Html] = []
    items: list[Html] = []
    tag = ""
    lines = list(_lines(answer))
    for line in lines:
        sign, runs = _without_sign(line)
        inside = join(*(_run(run, number) for run in runs), pulse if line is lines[-1] else None)
        kind = "p" if sign is None or sign["head"] else "ol" if sign["number"] else "ul"
        if items and kind != tag:
            shown.append(element(tag, *items))
            items = []
        tag = kind
        if sign is None or sign["head"]:
            shown.append(element("p", inside, class_="head" if sign else None, dir="auto"))
        else:
            items.append(element("li", inside, dir="auto", value=sign["number"]))
    if items:
        shown.append(element(tag, *items))
    return join(*shown)


def spoken(answer: Answer) -> str:
    """The text of an answer without numbers and marks; empty if there is none."""
    if not answer.claims:
        return answer.answer or ""
    return "".join(text for text, _ in _pieces(answer)).strip()


def _pieces(answer: Answer) -> Iterator[tuple[str, Claim | None]]:
    """The claims and what stands between them, without the numbers and marks there."""
    text = answer.answer or ""
    reached = 0
    for claim in answer.claims:
        yield _MARKS.sub("", text[reached : claim.start]), None
        yield text[claim.start : claim.end], claim
        reached = claim.end
    yield _MARKS.sub("", text[reached:]), None


def _lines(answer: Answer) -> Iterator[list[Run]]:
    """The lines that have something on them, each in its runs."""
    line: list[Run] = []
    for text, claim in _pieces(answer):
        text = _BOLD.sub(r"\1", text)
        first, *others = (_LINE_END if claim is None else _LINE_END_INSIDE).split(text)
        line.append(Run(first, claim, ends=not others))
        for i, other in enumerate(others, start=1):
            if _says_something(line):
                yield line
            line = [Run(other, claim, ends=i == len(others))]
    if _says_something(line):
        yield line


def _says_something(line: list[Run]) -> bool:
    return any(run.claim is not None or run.text.strip() for run in line)


def _without_sign(line: list[Run]) -> tuple[re.Match[str] | None, list[Run]]:
    """The sign of a list or heading that a line begins with, if it does, and the line without it."""
    sign = _SIGN.match("".join(run.text for run in line))
    left = sign.end() if sign else 0
    runs = []
    for run in line:
        taken = min(left, len(run.text))
        left -= taken
        runs.append(Run(run.text[taken:], run.claim, run.ends))
    return sign, runs


def _run(run: Run, number: Callable[[int], Html | None]) -> Html:
    if run.claim is None:
        return join(run.text)
    wrong = run.claim.supported is False
    words = element("span", run.text, class_="words unsupported" if wrong else "words")
    if not run.ends:
        return words
    if wrong:
        return join(words, " ", element("span", NOT_THERE, class_="tag", title=NOT_THERE_WHY))
    numbers = [drawn for n in run.claim.citations if (drawn := number(n)) is not None]
    return join(words, element("span", *numbers, class_="cites") if numbers else None)
