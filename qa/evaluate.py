"""Cases -> predictions -> report: how well a library answers the questions of a file, and finds what answers them.

Takes anything that asks and searches as a library does. What is measured of the hits, and how far a figure is to be
trusted, stands in `measures`. Knows nothing of how answers come about.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from qa.cases import Case, Gold, Half, gold
from qa.errors import QAError, SourceError
from qa.measures import DEPTHS, Figure, column, difference, holds, means, retrieval
from qa.reader.metrics import auroc, calibration_error, exact_match, f1
from qa.records import Answer, ArticleInfo, Filters, Hit, OnProgress, Progress

HITS_KEPT = 20
RIGHT = 0.5
"""F1 from which an answer counts as right where its confidence is judged."""

_LARGEST_REPORT = 200_000_000

Figures = Mapping[str, Mapping[str, float]]
"""Of one case: group -> name -> figure."""


class Asked(Protocol):
    """What is evaluated: a library, here or in another process."""

    def ask(
        self,
        question: str,
        *,
        asked: date | None = None,
        history: Sequence[tuple[str, str]] = (),
        filters: Filters | None = None,
    ) -> Answer:
        """The answer to one question."""

    def search(
        self, question: str, *, k: int = 10, filters: Filters | None = None, asked: date | None = None
    ) -> list[Hit]:
        """The best passages for a question."""

    def articles(self, *, filters: Filters | None = None) -> list[ArticleInfo]:
        """What is known of the articles."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """What came back for a case: the answer, and the first hits in rank order; and what would have been right."""

    case: Case
    gold: Gold
    answer: Answer
    hits: tuple[Hit, ...]

    def to_json(self) -> dict[str, Any]:
        """A line of the predictions file: the `qa ask` object with the case's id and the hits."""
        hits = [hit.to_json() for hit in self.hits]
        return {"id": self.case.id, **self.answer.to_json(), "hits": hits}


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Figures from 0 to 1, each a mean over the cases that bear on it, with its 95 % interval.

    Group `answer`. `exact`, `f1`: of the answer, SQuAD definitions, 0 where it was declined. `quoted`: a right answer
    stands in the first citation. `decline precision`, `decline recall`: of saying that the articles do not say.
    `unsupported`: the share of an answer's sentences that nothing supports, where a chat model wrote it.
    Groups `article`, `passage`, `text`: how well the hits find what is gold, see `measures`.

    `hit_article[k]`: one of the first k hits is of a gold article. `auroc`: the chance that a question which the
    articles answer has more confidence than one which they do not. `calibration`: expected calibration error over ten
    bins (Guo et al. 2017) of the confidence of the answers given, where an answer is right from F1 0.5 on.
    `rows`: each case with its figures. `differences`: to a baseline, over the cases that both have.
    """

    rows: tuple[tuple[Case, Figures], ...]
    figures: dict[str, dict[str, Figure]]
    hit_article: dict[int, float | None]
    auroc: float | None
    calibration: float | None
    answerable: int
    unanswerable: int
    answered: int
    half: Half = "all"
    differences: dict[str, dict[str, Figure]] = field(default_factory=dict)

    def value(self, group: str, name: str) -> float | None:
        """A mean, None where no case bears on it."""
        figure = self.figures.get(group, {}).get(name)
        return figure.value if figure else None

    def to_json(self) -> dict[str, Any]:
        """The object that `qa eval --json` prints and `--save` writes; the latter serves as a baseline."""
        answer = ("exact", "f1", "quoted")
        decline = ("decline precision", "decline recall")
        return {
            "answerable": self.answerable,
            "unanswerable": self.unanswerable,
            **{name: self.value("answer", name) for name in answer},
            **{f"recall@{k} text": self.value("text", f"recall@{k}") for k in DEPTHS},
            **{f"recall@{k} article": self.hit_article[k] for k in DEPTHS},
            **{name: self.value("answer", name) for name in decline},
            "confidence auroc": self.auroc,
            "confidence calibration error": self.calibration,
            "half": self.half,
            "figures": _to_json(self.figures),
            "differences": _to_json(self.differences),
            "kinds": {kind: {"cases": n, "figures": _to_json(some)} for kind, n, some in self.kinds()},
            "cases": [
                {"id": case.id, "kind": case.kind, "half": case.half, "figures": figures}
                for case, figures in self.rows
            ],
        }

    def kinds(self) -> list[tuple[str, int, dict[str, dict[str, Figure]]]]:
        """Each kind of case with its number of cases and its figures."""
        counts = Counter(case.kind for case, _ in self.rows if case.kind)
        return [
            (kind, count, means([figures for case, figures in self.rows if case.kind == kind]))
            for kind, count in sorted(counts.items())
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """The figures of an earlier run, by case: its id, and how many cases of that id stand before it."""

    figures: dict[tuple[str, int], Figures]


def predict(
    library: Asked, cases: Sequence[Case], *, on_progress: OnProgress | None = None
) -> list[Prediction]:
    """Asks every case's question, and searches for it."""
    infos = library.articles() if any(case.files for case in cases) else []
    predictions: list[Prediction] = []
    for done, case in enumerate(cases, start=1):
        answer = library.ask(case.question, asked=case.asked, history=case.history)
        hits = tuple(library.search(answer.understood or case.question, k=HITS_KEPT, asked=case.asked))
        predictions.append(Prediction(case=case, gold=gold(case, infos), answer=answer, hits=hits))
        if on_progress:
            on_progress(Progress(articles=done, fraction=done / len(cases), current=case.question))
    return predictions


