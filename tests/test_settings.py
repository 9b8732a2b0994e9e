"""Environment and command line -> settings."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa import SettingsError
from qa.settings import MINILM, READER, Settings, quieten


def test_defaults() -> None:
    assert Settings.read({}) == Settings()
    assert Settings() == Settings(store=Path(".qa"), chroma=None, model=READER, embedder=MINILM)


def test_the_environment() -> None:
    environment = {
        "QA_STORE": "~/news",
        "QA_CHROMA": "https://chroma.example:8000/",
        "QA_MODEL": "m",
        "QA_EMBEDDER": "e",
        "STORE": "x",
    }
    assert Settings.read(environment) == Settings(
        store=Path.home() / "news", chroma="https://chroma.example:8000", model="m", embedder="e"
    )


def test_the_command_line_overrules_it() -> None:
    environment = {"QA_STORE": "news", "QA_MODEL": "m"}
    assert Settings.read(environment, store=Path("other"), model=None) == Settings(
        store=Path("other"), model="m"
    )


def test_an_empty_variable_is_none() -> None:
    assert Settings.read({"QA_STORE": "", "QA_CHROMA": "", "QA_MODEL": "", "QA_EMBEDDER": ""}) == Settings()


@pytest.mark.parametrize(
    "address",
    [
        "localhost:8000",
        "8000",
        "ftp://host",
        "http://",
        "http://[::1",
        "http://h:x",
        "http://h:99999",
        "http://h:0",
    ],
)
def test_no_address_of_a_server(address: str) -> None:
    with pytest.raises(SettingsError, match="write it as http://localhost:8000"):
        Settings.read({}, chroma=address)


def test_no_such_user() -> None:
    with pytest.raises(SettingsError, match="there is no such user"):
        Settings.read({"QA_STORE": "~no-such-user-here/news"})


def test_nothing_can_be_changed_afterwards() -> None:
    with pytest.raises(AttributeError):
        Settings().model = "other"  # type: ignore[misc]


def test_tracing_for_other_programs_is_off_and_for_this_one_on_request() -> None:
    traced = {"LANGSMITH_TRACING": "true", "OTEL_SDK_DISABLED": "false", "DO_NOT_TRACK": "0"}
    quiet = dict(traced)
    quieten(quiet)
    assert (quiet["LANGSMITH_TRACING"], quiet["OTEL_SDK_DISABLED"], quiet["DO_NOT_TRACK"]) == (
        "false",
        "true",
        "1",
    )
    wanted = traced | {"QA_TRACING": "1"}
    quieten(wanted)
    assert wanted["LANGSMITH_TRACING"] == "true"
    assert wanted["OTEL_SDK_DISABLED"] == "false"
    assert wanted["DO_NOT_TRACK"] == "1"
