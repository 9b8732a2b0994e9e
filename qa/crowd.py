"""Many clients at once: `qa chat --api` in a process of its own, over made news, asked by all of them together.

Takes sources and how many; first each question is asked alone, then all clients ask, each in an order of its own. What
came alone is what must come in the crowd, to the letter: so no answer is mixed up with another's. Knows nothing of
whether answers are right.
"""

from __future__ import annotations

import asyncio
import random
import re
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import numpy as np

from qa import served
from qa.errors import QAError
from qa.records import Article, Progress
from qa.settings import Settings
from qa.systems import Say, Show

_ANSWER_SECONDS = 600.0
_DISTINCT = 200
"""Different questions at most; each is asked by several clients then."""
_MEGABYTE = 1024 * 1024
_MEMORY = re.compile(r"^process_resident_memory_bytes (\S+)$", re.MULTILINE)


@dataclass(slots=True)
class _Seen:
    """What came of all questions so far: milliseconds of each, and what went wrong."""

    milliseconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    mixed_up: list[str] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)


def crowd(
    settings: Settings,
    articles: Sequence[Article],
    *,
    size: int,
    clients: int,
    questions: int,
    cache: Path | None,
    say: Say,
    show: Show,
) -> dict[str, Any]:
    """`clients` at once, `questions` of each, over `size` made articles: errors, mix-ups, milliseconds and memory.

    Memory is that of the serving process, in MB: before the crowd, when half of the questions are answered, after it;
    it is left out where the system does not tell. Raises `QAError` if the server does not start.
    """
    with ExitStack() as closing:
        root = cache or Path(closing.enter_context(tempfile.TemporaryDirectory(prefix="qa-bench-")))
        folder, made = served.stored(settings, articles, size=size, root=root, show=show)
        asked = served.questions(made, min(_DISTINCT, clients * questions))
        del made
        say(f"starting a server, and asking {len(asked)} questions one after the other")
        server = closing.enter_context(served.serving(settings, folder, *served.OFFERED))
        server.wait("/health")
        address = server.address
        with show("alone") as progress:
            alone = asyncio.run(_alone(address, asked, progress))
        with show("together") as progress:
            seen, seconds = asyncio.run(_together(address, asked, alone, clients, questions, progress))
    total = clients * questions
    answered = sum(bool(answer["answered"]) for _, answer in alone.values())
    return {
        "articles": size,
        "clients": clients,
        "questions": total,
        "answered, share": answered / len(alone),
        "errors": len(seen.errors),
        "first error": seen.errors[0] if seen.errors else None,
        "mixed up": len(seen.mixed_up),
        "questions a second": total / seconds,
        **_percentiles("alone", [taken for taken, _ in alone.values()]),
        **_percentiles("together", seen.milliseconds),
        **dict(
            zip(("memory before, MB", "memory half-way, MB", "memory after, MB"), seen.memory, strict=False)
        ),
    }


async def _alone(
    address: str, asked: Sequence[str], progress: Any
) -> dict[str, tuple[float, dict[str, Any]]]:
    """Each question's time and answer, asked when nobody else does. Raises `QAError` if one has none."""
    answers = {}
    async with _client(address) as client:
        for done, question in enumerate(asked, start=1):
            started = time.perf_counter()
            reply = await _ask(client, question)
            answers[question] = (1000 * (time.perf_counter() - started), _answer(reply))
            progress(Progress(articles=done, fraction=done / len(asked), current=question))
    return answers


async def _together(
    address: str,
    asked: Sequence[str],
    alone: dict[str, tuple[float, dict[str, Any]]],
    clients: int,
    questions: int,
    progress: Any,
) -> tuple[_Seen, float]:
    """What all clients saw, and how many seconds that took."""
    seen = _Seen()
    total = clients * questions

    async def one(number: int) -> None:
        own = random.Random(number).choices(asked, k=questions)  # noqa: S311 - no secret
        async with _client(address) as client:
            for question in own:
                started = time.perf_counter()
                try:
                    answer = _answer(await _ask(client, question))
                except (httpx.HTTPError, QAError) as error:
                    seen.errors.append(f"{type(error).__name__}: {error}")
                    continue
                seen.milliseconds.append(1000 * (time.perf_counter() - started))
                if answer != alone[question][1]:
                    seen.mixed_up.append(question)
                done = len(seen.milliseconds)
                if done == total // 2:
                    seen.memory += await _memory(address)
                progress(Progress(articles=done, fraction=done / total, current=question))

    seen.memory += await _memory(address)
    started = time.perf_counter()
    await asyncio.gather(*(one(number) for number in range(clients)))
    seconds = time.perf_counter() - started
    seen.memory += await _memory(address)
    return seen, seconds


def _client(address: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=address, timeout=_ANSWER_SECONDS, trust_env=False)


async def _ask(client: httpx.AsyncClient, question: str) -> httpx.Response:
    body = {"model": "qa", "messages": [{"role": "user", "content": question}], "asked": "2026-01-01"}
    return await client.post("/v1/chat/completions", json=body)


def _answer(reply: httpx.Response) -> dict[str, Any]:
    """All of an answer but the time that it took."""
    if not reply.is_success:
        raise QAError(f"HTTP {reply.status_code}: {reply.text[:200]}")
    said = reply.json()
    return {**said["qa"], "seconds": None, "content": said["choices"][0]["message"]["content"]}


async def _memory(address: str) -> list[float]:
    """Megabytes of the serving process, if the system tells."""
    async with _client(address) as client:
        found = _MEMORY.search((await client.get("/metrics")).text)
    return [float(found[1]) / _MEGABYTE] if found else []


def _percentiles(name: str, milliseconds: Sequence[float]) -> dict[str, float]:
    if not milliseconds:
        return {}
    return {f"{name}, p{percent} ms": float(np.percentile(milliseconds, percent)) for percent in (50, 95, 99)}
