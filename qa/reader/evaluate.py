"""``python -m qa.reader.evaluate``: how well the reader reads, by the official SQuAD 2.0 measures.

Takes a file of questions with their passages, prints EM and F1 with the answer forced and with
abstention at the shipped threshold, and how well ``answerable`` tells and means what it says.
"""

from __future__ import annotations

import argparse
import gzip
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from qa.reader import Reader
from qa.reader.metrics import auroc, calibration_error, exact_match, f1
from qa.reader.shipped import read_manifest

YARDSTICK = Path("dev/squad2-10-articles.jsonl.gz")


@dataclass(frozen=True, slots=True)
class Case:
    """A question about one passage, and its right answers; none if the passage does not say."""

    question: str
    passage: str
    title: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """The reader's first reading of a case."""

    text: str
    answerable: float


def main() -> None:
    """Parse the command line, read every case and print the figures."""
    parser = argparse.ArgumentParser(prog="python -m qa.reader.evaluate", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="data folder, or one .jsonl.gz")
    parser.add_argument("--reader", help="a Hugging Face model in place of the shipped one")
    parser.add_argument("--threshold", type=float, help="answer from this probability on")
    parser.add_argument("--no-titles", action="store_true", help="do not show titles to the reader")
    parser.add_argument("--predictions", type=Path, help="write what was said, one JSON a line")
    options = parser.parse_args()
    path = options.data if options.data.is_file() else options.data / YARDSTICK
    cases = list(read_cases(path))
    at = read_manifest().threshold if options.threshold is None else options.threshold
    reader = Reader(options.reader, spans=1)
    began = time.perf_counter()
    said = [say(reader, case, titles=not options.no_titles) for case in cases]
    seconds = time.perf_counter() - began
    for name, value in figures(cases, said, threshold=at).items():
        print(f"{name:38} {value:8.3f}")
    print(f"{'milliseconds a question':38} {1000 * seconds / len(cases):8.3f}")
    if options.predictions:
        lines = [json.dumps({"text": one.text, "answerable": one.answerable}) for one in said]
        options.predictions.write_text("\n".join(lines) + "\n", encoding="utf-8")


def read_cases(path: Path) -> Iterator[Case]:
    """Read cases; answers may be ``{text, start}`` or plain strings."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            raw = json.loads(line)
            answers = [a if isinstance(a, str) else a["text"] for a in raw["answers"]]
            if not raw.get("answerable", True):
                answers = []
            title = raw.get("title", "").replace("_", " ")
            yield Case(raw["question"], raw["context"], title, tuple(answers))


def say(reader: Reader, case: Case, *, titles: bool) -> Said:
    """The best reading of one case."""
    title = case.title if titles else ""
    best = reader.read(case.question, [case.passage], [title])[0]
    return Said(best.text, best.answerable)


def figures(cases: Sequence[Case], said: Sequence[Said], *, threshold: float) -> dict[str, float]:
    """Every figure by name; EM and F1 in per cent."""
    pairs = list(zip(cases, said, strict=True))
    forced = [(one.text, case.answers) for case, one in pairs if case.answers]
    decided = [(one.text if one.answerable >= threshold else "", case.answers) for case, one in pairs]
    labels = [bool(case.answers) for case in cases]
    chances = [one.answerable for one in said]
    declined = [one.answerable < threshold for one in said]
    right = sum(d and not label for d, label in zip(declined, labels, strict=True))
    return {
        "questions": len(cases),
        "answerable": len(forced),
        "EM, answerable, answer forced": _mean(exact_match(*pair) for pair in forced),
        "F1, answerable, answer forced": _mean(f1(*pair) for pair in forced),
        "EM, all, with abstention": _mean(exact_match(*pair) for pair in decided),
        "F1, all, with abstention": _mean(f1(*pair) for pair in decided),
        "threshold": threshold,
        "AUROC of answerable": auroc(chances, labels),
        "abstention precision": right / max(1, sum(declined)),
        "abstention recall": right / max(1, labels.count(False)),
        "expected calibration error (10 bins)": calibration_error(chances, labels),
        "mean answerable": sum(chances) / len(chances),
    }


def _mean(values: Iterator[float]) -> float:
    every = list(values)
    return 100 * sum(every) / max(1, len(every))


if __name__ == "__main__":
    main()
