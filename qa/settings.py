"""Environment and command line -> one frozen `Settings`. Importing this does nothing.

Knows the names of the environment variables and their defaults; does not know what is done with them.
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from qa.errors import SettingsError

READER = "reader"
"""The name of the built-in answerer, which quotes."""

MINILM = "all-MiniLM-L6-v2"
"""The name of the built-in embedder, whose weights come with a package."""

# Every library that would phone home or look for updates, told not to, before it is imported; whatever else the
# environment says, for tracing that somebody switched on for another program would send these articles away.
QUIET = {
    "ANONYMIZED_TELEMETRY": "False",
    "CHROMA_TELEMETRY_IMPL": "none",
    "DO_NOT_TRACK": "1",
    "GRADIO_ANALYTICS_ENABLED": "False",
    "GRADIO_MCP_SERVER": "False",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_UPDATE_CHECK": "1",
    "LANGCHAIN_TRACING_V2": "false",
    "LANGSMITH_TRACING": "false",
    "LANGSMITH_TRACING_V2": "false",
    "OTEL_SDK_DISABLED": "true",
    "TOKENIZERS_PARALLELISM": "false",
}


_TRACING = frozenset(name for name in QUIET if name.startswith(("LANG", "OTEL")))


def quieten(environment: MutableMapping[str, str]) -> None:
    """Tells every library to keep to itself, by its own variable.

    With QA_TRACING=1 what LangSmith and OpenTelemetry were told stays: somebody wants to see the chain at work.
    """
    kept = _TRACING if environment.get("QA_TRACING") == "1" else ()
    environment.update({name: value for name, value in QUIET.items() if name not in kept})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that a `Library` can be told. `store` is a folder; `chroma` the address of a Chroma server.

    `model` is what answers: the reader, or a chat model. `model_key` is the key for a model at an address; it is never
    shown.
    """

    store: Path = Path(".qa")
    chroma: str | None = None
    model: str = READER
    embedder: str = MINILM
    reader: str | None = None
    model_key: str | None = field(default=None, repr=False)

    @classmethod
    def read(cls, environment: Mapping[str, str], **given: str | Path | None) -> Settings:
        """The settings of an environment, each overruled by the keyword of its name unless that is None.

        Raises `SettingsError` when a value makes no sense.
        """
        values: dict[str, str | Path] = {}
        for name in ("store", "chroma", "model", "embedder", "reader", "model_key"):
            value = given.get(name) or environment.get(f"QA_{name.upper()}")
            if value:
                values[name] = value
        if "store" in values:
            values["store"] = _folder(values["store"])
        chroma = values.get("chroma")
        if chroma is not None:
            values["chroma"] = _server_address(str(chroma))
        return cls(**values)  # type: ignore[arg-type]  # each value has the type of its field by now


def _folder(name: str | Path) -> Path:
    try:
        return Path(name).expanduser()
    except RuntimeError:
        raise SettingsError(f"{str(name)!r} is no folder: there is no such user") from None


def _server_address(address: str) -> str:
    try:
        parts = urlsplit(address)
        right = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:  # brackets without their partner, a port that is no number
        right = False
    if not right:
        raise SettingsError(
            f"{address!r} is not the address of a Chroma server: write it as http://localhost:8000"
        )
    return address.rstrip("/")
