"""One line of JSON for each request, on standard error: what came, what became of it, how long that took.

Never a word of a question, an answer, an article or a key: of an error its kind and place. Knows nothing of HTTP.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from typing import Any, TextIO

LOGGER = "qa.requests"
_log = logging.getLogger(LOGGER)


def begin(stream: TextIO = sys.stderr) -> None:
    """Writes the lines to a stream from now on."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_Lines())
    _log.handlers[:] = [handler]
    _log.setLevel(logging.INFO)
    _log.propagate = False


def request(**facts: object) -> None:
    """Notes a request that is done."""
    _log.info("request", extra={"facts": facts})


def failure(error: BaseException, *, id: str) -> None:
    """Notes what nobody expected, without what it says: that may be text of an article."""
    frames = traceback.extract_tb(error.__traceback__)
    where = [f"{frame.filename}:{frame.lineno}" for frame in frames[-5:]]
    _log.error("failure", extra={"facts": {"id": id, "error": type(error).__name__, "where": where}})


class _Lines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        facts: dict[str, Any] = getattr(record, "facts", {})
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line = {"time": at, "level": record.levelname.lower(), "event": record.getMessage(), **facts}
        return json.dumps(line, ensure_ascii=True)
