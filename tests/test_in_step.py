"""Store and keyword index in step: whatever is done to them, both searches find what a plain dictionary holds."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from qa.index import Indexer
from qa.keywords import KeywordIndex
from qa.language import language_of
from qa.records import Article, ArticleInfo, Filters, Passage
from qa.split import split
from qa.store import Maker, Shelf, Store
from qa.store.database import Database

MAKER = Maker(embedder="hash", fingerprint="a" * 64, splitter=1)
ALL = 10_000

IDS = ("a", "b", "c", "d", "e", "f")
WORDS = ("oak", "elm", "fir", "yew", "box")  # too short for a stemmer, or for a misspelling
SENTENCES = {"en": "There was once an old {} by the sea. ", "de": "Es war einmal ein alter {} an der See. "}
SOURCES = ("Wire", "Desk", "Post")
DAYS = ("2024-12-31", "2025-01-01T23:30:00-05:00", "2025-02-28", "2025-03-01")

Key = tuple[str, int]


class HashEmbedder:
    """Another vector for every text; every word counts for 10 tokens, so that a sentence or two make a passage."""

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        return np.stack([vector_of(text) for text in texts])

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [10 * len(text.split()) for text in texts]


def vector_of(text: str) -> np.ndarray:
    digest = np.frombuffer(hashlib.sha256(text.encode()).digest(), np.int32).astype(np.float32)
    return digest / np.linalg.norm(digest)


@dataclass(frozen=True)
class Look:
    """A look at both searches: through these filters, and for this word."""

    filters: Filters | None
    word: str


def some(values: Sequence[str]) -> st.SearchStrategy[tuple[str, ...] | None]:
    return st.none() | st.lists(st.sampled_from(values), unique=True).map(tuple)


trees = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)
bodies = st.builds(
    lambda sentence, every: "".join(sentence.format(words.title()) for words in every),
    st.sampled_from(list(SENTENCES.values())),
    st.lists(trees, min_size=1, max_size=5),
)
metadata = st.fixed_dictionaries(
    {
        "title": st.sampled_from(("Oak", "Elm again", "Old news")),
        "source": st.none() | st.sampled_from(SOURCES),
        "published": st.none() | st.sampled_from(DAYS),
        "author": st.none() | st.just("Ida Berg"),
    }
)
articles = st.builds(
    lambda article_id, text, fields: Article(id=article_id, text=text, **fields),
    st.sampled_from(IDS),
    bodies,
    metadata,
)
batches = st.lists(articles, min_size=1, max_size=4, unique_by=lambda one: one.id)
days = st.none() | st.sampled_from([day[:10] for day in DAYS])
filters = st.none() | st.builds(
    Filters,
    article_ids=some((*IDS, "missing")),
    sources=some((*SOURCES, "Missing")),
    published_from=days,
    published_to=days,
    languages=some(("en", "de", "fr")),
)
looks = st.builds(Look, filters, st.sampled_from(WORDS))
removals = st.lists(st.sampled_from((*IDS, "missing")), min_size=1, max_size=3, unique=True)


class CutError(Exception):
    """The moment at which a write is cut short."""


class InStep(RuleBasedStateMachine):
    """A store and an index on disk, joined as `Library` joins them, beside a dictionary of articles."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="qa-in-step-"))
        self.there: dict[str, Article] = {}
        self.look = Look(None, WORDS[0])
        self.open()

    # What the library does of itself.

    def open(self) -> None:
        self.store = Store.open_folder(self.folder / "chroma", MAKER)
        self.words = KeywordIndex(self.folder / "keywords")
        self.store.recover()
        self.follow()
        self.indexer = Indexer(self.turn, self.words, HashEmbedder())

    def close(self) -> None:
        self.words.close()
        self.store.close()

    @contextmanager
    def turn(self) -> Iterator[Shelf]:
        with self.store.writing():
            self.follow()
            yield self.store.shelf

    def follow(self) -> None:
        revision = self.store.revision
        if self.words.revision != revision:
            self.words.sync(self.store.articles(), revision, self.passages)

    def passages(self, infos: Sequence[ArticleInfo]) -> list[Passage]:
        keys = [(info.hash, number) for info in infos for number in range(info.passages)]
        return list(self.store.passages_at(keys).values())

    def teardown(self) -> None:
        self.close()
        shutil.rmtree(self.folder)

    # What is done to it.

    @initialize(batch=batches)
    def begin(self, batch: list[Article]) -> None:
        self.put(batch)

    @rule(batch=batches, look=looks)
    def add_or_replace(self, batch: list[Article], look: Look) -> None:
        self.put(batch, look)

    @rule(again=st.sets(st.sampled_from(IDS), min_size=1), look=looks)
    def add_the_same_again(self, again: set[str], look: Look) -> None:
        self.put([one for one in self.there.values() if one.id in again], look)

    @rule(article_id=st.sampled_from(IDS), fields=metadata, look=looks)
    def change_metadata(self, article_id: str, fields: dict[str, str], look: Look) -> None:
        self.put([replace(one, **fields) for one in self.there.values() if one.id == article_id], look)

    @rule(article_id=st.sampled_from(IDS), text=bodies, look=looks)
    def change_text(self, article_id: str, text: str, look: Look) -> None:
        self.put([replace(one, text=text) for one in self.there.values() if one.id == article_id], look)

    @rule(gone=removals, look=looks)
    def remove(self, gone: list[str], look: Look) -> None:
        self.look = look
        assert self.indexer.remove(gone) == tuple(one for one in gone if one in self.there)
        self.forget(gone)

    @rule(look=looks)
    def look_again(self, look: Look) -> None:
        self.look = look

    @rule(look=looks)
    def close_and_open(self, look: Look) -> None:
        self.look = look
        self.close()
        self.open()
        passages = sum(len(cut_up(article)) for article in self.there.values())
        assert self.store.shelf.count() == (len(self.there), passages)  # nothing invisible is left

    @rule(batch=batches, gone=removals, look=looks)
    def kill_before_the_words_are_committed(self, batch: list[Article], gone: list[str], look: Look) -> None:
        self.put(batch, look)
        self.indexer.remove(gone)
        self.forget(gone)
        on_disk = self.folder / "on-disk"  # files that are being written come and go
        shutil.copytree(self.folder / "keywords", on_disk, ignore=shutil.ignore_patterns(".tmp*"))
        self.close()
        shutil.rmtree(self.folder / "keywords")
        on_disk.rename(self.folder / "keywords")
        self.open()

    @rule(batch=batches, step=st.integers(1, 3), ends=st.booleans(), look=looks)
    def cut_a_put_short(self, batch: list[Article], step: int, ends: bool, look: Look) -> None:
        with self.cut_at(step, ends) as indexer:
            indexer.put(batch)
        if step == 3:  # both collections are written by then
            self.there |= {one.id: one for one in batch}
        self.look = look

    @rule(gone=removals, step=st.integers(1, 2), ends=st.booleans(), look=looks)
    def cut_a_removal_short(self, gone: list[str], step: int, ends: bool, look: Look) -> None:
        with self.cut_at(step, ends) as indexer:
            indexer.remove(gone)
        if step == 2:
            self.forget(gone)
        self.look = look

    @rule(look=looks)
    def reindex(self, look: Look) -> None:
        self.look = look
        with self.store.writing():
            shelf = self.store.next_shelf()
            infos = self.store.articles()
            Indexer(lambda: nullcontext(shelf), None, HashEmbedder()).put(
                [self.store.article(info.id) for info in infos]
            )
            self.store.put_in_force(shelf)

    def put(self, batch: list[Article], look: Look | None = None) -> None:
        self.look = look or self.look
        self.indexer.put(batch)
        self.there |= {one.id: one for one in batch}

    def forget(self, gone: Sequence[str]) -> None:
        self.there = {key: one for key, one in self.there.items() if key not in gone}

    @contextmanager
    def cut_at(self, step: int, ends: bool) -> Iterator[Indexer]:
        """An indexer whose store fails before its `step`-th step of a write; then the process `ends` or goes on."""
        database = Database.in_folder(self.folder / "chroma")
        self.follow()
        shelf = Shelf(database, self.store.shelf.number, MAKER, before_writing=cut(step, self.store.recover))
        with suppress(CutError):
            yield Indexer(lambda: nullcontext(shelf), self.words, HashEmbedder())
        database.close()
        if ends:
            self.close()
            self.open()

    # What must hold.

    @invariant()
    def in_step(self) -> None:
        self.follow()
        self.both_searches_find_what_is_there()
        self.a_word_finds_the_passages_that_have_it()
        self.a_passage_is_nearest_to_itself()
        self.articles_come_back_whole()

    def both_searches_find_what_is_there(self) -> None:
        expected = self.passages_that(lambda passage, article: passes(article, self.look.filters))
        assert self.near(vector_of("x"), self.look.filters) == expected
        assert self.with_words(" ".join(WORDS), self.look.filters) == expected
        # What a search is made of: the nearest of all, and which of them pass.
        nearest = self.store.nearest_keys(vector_of("x").tolist(), ALL)
        assert nearest.keys() >= set(expected)
        assert self.words.passing(nearest, self.look.filters or Filters()) == set(expected)
        assert self.words.every(self.look.filters or Filters(), ALL) == set(expected)
        assert {info.id for info in self.store.articles(self.look.filters)} == {
            one.id for one in self.there.values() if passes(one, self.look.filters)
        }

    def a_word_finds_the_passages_that_have_it(self) -> None:
        word = self.look.word
        assert self.with_words(word, self.look.filters) == self.passages_that(
            lambda passage, article: (
                passes(article, self.look.filters)
                and word in f"{article.title} {passage.text}".lower().replace(".", "").split()
            )
        )

    def a_passage_is_nearest_to_itself(self) -> None:
        for article in list(self.there.values())[-1:]:
            for passage in cut_up(article):
                own = embedded(article, passage)
                first = self.store.nearest(vector_of(own).tolist(), 1)[0]
                assert embedded(self.there[first.passage.article_id], first.passage) == own

    def articles_come_back_whole(self) -> None:
        assert {one: self.store.article(one) for one in self.there} == self.there

    def near(self, vector: np.ndarray, filters: Filters | None) -> list[Key]:
        found = self.store.nearest(vector.tolist(), ALL, filters)
        return sorted((one.passage.article_hash, one.passage.number) for one in found)

    def with_words(self, text: str, filters: Filters | None) -> list[Key]:
        found = self.words.search(text, ALL, filters)
        return sorted((one.article_hash, one.number) for one in found)

    def passages_that(self, hold: Callable[[Passage, Article], bool]) -> list[Key]:
        return sorted(
            (passage.article_hash, passage.number)
            for article in self.there.values()
            for passage in cut_up(article)
            if hold(passage, article)
        )


