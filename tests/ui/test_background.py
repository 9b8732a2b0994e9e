"""What goes on behind the page ends when the page does."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

from qa.ownership import Ownership
from qa.settings import Settings
from qa.ui.background import Background, Phase


def begun(store: Path, phase: Phase) -> Background:
    """A library in the background that has come as far as `phase`."""
    background = Background(Settings(store=store))
    background.start()
    patience = time.monotonic() + 60
    while background.status.phase != phase and time.monotonic() < patience:
        time.sleep(0.005)
    assert background.status.phase == phase
    return background


def running() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name == "qa-background"]


def test_closed_while_models_load_nothing_goes_on(tmp_path: Path) -> None:
    background = begun(tmp_path, "loading")
    background.close()
    assert running() == []
    assert background.library(60) is None  # at once: it will not come
    ownership = Ownership(tmp_path)
    assert ownership.take(doing="qa ask") is None
    ownership.release()


def test_closed_while_it_waits_for_another_process_it_waits_no_longer(tmp_path: Path) -> None:
    other = Ownership(tmp_path)
    other.take(doing="qa add")
    background = begun(tmp_path, "waiting")
    assert background.status.detail == f"Waiting for process {os.getpid()} (qa add)…"
    revision = background.status.revision
    time.sleep(0.5)
    assert background.status.revision == revision, "the page draws nothing anew while nothing changes"
    began = time.monotonic()
    background.close()
    assert time.monotonic() - began < 5
    assert running() == []
    other.release()


def test_closed_before_it_began(tmp_path: Path) -> None:
    background = Background(Settings(store=tmp_path))
    background.close()
    assert background.library(60) is None
