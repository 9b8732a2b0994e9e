"""Question -> hits: both searches, their scores fused, each passage shown with its neighbours.

Takes an embedder, a shelf of passages and a keyword index, each by its protocol; gives hits with what is known of
their articles. Knows nothing of answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from qa.errors import QuestionError
from qa.records import ArticleInfo, Filters, Hit, Passage, Reasons
from qa.retrieve.scores import Key, Time, fused, times_of
from qa.retrieve.surroundings import Shown, shown

DEPTH = 50
"""How many passages each search brings to the fusion."""
_SCORED = 200
"""How many the keyword search scores, for those of the vector search that share words, too."""

LONGEST_QUESTION = 4000
"""Characters. Beyond this it is a text, not a question."""


class QueryEmbedder(Protocol):
    """Gives the vector of a question."""

    def embed_query(self, text: str) -> list[float]:
        """The unit vector of a text."""


class Found(Protocol):
    """What the keyword search says of one passage: which article version it is of, its number there, its score."""

    @property
    def article_hash(self) -> str:
        """The hash of the passage's article."""

    @property
    def number(self) -> int:
        """The passage's place in its article, from 0."""

    @property
    def score(self) -> float:
        """BM25."""


class Near(Protocol):
    """A passage and how near it is to a vector."""

    @property
    def passage(self) -> Passage:
        """The passage itself."""

    @property
    def similarity(self) -> float:
        """The cosine of both vectors."""


class Passages(Protocol):
    """Where passages are kept with their vectors."""

    def nearest(self, vector: Sequence[float], k: int, filters: Filters | None = None) -> Sequence[Near]:
        """The passages nearest to a vector, nearest first."""

    def neighbours_at(self, keys: Sequence[Key], vector: Sequence[float]) -> Sequence[Near]:
        """The passages of these hashes and numbers, those that are there, and how near they are to a vector."""

    def passages_at(self, keys: Sequence[Key]) -> dict[Key, Passage]:
        """The passages of these hashes and numbers, those that are there."""

    def infos(self, article_ids: Sequence[str]) -> dict[str, ArticleInfo]:
        """What is known of some articles, by id."""


class Words(Protocol):
    """Where passages are found by their words."""

    def search(self, question: str, k: int, filters: Filters | None = None) -> Sequence[Found]:
        """The passages that share most with the question, best first."""

    def shared(self, question: str, text: str, language: str | None = None) -> tuple[str, ...]:
        """The words of a text in a language that the question has, too, as the text spells them."""


@dataclass(frozen=True, slots=True)
class _Candidates:
    """Passages with what both searches said of them, in the order of each search."""

    near: dict[Key, Near]
    dense: list[Key]
    keyword: list[Key]
    keyword_scores: dict[Key, float]


def search(
    question: str,
    *,
    k: int,
    embedder: QueryEmbedder,
    passages: Passages,
    words: Words,
    asked: date | None = None,
    filters: Filters | None = None,
) -> list[Hit]:
    """The `k` best passages for a question asked on the day `asked` (today), best first, no text in two of them.

    A passage's score is that of `fused`, 0 to 1. A hit is the passage with as much before and after it as fits.
    Raises `QuestionError` for a question that is empty or far too long.
    """
    question = whole(question).strip()
    if not question:
        raise QuestionError("the question is empty: type what you want to know")
    if len(question) > LONGEST_QUESTION:
        raise QuestionError(f"the question is longer than {LONGEST_QUESTION:,} characters: shorten it")
    asked = asked or date.today()
    times, timeless = times_of(question, asked)
    found = _candidates(
        embedder.embed_query(question), timeless, times, max(k, DEPTH), passages, words, filters
    )
    infos = passages.infos(list({near.passage.article_id for near in found.near.values()}))
    live = {
        key: near
        for key, near in found.near.items()
        if (info := infos.get(near.passage.article_id)) and info.hash == key[0]
    }
    published = {key: infos[near.passage.article_id].published for key, near in live.items()}
    scores = fused(
        {key: near.similarity for key, near in live.items()}, found.keyword_scores, published, times, asked
    )
    best = sorted(scores, key=lambda key: (-scores[key], key))
    merged = shown([live[key].passage for key in best], k, passages.passages_at)
    ranks = {key: rank for rank, key in enumerate(found.dense, start=1)}
    word_ranks = {key: rank for rank, key in enumerate(found.keyword, start=1)}
    spoken = [time for time in times if time.spoken]
    hits: list[Hit] = []
    for one in merged:
        key = (one.passage.article_hash, one.passage.number)
        why = Reasons(
            dense_rank=ranks.get(key),
            similarity=live[key].similarity,
            keyword_rank=word_ranks.get(key),
            keyword_score=found.keyword_scores.get(key),
            words=words.shared(timeless, one.text, one.passage.language)
            if key in found.keyword_scores
            else (),
            of_its_time=any(time.holds(published[key]) for time in spoken) if spoken else None,
        )
        hits.append(_hit(one, infos[one.passage.article_id], scores[key], why))
    return hits


def _candidates(
    vector: Sequence[float],
    question: str,
    times: Sequence[Time],
    depth: int,
    passages: Passages,
    words: Words,
    filters: Filters | None,
) -> _Candidates:
    """What both searches bring, over everything and over the articles of the times asked about."""
    near = {_key(one): one for one in passages.nearest(vector, depth, filters)}
    dense = list(near)
    shared = {
        (one.article_hash, one.number): one.score
        for one in words.search(question, max(_SCORED, depth), filters)
    }
    keyword = list(shared)
    wanted = keyword[:depth]
    for time in times:
        then = _within(filters, time)
        if then is not None:
            near |= {_key(one): one for one in passages.nearest(vector, depth, then)}
            of_then = {
                (one.article_hash, one.number): one.score for one in words.search(question, depth, then)
            }
            shared |= of_then
            wanted += of_then
    missing = [key for key in dict.fromkeys(wanted) if key not in near]
    near |= {_key(one): one for one in passages.neighbours_at(missing, vector)}
    return _Candidates(near=near, dense=dense, keyword=keyword, keyword_scores=shared)


def whole(text: str) -> str:
    r"""A text without halves of surrogate pairs, which no tokenizer takes: "?" in their place.

    >>> whole("caf\udcff")
    'caf?'
    """
    return text.encode(errors="replace").decode()


def _within(filters: Filters | None, time: Time) -> Filters | None:
    """The filters narrowed to a time; None if nothing can pass both."""
    filters = filters or Filters()
    first = max(time.first.isoformat(), filters.published_from or "")
    last = min(time.last.isoformat(), filters.published_to or "9999-12-31")
    return replace(filters, published_from=first, published_to=last) if first <= last else None


def _key(near: Near) -> Key:
    return near.passage.article_hash, near.passage.number


def _hit(one: Shown, info: ArticleInfo, score: float, why: Reasons) -> Hit:
    return Hit(
        article_id=info.id,
        title=info.title,
        source=info.source,
        url=info.url,
        published=info.published,
        start=one.start,
        end=one.end,
        text=one.text,
        score=score,
        language=info.language,
        why=why,
    )
