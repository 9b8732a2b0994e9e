"""What is counted, for Prometheus: questions, what became of them and how long they took, requests, articles.

Takes what happens as it happens, gives the text that Prometheus reads. No label comes from outside, so nobody can make
this grow. Knows nothing of HTTP.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)

from qa.records import Answer

CONTENT_TYPE = CONTENT_TYPE_LATEST
_SECONDS = (0.05, 0.1, 0.2, 0.4, 0.8, 1.5, 3, 6, 12, 25, 60, 120)


class Through(StrEnum):
    """The way by which a question came."""

    CHAT = "chat"
    MCP = "mcp"


class Outcome(StrEnum):
    """What became of a question."""

    ANSWERED = "answered"
    UNSURE = "unsure"
    DECLINED = "declined"
    FAILED = "failed"
    LEFT = "left"


@dataclass(slots=True)
class Counted:
    """A question under way. `answer` is the last snapshot that came."""

    answer: Answer | None = None


class Metrics:
    """The counts of one server; several of them in one process do not meet."""

    def __init__(self, articles: Callable[[], int] | None = None) -> None:
        self._registry = CollectorRegistry()
        self._questions = Counter(
            "qa_questions",
            "Questions by what became of them.",
            ["through", "outcome"],
            registry=self._registry,
        )
        self._seconds = Histogram(
            "qa_answer_seconds",
            "Time from a question to its whole answer.",
            ["through"],
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._requests = Counter(
            "qa_requests", "Requests by path and status.", ["path", "status"], registry=self._registry
        )
        self._gauges = {
            "running": Gauge("qa_running", "Requests that are worked on now.", registry=self._registry),
            "waiting": Gauge("qa_waiting", "Requests that wait in line now.", registry=self._registry),
        }
        if articles is not None:
            Gauge("qa_articles", "Articles in the library.", registry=self._registry).set_function(articles)
        ProcessCollector(registry=self._registry)
        PlatformCollector(registry=self._registry)

    def watch(self, *, running: Callable[[], int], waiting: Callable[[], int]) -> None:
        """Asks these how much is going on whenever the numbers are read."""
        self._gauges["running"].set_function(running)
        self._gauges["waiting"].set_function(waiting)

    @contextmanager
    def question(self, through: Through) -> Iterator[Counted]:
        """Counts a question, by how the context ends: with an answer, an error, or because its client has gone."""
        counted = Counted()
        started = time.perf_counter()
        outcome = Outcome.LEFT
        try:
            yield counted
            outcome = _outcome(counted.answer)
            self._seconds.labels(through).observe(time.perf_counter() - started)
        except Exception:
            outcome = Outcome.FAILED
            raise
        finally:
            self._questions.labels(through, outcome).inc()

    def request(self, path: str, status: int) -> None:
        """Counts a request. `path` is one of ours, never what a client made up."""
        self._requests.labels(path, str(status)).inc()

    def text(self) -> bytes:
        """All of it as Prometheus reads it."""
        return generate_latest(self._registry)


def _outcome(answer: Answer | None) -> Outcome:
    if answer is None:
        return Outcome.FAILED
    if not answer.answered:
        return Outcome.DECLINED
    return Outcome.ANSWERED if answer.sure or not answer.citations else Outcome.UNSURE
