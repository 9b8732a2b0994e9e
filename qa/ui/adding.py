"""What the scripts call to add articles: files that Gradio has received, and text that somebody pasted.

Takes what a browser sends, gives what became of it. One call adds one thing, so that one that fails holds nothing up.
Knows nothing of the page, or of how articles are read.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from qa.errors import QAError
from qa.records import AddReport, Failure, Progress
from qa.ui import asked as sent
from qa.ui.background import Background
from qa.ui.render import became, upload_row
from qa.ui.render.library import LARGEST_MB

_LONGEST_WAIT = 300.0  # seconds that an upload waits for the models
_PASTED = "Pasted text.jsonl"
"""The name of what was pasted, and how it is read: as one line of JSON, whose text is kept as it is."""


def adding(background: Background) -> list[Callable[[dict[str, Any]], dict[str, Any]]]:
    """The calls that add: `add` a received file, `progress` of it, `paste` a text; and `refresh` after the last."""
    going: dict[str, Progress] = {}

    def add(asked: dict[str, Any]) -> dict[str, Any]:
        """Add one file that Gradio has received, under the name that it had; the received copy is deleted."""
        name, key = sent.text(asked, "name"), sent.text(asked, "path")
        path = sent.uploaded(key)
        try:
            if path.stat().st_size > LARGEST_MB * 1024 * 1024:
                return _failed(name, f"it is larger than {LARGEST_MB} MB")
            return added(path, name, shown=name, key=key)
        finally:
            path.unlink(missing_ok=True)

    def progress(asked: dict[str, Any]) -> dict[str, Any]:
        """How far the adding of a received file is; nothing before the first of its articles is stored."""
        far = going.get(sent.text(asked, "path"))
        return {} if far is None else {"articles": far.articles, "percent": round(100 * far.fraction)}

    def paste(asked: dict[str, Any]) -> dict[str, Any]:
        """Add a text as an article. The same text is the same article: with another title it is changed."""
        name, text = sent.text(asked, "name"), sent.text(asked, "text").strip()
        line = {
            "id": f"pasted-{sha256(text.encode('utf-8', 'replace')).hexdigest()[:16]}",
            "text": text,
            **{key: sent.text_or_none(asked, key) for key in ("title", "source", "published")},
        }
        with TemporaryDirectory(prefix="qa-pasted-") as folder:
            path = Path(folder, _PASTED)
            path.write_text(json.dumps(line) + "\n", "utf-8")
            return added(path, _PASTED, shown=name)

    def added(path: Path, name: str, *, shown: str, key: str | None = None) -> dict[str, Any]:
        def note(far: Progress) -> None:
            if key is not None and far.articles:
                going[key] = far

        try:
            library = background.library(_LONGEST_WAIT)
            if library is None:
                return _failed(shown, "the models are not loaded yet: try again")
            report = library.upload(path, name=name, on_progress=note)
            background.glance()
        except QAError as error:
            return _failed(shown, str(error))
        finally:
            going.pop(key or "", None)
        return _outcome(shown, report)

    def refresh(_: dict[str, Any]) -> dict[str, Any]:
        """See the articles as they are now: for the end of many additions, of which each only has a glance."""
        background.refresh()
        return {}

    return [add, progress, paste, refresh]


def _failed(name: str, reason: str) -> dict[str, Any]:
    return _outcome(name, AddReport(failed=(Failure(source=name, reason=reason),)))


def _outcome(name: str, report: AddReport) -> dict[str, Any]:
    return {"html": upload_row(name, report), "state": became(report)}
