"""Values -> text that a browser can keep and only this library can read again.

A browser keeps what it is given under the address of the page, and every program that is ever served at that address
can read it there, so it is sealed: encrypted and signed (Fernet: AES and HMAC) with a key that lies beside the store.
Takes and gives JSON; knows nothing of conversations or browsers.
"""

from __future__ import annotations

import json
import logging
import os
import zlib
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, InvalidToken

from qa.settings import Settings

log = logging.getLogger(__name__)


class Seal:
    """Closes values and opens them, with the key in the file `path`; made with the first need of it.

    Where the file cannot be had the key lasts as long as this object, and so does all that is closed with it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    @cached_property
    def scope(self) -> str:
        """A short name of the key, which says nothing of it: what one key closed another cannot open."""
        return sha256(b"scope of " + self._key).hexdigest()[:12]

    def close(self, value: Any) -> str:
        """A JSON value as text."""
        packed = zlib.compress(json.dumps(value, separators=(",", ":")).encode("utf-8"))
        return self._fernet.encrypt(packed).decode("ascii")

    def open(self, closed: object) -> Any | None:
        """The value, or None if the text was not closed with this key or has been changed since."""
        if not isinstance(closed, str):
            return None
        try:
            return json.loads(zlib.decompress(self._fernet.decrypt(closed.encode("utf-8", "replace"))))
        except InvalidToken:
            return None

    @cached_property
    def _fernet(self) -> Fernet:
        return Fernet(self._key)

    @cached_property
    def _key(self) -> bytes:
        try:
            return _key_in(self._path)
        except (OSError, ValueError) as error:
            log.info("conversations are kept until qa ends: no key in %s (%s)", self._path, error)
            return Fernet.generate_key()


def seal_of(settings: Settings) -> Seal:
    """The seal of a library. One on a Chroma server has its key in the local folder, too, a file for each server."""
    server = "" if settings.chroma is None else f"-{sha256(settings.chroma.encode()).hexdigest()[:8]}"
    return Seal(settings.store / f"conversations{server}.key")


def _key_in(path: Path) -> bytes:
    """The key in a file that only this user can read; a new one where there is no such file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        key = path.read_bytes().strip()
        Fernet(key)  # a ValueError if it is none
        return key
    key = Fernet.generate_key()
    with os.fdopen(descriptor, "wb") as file:
        file.write(key)
    return key
