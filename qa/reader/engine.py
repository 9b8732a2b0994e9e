"""Runs the reader's graph on this processor.

Takes windows of token ids, gives their logits. Picks the arithmetic that the processor does best;
knows nothing of text.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import openvino as ov

from qa.reader.graph import build
from qa.reader.text import Window
from qa.reader.weights import Weights

Floats = npt.NDArray[np.float32]

# A shape that was not seen before costs the runtime its own preparation, so lengths are rounded up.
_ROUND_TOKENS = 16
_BATCH_TOKENS = 4096


@dataclass(frozen=True, slots=True)
class Logits:
    """Start and end logits, one a token of the window, and the answerability logit."""

    start: Floats
    end: Floats
    judged: float


class Engine:
    """A compiled graph; one run at a time, from any thread."""

    def __init__(self, weights: Weights) -> None:
        core = ov.Core()
        able = set(core.get_property("CPU", "OPTIMIZATION_CAPABILITIES"))
        # Measured on 10 windows of 175 tokens, 2 cores: bfloat16 64 ms (where the processor has
        # it), int8 with activations rounded in groups of 128 113 ms, float32 184 ms.
        compressed = "BF16" not in able and "INT8" in able
        options: dict[str, str] = {
            "PERFORMANCE_HINT": "LATENCY",
            "INFERENCE_PRECISION_HINT": "bf16" if "BF16" in able else "f32",
            "DYNAMIC_QUANTIZATION_GROUP_SIZE": "128" if compressed else "0",
        }
        model = core.compile_model(build(weights, compressed=compressed), "CPU", options)
        self._request = model.create_infer_request()
        self._lock = threading.Lock()

    def run(self, parts: Sequence[Window]) -> list[Logits]:
        """Logits of each window, in the order given."""
        order = sorted(range(len(parts)), key=lambda i: len(parts[i].ids))
        results: dict[int, Logits] = {}
        for group in _groups(order, parts):
            results.update(zip(group, self._run([parts[i] for i in group]), strict=True))
        return [results[i] for i in range(len(parts))]

    def _run(self, parts: Sequence[Window]) -> list[Logits]:
        longest = _rounded(max(len(part.ids) for part in parts))
        ids = np.zeros((len(parts), longest), np.int32)
        types = np.zeros_like(ids)
        real = np.zeros(ids.shape, np.float32)
        passage = np.zeros(ids.shape, np.float32)
        for i, part in enumerate(parts):
            n = len(part.ids)
            ids[i, :n] = part.ids
            types[i, part.question_end : n] = 1
            real[i, :n] = 1
            passage[i, part.first : part.first + part.length] = 1
        inputs = {"ids": ids, "types": types, "real": real, "passage": passage}
        with self._lock:
            found = self._request.infer(inputs)
            start, end, judged = (np.array(found[name]) for name in ("start", "end", "judged"))
        return [
            Logits(start[i, : len(part.ids)], end[i, : len(part.ids)], float(judged[i]))
            for i, part in enumerate(parts)
        ]


def _rounded(length: int) -> int:
    return -(-length // _ROUND_TOKENS) * _ROUND_TOKENS


def _groups(order: Sequence[int], parts: Sequence[Window]) -> list[list[int]]:
    """Windows of like length together, as many as a batch holds."""
    groups: list[list[int]] = []
    for i in order:
        length = _rounded(len(parts[i].ids))
        # Sorted by length: this one is the longest of the group it joins.
        if groups and (len(groups[-1]) + 1) * length <= _BATCH_TOKENS:
            groups[-1].append(i)
        else:
            groups.append([i])
    return groups
