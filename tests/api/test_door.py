"""Who may ask, and how much."""

from __future__ import annotations

import asyncio
import importlib.util
import io
import json
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.types import Message

from qa.__main__ import main
from qa.api import Offer, limits, log, token
from qa.api.door import Door, Rules
from qa.api.limits import Rate, TooLargeError, TooSlowError, whole
from qa.api.metrics import Metrics
from qa.errors import SettingsError
from qa.settings import Settings
from qa.ui.background import Background
from qa.ui.page import application
from tests.api.conftest import Served

TOKEN = "sesame-sesame-sesame"


@pytest.fixture
def said() -> io.StringIO:
    """What is logged."""
    stream = io.StringIO()
    log.begin(stream)
    return stream


def behind(said: io.StringIO, **rules: object) -> TestClient:
    """A client of a small application behind a door."""

    async def echo(request: Request) -> Response:
        return PlainTextResponse(f"{len(await request.body())} bytes")

    async def fails(_request: Request) -> Response:
        raise ValueError("what stands in an article")

    app = Starlette(routes=[Route("/", echo, methods=["GET", "POST"]), Route("/fails", fails)])
    given = {"metrics": Metrics(), "rate": Rate(1_000), **rules}
    return TestClient(Door(app, Rules(**given), path="/v1"), raise_server_exceptions=False)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "header",
    [
        "",
        TOKEN,
        "Bearer",
        "Bearer ",
        f"Bearer {TOKEN}x",
        f"Bearer {TOKEN[:-1]}",
        f"Basic {TOKEN}",
        "Bearer é",
    ],
)
def test_without_the_token_nobody_is_let_in(said: io.StringIO, header: str) -> None:
    reply = behind(said, token=TOKEN).get("/", headers={"Authorization": header.encode()})
    assert reply.status_code == 401
    assert reply.headers["WWW-Authenticate"] == "Bearer"
    assert reply.json()["error"]["code"] == "invalid_api_key"


@pytest.mark.parametrize("header", [f"Bearer {TOKEN}", f"bearer  {TOKEN} "])
def test_with_the_token_everybody_is(said: io.StringIO, header: str) -> None:
    assert behind(said, token=TOKEN).get("/", headers={"Authorization": header}).text == "0 bytes"


def test_no_token_is_in_what_is_logged_or_counted(said: io.StringIO) -> None:
    metrics = Metrics()
    client = behind(said, token=TOKEN, metrics=metrics)
    client.post(f"/?key={TOKEN}", content="secret", headers={"Authorization": f"Bearer {TOKEN}"})
    client.post(f"/{TOKEN}", headers={"Authorization": f"Bearer {TOKEN}x"})
    assert TOKEN not in said.getvalue()
    assert TOKEN not in metrics.text().decode()
    first, second = (json.loads(line) for line in said.getvalue().splitlines())
    assert (first["method"], first["path"], first["status"]) == ("POST", "/v1/", 200)
    assert (second["path"], second["status"]) == ("/v1", 401)


@pytest.mark.parametrize(
    ("site", "status"), [("cross-site", 403), ("same-site", 403), ("same-origin", 200), ("none", 200)]
)
def test_another_web_page_cannot_ask(said: io.StringIO, site: str, status: int) -> None:
    assert behind(said).get("/", headers={"Sec-Fetch-Site": site}).status_code == status


def test_what_nobody_expected_is_a_sentence_and_its_place_in_the_log(said: io.StringIO) -> None:
    reply = behind(said).get("/fails")
    assert reply.status_code == 500
    assert "article" not in reply.text + said.getvalue()
    failure, request = (json.loads(line) for line in said.getvalue().splitlines())
    assert (failure["event"], failure["error"]) == ("failure", "ValueError")
    assert "test_door.py" in failure["where"][-1]
    assert failure["id"] == request["id"] == reply.headers["X-Request-ID"]


@pytest.mark.parametrize("given", ["abc-123", "a" * 64])
def test_a_request_keeps_the_id_that_it_has(said: io.StringIO, given: str) -> None:
    assert behind(said).get("/", headers={"X-Request-ID": given}).headers["X-Request-ID"] == given


@pytest.mark.parametrize("given", ["a" * 65, "a b", 'a"b', ""])
def test_what_can_be_no_id_is_replaced(said: io.StringIO, given: str) -> None:
    answered = behind(said).get("/", headers={"X-Request-ID": given}).headers["X-Request-ID"]
    assert answered != given
    assert len(answered) == 32


def test_a_large_request_is_refused_whether_it_says_so_or_not(said: io.StringIO) -> None:
    client = behind(said, largest=10)
    assert client.post("/", content=b"0123456789").text == "10 bytes"
    for content in (b"01234567890", iter([b"012345", b"67890"])):
        reply = client.post("/", content=content)
        assert (reply.status_code, reply.json()["error"]["code"]) == (413, "request_too_large")


def test_many_requests_in_a_short_time_are_refused(said: io.StringIO) -> None:
    client = behind(said, rate=Rate(2, clock=lambda: 0.0))
    assert [client.get("/").status_code for _ in range(3)] == [200, 200, 429]
    assert client.get("/").headers["Retry-After"] == "30"


