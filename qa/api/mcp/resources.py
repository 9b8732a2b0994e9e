"""The articles as resources: each at an address of its own, listed page by page.

Takes a library, gives records of the protocol. The text of a resource is the article's, to the character.
"""

from __future__ import annotations

from urllib.parse import quote, unquote

from mcp.shared.exceptions import MCPError
from mcp_types import (
    INVALID_PARAMS,
    ListResourcesResult,
    ReadResourceResult,
    Resource,
    ResourceTemplate,
    TextResourceContents,
)

from qa.api.source import AnyLibrary
from qa.errors import ArticleNotFoundError
from qa.records import ArticleInfo

_ARTICLES = "qa://articles/"
_PAGE = 100
_TEXT = "text/plain"

TEMPLATE = ResourceTemplate(
    uri_template=f"{_ARTICLES}{{article_id}}",
    name="article",
    title="An article, by its id",
    mime_type=_TEXT,
)


def listed(library: AnyLibrary, cursor: str | None) -> ListResourcesResult:
    """A page of the articles, newest first. Raises `MCPError` for a cursor that we did not give."""
    start = _start(cursor)
    infos = library.articles()
    following = start + _PAGE
    return ListResourcesResult(
        resources=[_resource(info) for info in infos[start:following]],
        next_cursor=str(following) if following < len(infos) else None,
    )


def read(library: AnyLibrary, uri: str) -> ReadResourceResult:
    """The text of an article. Raises `MCPError` if there is none at this address."""
    missing = MCPError(code=INVALID_PARAMS, message="There is no article at this address.", data={"uri": uri})
    if not uri.startswith(_ARTICLES):
        raise missing
    try:
        article = library.article(unquote(uri.removeprefix(_ARTICLES)))
    except ArticleNotFoundError:
        raise missing from None
    return ReadResourceResult(contents=[TextResourceContents(uri=uri, mime_type=_TEXT, text=article.text)])


def _resource(info: ArticleInfo) -> Resource:
    facts = (info.source, info.published, info.author)
    return Resource(
        uri=f"{_ARTICLES}{quote(info.id, safe='')}",
        name=info.id,
        title=info.title,
        description=", ".join(fact for fact in facts if fact) or None,
        mime_type=_TEXT,
    )


def _start(cursor: str | None) -> int:
    if cursor is None:
        return 0
    if not (cursor.isascii() and cursor.isdecimal() and len(cursor) < 10):
        raise MCPError(code=INVALID_PARAMS, message="This cursor was not given here.")
    return int(cursor)
