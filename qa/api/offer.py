"""What is offered to other programs beside the page, and for what key. Imports nothing heavy."""

from __future__ import annotations

import importlib.util
import os
from dataclasses import dataclass, field, replace

from qa.api import token
from qa.api.limits import A_MINUTE
from qa.errors import SettingsError


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Whether there is OpenAI's protocol and MCP; the token that is asked for, None for none; requests a minute."""

    api: bool = False
    mcp: bool = False
    token: str | None = field(default=None, repr=False)
    made: bool = False
    a_minute: int = A_MINUTE

    @classmethod
    def of(cls, *, api: bool, mcp: bool, a_minute: int = A_MINUTE) -> Offer | None:
        """What the command line asks for, with the token of the environment; None for nothing.

        Raises `SettingsError` if a package is missing, or the token is none.
        """
        if not (api or mcp):
            return None
        if mcp:
            check_mcp("--mcp")
        return cls(api=api, mcp=mcp, token=token.given(os.environ), a_minute=a_minute)

    def guarded(self, *, loopback: bool) -> Offer:
        """The same with a token, where it is needed and there is none: anywhere but on this machine alone."""
        return self if loopback or self.token else replace(self, token=token.made(), made=True)

    def lines(self, address: str) -> list[str]:
        """What the user is told about it. A token is told once, if it was made here."""
        said = [f"OpenAI-compatible API: {address}/v1"] if self.api else []
        said += [f"MCP: {address}/mcp"] if self.mcp else []
        if self.made:
            said.append(f"Key for this run: {self.token} ({token.VARIABLE} sets one that stays)")
        return said


def check_mcp(asked: str) -> None:
    """Raises `SettingsError` unless the SDK is installed."""
    if importlib.util.find_spec("mcp") is None:
        raise SettingsError(f"{asked} needs a package that is not installed: pip install 'qa[mcp]'")
