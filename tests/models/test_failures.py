"""What each failure of a model server is called, through real clients and a real server on this machine."""

from __future__ import annotations

import socket
import ssl
import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from qa.errors import ModelError
from qa.models import Model, failure, open_model, overflows, passing
from tests.models.serving import Reply, Server, answering, serving, spoken


def refusal(status: int, message: str, **more: Any) -> Reply:
    return Reply(status, {"error": {"message": message, **more}})


def caught(model: Model) -> tuple[str, Exception]:
    """What was streamed before it failed, and how it failed."""
    seen = ""
    try:
        for piece in model.chat.stream("where?"):
            seen += piece.text
    except Exception as error:
        return seen, error
    raise AssertionError(f"it did not fail: {seen!r}")


LATER = {"Retry-After": "7"}

# What the server says -> the sentence ({} for its address), and the seconds after which to try again.
CASES: dict[str, tuple[Reply, str, float | None]] = {
    "wrong key": (
        refusal(401, "Incorrect API key provided: sk-abc***defg.", code="invalid_api_key"),
        "the server at {} does not accept the key, or needs one: check $QA_MODEL_KEY",
        None,
    ),
    "forbidden": (
        refusal(403, "You may not"),
        "the server at {} does not allow this key to use the model that is asked for (You may not): "
        "check $QA_MODEL_KEY and what it may do",
        None,
    ),
    "no such model": (
        refusal(404, "no model tiny", code="model_not_found"),
        "the server at {} does not have the model that is asked for (no model tiny): check how it is spelled",
        None,
    ),
    "too many requests": (
        refusal(429, "Rate limit reached"),
        "the server at {} is too busy just now (HTTP 429): try again in a moment",
        2.0,
    ),
    "too many requests, with a time": (
        Reply(429, {"error": {"message": "Rate limit reached"}}, LATER),
        "the server at {} is too busy just now (HTTP 429): try again in 7 seconds",
        7.0,
    ),
    "too many requests, for long": (
        Reply(429, {"error": {"message": "Rate limit reached"}}, {"Retry-After": "700"}),
        "the server at {} is too busy just now (HTTP 429): try again in 700 seconds",
        None,
    ),
    "no credit": (
        refusal(429, "You exceeded your current quota, please check your plan.", code="insufficient_quota"),
        "the account at {} has no credit left: add some, or choose another model",
        None,
    ),
    "its own error": (
        refusal(500, "boom"),
        "the server at {} failed on its own side (HTTP 500) (boom): try again in a moment",
        1.0,
    ),
    "a gateway's page": (
        Reply(502, "<html><title>502 Bad Gateway</title></html>", {"Content-Type": "text/html"}),
        "the server at {} failed on its own side (HTTP 502): try again in a moment",
        1.0,
    ),
    "still loading": (
        refusal(503, "Loading model"),
        "the server at {} is too busy just now (HTTP 503): try again in a moment",
        2.0,
    ),
    "an error within the stream": (
        Reply(body='data: {"error": {"message": "It broke", "type": "server_error"}}\n\n'),
        "the server at {} failed on its own side (It broke): try again in a moment",
        1.0,
    ),
    "elsewhere": (
        Reply(307, "", {"Location": "https://models.example/v1/chat/completions"}),
        "the server at {} sends requests on to another address (HTTP 307): give that address instead",
        None,
    ),
    "a request that it does not understand": (
        refusal(400, "Unsupported value: 'temperature'"),
        "the server at {} refused the request (HTTP 400) (Unsupported value: 'temperature'): choose another model",
        None,
    ),
    "cut before a word": (
        Reply(cut=True),
        "the connection to the server at {} broke off: check that the model server still runs, and try again",
        0.5,
    ),
    "too slow": (
        Reply(body=spoken("x"), slow=2.5),
        "the server at {} did not answer in time: try again, or choose a smaller model",
        None,
    ),
}
ALIEN = "what answers at {} does not speak as a model server does: check the address and the port"
CASES |= {
    "a page": (Reply(body="<!doctype html><p>Hello", headers={"Content-Type": "text/html"}), ALIEN, None),
    "garbage": (Reply(body="data: {nonsense\n\n"), ALIEN, None),
    "nothing": (Reply(body=""), ALIEN, None),
}


