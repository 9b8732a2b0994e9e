"""What stands below an answer: how sure it is and why, what can be done with it, what was thought of it."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest

from qa.feedback import Verdict
from qa.records import UNSUPPORTED, Answer, Citation, Claim
from qa.ui.render import Turn, conversation, passages
from qa.ui.render.markup import join
from qa.ui.render.plain import plain
from qa.ui.render.trust import trust

QUOTE = "The summit was held on Russky island, near the city."
HOSTILE = "<img src=x onerror=alert(1)>\"'&`"


def citation(number: int = 1, **changes: object) -> Citation:
    whole = Citation(
        number=number,
        article_id=f"a{number}",
        title="Talks",
        source="Wire",
        url="https://x.org/1",
        published="2019-04-25",
        start=100,
        end=100 + len(QUOTE),
        quote=QUOTE,
        answer_start=123,
        answer_end=136,
    )
    return replace(whole, **changes)  # type: ignore[arg-type]


def answer(**changes: object) -> Answer:
    whole = Answer(
        question="Where?",
        answered=True,
        answer="Russky island",
        confidence=0.9,
        citations=(citation(),),
        nearest=(),
        model="reader",
        seconds=0.1,
    )
    return replace(whole, **changes)  # type: ignore[arg-type]


def declined(**changes: object) -> Answer:
    return answer(answered=False, answer=None, citations=(), confidence=0.1, **changes)


def page(given: Answer, **changes: object) -> str:
    turn = Turn(key="k", question="Where?", answer=given, whole=True)
    return conversation([replace(turn, **changes)])  # type: ignore[arg-type]


def words(given: Answer) -> list[str]:
    """The words of trust, and the lines that explain them."""
    return [html.unescape(one) for one in re.findall(r">([^<>]+)<", trust(given) or "")]


MEASURED = (
    "Measured on hard questions whose answers are known: with these words, the sentence shown was right "
)
HANOI = citation(
    2, quote="The summit was held in Hanoi, too, that year, it was.", answer_start=123, answer_end=128
)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (
            answer(),
            [
                "The articles say so clearly.",
                f"{MEASURED}in five of six cases.",
                "One article says so.",
            ],
        ),
        (
            answer(confidence=0.69, citations=(citation(), citation(2, source="Post"))),
            [
                "The articles seem to say so.",
                f"{MEASURED}in half of the cases.",
                "2 articles from 2 sources say so; near copies of one story count once.",
            ],
        ),
        (
            answer(confidence=0.49, citations=(citation(), citation(2), HANOI)),
            [
                "This may be it, but the articles are not clear.",
                f"{MEASURED}in two of five cases.",
                "2 articles from one source say so; near copies of one story count once.",
                "Another answer is cited, too: the articles may not agree.",
            ],
        ),
        (declined(), []),
        (answer(citations=(), model="help"), []),
    ],
)
def test_how_sure_it_is_in_words_that_explain_themselves(given: Answer, expected: list[str]) -> None:
    assert words(given) == expected


def written(*supported: bool | None) -> Answer:
    text, claims = "", []
    for i, is_supported in enumerate(supported):
        start = len(text)
        text += f"Sentence {i}."
        numbers = (1,) if is_supported else ()
        claims.append(Claim(start=start, end=len(text), citations=numbers, supported=is_supported))
        text += f" {UNSUPPORTED} " if is_supported is False else " [1] " if is_supported else " "
    return answer(answer=text.rstrip(), claims=tuple(claims), model="m")


def test_a_written_answer_says_how_many_of_its_sentences_are_supported() -> None:
    compared = "Every sentence was compared with the passages that were found: "
    assert words(written(True, None, True))[:2] == [
        "The articles say so clearly.",
        f"{compared}2 of 2 are supported.",
    ]
    assert words(written(True, False))[:2] == [
        "One sentence is marked “not in the articles”: nothing that was found says so.",
        f"{compared}1 of 2 is supported.",
    ]


def test_sentences_that_stand_in_the_article_are_said_to() -> None:
    opening = answer(
        answer=f"{QUOTE} [1]", claims=(Claim(start=0, end=len(QUOTE), citations=(1,), supported=True),)
    )
    assert words(opening)[:2] == [
        "Word for word from the articles.",
        "These sentences stand in the articles as they are here.",
    ]


ROW = (
    '<div class="acts"><button type="button" class="act" data-act="copy" data-copy="Hello.">Copy</button>'
    '<button type="button" class="act" data-act="again">Ask again</button>'
    '<button type="button" class="act" data-act="edit">Edit question</button>{thumbs}<span class="saying"></span></div>'
)


def test_the_row_of_what_can_be_done() -> None:
    helpful = answer(answer="Hello.", citations=(), model="help")
    assert f'<div class="below">{ROW.format(thumbs="")}</div>' in page(helpful)
    assert '<div class="acts">' not in page(answer(), whole=False)
    thumbs = re.findall(r'data-good="(\w+)" aria-label="([\w ]+)" aria-pressed="(\w+)"', page(answer()))
    assert thumbs == [("yes", "A right answer", "false"), ("no", "A wrong answer", "false")]


def test_a_turn_that_was_asked_alone_says_so_to_the_scripts() -> None:
    assert 'data-state="answered" data-alone>' in page(answer(), alone=True)
    assert "data-alone" not in page(answer())


def judged(**changes: object) -> list[str]:
    """What is said of a verdict."""
    return [
        html.unescape(one) for one in re.findall('class="judged[^>]*>(.*?)</p>', page(answer(), **changes))
    ]


def test_what_is_said_of_a_verdict() -> None:
    kept, bad = "Kept here.", Verdict(good=False)
    assert judged() == []
    assert judged(verdict=Verdict(good=True), kept=kept) == [kept]
    assert judged(verdict=bad, kept=kept) == [kept]
    assert judged(verdict=replace(bad, reason="incomplete", note="and <when>?"), kept=kept) == [
        "Noted: incomplete: and <when>? Kept here."
    ]
    assert judged(trouble="it cannot be kept") == ["It cannot be kept."]
    assert judged(verdict=Verdict(good=True), kept=kept, trouble="no") == [kept, "No."]


def test_a_bad_verdict_is_asked_why_until_it_is_said() -> None:
    def reasons(given: Answer, **changes: object) -> list[tuple[str, str]]:
        return re.findall(r'data-reason="([\w ]+)" aria-pressed="false">([\w ]+)<', page(given, **changes))

    bad = Verdict(good=False)
    assert reasons(answer(), verdict=bad) == [
        ("wrong", "Wrong"),
        ("not in the article", "Not in the article"),
        ("incomplete", "Incomplete"),
        ("other", "Something else"),
    ]
    assert reasons(declined(), verdict=bad) == [("wrong", "The articles do say"), ("other", "Something else")]
    assert 'for="note-k"' in page(answer(), verdict=bad)
    assert '<textarea id="note-k" rows="2" maxlength="500" dir="auto"></textarea>' in page(
        answer(), verdict=bad
    )
    assert reasons(answer(), verdict=Verdict(good=True)) == []
    assert reasons(answer(), verdict=replace(bad, note="so")) == []


def test_an_answer_as_plain_text_with_its_sources() -> None:
    bare = citation(2, source=None, published=None, url="javascript:alert(1)", quote="Two\n lines.")
    assert plain(answer(citations=(citation(), bare))) == (
        "Russky island [1] [2]\n\n"
        f"[1] Talks, Wire, 25 April 2019\nhttps://x.org/1\n“{QUOTE}”\n\n"
        "[2] Talks\n“Two lines.”"
    )
    assert plain(written(True, False)).startswith(
        "Sentence 0. [1] Sentence 1. [not in the articles]\n\n[1] Talks"
    )
    assert plain(declined()) == "The articles do not say."
    assert plain(answer(answer="a\x1b[31m\0b", citations=())) == "a [31m b"


def test_what_comes_from_elsewhere_is_text() -> None:
    cited = citation(
        title=HOSTILE, source=HOSTILE, published=HOSTILE, quote=HOSTILE, url=f"https://x/{HOSTILE}"
    )
    given = answer(answer=HOSTILE, citations=(cited,), understood=HOSTILE)
    bad = Verdict(good=False, note=HOSTILE)
    for drawn in (
        page(given, verdict=bad, kept=HOSTILE),
        page(given, trouble=HOSTILE, question=HOSTILE),
        page(declined(understood=HOSTILE)),
    ):
        assert "<img" not in drawn
        assert "onerror=alert(1)&gt;" in drawn


def test_passages_that_were_found_are_cards() -> None:
    assert passages([]) == join()
