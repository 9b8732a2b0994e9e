"""Files of claims whose support is known -> pairs of a claim and a passage, and summaries with their sources.

Takes the articles of the passages, too: they tell titles and days. Knows nothing of what judges them.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from qa.cases import Half
from qa.errors import SourceError
from qa.language import language_of
from qa.load import find, load
from qa.records import Article, Hit

_UNSUPPORTED_LABEL, _SUPPORTED_LABEL = "Unwanted", "Consistent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A claim and a passage, and whether the passage supports it. `kind`: what is wrong with the claim, or "right"."""

    id: str
    claim: str
    hit: Hit
    kind: str
    supported: bool

    @property
    def half(self) -> Half:
        """As a case's: by the last bit of the first byte of its id's SHA-256."""
        return "tune" if sha256(self.id.encode(errors="replace")).digest()[0] & 1 else "held"


def read_pairs(path: Path, sources: Sequence[str]) -> list[Pair]:
    """The pairs of a .jsonl file, `{"id", "claim", "article_id", "passage", "kind", "supported", "file"?}` a line.

    Raises `SourceError` for a line that lacks what it needs.
    """
    loaded = [one.item for file in find(sources).files for one in load(file.path)] if sources else []
    articles = [item for item in loaded if isinstance(item, Article)]
    known = {one.id: one for one in articles} | {Path(one.path).name: one for one in articles if one.path}
    found = []
    for number, row in _rows(path):
        try:
            article = known.get(row["article_id"]) or known.get(row.get("file", ""))
            found.append(
                Pair(
                    id=str(row["id"]),
                    claim=row["claim"],
                    hit=_hit(row["article_id"], row["passage"], article),
                    kind=row["kind"],
                    supported=bool(row["supported"]),
                )
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise SourceError(
                f"{path}:{number} is no pair: it needs id, claim, article_id, passage, kind and supported"
            ) from error
    return found


def read_faithbench(path: Path) -> list[tuple[str, Hit, bool]]:
    """Summary, source, whether it is supported: those that all find Consistent, or whose worst label is Unwanted.

    Raises `SourceError` if the file cannot be read, or holds one kind only.
    """
    found = []
    for number, row in _rows(path):
        try:
            worst, best, source = row["worst-label"], row["best-label"], row["source"]
            if worst == _UNSUPPORTED_LABEL or worst == best == _SUPPORTED_LABEL:
                hit = _hit(sha256(source.encode()).hexdigest(), source, None)
                found.append((row["summary"], hit, worst == _SUPPORTED_LABEL))
        except (KeyError, TypeError, AttributeError) as error:
            raise SourceError(f"{path}:{number} is no row of FaithBench") from error
    if len({supported for *_, supported in found}) < 2:
        raise SourceError(f"{path} has too few summaries: it needs consistent ones and others")
    return found


def _hit(article_id: str, text: str, article: Article | None) -> Hit:
    start = max(0, article.text.find(text)) if article else 0
    return Hit(
        article_id=article_id,
        title=article.title if article else "",
        source=article.source if article else None,
        url=None,
        published=article.published if article else None,
        start=start,
        end=start + len(text),
        text=text,
        score=1.0,
        language=language_of(article.text if article else text),
    )


def _rows(path: Path) -> Iterable[tuple[int, Any]]:
    try:
        raw = path.read_bytes()
        lines = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8-sig").split("\n")
        return [(number, json.loads(line)) for number, line in enumerate(lines, 1) if line.strip()]
    except (OSError, EOFError, zlib.error, ValueError, RecursionError) as error:
        reason = getattr(error, "strerror", None) or error
        raise SourceError(f"{path} cannot be read as lines of JSON: {reason}") from error
