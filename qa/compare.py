"""Retrieval, measured against something: plain LangChain, keyword alone, dense alone, their rank fusion, and ours.

Takes sets of articles with questions, and asks every system (`systems`) every question that has an answer. What is
measured and how stands in `measures`. Knows nothing of how figures look on a screen.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from qa.cases import Case, Gold, Half, are_readings, chosen, gold, read_cases, read_readings
from qa.errors import QAError
from qa.evaluate import HITS_KEPT
from qa.measures import (
    Figure,
    Slice,
    by_passage,
    column,
    difference,
    is_right,
    means,
    misses_removed,
    retrieval,
)
from qa.records import Article, Progress
from qa.settings import Settings
from qa.systems import DENSE, KEYWORD, OURS, PLAIN, SYSTEMS, Say, Show, Systems

POOLED = "all sets"

_DECISIVE = ("passage", "recall@5")
"""The figure by which systems are compared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleSet:
    """Sources to index and a file of questions about them: cases, or questions that bring their passage (SQuAD)."""

    sources: tuple[str, ...]
    cases: Path

    @property
    def name(self) -> str:
        """The name of the file of questions, without its endings."""
        return self.cases.name.removesuffix(".gz").removesuffix(".jsonl")


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One case: for each system its figures, the rank of its first right passage and the length of its hits."""

    set: str
    case: Case
    figures: Mapping[str, Mapping[str, Mapping[str, float]]]
    ranks: Mapping[str, int | None]
    characters: Mapping[str, float]

    def to_json(self) -> dict[str, Any]:
        """A line of the file of cases."""
        case = self.case
        known = {
            "set": self.set,
            "id": case.id,
            "kind": case.kind,
            "half": case.half,
            "question": case.question,
        }
        return {**known, "answers": case.answers, "ranks": self.ranks, "figures": self.figures}


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """All cases of a run. Pooled figures give every case one vote, whichever set it is of."""

    half: Half
    cases: tuple[Compared, ...]
    systems: ClassVar[tuple[str, ...]] = SYSTEMS
    ours: ClassVar[str] = OURS
    pooled: ClassVar[str] = POOLED

    @property
    def groups(self) -> dict[str, tuple[Compared, ...]]:
        """The cases of each set, and, if there are several sets, of all."""
        names = list(dict.fromkeys(one.set for one in self.cases))
        groups = {name: tuple(one for one in self.cases if one.set == name) for name in names}
        return {**groups, POOLED: self.cases} if len(names) > 1 else groups

    @property
    def better_part(self) -> str:
        """Keyword or dense, whichever finds more of all cases."""
        return max((KEYWORD, DENSE), key=lambda system: sum(_decisive(self.cases, system)))

    def figures(self, cases: Sequence[Compared], system: str) -> dict[str, dict[str, Figure]]:
        """How a system found what is gold: judge -> measure -> figure."""
        return means([one.figures[system] for one in cases])

    def ahead(self, cases: Sequence[Compared], system: str) -> Figure | None:
        """How far ours is ahead of a system, by recall@5 of passages, case by case."""
        return difference(_decisive(cases, OURS), _decisive(cases, system))

    def misses_removed(self, cases: Sequence[Compared]) -> Figure | None:
        """The share of plain LangChain's misses by recall@5 of passages that ours removes, net of its own."""
        return misses_removed(_decisive(cases, OURS), _decisive(cases, PLAIN))

    def characters(self, cases: Sequence[Compared], system: str) -> float:
        """How long a system's hits are: a longer one holds more answers."""
        return sum(one.characters[system] for one in cases) / len(cases)

    def kinds(self, cases: Sequence[Compared]) -> dict[str, tuple[Compared, ...]]:
        """The cases of each kind."""
        kinds = sorted({one.case.kind for one in cases if one.case.kind})
        return {kind: tuple(one for one in cases if one.case.kind == kind) for kind in kinds}

    def to_json(self) -> dict[str, Any]:
        """The object that `qa bench retrieval --json` prints."""
        return {
            "half": self.half,
            "better part": self.better_part,
            "sets": {name: self._group(cases) for name, cases in self.groups.items()},
        }

    def _group(self, cases: Sequence[Compared]) -> dict[str, Any]:
        removed = self.misses_removed(cases)
        return {
            "cases": len(cases),
            "systems": {
                system: {
                    "characters a hit": self.characters(cases, system),
                    **_json(self.figures(cases, system)),
                }
                for system in SYSTEMS
            },
            "ours minus, passage recall@5": {
                system: ahead.to_json()
                for system in SYSTEMS
                if system != OURS and (ahead := self.ahead(cases, system))
            },
            "misses of plain LangChain removed": removed and removed.to_json(),
            "kinds, passage recall@5": {
                kind: {
                    "cases": len(some),
                    **{system: sum(_decisive(some, system)) / len(some) for system in SYSTEMS},
                }
                for kind, some in self.kinds(cases).items()
            },
        }