@pytest.mark.parametrize("case", CASES)
def test_an_openai_compatible_server_fails(case: str) -> None:
    reply, sentence, wait = CASES[case]
    with answering(reply) as server:
        model = open_model(server.address, patience=1.0)
        _, error = caught(model)
        assert str(failure(error, model)) == sentence.format(server.address)
        assert passing(error) == wait
        assert not overflows(error)


TOO_LONG = [
    "request (6281 tokens) exceeds the available context size (4096 tokens), try increasing it",  # llama.cpp
    "This model's maximum context length is 4096 tokens. However, your request has 5000 input tokens.",  # vLLM
    "The decoder prompt (length 5000) is longer than the maximum model length of 4096.",  # vLLM, too
    "Your input exceeds the context window of this model. Please adjust your input and try again.",  # OpenAI
    "The number of tokens to keep from the initial prompt is greater than the context length.",  # LM Studio
]


@pytest.mark.parametrize("words", TOO_LONG)
def test_a_prompt_longer_than_the_window(words: str) -> None:
    with answering(refusal(400, words)) as server:
        model = open_model(server.address)
        _, error = caught(model)
        assert overflows(error)
        assert passing(error) is None
        assert str(failure(error, model)) == (
            f"the question and its passages are longer than {server.address} can read (4,096 tokens): "
            "choose a model with a larger window, or ask something shorter"
        )


def test_a_connection_cut_in_mid_answer() -> None:
    with answering(Reply(body=spoken("The ", "island", end=False), cut=True)) as server:
        model = open_model(server.address)
        seen, error = caught(model)
        assert seen == "The island"
        assert str(failure(error, model)).startswith(
            f"the connection to the server at {server.address} broke off"
        )


def test_the_sentence_shows_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_API_KEY", "neither-like-a-key")
    said = "key sk-proj-Abc123456789 or hunter2hunter2 or neither-like-a-key is wrong, Bearer abc.def"
    with answering(refusal(400, said)) as server:
        model = open_model(server.address, key="hunter2hunter2")
        _, error = caught(model)
        assert "(key … or … or … is wrong, Bearer …)" in str(failure(error, model))
        assert "hunter2" not in repr(model) + repr(model.chat)


def test_a_model_error_stays_as_it_is() -> None:
    error = ModelError("said already")
    model = Model(chat=None, name="x", host=None, window=1)  # type: ignore[arg-type]
    assert failure(error, model) is error


def test_nothing_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"http://127.0.0.1:{free.getsockname()[1]}/v1"
    with pytest.raises(ModelError) as caught:
        open_model(address)
    assert str(caught.value) == (
        f"nothing answers at {address}: start the model server, or check the address and your connection"
    )


def test_the_server_goes_away() -> None:
    with answering(Reply(body=spoken("x"))) as server:
        model = open_model(server.address)
    _, error = caught(model)
    assert str(failure(error, model)).startswith(
        f"nothing answers at {server.address}: start the model server"
    )
    assert passing(error) is None


def test_no_such_host() -> None:
    with pytest.raises(
        ModelError, match=r"the host of http://models\.invalid/v1 cannot be found: check the add"
    ):
        open_model("http://models.invalid/v1")


def test_something_that_speaks_no_http() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def greet() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(1000)
                connection.sendall(b"SSH-2.0-OpenSSH_9.6\r\n\r\n")

        threading.Thread(target=greet, daemon=True).start()
        with pytest.raises(
            ModelError, match="does not speak as a model server does: check the address and the po"
        ):
            open_model(f"http://127.0.0.1:{listening.getsockname()[1]}/v1")


def test_a_server_without_tls() -> None:
    with (
        serving({}) as server,
        pytest.raises(ModelError, match=r"^no safe connection to the server at https://127"),
    ):
        open_model(server.address.replace("http://", "https://"))


