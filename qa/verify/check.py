"""A claim, hits -> for each hit the sentence, or two in a row, that most support the claim, and how likely it does.

Takes an embedder by its protocol; what is compared and how stands in `compare`. Vectors and sentences of hits are kept
for the next claim, for one answer has many and its hits stay. Knows nothing of answers, marks or citations.
"""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from qa.records import Hit, Span
from qa.sentences import sentences, trim
from qa.verify.compare import Likeness, compare, probability
from qa.verify.days import published_on
from qa.verify.facts import Around
from qa.verify.statement import read
from qa.verify.words import words

SUPPORTED = 0.5
"""From this probability a claim counts as supported."""

_PAIR = 0.05
"""Two sentences must be so much more likely than the better one of them."""
_FEWEST_WORDS = 3
_MOST_CLAUSES = 12
_HITS_KEPT = 64
_CLAIMS_KEPT = 512
_LONGEST = 4000
"""So many characters of a claim are compared."""
_WORD = re.compile(r"\w")
_CLAUSE = re.compile(r",? (?:and|but|while|because|although|so|after|before|which|who) |; |, ", re.IGNORECASE)

Vectors = NDArray[np.float32]
_NONE: Vectors = np.zeros((0, 0), np.float32)


class Embedder(Protocol):
    """Gives unit vectors of texts: LangChain's `Embeddings`, if its model gives vectors of length 1."""

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """One vector a text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Support:
    """Where a hit most supports a claim, `article.text[start:end]`, and the `probability` (0..1) that it does.

    `hit` counts from 0. A hit without words supports nothing: its range is empty, its probability 0.
    """

    hit: int
    start: int
    end: int
    probability: float


@dataclass(frozen=True, slots=True)
class Rated:
    """A sentence of a hit's text, or two in a row, and what `compare` says of it."""

    span: Span
    single: bool
    figures: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class _Window:
    span: Span
    single: bool
    before: Span  # the sentence before it, empty for the first
    vector: Vectors
    clauses: Vectors  # one a row


@dataclass(frozen=True, slots=True)
class _Text:
    """A claim or the text of a hit: `vectors` has a row for each of its `words` that carry matter."""

    words: Mapping[str, int]
    vectors: Vectors
    clauses: Vectors
    windows: tuple[_Window, ...] = ()


