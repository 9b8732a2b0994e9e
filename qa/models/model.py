"""`Model`: a chat model that is ready to be asked, and what the rest needs to know of it.

Knows nothing of providers, addresses or files, and nothing of what is asked.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

WINDOW = 8_192
"""Tokens of context where nobody says how many there are, and the most that a model on this machine is given."""

ANSWER_TOKENS = 1_024
"""The most that a model may write; a model that thinks first gets `THINKING_TOKENS`, thoughts included."""

THINKING_TOKENS = 8_192

PATIENCE = 120.0
"""Seconds to wait for the next word of a model elsewhere; one on this machine may be slow to begin: `OWN_PATIENCE`."""

OWN_PATIENCE = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A chat model of LangChain. `name` is as the user gave it, without any secret.

    `host` is where the text of articles goes ("api.openai.com"), None if the model runs on this machine. `window`:
    tokens of prompt and answer together. `key` names the environment variable that its key is read from, None if it
    takes none.
    """

    chat: BaseChatModel = field(repr=False)
    name: str
    host: str | None
    window: int
    key: str | None = None


def elsewhere(address: str) -> str | None:
    """The host of an address, None if that is this machine.

    >>> elsewhere("https://api.openai.com/v1"), elsewhere("http://127.0.0.1:8080/v1")
    ('api.openai.com', None)
    """
    host = urlsplit(address).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return None
    try:
        number = ipaddress.ip_address(host)
    except ValueError:
        return host or None
    return None if number.is_loopback or number.is_unspecified else host


def accepted(fields: dict[str, Any], **wanted: Any) -> dict[str, Any]:
    """Those of the wanted settings that a class of LangChain takes, by name or by alias; `fields` are its own.

    Providers agree on most names and miss some: what one does not take is left out, since some pass what they do not
    know on to their server, which then refuses it.
    """
    taken = set(fields) | {one.alias for one in fields.values()}
    return {name: value for name, value in wanted.items() if name in taken}
