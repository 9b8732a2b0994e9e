"""The browser tab. `serve` is all that the rest of the package needs; importing this imports nothing heavy."""

from qa.ui.server import serve

__all__ = ["serve"]