class Checker:
    """Looks for support. May be used from several threads."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._lock = threading.Lock()
        self._texts: OrderedDict[tuple[str, str | None], _Text] = OrderedDict()
        self._claims: OrderedDict[str, _Text] = OrderedDict()

    def support(self, claim: str, hits: Sequence[Hit]) -> list[Support]:
        """The best support in each hit, in the order of the hits."""
        rated = self.figures(claim, hits)
        return [_support(number, hit, own) for number, (hit, own) in enumerate(zip(hits, rated, strict=True))]

    def figures(self, claim: str, hits: Sequence[Hit]) -> list[list[Rated]]:
        """For each hit its sentences and pairs of them with their figures; none if the claim has no words."""
        claim = claim[:_LONGEST]
        if not hits or not _WORD.search(claim):
            return [[] for _ in hits]
        with self._lock:
            texts = self._texts_of(hits)
            said = self._claim(claim)
        return [list(_rated(claim, said, hit, own)) for hit, own in zip(hits, texts, strict=True)]

    def _texts_of(self, hits: Sequence[Hit]) -> list[_Text]:
        keys = [(hit.text, hit.language) for hit in hits]
        new = [key for key in dict.fromkeys(keys) if key not in self._texts]
        spans = [[trim(text, one) for one in sentences(text, language=language)] for text, language in new]
        parts = [
            [clauses(text[one.start : one.end]) for one in own]
            for (text, _), own in zip(new, spans, strict=True)
        ]
        matter = [_matter(text) for text, _ in new]
        vectors = iter(self._encode([one for own in parts for sentence in own for one in sentence]))
        singles = iter(self._encode([word for own in matter for word in own]))
        for key, own, cut, known in zip(new, spans, parts, matter, strict=True):
            rows = [np.stack([next(vectors) for _ in sentence]) for sentence in cut]
            self._texts[key] = _Text(
                known, _stacked([next(singles) for _ in known]), _NONE, tuple(_windows(own, rows))
            )
        found = [self._texts[key] for key in keys]
        for key in keys:
            self._texts.move_to_end(key)
        while len(self._texts) > _HITS_KEPT:
            self._texts.popitem(last=False)
        return found

    def _claim(self, claim: str) -> _Text:
        """A claim with the vectors of itself and, below, of its clauses."""
        if claim not in self._claims:
            known = _matter(claim)
            self._claims[claim] = _Text(known, self._encode(list(known)), self._encode(clauses(claim)))
        while len(self._claims) > _CLAIMS_KEPT:
            self._claims.popitem(last=False)
        return self._claims[claim]

    def _encode(self, texts: Sequence[str]) -> Vectors:
        """Rows of unit vectors; an embedder with `encode`, like ours, gives them without a detour over lists."""
        encode: Callable[[Sequence[str]], Vectors] | None = getattr(self._embedder, "encode", None)
        if not texts:
            return np.zeros((0, 0), np.float32)
        return (
            encode(texts) if encode else np.asarray(self._embedder.embed_documents(list(texts)), np.float32)
        )


def clauses(sentence: str) -> list[str]:
    """A sentence, and the clauses in it, each of three words or more; itself again if it is one.

    >>> clauses("Kim came by train, and he left by car.")
    ['Kim came by train, and he left by car.', 'Kim came by train', 'he left by car.']
    """
    parts = [part for part in _CLAUSE.split(sentence) if len(part.split()) >= _FEWEST_WORDS][:_MOST_CLAUSES]
    return [sentence, *(parts or [sentence])]


def _matter(text: str) -> dict[str, int]:
    """The words of a text that carry matter, each with its row."""
    known = dict.fromkeys(word.text for word in words(text) if word.matters)
    return {word: row for row, word in enumerate(known)}


def _stacked(vectors: list[Vectors]) -> Vectors:
    return np.stack(vectors) if vectors else _NONE


def _windows(spans: Sequence[Span], rows: Sequence[Vectors]) -> Iterator[_Window]:
    """Each sentence, and each two in a row; the vector of two is the direction between theirs."""
    before = [Span(start=0, end=0), *spans]
    for earlier, span, row in zip(before, spans, rows, strict=False):
        yield _Window(span, True, earlier, row[0], row[1:])
    two = zip(before, pairwise(spans), pairwise(rows), strict=False)
    for earlier, (span, following), (row, other) in two:
        both: Vectors = row[0] + other[0]
        both /= max(1e-6, float(np.linalg.norm(both)))
        whole = Span(start=span.start, end=following.end)
        yield _Window(whole, False, earlier, both, np.concatenate([row[1:], other[1:]]))


def _rated(claim: str, mine: _Text, hit: Hit, theirs: _Text) -> Iterator[Rated]:
    day = published_on(hit.published, claim, hit.text)
    headline = f"{hit.title}. {hit.source or ''}. "
    said, titled, passage = (read(one, day, hit.language) for one in (claim, headline, headline + hit.text))
    alike = mine.vectors @ theirs.vectors.T if mine.words and theirs.words else _NONE
    rows = [mine.words[said.words[place].text] for place in said.matter]
    for window in theirs.windows:
        text = read(hit.text[window.span.start : window.span.end], day, hit.language)
        before = read(hit.text[window.before.start : window.before.end], day, hit.language)
        columns = [
            theirs.words[word] for place in text.matter if (word := text.words[place].text) in theirs.words
        ]
        clauses = mine.clauses @ window.clauses.T
        likeness = Likeness(
            whole=float(mine.clauses[0] @ window.vector),
            part=float(clauses[0].max()),
            covered=float(clauses[1:].max(axis=0).min()),
            words=tuple(alike[np.ix_(rows, columns)].max(axis=1).tolist())
            if rows and columns
            else (0.0,) * len(rows),
        )
        yield Rated(
            window.span, window.single, compare(said, text, Around(before, titled, passage), likeness)
        )


def best(rated: Sequence[Rated]) -> tuple[float, Rated]:
    """The likeliest of some, and how likely it is; two sentences only if they are likelier than each by `_PAIR`."""
    found = [(probability(one.figures), one) for one in rated]
    return max(found, key=lambda one: (one[0] - _PAIR * (not one[1].single), -one[1].span.start))


def _support(number: int, hit: Hit, rated: Sequence[Rated]) -> Support:
    if not rated:
        return Support(hit=number, start=hit.start, end=hit.start, probability=0.0)
    likely, one = best(rated)
    return Support(
        hit=number, start=hit.start + one.span.start, end=hit.start + one.span.end, probability=likely
    )
