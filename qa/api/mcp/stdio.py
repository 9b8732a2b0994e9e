"""`qa mcp`: the protocol over standard input and output, for programs that start this one.

Takes how to open the library; ends when the program at the other end goes.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import anyio

from qa.api.mcp.on_demand import OnDemand
from qa.api.mcp.server import ArticleServer
from qa.api.metrics import Metrics
from qa.api.source import AnyLibrary
from qa.api.work import Work


def serve(open_it: Callable[[], AbstractContextManager[AnyLibrary]]) -> None:
    """Serve until the other end goes."""
    source = OnDemand(open_it)

    async def run() -> None:
        await ArticleServer(Work(source), Metrics()).run_stdio()

    try:
        anyio.run(run)
    finally:
        source.close()
