"""A conversation -> Markdown, to be kept as a file: each question, its answer, and under it the sentences it stands on.

Takes `Turn`s, gives text. All that others wrote (questions, titles, articles, models) stands in it as text: what could
mean something there in Markdown or HTML has a backslash before it. Knows nothing of browsers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import quote, urlsplit

from qa.records import UNSUPPORTED, Answer, Citation, Hit
from qa.ui.render import Turn
from qa.ui.render.plain import DECLINED
from qa.ui.render.trust import UNSURE
from qa.ui.render.words import day, sentence
from qa.ui.render.written import NOT_THERE

# Signs that mean something anywhere, and what programs make links of by themselves.
_MEANING = re.compile(r"[\\`*_\[\]<>~$|]|&(?=[#\w]+;)|:(?=//)|(?<=\bwww)\.", re.IGNORECASE)
_AT_START = re.compile(r"[-+#=]|(?<=\d)[.)]")
_NUMBER = re.compile(r"\d{0,9}")
_NUMBERED = re.compile(rf"(\[\d+\]|{re.escape(UNSUPPORTED)})")
_BOLD = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*")
_BULLET = re.compile(r"\s*[-*+•]\s+(?=\S)")
_FILE = re.compile(r"[^\w-]+")


def as_markdown(name: str, turns: Sequence[Turn]) -> str:
    """The whole conversation under its name."""
    return "\n\n".join([f"# {text(name)}", *(part for turn in turns for part in _turn(turn))]) + "\n"


def file_name(name: str) -> str:
    """A name for the file.

    >>> file_name("Where did Kim & Putin meet?")
    'Where-did-Kim-Putin-meet.md'
    """
    return f"{_FILE.sub('-', name).strip('-_')[:60].strip('-_') or 'conversation'}.md"


def text(words: str) -> str:
    r"""Words of others on one line, which mean nothing but themselves.

    >>> print(text("*1* <b>[x](http://a.b)</b>"), text("1. & - &amp;"), text("- www.a.b"))
    \*1\* \<b\>\[x\](http\://a.b)\</b\> 1\. & - \&amp; \- www\.a.b
    """
    line = _MEANING.sub(r"\\\g<0>", " ".join(words.split()))
    number = _NUMBER.match(line)
    start = number.end() if number else 0
    return f"{line[:start]}\\{line[start:]}" if _AT_START.match(line, start) else line


def _turn(turn: Turn) -> Iterator[str]:
    yield f"## {text(turn.question)}"
    if turn.error is not None or turn.answer is None:
        yield f"*{text(sentence(turn.error or 'This was not answered.'))}*"
        return
    answer = turn.answer
    if answer.understood is not None:
        yield f"*Understood as:* {text(answer.understood)}"
    yield from _answer(answer) if answer.answered else _declined(answer)
    if answer.note:
        yield f"*{text(sentence(answer.note))}*"
    if answer.citations:
        yield "### Sources"
        yield from (_source(f"{one.number}.", one, one.quote) for one in answer.citations)


def _answer(answer: Answer) -> Iterator[str]:
    words = answer.answer or ""
    if not answer.claims:
        numbers = "".join(f" [{citation.number}]" for citation in answer.citations)
        yield f"{text(words)}{numbers}"
    for line in filter(str.strip, words.splitlines() if answer.claims else ()):
        yield _line(line)
    if answer.citations and not answer.sure:
        yield f"*{text(UNSURE)}*"


def _line(line: str) -> str:
    """A line that a model wrote: its numbers and marks stay, and the sign of a list."""
    bullet = _BULLET.match(line)
    pieces = _NUMBERED.split(_BOLD.sub(r"\1", line[bullet.end() :] if bullet else line))
    shown = [
        f"*({NOT_THERE})*" if piece == UNSUPPORTED else piece if _NUMBERED.fullmatch(piece) else text(piece)
        for piece in pieces
    ]
    return ("- " if bullet else "") + " ".join(filter(None, shown))


def _declined(answer: Answer) -> Iterator[str]:
    yield DECLINED
    if answer.nearest:
        yield "### Nearest passages"
        yield from (_source("-", hit, hit.text) for hit in answer.nearest)


def _source(sign: str, record: Citation | Hit, quoted: str) -> str:
    """An entry of a list: title, source, day, address, and what it says."""
    facts = [
        f"**{text(record.title)}**",
        *(text(fact) for fact in (record.source, day(record.published)) if fact),
    ]
    if address := _address(record.url):
        facts.append(f"<{address}>")
    indent = " " * (len(sign) + 1)
    return f"{sign} {', '.join(facts)}\n\n{indent}> {text(quoted)}"


def _address(url: str | None) -> str | None:
    """An address of the web as it can stand between angle brackets; None for any other."""
    try:
        parts = urlsplit((url or "").strip())
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return None
    return quote(parts.geturl(), safe="%/:?#[]@!$&'()*+,;=~")
