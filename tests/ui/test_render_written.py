"""How an answer of several sentences is drawn, to the letter: what supports each, and what nothing does."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.records import UNSUPPORTED, Answer, Citation, Claim
from qa.ui.render import Turn, conversation, spoken
from qa.ui.render.markup import Html, element
from qa.ui.render.written import written

Sentence = tuple[str, tuple[int, ...], bool | None]


def answer(*parts: str | Sentence, **changes: object) -> Answer:
    """An answer made of sentences with what supports them, and of the text between their marks."""
    text, claims = "", []
    for part in parts:
        if isinstance(part, str):
            text += part
            continue
        said, numbers, supported = part
        claims.append(
            Claim(start=len(text), end=len(text) + len(said), citations=numbers, supported=supported)
        )
        marks = "".join(f" [{number}]" for number in numbers)
        text += said + (f" {UNSUPPORTED}" if supported is False else marks)
    cited = sorted({number for claim in claims for number in claim.citations})
    values: dict[str, object] = {
        "question": "What?",
        "answered": True,
        "answer": text,
        "confidence": 0.9,
        "citations": tuple(citation(number) for number in cited),
        "nearest": (),
        "model": "m",
        "seconds": 0.1,
        "claims": tuple(claims),
    }
    return Answer(**{**values, **changes})  # type: ignore[arg-type]


def citation(number: int) -> Citation:
    return Citation(
        number=number,
        article_id=f"a{number}",
        title=f"Title {number}",
        source=None,
        url=None,
        published=None,
        start=0,
        end=4,
        quote="So.",
        answer_start=0,
        answer_end=4,
    )


def button(number: int) -> Html | None:
    """A button as short as possible; there is no citation 9."""
    return element("b", str(number)) if number != 9 else None


def drawn(given: Answer, *, working: bool = False) -> str:
    return written(given, button, working=working)


def shown(written: str) -> str:
    """The text that a browser would show for a piece of HTML."""
    return html.unescape(re.sub(r"<[^>]*>", "", written))


def words(text: str) -> str:
    return f'<span class="words">{text}</span>'


def cites(*numbers: int) -> str:
    return f'<span class="cites">{"".join(f"<b>{number}</b>" for number in numbers)}</span>'


TAG = (
    '<span class="tag" title="Nothing that was found in your articles says this: the model may have made it up.">'
    "not in the articles</span>"
)
ROW = "<the row of test_render_answers.py>"
PULSE = '<span class="pulse" aria-hidden="true"></span>'


def test_sentences_with_their_numbers_and_one_that_nothing_supports() -> None:
    given = answer(("He came.", (1, 2), True), " ", ("He sang.", (), False), " ", ("He left.", (2,), True))
    assert drawn(given) == (
        f'<p dir="auto">{words("He came.")}{cites(1, 2)} '
        f'<span class="words unsupported">He sang.</span> {TAG} {words("He left.")}{cites(2)}</p>'
    )


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        # A heading that claims nothing, and a list: of the model's layout, that much is kept.
        (
            (
                ("Who came:", (), None),
                "\n\n- ",
                ("Kim.", (1,), True),
                "\n- ",
                ("Putin.", (2,), True),
                "\n\nEnd",
            ),
            f'<p dir="auto">{words("Who came:")}</p><ul><li dir="auto">{words("Kim.")}{cites(1)}</li>'
            f'<li dir="auto">{words("Putin.")}{cites(2)}</li></ul><p dir="auto">End</p>',
        ),
        (
            ("3. ", ("Kim.", (1,), True), "\n4) ", ("Putin.", (2,), True)),
            f'<ol><li dir="auto" value="3">{words("Kim.")}{cites(1)}</li>'
            f'<li dir="auto" value="4">{words("Putin.")}{cites(2)}</li></ol>',
        ),
        (
            ("## ", ("The visit", (), None), "\n", ("Kim came.", (1,), True)),
            f'<p class="head" dir="auto">{words("The visit")}</p><p dir="auto">{words("Kim came.")}{cites(1)}</p>',
        ),
        # The list may be in the sentence, too, if the model put no full stops.
        (
            (("Who came:\n- Kim\n- **Putin**", (1,), True),),
            f'<p dir="auto">{words("Who came:")}</p><ul><li dir="auto">{words("Kim")}</li>'
            f'<li dir="auto">{words("Putin")}{cites(1)}</li></ul>',
        ),
        # A quote keeps its line ends, which are no paragraphs.
        (
            (("He came\nby train.", (1,), True), "\n", ("He left.", (2,), True)),
            f'<p dir="auto">{words("He came" + chr(10) + "by train.")}{cites(1)}</p>'
            f'<p dir="auto">{words("He left.")}{cites(2)}</p>',
        ),
        # Bold words lose their asterisks, powers and lone ones do not.
        (
            (("**Kim** came, 2**3 ** times.", (1,), True),),
            f'<p dir="auto">{words("Kim came, 2**3 ** times.")}{cites(1)}</p>',
        ),
        # A number without its citation is not drawn.
        ((("He came.", (9,), True),), f'<p dir="auto">{words("He came.")}</p>'),
        ((("So it was.", (), None),), f'<p dir="auto">{words("So it was.")}</p>'),
    ],
)
def test_layout(parts: Sequence[str | Sentence], expected: str) -> None:
    assert drawn(answer(*parts)) == expected


def test_while_more_will_come_a_mark_stands_at_the_end() -> None:
    one = answer(("He came.", (1,), True))
    two = answer(("He came.", (1,), True), "\n- ", ("He sang.", (), False))
    assert drawn(one, working=True) == f'<p dir="auto">{words("He came.")}{cites(1)}{PULSE}</p>'
    assert drawn(two, working=True) == (
        f'<p dir="auto">{words("He came.")}{cites(1)}</p><ul><li dir="auto">'
        f'<span class="words unsupported">He sang.</span> {TAG}{PULSE}</li></ul>'
    )


def test_a_written_answer_in_its_turn() -> None:
    given = answer(("He came.", (1,), True), " ", ("He sang.", (), False))
    page = conversation([Turn(key="k", question="What?", answer=given, whole=True)])
    page = re.sub('<div class="acts">.*?</div>', ROW, page, flags=re.DOTALL)
    assert page == (
        '<section class="turn" data-key="k" data-state="answered"><h2 class="asked" dir="auto">What?</h2>'
        f'<div class="reply written"><p dir="auto">{words("He came.")}<span class="cites">'
        '<button type="button" class="cite" data-act="cite" data-number="1" aria-label="Source 1: Title 1">1</button>'
        f'</span> <span class="words unsupported">He sang.</span> {TAG}</p></div>'
        '<div class="below"><button type="button" class="trust doubt" data-act="why" dir="auto">One sentence is marked '
        "“not in the articles”: nothing that was found says so.</button>"
        '<span class="why" hidden><span>Every sentence was compared with the passages that were found: 1 of 2 is '
        "supported.</span><span>One article says so.</span></span>"
        f'{ROW}</div><ol class="cards" aria-label="Sources"><li><button type="button" class="card" data-act="card" '
        'data-article="a1" data-start="0" data-end="4" data-answer-start="0" data-answer-end="4" data-number="1">'
        '<span class="number" aria-hidden="true">1</span><span class="title" dir="auto">Title 1</span>'
        '<span class="quote" dir="auto"><mark class="cited" data-marks="0">So.</mark></span></button></li></ol>'
        "</section>"
    )


def test_what_is_said_of_doubt() -> None:
    def doubt(given: Answer) -> list[str]:
        page = conversation([Turn(key="k", question="What?", answer=given, whole=True)])
        return re.findall('class="trust doubt"[^>]*>(.*?)</button>', page)

    came, sang = ("He came.", (1,), True), ("He sang.", (), False)
    assert doubt(answer(came)) == []
    assert doubt(answer(came, confidence=0.3)) == ["This may be it, but the articles are not clear."]
    assert doubt(answer(came, " ", sang, " ", sang, confidence=0.3)) == [
        "2 sentences are marked “not in the articles”: nothing that was found says so."
    ]


def test_spoken_is_the_text_without_numbers_and_marks() -> None:
    given = answer(
        ("He came.", (1, 2), True), " ", ("He sang.", (), False), "\n\n- ", ("He left.", (2,), True)
    )
    assert spoken(given) == "He came. He sang.\n\n- He left."
    quoted = answer("A [1] quote", claims=())
    assert spoken(quoted) == "A [1] quote"
    assert spoken(answer(answer=None, answered=False)) == ""


HOSTILE = (
    "<img src=x onerror=alert(1)> ![i](http://evil.example/i.png) [a](javascript:alert(1)) ${alert(1)} & \"'`"
)


def test_what_a_model_writes_is_text() -> None:
    page = drawn(answer((HOSTILE, (1,), True), f"\n- {HOSTILE}\n## ", (HOSTILE, (), False), HOSTILE))
    assert page.count("&lt;img src=x onerror=alert(1)&gt; ![i](http://evil.example/i.png)") == 4
    assert set(re.findall(r"<(\w+)", page)) == {"p", "ul", "li", "span", "b"}


plain = st.text(
    alphabet=st.characters(
        exclude_categories=("Cs",), exclude_characters="\0[]*\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
    )
)
sentences = st.tuples(
    plain.filter(str.strip),
    st.lists(st.integers(1, 3), unique=True, max_size=3).map(tuple),
    st.sampled_from([True, False, None]),
)
between = st.sampled_from([" ", "\n", "\n\n", "\n- ", "\n1. ", "\n## ", ""])


@given(st.lists(st.tuples(between, sentences), max_size=6))
def test_every_sentence_is_shown_and_no_mark_is(parts: list[tuple[str, Sentence]]) -> None:
    given = answer(*(piece for part in parts for piece in part))
    page = drawn(given)
    text = shown(page)
    assert "[" not in text
    assert page.count(TAG) == sum(claim.supported is False for claim in given.claims)
    at = 0
    for _, (said, _, _) in parts:
        at = text.index(said.strip().split()[-1], at)
