"""Made news: any number of articles from a few real ones, for measuring speed at size. Nothing in it is true.

A made article has the shape of a real one, so many sentences in each passage, and its sentences come from other real
articles of the same section, with names, numbers and dates changed. So words, lengths and what is frequent are those of
news, while no two passages are alike. Embedding 200,000 passages takes half an hour: here the real sentences are
embedded, and a made passage gets the unit mean of its sentences' vectors plus noise, which stands for what was
changed. Everything follows from the number of an article. Knows nothing of stores or of time.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count

import numpy as np
from numpy.typing import NDArray

from qa.embed import SentenceEmbedder
from qa.errors import QAError
from qa.language import language_of
from qa.records import Article, Passage
from qa.sentences import sentences
from qa.split import MAX_CHARACTERS, MAX_TOKENS, split

VERSION = 1
"""Goes up when other articles are made of the same ones."""

PERIOD = timedelta(days=730)
SOURCES = tuple(f"Wire {number}" for number in range(1, 21))
"""Who publishes the articles: the first ten times as much as the last."""

_NOISE = 0.4
"""Length of the noise beside a vector of length 1: what is left is a cosine of 0.93."""
_KEPT, _NEW = 0.3, 0.05
"""The share of names that stay and of those that no other article has; the rest are names of other articles."""
_FEWEST = 20
"""A section of fewer articles is none."""

_MONTHS = "January February March April May June July August September October November December".split()
_WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_NAME = re.compile(r"(?<=[a-z0-9,)] )[A-Z]\w+")
_CHANGED = re.compile(rf"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}|[0-9]+|{_NAME.pattern}")
_DAY_AT_END = re.compile(r",? [0-9]{4}-[0-9]{2}-[0-9]{2}$")


@dataclass(frozen=True, slots=True)
class _Sentence:
    text: str
    tokens: int
    row: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A made article, its passages in order and their vectors, shape (passages, dimensions)."""

    article: Article
    passages: tuple[Passage, ...]
    vectors: NDArray[np.float32]


