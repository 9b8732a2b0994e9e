"""The reader as an OpenVINO graph: the arithmetic of ``train/model.py`` over the shipped weights.

Takes ``Weights``, gives an ``openvino.Model`` with inputs ``ids``, ``types``, ``real`` and
``passage`` (batch, tokens) and outputs ``start``, ``end`` (batch, tokens) and ``judged`` (batch).
Knows nothing of text or of the processor.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import openvino as ov
from openvino import opset13 as op

from qa.encoder.graph import Bert, Node, f, i
from qa.reader.weights import Weights

HEADS = 12
FAR = -1e4


def build(weights: Weights, *, compressed: bool) -> Any:
    """Lay out the graph; ``compressed`` keeps matrices int8 for runtimes that multiply in int8."""
    ids = op.parameter([-1, -1], np.int32, name="ids")
    types = op.parameter([-1, -1], np.int32, name="types")
    real = op.parameter([-1, -1], np.float32, name="real")
    passage = op.parameter([-1, -1], np.float32, name="passage")
    layers = sum(name.endswith("qkv.bias") for name in weights.plain)
    width = weights.plain["norm.weight"].size
    bert = Bert(_Shipped(weights, compressed), layers=layers, heads=HEADS, width=width)
    outputs = _heads(bert, bert.states(ids, types, real), passage)
    for node, name in zip(outputs, ("start", "end", "judged"), strict=True):
        node.output(0).set_names({name})
    return ov.Model(list(outputs), [ids, types, real, passage], "reader")


class _Shipped:
    """The shipped weights as nodes: the words int8, and matrices too if they are to be multiplied so."""

    def __init__(self, weights: Weights, compressed: bool) -> None:
        self._weights = weights
        self._compressed = compressed

    def lookup(self, name: str, ids: Node) -> Node:
        rows = self._weights.rows[name]
        groups, width = rows.scales.shape[1], rows.values.shape[1]
        values = op.convert(op.gather(op.constant(rows.values), ids, i(0)), np.float32)
        scales = op.unsqueeze(op.gather(op.constant(rows.scales), ids, i(0)), i(3))
        scaled = op.multiply(op.reshape(values, i([0, 0, groups, rows.group]), True), scales)
        return op.reshape(scaled, i([0, 0, width]), True)

    def matrix(self, name: str) -> Node:
        rows = self._weights.rows.get(name)
        if rows is None or not self._compressed:
            return self.dense(name)
        count, columns = rows.values.shape
        parts = rows.values.reshape(count, -1, rows.group)
        scaled = op.multiply(op.convert(op.constant(parts), np.float32), op.constant(rows.scales[:, :, None]))
        return op.reshape(scaled, i([count, columns]), False)

    def dense(self, name: str) -> Node:
        return op.constant(self._weights.dense(name))


def _heads(bert: Bert, x: Node, passage: Node) -> tuple[Node, Node, Node]:
    logits = op.transpose(bert.linear(x, "span"), i([0, 2, 1]))
    far = op.multiply(op.subtract(f(1), op.unsqueeze(passage, i(1))), f(FAR))
    # Outside the passage a logit is FAR below anything, as when the heads were trained.
    spans = op.add(op.multiply(logits, op.unsqueeze(passage, i(1))), far)
    pointed = op.matmul(op.softmax(spans, 2), x, False, False)
    first = op.gather(x, i([0]), i(1))
    seen = op.reshape(op.concat([first, pointed], 1), i([0, 3 * bert.width]), True)
    judged = bert.linear(op.gelu(bert.linear(seen, "judge1"), "erf"), "judge2")
    null = op.gather(logits, i([0]), i(2))
    rest = op.slice(spans, i([1]), i([2**31 - 1]), i([1]), i([2]))
    start, end = op.split(op.concat([null, rest], 2), i(1), 2).outputs()
    return (
        op.squeeze(start, i(1)),
        op.squeeze(end, i(1)),
        op.squeeze(judged, i(1)),
    )
