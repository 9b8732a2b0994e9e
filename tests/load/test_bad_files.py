"""What goes wrong in every format: each time a sentence, never a traceback, nothing on the screen."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from qa.load import MAX_BYTES, SUFFIXES, find, load
from qa.records import Failure

Write = Callable[[str, str | bytes], Path]
FailOne = Callable[[str, str | bytes], str]
NOISE = random.Random(7).randbytes(20_000)


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("content", [b"", b" \n\t\r\n ", b"\xef\xbb\xbf\n"])
def test_nothing_in_it(failure: FailOne, suffix: str, content: bytes) -> None:
    reason = failure(f"a{suffix}", content)
    assert reason == "the file is empty" or (
        suffix == ".jsonl.gz" and reason.startswith("this is not packed")
    )


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize(
    "content",
    [
        NOISE,
        b"%PDF-1.7\n" + NOISE,
        b"PK\x03\x04" + NOISE,
        b"\x1f\x8b\x08" + NOISE,
        b"<html>" + NOISE,
        b"\xff\xfe" + NOISE,
    ],
    ids=["noise", "pdf", "zip", "gzip", "html", "utf-16"],
)
def test_noise(
    write: Write,
    suffix: str,
    content: bytes,
    capfd: pytest.CaptureFixture[str],
    recwarn: pytest.WarningsRecorder,
) -> None:
    (loaded,) = load(write(f"a{suffix}", content))
    assert isinstance(loaded.item, Failure), loaded.item
    assert "\n" not in loaded.item.reason
    assert len(loaded.item.reason) < 300
    assert loaded.item.reason.isprintable()
    assert capfd.readouterr() == ("", "")
    assert not recwarn.list


@pytest.mark.parametrize("suffix", [suffix for suffix in SUFFIXES if "jsonl" not in suffix])
def test_a_huge_file_is_not_read(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    with path.open("wb") as stream:
        stream.truncate(MAX_BYTES + 1)
    (loaded,) = load(path)
    assert loaded.item == Failure(
        source=str(path), reason="the file is larger than 64 MB: split it, or put its articles in a .jsonl"
    )
    assert loaded.position == MAX_BYTES + 1


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_file_that_goes_between_find_and_load(write: Write, tmp_path: Path, suffix: str) -> None:
    path = write(f"a{suffix}", "x")
    (file,) = find([tmp_path]).files
    path.unlink()
    (loaded,) = load(file.path)
    assert loaded.item == Failure(
        source=str(path), reason="it is not there any more: it was moved or removed meanwhile"
    )
    assert loaded.position == 0


def test_a_folder_with_the_name_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "a.txt").mkdir()
    assert find([tmp_path]).files == ()
    (loaded,) = load(tmp_path / "a.txt")
    assert loaded.item == Failure(source=str(tmp_path / "a.txt"), reason="this is a folder, not a file")


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.txt", b"%PDF-1.4 \n%x", "this is a PDF: rename it to .pdf"),
        ("a.md", b"%PDF-1.4 \n%x", "this is a PDF: rename it to .pdf"),
        (
            "a.txt",
            b"PK\x03\x04x",
            "this is a zip archive or an Office document: rename a Word document to .docx, unpack an archive",
        ),
        ("a.txt", b"{\\rtf1 x}", "this is an RTF document: save it as .docx or .txt"),
        ("a.txt", b"\xff\xd8\xff\xe0 JFIF", "this is a picture: only text is read"),
        ("a.txt", b"  <!DOCTYPE html>\n<html>x</html>", "this is a web page: rename it to .html"),
        ("a.txt", b"words\0and words", "this is no text but binary data: add the text it belongs to instead"),
    ],
)
def test_the_wrong_name(failure: FailOne, name: str, content: bytes, reason: str) -> None:
    assert failure(name, content) == reason


@pytest.mark.timeout(20)
@pytest.mark.parametrize("suffix", [".txt", ".md", ".html"])
@pytest.mark.parametrize(
    "content",
    [
        "A-" * 45 + "!",
        "A-" * 2000 + "!",
        "A A, " * 20 + "— x",
        "<!-- -->" * 500 + "x",
        "A of " * 30 + ".",
        "[" * 20_000,
    ],
)
def test_no_text_takes_for_ever(write: Write, suffix: str, content: str) -> None:
    (loaded,) = load(write(f"a{suffix}", content))
    assert loaded.position == len(content.encode())