def compare(
    settings: Settings,
    sets: Sequence[ArticleSet],
    *,
    half: Half,
    sample: int,
    cache: Path | None,
    say: Say,
    show: Show,
) -> Comparison:
    """Every system on every set. Stores are made in `cache`, and found there the next time, or thrown away.

    Raises `SourceError` for a file of questions that cannot be read, `QAError` where there is nothing to measure with.
    """
    if len({one.name for one in sets}) < len(sets):
        raise QAError("two files of questions have one name: the figures could not be told apart")
    read = [(one, *_questions(one, half, sample, say)) for one in sets]
    compared: list[Compared] = []
    for one, paragraphs, cases in read:
        with ExitStack() as closing:
            root = cache or Path(closing.enter_context(tempfile.TemporaryDirectory(prefix="qa-bench-")))
            systems = Systems(
                settings, one.sources, name=one.name, paragraphs=paragraphs, root=root, say=say, show=show
            )
            compared += _compared(one.name, closing.enter_context(systems), cases, say, show)
    return Comparison(half=half, cases=tuple(compared))


def write_compared(path: Path, comparison: Comparison) -> None:
    """One JSON object a case: what each system made of it. Raises `QAError` if the file cannot be written."""
    lines = [json.dumps(one.to_json(), ensure_ascii=False) + "\n" for one in comparison.cases]
    try:
        path.write_text("".join(lines), encoding="utf-8")
    except OSError as error:
        raise QAError(f"the cases cannot be written to {path}: {error.strerror or error}") from error


def _questions(one: ArticleSet, half: Half, sample: int, say: Say) -> tuple[list[Article], list[Case]]:
    """The articles that the questions bring themselves, and the cases of this half that have an answer."""
    if are_readings(one.cases):
        paragraphs, cases = read_readings(one.cases, sample=sample)
    else:
        paragraphs = []
        cases, failed = read_cases(one.cases)
        for failure in failed:
            say(f"{failure.source}: {failure.reason}")
    cases = [case for case in chosen(cases, half) if case.answers]
    if not cases:
        raise QAError(f"{one.cases} has no question with an answer in this half: there is nothing to measure")
    return paragraphs, cases


def _compared(name: str, systems: Systems, cases: Sequence[Case], say: Say, show: Show) -> Iterator[Compared]:
    golds = [gold(case, systems.infos) for case in cases]
    _doubt(name, golds, cases, systems.articles, say)
    say(f"{name}: {len(cases):,} questions over {len(systems.articles):,} articles")
    hits: dict[str, list[Sequence[Slice]]] = {system: [] for system in SYSTEMS}
    with show(f"{name}, asking") as progress:
        for done, case in enumerate(cases, start=1):
            for system, found in systems.search(case.question, k=HITS_KEPT, asked=case.asked).items():
                hits[system].append(found)
            progress(Progress(articles=done, fraction=done / len(cases), current=case.question))
    figures = {system: retrieval(golds, hits[system]) for system in SYSTEMS}
    for number, case in enumerate(cases):
        of_case = {system: hits[system][number] for system in SYSTEMS}
        yield Compared(
            set=name,
            case=case,
            figures={system: figures[system][number] for system in SYSTEMS},
            ranks={system: _rank(golds[number], of_case[system]) for system in SYSTEMS},
            characters={system: _length(of_case[system]) for system in SYSTEMS},
        )


def _doubt(
    name: str, golds: Sequence[Gold], cases: Sequence[Case], articles: Sequence[Article], say: Say
) -> None:
    """Says which cases nobody can get wholly right: a gold article is not there, or nothing in it is right."""
    texts = {article.id: article.text for article in articles}
    doubtful = [
        case.id
        for case, one in zip(cases, golds, strict=True)
        if any(not any(is_right(one, texts.get(needed, "")) for needed in ids) for ids in one.articles)
    ]
    if doubtful:
        some = ", ".join(doubtful[:10]) + (", …" if len(doubtful) > 10 else "")
        say(
            f"{name}: {len(doubtful)} cases have no right passage in a gold article, or no such article: {some}"
        )


def _decisive(cases: Sequence[Compared], system: str) -> list[float]:
    return column([one.figures[system] for one in cases], *_DECISIVE)


def _rank(gold: Gold, hits: Sequence[Slice]) -> int | None:
    """The rank of the first right passage."""
    return next((rank for rank, need in enumerate(by_passage(gold, hits), start=1) if need is not None), None)


def _length(hits: Sequence[Slice]) -> float:
    return sum(len(hit.text) for hit in hits) / max(1, len(hits))


def _json(figures: Mapping[str, Mapping[str, Figure]]) -> dict[str, Any]:
    return {
        group: {name: figure.to_json() for name, figure in named.items()} for group, named in figures.items()
    }
