"""The library: the whole flow over a few articles, with the real models."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa import (
    Article,
    ArticleNotFoundError,
    Filters,
    Library,
    ModelError,
    Progress,
    QuestionError,
    StoreError,
    StoreMismatchError,
)
from qa.embed import SentenceEmbedder
from qa.settings import Settings

SUMMIT = "Where did the summit take place?"


@pytest.fixture
def own(tmp_path: Path, library: Library, articles_file: Path) -> Iterator[Library]:
    """A library of the four articles for one test alone."""
    with Library(tmp_path / "store") as own:
        own._embedder = library.embeddings  # its weights are loaded already
        own.add(articles_file)
        yield own


def in_step(library: Library) -> None:
    """Store and keyword index hold the same, and nothing else is in them."""
    infos = library.articles()
    assert library._store.shelf.count() == (len(infos), sum(info.passages for info in infos))
    assert library._words.revision == library._store.revision
    assert library._words._indexed_passages() == {info.hash: info.passages for info in infos}


def test_articles_are_listed_newest_first_and_come_back_whole(library: Library, articles_file: Path) -> None:
    assert [info.id for info in library.articles()] == ["storm", "summit-aid", "summit-talks", "bees"]
    for line in articles_file.read_text(encoding="utf-8").splitlines():
        given = json.loads(line)
        article = library.article(given["id"])
        assert (article.text, article.title) == (given["text"], given["title"])
        assert (article.source, article.published) == (given.get("source"), given.get("published"))
        assert article.path == str(articles_file)
    in_step(library)


def test_an_unknown_article_is_named(library: Library) -> None:
    with pytest.raises(ArticleNotFoundError, match=r"'nobody'.*qa list"):
        library.article("nobody")


@pytest.mark.parametrize(
    ("question", "article_id", "said"),
    [
        (SUMMIT, "summit-talks", "Russky island"),
        ("Which port did the wheat reach?", "summit-aid", "Chongjin"),
        ("How many ships waited outside the harbour?", "storm", "Eleven ships"),
        ("What did the bees roll into a goal?", "bees", "tiny balls"),
    ],
)
def test_answers_quote_the_article_that_says_it(
    library: Library, question: str, article_id: str, said: str
) -> None:
    answer = library.ask(question)
    assert answer.answered
    first = answer.citations[0]
    assert (first.number, first.article_id) == (1, article_id)
    assert said in first.quote
    for citation in answer.citations:
        text = library.article(citation.article_id).text
        assert citation.quote == text[citation.start : citation.end]
        assert citation.start <= citation.answer_start < citation.answer_end <= citation.end
    assert 0 < answer.confidence <= 1


def test_what_the_articles_do_not_say_is_declined_with_the_nearest(library: Library) -> None:
    answer = library.ask("What is the boiling point of tungsten?")
    assert (answer.answered, answer.answer, answer.citations) == (False, None, ())
    assert 0 < len(answer.nearest) <= 10


def test_hits_are_slices_best_first(library: Library) -> None:
    hits = library.search("armoured train", k=3)
    assert hits[0].article_id == "summit-talks"
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert len(hits) <= 3
    for hit in hits:
        assert hit.text == library.article(hit.article_id).text[hit.start : hit.end]
        assert hit.text == hit.text.strip()


@settings(max_examples=15, deadline=None)
@given(question=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=80).filter(str.strip))
def test_whatever_is_asked_every_hit_and_citation_is_a_slice(library: Library, question: str) -> None:
    for hit in library.search(question, k=4):
        assert hit.text == library.article(hit.article_id).text[hit.start : hit.end]
        assert 0 <= hit.score <= 1
    for citation in library.ask(question).citations:
        assert citation.quote == library.article(citation.article_id).text[citation.start : citation.end]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(article_ids=("bees",)), {"bees"}),
        (Filters(article_ids=()), set()),
        (Filters(sources=("Harbour Wire",)), {"summit-talks", "storm"}),
        (Filters(published_from="2019-04-26", published_to="2019-04-26"), {"summit-aid"}),
        (Filters(published_to="2018-12-31"), set()),
    ],
)
def test_filters_hold_for_lists_hits_and_answers(
    library: Library, filters: Filters, expected: set[str]
) -> None:
    assert {info.id for info in library.articles(filters=filters)} == expected
    assert {hit.article_id for hit in library.search(SUMMIT, filters=filters)} == expected
    answer = library.ask(SUMMIT, filters=filters)
    assert {one.article_id for one in (*answer.citations, *answer.nearest)} <= expected
    assert answer.sure == ("summit-talks" in expected)  # no other article says where it was


@pytest.mark.parametrize("question", ["", "  \n\t", "why " * 1001])
def test_an_empty_or_huge_question_is_refused(library: Library, question: str) -> None:
    with pytest.raises(QuestionError, match="the question is"):
        library.search(question)
    with pytest.raises(QuestionError, match="the question is"):
        library.ask(question)


@pytest.mark.parametrize("question", ["\0", "😀", '"AND (', "why " * 999, "?" * 4000])
def test_odd_questions_are_answered_or_declined(library: Library, question: str) -> None:
    assert isinstance(library.ask(question).answered, bool)


def test_small_talk_gets_a_friendly_reply(library: Library) -> None:
    hello = library.ask("Hello!")
    assert hello.answer == (
        "Hello! Ask me about the articles, for example about “Storm Agnes closes the harbour of Lisbon”."
    )
    assert (hello.model, hello.citations) == ("help", ())
    assert str(library.ask("what is in here?").answer).startswith(
        "This library holds 4 articles from 2019-04-25 to 2021-11-02: “Storm Agnes"
    )


def test_an_empty_library_says_so(tmp_path: Path, library: Library) -> None:
    with Library(tmp_path / "new" / "store") as empty:
        empty._embedder = library.embeddings
        assert empty.articles() == []
        assert empty.search(SUMMIT) == []
        assert empty.examples() == []
        answer = empty.ask(SUMMIT)
        assert (answer.answered, answer.citations, answer.nearest) == (False, (), ())
        assert "no articles here yet" in str(empty.ask("Hello").answer)
        assert empty.reindex() == 0


def test_closed_and_opened_again_it_is_the_same(
    tmp_path: Path, articles_file: Path, library: Library
) -> None:
    with Library(tmp_path / "store") as first:
        assert len(first.add(articles_file).added) == 4
        infos = first.articles()
    with Library(tmp_path / "store") as again:
        assert again.articles() == infos
        in_step(again)
        assert again.add(articles_file).unchanged == 4
        assert again.ask(SUMMIT).citations[0].article_id == "summit-talks"
        again.close()
        again.close()


def test_the_keyword_index_is_made_again_when_it_is_lost(tmp_path: Path, articles_file: Path) -> None:
    with Library(tmp_path / "store") as first:
        first.add(articles_file)
    for path in (tmp_path / "store" / "keywords").rglob("*"):
        if path.is_file():
            path.unlink()
    with Library(tmp_path / "store") as again:
        in_step(again)


def test_removed_articles_are_not_found(own: Library) -> None:
    assert own.remove("storm", "missing", "bees") == ("storm", "bees")
    assert [info.id for info in own.articles()] == ["summit-aid", "summit-talks"]
    assert {hit.article_id for hit in own.search("storm in Lisbon, bees in London")} <= {
        "summit-aid",
        "summit-talks",
    }
    in_step(own)


def test_a_failed_write_leaves_both_searches_in_step(own: Library, tmp_path: Path) -> None:
    class DiskFullError(Exception):
        pass

    def fail() -> None:
        raise DiskFullError

    own._store.shelf._before_writing, working = fail, own._store.shelf._before_writing
    with pytest.raises(DiskFullError):
        own.remove("storm")
    own._store.shelf._before_writing = working
    assert own.search("storm", k=1)[0].article_id == "storm"
    own.remove("storm")
    in_step(own)


def test_questions_are_answered_while_articles_are_added(own: Library, tmp_path: Path) -> None:
    source = tmp_path / "more.jsonl"
    stories = [
        {"id": f"m{n}", "text": f"Mayor number {n} opened bridge number {n} over the river. " * 30}
        for n in range(40)
    ]
    source.write_text("".join(json.dumps(story) + "\n" for story in stories))
    failed: list[BaseException] = []

    def add() -> None:
        try:
            own.add(source)
        except BaseException as error:
            failed.append(error)

    adding = threading.Thread(target=add)
    adding.start()
    asked = 0
    while adding.is_alive() or not asked:
        assert own.ask(SUMMIT).citations[0].article_id == "summit-talks"
        asked += 1
    adding.join()
    assert failed == []
    assert len(own.articles()) == 44
    assert own.search("Which mayor opened bridge number 7?", k=1)[0].article_id.startswith("m")
    in_step(own)


@pytest.fixture(scope="module")
def other_embedder(library: Library, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Another embedder: the same weights, under another name and with one more byte."""
    folder = tmp_path_factory.mktemp("other")
    for path in library.embeddings.folder.rglob("*"):
        target = folder / path.relative_to(library.embeddings.folder)
        if path.is_dir():
            target.mkdir(parents=True, exist_ok=True)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.symlink_to(path)
    config = folder / "README.md"
    config.unlink(missing_ok=True)
    config.write_text("another")
    return str(folder)


