"""The name of a model -> a `Model`: looks at the form of the name, and leaves the rest to the file of that form."""

from __future__ import annotations

import re
from pathlib import Path

from qa.errors import ModelError
from qa.models.model import OWN_PATIENCE, WINDOW, Model

FORMS = (
    "provider:model as in openai:gpt-5.5, anthropic:claude-haiku-4-5, google_genai:gemini-2.5-flash or "
    "ollama:llama3.2; the address of a server as in http://localhost:8080/v1; or gguf:PATH"
)
"""What a name may look like."""


def open_model(name: str, *, key: str | None = None, patience: float | None = None) -> Model:
    """The model of this name, which is one of `FORMS`.

    `key` goes before the environment variable of the provider ($QA_MODEL_KEY for an address). `patience`: seconds to
    wait for the next word. Asks the server of an address, and Ollama, which models there are; others are first spoken
    to when they are asked. Raises `ModelError`, which says what to do.
    """
    name = name.strip()
    if re.match(r"https?://", name, re.IGNORECASE):
        from qa.models.address import open_address

        return open_address(name, key=key, patience=patience)
    form, colon, rest = name.partition(":")
    if form == "gguf" and rest:
        return _open_file(name, rest, patience=patience)
    if name.lower().endswith(".gguf"):
        raise ModelError(f"{name} is a file: write it as gguf:{name}")
    if not colon or not rest or not re.fullmatch(r"[a-z][a-z0-9_-]*", form):
        raise ModelError(f"{name!r} is not the name of a model: write {FORMS}")
    if form == "ollama":
        from qa.models.ollama import open_ollama

        return open_ollama(name, patience=patience)
    from qa.models.providers import open_provider

    return open_provider(name, key=key, patience=patience)


def _open_file(name: str, path: str, *, patience: float | None) -> Model:
    from qa.models.gguf import open_gguf

    chat = open_gguf(Path(path).expanduser(), window=WINDOW, patience=patience or OWN_PATIENCE)
    return Model(chat=chat, name=name, host=None, window=chat.window)
