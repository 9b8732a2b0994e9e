"""`provider:model` -> a `Model`, through LangChain's `init_chat_model`.

Knows which package a provider needs and which environment variable its key is in; knows nothing of their protocols.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from qa.errors import ModelError
from qa.models.model import ANSWER_TOKENS, PATIENCE, THINKING_TOKENS, WINDOW, Model, accepted, elsewhere
from qa.models.secrets import scrubbed

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """What is known of a provider: our extra and its package, where its key is (any will do), and its usual host."""

    extra: str
    package: str
    keys: tuple[str, ...]
    host: str | None = None


# Those that have an extra. Every other that `init_chat_model` knows works too, and says itself what it lacks.
PROVIDERS = {
    "openai": Provider(
        extra="openai", package="langchain-openai", keys=("OPENAI_API_KEY",), host="api.openai.com"
    ),
    "azure_openai": Provider(
        extra="openai",
        package="langchain-openai",
        keys=("AZURE_OPENAI_API_KEY", "AZURE_OPENAI_AD_TOKEN", "OPENAI_API_KEY"),
    ),
    "anthropic": Provider(
        extra="anthropic",
        package="langchain-anthropic",
        keys=("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_PROFILE"),
        host="api.anthropic.com",
    ),
    "google_genai": Provider(
        extra="google",
        package="langchain-google-genai",
        keys=("GOOGLE_API_KEY", "GEMINI_API_KEY", "GOOGLE_GENAI_USE_VERTEXAI"),
        host="generativelanguage.googleapis.com",
    ),
    "mistralai": Provider(
        extra="mistral", package="langchain-mistralai", keys=("MISTRAL_API_KEY",), host="api.mistral.ai"
    ),
    "groq": Provider(extra="groq", package="langchain-groq", keys=("GROQ_API_KEY",), host="api.groq.com"),
    "deepseek": Provider(
        extra="deepseek", package="langchain-deepseek", keys=("DEEPSEEK_API_KEY",), host="api.deepseek.com"
    ),
    "openrouter": Provider(
        extra="openrouter", package="langchain-openrouter", keys=("OPENROUTER_API_KEY",), host="openrouter.ai"
    ),
    "xai": Provider(extra="xai", package="langchain-xai", keys=("XAI_API_KEY",), host="api.x.ai"),
}


def open_provider(name: str, *, key: str | None, patience: float | None) -> Model:
    """The model `provider:model`. Nothing is sent yet. Raises `ModelError`: no such provider, no package, no key."""
    provider, _, model = name.partition(":")
    known = PROVIDERS.get(provider)
    if provider == "huggingface":  # LangChain would download the weights, and load them twice over
        raise ModelError(
            "models of Hugging Face need a server: start vLLM or llama.cpp, and give its address"
        )
    if known is not None:
        require(known.package, known.extra)
        if not key and not any(os.environ.get(one) for one in known.keys):
            raise ModelError(f"{provider} needs a key: set {known.keys[0]} in the environment")
    wanted: dict[str, Any] = {"api_key": key} if key else {}
    chat = _build(provider, model, wanted)
    fields = type(chat).model_fields
    profile: dict[str, Any] = dict(chat.profile or {})
    tokens = ANSWER_TOKENS
    if profile.get("reasoning_output"):
        tokens = min(THINKING_TOKENS, profile.get("max_output_tokens") or THINKING_TOKENS)
    seconds = patience or PATIENCE
    wanted |= accepted(
        fields,
        max_tokens=tokens,
        timeout=int(1000 * seconds) if provider == "openrouter" else seconds,  # that one counts milliseconds
        # One attempt in all: who asks decides about another. Google counts attempts, others those after the first.
        max_retries=1 if provider == "google_genai" else 0,
        streaming=True,
        custom_get_token_ids=estimated_tokens,
    )
    if profile.get("temperature", True):
        wanted |= accepted(fields, temperature=0)
    chat = _build(provider, model, wanted)
    address = _address(chat)
    usual = known.host if known else None
    return Model(
        chat=chat,
        name=name,
        host=elsewhere(address) if address else usual or f"the servers of {provider}",
        window=profile.get("max_input_tokens") or WINDOW,
        key=known.keys[0] if known else None,
    )


def require(package: str, extra: str) -> None:
    """Raise `ModelError` with what to install, unless the package is there."""
    if find_spec(package.replace("-", "_")) is None:
        raise ModelError(f"the package {package} is not installed: pip install 'qa[{extra}]'")


def estimated_tokens(text: str) -> list[int]:
    """As many numbers as the text may have tokens. The libraries' own counters would download a vocabulary."""
    return list(range(len(text) // 3 + 1))


def _build(provider: str, model: str, wanted: dict[str, Any]) -> BaseChatModel:
    from langchain.chat_models import init_chat_model

    try:
        chat: BaseChatModel = init_chat_model(model, model_provider=provider, **wanted)
        return chat
    except ImportError as error:
        package = (getattr(error.__cause__, "name", None) or "").partition(".")[0].replace("_", "-")
        if package.startswith("langchain"):
            reason = f"the package {package} is not installed: pip install {package}"
        else:
            reason = f"the package for {provider} cannot be imported: {error.__cause__ or error}"
        raise ModelError(reason) from None
    except Exception as error:  # each class has its own way to say that a setting is missing
        if isinstance(error, ValueError) and str(error).startswith("Unsupported provider"):
            from qa.models.names import FORMS

            raise ModelError(f"LangChain knows no provider {provider!r}: write {FORMS}") from None
        raise ModelError(
            f"{provider}:{model} cannot be opened: {scrubbed(str(error), str(wanted.get('api_key') or ''))}"
        ) from None


def _address(chat: BaseChatModel) -> str | None:
    """The address that a client of the usual kinds sends to, None if it does not say."""
    for name in ("root_client", "_client", "client"):
        client = getattr(chat, name, None)
        for one in (client, getattr(client, "_client", None), getattr(client, "_api_client", None)):
            options = getattr(one, "_http_options", None)
            for address in (getattr(one, "base_url", None), getattr(options, "base_url", None)):
                if address:
                    return str(address)
    return None
