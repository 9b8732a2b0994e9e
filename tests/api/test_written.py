"""Answers that a chat model writes: streamed sentence by sentence, stopped when nobody listens any more."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest

from tests.api.conftest import READY, Served, free_port, served

TOKEN = "sesame-sesame-sesame"

BRIDGE = """---
title: New bridge over the Tarn opens at Albi
date: 2021-05-04
source: Valley Post
---
The new bridge over the Tarn was opened on Tuesday by mayor Lucie Fabre, two years later than planned.

Its deck is 212 metres long and carries two tram lines and a path for bicycles.

The bridge cost 48 million euros, nine million more than the city council had expected when work began.
"""
NOTE = "(New bridge over the Tarn opens at Albi, Valley Post, 2021-05-04)"


@dataclass(frozen=True)
class Written:
    """A server whose answers a scripted model writes."""

    server: Served
    log: Path

    def stream(self, question: str, **options: Any) -> openai.Stream[Any]:
        """The chunks of an answer."""
        client = self.server.client(TOKEN)
        messages: Any = [{"role": "user", "content": question}]
        return client.chat.completions.create(model="qa", messages=messages, stream=True, **options)

    def ended(self, question: str) -> str:
        """How the model's answer ended, as soon as it has."""
        until = time.monotonic() + 20
        while time.monotonic() < until:
            for line in self.log.read_text("utf-8").splitlines() if self.log.exists() else ():
                end, _, asked = line.partition(": ")
                if asked == question:
                    return end
            time.sleep(0.02)
        return "still going on"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Written]:
    folder, port = tmp_path_factory.mktemp("written"), free_port()
    (folder / "bridge.md").write_text(BRIDGE, "utf-8")
    log = folder / "log"
    words = [Path(__file__).with_name("scripted.py"), folder / "store", log, str(port), folder / "bridge.md"]
    with served(folder, words, port=port, more={"QA_API_TOKEN": TOKEN}) as server:
        yield Written(server, log)
    assert TOKEN not in server.said.read_text("utf-8")


def test_where_a_key_is_set_everybody_needs_it_but_for_the_health(written: Written) -> None:
    server = written.server
    assert httpx.get(f"{server.address}/health").json() == READY
    for path in ("/metrics", "/v1/models", "/v1/openapi.json"):
        assert httpx.get(f"{server.address}{path}").status_code == 401
    metrics = httpx.get(f"{server.address}/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert "qa_articles 1.0" in metrics.text
    with pytest.raises(openai.AuthenticationError):
        server.client("wrong").models.list()


def test_the_model_and_the_reader_are_two_models(written: Written) -> None:
    client = written.server.client(TOKEN)
    assert [model.id for model in client.models.list()] == ["qa", "reader", "all-MiniLM-L6-v2"]
    question: Any = [{"role": "user", "content": "What did the bridge over the Tarn cost?"}]
    read: Any = client.chat.completions.create(model="reader", messages=question)
    assert read.qa["model"] == "reader"
    assert read.qa["answer"] == "48 million euros"


def test_sentences_are_streamed_as_they_are_checked(written: Written) -> None:
    chunks = list(written.stream("Tell me about the deck."))
    pieces = [chunk.choices[0].delta.content for chunk in chunks if chunk.choices[0].delta.content]
    assert len(pieces) >= 4
    text = "".join(pieces)
    assert text.startswith(
        "**The new bridge** over the Tarn was opened by mayor Lucie Fabre. [1] Its deck is 212"
    )
    assert "4,000 elephants. [unsupported]" in text
    assert (
        "One sentence is marked [unsupported]: nothing that was found says so.\n\nSources:\n\n[1] “" in text
    )
    assert text.endswith(NOTE)
    assert chunks[-1].qa["model"] == "openai:gpt-scripted"


def test_what_a_model_writes_is_no_markdown_that_fetches_or_links(written: Written) -> None:
    text = "".join(chunk.choices[0].delta.content or "" for chunk in written.stream("And the elephants?"))
    assert "elephants" in text
    for alive in ("![", "](", "<", "evil.example"):
        assert alive not in text


def test_a_model_that_dies_in_the_middle_is_followed_by_what_the_reader_quotes(written: Written) -> None:
    chunks = list(written.stream("What did the bridge cost before it dies?"))
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks)
    answer = chunks[-1].qa
    assert answer["model"] == "reader"
    assert answer["note"].endswith("This is what the reader quotes.")
    assert f"\n\n{answer['answer']} [1]\n\n" in text
    assert answer["note"] in text


def test_who_stops_listening_to_a_stream_stops_the_model(written: Written) -> None:
    question = "Tell me an endless story of the deck, streamed."
    stream = written.stream(question)
    for chunk in stream:
        if chunk.choices[0].delta.content:
            break
    stream.close()
    assert written.ended(question) == "left"


def test_who_does_not_wait_for_a_whole_answer_stops_the_model(written: Written) -> None:
    question = "Tell me an endless story of the deck, at once."
    body = {"model": "qa", "messages": [{"role": "user", "content": question}]}
    with pytest.raises(httpx.ReadTimeout):
        httpx.post(
            f"{written.server.address}/v1/chat/completions",
            json=body,
            timeout=3,
            headers={"Authorization": f"Bearer {TOKEN}"},
        )
    assert written.ended(question) == "left"


def test_who_leaves_a_stream_that_has_begun_without_a_word_stops_the_model(written: Written) -> None:
    question = "Tell me an endless story."
    written.stream(question).close()  # it begins after some seconds, whatever the model does
    assert written.ended(question) == "left"


def test_who_leaves_a_stream_that_has_not_begun_stops_the_model(written: Written) -> None:
    question = "Tell me another endless story."
    with pytest.raises(openai.APITimeoutError):
        written.stream(question, timeout=1.0)
    assert written.ended(question) == "left"


def test_more_than_can_be_answered_at_a_time_wait_their_turn(written: Written) -> None:
    def answer(number: int) -> str:
        question = f"Tell me about the deck, please, number {number}."
        chunks = list(written.stream(question))
        return str(chunks[-1].qa["question"])

    with ThreadPoolExecutor(12) as pool:
        assert list(pool.map(answer, range(12))) == [
            f"Tell me about the deck, please, number {number}." for number in range(12)
        ]