def test_another_embedder_is_refused_until_the_store_is_made_anew(
    tmp_path: Path, articles_file: Path, other_embedder: str
) -> None:
    with Library(tmp_path / "store") as first:
        first.add(articles_file)
    other = Settings(store=tmp_path / "store", embedder=other_embedder)
    with pytest.raises(StoreMismatchError, match="run `qa reindex` to make it anew"):
        Library(settings=other)
    said: list[Progress] = []
    with Library(settings=other, reindexing=True) as library:
        assert library.reindex(on_progress=said.append) == 4
        assert said[-1].articles == 4
        assert said[-1].fraction == 1.0
        in_step(library)
        assert library.ask(SUMMIT).citations[0].article_id == "summit-talks"
    with Library(settings=other) as library:
        assert len(library.articles()) == 4
    with pytest.raises(StoreMismatchError):
        Library(tmp_path / "store")


def test_answers_go_on_after_a_reindex(own: Library) -> None:
    before = own.ask(SUMMIT)
    chain = own.chain
    assert own.reindex() == 4
    in_step(own)
    assert replace(own.ask(SUMMIT), seconds=0.0) == replace(before, seconds=0.0)
    assert chain.invoke(SUMMIT).citations == before.citations
    assert own.search("storm", k=1)[0].article_id == "storm"


