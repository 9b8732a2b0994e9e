"""Which article is which: ids that are readable, and the same every time."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from qa.load import load
from qa.records import Article, Failure

Write = Callable[[str, str | bytes], Path]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def _one(path: Path, name: str | None = None) -> Article:
    (loaded,) = load(path, name=name)
    assert isinstance(loaded.item, Article)
    return loaded.item


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("kim-arrives-by-train.txt", "kim-arrives-by-train"),
        ("Kim: Élysée & Müller!.TXT", "kim-elysee-muller"),
        ("Ким прибыл.md", "ким-прибыл"),
        ("___.txt", "article"),
        (
            "a-very-long-name-of-a-file-that-goes-on-and-on-until-nobody-reads-it.md",
            "a-very-long-name-of-a-file-that-goes-on-and-on-until-nobody",
        ),
    ],
)
def test_an_id_from_the_path(write: Write, name: str, slug: str) -> None:
    path = write(name, "He came.")
    assert _one(path).id == f"{slug}-{_digest(str(path))}"
    assert _one(path).path == str(path)


def test_a_relative_path_is_the_same_article(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write("kim.txt", "He came.")
    monkeypatch.chdir(path.parent)
    assert _one(Path("kim.txt")) == _one(path)


@pytest.mark.parametrize(
    ("url", "slug"),
    [
        ("https://example.org/2019/kim-by-train", "kim-by-train"),
        ("https://example.org/2019/Kim%20arrives.html?page=1", "kim-arrives"),
        ("https://example.org/", "example-org"),
        ("http://[broken", "article"),
    ],
)
def test_an_id_from_the_url_goes_before_the_path(write: Write, url: str, slug: str) -> None:
    expected = f"{slug}-{_digest(url)}"
    assert _one(write("a.md", f"---\nurl: {url!r}\n---\nHe came.")).id == expected
    assert _one(write("b.jsonl", f'{{"url": "{url}", "text": "x"}}')).id == expected


def test_lines_without_id_and_url_are_told_apart_by_their_number(write: Write) -> None:
    path = write("news.jsonl", '{"text": "same"}\n\n{"text": "same"}\n')
    ids = [loaded.item.id for loaded in load(path) if isinstance(loaded.item, Article)]
    assert ids == [f"news-1-{_digest(f'{path}:1')}", f"news-3-{_digest(f'{path}:3')}"]


def test_an_upload_is_known_by_its_name(write: Write, tmp_path: Path) -> None:
    story = write("tmp/x1/upload", "Kim arrives by train\n\nHe came.")
    first = _one(story, name="2019-04-24 summit.txt")
    (tmp_path / "elsewhere").mkdir()
    moved = Path(shutil.copy(story, tmp_path / "elsewhere/other"))
    assert _one(moved, name="2019-04-24 summit.txt") == first
    assert (first.id, first.path) == (
        f"2019-04-24-summit-{_digest('2019-04-24 summit.txt')}",
        "2019-04-24 summit.txt",
    )
    assert first.published == "2019-04-24"


def test_an_upload_that_fails_is_named_by_its_name(write: Write) -> None:
    (loaded,) = load(write("tmp/a.txt", ""), name="summit.txt")
    assert loaded.item == Failure(source="summit.txt", reason="the file is empty")
    (loaded,) = load(write("tmp/a.txt", "x"), name="photo.jpg")
    assert isinstance(loaded.item, Failure)
    assert loaded.item.reason.startswith("files of type .jpg are not read; these are: .txt")
    (loaded,) = load(write("tmp/a.jsonl", "x"), name="news.jsonl")
    assert isinstance(loaded.item, Failure)
    assert loaded.item.source == "news.jsonl:1"
