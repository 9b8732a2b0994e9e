"""A real language model, in this process and behind a server of llama.cpp."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from qa.errors import ModelError
from qa.models import Model, failure, open_model, overflows, passing
from qa.models.header import trained_window
from tests.llama import RunLlama

PARIS = "What is the capital of France? Answer in one short sentence."


@pytest.fixture(scope="module")
def model(gguf_file: Path) -> Model:
    return open_model(f"gguf:{gguf_file}")


@pytest.fixture(params=["in process", "server"])
def either(request: pytest.FixtureRequest, model: Model) -> Iterator[Model]:
    """The same model, loaded here or asked over HTTP."""
    if request.param == "in process":
        yield model
    else:
        yield open_model(request.getfixturevalue("llama_server"))


def test_what_is_known_of_it(model: Model, gguf_file: Path, llama_server: str) -> None:
    assert trained_window(gguf_file) == 8192
    assert (model.name, model.host, model.window) == (f"gguf:{gguf_file}", None, 8192)
    served = open_model(llama_server)
    assert (served.name, served.host, served.window) == (llama_server, None, 4096)


def test_it_answers_the_same_each_time(either: Model) -> None:
    first = either.chat.invoke(PARIS, max_tokens=24)
    assert "Paris" in first.text
    assert either.chat.invoke(PARIS, max_tokens=24).text == first.text


def test_it_streams(either: Model) -> None:
    pieces = list(either.chat.stream(PARIS, max_tokens=24))
    assert len([piece for piece in pieces if piece.text]) > 3
    assert "".join(piece.text for piece in pieces) == either.chat.invoke(PARIS, max_tokens=24).text


def test_a_prompt_longer_than_its_window(either: Model) -> None:
    with pytest.raises(Exception, match="exceeds the available context size") as caught:
        either.chat.invoke("The quick brown fox. " * 2_000)
    assert overflows(caught.value)
    assert f"({either.window:,} tokens)" in str(failure(caught.value, either))


def test_an_answer_that_nobody_takes_stops(model: Model) -> None:
    running = threading.active_count()
    answer = model.chat.stream("Write a very long story about a king and his forty sons.")
    while not next(answer).text:
        pass
    answer.close()  # type: ignore[attr-defined]
    _wait_for_threads(running)
    assert model.chat.invoke("Say hello.", max_tokens=4).text


def test_a_prompt_that_nobody_waits_for_stops(model: Model) -> None:
    """While it is read: pieces without text come between its batches, and reading it to the end would take longer."""
    running = threading.active_count()
    answer = model.chat.stream("A quick brown fox jumps over it. " * 600)
    assert [next(answer).text for _ in range(2)] == ["", ""]
    answer.close()  # type: ignore[attr-defined]
    _wait_for_threads(running)


def _wait_for_threads(running: int) -> None:
    patience = time.monotonic() + 30
    while threading.active_count() > running and time.monotonic() < patience:
        time.sleep(0.05)
    assert threading.active_count() == running


def test_two_at_a_time(model: Model) -> None:
    alone = model.chat.invoke(PARIS, max_tokens=8).text
    said: list[str] = []
    threads = [
        threading.Thread(target=lambda: said.append(model.chat.invoke(PARIS, max_tokens=8).text))
        for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert said == [alone] * 3


@pytest.mark.skipif(sys.platform == "win32", reason="no sockets in files, no signals")
def test_it_is_quiet_listens_nowhere_and_leaves_ctrl_c_alone(gguf_file: Path) -> None:
    code = (
        "import os, signal, sys\n"
        "from qa.models import open_model\n"
        "chat = open_model(sys.argv[1]).chat\n"
        "kind, _, path = chat._server.listening_address.partition('://')\n"
        "print(kind, os.path.exists(path))\n"
        "try:\n"
        "    for piece in chat.stream('Write a long story.'):\n"
        "        if piece.text: os.kill(os.getpid(), signal.SIGINT)\n"
        "except KeyboardInterrupt:\n"
        "    print('stopped')\n"
    )
    words = [sys.executable, "-c", code, f"gguf:{gguf_file}"]
    done = subprocess.run(words, capture_output=True, text=True, timeout=120)
    assert (done.stdout, done.stderr, done.returncode) == ("unix False\nstopped\n", "", 0)


DAMAGED = {"cut in two": slice(0, 49_000_000), "cut in its head": slice(0, 2_000)}


@pytest.mark.parametrize("case", DAMAGED)
def test_a_damaged_file(case: str, gguf_file: Path, tmp_path: Path) -> None:
    path = tmp_path / "damaged.gguf"
    path.write_bytes(gguf_file.read_bytes()[DAMAGED[case]])
    with pytest.raises(ModelError) as caught:
        open_model(f"gguf:{path}")
    assert str(caught.value) == (
        f"{path} is damaged or of a kind that this llama.cpp does not know: download it again"
    )


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is not a GGUF file: get one made for llama.cpp"),
        (b"An article.", "is not a GGUF file: get one made for llama.cpp"),
        (b"GGUF", "is damaged or of a kind that this llama.cpp does not know: download it again"),
        (
            b"GGUF" + b"\xff" * 40,
            "is damaged or of a kind that this llama.cpp does not know: download it again",
        ),
    ],
)
def test_what_is_no_model(content: bytes, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "notes.gguf"
    path.write_bytes(content)
    with pytest.raises(ModelError) as caught:
        open_model(f"gguf:{path}")
    assert str(caught.value) == f"{path} {reason}"


def test_a_folder(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"is a folder: name the \.gguf file in it"):
        open_model(f"gguf:{tmp_path}")


def test_a_server_that_asks_for_a_key(run_llama: RunLlama) -> None:
    address, server = run_llama(window=512, key="for-this-server")
    with pytest.raises(ModelError) as caught:
        open_model(address, key="another-one")
    assert str(caught.value) == (
        f"the server at {address} does not accept the key, or needs one: check $QA_MODEL_KEY"
    )
    right = open_model(address, key="for-this-server")
    assert right.chat.invoke(PARIS, max_tokens=4).text
    server.kill()
    server.wait()


def test_a_server_that_is_killed_in_mid_answer(run_llama: RunLlama) -> None:
    address, server = run_llama(window=2048)
    model = open_model(address)
    answer = model.chat.stream("Write a very long story about a king and his forty sons.")
    while not next(answer).text:
        pass
    server.kill()
    with pytest.raises(Exception, match=r".") as caught:
        list(answer)
    assert str(failure(caught.value, model)) == (
        f"the connection to the server at {address} broke off: check that the model server still runs, and try again"
    )
    assert passing(caught.value) == 0.5
    with pytest.raises(Exception, match=r".") as caught:
        model.chat.invoke(PARIS)
    assert str(failure(caught.value, model)).startswith(
        f"nothing answers at {address}: start the model server"
    )
    assert passing(caught.value) is None
