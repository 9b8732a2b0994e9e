"""The address of an OpenAI-compatible server (vLLM, llama.cpp, LM Studio and others) -> a `Model`.

Asks the server which models it has and how much they read. The key is $QA_MODEL_KEY or the one given, and no other: a
key that is in the environment for OpenAI never goes to an address that is not OpenAI's.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

from qa.errors import ModelError, ModelServerError
from qa.models.failures import failure
from qa.models.model import ANSWER_TOKENS, OWN_PATIENCE, PATIENCE, WINDOW, Model, elsewhere
from qa.models.providers import estimated_tokens, require

if TYPE_CHECKING:
    import httpx
    from langchain_core.language_models import BaseChatModel

KEY = "QA_MODEL_KEY"
_FORM = "write it as http://localhost:8080/v1, or http://localhost:8080/v1#model"
_LOOK = 10.0  # seconds for each of the questions that come before the first real one
_NO_CHAT = re.compile(r"embed|rerank|whisper|tts", re.IGNORECASE)
# Where servers say how much a model reads: vLLM, LM Studio, OpenRouter and others.
_WINDOWS = (
    "max_model_len",
    "loaded_context_length",
    "context_length",
    "context_window",
    "max_context_length",
)


def open_address(name: str, *, key: str | None, patience: float | None) -> Model:
    """The model behind an address: the one after `#`, else the first that the server lists. Raises `ModelError`."""
    require("langchain-openai", "openai")
    address, wanted = _parts(name)
    host = elsewhere(address)
    key = key or os.environ.get(KEY) or None
    # Only for the sentences of `failure`: nothing is asked of the server by this one.
    plain = f"{address}#{wanted}" if wanted else address
    nobody = Model(chat=_chat(address, "", key, 1.0), name=plain, host=host, window=WINDOW, key=KEY)
    try:
        with _client(address, key) as client:
            base, models = _models(client, address)
            chosen = _choose(models, wanted, base)
            window = _window(client, base, chosen)
    except ModelError:
        raise
    except Exception as error:  # whatever a client raises, `failure` has a sentence for it
        raise failure(error, nobody) from None
    patience = patience or (PATIENCE if host else OWN_PATIENCE)
    chat = _chat(base, str(chosen["id"]), key, patience)
    return Model(chat=chat, name=plain, host=host, window=window, key=KEY)


def _parts(name: str) -> tuple[str, str]:
    """An address as it was given -> the address alone and the model after `#`, "" if there is none."""
    try:
        parts = urlsplit(name)
        right = bool(parts.hostname) and parts.port != 0
    except ValueError:
        right = False
    if not right:
        raise ModelError(f"that is not the address of a model server: {_FORM}")
    if parts.username or parts.password or parts.query:
        raise ModelError(f"the address of a model server takes no password and no ?: put its key in {KEY}")
    return urlunsplit((parts.scheme.lower(), parts.netloc, parts.path.rstrip("/"), "", "")), parts.fragment


def _client(address: str, key: str | None) -> httpx.Client:
    import httpx

    headers = {"Authorization": f"Bearer {key}"} if key else {}
    # A proxy cannot reach this machine, and a redirect could lead the articles elsewhere than `host` says.
    ours = elsewhere(address) is None
    return httpx.Client(headers=headers, timeout=_LOOK, trust_env=not ours, follow_redirects=False)


def _models(client: httpx.Client, address: str) -> tuple[str, list[dict[str, Any]]]:
    """The address that has /models beneath it, and what that lists."""
    versioned = re.search(r"/v\d+$", address)
    for base in (address,) if versioned else (f"{address}/v1", address):
        answer = client.get(f"{base}/models")
        if answer.status_code == 404:
            continue
        answer.raise_for_status()
        content = answer.json()
        models = content.get("data") if isinstance(content, dict) else None
        if not isinstance(models, list):
            break
        return base, [one for one in models if isinstance(one, dict) and isinstance(one.get("id"), str)]
    raise ModelServerError(f"what answers at {address} is no OpenAI-compatible model server: {_FORM}")


def _choose(models: list[dict[str, Any]], wanted: str, base: str) -> dict[str, Any]:
    chats = [one for one in models if not _NO_CHAT.search(one["id"])] or models
    if not chats:
        raise ModelServerError(f"the server at {base} has no model loaded: load one")
    if not wanted:
        return chats[0]
    for one in models:
        if wanted == one["id"]:
            return one
    names = ", ".join(one["id"] for one in chats[:5]) + (" and others" if len(chats) > 5 else "")
    raise ModelError(f"the server at {base} has no model {wanted!r}: it has {names}")


def _window(client: httpx.Client, base: str, model: dict[str, Any]) -> int:
    """Tokens of context as the server has them: in its list, of llama.cpp's /props, or of LM Studio's own list."""
    if window := _number(model):
        return window
    root = re.sub(r"/v\d+$", "", base)
    properties = _look(client, f"{root}/props").get("default_generation_settings")
    if isinstance(properties, dict) and (window := _number({"context_length": properties.get("n_ctx")})):
        return window
    listed = _look(client, f"{root}/api/v0/models").get("data")
    for one in listed if isinstance(listed, list) else ():
        if isinstance(one, dict) and one.get("id") == model["id"] and (window := _number(one)):
            return window
    return WINDOW


def _number(entry: dict[str, Any]) -> int | None:
    values = (entry.get(name) for name in _WINDOWS)
    return next((value for value in values if isinstance(value, int) and value > 0), None)


def _look(client: httpx.Client, address: str) -> dict[str, Any]:
    """The object at an address, an empty one if there is none."""
    import httpx

    try:
        answer = client.get(address)
        content = answer.json() if answer.status_code == 200 else {}
    except (httpx.HTTPError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _chat(base: str, model: str, key: str | None, patience: float) -> BaseChatModel:
    import openai
    from langchain_openai.chat_models.base import BaseChatOpenAI
    from pydantic import SecretStr

    ours = elsewhere(base) is None
    timeout = openai.Timeout(patience, connect=min(_LOOK, patience))

    def anonymous(request: Any) -> None:
        """Takes off what the client adds of its own: the organization of an OpenAI account, this machine's system."""
        for header in [one for one in request.headers if one.lower().startswith(("openai-", "x-stainless-"))]:
            del request.headers[header]
        if key is None:
            request.headers.pop("authorization", None)

    async def anonymous_async(request: Any) -> None:
        anonymous(request)

    options: dict[str, Any] = {"timeout": timeout, "trust_env": not ours, "follow_redirects": False}
    # Not ChatOpenAI, which speaks as OpenAI's newest models want it (max_completion_tokens): many servers know less.
    return BaseChatOpenAI(
        model=model,
        base_url=base,
        api_key=SecretStr(key or "none"),
        temperature=0,
        max_tokens=ANSWER_TOKENS,
        timeout=timeout,
        max_retries=0,
        streaming=True,
        stream_usage=False,
        stream_chunk_timeout=patience,
        use_responses_api=False,
        custom_get_token_ids=estimated_tokens,
        http_client=openai.DefaultHttpxClient(**options, event_hooks={"request": [anonymous]}),
        http_async_client=openai.DefaultAsyncHttpxClient(
            **options, event_hooks={"request": [anonymous_async]}
        ),
    )
