"""Who may use a store's folder: one process at a time, found by the next, freed by a kill."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from qa.errors import StoreBusyError, StoreError
from qa.ownership import Owner, Ownership

CHILD = """
import os, sys
from pathlib import Path
from qa.ownership import Owner, Ownership
ownership = Ownership(Path(sys.argv[1]))
assert ownership.take(doing="qa add") is None
if sys.argv[2:]:
    ownership.announce(Owner(pid=os.getpid(), doing="qa add", address=sys.argv[2], secret="s3cret", page="http://p"))
print("mine", flush=True)
sys.stdin.readline()
ownership.release()
print("released", flush=True)
"""


def owner_of(store: Path, *address: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", CHILD, str(store), *address]
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert child.stdout
    assert child.stdout.readline() == "mine\n"
    return child


def test_the_second_process_gets_the_owner_with_its_address(tmp_path: Path) -> None:
    with owner_of(tmp_path / "store", "http://127.0.0.1:1") as child:
        expected = Owner(
            pid=child.pid, doing="qa add", address="http://127.0.0.1:1", secret="s3cret", page="http://p"
        )
        ownership = Ownership(tmp_path / "store")
        assert ownership.take(doing="qa ask") == expected
        ownership.release()  # what was not taken is not given back
        assert ownership.take(doing="qa ask") == expected
        child.communicate("\n")
        assert ownership.take(doing="qa ask") is None
    ownership.release()


def test_only_this_user_can_read_the_secret(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        ownership = Ownership(tmp_path)
        ownership.take(doing="qa add")
        assert stat.S_IMODE((tmp_path / "owner.json").stat().st_mode) == 0o600
        (tmp_path / "owner.json").chmod(0o644)
        ownership.announce(Owner(pid=1, doing="qa add", secret="s3cret"))
        assert stat.S_IMODE((tmp_path / "owner.json").stat().st_mode) == 0o600
        ownership.release()
    finally:
        os.umask(before)
    assert not (tmp_path / "owner.json").exists()


def test_a_killed_owner_frees_the_store_at_once(tmp_path: Path) -> None:
    with owner_of(tmp_path, "http://127.0.0.1:1") as child:
        child.send_signal(signal.SIGKILL)
        child.wait()
    ownership = Ownership(tmp_path)
    assert ownership.take(doing="qa ask") is None
    assert '"doing": "qa ask", "address": null' in (tmp_path / "owner.json").read_text()
    ownership.release()


def test_waiting_ends_when_the_owner_does(tmp_path: Path) -> None:
    waited_for: list[Owner] = []
    with owner_of(tmp_path) as child:
        threading.Timer(0.7, lambda: print(file=child.stdin, flush=True)).start()
        ownership = Ownership(tmp_path)
        ownership.wait(doing="qa ask", seconds=30, on_wait=waited_for.append)
        assert set(waited_for) >= {Owner(pid=child.pid, doing="qa add")}
        assert len(waited_for) > 1
    ownership.release()


def test_waiting_too_long_ends_in_a_sentence(tmp_path: Path) -> None:
    with owner_of(tmp_path) as child:
        started = time.monotonic()
        with pytest.raises(
            StoreBusyError, match=rf"is in use by process {child.pid} \(qa add\): wait until it is done"
        ):
            Ownership(tmp_path).wait(doing="qa ask", seconds=0.5)
        assert time.monotonic() - started < 5
        child.communicate("\n")


@pytest.mark.parametrize("notice", ["", "{", "[]", "null", '{"pid": 1}', '{"colour": "red"}'])
def test_a_notice_that_cannot_be_read_names_nobody(tmp_path: Path, notice: str) -> None:
    first, second = Ownership(tmp_path), Ownership(tmp_path)
    first.take(doing="qa add")
    (tmp_path / "owner.json").write_text(notice)
    assert second.take(doing="qa ask") == Owner(pid=0, doing="starting or ending")
    first.release()


def test_a_folder_that_cannot_be_made_ends_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for store in (tmp_path / "file", tmp_path / "file" / "store"):
        with pytest.raises(StoreError, match=r"cannot be used as a store .*--store or QA_STORE"):
            Ownership(store).take(doing="qa add")


def test_a_notice_that_cannot_be_written_leaves_the_store_free(tmp_path: Path) -> None:
    (tmp_path / "owner.json").mkdir()
    (tmp_path / "owner.json" / "x").write_text("")
    first = Ownership(tmp_path)
    with pytest.raises(StoreError, match="cannot be used as a store"):
        first.take(doing="qa add")
    (tmp_path / "owner.json" / "x").unlink()
    (tmp_path / "owner.json").rmdir()
    ownership = Ownership(tmp_path)
    assert ownership.take(doing="qa add") is None
    ownership.release()
