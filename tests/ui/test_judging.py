"""Verdicts as a page sends them: what is kept of them, and that nothing else than a verdict on a turn is taken."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from qa.feedback import NAME, Verdict
from qa.records import Answer, Citation
from qa.settings import Settings
from qa.ui.judging import Judging
from qa.ui.keeping import Keeper
from qa.ui.render import Turn
from qa.ui.seal import Seal

SAID = Citation(
    number=1,
    article_id="a",
    title="Talks",
    source=None,
    url=None,
    published=None,
    start=0,
    end=9,
    quote="Kim came.",
    answer_start=0,
    answer_end=3,
)
KIM = Answer(
    question="Who came?",
    answered=True,
    answer="Kim",
    confidence=0.9,
    citations=(SAID,),
    nearest=(),
    model="reader",
    seconds=0.1,
)
ONE, TWO = "1" * 32, "2" * 32
TURNS = (
    Turn(key=ONE, question="Who came?", answer=KIM, whole=True),
    Turn(key=TWO, question="And then?", answer=KIM, whole=True),
)


def judged(store: Path, data: dict[str, Any], turns: tuple[Turn, ...] = TURNS) -> tuple[Turn, ...] | None:
    """The turns after a verdict that a page sends with them, None if it was refused."""
    library = SimpleNamespace(settings=Settings(store=store))
    keeper = Keeper(Seal(store.parent / "key"))
    judging = Judging(SimpleNamespace(library=lambda patience: library), keeper)  # type: ignore[arg-type]
    sent = judging.judge({"turns": [[turn.key, keeper.closed(turn)] for turn in turns], **data})
    if not sent:
        return None
    changed = Keeper(Seal(store.parent / "key")).turn(sent["kept"])
    assert changed is not None
    assert keeper.turn(None, changed.key) == changed
    return tuple(changed if turn.key == changed.key else turn for turn in turns)


def cases(store: Path) -> list[dict[str, Any]]:
    return [json.loads(one) for one in (store / NAME).read_text("utf-8").splitlines()]


def test_a_thumb_is_kept_beside_the_store_with_the_turns_before(tmp_path: Path) -> None:
    kept = judged(tmp_path, {"turn": TWO, "good": True})
    assert kept is not None
    assert kept[0] == TURNS[0]
    assert kept[1].verdict == Verdict(good=True)
    assert kept[1].kept == f"Kept on this machine, in {tmp_path / NAME}."
    (case,) = cases(tmp_path)
    assert (case["id"], case["question"], case["answers"]) == (f"feedback-{TWO}", "And then?", ["Kim"])
    assert case["history"] == [["Who came?", "Kim"]]


def test_why_it_is_bad_takes_the_place_of_the_bare_thumb(tmp_path: Path) -> None:
    turns = judged(tmp_path, {"turn": ONE, "good": False})
    assert turns is not None
    assert turns[0].verdict == Verdict(good=False)
    note = " it was\n <b>Putin</b> " + "x" * 1000
    turns = judged(tmp_path, {"turn": ONE, "good": False, "reason": "incomplete", "note": note}, turns)
    assert turns is not None
    (case,) = cases(tmp_path)
    assert case["review"].startswith("incomplete: it was <b>Putin</b> xxx")
    assert len(case["review"]) == len("incomplete: ") + 500
    turns = judged(tmp_path, {"turn": ONE, "good": None}, turns)
    assert turns == TURNS
    assert cases(tmp_path) == []


@pytest.mark.parametrize("made_up", [{"reason": "<b>"}, {"reason": ["wrong"]}, {"note": 7}, {"reason": None}])
def test_a_reason_that_there_is_not_is_none(tmp_path: Path, made_up: dict[str, Any]) -> None:
    turns = judged(tmp_path, {"turn": ONE, "good": False, **made_up})
    assert turns is not None
    assert turns[0].verdict == Verdict(good=False)


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"turns": "x", "turn": ONE, "good": True},
        {"turn": "9", "good": True},
        {"turn": [ONE], "good": True},
    ],
)
def test_a_verdict_on_nothing_is_not_taken(tmp_path: Path, data: Any) -> None:
    assert judged(tmp_path, data) is None
    assert not (tmp_path / NAME).exists()


def test_where_there_is_no_answer_no_verdict_is_taken(tmp_path: Path) -> None:
    assert (
        judged(tmp_path, {"turn": ONE, "good": True}, (Turn(key=ONE, question="So?", error="No."),)) is None
    )


def test_a_verdict_that_cannot_be_kept_leaves_the_one_before(tmp_path: Path) -> None:
    (tmp_path / "store").write_text("no folder")
    kept = judged(tmp_path / "store", {"turn": ONE, "good": True})
    assert kept is not None
    assert kept[0].verdict is None
    assert (kept[0].trouble or "").startswith("the verdict cannot be kept in ")
