"""Sources as HTML: the numbers in an answer, and the cards that they stand for; passages that were found, likewise.

Takes citations and hits, gives `Html` that the scripts read: a card has in its data attributes where it leads. Knows
nothing of answers.
"""

from __future__ import annotations

from collections.abc import Sequence

from qa.records import Citation, Hit
from qa.ui.render.markup import Html, Mark, element, join, marked
from qa.ui.render.words import day

_LONGEST_EXCERPT = 320


def number(citation: Citation) -> Html:
    """The number of a source, inside an answer."""
    return element(
        "button",
        str(citation.number),
        type="button",
        class_="cite",
        data_act="cite",
        data_number=citation.number,
        aria_label=f"Source {citation.number}: {citation.title}",
    )


def citation_card(citation: Citation) -> Html:
    """A source: its sentence, with the answer marked in it."""
    base = citation.start
    mark = Mark(
        start=0,
        end=len(citation.quote),
        answer_start=citation.answer_start - base,
        answer_end=citation.answer_end - base,
    )
    return _card(
        citation,
        marked(citation.quote, 0, len(citation.quote), [mark]),
        number=citation.number,
        answer=(citation.answer_start, citation.answer_end),
    )


def hit_card(hit: Hit) -> Html:
    """A passage that was found, its beginning at least."""
    excerpt = hit.text
    if len(excerpt) > _LONGEST_EXCERPT:
        excerpt = excerpt[:_LONGEST_EXCERPT].rsplit(maxsplit=1)[0] + " …"
    return _card(hit, excerpt, number=None, answer=(hit.start, hit.start))


def passages(hits: Sequence[Hit]) -> Html:
    """The passages that a search found, best first."""
    return join(*(hit_card(hit) for hit in hits))


def _card(record: Citation | Hit, excerpt: str, *, number: int | None, answer: tuple[int, int]) -> Html:
    facts = " · ".join(fact for fact in (record.source, day(record.published)) if fact)
    inside = (
        element("span", str(number), class_="number", aria_hidden="true") if number is not None else None,
        element("span", record.title, class_="title", dir="auto"),
        element("span", facts, class_="meta", dir="auto") if facts else None,
        element("span", excerpt, class_="quote", dir="auto"),
    )
    button = element(
        "button",
        *inside,
        type="button",
        class_="card",
        data_act="card",
        data_article=record.article_id,
        data_start=record.start,
        data_end=record.end,
        data_answer_start=answer[0],
        data_answer_end=answer[1],
        data_number=number,
    )
    return element("li", button)
