"""Text that a stranger wrote, an error message of a provider say -> the same without keys, and short."""

from __future__ import annotations

import os
import re

_LENGTH = 240

# Keys as the providers write them, whole or with stars in the middle, and whatever follows the words that announce one.
_KEYS = re.compile(
    r"""(?xi)
    \b(?:sk|pk|rk|gsk|xai|hf|nvapi|pplx|tgp|fw|lsv2|key)[-_][\w*.…-]{6,}
    | \bAIza[\w*.…-]{6,}
    | (?<=bearer\s)[^\s"',;]+
    | (?<=api\skey\sprovided:\s)[^\s"',;]+
    | (?<=[?&]key=)[^\s"'&]+
    | (?<=://)[^/\s@]+(?=@)
    | \b[\w-]*\*{3,}[\w-]*
    """
)
_NAMES = re.compile(r"(_KEY|_TOKEN|_SECRET|PASSWORD)$")


def scrubbed(text: str, *known: str) -> str:
    """The first 240 characters, on one line, with … for keys: what looks like one, is known, or in the environment.

    >>> scrubbed("Incorrect API key provided: sk-abc***xyz. Get one.")
    'Incorrect API key provided: … Get one.'
    """
    held = [value for name, value in os.environ.items() if _NAMES.search(name)]
    for key in sorted({*known, *held}, key=len, reverse=True):
        if len(key) >= 6:
            text = text.replace(key, "…")
    text = " ".join(_KEYS.sub("…", text).split())
    return text if len(text) <= _LENGTH else f"{text[: _LENGTH - 1]}…"
