"""Question, hits -> the span that answers, in the sentence that says it, or none: an answerer that can only quote.

The reader points at spans of the best passages; here they are weighed against each other: how well retrieval liked the
passage, how many articles say the same, whether the sentence is about another thing of the kind ("the summit with
Trump" where "the summit" was asked for). Takes a reader by its protocol; knows nothing of stores or of how passages are
found.
"""

from __future__ import annotations

import math
import re
from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from langchain_core.runnables import RunnableConfig

from qa.records import Answer, Citation, Claim, Hit, Question, Span
from qa.sentences import sentences, trim

MODEL = "reader"
DECLINE = 0.5
"""Below this confidence the articles do not say: the answer would sooner be wrong than right. On the "tune" halves of
the case sets F1 with abstention is 0.484 here, and 0.496 at its best, 0.45, where more is answered wrongly."""

HITS_READ = 6
"""Of 4, 5, 6, 7, 8 and 10, and on the "tune" halves, the one with the best answers, forced and with abstention."""
_CITATIONS = 3
_OPENING = 3
OPENING = "These are the sentences that open the article. With a chat model (--model) qa writes a summary."
OPENINGS = "These sentences open the latest passages on it. With a chat model (--model) qa writes a summary."
_HIT_WEIGHT = 3.0
"""Log odds between the best hit and one with a score of 0."""
_SLOPE, _SHIFT = 0.43, 0.91
"""From log odds to a confidence: the probability that the first quote holds the right answer (logistic regression after
Platt 1999, on the same halves). The reader's own probability is about one passage; of ten, the best one is chosen."""
_ANOTHER = 1.0
"""Log odds that a sentence about another thing of the kind loses."""
_AGREEMENT = 0.35
"""Log odds that an answer gains with each doubling of the articles that give it."""
_FURTHER = 1.25
"""Other answers are cited, too, if they are at most this much less likely, in log odds, and not below `DECLINE`."""
_FEWEST_WORDS = 3
_TOLD = 6
"""Words of the shortest sentence that opens an article."""
_COPY = 0.75
"""Two sentences that share this part of their words (Jaccard) are one statement told twice."""

_WORD = re.compile(r"\w+")
_PARAGRAPH = re.compile(r"\n\s*\n")
_NAME = r"[A-ZÀ-Þ][\w’'-]+"
_BULLET = re.compile(r"[•◦▪‣*·–—-]+\s+")
_BARE_THING = re.compile(r"\b[Tt]he ([a-z]{3,})\b(?! (?:of|in|with|between|on|at|over|for|from|[A-Z]))")
_WANTS_SENTENCE = re.compile(
    r"(?:and |but |so )?(?:why|how come|what happen|what is said|what do (?:the )?(?:articles|papers|reports) say|"
    r"is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|explain|describe|tell)\b",
    re.IGNORECASE,
)


class Reading(Protocol):
    """A span of a passage that may answer: log odds `score`, and where it is."""

    @property
    def passage(self) -> int:
        """Which of the passages."""

    @property
    def start(self) -> int:
        """Where the span starts in the passage."""

    @property
    def end(self) -> int:
        """Where the span ends in the passage."""

    @property
    def score(self) -> float:
        """The log odds that the span answers."""


class Reader(Protocol):
    """Points at spans."""

    def read(
        self, question: str, passages: Sequence[str], titles: Sequence[str] | None = None
    ) -> Sequence[Reading]:
        """The best spans of each passage, best first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A span that may answer and its sentence, both as ranges of the article, with the log odds that it answers."""

    hit: Hit
    sentence: Span
    span: Span
    odds: float

    @property
    def quote(self) -> str:
        """The sentence."""
        return self.hit.text[self.sentence.start - self.hit.start : self.sentence.end - self.hit.start]

    @property
    def text(self) -> str:
        """The answer."""
        return self.hit.text[self.span.start - self.hit.start : self.span.end - self.hit.start]


