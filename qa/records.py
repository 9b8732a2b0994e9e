"""The nouns: everything that passes between two stages, frozen.

Takes and gives nothing; knows nothing of files, models, Chroma or screens. Offsets everywhere count
Unicode code points in `Article.text`, and every `text` and `quote` is `article.text[start:end]`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Literal

from qa.errors import QuestionError

SURE = 0.6
"""Confidence from which an answer is shown without the word "unsure"."""

UNSUPPORTED = "[unsupported]"
"""What follows a sentence of a written answer that nothing supports, where the number of a citation would stand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One article. `published` is an ISO 8601 date or date-time, `path` the file that it came from."""

    id: str
    text: str
    title: str
    source: str | None = None
    url: str | None = None
    published: str | None = None
    author: str | None = None
    path: str | None = None

    @property
    def hash(self) -> str:
        """SHA-256 of text and metadata, hexadecimal: two articles with one hash are the same article."""
        canonical = json.dumps(asdict(self), ensure_ascii=True, sort_keys=True)
        return hashlib.sha256(canonical.encode("ascii")).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleInfo:
    """What the store keeps of an article apart from its text. `language`: an ISO 639-1 code, None if not known."""

    id: str
    hash: str
    title: str
    source: str | None
    url: str | None
    published: str | None
    author: str | None
    path: str | None
    characters: int
    passages: int
    language: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The object that `qa list --json` prints for this article."""
        keys = ("id", "title", "source", "url", "published", "author", "characters", "passages", "language")
        return {key: getattr(self, key) for key in keys}


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A half-open range of code points, `text[start:end]`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A slice of an article, the unit of retrieval. Passages of one article cover it completely.

    `language` is that of the article, an ISO 639-1 code, None if it is not known.
    """

    article_id: str
    article_hash: str
    number: int
    start: int
    end: int
    text: str
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which articles to look at. `published_from` and `published_to` are ISO dates, both included.

    Sources are named as their articles spell them, `languages` by ISO 639-1 codes. Articles without a date are left out
    when a date is asked for, those of unknown language when a language is. Raises `QuestionError` if one is no date.
    """

    article_ids: tuple[str, ...] | None = None
    sources: tuple[str, ...] | None = None
    published_from: str | None = None
    published_to: str | None = None
    languages: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        for day in (self.published_from, self.published_to):
            try:
                date.fromisoformat(day[:10] if day else "2000-01-01")
            except ValueError:
                raise QuestionError(f"{day!r} is not a day: write it as 2019-04-25") from None


def day_number(published: str) -> int:
    """The day of an ISO 8601 date or date-time as a number that sorts.

    >>> day_number("2019-04-24T18:00:00+10:00")
    20190424
    """
    return int(published[:10].replace("-", ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reasons:
    """Why a hit is where it is. A rank is None where that search did not bring the passage; ranks count from 1.

    `similarity` is the cosine of question and passage, `keyword_score` BM25, `words` those of the question that the
    passage shares, as it spells them; `of_its_time` whether the article was published in the days that the question
    speaks of, None if it speaks of none; `reader` the log odds that the passage answers, where it was read.
    """

    dense_rank: int | None
    similarity: float | None
    keyword_rank: int | None
    keyword_score: float | None
    words: tuple[str, ...] = ()
    of_its_time: bool | None = None
    reader: float | None = None

    def to_json(self) -> dict[str, Any]:
        """The object that `qa search --explain --json` prints as a hit's `why`."""
        return asdict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A passage found for a question, without blanks around it. `score` is 0..1, higher is better.

    `language` is the article's, an ISO 639-1 code, None if it is not known. `why` is None for what another retriever
    than ours found.
    """

    article_id: str
    title: str
    source: str | None
    url: str | None
    published: str | None
    start: int
    end: int
    text: str
    score: float
    language: str | None = None
    why: Reasons | None = None

    def to_json(self) -> dict[str, Any]:
        """The object that `qa search --json` prints for this hit."""
        keys = ("article_id", "title", "source", "published", "start", "end", "text", "score")
        return {key: getattr(self, key) for key in keys}


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A sentence that an answer stands on; `answer_start:answer_end` is the answer inside the article."""

    number: int
    article_id: str
    title: str
    source: str | None
    url: str | None
    published: str | None
    start: int
    end: int
    quote: str
    answer_start: int
    answer_end: int

    def to_json(self) -> dict[str, Any]:
        """The object that `qa ask --json` prints for this citation."""
        return asdict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One sentence of a written answer, `answer[start:end]`, without the numbers and marks that follow it.

    `citations` are the numbers of those that support it. `supported` is False where nothing that was found does, and
    None for a sentence that claims nothing ("Here is a summary:").
    """

    start: int
    end: int
    citations: tuple[int, ...]
    supported: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question as it was put: `asked` is the day it is asked on, `history` the turns before it.

    A turn is `(what the user said, what was answered)`. `kind` says whether it is a question at all: else a summary is
    asked for, or what is new. `passages` is how many it is answered from, None as many as the answerer is best with.
    """

    text: str
    asked: date
    history: tuple[tuple[str, str], ...] = ()
    filters: Filters | None = None
    kind: Literal["question", "summary", "news"] = "question"
    passages: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What comes back. Declined (the articles do not say): `answer` None, no citations, `nearest` filled.

    `understood` is the question as it was completed from the conversation, None where it stood alone. `claims` are the
    sentences of an answer that a chat model wrote, in order; the reader's answers have none. `note` says in a sentence
    what else is to be known, for example that the model failed and the reader answers in its place.
    """

    question: str
    answered: bool
    answer: str | None
    confidence: float
    citations: tuple[Citation, ...]
    nearest: tuple[Hit, ...]
    model: str
    seconds: float
    understood: str | None = None
    claims: tuple[Claim, ...] = ()
    note: str | None = None

    @property
    def sure(self) -> bool:
        """Whether the answer may be shown without a word of doubt."""
        return self.answered and self.confidence >= SURE

    def to_json(self) -> dict[str, Any]:
        """The object that `qa ask --json` prints."""
        return {
            "question": self.question,
            "answered": self.answered,
            "answer": self.answer,
            "confidence": self.confidence,
            "sure": self.sure,
            "citations": [citation.to_json() for citation in self.citations],
            "nearest": [hit.to_json() for hit in self.nearest],
            "understood": self.understood,
            "claims": [asdict(claim) for claim in self.claims],
            "note": self.note,
            "model": self.model,
            "seconds": self.seconds,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A source, or a line of one, that could not be read, and why."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddReport:
    """What became of the sources that were added. `gone`: articles whose file has gone from its folder."""

    added: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    unchanged: int = 0
    skipped: int = 0
    failed: tuple[Failure, ...] = ()
    gone: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    seconds: float = 0.0

    def to_json(self) -> dict[str, Any]:
        """The object that `qa add --json` prints."""
        return asdict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far an `add` or `reindex` is: articles stored or found unchanged, and the share of all bytes."""

    articles: int
    fraction: float
    current: str


OnProgress = Callable[[Progress], None]
