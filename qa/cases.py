"""Files of questions with their right answers -> cases, which half of them each is in, and what is gold for them.

A case without answers is one that the articles do not answer. Knows nothing of how questions are answered or scored.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

from qa.errors import SourceError
from qa.records import Article, ArticleInfo, Failure
from qa.retrieve import LONGEST_QUESTION

Half = Literal["tune", "held", "all"]

_TWO = "two-articles"
"""The kind of question that needs each of its articles."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A question with its right answers (none: the articles do not say) and, where known, what is gold for it.

    `article_ids`: the articles that answer it, any of them, or each of them is needed if `each` (in a file: if its kind
    is "two-articles", unless the line has "each"). `files`: base names of these articles' files, in place of ids, for
    articles whose ids depend on where they lie. `quotes`: exact slices of the articles that hold the answer. `kind`: a
    label, for a breakdown. `asked`: the day it is asked on. `history`: the turns before it, what was asked and what was
    answered; `standalone`: the question as it would be put without them. `review`: what a person has to look at before
    it is a case, for example why an answer was found wrong; what would be right is not known then.
    """

    id: str
    question: str
    answers: tuple[str, ...]
    article_ids: tuple[str, ...] | None = None
    files: tuple[str, ...] = ()
    quotes: tuple[str, ...] = ()
    kind: str | None = None
    each: bool = False
    history: tuple[tuple[str, str], ...] = ()
    asked: date | None = None
    standalone: str | None = None
    review: str | None = None

    @property
    def half(self) -> Half:
        """Which half it is in, by the last bit of the first byte of its id's SHA-256: never tune on what you report.

        >>> [Case(id=name, question="?", answers=()).half for name in ("a", "b", "e", "f")]
        ['held', 'held', 'tune', 'tune']
        """
        return "tune" if sha256(self.id.encode(errors="replace")).digest()[0] & 1 else "held"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gold:
    """What makes a passage right for a question.

    `articles`: one set of ids for each article that is needed; any of a set will do, and an empty one (no article here
    is from a file of that name) is never found.
    """

    answers: tuple[str, ...]
    quotes: tuple[str, ...] = ()
    articles: tuple[frozenset[str], ...] = ()


def read_cases(path: Path) -> tuple[list[Case], list[Failure]]:
    """The cases of a .jsonl or .jsonl.gz file, and the lines that are none.

    Raises `SourceError` if it cannot be read.
    """
    cases: list[Case] = []
    failed: list[Failure] = []
    for number, line in lines(path):
        try:
            cases.append(_case(json.loads(line), str(number)))
        except RecursionError:
            failed.append(Failure(source=f"{path}:{number}", reason="is no case: it is nested too deep"))
        except ValueError as error:
            failed.append(Failure(source=f"{path}:{number}", reason=f"is no case: {error}"))
    return cases, failed


def are_readings(path: Path) -> bool:
    """Whether a file's questions are each about a passage that it brings itself, "context", as SQuAD's are."""
    for _, line in lines(path):
        try:
            return "context" in json.loads(line)
        except (ValueError, RecursionError, TypeError):
            return False
    return False


def read_readings(path: Path, *, sample: int) -> tuple[list[Article], list[Case]]:
    """Reading as retrieval: every distinct passage an article, and a `sample` of the questions that have an answer.

    The gold article of a question is its own passage. The sample is those whose id's salted SHA-256 comes first, so it
    is the same everywhere and independent of the halves. Raises `SourceError` for a line that lacks what it needs.
    """
    articles: dict[str, Article] = {}
    cases: list[Case] = []
    for number, line in lines(path):
        try:
            row = json.loads(line)
            text, title = row["context"], row.get("title", "").replace("_", " ")
            answers = tuple(dict.fromkeys(answer["text"] for answer in row["answers"]))
            paragraph = f"paragraph-{sha256(text.encode()).hexdigest()[:16]}"
            case = Case(
                id=str(row["id"]), question=row["question"], answers=answers, article_ids=(paragraph,)
            )
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise SourceError(
                f"{path}:{number} is no question about a passage: it needs id, question, context and answers"
            ) from error
        articles[paragraph] = Article(id=paragraph, text=text, title=title)
        if answers:
            cases.append(case)
    cases.sort(key=lambda case: sha256(f"sample {case.id}".encode(errors="replace")).digest())
    return list(articles.values()), cases[:sample]


def chosen(cases: Iterable[Case], half: Half) -> list[Case]:
    """The cases of one half, or all, without those that wait for review."""
    return [case for case in cases if case.review is None and half in ("all", case.half)]


def waiting(cases: Iterable[Case]) -> int:
    """How many cases wait for review."""
    return sum(case.review is not None for case in cases)


def gold(case: Case, infos: Iterable[ArticleInfo]) -> Gold:
    """What is gold for a case among these articles."""
    if case.article_ids:
        articles = [frozenset([article_id]) for article_id in case.article_ids]
    else:
        articles = [frozenset(info.id for info in infos if _base_name(info) == name) for name in case.files]
    if articles and not case.each:
        articles = [frozenset().union(*articles)]
    return Gold(answers=case.answers, quotes=case.quotes, articles=tuple(dict.fromkeys(articles)))


def lines(path: Path) -> Iterator[tuple[int, str]]:
    """The lines of a .jsonl or .jsonl.gz file that are not blank, with their numbers. Raises `SourceError`."""
    try:
        raw = path.read_bytes()
        text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8-sig")
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or error
        raise SourceError(f"{path} cannot be read as a file of cases: {reason}") from error
    except UnicodeDecodeError:
        raise SourceError(f"{path} cannot be read as a file of cases: it is not UTF-8 text") from None
    for number, line in enumerate(text.split("\n"), start=1):  # not splitlines: U+2028 may stand in a line
        if line.strip():
            yield number, line


def _base_name(info: ArticleInfo) -> str:
    return (info.path or "").replace("\\", "/").rpartition("/")[2]


def _case(line: Any, number: str) -> Case:
    if not isinstance(line, dict) or not {"question", "answers"} <= line.keys():
        raise ValueError('it needs at least "question" and "answers"')
    question, kind = line["question"], line.get("kind")
    if not isinstance(question, str) or not 0 < len(question.strip()) <= LONGEST_QUESTION:
        raise ValueError(f'"question" is a text of 1 to {LONGEST_QUESTION:,} characters')
    if kind is not None and not isinstance(kind, str):
        raise ValueError('"kind" is a string')
    each = line.get("each", kind == _TWO)
    if not isinstance(each, bool):
        raise ValueError('"each" is true or false: whether each of the articles is needed')
    review = line.get("review") or None
    if review is not None and not isinstance(review, str):
        raise ValueError('"review" is a string')
    what = '"answers" is a list of strings, empty if the articles do not say'
    return Case(
        id=str(line.get("id") or number),
        question=question,
        answers=_texts([] if review is not None else line["answers"], what),
        article_ids=_texts(line.get("article_ids") or [], '"article_ids" is a list of strings') or None,
        files=_texts(
            line.get("files") or [], '"files" is a list of strings: names of files, without folders'
        ),
        quotes=_texts(line.get("quotes") or [], '"quotes" is a list of strings: slices of the articles'),
        kind=kind or None,
        each=each,
        history=_turns(line.get("history") or []),
        asked=_day(line.get("asked")),
        standalone=_standalone(line.get("standalone")),
        review=review,
    )


def _texts(value: Any, what: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise ValueError(what)
    return tuple(value)


def _turns(value: Any) -> tuple[tuple[str, str], ...]:
    what = '"history" is a list of pairs: what was asked, what was answered'
    turns: Sequence[tuple[str, ...]] = (
        [_texts(turn, what) for turn in value] if isinstance(value, list) else [()]
    )
    if any(len(turn) != 2 for turn in turns):
        raise ValueError(what)
    return tuple((turn[0], turn[1]) for turn in turns)


def _standalone(value: Any) -> str | None:
    if value is not None and (not isinstance(value, str) or len(value) > LONGEST_QUESTION):
        raise ValueError(f'"standalone" is a text of at most {LONGEST_QUESTION:,} characters')
    return value or None


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(value) if value else None
    except (TypeError, ValueError):
        raise ValueError(f'"asked" is a date like 2019-04-25, not {value!r}') from None