class NewsMaker:
    """Makes articles of real ones. Raises `QAError` if there are none to make them of."""

    def __init__(self, articles: Sequence[Article], embedder: SentenceEmbedder) -> None:
        self._articles = [article for article in articles if sentences(article.text)]
        if not self._articles:
            raise QAError("there is no article in these sources to make others of")
        self._shapes = [
            [len(sentences(passage.text)) for passage in split(article, count_tokens=embedder.count_tokens)]
            for article in self._articles
        ]
        texts = [
            [article.text[one.start : one.end] for one in sentences(article.text)]
            for article in self._articles
        ]
        flat = [text for own in texts for text in own]
        self._languages = [language_of(article.text) for article in self._articles]
        self._vectors = embedder.encode(flat)
        tokens = embedder.count_tokens(flat)
        self._sections = _sections(self._articles)
        self._pools: dict[str, list[_Sentence]] = defaultdict(list)
        row = 0
        for section, own in zip(self._sections, texts, strict=True):
            for text in own:
                if tokens[row] <= MAX_TOKENS:
                    self._pools[section].append(_Sentence(_ended(text), tokens[row], row))
                row += 1
        self._names = [name for text in flat for name in _NAME.findall(text)] or ["Nobody"]
        self.last_day = max(
            (date.fromisoformat(article.published[:10]) for article in self._articles if article.published),
            default=date(2025, 12, 31),
        )

    def make(self, passages: int) -> Iterator[Made]:
        """Articles of so many passages altogether, the same ones every time."""
        left = passages
        for number in count():
            if left <= 0:
                return
            made = self._make(number, left)
            left -= len(made.passages)
            yield made

    def _make(self, number: int, most: int) -> Made:
        rng = random.Random(number)  # noqa: S311 - no secret
        chosen = rng.randrange(len(self._articles))
        like, pool = self._articles[chosen], self._pools[self._sections[chosen]]
        if not pool:
            pool = next(some for some in self._pools.values() if some)
        published = self.last_day - timedelta(days=rng.randrange(PERIOD.days))
        change = _Change(rng, self._names, published)
        texts: list[str] = []
        means: list[NDArray[np.float32]] = []
        for size in self._shapes[chosen][:most]:
            own = _fitting([rng.choice(pool) for _ in range(size)])
            texts.append(change.of("".join(one.text for one in own)))
            means.append(self._vectors[[one.row for one in own]].mean(axis=0))
        subject = change.of(_DAY_AT_END.sub("", like.title))
        article = Article(
            id=f"made-{number}",
            title=f"{subject}, {published.isoformat()}",
            text="".join(texts),
            source=rng.choices(SOURCES, weights=range(100, 0, -100 // len(SOURCES)))[0],
            url=f"https://news.example/{number}",
            published=published.isoformat(),
        )
        article_hash = article.hash
        starts = np.cumsum([0, *map(len, texts)]).tolist()
        parts = tuple(
            Passage(
                article_id=article.id,
                article_hash=article_hash,
                number=at,
                start=starts[at],
                end=starts[at + 1],
                text=text,
                language=self._languages[chosen],
            )
            for at, text in enumerate(texts)
        )
        return Made(article=article, passages=parts, vectors=_noisy(_unit(np.stack(means)), number))


class _Change:
    """Changes what a text says: one name of an article to one other, wherever it stands there."""

    def __init__(self, rng: random.Random, names: Sequence[str], published: date) -> None:
        self._rng = rng
        self._names = names
        self._published = published
        self._known: dict[str, str] = {}

    def of(self, text: str) -> str:
        """The text with other names, numbers and days."""
        return _CHANGED.sub(self._other, text)

    def _other(self, match: re.Match[str]) -> str:
        word = match[0]
        if word not in self._known:
            self._known[word] = self._new(word)
        return self._known[word]

    def _new(self, word: str) -> str:
        if "-" in word:
            return (self._published - timedelta(days=self._rng.randrange(30))).isoformat()
        if word.isdecimal():
            return self._number(word)
        for calendar in (_MONTHS, _WEEKDAYS):
            if word in calendar:
                return self._rng.choice(calendar)
        kind = self._rng.random()
        if kind < _KEPT:
            return word
        other = self._rng.choice(self._names)
        return word[: len(word) // 2 + 1] + other[len(other) // 2 :] if kind > 1 - _NEW else other

    def _number(self, word: str) -> str:
        if len(word) == 4 and word[:2] in ("19", "20"):
            return str(self._published.year - int(self._rng.expovariate(0.3)))
        return str(self._rng.randrange(10 ** (len(word) - 1), 10 ** len(word)))


def _sections(articles: Sequence[Article]) -> list[str]:
    """The section of each article: its title without the day if several have that, or all that are left."""
    titles = [_DAY_AT_END.sub("", article.title) for article in articles]
    return [title if titles.count(title) >= _FEWEST else "" for title in titles]


def _fitting(some: Sequence[_Sentence]) -> list[_Sentence]:
    """The first sentence and those after it that fit into a passage."""
    kept: list[_Sentence] = []
    for one in some:
        both = [*kept, one]
        fits = (
            sum(one.tokens for one in both) <= MAX_TOKENS
            and sum(len(one.text) for one in both) <= MAX_CHARACTERS
        )
        kept = both if fits or not kept else kept
    return kept


def _ended(text: str) -> str:
    return text if text[-1].isspace() else f"{text}\n\n"


def _noisy(vectors: NDArray[np.float32], seed: int) -> NDArray[np.float32]:
    noise = np.random.default_rng(seed).standard_normal(vectors.shape, np.float32)
    return _unit(vectors + _NOISE * _unit(noise))


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    unit: NDArray[np.float32] = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit
