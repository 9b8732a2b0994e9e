"""Cases -> predictions -> scores: how well a library answers the questions of a file.

A case without answers is one that the articles do not answer. Takes anything that asks and searches as a library does.
Knows nothing of how answers come about.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from qa.errors import QAError, SourceError
from qa.reader.metrics import auroc, exact_match, f1, normalise
from qa.records import Answer, Failure, Filters, Hit, OnProgress, Progress
from qa.retrieve import LONGEST_QUESTION

_DEPTHS = (1, 5, 10, 20)
_HITS_KEPT = 20


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

    def search(self, question: str, *, k: int = 10, filters: Filters | None = None) -> list[Hit]:
        """The best passages for a question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A question with its right answers (none: the articles do not say) and, where known, its articles."""

    id: str
    question: str
    answers: tuple[str, ...]
    article_ids: tuple[str, ...] | None = None
    history: tuple[tuple[str, str], ...] = ()
    asked: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """What came back for a case: the answer, and the first hits in rank order."""

    case: Case
    answer: Answer
    hits: tuple[Hit, ...]

    def to_json(self) -> dict[str, Any]:
        """A line of the predictions file: the `qa ask` object with the case's id and the hits."""
        hits = [hit.to_json() for hit in self.hits]
        return {"id": self.case.id, **self.answer.to_json(), "hits": hits}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """Figures from 0 to 1, None where no case bears on one.

    `exact`, `f1`: of the answer, SQuAD definitions, 0 where it was declined. `quoted`: a right answer stands in the
    first citation. `recall_text[k]`: a right answer stands in one of the first k hits; `recall_article[k]`: one of the
    first k hits is of a right article. `decline_precision`, `decline_recall`: of saying that the articles do not say.
    `auroc`: the chance that a question which they answer has more confidence than one which they do not.
    """

    answerable: int
    unanswerable: int
    with_articles: int
    exact: float | None
    f1: float | None
    quoted: float | None
    recall_text: dict[int, float | None]
    recall_article: dict[int, float | None]
    decline_precision: float | None
    decline_recall: float | None
    auroc: float | None
    declined: int

    def to_json(self) -> dict[str, Any]:
        """The object that `qa eval --json` prints."""
        return {
            "answerable": self.answerable,
            "unanswerable": self.unanswerable,
            **{name: value for name, value, _ in self.rows()},
        }

    def rows(self) -> list[tuple[str, float | None, int]]:
        """Name, value and number of cases of each figure."""
        return [
            ("exact", self.exact, self.answerable),
            ("f1", self.f1, self.answerable),
            ("quoted", self.quoted, self.answerable),
            *((f"recall@{k} text", self.recall_text[k], self.answerable) for k in _DEPTHS),
            *((f"recall@{k} article", self.recall_article[k], self.with_articles) for k in _DEPTHS),
            ("decline precision", self.decline_precision, self.declined),
            ("decline recall", self.decline_recall, self.unanswerable),
            ("confidence auroc", self.auroc, self.answerable + self.unanswerable),
        ]


def read_cases(path: Path) -> tuple[list[Case], list[Failure]]:
    """The cases of a .jsonl file, and the lines that are none. Raises `SourceError` if it cannot be read."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise SourceError(f"{path} cannot be read as a file of cases: {error.strerror or error}") from error
    except UnicodeDecodeError:
        raise SourceError(f"{path} cannot be read as a file of cases: it is not UTF-8 text") from None
    cases: list[Case] = []
    failed: list[Failure] = []
    for number, line in enumerate(text.split("\n"), start=1):  # not splitlines: U+2028 may stand in a line
        if not line.strip():
            continue
        try:
            cases.append(_case(json.loads(line), str(number)))
        except RecursionError:
            failed.append(Failure(source=f"{path}:{number}", reason="is no case: it is nested too deep"))
        except ValueError as error:
            failed.append(Failure(source=f"{path}:{number}", reason=f"is no case: {error}"))
    return cases, failed


def predict(
    library: Asked, cases: Sequence[Case], *, on_progress: OnProgress | None = None
) -> list[Prediction]:
    """Asks every case's question, and searches for it."""
    predictions: list[Prediction] = []
    for done, case in enumerate(cases, start=1):
        answer = library.ask(case.question, asked=case.asked, history=case.history)
        hits = tuple(library.search(case.question, k=_HITS_KEPT))
        predictions.append(Prediction(case=case, answer=answer, hits=hits))
        if on_progress:
            on_progress(Progress(articles=done, fraction=done / len(cases), current=case.question))
    return predictions


