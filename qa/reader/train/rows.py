"""Training rows: the JSON lines of the data folder as frozen records.

Takes a ``.jsonl.gz`` file of ``{id, question, context, title, answers: [{text, start}]}``, gives
``Row``s. Knows nothing of tokens or models.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Row:
    """A question about one passage; no spans means that the passage does not answer it."""

    id: str
    question: str
    context: str
    title: str
    spans: tuple[tuple[int, int], ...]
    natural: bool = False
    """Whether its set holds questions that people wrote to be unanswerable."""

    @property
    def answers(self) -> tuple[str, ...]:
        """The answers as text."""
        return tuple(self.context[start:end] for start, end in self.spans)


def read_rows(path: Path) -> list[Row]:
    """Read one file; identical spans of a question count once."""
    rows: list[Row] = []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            raw = json.loads(line)
            spans = {(a["start"], a["start"] + len(a["text"])) for a in raw["answers"]}
            rows.append(Row(raw["id"], raw["question"], raw["context"], raw["title"], tuple(sorted(spans))))
    return rows


def is_held_out(key: str, share: float) -> bool:
    """Whether what ``key`` names belongs to the held-out slice; the same on every machine."""
    digest = hashlib.sha256(key.encode("utf-8", "replace")).digest()
    return int.from_bytes(digest[:4], "big") / 2**32 < share
