"""Marks, links and tags are taken out of what a model wrote; nothing that is left can be taken for a citation."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.verify.plain import letters, plain


@pytest.mark.parametrize(
    ("written", "text", "numbers"),
    [
        ("Kim left [1].", "Kim left.", (1,)),
        ("Kim left. [1][2]", "Kim left.", (1, 2)),
        ("Kim left [1, 3-5; 7].", "Kim left.", (1, 3, 4, 5, 7)),
        ("Kim left【2】 or ［１］.", "Kim left or.", (2, 1)),
        ("Kim left [Source 2] [passage 3] [^4] [5†source].", "Kim left.", (2, 3, 4, 5)),
        ("Kim left ([1], [2]).", "Kim left.", (1, 2)),
        ("Kim left [[1]](http://evil.example/a_(b)).", "Kim left.", (1,)),
        ("Kim[1]left.", "Kim left.", (1,)),
        ("“Kim left [1].”", "“Kim left.”", (1,)),
        ("[1] Kim left.", "Kim left.", (1,)),
        ("He left in [2019], [he] said, with [3 men].", "He left in (2019), he said, with (3 men).", ()),
        ("See [the site](http://evil.example) and ![a picture](data:x).", "See the site and a picture.", ()),
        ("<b>Kim</b> <img src=x onerror=alert(1)> left<!-- [9] -->.", "Kim left.", ()),
        ("At https://evil.example/a, www.evil.example or <http://a.b>", "At evil.example/a, evil.example or", ()),
        ("Kim [unsupported] left [[[", "Kim unsupported left (((", ()),
        ("5 < 6 and 7 > 6", "5 < 6 and 7 > 6", ()),
        ("Kim [99999] left [0].", "Kim (99999) left.", (0,)),
    ],
)  # fmt: skip
def test_what_is_left(written: str, text: str, numbers: tuple[int, ...]) -> None:
    found = plain(letters(written))
    assert (found.text, found.numbers) == (text, numbers)


def test_hidden_letters_go() -> None:
    assert letters("a\u202eb\x00c\u200bd\r\ne\u2028f\ud800") == "abcd\ne\nf\ufffd"


@given(st.text(st.sampled_from("a1 [](){}<>!.,:/†^-【】［］\u202e\u0663\n\\wth")), st.integers(0, 50))
def test_no_bracket_and_no_address_is_left(written: str, cut: int) -> None:
    text = letters(written)
    assert text.startswith(letters(written[:cut]))
    assert not set(plain(text).text) & set("[]【】［］")
    assert "://" not in plain(f"{written} https://evil.example [x](http://evil.example)").text


@pytest.mark.parametrize(
    "piece", ["[", "[1", "](", "[1](", "<b ", "http://", "(", "[1]", "[[1]](", "www.", "<!--"]
)
def test_hostile_text_takes_no_time(piece: str) -> None:
    """Twenty times as long a text as a sentence may be; a quadratic pattern would take minutes."""
    started = time.process_time()
    plain(letters(piece * (30_000 // len(piece))))
    assert time.process_time() - started < 20
