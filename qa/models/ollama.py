"""`ollama:model` -> a `Model`, as a local Ollama (or the one of $OLLAMA_HOST) has it.

Asks Ollama what the model is: how much it reads, and whether it runs there or in Ollama's cloud.
"""

from __future__ import annotations

import os
from typing import Any

from qa.errors import ModelError
from qa.models.failures import failure
from qa.models.model import ANSWER_TOKENS, OWN_PATIENCE, WINDOW, Model, elsewhere
from qa.models.providers import require


def open_ollama(name: str, *, patience: float | None) -> Model:
    """The model `ollama:model`. Raises `ModelError` if Ollama does not answer or has no such model."""
    require("langchain-ollama", "ollama")
    import httpx
    from langchain_ollama import ChatOllama
    from ollama import Client

    model = name.partition(":")[2]
    address = str(Client(host=os.environ.get("OLLAMA_HOST"))._client.base_url)
    host = elsewhere(address)
    options: dict[str, Any] = {
        "timeout": httpx.Timeout(patience or OWN_PATIENCE, connect=10.0),
        "trust_env": host is not None,
        "follow_redirects": False,
    }

    def chat(window: int) -> ChatOllama:
        # Without num_ctx, Ollama cuts the beginning off a long prompt and says nothing.
        return ChatOllama(
            model=model,
            base_url=address,
            temperature=0,
            num_ctx=window,
            num_predict=ANSWER_TOKENS,
            client_kwargs=options,
        )

    nobody = Model(chat=chat(WINDOW), name=name, host=host, window=WINDOW)
    try:
        with httpx.Client(**options) as client:
            answer = client.post(f"{address.rstrip('/')}/api/show", json={"model": model})
            if answer.status_code == 404:
                raise ModelError(f"Ollama has no model {model}: ollama pull {model}")
            shown = answer.raise_for_status().json()
            sizes = dict(shown.get("model_info") or {})
            remote = shown.get("remote_host")
    except ModelError:
        raise
    except Exception as error:  # whatever a client raises, `failure` has a sentence for it
        raise failure(error, nobody) from None
    known = next((int(size) for key, size in sizes.items() if key.endswith(".context_length")), WINDOW)
    window = min(known, WINDOW)
    if remote:  # one of Ollama's cloud: the local Ollama passes the text on
        host = elsewhere(remote if "://" in remote else f"https://{remote}")
    return Model(chat=chat(window), name=name, host=host, window=window)
