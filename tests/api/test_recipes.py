"""What README.md and docs/programs.md tell people to do, done."""

from __future__ import annotations

import asyncio
import json
import re
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
from mcp import Client
from mcp.client.stdio import StdioServerParameters
from openai import OpenAI

from tests.api.conftest import ROOT, Served
from tests.api.test_langchain import Calling

README, PROGRAMS = ROOT / "README.md", ROOT / "docs" / "programs.md"
ADDRESS = "http://localhost:7860"
MODEL = '"openai:gpt-5-mini"'
SUMMIT = "Where did the summit take place?"


def block(file: Path, language: str, having: str) -> str:
    """The only block of code in a file that has these words."""
    blocks = re.findall(rf"^```{language}\n(.*?)^```$", file.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    (found,) = [one for one in blocks if having in one]
    return str(found)


def run(code: str, **names: Any) -> None:
    """Carries out a block of code."""
    exec(compile(code, "recipe", "exec", dont_inherit=True), {"__name__": "recipe", **names})


def test_a_chat_program_needs_the_address_and_any_key(server: Served) -> None:
    """What Open WebUI does with the address: it lists the models, then streams with its own instructions before."""
    (address,) = re.findall(r"OPENAI_API_BASE_URL=(\S+) OPENAI_API_KEY=none", README.read_text("utf-8"))
    client = OpenAI(base_url=address.replace(ADDRESS, server.address), api_key="none")
    assert "qa" in [model.id for model in client.models.list()]
    messages: Any = [{"role": "system", "content": "You are kind."}, {"role": "user", "content": SUMMIT}]
    chunks = client.chat.completions.create(
        model="qa", messages=messages, stream=True, stream_options={"include_usage": True}
    )
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert text.startswith("Russky island [1]\n\nSources:\n\n[1] “")


def test_a_desktop_program_starts_it_by_itself(store: Path) -> None:
    settings = json.loads(block(README, "json", "mcpServers"))["mcpServers"]["articles"]
    assert settings["command"].endswith("/bin/qa")
    words = [str(store) if word == "/path/to/my-store" else word for word in settings["args"]]
    parameters = StdioServerParameters(
        command=sys.executable, args=["-m", "qa", *words], env={"PYTHONPATH": str(ROOT)}
    )

    async def talk() -> str:
        async with Client(parameters) as client:
            result: Any = await client.call_tool("ask_articles", {"question": SUMMIT})
            return str(result.structured_content["answer"])

    assert asyncio.run(talk()) == "Russky island"


def test_an_agent_asks_over_the_network(server: Served, capsys: pytest.CaptureFixture[str]) -> None:
    code = block(README, "python", "create_agent").replace(ADDRESS, server.address)
    model = Calling(tool="ask_articles", arguments={"question": SUMMIT})
    run(code.replace(MODEL, "model"), model=model)
    assert capsys.readouterr().out.startswith("I read: Russky island [1]\n\nSources:")


def test_an_agent_holds_the_library(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = block(PROGRAMS, "python", "create_agent").replace('"my-store"', repr(str(store)))
    model = Calling(tool="ask_articles", arguments={"question": SUMMIT})
    run(f"{code.replace(MODEL, 'model')}\nlibrary.close()", model=model)
    assert capsys.readouterr().out.startswith("I read: Russky island [1]\n\nSources:")


def test_a_graph_looks_elsewhere_where_the_articles_do_not_say(
    store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = block(PROGRAMS, "python", "StateGraph").replace('"my-store"', repr(str(store)))
    more = "\nprint(graph.compile().invoke({'question': 'who won the world cup in 1998?'})['told'])\nlibrary.close()"
    run(code + more)
    assert capsys.readouterr().out == "Russky island\nWho else could know: who won the world cup in 1998?\n"


def test_openai_s_client(server: Served, capsys: pytest.CaptureFixture[str]) -> None:
    run(block(PROGRAMS, "python", "import OpenAI").replace(ADDRESS, server.address))
    assert capsys.readouterr().out.splitlines()[-1] == (
        "1 Putin and Kim meet on Russky island VLADIVOSTOK, Russia: The summit took place on Russky island on "
        "Thursday, on a university campus."
    )


def test_every_number_that_is_told_is_counted(server: Served) -> None:
    told = set(re.findall(r"`(qa_\w+)`", PROGRAMS.read_text("utf-8")))
    assert len(told) == 6
    text = httpx.get(f"{server.address}/metrics").text
    families = set(re.findall(r"^# TYPE (qa_\w+) ", text, re.MULTILINE))
    assert told == {name for name in families if not name.endswith("_created")}
