"""How far an answer can be trusted, in a few words that explain themselves when they are asked.

Takes an `Answer`, gives `Html`. Knows nothing of how confidence comes about.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.records import Answer, Citation
from qa.ui.render.markup import Html, element, join
from qa.ui.render.written import NOT_THERE

CLEAR = 0.7
"""Confidence from which the articles are said to be clear."""

CLEARLY = "The articles say so clearly."
SEEMINGLY = "The articles seem to say so."
UNSURE = "This may be it, but the articles are not clear."
WORD_FOR_WORD = "Word for word from the articles."

# Of the answers to `tests/data/corpus-questions.jsonl` in each band, how often the first quote held the right answer:
# 50 of 59, 33 of 66, 12 of 32. Those questions are harder than most: one in four is not answered by any article.
_MEASURED = {
    CLEARLY: "in five of six cases",
    SEEMINGLY: "in half of the cases",
    UNSURE: "in two of five cases",
}
_WORD = re.compile(r"\w+")


def trust(answer: Answer) -> Html | None:
    """The words, with what they rest on behind them; None for what stands on no source."""
    if not answer.citations:
        return None
    said, doubtful = _said(answer)
    words = element(
        "button",
        said,
        type="button",
        class_="trust doubt" if doubtful else "trust",
        data_act="why",
        dir="auto",
    )
    why = element("span", *(element("span", line) for line in _why(answer, said)), class_="why", hidden=True)
    return join(words, why)


def _said(answer: Answer) -> tuple[str, bool]:
    """The words, and whether they are words of doubt."""
    unsupported = _unsupported(answer)
    if unsupported:
        said = "One sentence is" if unsupported == 1 else f"{unsupported} sentences are"
        return f"{said} marked “{NOT_THERE}”: nothing that was found says so.", True
    if not answer.sure:
        return UNSURE, True
    if _is_opening(answer):
        return WORD_FOR_WORD, False
    return (CLEARLY if answer.confidence >= CLEAR else SEEMINGLY), False


def _why(answer: Answer, said: str) -> list[str]:
    if _is_opening(answer):
        return ["These sentences stand in the articles as they are here.", _cited(answer.citations)]
    if answer.claims:
        checked = [claim.supported for claim in answer.claims if claim.supported is not None]
        right = checked.count(True)
        return [
            "Every sentence was compared with the passages that were found: "
            f"{right} of {len(checked)} {'is' if right == 1 else 'are'} supported.",
            _cited(answer.citations),
        ]
    agreeing = [one for one in answer.citations if agrees(one, answer.answer or "")]
    lines = [
        "Measured on hard questions whose answers are known: with these words, the sentence shown was right "
        f"{_MEASURED[said]}.",
        _cited(agreeing),
    ]
    if len(agreeing) < len(answer.citations):
        lines.append("Another answer is cited, too: the articles may not agree.")
    return lines


def _cited(citations: Sequence[Citation]) -> str:
    articles = len({one.article_id for one in citations})
    sources = len({one.source for one in citations if one.source})
    if articles == 1:
        return "One article says so."
    of = f" from {sources} sources" if sources > 1 else " from one source" if sources else ""
    return f"{articles} articles{of} say so; near copies of one story count once."


def _unsupported(answer: Answer) -> int:
    return sum(claim.supported is False for claim in answer.claims)


def _is_opening(answer: Answer) -> bool:
    """Whether it is made of sentences of the articles: what is had for a summary without a model."""
    quotes = {citation.quote for citation in answer.citations}
    return bool(answer.claims) and all(
        (answer.answer or "")[claim.start : claim.end] in quotes for claim in answer.claims
    )


def agrees(citation: Citation, answer: str) -> bool:
    """Whether what is cited gives this answer: the words of one, articles aside, are among those of the other."""
    start = citation.start
    cited = _words(citation.quote[citation.answer_start - start : citation.answer_end - start])
    given = _words(answer)
    whole = citation.answer_end - citation.answer_start >= len(citation.quote)
    return whole or cited <= given or given <= cited


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.casefold())) - {"the", "a", "an"}