def cut(step: int, first: Callable[[], None]) -> Callable[[], None]:
    """Raises when it is called for the `step`-th time."""
    first()  # what an earlier cut left is swept, so that the steps counted are this write's
    steps = iter(range(1, step + 1))

    def before_writing() -> None:
        if next(steps, step) == step:
            raise CutError

    return before_writing


def cut_up(article: Article) -> list[Passage]:
    return split(article, count_tokens=HashEmbedder().count_tokens, language=language(article))


def language(article: Article) -> str | None:
    return language_of(f"{article.title}\n{article.text}")


def embedded(article: Article, passage: Passage) -> str:
    return f"{article.title}\n{passage.text.strip()}"


def passes(article: Article, filters: Filters | None) -> bool:
    """What `Filters` promises, said again without a database."""
    if filters is None:
        return True
    day = article.published and article.published[:10]
    return (
        (filters.article_ids is None or article.id in filters.article_ids)
        and (filters.sources is None or article.source in filters.sources)
        and (filters.languages is None or language(article) in filters.languages)
        and (filters.published_from is None or bool(day and day >= filters.published_from))
        and (filters.published_to is None or bool(day and day <= filters.published_to))
    )


def test_in_step() -> None:
    """In a process of its own: if that dies in native code, this test fails and says where, and the others go on."""
    command = [sys.executable, "-X", "faulthandler", __file__]
    assert subprocess.run(command, timeout=280, check=False).returncode == 0  # what it says, pytest shows


if __name__ == "__main__":
    run_state_machine_as_test(
        InStep,
        settings=settings(
            max_examples=10,
            stateful_step_count=15,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        ),
    )
