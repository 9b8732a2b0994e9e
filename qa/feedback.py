"""Verdicts on answers -> lines of a file of cases that `qa eval` reads: what was right, and what a person must look at.

An answer that was found right is a case: this question, from these articles, has this answer. One that was found wrong
says nothing of what would be right, so its line waits for review. Takes what was asked and answered and gives lines;
knows nothing of pages, and of how cases are scored.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal, get_args

from filelock import FileLock, Timeout

from qa.errors import FeedbackError
from qa.records import Answer

NAME = "feedback.jsonl"
"""The name of the file, in the folder of the store."""

Reason = Literal["wrong", "not in the article", "incomplete", "other"]
REASONS: tuple[Reason, ...] = get_args(Reason)

LONGEST_NOTE = 500
_LONGEST_ANSWER = 4_000
_LONGEST_SAID = 2_000
_TURNS = 10
_LARGEST_FILE = 16_000_000
_PATIENCE = 2.0  # seconds that another process may take to write its own verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a person thinks of an answer. Only a bad one has a `reason` and a `note`, and may have neither."""

    good: bool
    reason: Reason | None = None
    note: str = ""

    @property
    def why(self) -> str:
        """Reason and note in one line, at most.

        >>> Verdict(good=False, reason="wrong", note="it was Albi").why, Verdict(good=False).why
        ('wrong: it was Albi', '')
        """
        return ": ".join(part for part in (self.reason, self.note) if part)


def line(
    key: str,
    question: str,
    answer: Answer,
    said: str,
    verdict: Verdict,
    *,
    history: Sequence[tuple[str, str]] = (),
    asked: date | None = None,
) -> dict[str, Any]:
    """The case that a verdict makes of an answer; `said` is its text without numbers, `key` names it."""
    case: dict[str, Any] = {
        "id": f"feedback-{key}",
        "kind": "feedback",
        "question": question,
        "history": [[_cut(one, _LONGEST_SAID) for one in turn] for turn in history[-_TURNS:]],
        "standalone": answer.understood,
        "asked": asked.isoformat() if asked else None,
        "model": answer.model,
    }
    if not verdict.good:
        return {
            **case,
            "answers": None,
            "rejected": _cut(said, _LONGEST_ANSWER),
            "review": verdict.why or "wrong",
        }
    return {
        **case,
        "answers": [_cut(said, _LONGEST_ANSWER)] if answer.answered else [],
        "article_ids": list(dict.fromkeys(citation.article_id for citation in answer.citations)),
        "quotes": [citation.quote for citation in answer.citations],
    }


class Feedback:
    """A file of verdicts, one line each; of several on one answer the last stays. Lines of others are left as they are.

    Raises `FeedbackError` when it cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def keep(self, case: dict[str, Any]) -> None:
        """Write a case, in place of the one of the same id."""
        self._write(case["id"], json.dumps(case, ensure_ascii=False))

    def drop(self, key: str) -> None:
        """Take the verdict on an answer out again."""
        self._write(f"feedback-{key}", None)

    def _write(self, name: str, new: str | None) -> None:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with FileLock(self.path.with_suffix(".lock"), timeout=_PATIENCE):
                kept = [one for one in self._lines() if _id(one) != name]
                lines = kept if new is None else [*kept, new.encode("utf-8", "replace")]
                whole = b"".join(one + b"\n" for one in lines)
                if len(whole) > _LARGEST_FILE:
                    raise FeedbackError(f"{self.path} is full: move it elsewhere, and a new one is begun")
                self._replace(whole)
        except Timeout:
            raise FeedbackError(f"{self.path} is being written by another process: try again") from None
        except OSError as error:
            why = error.strerror or error
            raise FeedbackError(
                f"the verdict cannot be kept in {self.path} ({why}): name a folder that can be written, with --store"
            ) from error

    def _lines(self) -> list[bytes]:
        try:
            return [one for one in self.path.read_bytes().split(b"\n") if one.strip()]
        except FileNotFoundError:
            return []

    def _replace(self, whole: bytes) -> None:
        """All at once, so that a kill at any moment loses nothing."""
        new = self.path.with_suffix(".new")
        new.write_bytes(whole)
        new.replace(self.path)


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[:longest].rstrip() + "…"


def _id(written: bytes) -> object:
    """The id of a line, None if it is no case."""
    try:
        case = json.loads(written)
    except (ValueError, RecursionError):
        return None
    return case.get("id") if isinstance(case, dict) else None