def test_an_interrupted_reindex_is_taken_up(own: Library, tmp_path: Path) -> None:
    source = tmp_path / "more.jsonl"
    source.write_text("".join(json.dumps({"id": f"m{n}", "text": f"Story {n}."}) + "\n" for n in range(60)))
    own.add(source)
    own.remove("m1")

    def stop(progress: Progress) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        own.reindex(on_progress=stop)
    assert own.ask(SUMMIT).citations[0].article_id == "summit-talks"
    in_step(own)
    assert own._store.next_shelf().count()[0] == 50
    own.remove("m2")
    said: list[Progress] = []
    assert own.reindex(on_progress=said.append) == 62
    assert len(said) == 1
    assert len(own.articles()) == 62
    in_step(own)


def test_examples_are_questions_about_different_articles(library: Library) -> None:
    examples = library.examples(2)
    assert 1 <= len(set(examples)) == len(examples) <= 2
    assert all(question.endswith("?") for question in examples)


def test_an_answerer_that_is_not_available(tmp_path: Path) -> None:
    with Library(settings=Settings(store=tmp_path, model="gpt")) as library:
        with pytest.raises(ModelError, match="'gpt'"):
            library.warm()
        with pytest.raises(ModelError, match="'other'"):
            library.ask("where?", model="other")
        assert not library.ask("where did the summit take place?", model="reader").answered


def test_a_store_that_cannot_be_opened_is_let_go_of(tmp_path: Path) -> None:
    (tmp_path / "chroma").mkdir()
    (tmp_path / "chroma" / "chroma.sqlite3").write_bytes(b"no database" * 100)
    for _ in range(2):
        with pytest.raises(StoreError, match="cannot be opened"):
            Library(tmp_path)


def test_two_libraries_share_a_server(
    tmp_path: Path, library: Library, chroma_server: str, articles_file: Path
) -> None:
    from qa.store.database import Database

    database = Database.at_address(chroma_server)
    for name in database.names():
        database.drop(name)
    database.close()
    shared = Settings(store=tmp_path / "cache", chroma=chroma_server)
    with Library(settings=shared) as one, Library(settings=shared) as two:
        one._embedder = two._embedder = library.embeddings
        one.add(articles_file)
        assert two.search("armoured train", k=1)[0].article_id == "summit-talks"
        two.remove("storm")
        assert {info.id for info in one.articles()} == {"summit-talks", "summit-aid", "bees"}
        assert all(hit.article_id != "storm" for hit in one.search("storm in Lisbon"))
        two.reindex()
        assert one.ask(SUMMIT).citations[0].article_id == "summit-talks"
        in_step(one)
        two.search(SUMMIT)
        in_step(two)
    with Library(settings=shared) as again:
        in_step(again)


def test_asked_and_history_are_taken(library: Library) -> None:
    answer = library.ask(SUMMIT, asked=date(2019, 4, 26), history=[("Who met?", "Putin and Kim.")])
    assert answer.citations[0].article_id == "summit-talks"
    last = list(library.stream(SUMMIT))[-1]
    assert last.answered


def test_a_library_is_an_article_at_a_time(library: Library) -> None:
    article = library.article("bees")
    assert isinstance(article, Article)
    assert article.hash == next(info.hash for info in library.articles() if info.id == "bees")
    assert isinstance(library.embeddings, SentenceEmbedder)
    assert isinstance(library.retriever.invoke(SUMMIT), list)
