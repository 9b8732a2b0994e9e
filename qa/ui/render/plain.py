"""An answer as plain text, to be copied elsewhere: its words, its numbers, and under them the sources.

Takes an `Answer`, gives text. Knows nothing of HTML.
"""

from __future__ import annotations

import re

from qa.records import UNSUPPORTED, Answer, Citation
from qa.ui.render.markup import is_web
from qa.ui.render.words import day

DECLINED = "The articles do not say."

_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")


def plain(answer: Answer) -> str:
    """The text of an answer with numbered sources, or that there is none.

    Each source has a line with title, source and date, its address if it has one on the web, and what is cited.
    """
    if not answer.answered:
        return DECLINED
    text = (answer.answer or "").replace(UNSUPPORTED, "[not in the articles]")
    if not answer.claims:
        text += "".join(f" [{citation.number}]" for citation in answer.citations)
    return "\n\n".join([_CONTROL.sub(" ", text), *(_source(citation) for citation in answer.citations)])


def _source(citation: Citation) -> str:
    lines = [f"[{citation.number}] {origin(citation.title, citation.source, citation.published)}"]
    if is_web(citation.url):
        lines.append(_one_line(citation.url or ""))
    return "\n".join([*lines, f"“{_one_line(citation.quote)}”"])


def origin(title: str, source: str | None, published: str | None) -> str:
    """Where a sentence is from, in one line."""
    return ", ".join(_one_line(fact) for fact in (title, source, day(published)) if fact)


def _one_line(text: str) -> str:
    return " ".join(_CONTROL.sub(" ", text).split())
