"""A claim, hits -> for each hit the sentence, or two in a row, that most support the claim, and how likely it does.

Takes an embedder by its protocol; what is compared and how stands in `compare`. Vectors and sentences of hits are kept
for the next claim, for one answer has many and its hits stay. Knows nothing of answers, marks or citations.
"""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from qa.records import Hit, Span
from qa.sentences import sentences, trim
from qa.verify.compare import Likeness, compare, probability, read
from qa.verify.days import published_on

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
    vector: Vectors
    clauses: Vectors  # one a row


class Checker:
    """Looks for support. May be used from several threads."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._lock = threading.Lock()
        self._windows: OrderedDict[tuple[str, str | None], tuple[_Window, ...]] = OrderedDict()
        self._vectors: OrderedDict[str, Vectors] = OrderedDict()

    def support(self, claim: str, hits: Sequence[Hit]) -> list[Support]:
        """The best support in each hit, in the order of the hits."""
        rated = self.figures(claim, hits)
        return [_best(number, hit, own) for number, (hit, own) in enumerate(zip(hits, rated, strict=True))]

    def figures(self, claim: str, hits: Sequence[Hit]) -> list[list[Rated]]:
        """For each hit its sentences and pairs of them with their figures; none if the claim has no words."""
        claim = claim[:_LONGEST]
        if not hits or not _WORD.search(claim):
            return [[] for _ in hits]
        with self._lock:
            windows = self._windows_of(hits)
            vectors = self._vectors_of(claim)
        return [list(_rated(claim, vectors, hit, own)) for hit, own in zip(hits, windows, strict=True)]

    def _windows_of(self, hits: Sequence[Hit]) -> list[tuple[_Window, ...]]:
        keys = [(hit.text, hit.language) for hit in hits]
        new = [key for key in dict.fromkeys(keys) if key not in self._windows]
        spans = [[trim(text, one) for one in sentences(text, language=language)] for text, language in new]
        texts = [
            [clauses(text[one.start : one.end]) for one in own]
            for (text, _), own in zip(new, spans, strict=True)
        ]
        vectors = iter(self._encode([one for own in texts for sentence in own for one in sentence]))
        for key, own, parts in zip(new, spans, texts, strict=True):
            rows = [np.stack([next(vectors) for _ in part]) for part in parts]
            self._windows[key] = tuple(_windows(own, rows))
        found = [self._windows[key] for key in keys]
        for key in keys:
            self._windows.move_to_end(key)
        while len(self._windows) > _HITS_KEPT:
            self._windows.popitem(last=False)
        return found

    def _vectors_of(self, claim: str) -> Vectors:
        """The vector of a claim, and below it those of its clauses."""
        if claim not in self._vectors:
            self._vectors[claim] = self._encode(clauses(claim))
        while len(self._vectors) > _CLAIMS_KEPT:
            self._vectors.popitem(last=False)
        return self._vectors[claim]

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


def _windows(spans: Sequence[Span], rows: Sequence[Vectors]) -> Iterator[_Window]:
    """Each sentence, and each two in a row; the vector of two is the direction between theirs."""
    for span, row in zip(spans, rows, strict=True):
        yield _Window(span, True, row[0], row[1:])
    for (span, row), (following, other) in pairwise(zip(spans, rows, strict=True)):
        both: Vectors = row[0] + other[0]
        both /= max(1e-6, float(np.linalg.norm(both)))
        yield _Window(
            Span(start=span.start, end=following.end), False, both, np.concatenate([row[1:], other[1:]])
        )


def _rated(claim: str, vectors: Vectors, hit: Hit, windows: Sequence[_Window]) -> Iterator[Rated]:
    day = published_on(hit.published, claim, hit.text)
    said = read(claim, day)
    passage = read(f"{hit.title}. {hit.source or ''}. {hit.text}", day)
    for window in windows:
        text = read(hit.text[window.span.start : window.span.end], day)
        alike = vectors @ window.clauses.T
        likeness = Likeness(
            whole=float(vectors[0] @ window.vector),
            part=float(alike[0].max()),
            covered=float(alike[1:].max(axis=0).min()),
        )
        yield Rated(window.span, window.single, compare(said, text, passage, likeness))


def _best(number: int, hit: Hit, rated: Sequence[Rated]) -> Support:
    """The likeliest; two sentences only if they are likelier than each by `_PAIR`."""
    if not rated:
        return Support(hit=number, start=hit.start, end=hit.start, probability=0.0)
    found = [(probability(one.figures), one) for one in rated]
    likely, best = max(found, key=lambda one: (one[0] - _PAIR * (not one[1].single), -one[1].span.start))
    return Support(
        hit=number, start=hit.start + best.span.start, end=hit.start + best.span.end, probability=likely
    )