class Quoter:
    """Answers with the span that most speaks for, in its sentence, and declines below `DECLINE`."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def answer(
        self,
        question: Question,
        hits: Sequence[Hit],
        config: RunnableConfig | None = None,  # noqa: ARG002 - nothing of LangChain's runs inside
    ) -> Generator[Answer]:
        """One answer: the best span with the sentences that say it, or none with the nearest passages.

        Where a summary is asked for, or what is new, the sentences that open the articles.
        """
        if question.kind != "question":
            yield opening(question, hits)
            return
        ranked = agree(self.candidates(question.text, hits[: question.passages or HITS_READ]))
        confidence = _confidence(ranked[0].odds) if ranked else 0.0
        if confidence < DECLINE:
            yield _declined(question, hits, confidence)
            return
        if _WANTS_SENTENCE.match(question.text.strip()):
            ranked = [replace(one, span=one.sentence) for one in ranked]
        likely = [
            one
            for one in ranked
            if one.odds >= ranked[0].odds - _FURTHER and _confidence(one.odds) >= DECLINE
        ]
        cited = _without_copies(likely)[:_CITATIONS]
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
        """The spans of the hits, most likely first; one that two passages share counts once."""
        found: dict[tuple[str, int, int], Candidate] = {}
        for reading in self._reader.read(question, [hit.text for hit in hits], [hit.title for hit in hits]):
            hit = hits[reading.passage]
            one = _candidate(hit, reading, reading.score + _HIT_WEIGHT * (hit.score - 1))
            if not _words(one.text) or not _says_something(one.quote) or _PARAGRAPH.search(one.text):
                continue
            one = replace(one, odds=one.odds - _ANOTHER * _is_another(question, one))
            key = (hit.article_id, one.span.start, one.span.end)
            if key not in found or found[key].odds < one.odds:
                found[key] = one
        return sorted(found.values(), key=lambda one: -one.odds)


def opening(question: Question, hits: Sequence[Hit]) -> Answer:
    """The first sentences of the article, or of each of several, cited: what the reader has for a summary.

    A newspaper's article begins with what matters most in it.
    """
    articles = {hit.article_id: hit for hit in reversed(hits)}
    firsts = [articles[article_id] for article_id in dict.fromkeys(hit.article_id for hit in hits)]
    cited: list[Candidate] = []
    for hit in firsts[:_OPENING]:
        spans = [trim(hit.text, span) for span in sentences(hit.text, language=hit.language)]
        spans = [span for span in spans if _is_told(hit.text[span.start : span.end])]
        for span in spans[: 1 if len(firsts) > 1 else _OPENING]:
            there = Span(start=hit.start + span.start, end=hit.start + span.end)
            cited.append(Candidate(hit=hit, sentence=there, span=there, odds=0.0))
    if not cited:
        return _declined(question, hits, 0.0)
    text, claims = "", []
    for number, one in enumerate(cited, start=1):
        start = len(text)
        text += f"{one.quote} [{number}]\n"
        claims.append(Claim(start=start, end=start + len(one.quote), citations=(number,), supported=True))
    return Answer(
        question=question.text,
        answered=True,
        answer=text.rstrip(),
        confidence=1.0,
        citations=tuple(_citation(number, one) for number, one in enumerate(cited, start=1)),
        nearest=(),
        model=MODEL,
        seconds=0.0,
        claims=tuple(claims),
        note=OPENING if len(firsts) == 1 else OPENINGS,
    )


def agree(candidates: Sequence[Candidate]) -> list[Candidate]:
    """The candidates with the odds of each raised by how many articles give its answer, most likely first.

    An article counts with the probability of its own best reading. Sentences that are copies of each other count once.
    """
    raised: list[Candidate] = []
    for one in candidates:
        same = [other for other in candidates if _same(one.text, other.text)]
        weight = sum(_probability(other.odds) for other in _one_an_article(_without_copies(same)))
        gain = _AGREEMENT * math.log2(max(1.0, weight))
        raised.append(replace(one, odds=one.odds + gain))
    return sorted(raised, key=lambda one: -one.odds)


def _candidate(hit: Hit, reading: Reading, odds: float) -> Candidate:
    """A reading with the sentence around it; one that runs over a boundary has all sentences that it touches."""
    own = sentences(hit.text, language=hit.language)
    touched = [span for span in own if span.start < reading.end and span.end > reading.start]
    around = trim(hit.text, Span(start=touched[0].start, end=touched[-1].end))
    bullet = _BULLET.match(hit.text, around.start, reading.start)
    start = bullet.end() if bullet else around.start
    return Candidate(
        hit=hit,
        sentence=Span(
            start=hit.start + min(start, reading.start), end=hit.start + max(around.end, reading.end)
        ),
        span=Span(start=hit.start + reading.start, end=hit.start + reading.end),
        odds=odds,
    )


def _confidence(odds: float) -> float:
    return _probability(_SLOPE * odds + _SHIFT)


def _probability(odds: float) -> float:
    return 0.5 * (1.0 + math.tanh(odds / 2))  # 1 / (1 + e^-odds), without overflow


def _same(one: str, other: str) -> bool:
    """Whether two answers say the same: the words of one, articles aside, are those of the other or a part of them."""
    first, second = _words(one), _words(other)
    return bool(first) and bool(second) and (first <= second or second <= first)


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.casefold())) - {"the", "a", "an"}


def _says_something(sentence: str) -> bool:
    """Whether it is a sentence: no heading in capitals, no agency's name, no number of a page."""
    return len(_WORD.findall(sentence)) >= _FEWEST_WORDS and not sentence.isupper()


