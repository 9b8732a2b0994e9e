"""`add`: what is new is added, what changed replaced, what did not is left alone; taken up again when cut short."""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from qa.index import Indexer
from qa.intake import Intake
from qa.keywords import KeywordIndex
from qa.records import AddReport, Failure, OnProgress, Progress
from qa.store import Maker, Store

MAKER = Maker(embedder="hash", fingerprint="a" * 64, splitter=1)


class HashEmbedder:
    """Another vector of eight numbers for every text; a word is a token."""

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        digests = [hashlib.sha256(text.encode()).digest() for text in texts]
        vectors = np.stack([np.frombuffer(digest, np.int32) for digest in digests]).astype(np.float32)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]


@dataclass
class Desk:
    """A store with its keyword index, and a folder of articles to add to it."""

    store: Store
    words: KeywordIndex
    folder: Path

    @classmethod
    def open(cls, place: Path) -> Desk:
        folder = place / "news"
        folder.mkdir(exist_ok=True)
        return cls(Store.open_folder(place / "chroma", MAKER), KeywordIndex(place / "keywords"), folder)

    def add(self, *sources: Path, prune: bool = False, on_progress: OnProgress | None = None) -> AddReport:
        with self.store.writing():
            self.sync()
            indexer = Indexer(lambda: nullcontext(self.store.shelf), self.words, HashEmbedder())
            return Intake(self.store.shelf, indexer, on_progress).add(sources or [self.folder], prune=prune)

    def upload(self, path: Path, name: str) -> AddReport:
        with self.store.writing():
            indexer = Indexer(lambda: nullcontext(self.store.shelf), self.words, HashEmbedder())
            return Intake(self.store.shelf, indexer).upload(path, name=name)

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def ids(self) -> list[str]:
        return sorted(info.id for info in self.store.articles())

    def sync(self) -> None:
        self.words.sync(self.store.articles(), self.store.revision, self.store.shelf.passages)

    def assert_whole(self) -> None:
        """Every record has its passages, no passage is without a record, and the keyword index has the same."""
        infos = self.store.articles()
        assert self.store.shelf.count() == (len(infos), sum(info.passages for info in infos))
        for info in infos:
            assert self.store.article(info.id).hash == info.hash
        assert self.words.revision == self.store.revision
        assert self.words._indexed_passages() == {info.hash: info.passages for info in infos}

    def close(self) -> None:
        self.words.close()
        self.store.close()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk.open(tmp_path)
    yield desk
    desk.close()


def lines(*articles: dict[str, str]) -> str:
    return "".join(json.dumps(article) + "\n" for article in articles)


def numbers(report: AddReport) -> tuple[int, int, int, int, int]:
    return len(report.added), len(report.updated), report.unchanged, report.skipped, len(report.failed)


def test_added_then_unchanged_then_updated(desk: Desk) -> None:
    desk.write("a.txt", "Kim came by train.")
    desk.write("deep/b.md", "# Wheat\n\nThe wheat reached Chongjin.")
    desk.write("deep/picture.png", "no article")
    first = desk.add()
    assert numbers(first) == (2, 0, 0, 1, 0)
    assert sorted(first.added) == desk.ids()
    assert first.seconds > 0
    revision = desk.store.revision
    assert numbers(desk.add()) == (0, 0, 2, 1, 0)
    assert desk.store.revision == revision
    desk.write("a.txt", "Kim came by armoured train.")
    changed = desk.add()
    assert numbers(changed) == (0, 1, 1, 1, 0)
    assert desk.store.article(changed.updated[0]).text == "Kim came by armoured train."
    assert [hit.number for hit in desk.words.search("armoured", 5)] == [0]
    desk.assert_whole()


def test_changed_metadata_is_a_change(desk: Desk) -> None:
    desk.write("n.jsonl", lines({"id": "a", "text": "One."}, {"id": "b", "text": "Two."}))
    assert desk.add().added == ("a", "b")
    desk.write(
        "n.jsonl", lines({"id": "a", "text": "One.", "author": "Ida Berg"}, {"id": "b", "text": "Two."})
    )
    report = desk.add()
    assert (report.added, report.updated, report.unchanged) == ((), ("a",), 1)
    assert desk.store.infos(["a"])["a"].author == "Ida Berg"
    desk.assert_whole()


def test_a_bad_source_is_named_and_the_rest_goes_on(desk: Desk) -> None:
    desk.write("a.txt", "Kim came by train.")
    empty = desk.write("b.txt", " \n")
    broken = desk.write("c.jsonl", '{"id": "c1", "text": "One."}\n{broken\n{"id": "c3", "text": "Three."}\n')
    missing = desk.folder / "missing.txt"
    report = desk.add(desk.folder, missing)
    assert numbers(report) == (3, 0, 0, 0, 3)
    assert [failure.source for failure in report.failed] == [str(missing), str(empty), f"{broken}:2"]
    assert {"c1", "c3"} <= set(report.added)
    desk.assert_whole()


