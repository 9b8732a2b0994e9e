"""Article lines: contract 1 of the command line."""

from __future__ import annotations

import gzip
import io
import json
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.load import Loaded, load
from qa.records import Article, Failure

Write = Callable[[str, str | bytes], Path]

FULL = {
    "id": "  Kim/1 é",
    "title": "Kim arrives\n by train ",
    "text": " \r\nHe  came.\t\n\n",
    "url": "https://example.org/kim",
    "source": "Corpus Wire",
    "published": "2019-04-24T18:30:00+10:00",
    "author": "Ann Lee",
}


def _lines(*records: object) -> str:
    return "".join(json.dumps(record) + "\n" for record in records)


def _items(path: Path) -> list[Article | Failure]:
    return [loaded.item for loaded in load(path)]


def test_every_field_is_taken_and_text_and_id_are_kept_exactly(write: Write) -> None:
    path = write("news.jsonl", _lines(FULL))
    assert _items(path) == [
        Article(
            id="  Kim/1 é",
            title="Kim arrives by train",
            text=" \r\nHe  came.\t\n\n",
            url="https://example.org/kim",
            source="Corpus Wire",
            published="2019-04-24T18:30:00+10:00",
            author="Ann Lee",
            path=str(path),
        )
    ]


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.text(min_size=1).filter(lambda text: bool(text.strip())), min_size=1, max_size=5),
    st.booleans(),
)
def test_any_text_is_kept_exactly(texts: list[str], ascii_only: bool) -> None:
    content = "".join(json.dumps({"text": text}, ensure_ascii=ascii_only) + "\n" for text in texts)
    with tempfile.TemporaryDirectory() as folder:
        plain, packed = Path(folder) / "a.jsonl", Path(folder) / "b.jsonl.gz"
        plain.write_bytes(content.encode())
        packed.write_bytes(gzip.compress(content.encode()))
        for path in (plain, packed):
            items = _items(path)
            assert [item.text for item in items if isinstance(item, Article)] == texts
            assert all(isinstance(item, Article) and item.title for item in items)
            assert len({item.id for item in items if isinstance(item, Article)}) == len(texts)


def test_a_nul_in_the_text_is_kept(write: Write) -> None:
    (item,) = _items(write("a.jsonl", '{"text": "before\\u0000after"}'))
    assert isinstance(item, Article)
    assert item.text == "before\0after"
    assert item.title == "before after"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (
            "{text: 1}",
            "the line is no valid JSON: Expecting property name enclosed in double quotes at column 2",
        ),
        ('"words"', "a line must be a JSON object, not a string"),
        ("[1]", "a line must be a JSON object, not a list"),
        ("null", "a line must be a JSON object, not null"),
        ("{}", 'there is no "text" in it'),
        ('{"text": null}', 'there is no "text" in it'),
        ('{"text": 7}', '"text" must be a string, not a number'),
        ('{"text": " \\n\\t"}', 'its "text" is blank'),
        ('{"text": "x", "title": ["a"]}', '"title" must be a string, not a list'),
        ('{"text": "x", "id": 7}', '"id" must be a string, not a number'),
        ('{"text": "x", "url": {}}', '"url" must be a string, not an object'),
        ('{"text": "x", "author": true}', '"author" must be a string, not true or false'),
        ('{"text": "x", "id": ""}', "the id is empty: give one, or leave it out"),
        (
            '{"text": "x", "id": "a\\u0007"}',
            "the id has control characters in it: use letters, digits and hyphens",
        ),
        (f'{{"text": "x", "id": "{"i" * 201}"}}', "the id has 201 characters: 200 at most"),
        (
            '{"text": "half \\ud83d"}',
            "the text has half a surrogate pair in it, which no file can store: write the character whole",
        ),
        (
            '{"text": "x", "published": "24.4.2019"}',
            '"published" is no date: write "2019-04-24" or "2019-04-24T18:30:00+10:00", not "24.4.2019"',
        ),
        (
            '{"text": "x", "published": "2019-02-30"}',
            '"published" is no date: write "2019-04-24" or "2019-04-24T18:30:00+10:00", not "2019-02-30"',
        ),
        (b'{"text": "caf\xe9"}', "the line is not UTF-8: save the file as UTF-8"),
        ("[" * 100_000, None),
        ('{"text": ' + "1" * 5000 + "}", None),
    ],
)
def test_a_bad_line_is_named_and_the_rest_goes_on(
    write: Write, line: str | bytes, reason: str | None
) -> None:
    raw = line.encode() if isinstance(line, str) else line
    path = write("news.jsonl", b'{"text": "one"}\n\n' + raw + b'\n{"text": "two"}')
    first, failed, last = _items(path)
    assert isinstance(first, Article)
    assert isinstance(last, Article)
    assert (first.text, last.text) == ("one", "two")
    assert isinstance(failed, Failure)
    assert failed.source == f"{path}:3"
    if reason is None:
        reason = (
            "the line is no JSON that can be read: a number in it is too long, or it is nested too deeply"
        )
    assert failed.reason == reason


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("2019-04-24", "2019-04-24"),
        ("20190424", "2019-04-24"),
        ("2019-04-24T10:00:00Z", "2019-04-24T10:00:00Z"),
        ("2019-04-24 10:00:00+02:00", "2019-04-24T10:00:00+02:00"),
        ("", None),
        (None, None),
    ],
)
def test_the_date_is_iso_8601(write: Write, given: str | None, kept: str | None) -> None:
    (item,) = _items(write("a.jsonl", _lines({"text": "He came.", "published": given})))
    assert isinstance(item, Article)
    assert item.published == kept


