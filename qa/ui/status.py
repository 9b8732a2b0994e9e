"""How things stand behind the page, as one frozen record. Takes and gives nothing; knows nothing of threads or HTML."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from qa.records import ArticleInfo, Failure
from qa.settings import READER

Phase = Literal["opening", "waiting", "loading", "indexing", "ready", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answerer:
    """Who answers: the reader, or the chat model that the user named so.

    `host` is the machine that questions and passages are sent to, None where they stay on this one. `error` says why
    the model that was asked for cannot be had; the reader answers then, and `passing` that it may be had later.
    """

    name: str = READER
    host: str | None = None
    error: str | None = None
    passing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """Where things stand. `revision` grows with every change, `listing` with every change to what the list shows of it.

    `detail` is what is read or waited for now. `sources` names the start-up sources in a few words; `fraction` is the
    share of them that is indexed, 0..1. `answerer` is None until it is known.
    """

    phase: Phase = "opening"
    revision: int = 0
    listing: int = 0
    sources: str = ""
    detail: str = ""
    indexed: int = 0
    fraction: float = 0.0
    articles: tuple[ArticleInfo, ...] = ()
    examples: tuple[str, ...] = ()
    failures: tuple[Failure, ...] = ()
    error: str | None = None
    answerer: Answerer | None = None
