"""`qa chat` over made news, in a process of its own: what benchmarks of a running server share.

Takes sources and how many articles to make of them; gives the folder of their store, questions about them, and a
server with its address. Knows nothing of what is measured.
"""

from __future__ import annotations

import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import httpx

from qa.embed import SentenceEmbedder
from qa.errors import QAError
from qa.latency import fill, fingerprint
from qa.made import NewsMaker
from qa.records import Article
from qa.sentences import sentences
from qa.settings import Settings
from qa.systems import Show

OFFERED = ("--api", "--rate", "1000000")
"""Words by which the server offers OpenAI's protocol, and lets anybody ask as often as they like."""

_START_SECONDS = 300.0
_LOOK_EVERY = 0.02
_ENDLESS = 10_000_000
_LOG = "server.log"


def stored(
    settings: Settings, articles: Sequence[Article], *, size: int, root: Path, show: Show
) -> tuple[Path, list[Article]]:
    """The folder, within `root`, of a store of `size` made articles, and the articles; made unless it is there."""
    folder = root / f"crowd-{size}-{fingerprint(settings, articles)}"
    folder.mkdir(parents=True, exist_ok=True)
    news = NewsMaker(articles, SentenceEmbedder(settings.embedder))
    made = list(islice(news.make(_ENDLESS), size))
    fill(settings, articles, sum(len(one.passages) for one in made), folder, show)
    return folder, [one.article for one in made]


def questions(articles: Sequence[Article], count: int) -> list[str]:
    """Different questions about random articles, the same ones every time."""
    rng = random.Random(0)  # noqa: S311 - no secret
    asked: dict[str, None] = {}
    for _ in range(100 * count):
        if len(asked) == count:
            break
        article = rng.choice(articles)
        every = [article.text[one.start : one.end].split() for one in sentences(article.text)]
        words = rng.choice(every) if every else []
        start = rng.randrange(max(1, len(words) - 5))
        if len(words) > 3:
            asked[f"Who said what about {' '.join(words[start : start + 5])}?"] = None
    return list(asked)


@dataclass(frozen=True, slots=True)
class Server:
    """A server that was started: its address, its process and when that began."""

    address: str
    process: subprocess.Popen[bytes]
    began: float

    def wait(self, path: str) -> float:
        """Seconds from its beginning until it gives what is at `path`. Raises `QAError` if it never does."""
        with httpx.Client(timeout=_START_SECONDS, trust_env=False) as client:
            while self.process.poll() is None and time.perf_counter() - self.began < _START_SECONDS:
                try:
                    if client.get(f"{self.address}{path}").is_success:
                        return time.perf_counter() - self.began
                except httpx.HTTPError:  # it does not listen yet
                    pass
                time.sleep(_LOOK_EVERY)
        raise QAError(f"the server did not start: {_LOG} in the folder of --store-cache says why")


@contextmanager
def serving(settings: Settings, folder: Path, *words: str) -> Iterator[Server]:
    """`qa chat` with these words over the store in a folder, from now until the end of the context."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "qa", "--store", str(folder)]
    command += ["--embedder", settings.embedder, "--model", settings.model]
    command += ["--reader", settings.reader] if settings.reader else []
    command += ["chat", "--no-browser", "--port", str(port), *words]
    with (folder / _LOG).open("wb") as log:
        began = time.perf_counter()
        process = subprocess.Popen(command, stdout=log, stderr=log)  # noqa: S603 - our own words
    try:
        yield Server(f"http://127.0.0.1:{port}", process, began)
    finally:
        process.terminate()
        process.wait()
