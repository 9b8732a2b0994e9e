"""An exception of any provider's client -> what happened, as a sentence with a remedy; and whether to try again.

The clients share no classes, so what counts is what their exceptions tell: the HTTP status, the headers, the words, and
the names of the classes in the chain of causes. Knows nothing of any client, and imports none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from qa.errors import ModelError, ModelServerError
from qa.models.model import Model
from qa.models.secrets import scrubbed

LONGEST_WAIT = 30.0
"""Seconds. A server that asks for more is not waited for: asking it sooner would only fail again."""

_OVERFLOW = re.compile(
    r"context[ _-]?(length|size|window)[^.]{0,40}(exceed|is|of)|exceed[^.]{0,40}context"
    r"|prompt is too long|input is too long|too many (input )?tokens|(maximum|max) (context|input|sequence) length"
    r"|longer than the maximum model length|greater than the context length"
    r"|input token count[^.]{0,40}exceeds|reduce the length of|larger than the (maximum|model's) context",
    re.IGNORECASE,
)
_NO_CREDIT = re.compile(
    r"insufficient_quota|exceeded your current quota|credit balance|billing|payment", re.IGNORECASE
)
_CUT = re.compile(
    r"disconnected|peer closed|incomplete|reset by peer|broken pipe|connection aborted", re.IGNORECASE
)
_UNTRUSTED = re.compile(r"ssl|certificate|tls", re.IGNORECASE)
_UNKNOWN_HOST = re.compile(
    r"name or service not known|name resolution|nodename nor servname|getaddrinfo|no address associated",
    re.IGNORECASE,
)


def failure(error: BaseException, model: Model) -> ModelError:
    """What happened and what to do, in one sentence without any key. A `ModelError` is given back as it is."""
    if isinstance(error, ModelError):
        return error
    return ModelServerError(_sentence(_Facts.of(error), model))


def passing(error: BaseException) -> float | None:
    """Seconds after which trying again may help, None if it will not.

    Too many requests, an error of the server's own, a connection that was cut: a second attempt is worth it where
    nothing of the answer was shown yet.
    """
    facts = _Facts.of(error)
    if facts.kind in ("cut", "busy", "broken"):
        wait = facts.wait if facts.wait is not None else {"cut": 0.5, "busy": 2.0, "broken": 1.0}[facts.kind]
        return wait if wait <= LONGEST_WAIT else None
    return None


def overflows(error: BaseException) -> bool:
    """Whether the prompt was longer than the model reads, in any provider's words."""
    return _Facts.of(error).kind == "overflow"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Facts:
    """What an exception tells: its `kind`, the words of the server, seconds to wait where it says how many."""

    kind: str
    status: int | None
    text: str
    wait: float | None

    @classmethod
    def of(cls, error: BaseException) -> _Facts:
        chain = list(_chain(error))
        status = next((code for one in chain if (code := _status(one))), None)
        headers = next((found for one in chain if (found := _headers(one))), {})
        names = {kind.__name__ for one in chain for kind in type(one).__mro__}
        text = " ".join(f"{one} {_body(one)}" for one in chain)
        kind = _kind(status, names, text)
        return cls(kind=kind, status=status, text=_words(chain), wait=_wait(headers, text))


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    one: BaseException | None = error
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        yield one
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)


def _kind(status: int | None, names: set[str], text: str) -> str:
    """One word for what happened; the names of classes are those of openai, anthropic, httpx, requests and Python."""
    if "ContextOverflowError" in names or (status in (None, 400, 413, 422, 500) and _OVERFLOW.search(text)):
        return "overflow"
    if status is not None:
        # Google speaks of a quota, too, when it means one a minute; then it says how long to wait.
        if status == 402 or (
            status in (400, 403, 429) and _NO_CREDIT.search(text) and "retryDelay" not in text
        ):
            return "credit"
        if status == 400 and re.search(r"api.?key", text, re.IGNORECASE):  # Google's way to say 401
            return "key"
        kinds = {401: "key", 403: "forbidden", 404: "missing", 408: "broken", 409: "busy", 413: "overflow"}
        kinds |= {429: "busy", 503: "busy", 529: "busy", 504: "timeout"}
        return kinds.get(status, "broken" if status >= 500 else "moved" if 300 <= status < 400 else "refused")
    if _UNKNOWN_HOST.search(text) or "gaierror" in names:
        return "unknown"
    if "SSLError" in names or (names & {"ConnectError"} and _UNTRUSTED.search(text)):
        return "untrusted"
    if "ProxyError" in names:
        return "proxy"
    if names & {"RemoteProtocolError", "ProtocolError"} and not _CUT.search(text):
        return "alien"
    if "ConnectTimeout" in names or names & {"ConnectError", "ConnectionRefusedError", "NewConnectionError"}:
        return "down"
    if names & {"TimeoutError", "TimeoutException", "APITimeoutError", "Timeout", "StreamChunkTimeoutError"}:
        return "timeout"
    if names & {"ReadError", "WriteError", "RemoteProtocolError", "ConnectionResetError", "IncompleteRead"}:
        return "cut"
    if "overloaded" in text.lower():
        return "busy"
    if re.search(
        r"server_error|internal_error|api_error", text
    ):  # said within a stream, where there is no status
        return "broken"
    if names & {"ConnectionError", "APIConnectionError"}:
        return "down"
    if names & {"JSONDecodeError", "UnicodeDecodeError", "DecodingError", "APIResponseValidationError"}:
        return "alien"
    if "No generation" in text or names & {"AttributeError", "TypeError", "KeyError"}:
        return "alien"
    return "other"