def check_writable(path: Path) -> None:
    """Raises `QAError` if a predictions file could not be written; changes nothing that is in it."""
    try:
        with path.open("a"):
            pass
    except OSError as error:
        raise _unwritable(path, error) from error


def write_predictions(path: Path, predictions: Iterable[Prediction]) -> None:
    """One JSON object a line. Raises `QAError` if the file cannot be written."""
    lines = [json.dumps(prediction.to_json(), ensure_ascii=False) + "\n" for prediction in predictions]
    try:
        path.write_text("".join(lines), encoding="utf-8")
    except OSError as error:
        raise _unwritable(path, error) from error


def score(predictions: Sequence[Prediction]) -> Scores:
    """The figures of a run."""
    can = [one for one in predictions if one.case.answers]
    cannot = [one for one in predictions if not one.case.answers]
    placed = [one for one in can if one.case.article_ids]
    declined = [one for one in predictions if not one.answer.answered]
    return Scores(
        answerable=len(can),
        unanswerable=len(cannot),
        with_articles=len(placed),
        exact=_mean(can, lambda one: _best(exact_match, one)),
        f1=_mean(can, lambda one: _best(f1, one)),
        quoted=_mean(can, _quoted),
        recall_text={k: _mean(can, partial(_text_found, k)) for k in _DEPTHS},
        recall_article={k: _mean(placed, partial(_article_found, k)) for k in _DEPTHS},
        decline_precision=_mean(declined, lambda one: float(not one.case.answers)),
        decline_recall=_mean(cannot, lambda one: float(not one.answer.answered)),
        auroc=_telling(can, cannot),
        declined=len(declined),
    )


def holds(text: str, answer: str) -> bool:
    """Whether a text holds an answer at word boundaries, both normalised; an answer without words is never held."""
    wanted = normalise(answer)
    return bool(wanted) and f" {wanted} " in f" {normalise(text)} "


def _case(line: Any, number: str) -> Case:
    if not isinstance(line, dict) or not {"question", "answers"} <= line.keys():
        raise ValueError('it needs at least "question" and "answers"')
    question = line["question"]
    if not isinstance(question, str) or not 0 < len(question.strip()) <= LONGEST_QUESTION:
        raise ValueError(f'"question" is a text of 1 to {LONGEST_QUESTION:,} characters')
    return Case(
        id=str(line.get("id") or number),
        question=question,
        answers=_texts(line["answers"], '"answers" is a list of strings, empty if the articles do not say'),
        article_ids=_texts(line.get("article_ids") or [], '"article_ids" is a list of strings') or None,
        history=_turns(line.get("history") or []),
        asked=_day(line.get("asked")),
    )


def _texts(value: Any, what: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise ValueError(what)
    return tuple(value)


def _turns(value: Any) -> tuple[tuple[str, str], ...]:
    what = '"history" is a list of pairs: what was asked, what was answered'
    turns = [_texts(turn, what) for turn in value] if isinstance(value, list) else [()]
    if any(len(turn) != 2 for turn in turns):
        raise ValueError(what)
    return tuple((turn[0], turn[1]) for turn in turns)


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(value) if value else None
    except (TypeError, ValueError):
        raise ValueError(f'"asked" is a date like 2019-04-25, not {value!r}') from None


def _unwritable(path: Path, error: OSError) -> QAError:
    return QAError(f"the predictions cannot be written to {path}: {error.strerror or error}")


def _mean(predictions: Sequence[Prediction], figure: Callable[[Prediction], float]) -> float | None:
    return sum(map(figure, predictions)) / len(predictions) if predictions else None


def _best(figure: Callable[[str, Sequence[str]], float], one: Prediction) -> float:
    answer = one.answer.answer
    return 0.0 if answer is None else figure(answer, one.case.answers)


def _telling(can: Sequence[Prediction], cannot: Sequence[Prediction]) -> float | None:
    if not can or not cannot:
        return None
    confidences = [one.answer.confidence for one in [*can, *cannot]]
    return auroc(confidences, [True] * len(can) + [False] * len(cannot))


def _quoted(one: Prediction) -> float:
    first = one.answer.citations[0].quote if one.answer.citations else ""
    return float(any(holds(first, gold) for gold in one.case.answers))


def _text_found(k: int, one: Prediction) -> float:
    return float(any(holds(hit.text, gold) for hit in one.hits[:k] for gold in one.case.answers))


def _article_found(k: int, one: Prediction) -> float:
    return float(any(hit.article_id in (one.case.article_ids or ()) for hit in one.hits[:k]))
