"""Question, hits -> the sentence that supports an answer best, or none: an answerer that can only quote.

Every sentence of the best passages is scored by its meaning (cosine to the question, as it is and again without the
topic that all of them share), its words (how many of the question's telling words it holds, and how many its passage),
whether it adds the kind of thing that is asked for (a name, a number, a day) and its passage's rank; the score is a
probability. Takes an encoder and a lexicon by their protocols; knows nothing of stores or of how passages are found.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from qa.records import Answer, Citation, Hit, Question, Span
from qa.sentences import sentences, trim

MODEL = "reader"
DECLINE = 0.15
"""Below this confidence the articles do not say."""

_HITS_READ = 10
_CITATIONS = 3
_SUPPORT = 0.5
"""A further sentence is cited from this share of the best one's confidence."""
_COPY = 0.75
"""Two sentences that share this part of their words (Jaccard) are one statement told twice."""
_FEWEST_WORDS = 4

_BULLET = re.compile(r"[•◦▪‣*·–—-]+\s+")
_WORD = re.compile(r"\w+")
_NAME = r"[A-ZÀ-Þ][\w’'-]+"
_NUMBER_WORDS = (
    "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|sixty|hundred|hundreds|"
    "thousand|thousands|million|millions|billion|billions|dozen|dozens|half|first|second|third|several|zwei|drei"
)
_NUMBER = re.compile(rf"\d|\b(?:{_NUMBER_WORDS})\b", re.IGNORECASE)
_TIME = re.compile(
    r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\b(?:1[5-9]|20)\d\d\b|\b(?:today|yesterday|tomorrow|morning|evening|"
    r"afternoon|night|midnight|noon|january|february|march|april|may|june|july|august|september|october|november|"
    r"december|week|month|year|decade|century|hours?|minutes?|days?)\b",
    re.IGNORECASE,
)
_BARE_THING = re.compile(r"\b[Tt]he ([a-z]{3,})\b(?! (?:of|in|with|between|on|at|over|for|from|[A-Z]))")
_PLACE = re.compile(
    rf"\b(?:[Ii]n|[Aa]t|[Oo]n|[Tt]o|[Ff]rom|[Nn]ear|[Oo]ff|[Oo]ver|[Oo]utside|[Tt]hrough)\s+(?:the\s+)?(?:\w+\s+){{0,3}}{_NAME}"
)
_PERSON = re.compile(rf"(?<=[\w,;:”’—–-]\s){_NAME}|^{_NAME}\s+{_NAME}")
_REASON = re.compile(
    r"\b(?:because|since|as|due|after|so that|in order|to|cause[ds]?|reasons?|led|result(?:ed|ing)?|over|amid|for)\b",
    re.IGNORECASE,
)
_PAPER = re.compile(
    r"\b(?:newspapers?|daily|times|post|news|journal|herald|tribune|gazette|magazine|agency|interview)\b",
    re.IGNORECASE,
)
_KINDS: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = (
    (re.compile(r"\b(?:what|which) (?:newspaper|paper|magazine|journal|news agency)\b"), _PAPER),
    (
        re.compile(
            r"\bhow (?:many|much|long|far|old|tall|big|large|fast|often|high|heavy)\b|"
            r"\bwhat (?:percentage|number|share|score)\b"
        ),
        _NUMBER,
    ),
    (
        re.compile(
            r"\bwhen\b|\b(?:what|which) (?:day|date|year|month|time|decade|century)\b|\bon what day\b"
        ),
        _TIME,
    ),
    (
        re.compile(
            r"\bwhere\b|\b(?:what|which) (?:city|country|town|place|island|port|state|region|venue)\b"
        ),
        _PLACE,
    ),
    (
        re.compile(
            r"\bwho(?:m|se)?\b|\b(?:what|which) (?:person|man|woman|leader|president|official|team|company)\b"
        ),
        _PERSON,
    ),
    (re.compile(r"\bwhy\b|\bwhat (?:caused|led)\b|\bfor what reason\b"), _REASON),
)

# Weights of the features of `Candidate`, in their order, near those of logistic regressions on 533 questions over 1,502
# encyclopedia paragraphs and on the questions over corpus/. On 164 other questions over the paragraphs the best
# sentence holds the answer in 74 of 100 cases, as with the regression itself; over corpus/ the command
# `qa eval tests/data/corpus-questions.jsonl` says how often ("quoted").
_WEIGHTS = (3.0, 4.0, 2.0, 1.0, 1.0, 3.0, -2.0)
_BIAS = -8.5
_UNSEEN = 0.5
"""What a word of the question counts that the passages read do not hold at all: it may be put in other words there."""


class Encoder(Protocol):
    """Texts -> unit vectors."""

    def encode(self, texts: Sequence[str], *, kind: str = "document") -> NDArray[np.float32]:
        """Shape (len(texts), dimensions)."""


class Lexicon(Protocol):
    """Knows the words of the collection."""

    def stems(self, text: str) -> list[str]:
        """The distinct content words of a text, stemmed."""

    def rarity(self, stems: Iterable[str]) -> dict[str, float]:
        """The idf of each stem."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A sentence of a hit: its range in the article and the features that speak for it."""

    hit: Hit
    start: int
    end: int
    text: str
    features: tuple[float, ...] = ()

    @property
    def confidence(self) -> float:
        """The probability that this sentence answers the question, 0..1."""
        total = _BIAS + sum(w * f for w, f in zip(_WEIGHTS, self.features, strict=True))
        return 1 / (1 + math.exp(-total))


class Quoter:
    """Answers with the sentence that supports an answer best, and declines below `DECLINE`."""

    def __init__(self, encoder: Encoder, lexicon: Lexicon) -> None:
        self._encoder = encoder
        self._lexicon = lexicon

    def answer(self, question: Question, hits: Sequence[Hit]) -> Iterator[Answer]:
        """One answer: the best sentence with its citations, or none with the nearest passages."""
        best = _without_copies(self.candidates(question.text, hits))
        confidence = best[0].confidence if best else 0.0
        if confidence < DECLINE:
            yield _declined(question, hits, confidence)
            return
        cited = [one for one in best[:_CITATIONS] if one.confidence >= _SUPPORT * confidence]
        yield Answer(
            question=question.text,
            answered=True,
            answer=cited[0].text,
            confidence=confidence,
            citations=tuple(_citation(number, one) for number, one in enumerate(cited, start=1)),
            nearest=(),
            model=MODEL,
            seconds=0.0,
        )

    def candidates(self, question: str, hits: Sequence[Hit]) -> list[Candidate]:
        """The sentences of the first hits with their features, the most probable first."""
        found: dict[tuple[str, int], Candidate] = {}
        for hit in hits[:_HITS_READ]:
            for one in _sentences(hit):
                found.setdefault((hit.article_id, one.start), one)
        bare = list(found.values())
        if not bare:
            return []
        vectors = self._encoder.encode([one.text for one in bare])
        asked = self._encoder.encode([question], kind="query")[0]
        closeness, specific = vectors @ asked, _without_topic(vectors, asked)
        rarity = self._weigh(question, hits)
        scored = [
            Candidate(
                hit=one.hit,
                start=one.start,
                end=one.end,
                text=one.text,
                features=(
                    float(cosine),
                    float(special),
                    self._coverage(rarity, one.text),
                    self._coverage(rarity, f"{one.hit.title} {one.hit.text}"),
                    _kind_match(question, one.text),
                    one.hit.score,
                    _is_another(question, one),
                ),
            )
            for one, cosine, special in zip(bare, closeness, specific, strict=True)
        ]
        return sorted(scored, key=lambda one: -one.confidence)

    def _weigh(self, question: str, hits: Sequence[Hit]) -> dict[str, float]:
        """How telling each word of the question is."""
        seen = set(self._lexicon.stems(" ".join(f"{hit.title} {hit.text}" for hit in hits[:_HITS_READ])))
        rarity = self._lexicon.rarity(self._lexicon.stems(question))
        return {stem: weight if stem in seen else _UNSEEN * weight for stem, weight in rarity.items()}

    def _coverage(self, rarity: dict[str, float], text: str) -> float:
        """The share of the question's telling words, weighted by rarity, that a text holds."""
        total = sum(rarity.values())
        held = set(self._lexicon.stems(text))
        return sum(weight for stem, weight in rarity.items() if stem in held) / total if total else 0.0


def _sentences(hit: Hit) -> Iterator[Candidate]:
    """The sentences of a hit that say something: no headings, page numbers or agency tags."""
    for span in sentences(hit.text):
        inner = trim(hit.text, span)
        bullet = _BULLET.match(hit.text, inner.start, inner.end)
        inner = Span(start=bullet.end(), end=inner.end) if bullet else inner
        text = hit.text[inner.start : inner.end]
        if len(_WORD.findall(text)) >= _FEWEST_WORDS and not text.isupper():
            yield Candidate(hit=hit, start=hit.start + inner.start, end=hit.start + inner.end, text=text)


def _without_topic(vectors: NDArray[np.float32], asked: NDArray[np.float32]) -> NDArray[np.float32]:
    """Cosines to the question after the mean direction of all sentences is taken out of both.

    What they have in common ("Kim", "Vladivostok") says that they are on the topic, not which of them answers.
    """
    topic = vectors.mean(axis=0)
    topic /= max(float(np.linalg.norm(topic)), 1e-9)
    rest = vectors - np.outer(vectors @ topic, topic)
    question = asked - (asked @ topic) * topic
    lengths = np.linalg.norm(rest, axis=1) * np.linalg.norm(question)
    cosines: NDArray[np.float32] = (rest @ question) / np.maximum(lengths, 1e-6)
    return cosines


def _kind_match(question: str, sentence: str) -> float:
    """1 if the sentence adds the kind of thing that is asked for, 0 if it does not, 0.5 if any kind will do.

    Words of the question do not count: "who met Kim?" is not answered by the name of Kim.
    """
    given = set(_WORD.findall(question.casefold()))
    added = _WORD.sub(lambda word: "_" if word[0].casefold() in given else word[0], sentence)
    for asked, held in _KINDS:
        if asked.search(question.casefold()):
            return 1.0 if held.search(added) else 0.0
    return 0.5


def _is_another(question: str, one: Candidate) -> float:
    """1 if the sentence is about another thing of the kind that the question calls "the" something, else 0.

    "The summit" is the one that the articles are about: "the summit with Trump" or "the Hanoi summit" is another,
    unless the question or the headline has that name too.
    """
    known = set(_WORD.findall(f"{question} {one.hit.title}".casefold()))
    for thing in _BARE_THING.findall(question):
        before = rf"\b({_NAME})\s+{thing}\b"
        after = rf"\b{thing}\s+(?:with|in|between|of|at)\s+(?:the\s+)?(?:\w+\s+)?({_NAME})"
        names = re.findall(before, one.text) + re.findall(after, one.text)
        if any(not known & set(_WORD.findall(name.casefold())) for name in names):
            return 1.0
    return 0.0


def _without_copies(candidates: Sequence[Candidate]) -> list[Candidate]:
    """The candidates without those that say again, nearly word for word, what a better one says."""
    kept: list[tuple[Candidate, set[str]]] = []
    for one in candidates:
        words = set(_WORD.findall(one.text.casefold()))
        if all(len(words & other) < _COPY * len(words | other) for _, other in kept):
            kept.append((one, words))
        if len(kept) == _CITATIONS:
            break
    return [one for one, _ in kept]


def _citation(number: int, one: Candidate) -> Citation:
    return Citation(
        number=number,
        article_id=one.hit.article_id,
        title=one.hit.title,
        source=one.hit.source,
        url=one.hit.url,
        published=one.hit.published,
        start=one.start,
        end=one.end,
        quote=one.text,
        answer_start=one.start,
        answer_end=one.end,
    )


def _declined(question: Question, hits: Sequence[Hit], confidence: float) -> Answer:
    return Answer(
        question=question.text,
        answered=False,
        answer=None,
        confidence=confidence,
        citations=(),
        nearest=tuple(hits[:_CITATIONS]),
        model=MODEL,
        seconds=0.0,
    )
