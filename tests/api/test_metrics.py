"""What is counted and logged, and that no text is in it."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from qa.api.metrics import Metrics, Through
from tests.api.conftest import Served

SECRET = "zanzibarquestion"


def counts(text: str) -> dict[str, float]:
    """The samples that do not change by themselves, by name and labels."""
    found = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            labels = ",".join(f"{name}={value}" for name, value in sorted(sample.labels.items()))
            found[f"{sample.name}{{{labels}}}"] = sample.value
    return found


def test_questions_are_counted_by_what_became_of_them(server: Served) -> None:
    before = counts(httpx.get(f"{server.address}/metrics").text)
    client = server.client()
    for question in ("where did the summit take place?", f"what is {SECRET}, the emperor of elephants?"):
        messages: Any = [{"role": "user", "content": question}]
        client.chat.completions.create(model="qa", messages=messages)
    client.models.list()
    httpx.get(f"{server.address}/v1/{SECRET}")
    reply = httpx.get(f"{server.address}/metrics")
    assert reply.headers["Content-Type"].startswith("text/plain; version=")
    after = counts(reply.text)
    grown = {name: after[name] - before.get(name, 0.0) for name in after}
    assert grown["qa_questions_total{outcome=answered,through=chat}"] == 1
    assert grown["qa_questions_total{outcome=declined,through=chat}"] == 1
    assert grown["qa_answer_seconds_count{through=chat}"] == 2
    assert grown["qa_requests_total{path=/v1,status=200}"] == 3
    assert grown["qa_requests_total{path=/v1,status=404}"] == 1
    assert after["qa_articles{}"] == 4
    assert (after["qa_running{}"], after["qa_waiting{}"]) == (0, 0)
    assert after["process_resident_memory_bytes{}"] > 1e7
    assert SECRET not in reply.text + server.said.read_text("utf-8")


def test_each_request_is_one_line_with_its_id(server: Served) -> None:
    reply = httpx.get(f"{server.address}/v1/models", headers={"X-Request-ID": "my-request-7"})
    assert reply.headers["X-Request-ID"] == "my-request-7"
    (line,) = [line for line in server.lines() if line.get("id") == "my-request-7"]
    assert line.pop("seconds") >= 0
    assert line.pop("time").endswith("+00:00")
    assert line == {
        "level": "info",
        "event": "request",
        "id": "my-request-7",
        "method": "GET",
        "path": "/v1/models",
        "status": 200,
    }


def test_a_question_that_fails_and_one_that_nobody_waits_for() -> None:
    metrics = Metrics()
    with pytest.raises(ValueError, match="x"), metrics.question(Through.MCP):
        raise ValueError("x")
    with pytest.raises(asyncio.CancelledError), metrics.question(Through.CHAT):
        raise asyncio.CancelledError
    found = counts(metrics.text().decode())
    assert found["qa_questions_total{outcome=failed,through=mcp}"] == 1
    assert found["qa_questions_total{outcome=left,through=chat}"] == 1