def test_a_certificate_that_nobody_vouches_for(tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(own_certificate(tmp_path / "own.pem"))
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def greet() -> None:
            connection, _ = listening.accept()
            with suppress(OSError), context.wrap_socket(connection, server_side=True):
                pass

        threading.Thread(target=greet, daemon=True).start()
        address = f"https://127.0.0.1:{listening.getsockname()[1]}/v1"
        with pytest.raises(ModelError) as caught:
            open_model(address)
    assert str(caught.value) == (
        f"no safe connection to the server at {address}: check its certificate, or write http:// if it has none"
    )


def own_certificate(path: Path) -> Path:
    """A key and a certificate for this machine that it signed itself, good for a day."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(
            name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(days=1)
        )
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    path.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    return path


ANTHROPIC = {
    (401, "authentication_error", "invalid x-api-key"): (
        "anthropic:claude-haiku-4-5 does not accept the key, or needs one: check $ANTHROPIC_API_KEY",
        None,
    ),
    (529, "overloaded_error", "Overloaded"): (
        "anthropic:claude-haiku-4-5 is too busy just now (HTTP 529): try again in a moment",
        2.0,
    ),
    (400, "invalid_request_error", "Your credit balance is too low to access the Anthropic API."): (
        "the account at anthropic:claude-haiku-4-5 has no credit left: add some, or choose another model",
        None,
    ),
    (400, "invalid_request_error", "prompt is too long: 210000 tokens > 200000 maximum"): (
        "the question and its passages are longer than anthropic:claude-haiku-4-5 can read (200,000 tokens): "
        "choose a model with a larger window, or ask something shorter",
        None,
    ),
}


@pytest.mark.parametrize("case", ANTHROPIC)
def test_anthropic_fails(case: tuple[int, str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("langchain_anthropic")
    status, kind, message = case
    with serving(
        {"*": Reply(status, {"type": "error", "error": {"type": kind, "message": message}})}
    ) as server:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", server.root)
        model = open_model("anthropic:claude-haiku-4-5", key="sk-ant-api03-none")
        _, error = caught(model)
    assert (str(failure(error, model)), passing(error)) == ANTHROPIC[case]
    assert overflows(error) == ("too long" in message)
    assert model.host is None  # the stand-in is on this machine


GOOGLE: dict[str, tuple[Reply, str, float | None]] = {
    "wrong key": (
        Reply(400, {"error": {"code": 400, "message": "API key not valid.", "status": "INVALID_ARGUMENT"}}),
        "google_genai:gemini-2.5-flash does not accept the key, or needs one: check $GOOGLE_API_KEY",
        None,
    ),
    "too many a minute": (
        Reply(
            429,
            {
                "error": {
                    "code": 429,
                    "message": "You exceeded your current quota.",
                    "details": [{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "17s"}],
                }
            },
        ),
        "google_genai:gemini-2.5-flash is too busy just now (HTTP 429): try again in 17 seconds",
        17.0,
    ),
    "too long": (
        Reply(
            400, {"error": {"code": 400, "message": "The input token count (1300000) exceeds the maximum."}}
        ),
        "the question and its passages are longer than google_genai:gemini-2.5-flash can read (1,048,576 tokens): "
        "choose a model with a larger window, or ask something shorter",
        None,
    ),
}


@pytest.mark.parametrize("case", GOOGLE)
def test_google_fails(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("langchain_google_genai")
    reply, sentence, wait = GOOGLE[case]
    with serving({"*": reply}) as server:
        monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", server.root)
        model = open_model("google_genai:gemini-2.5-flash", key="AIzaNone")
        _, error = caught(model)
        assert len(server.heard) == 1  # no attempts of its own
    assert (str(failure(error, model)), passing(error)) == (sentence, wait)


def test_ollama_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("langchain_ollama")
    shown = Reply(200, {"model_info": {"llama.context_length": 131072}})
    server = Server({"/api/show": shown, "/api/chat": Reply(500, {"error": "out of memory"})})
    monkeypatch.setenv("OLLAMA_HOST", server.root)
    model = open_model("ollama:tiny")
    _, error = caught(model)
    assert str(failure(error, model)).startswith(
        "ollama:tiny failed on its own side (HTTP 500) (out of memory"
    )
    server.replies["/api/show"] = Reply(404, {"error": "model 'tiny' not found"})
    with pytest.raises(ModelError, match=r"^Ollama has no model tiny: ollama pull tiny$"):
        open_model("ollama:tiny")
    server.close()
    with pytest.raises(
        ModelError, match=r"^Ollama does not answer at ollama:tiny: start it with `ollama serve`$"
    ):
        open_model("ollama:tiny")