def test_of_two_files_with_one_id_the_second_is_named(desk: Desk) -> None:
    first = desk.write("a.jsonl", lines({"id": "same", "text": "One."}))
    second = desk.write("b.jsonl", lines({"id": "same", "text": "Two."}, {"id": "other", "text": "Three."}))
    for expected in ((2, 0, 0, 0, 1), (0, 0, 2, 0, 1)):
        report = desk.add()
        assert numbers(report) == expected
        reason = f"its id 'same' is also that of an article in {first}: give one another id"
        assert report.failed == (Failure(source=str(second), reason=reason),)
    assert desk.store.article("same").text == "One."
    assert report.gone == ()


def test_a_file_that_has_gone_is_reported_and_removed_only_with_prune(desk: Desk) -> None:
    desk.write("a.txt", "Kim came by train.")
    gone = desk.write("deep/b.txt", "The wheat reached Chongjin.")
    desk.add()
    gone_id = next(info.id for info in desk.store.articles() if info.path == str(gone))
    gone.unlink()
    report = desk.add()
    assert (report.gone, report.removed, report.unchanged) == ((gone_id,), (), 1)
    assert gone_id in desk.ids()
    report = desk.add(prune=True)
    assert (report.gone, report.removed) == ((), (gone_id,))
    assert gone_id not in desk.ids()
    assert desk.words.search("wheat", 5) == []
    desk.assert_whole()


def test_only_what_was_in_the_added_folders_can_have_gone(desk: Desk, tmp_path: Path) -> None:
    desk.write("a.txt", "Kim came by train.")
    elsewhere = tmp_path / "elsewhere.txt"
    elsewhere.write_text("The wheat reached Chongjin.")
    desk.add(desk.folder, elsewhere)
    elsewhere.unlink()
    report = desk.add(prune=True)
    assert (report.gone, report.removed, report.unchanged) == ((), (), 1)
    assert len(desk.ids()) == 2


def test_lines_that_have_gone_from_a_file(desk: Desk) -> None:
    path = desk.write("n.jsonl", lines(*({"id": name, "text": f"{name}."} for name in "abc")))
    desk.add(path)
    desk.write("n.jsonl", lines({"id": "b", "text": "b."}))
    assert desk.add(path).gone == ("a", "c") or set(desk.add(path).gone) == {"a", "c"}
    assert set(desk.add(path, prune=True).removed) == {"a", "c"}
    assert desk.ids() == ["b"]


def test_what_cannot_be_read_has_not_gone(desk: Desk) -> None:
    path = desk.write("n.jsonl", lines({"id": "a", "text": "One."}, {"id": "b", "text": "Two."}))
    desk.write("c.txt", "Three.")
    desk.add()
    path.write_text('{"id": "a", "text": "One."}\n{broken\n')
    (desk.folder / "c.txt").write_text("")
    report = desk.add(prune=True)
    assert (report.gone, report.removed, len(report.failed)) == ((), (), 2)
    assert len(desk.ids()) == 3


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every folder")
def test_a_folder_that_cannot_be_read_has_not_gone(desk: Desk) -> None:
    desk.write("deep/deeper/a.txt", "Kim came by train.")
    desk.add()
    (desk.folder / "deep").chmod(0)
    report = desk.add(prune=True)
    (desk.folder / "deep").chmod(0o755)
    assert (report.gone, report.removed, len(report.failed)) == ((), (), 1)
    assert len(desk.ids()) == 1


def test_a_failed_folder_covers_what_is_in_it() -> None:
    from qa.intake import _is_of

    path = Path("/news/deep/a.jsonl")
    assert [
        _is_of(path, failed)
        for failed in ("/news/deep/a.jsonl", "/news/deep/a.jsonl:3", "/news/deep", "/news")
    ] == [True] * 4
    assert not any(_is_of(path, failed) for failed in ("/news/deep/a.json", "/news/de", "", "n.jsonl"))


def test_a_file_that_moved_keeps_its_given_id(desk: Desk) -> None:
    path = desk.write("old.jsonl", lines({"id": "a", "text": "One."}))
    desk.add()
    path.rename(desk.folder / "new.jsonl")
    report = desk.add(prune=True)
    assert (report.updated, report.gone, report.removed) == (("a",), (), ())
    assert desk.store.infos(["a"])["a"].path == str(desk.folder / "new.jsonl")


