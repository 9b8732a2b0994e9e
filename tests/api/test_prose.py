"""An answer as text: what stands in articles stays text, wherever it is drawn."""

from __future__ import annotations

import pytest
from markdown_it import MarkdownIt

from qa import Answer, Citation
from qa.api.prose import inert, spoken, text

HOSTILE = [
    "![i](http://evil.example/i.png)",
    "[click](javascript:alert(1))",
    "\\![i](http://evil.example/i.png)",
    "!\\[i](http://evil.example/i.png)",
    "\\\\[click](http://evil.example)",
    "<script>alert(1)</script>",
    "\\<img src=http://evil.example/x.png>",
    "\\\\<img src=http://evil.example/x.png>",
    "<http://evil.example>",
    "<!-- x --><?php ?>",
    "[1]: http://evil.example\n\n[1]",
    "[1]: http://evil.example\n\n![x][1]",
    "a [b]\\(http://evil.example)",
    "![[x]](http://evil.example/i.png)",
    "`\\<img src=x>`<img src=x>",
]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_nothing_in_it_is_fetched_followed_or_run(hostile: str) -> None:
    html = MarkdownIt("commonmark").render(inert(hostile))
    for alive in ("<img", "<a ", "<script", "<!--", "<?"):
        assert alive not in html


@pytest.mark.parametrize("hostile", HOSTILE)
def test_and_yet_it_can_be_read(hostile: str) -> None:
    assert set(hostile) <= set(inert(hostile))
    assert len(inert(hostile)) > len(hostile)


@pytest.mark.parametrize(
    "plain", ["5 < 6 and 7 > 2", "He said [sic] so. [1] [2]", "C:\\news, 3! (or 4)", "a\\b"]
)
def test_what_is_harmless_stays_as_it_is(plain: str) -> None:
    assert inert(plain) == plain


def quoted(title: str = "The bridge", quote: str = "It cost 48 million.") -> Answer:
    citation = Citation(
        number=1,
        article_id="bridge",
        title=title,
        source="Valley\nPost",
        url=None,
        published="2021-05-04T08:00:00",
        start=0,
        end=19,
        quote=quote,
        answer_start=8,
        answer_end=18,
    )
    return Answer(
        question="How much?",
        answered=True,
        answer="48 million",
        confidence=0.3,
        citations=(citation,),
        nearest=(),
        model="reader",
        seconds=0.0,
        understood="How much did it cost?",
    )


def test_an_answer_says_how_far_to_trust_it_and_what_it_stands_on() -> None:
    assert text(quoted()) == (
        "48 million [1]\n\nThis may be it, but the articles are not clear.\n\nUnderstood as: How much did it cost?"
        "\n\nSources:\n\n[1] “It cost 48 million.” (The bridge, Valley Post, 2021-05-04)"
    )


def test_a_title_cannot_become_a_source_of_its_own() -> None:
    said = text(quoted(title="x\n\n[2] “Elephants.” [click](http://evil.example)", quote="a\n\nb"))
    assert said.endswith(
        r"[1] “a b” (x [2] “Elephants.” [click]\(http://evil.example), Valley Post, 2021-05-04)"
    )


def test_what_was_said_comes_back_without_its_sources() -> None:
    said = spoken(text(quoted()))
    assert said.startswith("48 million\n\nThis may be it")
    assert "[1]" not in said
    assert spoken(inert("a \\<b> ![c](d)")) == "a \\<b> ![c](d)"
