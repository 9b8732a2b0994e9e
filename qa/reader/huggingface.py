"""Any Hugging Face question-answering model as a reader, in place of ours.

Takes a folder or a hub name, gives spans with log odds. Only this file of the reader needs torch
and transformers, and only when it is asked for. Knows nothing of calibration: the log odds are the
model's own, span against "no answer" at its first token.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import torch
from transformers import AutoModelForQuestionAnswering, AutoTokenizer

from qa.errors import ReaderError
from qa.reader.reading import Found
from qa.reader.spans import best_spans
from qa.reader.text import STRIDE_TOKENS, WINDOW_TOKENS, Window

_BATCH = 16


class HuggingFaceFinder:
    """Finds spans with an extractive model such as ``deepset/tinyroberta-squad2``."""

    def __init__(self, name: str, *, spans: int = 3) -> None:
        """Load the model; raises ReaderError if there is none of that name."""
        try:
            self._tokenizer: Any = AutoTokenizer.from_pretrained(name)
            self._model: Any = AutoModelForQuestionAnswering.from_pretrained(name)
        except (OSError, ValueError) as error:
            raise ReaderError(
                f"{name} is no question-answering model: name a folder that holds one, "
                f"or one of the Hugging Face hub if there is a network ({error})"
            ) from error
        if not self._tokenizer.is_fast:
            raise ReaderError(f"the tokenizer of {name} gives no offsets: choose another model")
        self._model.eval()
        self._spans = spans
        limit = min(WINDOW_TOKENS, int(self._tokenizer.model_max_length))
        self._room = {"max_length": limit, "stride": min(STRIDE_TOKENS, limit // 4)}

    def find(
        self,
        question: str,
        passages: Sequence[str],
        titles: Sequence[str],  # noqa: ARG002  # part of the seam
    ) -> list[Found]:
        """The best few spans of each window; titles are not read, models differ in taking them."""
        return [
            found
            for low in range(0, len(passages), _BATCH)
            for found in self._find(question, list(passages[low : low + _BATCH]), low)
        ]

    @torch.inference_mode()
    def _find(self, question: str, passages: list[str], low: int) -> Iterator[Found]:
        words = self._tokenizer(question, add_special_tokens=False)["input_ids"][:64]
        asked = self._tokenizer.decode(words)
        # A lone surrogate cannot be encoded; one code point stands in for it.
        safe = [passage.encode("utf-8", "replace").decode("utf-8") for passage in passages]
        read = self._tokenizer(
            [asked] * len(safe),
            safe,
            truncation="only_second",
            padding=True,
            return_overflowing_tokens=True,
            return_offsets_mapping=True,
            return_tensors="pt",
            **self._room,
        )
        owners = read.pop("overflow_to_sample_mapping").tolist()
        offsets = read.pop("offset_mapping").tolist()
        result = self._model(**read)
        for i, owner in enumerate(owners):
            body = [at for at, part in enumerate(read.sequence_ids(i)) if part == 1]
            if not body:
                continue
            window = Window(tuple(read["input_ids"][i].tolist()), 0, body[0], 0, len(body))
            start = result.start_logits[i].numpy().astype(np.float32)
            end = result.end_logits[i].numpy().astype(np.float32)
            for span in best_spans(start, end, window, count=self._spans):
                first, last = offsets[i][body[span.first]], offsets[i][body[span.last]]
                yield Found(low + owner, first[0], last[1], span.margin)
