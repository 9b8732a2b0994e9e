"""What goes wrong, in the shape that OpenAI's clients read.

Takes errors of ours and of the framework, gives JSON replies. Nothing of what was sent is repeated in them, and nothing
of how this program works inside. Knows nothing of questions.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel
from starlette.responses import JSONResponse

from qa.api.source import BusyError, NotReadyError
from qa.errors import ArticleNotFoundError, ModelError, QAError, QuestionError

ErrorType = Literal[
    "invalid_request_error", "authentication_error", "permission_error", "rate_limit_error", "server_error"
]

UNEXPECTED = "Something went wrong inside qa. The terminal that runs it shows what."
_SOON = {"Retry-After": "2"}
_LONGEST_PARAM = 100


class ErrorBody(BaseModel):
    """One error. `param` is the field that is wrong, `code` says what is in a word."""

    message: str
    type: ErrorType
    param: str | None = None
    code: str | None = None


class ErrorReply(BaseModel):
    """What is sent in place of a result."""

    error: ErrorBody


class RequestError(Exception):
    """A request that cannot be fulfilled as it is."""

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        type: ErrorType = "invalid_request_error",
        param: str | None = None,
        code: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.headers = dict(headers or {})
        self.body = ErrorBody(message=message, type=type, param=param, code=code)

    def response(self) -> JSONResponse:
        """The reply."""
        return JSONResponse(
            ErrorReply(error=self.body).model_dump(), status_code=self.status, headers=self.headers
        )


def request_error(error: Exception) -> RequestError:
    """Any error as one of a request."""
    if isinstance(error, RequestError):
        return error
    if not isinstance(error, QAError):
        return RequestError(UNEXPECTED, status=500, type="server_error")
    said = sentence(str(error))
    if isinstance(error, QuestionError):
        return RequestError(said, param="messages")
    if isinstance(error, ArticleNotFoundError):
        return RequestError(said, status=404, code="not_found")
    if isinstance(error, NotReadyError):
        return RequestError(said, status=503, type="server_error", code="loading", headers=_SOON)
    if isinstance(error, BusyError):
        return RequestError(said, status=503, type="server_error", code="overloaded", headers=_SOON)
    if isinstance(error, ModelError):
        return RequestError(said, status=503, type="server_error", code="model_unavailable")
    return RequestError(said, status=500, type="server_error")


def invalid(errors: list[Any]) -> RequestError:
    """What pydantic found wrong with a request, the first of it."""
    first = errors[0] if errors else {}
    where = [str(part) for part in first.get("loc", ()) if part != "body"]
    param = ".".join(where)[:_LONGEST_PARAM] or None
    message = str(first.get("msg") or "The request is not valid").rstrip(".")
    return RequestError(f"{param}: {message}." if param else f"{message}.", param=param)


def sentence(text: str) -> str:
    """What an error says, as a sentence that stands alone."""
    first = text[:1].upper() if text.partition(" ")[0].isalpha() else text[:1]
    return f"{first}{text[1:].rstrip('.')}." if text else UNEXPECTED
