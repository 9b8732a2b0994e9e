"""An article -> hits that are the whole of it, in order: for a summary, nothing is searched for.

Knows nothing of questions.
"""

from __future__ import annotations

from qa.records import Article, Hit, Span
from qa.retrieve.surroundings import LONGEST
from qa.sentences import sentences, trim


def opened(article: Article, *, language: str | None = None) -> list[Hit]:
    """The article in pieces of whole sentences, at most `LONGEST` characters each unless one sentence has more."""
    pieces: list[Span] = []
    for sentence in sentences(article.text, language=language):
        last = pieces[-1] if pieces else None
        if last is not None and sentence.end - last.start <= LONGEST:
            pieces[-1] = Span(start=last.start, end=sentence.end)
        else:
            pieces.append(sentence)
    spans = [trim(article.text, piece) for piece in pieces]
    return [
        Hit(
            article_id=article.id,
            title=article.title,
            source=article.source,
            url=article.url,
            published=article.published,
            start=span.start,
            end=span.end,
            text=article.text[span.start : span.end],
            score=1.0,
            language=language,
        )
        for span in spans
    ]
