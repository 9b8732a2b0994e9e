"""The layers of BERT (Devlin et al., 2019) as nodes of an OpenVINO graph.

Takes where the constants come from, gives hidden states for token ids. Knows nothing of text, of what is made of the
states, or of the processor.
"""

from __future__ import annotations

from typing import Any, Protocol, TypeAlias

import numpy as np
from openvino import opset13 as op

_FAR = 1e4

# OpenVINO carries no types that a checker could follow.
Node: TypeAlias = Any


class Tensors(Protocol):
    """The tensors of a model by name, as nodes: `words`, `positions`, `types`, `norm` and, for each layer,
    `layers.0.` and `qkv`, `out`, `norm1`, `up`, `down`, `norm2`; each `.weight`, most a `.bias`.
    """

    def lookup(self, name: str, ids: Node) -> Node:
        """The rows `ids` of a large table."""

    def matrix(self, name: str) -> Node:
        """A matrix to multiply with."""

    def dense(self, name: str) -> Node:
        """Any tensor in float32."""


class Bert:
    """Lays out an encoder of so many layers and heads over hidden states of `width`."""

    def __init__(self, tensors: Tensors, *, layers: int, heads: int, width: int) -> None:
        self._tensors = tensors
        self._layers = layers
        self._heads = heads
        self.width = width

    def states(self, ids: Node, types: Node, real: Node) -> Node:
        """Hidden states (batch, tokens, width) of ids and their types; `real` is 1 for a token, 0 for padding."""
        mask = op.unsqueeze(op.multiply(op.subtract(real, f(1)), f(_FAR)), i([1, 2]))
        x = self._embed(ids, types)
        for layer in range(self._layers):
            x = self._layer(x, mask, f"layers.{layer}.")
        return x

    def linear(self, x: Node, name: str) -> Node:
        """`x` times the matrix of this name, and its bias."""
        product = op.matmul(x, self._tensors.matrix(name + ".weight"), False, True)
        return op.add(product, self._tensors.dense(name + ".bias"))

    def _embed(self, ids: Node, types: Node) -> Node:
        words = self._tensors.lookup("words.weight", ids)
        count = op.gather(op.shape_of(ids, "i32"), i(1), i(0))
        numbers = op.range(i(0), count, i(1), "i32")
        places = op.gather(self._tensors.dense("positions.weight"), numbers, i(0))
        kinds = op.gather(self._tensors.dense("types.weight"), types, i(0))
        return self._norm(op.add(op.add(words, places), kinds), "norm")

    def _layer(self, x: Node, mask: Node, at: str) -> Node:
        size = self.width // self._heads
        qkv = op.reshape(self.linear(x, at + "qkv"), i([0, 0, 3, self._heads, size]), True)
        q, k, v = op.split(op.transpose(qkv, i([2, 0, 3, 1, 4])), i(0), 3).outputs()
        q, k, v = (op.squeeze(part, i(0)) for part in (q, k, v))
        scaled = op.multiply(op.matmul(q, k, False, True), f(size**-0.5))
        mixed = op.matmul(op.softmax(op.add(scaled, mask), 3), v, False, False)
        joined = op.reshape(op.transpose(mixed, i([0, 2, 1, 3])), i([0, 0, self.width]), True)
        x = self._norm(op.add(x, self.linear(joined, at + "out")), at + "norm1")
        inner = op.gelu(self.linear(x, at + "up"), "erf")
        return self._norm(op.add(x, self.linear(inner, at + "down")), at + "norm2")

    def _norm(self, x: Node, name: str) -> Node:
        normed = op.mvn(x, i([-1]), True, 1e-12, "inside_sqrt")
        scaled = op.multiply(normed, self._tensors.dense(name + ".weight"))
        return op.add(scaled, self._tensors.dense(name + ".bias"))


def f(value: float) -> Node:
    """A float32 constant."""
    return op.constant(np.float32(value))


def i(value: int | list[int]) -> Node:
    """An int32 constant."""
    return op.constant(np.array(value, np.int32))
