"""The keyword index: question -> passages that share its words, by BM25.

A cache on disk (tantivy), derived from the store and rebuildable at any time. It knows which state of the store it
reflects, because that is written in the same commit as the words; `sync` brings it up to date by the difference.
Takes passages with the title and language of their article; gives the keys of passages. Knows nothing of vectors or
Chroma.
"""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tantivy

from qa.keywords.words import guess, spelt, stems, wanted
from qa.records import ArticleInfo, Filters, Passage, day_number

_LAYOUT = 3
"""Goes up when a field or the analysis of words changes: an index of another layout is made anew."""

_REMEMBERED = 8
"""Of how many filters the passages that they let through are kept in memory."""

_WRITER_BYTES = 50_000_000
_ARTICLES_A_STEP = 200
_TITLE_WEIGHT = 0.5
_FUZZY_WEIGHT = 0.6
_FUZZY_LENGTH = 5
"""A word of fewer letters is not taken for a misspelling of another."""

_WIDESPREAD = 0.02
"""The share of passages from which a language is one that every question is looked for in."""
_MOST_LANGUAGES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class KeywordHit:
    """A passage that shares words with a question: its article's hash, its number there, and its BM25 score."""

    article_hash: str
    number: int
    score: float


class KeywordIndex:
    """Words -> passages, on disk in `folder`, or in a temporary folder if that is None. Thread-safe."""

    def __init__(self, folder: Path | None) -> None:
        self._lock = threading.RLock()
        self._temporary = None if folder else tempfile.TemporaryDirectory(prefix="qa-keywords-")
        self._folder = Path(self._temporary.name if self._temporary else folder or "") / f"layout-{_LAYOUT}"
        self._writer: Any = None
        self._uncommitted = False
        self._index, self._revision = self._open()
        self._passing: dict[tuple[str | None, Filters, int], set[tuple[str, int]] | None] = {}
        self._languages = self._counted()

    @property
    def revision(self) -> str | None:
        """The state of the store that this index reflects, None if it is empty."""
        return self._revision

    def sync(
        self,
        infos: Iterable[ArticleInfo],
        revision: str,
        passages: Callable[[Sequence[ArticleInfo]], Sequence[Passage]],
    ) -> None:
        """Makes the index reflect the articles `infos`, whose state is called `revision`.

        Only what differs is touched: passages are asked for only of articles that are not indexed yet, or not wholly.
        Two states cut the same article alike if their names have the same part before the slash; else all is new.
        """
        with self._lock:
            if _edition(revision) != _edition(self._revision):
                self.clear()
            indexed = self._indexed_passages()
            wanted = {info.hash: info for info in infos}
            missing = [info for info in wanted.values() if indexed.get(info.hash) != info.passages]
            self._forget(indexed.keys() - wanted.keys() | {info.hash for info in missing})
            for start in range(0, len(missing), _ARTICLES_A_STEP):
                step = missing[start : start + _ARTICLES_A_STEP]
                titles = {info.hash: info for info in step}
                for passage in passages(step):
                    self._add(passage, titles[passage.article_hash])
            self._note(revision)
            self.commit()

    def clear(self) -> None:
        """Forgets every passage: the next `sync` indexes all articles again."""
        with self._lock:
            self._writing().delete_all_documents()
            self._revision = None
            self.commit()

    def change(
        self,
        *,
        before: str,
        after: str,
        gone: Iterable[str],
        new: Iterable[tuple[ArticleInfo, Sequence[Passage]]],
    ) -> None:
        """Follows one change of the store from state `before` to `after`, without a commit.

        `gone` are hashes of articles. An index that does not reflect `before` waits for the next `sync`.
        """
        with self._lock:
            if self._revision != before:
                return
            new = list(new)
            self._forget([*gone, *(info.hash for info, _ in new)])
            for info, passages in new:
                for passage in passages:
                    self._add(passage, info)
            self._note(after)

    def search(self, question: str, k: int, filters: Filters | None = None) -> list[KeywordHit]:
        """The `k` passages that share most with the question, best first; none if it has no word to look for."""
        with self._lock:
            self.commit()
            searcher = self._index.searcher()
        query = self._query(searcher, question)
        if query is None:
            return []
        found = searcher.search(_restricted(self._index.schema, query, filters), k, count=False)
        hits: list[KeywordHit] = []
        for score, address in found.hits:
            document = searcher.doc(address)
            number = document.get_first("number")
            hits.append(
                KeywordHit(article_hash=str(document.get_first("hash")), number=int(number or 0), score=score)
            )
        return hits

    def passing(self, keys: Iterable[tuple[str, int]], filters: Filters) -> set[tuple[str, int]]:
        """Which of some passages the filters let through."""
        names = [_name(*key) for key in keys]
        among = tantivy.Query.term_set_query(self._index.schema, "key", names)
        return self._keys(among, filters, len(names))

    def every(self, filters: Filters, most: int) -> set[tuple[str, int]] | None:
        """All passages that the filters let through, None if these are more than `most`.

        Remembered for the next time: the news of this week is asked about again and again.
        """
        with self._lock:
            state = (self._revision, filters, most)
            if state not in self._passing:
                found = self._keys(tantivy.Query.all_query(), filters, most + 1)
                self._passing[state] = found if len(found) <= most else None
                if len(self._passing) > _REMEMBERED:
                    del self._passing[next(iter(self._passing))]
            return self._passing[state]

    def shared(self, question: str, text: str, language: str | None = None) -> tuple[str, ...]:
        """The words of a text that a question has, too, as the text spells them; each once, by its ending aside."""
        looked_for = {stem for one in self._wanted(question) for stem in one}
        found: dict[str, str] = {}
        for word, stem in spelt(text, language):
            if stem in looked_for:
                found.setdefault(stem, word)
        return tuple(found.values())

    def commit(self) -> None:
        """Puts on disk what was changed since the last commit."""
        with self._lock:
            if self._uncommitted:
                self._writer.commit()
                self._index.reload()
                self._uncommitted = False
                self._languages = self._counted()

    def close(self) -> None:
        """Commits, and lets go of the folder."""
        with self._lock:
            self.commit()
            if self._writer is not None:
                self._writer.wait_merging_threads()
                self._writer = None
            if self._temporary:
                self._temporary.cleanup()

    def _open(self) -> tuple[tantivy.Index, str | None]:
        for stale in self._folder.parent.glob("layout-*"):
            if stale != self._folder:
                shutil.rmtree(stale, ignore_errors=True)
        try:
            return self._make()
        except (KeyboardInterrupt, SystemExit):
            raise
        except (
            BaseException
        ):  # damaged, of which tantivy complains in many ways and panics too: it is only a cache
            shutil.rmtree(self._folder, ignore_errors=True)
            return self._make()

    def _make(self) -> tuple[tantivy.Index, str | None]:
        """The index in the folder, and the state that its last commit reflects."""
        self._folder.mkdir(parents=True, exist_ok=True)
        index = tantivy.Index(_schema(), path=str(self._folder))
        searcher = index.searcher()
        found = searcher.search(tantivy.Query.term_query(index.schema, "kind", "revision"), 1)
        return index, str(searcher.doc(found.hits[0][1]).get_first("revision")) if found.hits else None

    def _writing(self) -> Any:
        if self._writer is None:
            self._writer = self._index.writer(heap_size=_WRITER_BYTES, num_threads=1)
        self._uncommitted = True
        return self._writer

    def _add(self, passage: Passage, info: ArticleInfo) -> None:
        document = tantivy.Document()
        document.add_text("hash", passage.article_hash)
        document.add_text("article_id", passage.article_id)
        document.add_unsigned("number", passage.number)
        document.add_text("key", _name(passage.article_hash, passage.number))
        document.add_text("title", " ".join(stems(info.title, info.language)))
        document.add_text("body", " ".join(stems(passage.text, info.language)))
        if info.language is not None:
            document.add_text("language", info.language)
        if info.source is not None:
            document.add_text("source", info.source)
        if info.published is not None:
            document.add_unsigned("day", day_number(info.published))
        self._writing().add_document(document)

    def _forget(self, hashes: Iterable[str]) -> None:
        for article_hash in hashes:
            self._writing().delete_documents_by_term("hash", article_hash)

    def _note(self, revision: str) -> None:
        """Writes the name of the state into the index itself, as a document, so that both are one commit."""
        if revision == self._revision:
            return
        self._writing().delete_documents_by_term("kind", "revision")
        document = tantivy.Document()
        document.add_text("kind", "revision")
        document.add_text("revision", revision)
        self._writing().add_document(document)
        self._revision = revision

    def _indexed_passages(self) -> dict[str, int]:
        """The number of indexed passages of each article, by its hash."""
        self.commit()
        terms = self._index.searcher().terms_with_prefix("hash", "", tantivy.Query.all_query())
        return {term: passages for term, passages in terms if passages}

    def _counted(self) -> dict[str, float]:
        """The share of the passages that each language has, the widest spread first; unknown ones count as English."""
        searcher = self._index.searcher()
        terms = searcher.terms_with_prefix("language", "", tantivy.Query.all_query())
        counts = {language: count for language, count in terms if count}
        counts["en"] = counts.get("en", 0) + max(0, searcher.num_docs - 1 - sum(counts.values()))
        total = sum(counts.values()) or 1
        return {code: count / total for code, count in sorted(counts.items(), key=lambda one: -one[1])}

    def _wanted(self, question: str) -> tuple[tuple[str, ...], ...]:
        """The content words of a question, each by its stems in the languages that it may have to be found in."""
        spread = [code for code, share in self._languages.items() if share >= _WIDESPREAD][:_MOST_LANGUAGES]
        return wanted(question, guess(question, list(self._languages)), tuple(spread))

    def _keys(self, query: tantivy.Query, filters: Filters, most: int) -> set[tuple[str, int]]:
        if most == 0:
            return set()
        with self._lock:
            self.commit()
            searcher = self._index.searcher()
        found = searcher.search(_restricted(self._index.schema, query, filters), most, count=False)
        documents = [searcher.doc(address) for _, address in found.hits]
        named = [(one.get_first("hash"), one.get_first("number")) for one in documents]
        return {(str(name), int(number)) for name, number in named if name is not None and number is not None}

    def _query(self, searcher: tantivy.Searcher, question: str) -> tantivy.Query | None:
        """Any of the words, in body or title; a word that stands nowhere also as its near spellings."""
        schema, should = self._index.schema, tantivy.Occur.Should
        clauses: list[tuple[tantivy.Occur, tantivy.Query]] = []
        for word in self._wanted(question):
            body = [tantivy.Query.term_query(schema, "body", stem) for stem in word]
            title = [tantivy.Query.term_query(schema, "title", stem) for stem in word]
            clauses.append((should, _best(body)))
            clauses.append((should, tantivy.Query.boost_query(_best(title), _TITLE_WEIGHT)))
            if not any(searcher.doc_freq("body", stem) for stem in word):
                near = [
                    tantivy.Query.fuzzy_term_query(schema, "body", stem)
                    for stem in word
                    if len(stem) >= _FUZZY_LENGTH
                ]
                if near:
                    clauses.append((should, tantivy.Query.boost_query(_best(near), _FUZZY_WEIGHT)))
        return tantivy.Query.boolean_query(clauses) if clauses else None


