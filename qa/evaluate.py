"""Cases -> predictions -> scores: how well a library answers the questions of a file.

A case without answers is one that the articles do not answer. Takes anything that asks and searches as a library does.
Knows nothing of how answers come about.
"""

from __future__ import annotations

import json
import re
import string
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from qa.errors import QAError, SourceError
from qa.records import Answer, Failure, Filters, Hit, OnProgress, Progress

_DEPTHS = (1, 5, 10, 20)
_HITS_KEPT = 20
_ARTICLES = re.compile(r"\b(a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)


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
        ]


def read_cases(path: Path) -> tuple[list[Case], list[Failure]]:
    """The cases of a .jsonl file, and the lines that are none. Raises `SourceError` if it cannot be read."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"{path} cannot be read as a file of cases: {error}") from error
    cases: list[Case] = []
    failed: list[Failure] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            cases.append(_case(json.loads(line), str(number)))
        except (ValueError, TypeError, KeyError) as error:
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


def write_predictions(path: Path, predictions: Iterable[Prediction]) -> None:
    """One JSON object a line. Raises `QAError` if the file cannot be written."""
    lines = [json.dumps(prediction.to_json(), ensure_ascii=False) + "\n" for prediction in predictions]
    try:
        path.write_text("".join(lines), encoding="utf-8")
    except OSError as error:
        raise QAError(f"the predictions cannot be written to {path}: {error.strerror or error}") from error


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
        f1=_mean(can, lambda one: _best(token_f1, one)),
        quoted=_mean(can, _quoted),
        recall_text={k: _mean(can, partial(_text_found, k)) for k in _DEPTHS},
        recall_article={k: _mean(placed, partial(_article_found, k)) for k in _DEPTHS},
        decline_precision=_mean(declined, lambda one: float(not one.case.answers)),
        decline_recall=_mean(cannot, lambda one: float(not one.answer.answered)),
        declined=len(declined),
    )


def normalize(text: str) -> str:
    """Lower case, without punctuation, articles (a, an, the) and extra blanks: the SQuAD definition.

    >>> normalize("The  Russky island!")
    'russky island'
    """
    return " ".join(_ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split())


def exact_match(predicted: str, gold: str) -> float:
    """1 if both are the same once normalized, else 0."""
    return float(normalize(predicted) == normalize(gold))


def token_f1(predicted: str, gold: str) -> float:
    """The harmonic mean of precision and recall over normalized tokens (Rajpurkar et al. 2016)."""
    have, want = normalize(predicted).split(), normalize(gold).split()
    if not have or not want:
        return float(have == want)
    common = sum((Counter(have) & Counter(want)).values())
    return 2 * common / (len(have) + len(want))


def holds(text: str, answer: str) -> bool:
    """Whether a text holds an answer, both normalized, at word boundaries."""
    return f" {normalize(answer)} " in f" {normalize(text)} "


def _case(line: Any, number: str) -> Case:
    if (
        not isinstance(line, dict)
        or not isinstance(line.get("question"), str)
        or not line["question"].strip()
    ):
        raise ValueError('it needs at least "question" and "answers"')
    answers = line["answers"]
    if not isinstance(answers, list) or not all(isinstance(answer, str) for answer in answers):
        raise ValueError('"answers" is a list of strings, empty if the articles do not say')
    return Case(
        id=str(line.get("id", number)),
        question=line["question"],
        answers=tuple(answers),
        article_ids=tuple(map(str, line["article_ids"])) if line.get("article_ids") else None,
        history=tuple((str(turn[0]), str(turn[1])) for turn in line.get("history") or ()),
        asked=date.fromisoformat(line["asked"]) if line.get("asked") else None,
    )


def _mean(predictions: Sequence[Prediction], figure: Callable[[Prediction], float]) -> float | None:
    return sum(map(figure, predictions)) / len(predictions) if predictions else None


def _best(figure: Callable[[str, str], float], one: Prediction) -> float:
    return max(figure(one.answer.answer or "", gold) for gold in one.case.answers)


def _quoted(one: Prediction) -> float:
    first = one.answer.citations[0].quote if one.answer.citations else ""
    return float(any(holds(first, gold) for gold in one.case.answers))


def _text_found(k: int, one: Prediction) -> float:
    return float(any(holds(hit.text, gold) for hit in one.hits[:k] for gold in one.case.answers))


def _article_found(k: int, one: Prediction) -> float:
    return float(any(hit.article_id in (one.case.article_ids or ()) for hit in one.hits[:k]))
