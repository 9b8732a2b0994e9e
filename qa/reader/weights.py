"""The shipped weights: one safetensors file, int8 in groups of a row with a scale each, float16 for the rest.

Writes the file from float arrays and reads it back, its sha256 checked. Knows nothing of what the
tensors mean.

A matrix ``w`` is stored as ``w`` (int8) and ``w:scale`` (float16, one for each ``GROUP`` values of a row in turn).
Everything else is stored as float16.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from safetensors import SafetensorError
from safetensors.numpy import load, save

from qa.errors import ReaderError

SCALE = ":scale"
GROUP = 64
"""Values that share a scale. With one a row the shipped reader gave another answer than the float model 3 times as
often as bfloat16 alone does; with 64, hardly more often, for 3 % of the size."""
# Shares of the largest value tried as the clipping point of a row; the least squared error wins.
_CLIPS = np.linspace(1.0, 0.8, 9, dtype=np.float32)

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Rows:
    """A matrix as int8, (rows, columns), with scales, (rows, groups): each for as many columns in turn."""

    values: npt.NDArray[np.int8]
    scales: Floats

    @property
    def group(self) -> int:
        """How many columns share a scale."""
        return int(self.values.shape[1] // self.scales.shape[1])

    def dense(self) -> Floats:
        """The matrix in float32."""
        return self.values.astype(np.float32) * np.repeat(self.scales, self.group, axis=1)


@dataclass(frozen=True, slots=True)
class Weights:
    """Every tensor by name: matrices as ``Rows``, the rest as float32 arrays."""

    rows: Mapping[str, Rows]
    plain: Mapping[str, Floats]

    def dense(self, name: str) -> Floats:
        """One tensor in float32."""
        return self.rows[name].dense() if name in self.rows else self.plain[name]


def quantise(matrix: Floats) -> Rows:
    """Round each group of a row to int8 at the scale that loses least; a row that is no whole groups is one.

    >>> quantise(np.array([[0.0, 1.27, -1.27]], np.float32)).values.tolist()
    [[0, 127, -127]]
    """
    rows, columns = matrix.shape
    groups = columns // GROUP if columns % GROUP == 0 else 1
    parts = matrix.reshape(rows * groups, columns // groups)
    largest = np.abs(parts).max(axis=1, keepdims=True)
    best = np.ones_like(largest)
    least = np.full(len(parts), np.inf, np.float32)
    for clip in _CLIPS:
        # The scale is stored as float16, so round with the scale that will be read back.
        scale = np.maximum(largest * clip / 127, 1e-7).astype(np.float16).astype(np.float32)
        error = ((_round(parts, scale) * scale - parts) ** 2).sum(axis=1)
        best = np.where((error < least)[:, None], scale, best)
        least = np.minimum(error, least)
    values = _round(parts, best).astype(np.int8).reshape(rows, columns)
    return Rows(values, best.reshape(rows, groups))


def _round(matrix: Floats, scale: Floats) -> Floats:
    rounded: Floats = np.clip(np.rint(matrix / scale), -127, 127)
    return rounded


def write_weights(path: Path, tensors: Mapping[str, Floats], *, whole: Iterable[str] = ()) -> str:
    """Write the shipped file and return its sha256; matrices named in ``whole`` stay float16."""
    kept = set(whole)
    stored: dict[str, npt.NDArray[np.generic]] = {}
    for name, tensor in tensors.items():
        if tensor.ndim == 2 and name not in kept:
            rows = quantise(tensor)
            stored[name] = rows.values
            stored[name + SCALE] = rows.scales.astype(np.float16)
        else:
            stored[name] = tensor.astype(np.float16)
    data = save(stored)
    path.write_bytes(data)
    return hashlib.sha256(data).hexdigest()


def read_weights(path: Path, sha256: str) -> Weights:
    """Read the shipped file; raise ``ReaderError`` if it is missing or not the one expected."""
    data = checked(path, sha256)
    try:
        stored = load(data)
    except SafetensorError as error:
        raise ReaderError(f"{path} is no safetensors file: install qa again") from error
    rows = {
        name: Rows(tensor, stored[name + SCALE].astype(np.float32))
        for name, tensor in stored.items()
        if name + SCALE in stored
    }
    plain = {
        name: tensor.astype(np.float32)
        for name, tensor in stored.items()
        if name not in rows and not name.endswith(SCALE)
    }
    return Weights(rows, plain)


def checked(path: Path, sha256: str) -> bytes:
    """A file's bytes, if they are the ones expected."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ReaderError(f"the reader's file {path} cannot be read: install qa again") from error
    if hashlib.sha256(data).hexdigest() != sha256:
        raise ReaderError(f"the reader's file {path} is damaged or not ours: install qa again")
    return data
