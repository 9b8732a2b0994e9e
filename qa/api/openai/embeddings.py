"""Embeddings: texts -> the unit vectors that the library compares passages by.

Takes the work of a library and a request that has been read; gives a reply of the wire. Knows nothing of HTTP.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import aclosing
from typing import TYPE_CHECKING

import numpy as np

from qa.api.openai.failures import RequestError
from qa.api.openai.names import Names
from qa.api.openai.wire import Embedding, EmbeddingList, EmbeddingsRequest, usage
from qa.api.source import AnyLibrary
from qa.api.work import Work
from qa.errors import EmbedderError

if TYPE_CHECKING:
    from qa.embed import Vectors

_BATCH = 64
"""Texts between two looks whether anybody still waits."""


async def embed(request: EmbeddingsRequest, work: Work, names: Names) -> EmbeddingList:
    """The vectors of the texts of a request. Raises `RequestError` for another model, or for other dimensions."""
    names.check_embedder(request.model)
    texts = [request.input] if isinstance(request.input, str) else request.input

    def encode(library: AnyLibrary) -> Iterator[Vectors]:
        # Importing this takes half a second, and the server listens first.
        from qa.library import Library

        if not isinstance(library, Library):
            raise EmbedderError("the process that has the store embeds, and this one does not")
        for start in range(0, len(texts), _BATCH):
            yield library.embeddings.encode(texts[start : start + _BATCH])

    async with aclosing(work.stream(encode)) as batches:
        vectors = np.concatenate([batch async for batch in batches])
    if request.dimensions not in (None, vectors.shape[1]):
        raise RequestError(
            f"The vectors have {vectors.shape[1]} dimensions: leave out dimensions.",
            param="dimensions",
            code="unsupported_parameter",
        )
    written = _base64 if request.encoding_format == "base64" else _numbers
    return EmbeddingList(
        data=[Embedding(index=index, embedding=written(vector)) for index, vector in enumerate(vectors)],
        model=request.model,
        usage=usage(texts),
    )


def _numbers(vector: Vectors) -> list[float]:
    numbers: list[float] = vector.tolist()
    return numbers


def _base64(vector: Vectors) -> str:
    return base64.b64encode(np.asarray(vector, "<f4").tobytes()).decode("ascii")
