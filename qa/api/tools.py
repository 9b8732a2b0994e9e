"""The tools: what a model may do with the articles, each by its name, what it takes and what it gives.

Takes a library and arguments that have been checked; gives a text for the model to read and an object for programs.
Knows nothing of the protocol.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from qa.api import prose
from qa.api.source import AnyLibrary
from qa.choose import Wish, choose, resolve
from qa.records import Answer, Filters, Hit

_LONGEST_QUESTION = 4_000
_CHARACTERS = 20_000
_MOST_CHARACTERS = 200_000
_MOST_HITS = 50


class _Arguments(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Question(_Arguments):
    question: str = Field(
        min_length=1, max_length=_LONGEST_QUESTION, description="A whole question, in plain words"
    )
    source: str | None = Field(None, max_length=500, description="Only articles of this source")
    published_from: date | None = Field(None, description="Only articles of this day, YYYY-MM-DD, or later")
    published_to: date | None = Field(None, description="Only articles of this day or before")
    asked: date | None = Field(
        None, description="The day that the question is asked on, for “this week” (default: today)"
    )

    def filters(self, library: AnyLibrary) -> tuple[Filters | None, tuple[str, ...]]:
        """Which articles are meant, and a sentence for each name that is none."""
        wish = Wish(
            sources=(self.source,) if self.source else (),
            first=self.published_from,
            last=self.published_to,
        )
        return choose(wish, library.articles)


class Search(_Question):
    """Arguments of `search_articles`."""

    limit: int = Field(10, ge=1, le=_MOST_HITS, description="How many passages at most")


class Ask(_Question):
    """Arguments of `ask_articles`."""


class Get(_Arguments):
    """Arguments of `get_article`."""

    article_id: str = Field(
        min_length=1, max_length=2_000, description="The id, as searches and answers give it"
    )
    start: int = Field(0, ge=0, description="The character to begin with")
    characters: int = Field(
        _CHARACTERS, ge=1, le=_MOST_CHARACTERS, description="How many characters at most, from there on"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a tool gives: for a model to read, and for programs. `answer` is there if a question was answered."""

    text: str
    data: Mapping[str, Any]
    answer: Answer | None = None


def search(library: AnyLibrary, given: Search) -> Iterator[Result]:
    """The passages."""
    filters, unknown = given.filters(library)
    hits = library.search(given.question, k=given.limit, asked=given.asked, filters=filters)
    found = "\n\n".join(_shown(hit, number) for number, hit in enumerate(hits, start=1))
    yield Result(
        text=_joined(unknown, found or "No passage was found."),
        data={"question": given.question, "hits": [hit.to_json() for hit in hits]},
    )


def ask(library: AnyLibrary, given: Ask) -> Iterator[Result]:
    """The answer as it grows; the last is whole."""
    filters, unknown = given.filters(library)
    for answer in library.stream(given.question, asked=given.asked, filters=filters):
        ids = "; ".join(f"[{one.number}] {prose.inert(one.article_id)}" for one in answer.citations)
        where = (f"Article ids: {ids}",) if ids else ()
        text = _joined((*unknown, prose.text(answer), *where))
        yield Result(text=text, data=answer.to_json(), answer=answer)


def get(library: AnyLibrary, given: Get) -> Iterator[Result]:
    """An article, or so much of it. Raises `ArticleNotFoundError`."""
    info = resolve(given.article_id, library.articles())
    article = library.article(info.id)
    end = min(given.start + given.characters, len(article.text))
    part = article.text[given.start : end]
    facts = [article.title, article.source, article.author, article.published, article.url]
    more = f"(From character {end} on there is more.)" if end < len(article.text) else ""
    yield Result(
        text=_joined((", ".join(fact for fact in facts if fact), part, more)),
        data={**info.to_json(), "start": given.start, "end": end, "text": part},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """One tool. `work` gives results as they grow, the last of them whole."""

    name: str
    title: str
    description: str
    arguments: type[BaseModel]
    work: Callable[[AnyLibrary, Any], Iterator[Result]]


TOOLS = (
    Tool(
        name="search_articles",
        title="Search the articles",
        description="Find the passages of the user's articles that speak of something, best first.",
        arguments=Search,
        work=search,
    ),
    Tool(
        name="ask_articles",
        title="Ask the articles",
        description="Answer a question from the user's articles, with the exact sentences that the answer stands on. "
        "Says so when the articles do not say.",
        arguments=Ask,
        work=ask,
    ),
    Tool(
        name="get_article",
        title="Read an article",
        description="Read one of the user's articles, by the id that a search or an answer gave.",
        arguments=Get,
        work=get,
    ),
)


def _shown(hit: Hit, number: int) -> str:
    facts = ", ".join(fact for fact in (hit.title, hit.source, hit.published) if fact)
    return f"{number}. {facts} (article {hit.article_id}, characters {hit.start} to {hit.end})\n{hit.text}"


def _joined(parts: tuple[str, ...], *more: str) -> str:
    return "\n\n".join(part for part in (*parts, *more) if part)
