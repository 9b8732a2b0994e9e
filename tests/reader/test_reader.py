"""The reader through its public seam, with the shipped model."""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.errors import ReaderError
from qa.reader import Reader, Reading
from qa.reader.shipped import FOLDER, MANIFEST, VOCABULARY, WEIGHTS, ShippedFinder

FERRY = (
    "PORT ELLERY (Wednesday) - The ferry Marigold ran aground on a sandbank off Port Ellery on "
    "Tuesday night with 212 passengers on board, the coastguard said."
)
RESCUE = (
    "Fishing boats took everyone ashore before dawn. Captain Ida Brandvold, who has commanded the "
    "ship since 2011, blamed a broken compass."
)
COUNCIL = (
    "The town council voted 14 to 3 to close the old swimming baths in March. Repairs would have "
    "cost $4.2 million, said the mayor, Tomas Okoye."
)


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("How many passengers were on board?", "212"),
        ("who is the captain of the ship", "Ida Brandvold"),
        ("How much would the repairs have cost?", "$4.2 million"),
        ("When will the baths close?", "March"),
        ("What ran aground?", "Marigold"),
    ],
)
def test_finds_the_answer(reader: Reader, question: str, answer: str) -> None:
    best = reader.read(question, [FERRY, RESCUE, COUNCIL])[0]
    assert answer in best.text
    assert len(best.text) <= len(answer) + 20


def test_a_passage_that_answers_is_more_likely_than_one_that_does_not(reader: Reader) -> None:
    said = {r.passage: r for r in reversed(reader.read("Who is the mayor?", [FERRY, COUNCIL]))}
    assert said[1].text.endswith("Tomas Okoye")
    assert said[1].answerable > said[0].answerable


def test_readings_are_slices_in_order_and_do_not_overlap(reader: Reader) -> None:
    passages = [FERRY, RESCUE, COUNCIL]
    readings = reader.read("Who blamed what?", passages, ["Ferry", "", "Baths"])
    assert [r.score for r in readings] == sorted((r.score for r in readings), reverse=True)
    assert {r.passage for r in readings} == {0, 1, 2}
    for r in readings:
        assert r.text == passages[r.passage][r.start : r.end]
        assert 0.0 <= r.answerable <= 1.0
        for other in readings:
            if other is not r and other.passage == r.passage:
                assert other.end <= r.start or r.end <= other.start


def test_spans_limits_the_readings_of_a_passage() -> None:
    assert len(Reader(spans=1).read("Who is the mayor?", [FERRY, COUNCIL])) == 2


@given(question=st.text(max_size=60), passages=st.lists(st.text(max_size=200), max_size=4))
@settings(max_examples=60, deadline=None)
def test_never_says_what_is_not_in_a_passage(question: str, passages: list[str]) -> None:
    readings = _shared().read(question, passages)
    assert {r.passage for r in readings} == {i for i, p in enumerate(passages) if p.strip()}
    for r in readings:
        assert r.text
        assert r.text == passages[r.passage][r.start : r.end]


_kept: list[Reader] = []


def _shared() -> Reader:
    # Hypothesis runs a function many times and fixtures once: one reader for all of them.
    if not _kept:
        _kept.append(Reader())
    return _kept[0]


@pytest.mark.parametrize(
    "passage",
    [
        "İstanbul'da 3 kişi öldü.",
        "Кот 🐈‍⬛ сидит на ковре.",
        "東京で会議が開かれた。",
        "e\u0301te\u0301 1998",
        "\ud800 lone",
    ],
)
def test_offsets_are_code_points(reader: Reader, passage: str) -> None:
    for r in reader.read("what?", [passage]):
        assert r.text == passage[r.start : r.end]


def test_reads_past_the_window_by_stride(reader: Reader) -> None:
    filler = "The weather stayed mild and the market was quiet for another day. " * 60
    passage = filler + COUNCIL + " " + filler
    best = reader.read("How much would the repairs have cost?", [passage])[0]
    assert best.text == "$4.2 million"
    assert passage.index(COUNCIL) < best.start < passage.index(COUNCIL) + len(COUNCIL)


def test_same_input_same_output(reader: Reader) -> None:
    first = reader.read("Who is the captain?", [FERRY, RESCUE])
    assert reader.read("Who is the captain?", [FERRY, RESCUE]) == first
    assert Reader().read("Who is the captain?", [FERRY, RESCUE]) == first


@pytest.mark.parametrize("passages", [[], [""], ["  \n "]])
def test_nothing_to_read_gives_nothing(reader: Reader, passages: list[str]) -> None:
    assert reader.read("Who?", passages) == []


def test_text_without_tokens_is_quoted_whole(reader: Reader) -> None:
    only = reader.read("Who?", [" \u200b "])
    assert [(r.text, r.start, r.end) for r in only] == [("\u200b", 1, 2)]


def test_an_empty_question_is_read_all_the_same(reader: Reader) -> None:
    assert reader.read("", [FERRY])[0].text in FERRY


def test_titles_must_match_passages(reader: Reader) -> None:
    with pytest.raises(ValueError, match="2 passages but 1 titles"):
        reader.read("Who?", [FERRY, RESCUE], ["one"])


def test_a_reading_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        Reading("a", 0, 0, 1, 0.0, 0.5).text = "b"  # type: ignore[misc]


@pytest.mark.parametrize("name", [WEIGHTS, VOCABULARY])
def test_changed_files_are_refused(tmp_path: Path, name: str) -> None:
    folder = shutil.copytree(FOLDER, tmp_path / "model")
    data = bytearray((folder / name).read_bytes())
    data[len(data) // 2] ^= 1
    (folder / name).write_bytes(data)
    with pytest.raises(ReaderError, match=r"damaged or not ours: install qa again"):
        ShippedFinder.load(folder)


def test_missing_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(ReaderError, match=r"reader\.json is missing or damaged"):
        ShippedFinder.load(tmp_path)


def test_weights_fit_the_package() -> None:
    assert (FOLDER / WEIGHTS).stat().st_size <= 32 * 1024 * 1024
    assert set(json.loads((FOLDER / MANIFEST).read_text())) >= {"weights_sha256", "threshold"}


def test_an_unknown_model_is_a_named_error(tmp_path: Path) -> None:
    with pytest.raises(ReaderError, match="is no question-answering model"):
        Reader(str(tmp_path))


def test_ready_and_reading_in_good_time() -> None:
    began = time.perf_counter()
    Reader().read("Who is the mayor?", [FERRY, RESCUE, COUNCIL])
    assert time.perf_counter() - began < 10
