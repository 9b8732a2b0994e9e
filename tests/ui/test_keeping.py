"""What a browser keeps of a conversation, and what comes of it when it is sent back."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from qa.records import Answer, Citation, Claim, Hit
from qa.settings import Settings
from qa.ui.keeping import Keeper
from qa.ui.markdown import as_markdown, file_name
from qa.ui.render import Turn
from qa.ui.seal import Seal, seal_of

KEY = "0" * 32
CITED = Citation(
    number=1,
    article_id="a",
    title="New *bridge* <b>",
    source="Valley_Post",
    url="https://example.org/a(b)?c=<d> e",
    published="2021-05-04",
    start=3,
    end=31,
    quote="Its deck is 212 metres long.\n",
    answer_start=15,
    answer_end=25,
)
NEAR = Hit(
    article_id="a",
    title="Ferry",
    source=None,
    url="javascript:alert(1)",
    published=None,
    start=0,
    end=7,
    text="A ferry",
    score=0.5,
)
ANSWER = Answer(
    question="How long?",
    answered=True,
    answer="212 metres",
    confidence=0.9,
    citations=(CITED,),
    nearest=(),
    model="reader",
    seconds=0.1,
    understood="How long is the deck?",
)


@pytest.fixture
def keeper(tmp_path: Path) -> Keeper:
    return Keeper(Seal(tmp_path / "key"))


@pytest.mark.parametrize(
    "turn",
    [
        Turn(key=KEY, question="How long?", answer=ANSWER, whole=True),
        Turn(key=KEY, question="\ud800 <b>", error="No.", stopped=True),
        Turn(
            key=KEY,
            question="?",
            whole=True,
            answer=replace(
                ANSWER,
                claims=(Claim(start=0, end=3, citations=(1,), supported=None),),
                answered=False,
                nearest=(NEAR,),
            ),
        ),
    ],
)
def test_a_turn_comes_back_as_it_was(keeper: Keeper, turn: Turn) -> None:
    assert keeper.turn(keeper.closed(turn)) == turn


def test_a_turn_that_nobody_answers_any_more_is_as_stopped(keeper: Keeper) -> None:
    turn = keeper.turn(keeper.closed(Turn(key=KEY, question="?")))
    assert turn == Turn(key=KEY, question="?", error="You left before an answer came.", stopped=True)


@pytest.mark.parametrize("kept", [None, "", "x", 5, "gAAAA\ud800", [], "é"])
def test_what_was_never_kept_is_not_read(keeper: Keeper, kept: object) -> None:
    assert keeper.turn(kept) is None
    assert keeper.name(kept) is None


def test_what_was_changed_is_not_read_nor_what_another_library_kept(keeper: Keeper, tmp_path: Path) -> None:
    kept = keeper.closed(Turn(key=KEY, question="How long?", answer=ANSWER, whole=True))
    assert "212" not in kept
    for place in (0, 20, len(kept) // 2, len(kept) - 3):
        changed = kept[:place] + ("A" if kept[place] != "A" else "B") + kept[place + 1 :]
        assert keeper.turn(changed) is None
    other = Keeper(Seal(tmp_path / "other"))
    assert other.turn(kept) is None
    assert other.scope != keeper.scope


def test_a_value_of_another_shape_is_no_turn(keeper: Keeper) -> None:
    assert keeper.turn(Seal.close(keeper._seal, {"question": "?"})) is None
    assert keeper.name(keeper.closed(Turn(key=KEY, question="?", error="No."))) is None


def test_names_are_short_and_on_one_line(keeper: Keeper) -> None:
    assert keeper.name(keeper.named("  the\nbridge ")) == "the bridge"
    assert keeper.name(keeper.named("x" * 500)) == "x" * 120


def test_the_key_outlives_the_process_and_is_for_this_user_alone(tmp_path: Path) -> None:
    settings = Settings(store=tmp_path / "store")
    closed = seal_of(settings).close([1])
    assert seal_of(settings).open(closed) == [1]
    path = tmp_path / "store" / "conversations.key"
    assert len(path.read_bytes()) == 44
    if sys.platform != "win32":
        assert path.stat().st_mode & 0o777 == 0o600
    on_server = replace(settings, chroma="http://localhost:8000")
    assert seal_of(on_server).open(closed) is None
    assert seal_of(on_server).scope == seal_of(on_server).scope


@pytest.mark.parametrize("content", [b"", b"no key at all"])
def test_without_a_key_that_can_be_used_all_lasts_until_the_end(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "key"
    path.write_bytes(content)
    seal = Seal(path)
    assert seal.open(seal.close("x")) == "x"
    assert Seal(path).open(seal.close("x")) is None
    assert path.read_bytes() == content


def test_a_store_that_is_no_folder_is_no_harm(tmp_path: Path) -> None:
    (tmp_path / "store").write_text("")
    seal = seal_of(Settings(store=tmp_path / "store"))
    assert seal.open(seal.close("x")) == "x"
    assert (tmp_path / "store").read_text() == ""


def test_an_answer_waits_for_its_browser(keeper: Keeper) -> None:
    turn = Turn(key=KEY, question="How long?", answer=ANSWER, whole=True)
    keeper.put(replace(turn, answer=None, whole=False))
    assert keeper.take([KEY])[KEY]["settled"] is False
    keeper.put(turn)
    taken = keeper.take([KEY, "1" * 32])
    assert list(taken) == [KEY]
    assert (keeper.turn(taken[KEY]["kept"]), taken[KEY]["settled"]) == (turn, True)
    assert keeper.name(taken[KEY]["name"]) == "How long?"
    for i in range(1, 257):
        keeper.put(Turn(key=f"{i:032x}", question="?"))
    assert (keeper.has(KEY), keeper.has(f"{1:032x}")) == (False, True)


def test_a_conversation_as_markdown() -> None:
    written = replace(
        ANSWER,
        answer="**It** is 212 metres. [1]\n\n- Painted by # elephants. [unsupported]",
        claims=(
            Claim(start=0, end=21, citations=(1,), supported=True),
            Claim(start=29, end=53, citations=(), supported=False),
        ),
        understood=None,
        note="the model rests",
    )
    declined = replace(
        ANSWER, answered=False, answer=None, citations=(), nearest=(NEAR,), understood=None, confidence=0.1
    )
    turns = [
        Turn(key="1", question="How *long*?\n# x", answer=ANSWER, whole=True),
        Turn(key="2", question="And?", answer=written, whole=True),
        Turn(key="3", question="Opera?", answer=declined, whole=True),
        Turn(key="4", question="Why", error="it is <too> long", stopped=False),
    ]
    source = (
        "1. **New \\*bridge\\* \\<b\\>**, Valley\\_Post, 4 May 2021, "
        "<https://example.org/a(b)?c=%3Cd%3E%20e>\n\n   > Its deck is 212 metres long."
    )
    assert as_markdown("The <bridge>", turns).split("\n\n") == [
        "# The \\<bridge\\>",
        "## How \\*long\\*? # x",
        "*Understood as:* How long is the deck?",
        "212 metres [1]",
        "### Sources",
        *source.split("\n\n"),
        "## And?",
        "It is 212 metres. [1]",
        "- Painted by # elephants. *(not in the articles)*",
        "*The model rests.*",
        "### Sources",
        *source.split("\n\n"),
        "## Opera?",
        "The articles do not say.",
        "### Nearest passages",
        "- **Ferry**",
        "  > A ferry",
        "## Why",
        "*It is \\<too\\> long.*\n",
    ]


@pytest.mark.parametrize(
    ("name", "file"),
    [("Where?", "Where.md"), ("../../etc/passwd", "etc-passwd.md"), ("???", "conversation.md")],
)
def test_the_file_of_a_conversation(name: str, file: str) -> None:
    assert file_name(name) == file
