"""From the name of a model to a model, without asking it anything: forms, keys, packages, windows, hosts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from qa.errors import ModelError
from qa.models import open_model
from qa.models.providers import PROVIDERS
from tests.models.serving import MODELS, Reply, answering, serving, spoken

FORMS = (
    "write provider:model as in openai:gpt-5.5, anthropic:claude-haiku-4-5, google_genai:gemini-2.5-flash or "
    "ollama:llama3.2; the address of a server as in http://localhost:8080/v1; or gguf:PATH"
)
ADDRESS = "write it as http://localhost:8080/v1, or http://localhost:8080/v1#model"
WRONG = {
    "": f"'' is not the name of a model: {FORMS}",
    "gpt-4o": f"'gpt-4o' is not the name of a model: {FORMS}",
    "openai:": f"'openai:' is not the name of a model: {FORMS}",
    "nobody:x": f"LangChain knows no provider 'nobody': {FORMS}",
    "tiny.gguf": "tiny.gguf is a file: write it as gguf:tiny.gguf",
    "gguf:/nowhere/tiny.gguf": "there is no file /nowhere/tiny.gguf: check the path after gguf:",
    "openai:gpt-4o": "openai needs a key: set OPENAI_API_KEY in the environment",
    "http://": f"that is not the address of a model server: {ADDRESS}",
    "http://localhost:99999/v1": f"that is not the address of a model server: {ADDRESS}",
    "http://ida:hunter2@localhost/v1": "the address of a model server takes no password and no ?: "
    "put its key in QA_MODEL_KEY",
    "http://localhost/v1?key=hunter2": "the address of a model server takes no password and no ?: "
    "put its key in QA_MODEL_KEY",
    "huggingface:x/y": "models of Hugging Face need a server: start vLLM or llama.cpp, and give its address",
}


@pytest.fixture(autouse=True)
def _no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for provider in PROVIDERS.values():
        for name in provider.keys:
            monkeypatch.delenv(name, raising=False)
    monkeypatch.delenv("QA_MODEL_KEY", raising=False)


@pytest.mark.parametrize("name", WRONG)
def test_what_is_no_model(name: str) -> None:
    with pytest.raises(ModelError) as caught:
        open_model(name)
    assert str(caught.value) == WRONG[name]


@pytest.mark.parametrize(
    ("package", "name", "remedy"),
    [
        ("langchain_openai", "openai:gpt-4o", "pip install 'qa[openai]'"),
        ("langchain_openai", "http://127.0.0.1:1/v1", "pip install 'qa[openai]'"),
        ("langchain_google_genai", "google_genai:gemini-2.5-flash", "pip install 'qa[google]'"),
        ("langchain_ollama", "ollama:llama3.2", "pip install 'qa[ollama]'"),
        ("langchain_cohere", "cohere:command", "pip install langchain-cohere"),
        ("xllamacpp", "gguf:{file}", "pip install 'qa[gguf]'"),
    ],
)
def test_a_package_that_is_not_there(package: str, name: str, remedy: str, tmp_path: Path) -> None:
    """In a process of its own in which the package cannot be found, whether it is installed or not."""
    file = tmp_path / "tiny.gguf"
    file.write_bytes(b"GGUF\x03\x00\x00\x00" + bytes(16))
    code = (
        "import sys, importlib.abc\n"
        "class Hide(importlib.abc.MetaPathFinder):\n"
        "    def find_spec(self, name, path, target=None):\n"
        f"        if name == {package!r}: raise ModuleNotFoundError('hidden', name=name)\n"
        "sys.meta_path.insert(0, Hide())\n"
        "import importlib.util\n"
        "found = importlib.util.find_spec\n"
        f"importlib.util.find_spec = lambda name, package=None: None if name == {package!r} else found(name)\n"
        "from qa.models import open_model\n"
        f"try: open_model({name.format(file=file)!r})\n"
        "except Exception as error: print(type(error).__name__, error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=True
    )
    shown = package.replace("_", "-")
    assert done.stdout.strip() == f"ModelError the package {shown} is not installed: {remedy}"


def test_openai() -> None:
    model = open_model("openai:gpt-4o-mini", key="sk-none-none")
    assert (model.name, model.host, model.window, model.key) == (
        "openai:gpt-4o-mini",
        "api.openai.com",
        128_000,
        "OPENAI_API_KEY",
    )
    assert (model.chat.temperature, model.chat.max_tokens, model.chat.max_retries) == (0, 1024, 0)  # type: ignore[attr-defined]
    assert repr(model) == (
        "Model(name='openai:gpt-4o-mini', host='api.openai.com', window=128000, key='OPENAI_API_KEY')"
    )


def test_a_model_that_thinks_takes_no_temperature_and_may_write_more() -> None:
    chat = open_model("openai:gpt-5", key="sk-none-none").chat
    assert (chat.temperature, chat.max_tokens) == (None, 8192)  # type: ignore[attr-defined]


def test_a_model_that_nobody_knows_has_a_safe_window() -> None:
    assert open_model("openai:of-tomorrow", key="sk-none-none").window == 8192


@pytest.mark.parametrize(
    ("name", "host"),
    [
        ("anthropic:claude-haiku-4-5", "api.anthropic.com"),
        ("google_genai:gemini-2.5-flash", "generativelanguage.googleapis.com"),
    ],
)
def test_where_others_send_to(name: str, host: str) -> None:
    assert open_model(name, key="none-of-yours").host == host


def test_an_address_takes_the_first_model_that_can_chat() -> None:
    listed = Reply(
        body={"data": [{"id": "text-embedding-nomic"}, {"id": "b", "max_model_len": 2048}, {"id": "c"}]}
    )
    with serving({"/v1/models": listed, "/v1/chat/completions": Reply(body=spoken("Yes"))}) as server:
        model = open_model(server.address)
        assert model.chat.invoke("?").text == "Yes"
        asked = json.loads(server.heard[-1].body)
        assert (model.name, model.host, model.window) == (server.address, None, 2048)
        assert (asked["model"], asked["temperature"], asked["max_tokens"], asked["stream"]) == (
            "b",
            0,
            1024,
            True,
        )
        assert open_model(f"{server.root}#c").window == 8192  # no one says
        with pytest.raises(ModelError) as caught:
            open_model(f"{server.address}#d")
        assert str(caught.value) == f"the server at {server.address} has no model 'd': it has b, c"


def test_an_address_without_its_version() -> None:
    with answering(Reply(body=spoken("Yes"))) as server:
        assert open_model(server.root + "/").chat.invoke("?").text == "Yes"


def test_a_server_of_another_kind() -> None:
    with serving({"*": Reply(404)}) as server, pytest.raises(ModelError) as caught:
        open_model(server.root)
    assert (
        str(caught.value) == f"what answers at {server.root} is no OpenAI-compatible model server: {ADDRESS}"
    )


def test_the_window_of_lm_studio() -> None:
    own = Reply(body={"data": [{"id": "tiny", "max_context_length": 131072, "loaded_context_length": 4096}]})
    with serving({"/v1/models": Reply(body={"data": [{"id": "tiny"}]}), "/api/v0/models": own}) as server:
        assert open_model(server.address).window == 4096


def test_no_key_but_its_own_goes_to_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-for-openai-only")
    monkeypatch.setenv("OPENAI_ORG_ID", "org-of-openai")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "proj-of-openai")
    with answering(Reply(body=spoken("Yes"))) as server:
        open_model(server.address).chat.invoke("?")
        assert "authorization" not in {name for one in server.heard for name in one.headers}
        monkeypatch.setenv("QA_MODEL_KEY", "for-this-one")
        open_model(server.address).chat.invoke("?")
        assert server.heard[-1].headers["authorization"] == "Bearer for-this-one"
        assert "openai" not in json.dumps([{**one.headers, "user-agent": ""} for one in server.heard])


@pytest.mark.parametrize("form", ["address", "ollama"])
def test_no_proxy_on_the_way_to_this_machine(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    said = {
        "model": "tiny",
        "message": {"role": "assistant", "content": "Yes"},
        "done": True,
        "done_reason": "stop",
    }
    replies = {
        "/v1/models": MODELS,
        "/v1/chat/completions": Reply(body=spoken("Yes")),
        "/api/show": Reply(body={"model_info": {"llama.context_length": 131072}}),
        "/api/chat": Reply(body=json.dumps(said) + "\n"),
    }
    with serving(replies) as server:
        monkeypatch.setenv("OLLAMA_HOST", server.root)
        model = open_model(server.address if form == "address" else "ollama:tiny")
        assert model.chat.invoke("?").text == "Yes"
        assert model.host is None
        if form == "ollama":  # else it would cut the prompt to a default of its own
            assert json.loads(server.heard[-1].body)["options"]["num_ctx"] == model.window == 8192


def test_a_model_of_the_cloud_of_ollama_is_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = Reply(body={"model_info": {"x.context_length": 2048}, "remote_host": "https://ollama.com:443"})
    with serving({"/api/show": shown}) as server:
        monkeypatch.setenv("OLLAMA_HOST", server.root)
        model = open_model("ollama:big-cloud")
    assert (model.host, model.window) == ("ollama.com", 2048)


def test_nothing_is_downloaded_to_count_tokens() -> None:
    """Asked in a process that notes each name it looks up and each address it connects to."""
    code = (
        "import sys; tried = []\n"
        "def watch(event, arguments):\n"
        "    if event == 'socket.getaddrinfo': tried.append(arguments[0])\n"
        "    if event == 'socket.connect' and isinstance(arguments[1], tuple): tried.append(arguments[1][0])\n"
        "sys.addaudithook(watch)\n"
        "from qa.models import open_model\n"
        "chat = open_model(sys.argv[1]).chat\n"
        "chat.invoke('?'); list(chat.stream('?'))\n"
        "print(chat.get_num_tokens('a' * 30), set(map(str, tried)))\n"
    )
    with answering(Reply(body=spoken("Yes"))) as server:
        words = [sys.executable, "-c", code, server.address]
        environment = {**os.environ, "TIKTOKEN_CACHE_DIR": "", "LANGSMITH_TRACING": "false"}
        done = subprocess.run(words, capture_output=True, text=True, timeout=120, check=True, env=environment)
    assert done.stdout == "11 {'127.0.0.1'}\n"


def test_importing_is_cheap() -> None:
    heavy = ("langchain", "langchain_core", "openai", "httpx", "pydantic", "xllamacpp")
    code = f"import sys, qa.models\nprint([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout == "[]\n"
