"""The Model Context Protocol by the official client, over HTTP and over stdio."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, MCPError
from mcp.client.stdio import StdioServerParameters

from qa import Library
from qa.__main__ import main
from qa.api.mcp.server import ArticleServer
from qa.api.metrics import Metrics
from qa.api.source import Ready
from qa.api.work import Work
from tests.api.conftest import ROOT, Served

WHERE = {"question": "where did the summit take place?"}
ANSWER = (
    "Russky island [1]\n\nSources:\n\n"
    "[1] “VLADIVOSTOK, Russia: The summit took place on Russky island on Thursday, on a university campus.” "
    "(Putin and Kim meet on Russky island, Harbour Wire, 2019-04-25, https://news.example/summit-talks)\n\n"
    "Article ids: [1] summit-talks"
)

Use = Callable[[Client], Awaitable[None]]
Talk = Callable[[Use], None]


def with_client(client: Client, use: Use) -> None:
    """Uses a client while it is connected."""

    async def talk() -> None:
        async with client as connected:
            await use(connected)

    asyncio.run(talk())


def over_stdio(store: Path) -> Client:
    """A client that starts `qa mcp` as a desktop program does."""
    words = ["-m", "qa", "--store", str(store), "mcp"]
    return Client(StdioServerParameters(command=sys.executable, args=words, env={"PYTHONPATH": str(ROOT)}))


@pytest.fixture(params=["http", "http, before 2026", "stdio"])
def talk(request: pytest.FixtureRequest, server: Served, store: Path) -> Talk:
    """Talks to qa over one of the transports."""
    clients: dict[str, Callable[[], Client]] = {
        "http": lambda: Client(f"{server.address}/mcp"),
        "http, before 2026": lambda: Client(f"{server.address}/mcp", mode="legacy"),
        "stdio": lambda: over_stdio(store),
    }
    return lambda use: with_client(clients[request.param](), use)


def text(result: Any) -> str:
    """What a model reads."""
    (content,) = result.content
    return str(content.text)


def test_the_articles_can_be_searched_asked_and_read(talk: Talk, library: Library) -> None:
    async def use(client: Client) -> None:
        tools = (await client.list_tools()).tools
        assert [tool.name for tool in tools] == ["search_articles", "ask_articles", "get_article"]
        assert all(tool.annotations and tool.annotations.read_only_hint for tool in tools)

        asked = await client.call_tool("ask_articles", WHERE)
        assert (asked.is_error, text(asked)) == (False, ANSWER)
        (citation,) = asked.structured_content["citations"]
        whole = library.article(citation["article_id"]).text
        assert citation["quote"] == whole[citation["start"] : citation["end"]]

        found = await client.call_tool("search_articles", {"question": "armoured train", "limit": 1})
        (hit,) = found.structured_content["hits"]
        assert hit["text"] == whole[hit["start"] : hit["end"]]
        assert text(found).startswith(
            "1. Putin and Kim meet on Russky island, Harbour Wire, 2019-04-25 (article summit-talks, characters 0 to"
        )

        read = await client.call_tool(
            "get_article", {"article_id": "summit-talks", "start": 13, "characters": 6}
        )
        assert read.structured_content["text"] == whole[13:19] == "Russia"
        assert text(read).endswith("\n\nRussia\n\n(From character 19 on there is more.)")

        listed = await client.list_resources()
        assert [one.uri for one in listed.resources] == [f"qa://articles/{i.id}" for i in library.articles()]
        contents = (await client.read_resource("qa://articles/summit-talks")).contents[0]
        assert contents.text == whole  # type: ignore[union-attr]
        (template,) = (await client.list_resource_templates()).resource_templates
        assert template.uri_template == "qa://articles/{article_id}"

    talk(use)


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("ask_articles", {"question": ""}, "question: String should have at least 1 character."),
        ("ask_articles", {}, "question: Field required."),
        ("ask_articles", {"question": "x", "k": 1}, "k: Extra inputs are not permitted."),
        (
            "search_articles",
            {"question": "x", "limit": 51},
            "limit: Input should be less than or equal to 50.",
        ),
        (
            "get_article",
            {"article_id": "nobody"},
            "There is no article 'nobody': `qa list` shows those that are.",
        ),
        (
            "ask_articles",
            {"question": "x", "published_from": "2020-01-02", "published_to": "2020-01-01"},
            "No day is from 2020-01-02 on and up to 2020-01-01: turn the two round.",
        ),
    ],
)
def test_what_is_wrong_is_told_to_the_model(
    server: Served, tool: str, arguments: dict[str, Any], said: str
) -> None:
    async def use(client: Client) -> None:
        result = await client.call_tool(tool, arguments)
        assert (result.is_error, text(result)) == (True, said)

    with_client(Client(f"{server.address}/mcp"), use)


def test_what_is_not_there(server: Served) -> None:
    async def use(client: Client) -> None:
        with pytest.raises(
            MCPError, match=r"There is no such tool: search_articles, ask_articles, get_article are\."
        ):
            await client.call_tool("remove_article", {})
        for uri in ("qa://articles/nobody", "file:///etc/passwd", "qa://articles/..%2F..%2Fetc"):
            with pytest.raises(MCPError, match=r"There is no article at this address\."):
                await client.read_resource(uri)
        with pytest.raises(MCPError, match=r"This cursor was not given here\."):
            await client.list_resources(cursor="-1")

    with_client(Client(f"{server.address}/mcp"), use)


def test_only_some_articles(server: Served) -> None:
    async def use(client: Client) -> None:
        only = {"question": "what happened?", "source": "harbour wire", "published_from": "2020-01-01"}
        found = await client.call_tool("search_articles", only)
        assert {hit["article_id"] for hit in found.structured_content["hits"]} == {"storm"}
        nowhere = await client.call_tool(
            "search_articles", {"question": "what happened?", "source": "Nobody"}
        )
        assert text(nowhere) == (
            "no article is from 'Nobody': they are from Harbour Wire, Meridian Desk\n\nNo passage was found."
        )

    with_client(Client(f"{server.address}/mcp"), use)


def test_long_lists_come_page_by_page_and_ids_may_be_anything(tmp_path: Path) -> None:
    lines = [
        {"id": f"a/b?c#{n} é", "text": f"Story number {n} is short.", "title": str(n)} for n in range(101)
    ]
    (tmp_path / "many.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")

    async def use(client: Client) -> None:
        first = await client.list_resources()
        assert (len(first.resources), first.next_cursor) == (100, "100")
        rest = await client.list_resources(cursor=first.next_cursor)
        assert (len(rest.resources), rest.next_cursor) == (1, None)
        for one in (first.resources[0], rest.resources[0]):
            contents = (await client.read_resource(one.uri)).contents[0]
            assert contents.text == f"Story number {one.title} is short."  # type: ignore[union-attr]

    with Library(tmp_path / "store") as library:
        library.add(tmp_path / "many.jsonl")
        with_client(Client(ArticleServer(Work(Ready(library)), Metrics()).server), use)


def test_over_stdio_other_commands_are_served_meanwhile(
    store: Path, articles_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async def use(client: Client) -> None:
        await client.call_tool("search_articles", {"question": "wheat", "limit": 1})
        assert await asyncio.to_thread(main, ["--store", str(store), "ask", WHERE["question"], "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["answer"] == "Russky island"

    with_client(over_stdio(store), use)