def _best(queries: list[tantivy.Query]) -> tantivy.Query:
    """Whichever scores highest: a word that two languages stem unlike counts once."""
    return queries[0] if len(queries) == 1 else tantivy.Query.disjunction_max_query(queries)


def _name(article_hash: str, number: int) -> str:
    return f"{article_hash}:{number}"


def _edition(revision: str | None) -> str | None:
    return revision.partition("/")[0] if revision else None


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in ("kind", "revision", "hash"):
        builder.add_text_field(name, stored=True, tokenizer_name="raw", index_option="basic")
    for name in ("article_id", "key", "source", "language"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("day", indexed=True, fast=True)
    builder.add_unsigned_field("number", stored=True)
    for name in ("title", "body"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="position")
    return builder.build()


def _restricted(schema: tantivy.Schema, query: tantivy.Query, filters: Filters | None) -> tantivy.Query:
    """The query, among the passages that the filters let through; the score stays the query's."""
    if filters is None:
        return query
    conditions: list[tantivy.Query] = []
    if filters.article_ids is not None:
        conditions.append(tantivy.Query.term_set_query(schema, "article_id", list(filters.article_ids)))
    if filters.sources is not None:
        conditions.append(tantivy.Query.term_set_query(schema, "source", list(filters.sources)))
    if filters.languages is not None:
        conditions.append(tantivy.Query.term_set_query(schema, "language", list(filters.languages)))
    if filters.published_from is not None or filters.published_to is not None:
        first = day_number(filters.published_from or "0001-01-01")
        last = day_number(filters.published_to or "9999-12-31")
        conditions.append(tantivy.Query.range_query(schema, "day", tantivy.FieldType.Unsigned, first, last))
    must = tantivy.Occur.Must
    silent = [(must, tantivy.Query.const_score_query(condition, 0.0)) for condition in conditions]
    return tantivy.Query.boolean_query([(must, query), *silent])
