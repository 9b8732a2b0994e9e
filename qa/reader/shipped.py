"""The reader that ships in this package: its files, its calibration, and the way from text to spans.

Takes a question and passages, gives spans with log odds. Knows nothing of how the files were made.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tokenizers import Tokenizer

from qa.errors import ReaderError
from qa.reader.engine import Engine, Logits
from qa.reader.reading import Found
from qa.reader.spans import best_spans
from qa.reader.text import Pieces, Vocabulary, Window, windows
from qa.reader.weights import checked, read_weights

FOLDER = Path(__file__).parent / "model"
MANIFEST, WEIGHTS, VOCABULARY = "reader.json", "reader.safetensors", "tokenizer.json"


@dataclass(frozen=True, slots=True)
class Calibration:
    """Log odds that a window answers: a weighted sum of the two signs (Platt 1999)."""

    margin: float
    judged: float
    bias: float

    def log_odds(self, margin: float, judged: float) -> float:
        """From the best span's margin over "no answer" and the window's answerability logit."""
        return self.margin * margin + self.judged * judged + self.bias


@dataclass(frozen=True, slots=True)
class Manifest:
    """``reader.json``: the hashes of the other files, and what was fitted after training."""

    weights_sha256: str
    vocabulary_sha256: str
    calibration: Calibration
    threshold: float


def read_manifest(folder: Path = FOLDER) -> Manifest:
    """Read ``reader.json``; raises ReaderError if it is missing or no such file."""
    try:
        raw = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return Manifest(
            raw["weights_sha256"],
            raw["vocabulary_sha256"],
            Calibration(**raw["calibration"]),
            raw["threshold"],
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ReaderError(
            f"the reader's {folder / MANIFEST} is missing or damaged: install qa again"
        ) from error


class ShippedFinder:
    """Finds spans with the shipped model."""

    def __init__(
        self, vocabulary: Vocabulary, engine: Engine, calibration: Calibration, *, spans: int
    ) -> None:
        self._vocabulary = vocabulary
        self._engine = engine
        self._calibration = calibration
        self._spans = spans

    @classmethod
    def load(cls, folder: Path = FOLDER, *, spans: int = 3) -> ShippedFinder:
        """Read and check the files, and compile the graph. Raises ReaderError."""
        manifest = read_manifest(folder)
        words = checked(folder / VOCABULARY, manifest.vocabulary_sha256)
        weights = read_weights(folder / WEIGHTS, manifest.weights_sha256)
        vocabulary = Vocabulary(Tokenizer.from_str(words.decode("utf-8")))
        return cls(vocabulary, Engine(weights), manifest.calibration, spans=spans)

    def find(self, question: str, passages: Sequence[str], titles: Sequence[str]) -> list[Found]:
        """The best few spans of each window of each passage."""
        texts = self._vocabulary.pieces([question, *titles, *passages])
        asked, named, bodies = texts[0], texts[1 : 1 + len(titles)], texts[1 + len(titles) :]
        parts = [
            (i, window)
            for i, body in enumerate(bodies)
            for window in windows(asked, named[i], body)
            if window.length
        ]
        logits = self._engine.run([window for _, window in parts])
        return [
            found
            for (i, window), read in zip(parts, logits, strict=True)
            for found in self._found(i, window, bodies[i], read)
        ]

    def _found(self, number: int, window: Window, body: Pieces, read: Logits) -> Iterator[Found]:
        spans = best_spans(read.start, read.end, window, count=self._spans)
        for span in spans:
            # The window answers with the calibrated odds of its best span; a lesser span has
            # those odds less the factor by which the model finds it less likely.
            odds = self._calibration.log_odds(spans[0].margin, read.judged)
            score = odds + span.margin - spans[0].margin
            yield Found(number, body.starts[span.first], body.ends[span.last], score)
