"""Runs a graph on this processor, with the arithmetic that it does best.

Takes a graph and arrays, gives arrays; sorts sequences into batches of like length. Knows nothing of what they mean.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import openvino as ov

Floats = npt.NDArray[np.float32]

# A shape that was not seen before costs the runtime its own preparation, so lengths are rounded up.
_ROUND_TOKENS = 16
_BATCH_TOKENS = 4096


def abilities() -> frozenset[str]:
    """What this processor multiplies fast: of FP32, BF16, INT8 and others that OpenVINO names."""
    return frozenset(ov.Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES"))


class Engine:
    """A compiled graph; one run at a time, from any thread.

    Works in bfloat16 where the processor has it, else in float32; with `rounded`, matrices that the graph keeps as
    int8 are multiplied so, activations rounded in groups of 128.
    """

    def __init__(self, graph: Any, *, rounded: bool = False) -> None:
        options: dict[str, str] = {
            "PERFORMANCE_HINT": "LATENCY",
            "INFERENCE_PRECISION_HINT": "bf16" if "BF16" in abilities() else "f32",
            "DYNAMIC_QUANTIZATION_GROUP_SIZE": "128" if rounded else "0",
        }
        self._request = ov.Core().compile_model(graph, "CPU", options).create_infer_request()
        self._outputs = [next(iter(output.names)) for output in graph.outputs]
        self._lock = threading.Lock()

    def run(self, inputs: Mapping[str, npt.NDArray[Any]]) -> dict[str, Floats]:
        """The graph's outputs by name, copied: the next run may write where they lay."""
        with self._lock:
            found = self._request.infer(inputs)
            return {name: np.array(found[name]) for name in self._outputs}


def batches(lengths: Sequence[int]) -> Iterator[tuple[list[int], int]]:
    """Which sequences to run together, of like length and as many as a batch holds; and the length to pad them to.

    >>> list(batches([20, 3, 4000, 5]))
    [([1, 3, 0], 32), ([2], 4000)]
    """
    group: list[int] = []
    width = 0
    for index in sorted(range(len(lengths)), key=lambda index: lengths[index]):
        # Sorted by length: this one is the longest of the group it joins.
        longest = -(-lengths[index] // _ROUND_TOKENS) * _ROUND_TOKENS
        if group and (len(group) + 1) * longest > _BATCH_TOKENS:
            yield group, width
            group = []
        group.append(index)
        width = longest
    if group:
        yield group, width
