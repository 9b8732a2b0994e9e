"""Follow-ups with their gold rewrites -> how much of what they leave unsaid is brought back, and what is found by it.

Two measurements. Words, over CANARD (Elgohary et al., EMNLP 2019), which brings no passages: of the words that the gold
rewrite has beyond the question, how many does a completion add (recall), of those it adds, how many are gold
(precision); and how many of the questions that stood alone it leaves alone. Search, over articles and conversations
about them: the gold passages found with the question as it is, completed, and as the file says that it stands alone.

Knows nothing of how a question is completed.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from qa.cases import Case, Half, chosen, gold, lines, read_cases
from qa.converse import complete
from qa.errors import QAError, SourceError
from qa.library import Library
from qa.measures import DEPTHS, Figure, difference, means, retrieval
from qa.reader.metrics import normalise
from qa.records import Failure
from qa.settings import Settings

History = Sequence[tuple[str, str]]
Completing = Callable[[str, History], str]

RAW, PREVIOUS, NAMES, OURS, GOLD = "raw", "previous question appended", "all names appended", "ours", "gold"

_STOP_WORDS = frozenset(
    "about after again all also am an and any anything are as at be because been before being besides but by can could "
    "did do does doing done down during each else ever for from further get give had has have having he her here hers "
    "him himself his how i if in into is it its itself just made make may me more most my no nor not of off on once "
    "one only or other our out over own s same she should so some something such t take tell than that their theirs "
    "them then there these they this those through to too under until up us very was we were what when where which "
    "while who whom whose why will with would you your addition aside".split()
)
_SHOWN = ("recall", "precision", "f1", "left alone", "recall@1", "recall@5")
_NAME = re.compile(r"[A-Z][\w'’-]*(?: [A-Z][\w'’-]*)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """A question of a conversation, the turns before it, and the question as people wrote it to stand alone."""

    conversation: str
    question: str
    history: tuple[tuple[str, str], ...]
    standalone: str

    @property
    def half(self) -> Half:
        """Which half its conversation is in, by the rule of the cases."""
        return Case(id=self.conversation, question=self.question, answers=()).half

    @property
    def stood_alone(self) -> bool:
        """Whether people added nothing."""
        return _words(self.question) == _words(self.standalone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What each way of completing brings back of the words that were left unsaid.

    `figures`: way -> "recall", "precision", "f1" (over the follow-ups whose rewrite has words of its own; precision
    over those that the way adds to) and "left alone" (over the questions that stood alone).
    """

    half: Half
    follow_ups: int
    figures: dict[str, dict[str, Figure]]

    def to_json(self) -> dict[str, Any]:
        """The object in the report of the command."""
        return {"half": self.half, "follow-ups": self.follow_ups, "figures": _to_json(self.figures)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What search finds of the passages that answer, for each way of putting a question.

    `figures`: way -> "recall@1", "recall@5", ... of passages; `kinds`: the same for each kind of follow-up; `gain`: how
    far ours is ahead of the raw question by recall@5, case by case; `completed`: each case's question as completed.
    """

    half: Half
    cases: int
    figures: dict[str, dict[str, Figure]]
    kinds: dict[str, dict[str, dict[str, Figure]]]
    gain: Figure | None
    completed: tuple[tuple[Case, str], ...]
    failed: tuple[Failure, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The object in the report of the command."""
        return {
            "half": self.half,
            "cases": self.cases,
            "figures": _to_json(self.figures),
            "kinds": {kind: _to_json(figures) for kind, figures in self.kinds.items()},
            "gain": self.gain and self.gain.to_json(),
            "completed": [
                {"id": one.id, "question": one.question, "completed": completed, "standalone": one.standalone}
                for one, completed in self.completed
            ],
        }


def previous_appended(question: str, history: History) -> str:
    """The baseline that everybody writes: the question before, after this one."""
    return f"{question} {history[-1][0]}" if history else question


def names_appended(question: str, history: History) -> str:
    """The baseline that misses nothing that is written with a capital, whatever it is."""
    said = [text for turn in history for text in turn]
    names = dict.fromkeys(name for text in said for name in _NAME.findall(text))
    return " ".join([question, *names])


WAYS: dict[str, Completing] = {
    RAW: lambda question, _: question,
    PREVIOUS: previous_appended,
    NAMES: names_appended,
    OURS: complete,
}


def read_canard(path: Path) -> list[FollowUp]:
    """The follow-ups of a file of CANARD, the title and section of its article as what was said first.

    Raises `SourceError` if it cannot be read, or a line lacks what it needs.
    """
    return [_follow_up(line, f"{path}:{number}") for number, line in lines(path)]


def words(
    follow_ups: Sequence[FollowUp], *, half: Half = "all", ways: Mapping[str, Completing] = WAYS
) -> Words:
    """Measures how the words that were left unsaid are brought back. Raises `QAError` if there is no follow-up."""
    those = [one for one in follow_ups if half in ("all", one.half)]
    if not those:
        raise QAError("there is no follow-up to measure with")
    rows = [
        {way: unsaid(one, completing(one.question, one.history)) for way, completing in ways.items()}
        for one in those
    ]
    return Words(half=half, follow_ups=len(those), figures=means(rows))


def unsaid(one: FollowUp, completed: str) -> dict[str, float]:
    """The figures of one follow-up, completed.

    >>> one = FollowUp(conversation="c", question="Is he in?", history=(), standalone="Is Kim Jong Un in?")
    >>> unsaid(one, "Is Kim Putin in?")
    {'recall': 0.3333333333333333, 'f1': 0.4, 'precision': 0.5}
    """
    if one.stood_alone:
        return {"left alone": float(_words(completed) == _words(one.question))}
    asked = _content(one.question)
    new, added = _content(one.standalone) - asked, _content(completed) - asked
    if not new:
        return {}
    right = len(new & added)
    figures = {"recall": right / len(new), "f1": 2 * right / (len(new) + len(added))}
    return {**figures, "precision": right / len(added)} if added else figures


def search(
    settings: Settings, sources: Sequence[str], cases: Path, *, half: Half = "all", k: int = max(DEPTHS)
) -> Found:
    """Searches the articles for each question of the conversations: as it is, completed, and as it stands alone.

    Cases that the articles do not answer are left out. The library is made in a temporary folder.
    """
    every, failed = read_cases(cases)
    those = [case for case in chosen(every, half) if case.answers and case.history]
    if not those:
        raise QAError(f"{cases} has no case with a history and an answer")
    with tempfile.TemporaryDirectory(prefix="qa-conversing-") as folder:
        with Library(settings=replace(settings, store=Path(folder), chroma=None)) as library:
            library.add(*sources)
            golds = [gold(case, library.articles()) for case in those]
            rows: list[dict[str, dict[str, float]]] = [{} for _ in those]
            for way, completing in {**WAYS, GOLD: None}.items():
                found = [library.search(_put(case, completing), k=k, asked=case.asked) for case in those]
                for row, figures in zip(rows, retrieval(golds, found), strict=True):
                    row[way] = figures["passage"]
    by_case = list(zip(those, rows, strict=True))
    kinds = sorted({case.kind for case in those if case.kind})
    return Found(
        half=half,
        cases=len(those),
        figures=means(rows),
        kinds={kind: means([row for case, row in by_case if case.kind == kind]) for kind in kinds},
        gain=difference([row[OURS]["recall@5"] for row in rows], [row[RAW]["recall@5"] for row in rows]),
        completed=tuple((case, complete(case.question, case.history)) for case in those),
        failed=tuple(failed),
    )


def shown(measured: Words | Found) -> dict[str, str]:
    """The figures for a reader: way -> its figures in percent, with their 95 % intervals."""
    return {
        way: ", ".join(
            f"{name} {100 * one.value:.1f} ({100 * one.low:.1f} to {100 * one.high:.1f})"
            for name, one in figures.items()
            if name in _SHOWN
        )
        for way, figures in measured.figures.items()
    }


def _put(case: Case, completing: Completing | None) -> str:
    if completing is None:
        return case.standalone or case.question
    return completing(case.question, case.history)


def _follow_up(line: str, place: str) -> FollowUp:
    try:
        row = json.loads(line)
        title, section, *said = (str(text) for text in row["History"])
        turns = ((title, section), *zip(said[::2], said[1::2], strict=True))
        name, question, standalone = (str(row[key]) for key in ("QuAC_dialog_id", "Question", "Rewrite"))
        return FollowUp(conversation=name, question=question, history=turns, standalone=standalone)
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        needed = "History (title, section, question, answer, ...), Question, Rewrite and QuAC_dialog_id"
        raise SourceError(f"{place} is no row of CANARD: it needs {needed}") from error


def _words(text: str) -> list[str]:
    return re.sub(r"\W+", " ", text.casefold()).split()


def _content(text: str) -> frozenset[str]:
    plain = re.sub(r"['’]s?\b", " ", text)
    return frozenset(normalise(re.sub(r"[^\w\s]", " ", plain)).split()) - _STOP_WORDS


def _to_json(figures: Mapping[str, Mapping[str, Figure]]) -> dict[str, Any]:
    return {way: {name: figure.to_json() for name, figure in named.items()} for way, named in figures.items()}
