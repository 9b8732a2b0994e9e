"""The whole flow in one class; read this first.

    add:  sources -> articles -> passages -> vectors -> store, and their words -> keyword index
    ask:  question -> hits of both searches -> answer with citations, or "the articles do not say"

Joins the stages and knows their order; no stage knows another. Thread-safe: questions are answered while articles
are added.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from qa import split
from qa.answering import Answering
from qa.embed import SentenceEmbedder
from qa.examples import example_questions
from qa.index import Indexer
from qa.intake import Intake
from qa.keywords import KeywordIndex
from qa.ownership import Owner, Ownership
from qa.records import (
    AddReport,
    Answer,
    Article,
    ArticleInfo,
    Filters,
    Hit,
    OnProgress,
    Passage,
    Progress,
    Question,
)
from qa.retrieve import READ, ArticleRetriever, reranked, search, whole
from qa.settings import Settings
from qa.store import Maker, Shelf, Store

if TYPE_CHECKING:
    from qa.chain import AnswerChain

WAIT_SECONDS = 30.0
"""How long opening waits for another process to let go of the store."""

_REINDEX_BATCH = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Engines:
    """What a library searches with, for measuring each alone."""

    embedder: SentenceEmbedder
    passages: Store
    words: KeywordIndex


class Library:
    """Articles in a store, and answers from them. Opening is cheap: models load with the first need of them.

    Raises `StoreBusyError` when another process keeps the store, `StoreMismatchError` when another embedder made it
    (unless `reindexing`), `StoreError` when it cannot be opened. `on_wait` is told whom opening waits for, again and
    again; what it raises ends that.
    """

    def __init__(
        self,
        store: str | Path | None = None,
        *,
        settings: Settings | None = None,
        doing: str = "a Python program",
        on_wait: Callable[[Owner], None] | None = None,
        reindexing: bool = False,
    ) -> None:
        settings = settings or Settings()
        self.settings = settings if store is None else replace(settings, store=Path(store))
        self._writing = threading.Lock()
        self._embedder = SentenceEmbedder(self.settings.embedder)
        with ExitStack() as closing:
            self.ownership = Ownership(self.settings.store)
            if self.settings.chroma is None:
                self.ownership.wait(doing=doing, seconds=WAIT_SECONDS, on_wait=on_wait)
                closing.callback(self.ownership.release)
            self._store = self._open_store()
            closing.callback(self._store.close)
            if not reindexing:
                self._store.check()
            self._words = self._open_words(closing)
            closing.callback(self._words.close)
            if self.settings.chroma is None:
                self._store.recover()
            self._sync_words()
            self._indexer = Indexer(self._turn, self._words, self._embedder)
            self.answering = Answering(self.settings, self.retriever, self, self._embedder)
            self._closing = closing.pop_all()

    def add(
        self, *sources: str | Path, prune: bool = False, on_progress: OnProgress | None = None
    ) -> AddReport:
        """Adds files and folders: what is new is added, what changed replaced, what did not is left alone.

        A source that cannot be read is named in the report and the rest goes on. Articles whose file has gone from a
        folder are reported, and removed with `prune`.
        """
        return Intake(self._store, self._indexer, on_progress).add(sources, prune=prune)

    def upload(self, path: str | Path, *, name: str, on_progress: OnProgress | None = None) -> AddReport:
        """Adds one file that lies at a temporary path, known by its `name`: the same name replaces it."""
        return Intake(self._store, self._indexer, on_progress).upload(Path(path), name=name)

    def remove(self, *article_ids: str) -> tuple[str, ...]:
        """Removes articles; gives the ids of those that were there."""
        return self._indexer.remove(article_ids)

    def reindex(self, *, on_progress: OnProgress | None = None) -> int:
        """Splits and embeds every stored article anew, by this library's embedder; gives their number.

        The store stays in use until the new one is whole. Cut short, it goes on where it was the next time.
        """
        with self._writing, self._store.writing():
            old, new = self._store.shelf, self._store.next_shelf()
            infos = old.articles()
            ready = {info.id: info.hash for info in new.articles()}
            missing = [info for info in infos if ready.get(info.id) != info.hash]
            new.remove(list(ready.keys() - {info.id for info in infos}))
            indexer = Indexer(lambda: nullcontext(new), None, self._embedder)
            for start in range(0, len(missing), _REINDEX_BATCH):
                batch = missing[start : start + _REINDEX_BATCH]
                indexer.put([old.article(info.id) for info in batch])
                done = len(infos) - len(missing) + start + len(batch)
                if on_progress:
                    on_progress(Progress(articles=done, fraction=done / len(infos), current=batch[-1].title))
            self._store.put_in_force(new)
            self._sync_words()
            return len(infos)

    def articles(self, *, filters: Filters | None = None) -> list[ArticleInfo]:
        """What is known of the articles, newest first, those without a date last."""
        infos = sorted(self._store.articles(filters), key=lambda info: (info.title, info.id))
        return sorted(infos, key=lambda info: info.published or "", reverse=True)

    def article(self, article_id: str) -> Article:
        """An article with its text. Raises `ArticleNotFoundError`."""
        return self._store.article(article_id)

    def search(
        self,
        question: str,
        *,
        k: int = 10,
        asked: date | None = None,
        filters: Filters | None = None,
        rerank: bool = False,
    ) -> list[Hit]:
        """The `k` best passages for a question asked on the day `asked` (today), best first.

        With `rerank` the reader reads the first of them and has a say in their order: slower by several times.
        Raises `QuestionError` if the question is empty or far too long.
        """
        self._follow()
        hits = search(
            question,
            k=max(k, READ) if rerank else k,
            asked=asked,
            filters=filters,
            embedder=self._embedder,
            passages=self._store,
            words=self._words,
        )
        return reranked(whole(question), hits, self.answering.reader)[:k] if rerank else hits

    def ask(
        self,
        question: str,
        *,
        asked: date | None = None,
        history: Sequence[tuple[str, str]] = (),
        filters: Filters | None = None,
        passages: int | None = None,
        model: str | None = None,
    ) -> Answer:
        """The answer to a question asked on the day `asked` (today), after the turns of `history`.

        It is made from so many `passages`, or from as many as the answerer is best with. `model` "reader" has the
        reader answer where a chat model is configured. Raises `QuestionError` if the question is empty or far too long,
        `ModelError` if the model cannot be had.
        """
        *_, last = self.stream(
            question, asked=asked, history=history, filters=filters, passages=passages, model=model
        )
        return last

    def stream(
        self,
        question: str,
        *,
        asked: date | None = None,
        history: Sequence[tuple[str, str]] = (),
        filters: Filters | None = None,
        passages: int | None = None,
        model: str | None = None,
    ) -> Iterator[Answer]:
        """Snapshots of the answer, each in place of the one before; the last is whole."""
        put = Question(
            text=question,
            asked=asked or date.today(),
            history=tuple(history),
            filters=filters,
            passages=passages,
        )
        yield from self.answering.stream(put, model=model)

    def examples(self, n: int = 4) -> list[str]:
        """Up to `n` questions that these articles answer, each about another article."""
        infos = self.articles()
        return example_questions(infos, self._store.article, n)

    @property
    def chain(self) -> AnswerChain:
        """The LangChain Runnable behind `ask`."""
        return self.answering.chain()

    @property
    def retriever(self) -> ArticleRetriever:
        """The search as a LangChain retriever."""
        return ArticleRetriever(find=self.search)

    @property
    def engines(self) -> Engines:
        """The parts of its search."""
        return Engines(embedder=self._embedder, passages=self._store, words=self._words)

    @property
    def embeddings(self) -> SentenceEmbedder:
        """The embedder, a LangChain `Embeddings`."""
        return self._embedder

    def warm(self) -> None:
        """Loads the models now rather than with the first question."""
        self._embedder.warm()
        self.answering.warm()

    def close(self) -> None:
        """Puts everything on disk and lets the next process have the store. Waits for an `add` that is running."""
        with self._writing:
            self._closing.close()

    def __enter__(self) -> Library:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _open_store(self) -> Store:
        maker = Maker(
            embedder=self.settings.embedder,
            fingerprint=self._embedder.fingerprint,
            splitter=split.VERSION,
        )
        if self.settings.chroma is not None:
            return Store.open_server(self.settings.chroma, maker)
        return Store.open_folder(self.settings.store / "chroma", maker)

    def _open_words(self, closing: ExitStack) -> KeywordIndex:
        """The keyword index in the store's folder; a temporary one where another process has that open.

        With an embedded store that cannot be, for this process owns the folder; with a server's it can.
        """
        if self.settings.chroma is None:
            return KeywordIndex(self.settings.store / "keywords")
        folder = self.settings.store / f"keywords-{sha256(self.settings.chroma.encode()).hexdigest()[:8]}"
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / "lock", thread_local=False)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            return KeywordIndex(None)
        closing.callback(lock.release)
        return KeywordIndex(folder)

    @contextmanager
    def _turn(self) -> Iterator[Shelf]:
        """The right to write, with the keyword index in step, so that it can follow the change."""
        with self._writing, self._store.writing():
            self._sync_words()
            yield self._store.shelf

    def _follow(self) -> None:
        """Takes note of what other processes did to a server's store, and of what failed half-way in this one."""
        if not self._writing.locked():
            self._store.refresh()
            self._sync_words()

    def _sync_words(self) -> None:
        revision = self._store.revision
        if self._words.revision != revision:
            self._words.sync(self._store.articles(), revision, self._passages)

    def _passages(self, infos: Sequence[ArticleInfo]) -> list[Passage]:
        """The passages that are there; those of an article that is just being replaced come with the next change."""
        keys = [(info.hash, number) for info in infos for number in range(info.passages)]
        return list(self._store.passages_at(keys).values())
