"""The routes of OpenAI's protocol, as an application to be mounted at /v1.

Takes what answers and what embeds; gives an ASGI application with a schema at /openapi.json. Every error has OpenAI's
shape. Knows nothing of who may ask: see `door`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, TypeVar

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response, StreamingResponse

from qa import __version__
from qa.api.metrics import Metrics
from qa.api.openai import embeddings, wire
from qa.api.openai.chat import Chat
from qa.api.openai.failures import ErrorReply, RequestError, invalid, request_error
from qa.api.openai.names import Names
from qa.api.work import Work
from qa.errors import QAError
from qa.settings import Settings

Result = TypeVar("Result")

_ERRORS: dict[int | str, dict[str, Any]] = {
    "4XX": {"model": ErrorReply, "description": "The request cannot be fulfilled as it is"},
    "5XX": {"model": ErrorReply, "description": "It cannot be fulfilled now"},
}
_EVENTS = {
    "text/event-stream": {
        "schema": {"type": "string", "description": "With `stream`: chat.completion.chunk, one a line"}
    }
}
_LEFT = 499
"""The status of a request whose client has gone: nobody sees it but the log."""


def application(settings: Settings, work: Work, metrics: Metrics) -> FastAPI:
    """The application."""
    names = Names(settings)
    chat = Chat(work=work, names=names, metrics=metrics)
    app = FastAPI(
        title="qa",
        version=__version__,
        description="Answers from your articles, by OpenAI's protocol.",
        docs_url=None,
        redoc_url=None,
        root_path_in_servers=False,
        servers=[{"url": "/v1"}],
        responses=_ERRORS,
    )

    @app.get("/models", summary="The models")
    async def models() -> wire.ModelList:
        return names.all()

    @app.get("/models/{model:path}", summary="One model")
    async def model(model: str) -> wire.ModelInfo:
        return names.model(model)

    @app.post(
        "/chat/completions",
        summary="Answer the last message",
        response_model=wire.ChatCompletion,
        responses={200: {"content": _EVENTS}},
    )
    async def complete(asked: wire.ChatRequest, request: Request) -> Any:
        begun = chat.begin(asked)
        if asked.stream:
            events = await _while_there(request, chat.stream(begun))
            return StreamingResponse(
                events, media_type="text/event-stream", headers={"Cache-Control": "no-store"}
            )
        return await _while_there(request, chat.complete(begun))

    @app.post("/embeddings", summary="Embed texts")
    async def embed(asked: wire.EmbeddingsRequest, request: Request) -> wire.EmbeddingList:
        return await _while_there(request, embeddings.embed(asked, work, names))

    _handle_errors(app)
    return app


async def _while_there(request: Request, work: Coroutine[Any, Any, Result]) -> Result:
    """What `work` gives, unless the client goes before: then the work is stopped."""
    task = asyncio.create_task(work)
    gone = asyncio.create_task(_gone(request))
    try:
        await asyncio.wait((task, gone), return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise ClientDisconnect
        return task.result()
    finally:
        for one in (task, gone):
            one.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await one


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _handle_errors(app: FastAPI) -> None:
    @app.exception_handler(RequestValidationError)
    async def wrong(_request: Request, error: Exception) -> Response:
        found = error.errors() if isinstance(error, RequestValidationError) else []
        return invalid(list(found)).response()

    @app.exception_handler(HTTPException)
    async def refused(_request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        headers = error.headers if isinstance(error, HTTPException) else None
        said = {404: "There is nothing here: see /v1/openapi.json.", 405: "This cannot be asked in this way."}
        message = said.get(status, "The request cannot be read.")
        return RequestError(message, status=status, headers=headers).response()

    @app.exception_handler(ClientDisconnect)
    async def left(_request: Request, _error: Exception) -> Response:
        return Response(status_code=_LEFT)

    async def failed(_request: Request, error: Exception) -> JSONResponse:
        return request_error(error).response()

    for kind in (RequestError, QAError, Exception):
        app.add_exception_handler(kind, failed)
