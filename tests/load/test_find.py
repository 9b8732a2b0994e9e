"""`find`: which files are meant by a list of sources."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from qa.load import SourceFile, find, load
from qa.records import Failure

Write = Callable[[str, str | bytes], Path]


def test_a_folder_is_walked_in_order_and_hidden_things_are_left_out(write: Write, tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.md", "a/b/c.HTML", "c.jsonl.gz", ".hidden.txt", ".git/x.txt", "~$d.docx"):
        write(name, "four")
    found = find([tmp_path])
    assert [file.path.relative_to(tmp_path).as_posix() for file in found.files] == [
        "a/b/c.HTML",
        "a/z.md",
        "b.txt",
        "c.jsonl.gz",
    ]
    assert found.files[1] == SourceFile(path=tmp_path / "a/z.md", size=4)
    assert (found.folders, found.skipped, found.failed) == ((tmp_path,), 0, ())


def test_unknown_types_are_counted_in_a_folder_and_fail_by_name(write: Write, tmp_path: Path) -> None:
    picture = write("photo.jpg", "x")
    bare = write("LICENSE", "x")
    story = write("story.txt", "x")
    assert find([str(tmp_path)]).skipped == 2
    found = find([picture, story, bare])
    assert [file.path for file in found.files] == [story]
    assert found.skipped == 0
    types = ".txt, .md, .markdown, .html, .htm, .pdf, .docx, .jsonl, .jsonl.gz"
    assert found.failed == (
        Failure(source=str(picture), reason=f"files of type .jpg are not read; these are: {types}"),
        Failure(source=str(bare), reason=f"files without an ending are not read; these are: {types}"),
    )


def test_a_file_named_twice_is_read_once(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = write("in/story.txt", "x")
    (tmp_path / "in/again.txt").symlink_to(story)
    monkeypatch.chdir(tmp_path)
    found = find(["in/story.txt", tmp_path / "in", story, "in/../in"])
    assert [file.path for file in found.files] == [story]
    assert found.folders == (tmp_path / "in",)


def test_a_link_in_a_circle_is_harmless(write: Write, tmp_path: Path) -> None:
    story = write("deep/story.txt", "x")
    (tmp_path / "deep/up").symlink_to(tmp_path)
    (tmp_path / "self.txt").symlink_to(tmp_path / "self.txt")
    found = find([tmp_path])
    assert [file.path for file in found.files] == [story]
    assert [failure.source for failure in found.failed] == [str(tmp_path / "self.txt")]


def test_a_link_to_nowhere_is_named(tmp_path: Path) -> None:
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere")
    (tmp_path / "gone.bin").symlink_to(tmp_path / "nowhere")
    found = find([tmp_path])
    assert found.failed == (
        Failure(source=str(tmp_path / "gone.txt"), reason="this link leads to a file that is not there"),
    )
    assert found.skipped == 1


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("/no/such/folder", "there is no such file or folder"),
        ("nothing.txt", "there is no such file or folder"),
        ("", "this is no name of a file or folder"),
        ("a\0b.txt", "this is no name of a file or folder"),
        ("https://example.org/a", "addresses are not read yet: save the page as .html and add that file"),
        ("HTTP://example.org/a", "addresses are not read yet: save the page as .html and add that file"),
        (
            Path("https://example.org/a"),
            "addresses are not read yet: save the page as .html and add that file",
        ),
    ],
)
def test_what_is_no_source_is_named(source: str | Path, reason: str) -> None:
    (failed,) = find([source]).failed
    assert failed.reason == reason


def test_a_pipe_is_no_file_and_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    reason = "this is no ordinary file (a pipe, a socket or a device)"
    assert find([tmp_path]).failed == (Failure(source=str(tmp_path / "pipe.txt"), reason=reason),)
    (loaded,) = load(tmp_path / "pipe.txt")
    assert loaded.item == Failure(source=str(tmp_path / "pipe.txt"), reason=reason)


def test_a_name_that_is_no_utf8_is_named_and_can_be_printed(tmp_path: Path) -> None:
    raw = os.fsencode(tmp_path) + b"/caf\xe9.txt"
    Path(os.fsdecode(raw)).write_bytes(b"words")
    (file,) = find([tmp_path]).files
    (loaded,) = load(file.path)
    assert loaded.item == Failure(
        source=f"{tmp_path}/caf\N{REPLACEMENT CHARACTER}.txt",
        reason="the file's name is no valid text and cannot be stored: rename the file",
    )


@pytest.fixture
def nobody() -> Iterator[Path]:
    """A folder of one who may not do everything: root can read any file, so root steps down for a while."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder).resolve()
        path.chmod(0o755)
        root = os.geteuid() == 0
        (path / "closed").mkdir()
        (path / "closed.txt").write_text("secret")
        (path / "open.txt").write_text("A word or two.")
        (path / "closed.txt").chmod(0)
        (path / "closed").chmod(0)
        if root:
            os.seteuid(65534)
        try:
            yield path
        finally:
            if root:
                os.seteuid(0)
            (path / "closed").chmod(0o700)


def test_permission_denied_is_a_failure_and_the_rest_goes_on(nobody: Path) -> None:
    reason = "permission denied: make it readable for you and add it again"
    found = find([nobody])
    assert [file.path.name for file in found.files] == ["closed.txt", "open.txt"]
    assert found.failed == (Failure(source=str(nobody / "closed"), reason=reason),)
    assert find([nobody / "closed"]).failed == (Failure(source=str(nobody / "closed"), reason=reason),)
    (loaded,) = load(nobody / "closed.txt")
    assert loaded.item == Failure(source=str(nobody / "closed.txt"), reason=reason)