def score(predictions: Sequence[Prediction], *, half: Half = "all") -> Report:
    """The figures of a run."""
    found = retrieval([one.gold for one in predictions], [one.hits for one in predictions])
    figures = [{"answer": _answer(one), **hits} for one, hits in zip(predictions, found, strict=True)]
    can = [one for one in predictions if one.case.answers]
    cannot = [one for one in predictions if not one.case.answers]
    answered = [one for one in predictions if one.answer.answered]
    return Report(
        rows=tuple((one.case, of_one) for one, of_one in zip(predictions, figures, strict=True)),
        figures=means(figures),
        hit_article={k: _hit_article(can, k) for k in DEPTHS},
        auroc=_auroc(can, cannot),
        calibration=_calibration(answered),
        answerable=len(can),
        unanswerable=len(cannot),
        answered=len(answered),
        half=half,
    )


def against(report: Report, baseline: Baseline) -> Report:
    """The report with its differences to an earlier run, paired by the cases that bear on a figure in both.

    Raises `QAError` if the two have no case in common.
    """
    pairs = [
        (figures, baseline.figures[key])
        for key, figures in _numbered((case.id, figures) for case, figures in report.rows)
        if key in baseline.figures
    ]
    if not pairs:
        raise QAError("the baseline has none of these cases: make one by `qa eval` with the same file")
    differences: dict[str, dict[str, Figure]] = {}
    for group, named in report.figures.items():
        for name in named:
            both = [(new, old) for new, old in pairs if _has(new, group, name) and _has(old, group, name)]
            new, old = (column(side, group, name) for side in ([n for n, _ in both], [o for _, o in both]))
            if figure := difference(new, old):
                differences.setdefault(group, {})[name] = figure
    return replace(report, differences=differences)


def read_baseline(path: Path) -> Baseline:
    """An earlier report as `--json` or `--save` wrote it. Raises `SourceError` if the file is none."""
    try:
        if path.stat().st_size > _LARGEST_REPORT:
            raise ValueError
        cases = json.loads(path.read_text(encoding="utf-8-sig"))["cases"]
        rows = [(str(case["id"]), _checked(case["figures"])) for case in cases]
    except OSError as error:
        raise SourceError(f"{path} cannot be read as a baseline: {error.strerror or error}") from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise SourceError(
            f"{path} is no baseline: it is made by `qa eval CASES --save {path.name}`"
        ) from None
    return Baseline(figures=dict(_numbered(rows)))