def test_each_client_has_a_rate_of_its_own_that_comes_back() -> None:
    now = 0.0
    rate = Rate(60, clock=lambda: now)
    assert [rate.wait("a") for _ in range(61)] == [0.0] * 60 + [1.0]
    assert rate.wait("b") == 0.0
    now = 1.5
    assert rate.wait("a") == 0.0
    assert rate.wait("a") == pytest.approx(0.5)
    now = 1000.0
    assert [rate.wait("a") for _ in range(61)] == [0.0] * 60 + [1.0]


def test_the_memory_of_clients_has_an_end() -> None:
    rate = Rate(1, clock=lambda: 0.0)
    for number in range(10_001):
        rate.wait(str(number))
    assert rate.wait("1") > 0
    assert rate.wait("0") == 0


def received(*parts: Message) -> object:
    given = list(parts)

    async def receive() -> Message:
        if given:
            return given.pop(0)
        await asyncio.sleep(3600)
        raise AssertionError

    return receive


def test_a_request_is_read_once_and_received_again() -> None:
    parts: list[Message] = [
        {"type": "http.request", "body": b"ab", "more_body": True},
        {"type": "http.request", "body": b"c", "more_body": False},
        {"type": "http.disconnect"},
    ]

    async def read() -> list[Message]:
        again = await whole(received(*parts), announced="3", largest=3)  # type: ignore[arg-type]
        return [await again() for _ in parts]

    assert asyncio.run(read()) == parts


@pytest.mark.parametrize("announced", ["4", "99999999999999999999999"])
def test_a_request_that_says_how_large_it_is_is_not_read(announced: str) -> None:
    with pytest.raises(TooLargeError):
        asyncio.run(whole(received(), announced=announced, largest=3))  # type: ignore[arg-type]


def test_a_request_that_does_not_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SENDING_SECONDS", 0.01)
    with pytest.raises(TooSlowError):
        asyncio.run(whole(received(), announced=None))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "short", ["short", "with blanks in the middle", "não-é-ascii-não-é-ascii", "tab\ttab\ttab\ttab"]
)
def test_a_token_that_can_be_guessed_or_not_sent(short: str) -> None:
    with pytest.raises(SettingsError, match="openssl rand -hex 24"):
        token.given({"QA_API_TOKEN": short})


def test_off_this_machine_there_is_a_token_whatever_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("QA_API_TOKEN", raising=False)
    assert Offer.of(api=False, mcp=False) is None
    offer = Offer.of(api=True, mcp=True)
    assert offer is not None
    here, elsewhere = offer.guarded(loopback=True), offer.guarded(loopback=False)
    assert here.token is None
    assert here.lines("http://x") == ["OpenAI-compatible API: http://x/v1", "MCP: http://x/mcp"]
    assert len(elsewhere.token or "") == 43
    assert elsewhere.lines("http://x")[-1] == (
        f"Key for this run: {elsewhere.token} (QA_API_TOKEN sets one that stays)"
    )
    assert elsewhere.token not in repr(elsewhere)
    monkeypatch.setenv("QA_API_TOKEN", TOKEN)
    set_by_user = Offer.of(api=True, mcp=False)
    assert set_by_user is not None
    assert set_by_user.guarded(loopback=False).token == TOKEN
    assert TOKEN not in " ".join(set_by_user.lines("http://x"))


@pytest.mark.parametrize("words", [["chat", "--mcp"], ["mcp"]])
def test_a_package_that_is_missing_is_named_before_anything_is_opened(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert main(["--store", str(tmp_path / "store"), *words]) == 2
    assert capsys.readouterr().err.endswith("needs a package that is not installed: pip install 'qa[mcp]'\n")
    assert not (tmp_path / "store" / "chroma").exists()


def test_a_token_that_is_none_is_said_before_anything_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("QA_API_TOKEN", "short")
    assert main(["--store", str(tmp_path / "store"), "chat", "--api"]) == 2
    assert "QA_API_TOKEN must have 16 letters or digits at least" in capsys.readouterr().err


@pytest.mark.parametrize("rate", ["0", "-1", "many", "1000001"])
def test_a_rate_that_is_none(rate: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["chat", "--api", "--rate", rate])
    assert caught.value.code == 2
    assert "is not a number from 1 to 1,000,000" in capsys.readouterr().err


def test_another_web_page_or_name_cannot_reach_the_server(server: Served) -> None:
    address = f"{server.address}/v1/chat/completions"
    body = {"model": "qa", "messages": [{"role": "user", "content": "hello"}]}
    for headers in (
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Host": "evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
    ):
        assert httpx.post(address, json=body, headers=headers).status_code == 403
    asked = {"Origin": "http://evil.example", "Access-Control-Request-Method": "POST"}
    assert httpx.options(address, headers=asked).status_code == 403
    # What a form of another page can send without asking first is no request.
    assert (
        httpx.post(address, content=json.dumps(body), headers={"Content-Type": "text/plain"}).status_code
        == 400
    )
    assert "access-control-allow-origin" not in httpx.get(f"{server.address}/v1/models").headers


def test_without_being_asked_for_there_is_none_of_it(tmp_path: Path) -> None:
    app = application(Background(Settings(store=tmp_path)))
    paths = {getattr(route, "path", "") for route in app.routes}
    assert paths.isdisjoint({"/v1", "/mcp", "/metrics", "/health"})
