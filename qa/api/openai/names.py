"""The models by the names that clients choose from: who answers, and what embeds.

`qa` is whatever the settings say that answers, `reader` the reader where that is a chat model; the embedder has its own
name. Knows nothing of questions.
"""

from __future__ import annotations

import time

from qa.api.openai.failures import RequestError
from qa.api.openai.wire import ModelInfo, ModelList
from qa.settings import READER, Settings

QA = "qa"
"""The name of what answers here."""


class Names:
    """The models of one library's settings."""

    def __init__(self, settings: Settings) -> None:
        self._embedder = settings.embedder
        self._answerers: dict[str, str | None] = {QA: None}
        if settings.model != READER:
            self._answerers[READER] = READER
        self._created = int(time.time())

    def all(self) -> ModelList:
        """Every model."""
        return ModelList(data=[self._info(name) for name in (*self._answerers, self._embedder)])

    def model(self, name: str) -> ModelInfo:
        """One of them. Raises `RequestError`."""
        if name not in (*self._answerers, self._embedder):
            raise self._unknown()
        return self._info(name)

    def answerer(self, name: str) -> str | None:
        """What the library calls an answerer; None for that of the settings. Raises `RequestError` for others."""
        if name not in self._answerers:
            raise self._unknown()
        return self._answerers[name]

    def check_embedder(self, name: str) -> None:
        """Raises `RequestError` if this is not what embeds."""
        if name != self._embedder:
            raise self._unknown()

    def _info(self, name: str) -> ModelInfo:
        return ModelInfo(id=name, created=self._created)

    def _unknown(self) -> RequestError:
        answerers = " or ".join(self._answerers)
        return RequestError(
            f"There is no such model here: {answerers} answers, {self._embedder} embeds.",
            status=404,
            param="model",
            code="model_not_found",
        )