def test_a_blank_title_is_derived_and_blank_fields_are_none(write: Write) -> None:
    record = {
        "text": "A train for Kim\n\nHe came on Wednesday.",
        "title": " ",
        "source": "",
        "url": " ",
        "author": "\t",
    }
    (item,) = _items(write("2018-01-01-news.jsonl", _lines(record)))
    assert isinstance(item, Article)
    assert (item.title, item.source, item.url, item.author) == ("A train for Kim", None, None, None)
    assert item.published is None


def test_the_same_id_in_another_line_is_a_failure_but_the_same_article_is_not(write: Write) -> None:
    one, other = {"id": "x", "text": "one"}, {"id": "x", "text": "other"}
    path = write("a.jsonl", _lines(one, one, other))
    kept, failed = _items(path)
    assert isinstance(kept, Article)
    assert failed == Failure(
        source=f"{path}:3", reason="the id x stands in line 1 already: give each article its own"
    )


def test_position_is_how_far_the_file_is_read(write: Write) -> None:
    first, second = _lines({"text": "one"}), _lines({"text": "twenty-two"})
    path = write("a.jsonl", first + second + "broken\n")
    assert [loaded.position for loaded in load(path)] == [
        len(first),
        len(first + second),
        len(first + second) + 7,
    ]


def test_a_file_is_read_line_by_line(write: Write) -> None:
    stream = load(write("a.jsonl", _lines({"text": "one"}) + "x" * 10_000_000))
    loaded = next(stream)
    assert loaded == Loaded(loaded.item, 16)


def test_a_very_long_line_is_fine(write: Write) -> None:
    text = "Łódź " * 1_000_000
    (item,) = _items(write("a.jsonl", json.dumps({"text": text})))
    assert isinstance(item, Article)
    assert item.text == text


def test_a_mark_of_utf8_and_windows_newlines_are_no_part_of_a_line(write: Write) -> None:
    path = write("a.jsonl", b'\xef\xbb\xbf{"text": "one"}\r\n\r\n{"text": "two"}\r\n')
    assert [item.text for item in _items(path) if isinstance(item, Article)] == ["one", "two"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "the file is empty"),
        (b"\n \r\n\n", "the file is empty"),
        (b"\xef\xbb\xbf\n", "the file is empty"),
        (
            b'[\n{"text": "x"}\n]\n',
            "this is one JSON list over many lines: write one object a line, without the brackets around",
        ),
        ('{"text": "x"}\n'.encode("utf-16"), "the file is UTF-16: save it as UTF-8"),
        (b"ab\0cd", "this is binary data, not lines of JSON"),
        (b"%PDF-1.4\n", "this is a PDF: rename it to .pdf"),
        (
            gzip.compress(b"{}"),
            "this is packed with gzip: unpack it, or rename it to .jsonl.gz if it holds article lines",
        ),
    ],
)
def test_a_file_of_another_kind_is_named_once(
    failure: Callable[[str, bytes], str], content: bytes, reason: str
) -> None:
    assert failure("a.jsonl", content) == reason


def test_a_packed_file_is_read_and_its_position_is_in_packed_bytes(write: Write) -> None:
    packed = gzip.compress(_lines({"text": "one"}).encode()) + gzip.compress(_lines({"text": "two"}).encode())
    loaded = list(load(write("a.jsonl.gz", packed)))
    assert [each.item.text for each in loaded if isinstance(each.item, Article)] == ["one", "two"]
    assert loaded[-1].position == len(packed)


@pytest.mark.parametrize("damage", ["cut", "changed", "trailed"])
def test_lines_before_a_damage_are_kept(write: Write, damage: str) -> None:
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb", mtime=0) as stream:
        stream.write(_lines({"text": "one"}, {"text": "two"}).encode())
    whole = bytearray(out.getvalue())
    if damage == "cut":
        del whole[-8:]
    elif damage == "changed":
        whole[-6] ^= 0xFF
    else:
        whole += b"garbage"
    path = write("a.jsonl.gz", bytes(whole))
    one, two, failed = load(path)
    assert isinstance(one.item, Article)
    assert isinstance(two.item, Article)
    assert isinstance(failed.item, Failure)
    assert failed.item.source == str(path)
    assert failed.item.reason.startswith("the file is damaged or cut off; the lines before that are kept")
    assert failed.position == len(whole)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "the file is empty"),
        (gzip.compress(b""), "the file is empty"),
        (b'{"text": "x"}\n', "this is not packed with gzip: rename it to .jsonl"),
    ],
)
def test_a_gz_that_is_none_is_named(
    failure: Callable[[str, bytes], str], content: bytes, reason: str
) -> None:
    assert failure("a.jsonl.gz", content) == reason
