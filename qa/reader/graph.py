"""The reader as an OpenVINO graph: the arithmetic of ``train/model.py`` over the shipped weights.

Takes ``Weights``, gives an ``openvino.Model`` with inputs ``ids``, ``types``, ``real`` and
``passage`` (batch, tokens) and outputs ``start``, ``end`` (batch, tokens) and ``judged`` (batch).
Knows nothing of text or of the processor.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import openvino as ov
from openvino import opset13 as op

from qa.reader.weights import Weights

HEADS = 12
FAR = np.float32(-1e4)

# OpenVINO carries no types that a checker could follow.
Node: TypeAlias = Any


def build(weights: Weights, *, compressed: bool) -> Any:
    """Lay out the graph; ``compressed`` keeps matrices int8 for runtimes that multiply in int8."""
    return _Builder(weights, compressed).model()


class _Builder:
    def __init__(self, weights: Weights, compressed: bool) -> None:
        self._weights = weights
        self._compressed = compressed
        self._width = weights.plain["norm.weight"].size
        self._layers = sum(name.endswith("qkv.bias") for name in weights.plain)

    def model(self) -> Any:
        ids = op.parameter([-1, -1], np.int32, name="ids")
        types = op.parameter([-1, -1], np.int32, name="types")
        real = op.parameter([-1, -1], np.float32, name="real")
        passage = op.parameter([-1, -1], np.float32, name="passage")
        mask = op.unsqueeze(op.multiply(op.subtract(real, _f(1)), _f(-FAR)), _i([1, 2]))
        x = self._embed(ids, types)
        for i in range(self._layers):
            x = self._layer(x, mask, f"layers.{i}.")
        start, end, judged = self._heads(x, passage)
        outputs = [start, end, judged]
        for node, name in zip(outputs, ("start", "end", "judged"), strict=True):
            node.output(0).set_names({name})
        return ov.Model(outputs, [ids, types, real, passage], "reader")

    def _embed(self, ids: Node, types: Node) -> Node:
        rows = self._weights.rows["words.weight"]
        values = op.gather(op.constant(rows.values), ids, _i(0))
        scales = op.gather(op.constant(rows.scales[:, None]), ids, _i(0))
        words = op.multiply(op.convert(values, np.float32), scales)
        count = op.gather(op.shape_of(ids, "i32"), _i(1), _i(0))
        places = op.gather(self._dense("positions.weight"), op.range(_i(0), count, _i(1), "i32"), _i(0))
        kinds = op.gather(self._dense("types.weight"), types, _i(0))
        return self._norm(op.add(op.add(words, places), kinds), "norm")

    def _layer(self, x: Node, mask: Node, at: str) -> Node:
        size = self._width // HEADS
        qkv = op.reshape(self._linear(x, at + "qkv"), _i([0, 0, 3, HEADS, size]), True)
        q, k, v = op.split(op.transpose(qkv, _i([2, 0, 3, 1, 4])), _i(0), 3).outputs()
        q, k, v = (op.squeeze(part, _i(0)) for part in (q, k, v))
        scaled = op.multiply(op.matmul(q, k, False, True), _f(size**-0.5))
        mixed = op.matmul(op.softmax(op.add(scaled, mask), 3), v, False, False)
        joined = op.reshape(op.transpose(mixed, _i([0, 2, 1, 3])), _i([0, 0, self._width]), True)
        x = self._norm(op.add(x, self._linear(joined, at + "out")), at + "norm1")
        inner = op.gelu(self._linear(x, at + "up"), "erf")
        return self._norm(op.add(x, self._linear(inner, at + "down")), at + "norm2")

    def _heads(self, x: Node, passage: Node) -> tuple[Node, Node, Node]:
        logits = op.transpose(self._linear(x, "span"), _i([0, 2, 1]))
        far = op.multiply(op.subtract(_f(1), op.unsqueeze(passage, _i(1))), _f(FAR))
        # Outside the passage a logit is FAR below anything, as when the heads were trained.
        spans = op.add(op.multiply(logits, op.unsqueeze(passage, _i(1))), far)
        pointed = op.matmul(op.softmax(spans, 2), x, False, False)
        first = op.gather(x, _i([0]), _i(1))
        seen = op.reshape(op.concat([first, pointed], 1), _i([0, 3 * self._width]), True)
        judged = self._linear(op.gelu(self._linear(seen, "judge1"), "erf"), "judge2")
        null = op.gather(logits, _i([0]), _i(2))
        rest = op.slice(spans, _i([1]), _i([2**31 - 1]), _i([1]), _i([2]))
        start, end = op.split(op.concat([null, rest], 2), _i(1), 2).outputs()
        return (
            op.squeeze(start, _i(1)),
            op.squeeze(end, _i(1)),
            op.squeeze(judged, _i(1)),
        )

    def _linear(self, x: Node, name: str) -> Node:
        rows = self._weights.rows.get(name + ".weight")
        if rows is not None and self._compressed:
            values = op.convert(op.constant(rows.values), np.float32)
            matrix = op.multiply(values, op.constant(rows.scales[:, None]))
        else:
            matrix = self._dense(name + ".weight")
        return op.add(op.matmul(x, matrix, False, True), self._dense(name + ".bias"))

    def _norm(self, x: Node, name: str) -> Node:
        normed = op.mvn(x, _i([-1]), True, 1e-12, "inside_sqrt")
        scaled = op.multiply(normed, self._dense(name + ".weight"))
        return op.add(scaled, self._dense(name + ".bias"))

    def _dense(self, name: str) -> Node:
        return op.constant(self._weights.dense(name))


def _f(value: float | np.float32) -> Node:
    return op.constant(np.float32(value))


def _i(value: int | list[int]) -> Node:
    return op.constant(np.array(value, np.int32))
