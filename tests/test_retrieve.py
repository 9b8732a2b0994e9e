"""Both searches fused, and as a LangChain retriever."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace

import pytest
from langchain_core.documents import Document

from qa import Filters, Hit, Library, QuestionError
from qa.retrieve import LONGEST_QUESTION, ArticleRetriever, document_of, hit_of


def test_the_best_passage_comes_first(library: Library) -> None:
    hits = library.search("where did the summit take place?")
    assert hits[0].article_id == "summit-talks"
    assert hits[0].title == "Putin and Kim meet on Russky island"
    assert (hits[0].source, hits[0].published) == ("Harbour Wire", "2019-04-25")
    assert hits[0].score == 1.0  # first in both searches
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert all(0 <= hit.score <= 1 for hit in hits)


def test_a_hit_is_a_slice_without_blanks_around_it(library: Library) -> None:
    for hit in library.search("wheat, waves and bees"):
        assert hit.text == library.article(hit.article_id).text[hit.start : hit.end] == hit.text.strip()


def test_a_word_that_only_the_keyword_search_knows(library: Library) -> None:
    assert library.search("Chongjin", k=1)[0].article_id == "summit-aid"
    assert library.search("Chongjn", k=1)[0].article_id == "summit-aid"  # misspelt


@pytest.mark.parametrize("k", [1, 2, 1000])
def test_how_many(library: Library, k: int) -> None:
    assert len(library.search("the harbour", k=k)) == min(k, len(library.search("the harbour", k=100)))


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(), {"summit-talks", "summit-aid", "storm", "bees"}),
        (Filters(article_ids=("storm", "nobody")), {"storm"}),
        (Filters(sources=("Harbour Wire",)), {"summit-talks", "storm"}),
        (
            Filters(sources=("Harbour Wire", "Meridian Desk"), published_to="2019-04-26"),
            {"summit-talks", "summit-aid"},
        ),
        (Filters(published_from="2019-04-26"), {"summit-aid", "storm"}),
        (Filters(published_from="2019-04-26", published_to="2019-04-26"), {"summit-aid"}),
        (Filters(published_from="2030-01-01"), set()),
        (Filters(sources=("Nobody",)), set()),
    ],
)
def test_filters(library: Library, filters: Filters, expected: set[str]) -> None:
    found = {hit.article_id for hit in library.search("harbour island wheat bees", k=50, filters=filters)}
    assert found == expected


@pytest.mark.parametrize("question", ["", "  \n", "x" * (LONGEST_QUESTION + 1)])
def test_no_question(library: Library, question: str) -> None:
    with pytest.raises(QuestionError, match=r"empty|longer than 4,000 characters"):
        library.search(question)


@pytest.mark.parametrize(
    "question",
    ["?!", "the", "\ud800 bees", "\x00", '"AND" (OR -x:y^2 *', "金正恩", "x" * LONGEST_QUESTION, "a" * 300],
)
def test_odd_questions_find_something(library: Library, question: str) -> None:
    assert library.search(question, k=3)


def test_nothing_in_an_empty_library(tmp_path_factory: pytest.TempPathFactory) -> None:
    with Library(tmp_path_factory.mktemp("empty") / "store") as library:
        assert library.search("anything") == []
        assert library.ask("anything").nearest == ()


def test_a_langchain_retriever(library: Library) -> None:
    retriever = library.retriever
    assert isinstance(retriever, ArticleRetriever)
    question, other = "where did the summit take place?", "who closed the harbour?"
    hits = library.search(question)
    documents = retriever.invoke(question)
    assert [document.page_content for document in documents] == [hit.text for hit in hits]
    assert [hit_of(document) for document in documents] == [replace(hit, why=None) for hit in hits]
    assert retriever.batch([question, other]) == [documents, retriever.invoke(other)]
    assert asyncio.run(retriever.ainvoke(question)) == documents
    assert [document.id for document in retriever.invoke(question, k=1)] == [documents[0].id]
    (only,) = retriever.invoke(question, filters=Filters(article_ids=("bees",)))
    assert only.metadata["article_id"] == "bees"
    assert len(retriever.model_copy(update={"k": 2}).invoke(question)) == 2


def test_a_hit_as_a_document_and_back() -> None:
    hit = Hit(
        article_id="a",
        title="T",
        source=None,
        url="https://x.example",
        published="2019-04-25",
        start=7,
        end=12,
        text="Hello",
        score=0.25,
    )
    document = document_of(hit)
    assert (document.id, document.page_content) == ("a:7", "Hello")
    assert hit_of(document) == hit
    json.dumps(document.metadata)  # plain values only: others store them


def test_documents_of_others() -> None:
    bare = hit_of(Document("Bees fly."))
    assert (bare.start, bare.end, bare.text, bare.score) == (0, 9, "Bees fly.", 1.0)
    assert bare.title == bare.article_id
    assert hit_of(Document("Bees fly."), rank=2).score == 61 / 62
    odd = {"source": "bees.pdf", "start": None, "score": "high", "published": 2019}
    first, second = hit_of(Document("One.", metadata=odd)), hit_of(Document("Two.", metadata=odd))
    assert first.article_id != second.article_id
    assert (first.title, first.source, first.published) == ("bees.pdf", "bees.pdf", "2019")
    assert hit_of(Document("One.", id="7", metadata={"title": "Bees"})).article_id == "7"