def test_an_upload_is_known_by_its_name(desk: Desk, tmp_path: Path) -> None:
    temporary = tmp_path / "x1"
    temporary.write_text("Kim came by train.")
    (added,) = desk.upload(temporary, "kim.txt").added
    (tmp_path / "x2").write_text("Kim came by armoured train.")
    assert desk.upload(tmp_path / "x2", "kim.txt").updated == (added,)
    assert desk.store.infos([added])[added].path == "kim.txt"
    assert desk.add(prune=True).removed == ()


def test_odd_names_of_files_do_not_stop_the_rest(desk: Desk) -> None:
    desk.write("a.txt", "Kim came by train.")
    (desk.folder / os.fsdecode(b"caf\xe9.txt")).write_text("The wheat reached Chongjin.")
    report = desk.add()
    assert len(report.added) + len(report.failed) == 2
    desk.assert_whole()


def test_progress_rises_from_nothing_to_one(desk: Desk) -> None:
    for name in "abc":
        desk.write(
            f"{name}.jsonl", lines(*({"id": f"{name}{n}", "text": f"{n} word. " * 4000} for n in range(3)))
        )
    said: list[Progress] = []
    desk.add(on_progress=said.append)
    fractions = [one.fraction for one in said]
    assert fractions == sorted(fractions)
    assert 0 <= fractions[0] < 0.5
    assert [one.fraction for one in said if one.articles == 9][-1] == 1.0
    assert all(one.fraction < 1 for one in said if one.articles < 9)
    assert len(set(fractions)) >= 3
    assert [one.articles for one in said] == sorted(one.articles for one in said)
    assert said[0].current == "a.jsonl"
    assert said[-1] == Progress(articles=9, fraction=1.0, current="")


def test_nothing_to_add_is_done_at_once(desk: Desk) -> None:
    said: list[Progress] = []
    assert numbers(desk.add(on_progress=said.append)) == (0, 0, 0, 0, 0)
    assert said == [Progress(articles=0, fraction=1.0, current="")]


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, RuntimeError])
def test_an_interrupted_add_is_taken_up_where_it_was(desk: Desk, interruption: type[BaseException]) -> None:
    desk.write("n.jsonl", lines(*({"id": f"n{n}", "text": f"Story {n}. " * 5000} for n in range(6))))

    def stop(progress: Progress) -> None:
        if progress.articles >= 2:
            raise interruption

    with pytest.raises(interruption):
        desk.add(on_progress=stop)
    stored = desk.ids()
    assert 2 <= len(stored) < 6
    desk.assert_whole()
    report = desk.add()
    assert (report.unchanged, len(report.added), report.updated) == (len(stored), 6 - len(stored), ())
    assert desk.ids() == [f"n{n}" for n in range(6)]
    desk.assert_whole()


CHILD = """
import sys, time
sys.path.insert(0, {tests!r})
from pathlib import Path
import test_intake as t
desk = t.Desk.open(Path(sys.argv[1]))
print("ready", flush=True)
desk.add(on_progress=lambda progress: time.sleep(0.02))
"""


def test_killed_at_random_moments_and_taken_up_again(tmp_path: Path) -> None:
    stories = {f"n{n}": "".join(f"Story {n} says {m}. " for m in range(600)) for n in range(40)}
    place = tmp_path / "desk"
    place.mkdir()
    (place / "news").mkdir()
    source = place / "news" / "n.jsonl"
    source.write_text(lines(*({"id": name, "text": text} for name, text in stories.items())))
    moments = random.Random(3)
    stored = 0
    for kill in range(5):
        if kill == 3:  # from here on half of the articles are replaced
            stories |= {name: text + "And more." for name, text in stories.items() if name < "n25"}
            source.write_text(lines(*({"id": name, "text": text} for name, text in stories.items())))
        command = [sys.executable, "-c", CHILD.format(tests=str(Path(__file__).parent)), str(place)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout
            assert child.stdout.readline() == "ready\n"
            time.sleep(moments.uniform(0.1, 1.5))
            child.send_signal(signal.SIGKILL)
        desk = Desk.open(place)
        with desk.store.writing():
            desk.sync()
            desk.assert_whole()
        there = desk.ids()
        desk.close()
        assert len(there) >= stored
        stored = len(there)
    desk = Desk.open(place)
    report = desk.add()
    assert len(report.added) == 40 - stored
    assert len(report.added) + len(report.updated) + report.unchanged == 40
    assert {name: desk.store.article(name).text for name in desk.ids()} == stories
    desk.assert_whole()
    again = desk.add()
    assert numbers(again) == (0, 0, 40, 0, 0)
    desk.close()
