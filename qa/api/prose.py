"""An answer as text that other programs show: what it says, how far to trust it, and its sources as numbered notes.

Takes an `Answer`, gives a body that grows as the answer does and a tail that follows the whole. Most programs draw such
text as Markdown, so what stands in articles is kept from becoming links, images or HTML there. Knows nothing of HTTP.
"""

from __future__ import annotations

import re

from qa.records import UNSUPPORTED, Answer, Citation, Hit

DECLINED = "The articles do not say."
UNSURE = "This may be it, but the articles are not clear."
SOURCES = "Sources:"
NEAREST = "The nearest passages, in case they help:"

_NEAREST_SHOWN = 3
_LONGEST_QUOTE = 600
_LONGEST_EXCERPT = 240
# A backslash that would take our own away; the bracket of an image; what makes a link or its address; a tag.
_ALIVE = re.compile(r"\\(?=[\\\[\]()<:!])|(?<=!)\[|(?<=\])[(:]|<(?=[A-Za-z/!?])")
_ESCAPED = re.compile(r"\\([\\\[\]()<:!])")
_MARKS = re.compile(rf" ?(?:\[[0-9]+\]|{re.escape(UNSUPPORTED)})")


def body(answer: Answer) -> str:
    """What the answer says, with the numbers of its sources."""
    if not answer.answered:
        return DECLINED
    text = inert(answer.answer or "").rstrip("<")
    numbers = "".join(f" [{citation.number}]" for citation in answer.citations)
    return text if answer.claims else f"{text}{numbers}"


def tail(answer: Answer) -> str:
    """What follows the body of a whole answer; empty, or it begins with a blank line."""
    parts = [*_remarks(answer), *(_sources(answer) if answer.answered else _nearest(answer))]
    return "".join(f"\n\n{part}" for part in parts)


def text(answer: Answer) -> str:
    """Body and tail."""
    return body(answer) + tail(answer)


def spoken(said: str) -> str:
    """What an answer said, from its text: without its sources and their numbers, for the next question."""
    for heading in (SOURCES, NEAREST):
        said = said.partition(f"\n\n{heading}\n\n")[0]
    return _ESCAPED.sub(r"\1", _MARKS.sub("", said))


def inert(text: str) -> str:
    r"""The same text, with nothing in it that Markdown would fetch, follow or run.

    >>> print(inert("![i](http://evil.example/i.png) <script> a < b [1]"))
    !\[i]\(http://evil.example/i.png) \<script> a < b [1]
    """
    return _ALIVE.sub(r"\\\g<0>", text)


def _remarks(answer: Answer) -> list[str]:
    unsupported = sum(claim.supported is False for claim in answer.claims)
    said = "One sentence is" if unsupported == 1 else f"{unsupported} sentences are"
    doubt = f"{said} marked {UNSUPPORTED}: nothing that was found says so." if unsupported else None
    if doubt is None and answer.citations and not answer.sure:
        doubt = UNSURE
    understood = f"Understood as: {inert(answer.understood)}" if answer.understood else None
    return [remark for remark in (doubt, answer.note and inert(answer.note), understood) if remark]


def _sources(answer: Answer) -> list[str]:
    notes = [
        f"[{one.number}] “{inert(_short(one.quote, _LONGEST_QUOTE))}” ({_named(one)})"
        for one in answer.citations
    ]
    return [SOURCES, *notes] if notes else []


def _nearest(answer: Answer) -> list[str]:
    notes = [
        f"- “{inert(_short(hit.text, _LONGEST_EXCERPT))}” ({_named(hit)})"
        for hit in answer.nearest[:_NEAREST_SHOWN]
    ]
    return [NEAREST, *notes] if notes else []


def _named(record: Citation | Hit) -> str:
    facts = (record.title, record.source, record.published and record.published[:10], record.url)
    return inert(", ".join(" ".join(fact.split()) for fact in facts if fact))


def _short(quote: str, most: int) -> str:
    """The quote on one line, cut at a word if it is long."""
    line = " ".join(quote.split())
    return line if len(line) <= most else line[:most].rsplit(maxsplit=1)[0] + " …"
