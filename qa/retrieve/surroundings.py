"""Passages, best first -> what is shown of them: each with as much of its article around it as fits.

A passage is cut for the embedder, too short for whoever reads it. One that an earlier one shows already is left out.
Knows nothing of scores.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from qa.records import Passage, Span
from qa.sentences import sentences, trim

LONGEST = 1200
"""Characters of what is shown, unless the passage alone has more."""

Key = tuple[str, int]
PassagesAt = Callable[[Sequence[Key]], Mapping[Key, Passage]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A slice of an article, without blanks around it, and the passage that it was found by."""

    passage: Passage
    start: int
    end: int
    text: str

    def holds(self, other: Passage) -> bool:
        """Whether all of another passage lies in it, blanks around that aside."""
        span = _inner(other)
        same = self.passage.article_hash == other.article_hash
        return same and self.start <= span.start and span.end <= self.end


def shown(passages: Sequence[Passage], k: int, passages_at: PassagesAt) -> list[Shown]:
    """The first `k` passages with their surroundings, those left out that lie within one before them."""
    done: list[Shown] = []
    left = list(passages)
    while left and len(done) < k:
        batch, left = left[: k - len(done)], left[k - len(done) :]
        beside = [(one.article_hash, one.number + step) for one in batch for step in (-1, 1)]
        around = passages_at([key for key in dict.fromkeys(beside) if key[1] >= 0])
        for passage in batch:
            if not any(one.holds(passage) for one in done):
                done.append(_grown(passage, around))
    return done


def _grown(passage: Passage, around: Mapping[Key, Passage]) -> Shown:
    """The passage and, in turn, the next sentence after it and the last before it, as long as they fit."""
    span = _inner(passage)
    start, end = span.start, span.end
    before = around.get((passage.article_hash, passage.number - 1))
    after = around.get((passage.article_hash, passage.number + 1))
    starts = [one.start for one in reversed(_sentences(before)) if one.start < start]
    ends = [one.end for one in _sentences(after) if one.end > end]
    while starts or ends:
        if ends and ends[0] - start <= LONGEST:
            end = ends.pop(0)
        else:
            ends = []
        if starts and end - starts[0] <= LONGEST:
            start = starts.pop(0)
        else:
            starts = []
    pieces = [one for one in (before, passage, after) if one is not None]
    text = pieces[0].text
    for one in pieces[1:]:
        text += one.text[pieces[0].start + len(text) - one.start :]
    shift = pieces[0].start
    return Shown(passage=passage, start=start, end=end, text=text[start - shift : end - shift])


def _inner(passage: Passage) -> Span:
    inner = trim(passage.text, Span(start=0, end=len(passage.text)))
    return Span(start=passage.start + inner.start, end=passage.start + inner.end)


def _sentences(passage: Passage | None) -> list[Span]:
    """The sentences of a passage as ranges of its article, without blanks around them."""
    if passage is None:
        return []
    spans = [trim(passage.text, one) for one in sentences(passage.text, language=passage.language)]
    return [Span(start=passage.start + one.start, end=passage.start + one.end) for one in spans]