def check_writable(path: Path, what: str = "predictions") -> None:
    """Raises `QAError` if a file could not be written; changes nothing that is in it."""
    try:
        with path.open("a"):
            pass
    except OSError as error:
        raise _unwritable(path, what, error) from error


def write_predictions(path: Path, predictions: Iterable[Prediction]) -> None:
    """One JSON object a line. Raises `QAError` if the file cannot be written."""
    lines = [json.dumps(prediction.to_json(), ensure_ascii=False) + "\n" for prediction in predictions]
    _write(path, "predictions", "".join(lines))


def write_report(path: Path, report: Report) -> None:
    """The report as `--json` prints it. Raises `QAError` if the file cannot be written."""
    _write(path, "report", json.dumps(report.to_json(), ensure_ascii=False) + "\n")


def _write(path: Path, what: str, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8", errors="replace")
    except OSError as error:
        raise _unwritable(path, what, error) from error


def _unwritable(path: Path, what: str, error: OSError) -> QAError:
    return QAError(f"the {what} cannot be written to {path}: {error.strerror or error}")


def _answer(one: Prediction) -> dict[str, float]:
    """What the answer of a case is worth."""
    answer, declined = one.answer.answer, not one.answer.answered
    figures: dict[str, float] = {}
    if one.case.answers:
        figures["exact"] = 0.0 if answer is None else exact_match(answer, one.case.answers)
        figures["f1"] = 0.0 if answer is None else f1(answer, one.case.answers)
        figures["quoted"] = _quoted(one)
    if declined:
        figures["decline precision"] = float(not one.case.answers)
    if not one.case.answers:
        figures["decline recall"] = float(declined)
    claims = [claim.supported for claim in one.answer.claims if claim.supported is not None]
    if claims:
        figures["unsupported"] = claims.count(False) / len(claims)
    return figures


def _quoted(one: Prediction) -> float:
    first = one.answer.citations[0].quote if one.answer.citations else ""
    return float(any(holds(first, gold) for gold in one.case.answers))


def _hit_article(can: Sequence[Prediction], k: int) -> float | None:
    placed = [one for one in can if one.gold.articles]
    found = [
        {hit.article_id for hit in one.hits[:k]} & frozenset().union(*one.gold.articles) for one in placed
    ]
    return sum(map(bool, found)) / len(placed) if placed else None


def _auroc(can: Sequence[Prediction], cannot: Sequence[Prediction]) -> float | None:
    if not can or not cannot:
        return None
    confidences = [one.answer.confidence for one in [*can, *cannot]]
    return auroc(confidences, [True] * len(can) + [False] * len(cannot))


def _calibration(answered: Sequence[Prediction]) -> float | None:
    if not answered:
        return None
    right = [
        bool(one.case.answers) and f1(one.answer.answer or "", one.case.answers) >= RIGHT for one in answered
    ]
    return calibration_error([one.answer.confidence for one in answered], right)


def _numbered(rows: Iterable[tuple[str, Figures]]) -> list[tuple[tuple[str, int], Figures]]:
    """Cases by id; of several with one id, by their order."""
    seen: Counter[str] = Counter()
    numbered: list[tuple[tuple[str, int], Figures]] = []
    for name, figures in rows:
        numbered.append(((name, seen[name]), figures))
        seen[name] += 1
    return numbered


def _has(figures: Figures, group: str, name: str) -> bool:
    return name in figures.get(group, {})


def _checked(figures: Any) -> Figures:
    return {
        str(group): {str(name): float(value) for name, value in named.items()}
        for group, named in figures.items()
    }


def _to_json(figures: Mapping[str, Mapping[str, Figure]]) -> dict[str, Any]:
    return {
        group: {name: figure.to_json() for name, figure in named.items()} for group, named in figures.items()
    }
