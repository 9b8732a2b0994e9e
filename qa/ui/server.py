"""Serve the tab: an address that is ours, a page that listens at once, and the library behind it.

Takes `Settings`, sources and an address; blocks until Ctrl-C. Knows nothing of what is on the page. Imports Gradio only
when the address is known to be free.
"""

from __future__ import annotations

import errno
import logging
import os
import signal
import socket
import sys
import threading
import webbrowser
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from ipaddress import IPv4Address, IPv6Address, ip_address
from tempfile import TemporaryDirectory
from types import FrameType
from typing import TypeAlias

from qa.api import Offer
from qa.errors import AddressError
from qa.settings import Settings, quieten
from qa.ui.background import Background
from qa.ui.quick import import_gradio

_FAREWELL = 5.0  # seconds that a page has to show why the library could not be opened

_Handler: TypeAlias = Callable[[int, FrameType | None], object] | signal.Handlers


def serve(
    settings: Settings,
    sources: Sequence[str],
    *,
    host: str = "127.0.0.1",
    port: int = 7860,
    open_browser: bool = True,
    offer: Offer | None = None,
    say: Callable[[str], None],
) -> None:
    """Serve the tab over the library of `settings` until Ctrl-C, and index `sources` behind it.

    Port 0 takes any free one; `offer` is what other programs may ask beside it. Raises `AddressError` before anything
    else when the address cannot be had, and at the end the `QAError` that kept the library from being opened, if one
    did.
    """
    with _bound(host, port) as listener, _private_uploads():
        quieten(os.environ)
        address = _url(host, listener.getsockname()[1])
        if offer is not None:
            offer = offer.guarded(loopback=_is_loopback(host))
        _run(
            settings,
            sources,
            listener,
            host=host,
            address=address,
            open_browser=open_browser,
            offer=offer,
            say=say,
        )


def _run(
    settings: Settings,
    sources: Sequence[str],
    listener: socket.socket,
    *,
    host: str,
    address: str,
    open_browser: bool,
    offer: Offer | None,
    say: Callable[[str], None],
) -> None:
    import_gradio()

    import uvicorn

    from qa.api.beside import put_beside
    from qa.ui.guard import LOOPBACK
    from qa.ui.page import application

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            background.start()
            say(f"qa listens on {address} (Ctrl-C stops it)")
            for line in offer.lines(address) if offer is not None else ():
                say(line)
            if open_browser and _has_screen():
                threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()

    def leave() -> None:
        ending.wait(_FAREWELL)
        server.should_exit = True

    ending = threading.Event()
    background = Background(settings, sources, page=address, on_failed=leave)
    app = application(
        background,
        hosts=LOOPBACK if _is_loopback(host) else None,
        beside=None
        if offer is None
        else partial(put_beside, behind=background, settings=settings, offer=offer),
    )
    config = uvicorn.Config(
        app, log_config=None, access_log=False, server_header=False, timeout_graceful_shutdown=1
    )
    server = Server(config)
    logging.getLogger("uvicorn.error").addFilter(_not_about_leaving)
    try:
        # `kill` ends the program as Ctrl-C does: in order.
        with _on_signal(signal.SIGTERM, signal.default_int_handler):
            server.run(sockets=[listener])
    except KeyboardInterrupt:
        pass
    finally:
        ending.set()
        # Ctrl-C pressed once more must not stop it in the middle of closing.
        with _on_signal(signal.SIGINT, signal.SIG_IGN):
            background.close()
    if background.error is not None:
        raise background.error


@contextmanager
def _bound(host: str, port: int) -> Iterator[socket.socket]:
    """A socket that holds the address from now on, so that nobody can take it while Gradio is imported."""
    if not 0 <= port <= 65535:
        raise AddressError(f"{port} is not a port: choose one from 1 to 65535 with --port")
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (socket.gaierror, UnicodeError):
        raise AddressError(f"{host!r} is not an address of this machine: try --host 127.0.0.1") from None
    family, kind, protocol, _, address = min(found, key=lambda one: one[0] != socket.AF_INET)
    with socket.socket(family, kind, protocol) as listener:
        if sys.platform != "win32":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(address)
        except OSError as error:
            raise AddressError(_why(error, host, port)) from None
        listener.listen(128)  # who comes while Gradio is imported waits a moment and is not refused
        yield listener


def _why(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} on {host} is in use, perhaps by another qa: choose another with --port"
    if error.errno == errno.EACCES:
        return f"Port {port} needs rights that this user does not have: choose one above 1023 with --port"
    return f"{host!r} is not an address of this machine: try --host 127.0.0.1"


@contextmanager
def _private_uploads() -> Iterator[None]:
    """Files that are dropped lie in a folder of this process alone, which goes when it ends."""
    with TemporaryDirectory(prefix="qa-uploads-", ignore_cleanup_errors=True) as folder:
        before = os.environ.get("GRADIO_TEMP_DIR")
        os.environ["GRADIO_TEMP_DIR"] = folder
        try:
            yield
        finally:
            if before is None:
                del os.environ["GRADIO_TEMP_DIR"]
            else:
                os.environ["GRADIO_TEMP_DIR"] = before


@contextmanager
def _on_signal(number: signal.Signals, handler: _Handler) -> Iterator[None]:
    """What a signal does for as long as the context lasts. Signals reach the main thread only."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(number, handler)
    try:
        yield
    finally:
        signal.signal(number, before)


def _is_loopback(host: str) -> bool:
    address = _ip(host)
    return host == "localhost" if address is None else address.is_loopback


def _ip(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _url(host: str, port: int) -> str:
    address = _ip(host)
    if address is not None and address.is_unspecified:
        host = "localhost"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _has_screen() -> bool:
    """Whether a browser would open in a window, and not in the terminal that the user is looking at."""
    return sys.platform in ("darwin", "win32") or bool(
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )


def _not_about_leaving(record: logging.LogRecord) -> bool:
    return "graceful shutdown exceeded" not in record.getMessage()
