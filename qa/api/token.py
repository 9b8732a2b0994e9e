"""The bearer token that a request must show: made, or taken from the environment, and compared in constant time.

Knows nothing of HTTP but what a header looks like.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping

from qa.errors import SettingsError

VARIABLE = "QA_API_TOKEN"
_SHORTEST = 16


def given(environment: Mapping[str, str]) -> str | None:
    """The token of the environment. Raises `SettingsError` if it is one that could be guessed, or not be sent."""
    token = environment.get(VARIABLE, "").strip()
    if not token:
        return None
    if len(token) < _SHORTEST or not token.isascii() or not token.isprintable() or " " in token:
        raise SettingsError(
            f"{VARIABLE} must have {_SHORTEST} letters or digits at least, and no blanks: "
            f"`openssl rand -hex 24` makes one"
        )
    return token


def made() -> str:
    """A new token that nobody can guess."""
    return secrets.token_urlsafe(32)


def shown(header: str, token: str) -> bool:
    """Whether an Authorization header shows the token. Takes as long for a token that is nearly right as for any."""
    scheme, _, value = header.partition(" ")
    same = hmac.compare_digest(value.strip().encode("utf-8", "surrogateescape"), token.encode())
    return same and scheme.lower() == "bearer"
