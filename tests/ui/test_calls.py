"""What the scripts may call, without a browser: over a real library, with what a page sends and what it never would."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("gradio")
from fastapi import HTTPException
from gradio.utils import get_upload_folder

from qa.settings import Settings
from qa.ui.asking import Asking
from qa.ui.background import Background
from qa.ui.calls import Call, calls
from qa.ui.keeping import Keeper
from qa.ui.seal import seal_of

TEXT = "Comet over Oslo\n\nOSLO, 3 May 2021: A comet was seen over Oslo by 3,000 people."


@pytest.fixture
def background(tmp_path: Path) -> Iterator[Background]:
    """A library with one folder as its source, ready."""
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "ferry.md").write_text(
        "# Ferry aground\n\nMARSTAL, 3 March 2022: A ferry ran aground.", "utf-8"
    )
    (folder / "empty.txt").write_text("")
    background = Background(Settings(store=tmp_path / "store"), [str(folder)])
    background.start()
    ready(background)
    yield background
    background.close()


def ready(background: Background) -> None:
    patience = time.monotonic() + 60
    while background.status.phase != "ready" and time.monotonic() < patience:
        time.sleep(0.02)
    assert background.status.phase == "ready"


def closed(folder: Path) -> Background:
    """One that has not begun, for what is refused before."""
    return Background(Settings(store=folder))


def named(background: Background) -> dict[str, Call]:
    keeper = Keeper(seal_of(background.settings))
    return {call.__name__: call for call in calls(background, Asking(background, keeper), keeper)}


def paste(background: Background, **fields: str) -> dict[str, Any]:
    return named(background)["paste"]({"name": "Comet", "text": TEXT, **fields})


def test_status_gives_what_the_page_has_not_seen(background: Background) -> None:
    status = named(background)["status"]
    asked = {"limit": 10, "seen": None, "wanted": {}}
    first = status(asked)
    assert first["tally"] == "<span>1 article</span>"
    assert "Ferry aground" in first["shelf"]
    assert status({**asked, "seen": first["seen"]}) == {}

    other = status({**asked, "seen": first["seen"], "wanted": {"text": "comet"}})
    assert other["tally"] == "<span>0 of 1 article</span>"
    assert "Ferry aground" not in other["shelf"]

    background._change(detail="a file")  # something that the list does not show
    third = status({**asked, "seen": first["seen"]})
    assert third["seen"] != first["seen"]
    assert {"shelf", "tally", "sources"}.isdisjoint(third)

    paste(background)
    background.refresh()
    assert status({**asked, "seen": third["seen"]})["tally"] == "<span>2 articles</span>"


@pytest.mark.parametrize(
    "wanted",
    [
        "text",
        {"text": 5},
        {"source": ["A"]},
        {"since": "spring"},
        {"until": "2021-13-01"},
        {"sort": "random"},
    ],
)
def test_what_no_page_sends_is_refused(tmp_path: Path, wanted: object) -> None:
    with pytest.raises(HTTPException) as refusal:
        named(closed(tmp_path))["status"]({"limit": 10, "wanted": wanted})
    assert refusal.value.status_code == 400


def test_pasted_text_is_an_article_and_the_same_text_the_same_one(background: Background) -> None:
    library = background.library(0)
    assert library is not None
    answer = paste(background)
    assert answer == {
        "state": "added",
        "html": '<span class="name" dir="auto">Comet</span><span class="done">added</span>',
    }
    (info,) = [one for one in library.articles() if one.id.startswith("pasted-")]
    assert (info.title, info.source, info.published) == ("Comet over Oslo", None, "2021-05-03")
    assert library.article(info.id).text == TEXT

    assert paste(background, text=f"\n{TEXT} \n")["state"] == "there"
    assert paste(background, title="Another", source="Wire", published="2020-01-02")["state"] == "added"
    (info,) = [one for one in library.articles() if one.id.startswith("pasted-")]
    assert (info.title, info.source, info.published) == ("Another", "Wire", "2020-01-02")
    assert paste(background, text="Another text.")["state"] == "added"
    assert len(library.articles()) == 3


def test_pasted_text_that_is_none(background: Background) -> None:
    blank = "its &quot;text&quot; is blank"
    no_date = (
        "&quot;published&quot; is no date: write &quot;2019-04-24&quot; or "
        "&quot;2019-04-24T18:30:00+10:00&quot;, not &quot;soon&quot;"
    )
    half = "the text has half a surrogate pair in it, which no file can store: write the character whole"
    for fields, reason in (
        ({"text": " \n "}, blank),
        ({"published": "soon"}, no_date),
        ({"text": "half \ud800 a pair"}, half),
    ):
        assert paste(background, **fields) == {
            "state": "failed",
            "html": f'<span class="name" dir="auto">Comet</span><span class="reason" dir="auto">{reason}</span>',
        }


def test_what_failed_can_be_read_again_when_it_is_mended(background: Background, tmp_path: Path) -> None:
    (failure,) = background.status.failures
    assert failure.reason == "the file is empty"
    (tmp_path / "articles" / "empty.txt").write_text("No more empty\n\nThere is text now.", "utf-8")
    listing = background.status.listing
    assert named(background)["reread"]({}) == {}
    patience = time.monotonic() + 30
    while background.status.failures and time.monotonic() < patience:
        time.sleep(0.02)
    ready(background)
    assert background.status.failures == ()
    assert background.status.listing > listing
    assert [one.title for one in background.status.articles] == ["Ferry aground", "No more empty"]


def test_how_far_a_large_file_is(
    background: Background, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "received"))
    folder = Path(get_upload_folder(), "a1b2")
    folder.mkdir(parents=True)
    path = folder / "many.jsonl"
    path.write_text("".join(f'{{"id": "{n}", "text": "Ship {n} came in."}}\n' for n in range(600)))
    call = named(background)
    answers: list[dict[str, Any]] = []
    asked = {"path": str(path), "name": "many.jsonl"}
    adding = threading.Thread(target=lambda: answers.append(call["add"](asked)))
    adding.start()
    seen = []
    while adding.is_alive():
        seen += [far for far in [call["progress"](asked)] if far and far not in seen]
    folder.rmdir()  # nothing is left of what was received
    assert answers[0]["state"] == "added"
    assert "600 articles added" in answers[0]["html"]
    assert [far["articles"] for far in seen[:2]] == [200, 400]
    assert 25 <= seen[0]["percent"] <= 40
    assert call["progress"](asked) == {}


def test_files_of_the_machine_are_not_taken_for_uploads(tmp_path: Path) -> None:
    background = closed(tmp_path)
    with pytest.raises(HTTPException) as refusal:
        named(background)["add"]({"path": "/etc/passwd", "name": "x.txt"})
    assert refusal.value.status_code == 400
    assert named(background)["progress"]({"path": "/etc/passwd"}) == {}
