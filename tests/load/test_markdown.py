"""Markdown: front matter, and a body that quotes well."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from qa.records import Article

LoadOne = Callable[[str, str | bytes], Article]
FailOne = Callable[[str, str | bytes], str]


def test_front_matter_gives_every_field(article: LoadOne) -> None:
    got = article(
        "a.md",
        """---
id: kim-1
title: "Kim arrives: by train"
date: 2019-04-24 18:30:00 +10:00
desk: World
source: Corpus Wire
url: https://example.org/kim
authors:
  - Ann Lee
  - name: Bo Day
---

He came on Wednesday.
""",
    )
    assert got == Article(
        id="kim-1",
        text="He came on Wednesday.",
        title="Kim arrives: by train",
        source="Corpus Wire",
        url="https://example.org/kim",
        published="2019-04-24T18:30:00+10:00",
        author="Ann Lee, Bo Day",
        path=got.path,
    )


def test_other_names_of_the_fields(article: LoadOne) -> None:
    front = "---\nTitle: 2019\nid: 0012\npublished: 24 April 2019\nsite: yes\nlink: http://a.org/b\nauthor: null\n---\n"
    front = front.replace("\n", "\r\n")
    got = article("a.md", front + "He came.")
    assert (got.title, got.id, got.published, got.source) == ("2019", "0012", "2019-04-24", "yes")
    assert (got.url, got.author, got.text) == ("http://a.org/b", None, "He came.")


def test_markup_becomes_plain_text(article: LoadOne) -> None:
    content = """# Kim *arrives*

He came by **armoured** train
to [Vladivostok](https://example.org/v "port"), `quay` 4.\\
A new line, 5 \\* 6 &amp; AT&T.

![Kim on the platform](kim.jpg)

Two points
----------

* One *point*
  that wraps
* Another
  1. inner
  2. second inner

  after a blank
* Last

3. third
4. fourth

> “We hope,” he said.
>
> He left.

| Year | Aid |
|------|----:|
| 2018 | **25** million |

```python
print("x")
```

***

The ~~end~~ end <https://example.org>.

[ref]: https://example.org
"""
    assert (
        article("a.md", content).text
        == """Kim arrives

He came by armoured train to Vladivostok, quay 4.
A new line, 5 * 6 & AT&T.

Two points

• One point that wraps
• Another
  1. inner
  2. second inner
  after a blank
• Last

3. third
4. fourth

“We hope,” he said.

He left.

Year | Aid
2018 | 25 million

print("x")

The end end https://example.org."""
    )


def test_raw_html_is_never_markup(article: LoadOne) -> None:
    content = """Before <b onclick="x()">bold</b> and <img src=x onerror=alert(1)>after.

<div class="box"><p>In a <i>box</i> &amp; more</p>
<script>alert("no")</script><style>p {}</style><p>Second<br>line</p></div>

<!-- a remark -->

End.
"""
    assert article("a.md", content).text == (
        "Before bold and after.\n\nIn a box & more\nSecond\nline\n\nEnd."
    )


def test_the_first_heading_is_the_title_without_front_matter(article: LoadOne) -> None:
    assert article("a-file-name.md", "Some words.\n\n# The *real* title\n\nMore.").title == "The real title"


def test_deep_nesting_loses_nothing(article: LoadOne) -> None:
    content = "".join("  " * depth + f"- item {depth}\n" for depth in range(30))
    assert article("a.md", content).text.endswith("• item 29")


@pytest.mark.parametrize("content", ["---\n\nHe came.\n\n---\n\nHe left.", "---\n- a\n---\nHe left."])
def test_a_rule_is_no_front_matter(article: LoadOne, content: str) -> None:
    assert article("a.md", content).text.endswith("He left.")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (
            "---\ntitle: x\nid: [a\ndesk: }\n---\nHe came.",
            "the front matter is no valid YAML in line 4: expected ',' or ']', but got ':'",
        ),
        (
            "---\ntitle: Kim: by train\n---\nHe came.",
            "the front matter is no valid YAML in line 2: mapping values are not allowed here",
        ),
        (
            "---\ntitle: x\n\nHe came.",
            "the front matter that begins in line 1 has no end: close it with a line of ---",
        ),
        ("---\ntitle: x\n---\n\n![only](a.png)\n", "there is no text in it"),
        ("---\ntitle: {a: b}\n---\nHe came.", 'the front matter\'s "title" must be a text'),
        ("---\nid: ' '\n---\nHe came.", "the id is empty: give one, or leave it out"),
        (
            f"---\ntitle: {'x' * 70_000}\n---\nHe came.",
            "the front matter is longer than 64 KB: move text below its closing ---",
        ),
        ("<!doctype html><html><p>x</p></html>", "this is a web page: rename it to .html"),
    ],
)
def test_damage_is_named(failure: FailOne, content: str, reason: str) -> None:
    assert failure("a.md", content) == reason


def test_a_front_matter_that_nests_without_end_is_a_failure(failure: FailOne) -> None:
    assert failure("a.md", f"---\nx: {'[' * 5000}\n---\nHe came.").startswith(
        "the front matter is no valid YAML"
    )


def test_code_in_yaml_is_not_run(article: LoadOne) -> None:
    got = article("a.md", "---\ntitle: !!python/object/apply:os.getcwd []\ndesk: x\n---\nHe came by train.")
    assert got.title == "He came by train"


def test_pictures_written_into_the_text_do_not_count(article: LoadOne) -> None:
    picture = "![x](data:image/png;base64," + "A" * 9_000_000 + ")"
    assert article("a.md", f"He came.\n\n{picture}\n").text == "He came."
