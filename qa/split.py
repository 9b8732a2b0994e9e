"""Article -> passages, along sentence ends, offsets carried from the first cut.

Takes an article and a function that counts tokens; gives slices that together are the article, each small
enough for the embedder's window and for the screen. Knows nothing of embedding or storing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from qa.records import Article, Passage, Span
from qa.sentences import sentences, trim

VERSION = 2
"""Goes up when the same article would be cut in another way."""

MAX_TOKENS = 160
MAX_CHARACTERS = 1200
_HEADING_CHARACTERS = 80

CountTokens = Callable[[Sequence[str]], list[int]]
"""Texts -> the number of tokens of each, without special tokens."""


def split(article: Article, *, count_tokens: CountTokens, language: str | None = None) -> list[Passage]:
    """The passages of an article, in order, cut by the rules of its language, an ISO 639-1 code.

    Without the blanks around it a passage has at most `MAX_TOKENS` tokens and `MAX_CHARACTERS` characters.
    A passage begins with the last sentence of the one before where that fits, and never ends with a
    heading. The first starts at 0, the last ends with the text, and none leaves a gap.
    """
    pieces, tokens = _pieces(article.text, count_tokens, language)
    spans: list[Span] = []
    first = 0
    while first < len(pieces):
        last = _fill(article.text, pieces, tokens, first)
        spans.append(Span(start=pieces[first].start, end=pieces[last].end))
        if last == len(pieces) - 1:
            break
        first = _next_first(article.text, pieces, tokens, first, last)
    return [
        Passage(
            article_id=article.id,
            article_hash=article.hash,
            number=number,
            start=span.start,
            end=span.end,
            text=article.text[span.start : span.end],
            language=language,
        )
        for number, span in enumerate(spans)
    ]


def _pieces(text: str, count_tokens: CountTokens, language: str | None) -> tuple[list[Span], list[int]]:
    """Sentences, those too long for a passage cut further, and the number of tokens of each."""
    pieces = sentences(text, language=language)
    tokens = count_tokens([text[piece.start : piece.end] for piece in pieces])
    while any(_too_long(text, piece, count) for piece, count in zip(pieces, tokens, strict=True)):
        cut: list[Span] = []
        for piece, count in zip(pieces, tokens, strict=True):
            cut += _halves(text, piece) if _too_long(text, piece, count) else [piece]
        pieces = cut
        tokens = count_tokens([text[piece.start : piece.end] for piece in pieces])
    return pieces, tokens


def _too_long(text: str, piece: Span, tokens: int) -> bool:
    inner = trim(text, piece)
    length = inner.end - inner.start
    return length > 1 and (tokens > MAX_TOKENS or length > MAX_CHARACTERS)


def _halves(text: str, piece: Span) -> list[Span]:
    """Two parts of a piece, cut after the blank nearest to its middle, or in the middle if it has none."""
    inner = trim(text, piece)
    middle = (inner.start + inner.end) // 2
    reach = (inner.end - inner.start) // 4
    cut = middle
    for distance in range(reach):
        found = [at for at in (middle - distance, middle + distance) if text[at - 1].isspace()]
        if found:
            cut = found[0]
            break
    while text[cut].isspace():
        cut += 1
    return [Span(start=piece.start, end=cut), Span(start=cut, end=piece.end)]


def _fill(text: str, pieces: list[Span], tokens: list[int], first: int) -> int:
    """The last piece of the passage that starts with the piece `first`."""
    last = first
    while last + 1 < len(pieces) and _fits(text, pieces, tokens, first, last + 1):
        last += 1
    if last == len(pieces) - 1:
        return last
    without_heading = last
    while without_heading > first and _is_heading(text, pieces[without_heading]):
        without_heading -= 1
    return last if _is_heading(text, pieces[without_heading]) else without_heading


def _next_first(text: str, pieces: list[Span], tokens: list[int], first: int, last: int) -> int:
    """Where the next passage starts: with the last sentence again if that leaves room for a new one.

    A heading after that sentence opens another subject, so it is not drawn into it.
    """
    overlap = last > first and _fits(text, pieces, tokens, last, last + 1)
    return last if overlap and not _is_heading(text, pieces[last + 1]) else last + 1


def _fits(text: str, pieces: list[Span], tokens: list[int], first: int, last: int) -> bool:
    inner = trim(text, Span(start=pieces[first].start, end=pieces[last].end))
    return sum(tokens[first : last + 1]) <= MAX_TOKENS and inner.end - inner.start <= MAX_CHARACTERS


def _is_heading(text: str, piece: Span) -> bool:
    """A short line of its own without a full stop at its end."""
    line = text[piece.start : piece.end]
    body = line.strip()
    return len(body) <= _HEADING_CHARACTERS and "\n" in line[len(line.rstrip()) :] and body[-1].isalnum()