def _sentence(facts: _Facts, model: Model) -> str:
    address, _, chosen = model.name.partition("#")
    place = address if "://" in address else model.host or model.name
    where = f"the server at {place}" if "://" in address else place
    which = (
        f"the model {chosen or address}" if chosen or "://" not in address else "the model that is asked for"
    )
    failed = f" (HTTP {facts.status})" if facts.status else ""
    words = scrubbed(facts.text, *_keys(model))
    said = f" ({words})" if words else ""
    key = f"check ${model.key}" if model.key else "check its key"
    wait = f"in {facts.wait:.0f} seconds" if facts.wait else "in a moment"
    if model.name.startswith("ollama:") and facts.kind == "down":
        return f"Ollama does not answer at {where}: start it with `ollama serve`"
    sentences = {
        "overflow": f"the question and its passages are longer than {model.name} can read"
        f" ({model.window:,} tokens): choose a model with a larger window, or ask something shorter",
        "key": f"{where} does not accept the key, or needs one: {key}",
        "credit": f"the account at {place} has no credit left: add some, or choose another model",
        "forbidden": f"{where} does not allow this key to use {which}{said}: {key} and what it may do",
        "missing": f"{where} does not have {which}{said}: check how it is spelled",
        "busy": f"{where} is too busy just now{failed}: try again {wait}",
        "broken": f"{where} failed on its own side{failed}{said}: try again {wait}",
        "moved": f"{where} sends requests on to another address{failed}: give that address instead",
        "refused": f"{where} refused the request{failed}{said}: choose another model",
        "unknown": f"the host of {place} cannot be found: check the address and your connection",
        "untrusted": f"no safe connection to {where}: check its certificate, or write http:// if it has none",
        "proxy": f"the proxy on the way to {where} does not answer: check $HTTPS_PROXY and $NO_PROXY",
        "alien": f"what answers at {place} does not speak as a model server does: check the address and the port",
        "down": f"nothing answers at {place}: start the model server, or check the address and your connection"
        if "://" in address
        else f"{place} does not answer: check your connection",
        "timeout": f"{where} did not answer in time: try again, or choose a smaller model",
        "cut": f"the connection to {where} broke off: check that the model server still runs, and try again",
    }
    return sentences.get(facts.kind) or f"{model.name} failed{said}: try again, or choose another model"


def _status(error: BaseException) -> int | None:
    response = getattr(error, "response", None)
    values = [
        getattr(error, "status_code", None),
        getattr(response, "status_code", None),
        getattr(error, "code", None),
    ]
    body = _body(error)
    inner = body.get("error", body)
    values += [inner.get("code"), inner.get("status")] if isinstance(inner, Mapping) else []
    for value in values:
        if isinstance(value, int | str) and str(value).isdigit() and 300 <= int(value) < 600:
            return int(value)
    return None


def _headers(error: BaseException) -> Mapping[str, str]:
    response = getattr(error, "response", None)
    return getattr(response, "headers", None) or {}


def _body(error: BaseException) -> Mapping[str, Any]:
    body = getattr(error, "body", None)
    return body if isinstance(body, Mapping) else {}


def _words(chain: list[BaseException]) -> str:
    """What the server says of it: the message in the body if there is one, else the text of the first exception."""
    for one in chain:
        inner = _body(one).get("error", _body(one))
        message = inner.get("message") if isinstance(inner, Mapping) else inner
        if isinstance(message, str) and message:
            return message
    text = str(chain[0])
    return (
        ""
        if re.match(r"Error code: \d+$", text) or re.search(r"<html|<!doctype", text, re.IGNORECASE)
        else text
    )


def _wait(headers: Mapping[str, str], text: str) -> float | None:
    """Seconds that the server asks to be left alone, from Retry-After or Google's retryDelay; a date is not read."""
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        try:
            return max(0.0, float(headers[name]) * unit)
        except (KeyError, ValueError):
            continue
    delay = re.search(r"retryDelay\W+(\d+(?:\.\d+)?)s", text)
    return float(delay.group(1)) if delay else None


def _keys(model: Model) -> list[str]:
    """The keys that the chat model holds, to be taken out of whatever is shown."""
    held = (getattr(value, "get_secret_value", None) for _, value in _fields(model.chat))
    return [str(read()) for read in held if read is not None]


def _fields(chat: object) -> Iterator[tuple[str, Any]]:
    for name in getattr(type(chat), "model_fields", {}):
        yield name, getattr(chat, name, None)
