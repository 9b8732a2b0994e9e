"""The beginning of a GGUF file -> how many tokens its model was trained to read.

Reads the keys and values before the tensors, and of those no more than it needs. Layout:
https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import BinaryIO

from qa.errors import ModelError

# Code of a type -> how struct reads it. 8 is a string and 9 an array.
_NUMBERS = dict(enumerate("BbHhIif?")) | {10: "Q", 11: "q", 12: "d"}
_STRING, _ARRAY = 8, 9
_LONGEST = 1 << 26  # bytes of one string; a vocabulary has many short ones


def trained_window(path: Path) -> int | None:
    """Tokens of context that the model was trained with, None if the file does not say.

    Raises `ModelError` when there is no such file or it is no whole GGUF file.
    """
    try:
        with path.open("rb") as file:
            return _search(file)
    except FileNotFoundError:
        raise ModelError(f"there is no file {path}: check the path after gguf:") from None
    except IsADirectoryError:
        raise ModelError(f"{path} is a folder: name the .gguf file in it") from None
    except OSError as error:
        raise ModelError(f"{path} cannot be read: {error.strerror}") from None
    except (struct.error, ValueError):
        raise damaged(path) from None


def damaged(path: Path) -> ModelError:
    """What to say of a file that begins as GGUF and cannot be used."""
    return ModelError(f"{path} is damaged or of a kind that this llama.cpp does not know: download it again")


def _search(file: BinaryIO) -> int | None:
    if file.read(4) != b"GGUF":
        raise ModelError(f"{file.name} is not a GGUF file: get one made for llama.cpp")
    version, _, count = _read(file, "IQQ")
    if not 2 <= version <= 3 or count > 1 << 16:
        raise ValueError(f"version {version}, {count} keys")
    architecture: object = None
    windows: dict[str, int] = {}
    for _ in range(count):
        name = str(_value(file, _STRING))
        value = _value(file, _read(file, "I")[0])
        if name == "general.architecture":
            architecture = value
        elif name.endswith(".context_length") and isinstance(value, int):
            windows[name] = value
        if f"{architecture}.context_length" in windows:
            return windows[f"{architecture}.context_length"]
    return None


def _read(file: BinaryIO, layout: str) -> tuple[int, ...]:
    return struct.unpack(f"<{layout}", file.read(struct.calcsize(f"<{layout}")))


def _value(file: BinaryIO, kind: int) -> object:
    """The next value; of an array its length, the rest is passed over."""
    if kind in _NUMBERS:
        return _read(file, _NUMBERS[kind])[0]
    if kind == _STRING:
        (length,) = _read(file, "Q")
        text = file.read(length) if length <= _LONGEST else b""
        if len(text) < length:
            raise ValueError("a string beyond the end")
        return text.decode("utf-8", "replace")
    if kind == _ARRAY:
        inner, length = _read(file, "IQ")
        if inner in _NUMBERS:
            file.seek(length * struct.calcsize(_NUMBERS[inner]), 1)
        else:
            for _ in range(length):
                _value(file, inner)
        return length
    raise ValueError(f"type {kind}")