def _is_told(sentence: str) -> bool:
    """Whether a sentence tells something: no headline, by-line or date alone."""
    return _says_something(sentence) and len(_WORD.findall(sentence)) >= _TOLD and sentence[-1] in '.!?"”’)»…'


def _one_an_article(candidates: Sequence[Candidate]) -> list[Candidate]:
    """The most likely candidate of each article."""
    best: dict[str, Candidate] = {}
    for one in candidates:
        best.setdefault(one.hit.article_id, one)
    return list(best.values())


def _is_another(question: str, one: Candidate) -> bool:
    """Whether the sentence is about another thing of the kind that the question calls "the" something.

    "The summit" is the one that the articles are about: "the summit with Trump" or "the Hanoi summit" is another,
    unless the question or the headline has that name too.
    """
    known = set(_WORD.findall(f"{question} {one.hit.title}".casefold()))
    for thing in _BARE_THING.findall(question):
        before = rf"\b({_NAME})\s+{thing}\b"
        after = rf"\b{thing}\s+(?:with|in|between|of|at)\s+(?:the\s+)?(?:\w+\s+)?({_NAME})"
        names = re.findall(before, one.quote) + re.findall(after, one.quote)
        if any(not known & set(_WORD.findall(name.casefold())) for name in names):
            return True
    return False


def _without_copies(candidates: Sequence[Candidate]) -> list[Candidate]:
    """The candidates without those whose sentence says again, nearly word for word, what that of a better one says."""
    kept: list[tuple[Candidate, set[str]]] = []
    for one in candidates:
        words = _words(one.quote)
        if all(len(words & other) < _COPY * max(1, len(words | other)) for _, other in kept):
            kept.append((one, words))
    return [one for one, _ in kept]


def _citation(number: int, one: Candidate) -> Citation:
    return Citation(
        number=number,
        article_id=one.hit.article_id,
        title=one.hit.title,
        source=one.hit.source,
        url=one.hit.url,
        published=one.hit.published,
        start=one.sentence.start,
        end=one.sentence.end,
        quote=one.quote,
        answer_start=one.span.start,
        answer_end=one.span.end,
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
