"""The seam to other people's parsers: whatever they raise becomes a `SourceError`, what they log stays here.

The one place in this stage that catches everything: damaged files bring out every kind of exception.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from qa.errors import SourceError
from qa.load.words import shorten, single_line

_CHATTY = ("pypdf", "trafilatura", "htmldate", "courlan", "justext", "readability", "charset_normalizer")
_lock = threading.Lock()
_inside = 0
_levels: dict[str, int] = {}


@contextmanager
def foreign(remedy: str) -> Iterator[None]:
    """Run a parser. Anything but a `SourceError` becomes one: `remedy`, then what the parser said."""
    _hush()
    try:
        yield
    except SourceError:
        raise
    except Exception as error:
        said = shorten(single_line(str(error)) or "", 160)
        name = type(error).__name__
        raise SourceError(f"{remedy} ({name}: {said})" if said else f"{remedy} ({name})") from error
    finally:
        _unhush()


def _hush() -> None:
    """Silence the parsers' loggers; counted, for two threads may load at once."""
    global _inside
    with _lock:
        _inside += 1
        if _inside == 1:
            for name in _CHATTY:
                logger = logging.getLogger(name)
                _levels[name] = logger.level
                logger.setLevel(logging.CRITICAL + 1)


def _unhush() -> None:
    global _inside
    with _lock:
        _inside -= 1
        if _inside == 0:
            for name, level in _levels.items():
                logging.getLogger(name).setLevel(level)
