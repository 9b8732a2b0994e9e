"""Texts -> unit vectors, as sentence-transformers makes them of a MiniLM, without it and without torch.

Takes a model's folder; gives the mean of a text's token states, scaled to length 1. Knows nothing of where a model
comes from and whether it is the right one.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import openvino as ov
from openvino import opset13 as op
from safetensors import safe_open

from qa.encoder.engine import Engine, Floats, batches
from qa.encoder.graph import Bert, Node, i

_LAYERS, _HEADS, _WIDTH = 6, 12, 384
_CLS, _SEP = 101, 102
_MOST_TOKENS = 256
"""`max_seq_length` of sentence_bert_config.json, [CLS] and [SEP] included; what is beyond is cut off."""

# Our names -> those of the BERT of Hugging Face; three matrices for what is one here.
_NAMES = {
    "words": ("embeddings.word_embeddings",),
    "positions": ("embeddings.position_embeddings",),
    "types": ("embeddings.token_type_embeddings",),
    "norm": ("embeddings.LayerNorm",),
    "qkv": tuple(f"encoder.layer.{{}}.attention.self.{one}" for one in ("query", "key", "value")),
    "out": ("encoder.layer.{}.attention.output.dense",),
    "norm1": ("encoder.layer.{}.attention.output.LayerNorm",),
    "up": ("encoder.layer.{}.intermediate.dense",),
    "down": ("encoder.layer.{}.output.dense",),
    "norm2": ("encoder.layer.{}.output.LayerNorm",),
}


class SentenceEncoder:
    """A MiniLM of 6 layers. Reads its weights when made. May be used from several threads."""

    def __init__(self, folder: Path) -> None:
        with safe_open(folder / "model.safetensors", "numpy") as file:
            self._engine = Engine(_graph(_Published(file)))

    def encode(self, texts: Sequence[Sequence[int]]) -> Floats:
        """Unit vectors, shape (len(texts), 384), of texts as token ids, without special tokens."""
        whole = [[_CLS, *ids[: _MOST_TOKENS - 2], _SEP] for ids in texts]
        vectors = np.empty((len(texts), _WIDTH), np.float32)
        for group, width in batches([len(ids) for ids in whole]):
            ids = np.zeros((len(group), width), np.int32)
            real = np.zeros(ids.shape, np.float32)
            for row, index in enumerate(group):
                count = len(whole[index])
                ids[row, :count] = whole[index]
                real[row, :count] = 1
            vectors[group] = self._engine.run({"ids": ids, "real": real})["vectors"]
        unit: Floats = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return unit


class _Published:
    """The tensors of a file that Hugging Face's BERT wrote."""

    def __init__(self, file: Any) -> None:
        self._file = file

    def lookup(self, name: str, ids: Node) -> Node:
        return op.gather(self.dense(name), ids, i(0))

    def matrix(self, name: str) -> Node:
        return self.dense(name)

    def dense(self, name: str) -> Node:
        *at, part, kind = name.split(".")  # as in layers.0.out.weight
        found = [self._file.get_tensor(f"{one.format(*at[1:])}.{kind}") for one in _NAMES[part]]
        return op.constant(found[0] if len(found) == 1 else np.concatenate(found))


def _graph(tensors: _Published) -> Any:
    ids = op.parameter([-1, -1], np.int32, name="ids")
    real = op.parameter([-1, -1], np.float32, name="real")
    types = op.broadcast(i(0), op.shape_of(ids))  # one text alone: all its tokens are of the first kind
    states = Bert(tensors, layers=_LAYERS, heads=_HEADS, width=_WIDTH).states(ids, types, real)
    weights = op.unsqueeze(real, i(2))
    total = op.reduce_sum(op.multiply(states, weights), i([1]), False)
    vectors = op.divide(total, op.reduce_sum(weights, i([1]), False))
    vectors.output(0).set_names({"vectors"})
    return ov.Model([vectors], [ids, real], "sentences")
