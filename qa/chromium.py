"""A headless Chromium that playwright drives: where it is, and one that keeps to itself.

What needs a real browser shares this. Knows nothing of pages.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from qa.errors import QAError

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NO_CHROMIUM = "there is no Chromium on this machine: apt install chromium, or set QA_CHROMIUM to one"

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_SWITCHES = (
    "no-sandbox disable-gpu disable-quic no-first-run disable-background-networking disable-component-update "
    "disable-sync"
)


def chromium_path() -> str | None:
    """Where Chromium is: QA_CHROMIUM, or by the names that distributions give it."""
    return os.environ.get("QA_CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)


def check_browser() -> str:
    """Where Chromium is. Raises `QAError` if there is none, or nothing that drives it."""
    try:
        import playwright.sync_api  # noqa: F401
    except ImportError as error:
        raise QAError(f"a browser is driven through playwright: pip install 'qa[bench]' ({error})") from error
    path = chromium_path()
    if path is None or shutil.which(path) is None:
        raise QAError(NO_CHROMIUM if path is None else f"QA_CHROMIUM names no program: {path}")
    return path


@contextmanager
def launched(path: str) -> Iterator[Browser]:
    """A headless Chromium that keeps to itself, as root too."""
    from playwright.sync_api import sync_playwright

    arguments = [f"--{switch}" for switch in _SWITCHES.split()]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        yield browser
        browser.close()
