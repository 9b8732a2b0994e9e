"""Question -> hits: both searches, their scores fused, each passage shown with its neighbours.

Takes an embedder, a shelf of passages and a keyword index, each by its protocol; gives hits with what is known of
their articles. Knows nothing of answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import Protocol

from qa.errors import QuestionError
from qa.records import ArticleInfo, Filters, Hit, Passage, Reasons
from qa.retrieve.scores import Key, Time, fused, later, times_of
from qa.retrieve.surroundings import Shown, shown

DEPTH = 50
"""How many passages each search brings to the fusion."""
_NEAR = 1000
"""How many the vector search names, so that some of them are of the time asked about, or pass the filters."""
_FEW = 500
"""If so few pass the filters, each is compared."""
_MANY = 5000
"""If more pass the filters, those that are wanted are looked up one by one."""
_LOOKED_UP = 300
"""How many of the nearest are looked up then: enough, as many pass."""
_SPARE = 20
"""How many more than asked for are looked at, in case some lie within others."""
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


class Passages(Protocol):
    """Where passages are kept with their vectors."""

    def nearest_keys(self, vector: Sequence[float], k: int) -> Mapping[Key, float]:
        """The passages nearest to a vector with their cosine, nearest first."""

    def similarities(self, keys: Sequence[Key], vector: Sequence[float]) -> Mapping[Key, float]:
        """The cosine of these passages to a vector, of those that are there."""

    def passages_at(self, keys: Sequence[Key]) -> Mapping[Key, Passage]:
        """The passages of these hashes and numbers, those that are there."""

    def infos(self, article_ids: Sequence[str]) -> Mapping[str, ArticleInfo]:
        """What is known of some articles, by id."""


class Words(Protocol):
    """Where passages are found by their words."""

    def search(self, question: str, k: int, filters: Filters | None = None) -> Sequence[Found]:
        """The passages that share most with the question, best first."""

    def passing(self, keys: Iterable[Key], filters: Filters) -> Set[Key]:
        """Which of some passages the filters let through."""

    def every(self, filters: Filters, most: int) -> Set[Key] | None:
        """All passages that the filters let through, None if these are more than `most`."""

    def shared(self, question: str, text: str, language: str | None = None) -> tuple[str, ...]:
        """The words of a text in a language that the question has, too, as the text spells them."""


@dataclass(frozen=True, slots=True)
class _Candidates:
    """Passages with what both searches said of them, their rank in each, and what they gain by their day."""

    similarities: dict[Key, float]
    dense_ranks: dict[Key, int]
    keyword_scores: dict[Key, float]
    keyword_ranks: dict[Key, int]
    gains: dict[Key, float]


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
    """The `k` best passages for a question asked on the day `asked` (today), best first, none within another.

    A passage's score is that of `fused`, 0 to 1. A hit is the passage with as much before and after it as fits.
    Raises `QuestionError` for a question that is empty or far too long.
    """
    question = whole(question).strip()
    if not question:
        raise QuestionError("the question is empty: type what you want to know")
    if len(question) > LONGEST_QUESTION:
        raise QuestionError(f"the question is longer than {LONGEST_QUESTION:,} characters: shorten it")
    if filters == Filters():
        filters = None
    asked = asked or date.today()
    times, timeless = times_of(question, asked)
    vector = embedder.embed_query(question)
    found = _candidates(vector, timeless, times, max(k, DEPTH), passages, words, filters)
    scores = fused(found.similarities, found.keyword_scores, found.gains)
    # What is known of an article is looked up for the first few only: at 200,000 passages that is what takes time.
    first = sorted(scores, key=lambda key: (-scores[key], key))[: k + _SPARE]
    texts = passages.passages_at(first)
    infos = passages.infos(list({passage.article_id for passage in texts.values()}))
    live = {
        key: infos[texts[key].article_id]
        for key in first
        if key in texts and (info := infos.get(texts[key].article_id)) and info.hash == key[0]
    }
    final = {key: max(0.0, scores[key] - later(info.published, asked)) for key, info in live.items()}
    best = sorted(final, key=lambda key: (-final[key], key))
    hits: list[Hit] = []
    for one in shown([texts[key] for key in best], k, passages.passages_at):
        key = (one.passage.article_hash, one.passage.number)
        spoken = [time.holds(live[key].published) for time in times if time.spoken]
        why = Reasons(
            dense_rank=found.dense_ranks.get(key),
            similarity=found.similarities[key],
            keyword_rank=found.keyword_ranks.get(key),
            keyword_score=found.keyword_scores.get(key),
            words=words.shared(timeless, one.text, one.passage.language)
            if key in found.keyword_scores
            else (),
            of_its_time=any(spoken) if spoken else None,
        )
        hits.append(_hit(one, live[key], final[key], why))
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
    everywhere = dict(passages.nearest_keys(vector, max(depth, _NEAR)))
    similarities = dict(everywhere)
    dense, _ = _nearest(vector, everywhere, depth, passages, words, filters)
    scored = {
        (one.article_hash, one.number): one.score
        for one in words.search(question, max(depth, _SCORED), filters)
    }
    keyword = list(scored)
    wanted = dict.fromkeys([*dense, *keyword[:depth]])
    similarities |= dense
    windows: list[tuple[Filters, Set[Key] | None, float]] = []
    for time in times:
        then = _within(filters, time)
        if then is not None:
            near, all_of_then = _nearest(vector, everywhere, depth, passages, words, then)
            of_then = {
                (one.article_hash, one.number): one.score for one in words.search(question, depth, then)
            }
            similarities |= near
            scored |= of_then
            wanted |= dict.fromkeys([*near, *of_then])
            windows.append((then, all_of_then, time.gain))
    similarities |= passages.similarities([key for key in wanted if key not in similarities], vector)
    gains: dict[Key, float] = {}
    for then, all_of_then, gain in windows:
        for key in words.passing(wanted, then) if all_of_then is None else all_of_then & wanted.keys():
            gains[key] = max(gains.get(key, 0.0), gain)
    return _Candidates(
        similarities={key: similarities[key] for key in wanted if key in similarities},
        dense_ranks={key: rank for rank, key in enumerate(list(dense)[:depth], start=1)},
        keyword_scores=scored,
        keyword_ranks={key: rank for rank, key in enumerate(keyword, start=1)},
        gains=gains,
    )


def _nearest(
    vector: Sequence[float],
    everywhere: Mapping[Key, float],
    depth: int,
    passages: Passages,
    words: Words,
    filters: Filters | None,
) -> tuple[dict[Key, float], Set[Key] | None]:
    """The `depth` nearest of those that the filters let through, nearest first, and all that pass unless too many do.

    They are taken from the nearest of all, unless so few pass that each can be compared: Chroma's own filter needs a
    second over 200,000 passages.
    """
    if filters is None:
        return dict(islice(everywhere.items(), depth)), None
    every = words.every(filters, _MANY)
    if every is None or len(every) > _FEW:
        passing = words.passing(list(everywhere)[:_LOOKED_UP], filters) if every is None else every
        return dict(islice(((key, near) for key, near in everywhere.items() if key in passing), depth)), every
    near = {key: everywhere[key] for key in every if key in everywhere}
    near |= passages.similarities([key for key in every if key not in near], vector)
    return dict(sorted(near.items(), key=lambda one: (-one[1], one[0]))[:depth]), every


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
