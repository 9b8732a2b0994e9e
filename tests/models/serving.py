"""A small real HTTP server on this machine, told by each test how to answer: how model servers fail, for the tests."""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Reply:
    """What the server says, an object as JSON. `cut`: the connection is reset after it. `slow`: seconds before it."""

    status: int = 200
    body: Any = ""
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False
    slow: float = 0.0


@dataclass
class Heard:
    """A request as it came in."""

    path: str
    headers: dict[str, str]
    body: str


class Server:
    """`replies` by path, "*" for all others. `heard` are the requests, in order."""

    def __init__(self, replies: dict[str, Reply]) -> None:
        self.replies = replies
        self.heard: list[Heard] = []
        ours = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                length = int(self.headers.get("Content-Length", 0))
                body = self.rfile.read(length).decode()
                ours.heard.append(Heard(self.path, {k.lower(): v for k, v in self.headers.items()}, body))
                reply = ours.replies.get(self.path) or ours.replies.get("*") or Reply(404)
                time.sleep(reply.slow)
                text = reply.body if isinstance(reply.body, str) else json.dumps(reply.body)
                data = text.encode()
                self.send_response(reply.status)
                kind = "text/event-stream" if text.startswith("data:") else "application/json"
                for name, value in {"Content-Type": kind, **reply.headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(data) + (1000 if reply.cut else 0)))
                self.end_headers()
                with suppress(OSError):  # nobody waits any more
                    self.wfile.write(data)
                    self.wfile.flush()
                if reply.cut:
                    time.sleep(0.2)  # what was sent is read before the connection is reset
                    self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    self.close_connection = True

            do_POST = do_GET  # noqa: N815

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.root = f"http://127.0.0.1:{self._server.server_port}"
        self.address = f"{self.root}/v1"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


MODELS = Reply(body={"object": "list", "data": [{"id": "tiny", "max_model_len": 4096}]})


@contextmanager
def serving(replies: dict[str, Reply]) -> Iterator[Server]:
    """A server that gives these replies, ended with the block."""
    server = Server(replies)
    try:
        yield server
    finally:
        server.close()


@contextmanager
def answering(chat: Reply) -> Iterator[Server]:
    """A server with one model, "tiny", that reads 4,096 tokens; `chat` is its answer to every question."""
    with serving({"/v1/models": MODELS, "/v1/chat/completions": chat}) as server:
        yield server


def spoken(*words: str, end: bool = True) -> str:
    """The events by which an OpenAI-compatible server streams these words."""
    events = [
        {"choices": [{"index": 0, "delta": {"content": word}, "finish_reason": None}]} for word in words
    ]
    if end:
        events.append({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
    common = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "tiny"}
    lines = [f"data: {json.dumps({**common, **event})}\n\n" for event in events]
    return "".join(lines) + ("data: [DONE]\n\n" if end else "")
