"""What the page's HTML is, to the letter; and that nothing in it is ever taken for HTML but ours."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.records import AddReport, Answer, Article, ArticleInfo, Citation, Failure, Hit
from qa.ui.render import (
    Mark,
    Turn,
    answerer_line,
    article_page,
    became,
    conversation,
    indexing,
    notice,
    shelf,
    sources,
    told,
    upload_row,
    welcome,
)
from qa.ui.render.markup import element, escape, join, link, marked
from qa.ui.render.reading import blocks
from qa.ui.render.words import day, sentence
from qa.ui.status import Answerer, Status

HOSTILE = "<img src=x onerror=alert(1)>\"'&`${alert(1)}{{alert(1)}}"
TEXT = "Kim came by train. The summit was held on Russky island, near the city."
SENTENCE = Mark(start=19, end=71, answer_start=42, answer_end=55)


def shown(written: str) -> str:
    """The text that a browser would show for a piece of HTML."""
    return html.unescape(re.sub(r"<[^>]*>", "", written))


def without_below(written: str) -> str:
    """The page without the rows below answers, which test_render_answers.py looks at."""
    return re.sub(r'<div class="below">.*?</div></div>', "", written, flags=re.DOTALL)


def citation(**changes: object) -> Citation:
    whole = Citation(
        number=1,
        article_id="a/1",
        title="Talks",
        source="Wire",
        url=None,
        published="2019-04-25",
        start=19,
        end=71,
        quote=TEXT[19:71],
        answer_start=42,
        answer_end=55,
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


def turn(**changes: object) -> Turn:
    return replace(Turn(key="k", question="Where?"), **changes)  # type: ignore[arg-type]


def test_element_escapes_text_and_attributes_but_not_its_own_html() -> None:
    inner = element("b", "<i>")
    assert element("p", inner, ' & "', class_="x", data_id='"><script>', hidden=True, title=None) == (
        '<p class="x" data-id="&quot;&gt;&lt;script&gt;" hidden><b>&lt;i&gt;</b> &amp; &quot;</p>'
    )


@pytest.mark.parametrize("name", ["href", "src", "style", "onclick", "srcdoc", "action"])
def test_element_refuses_attributes_that_can_act(name: str) -> None:
    with pytest.raises(ValueError, match=name):
        element("a", **{name: "x"})


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", " JaVaScript:alert(1)", "data:text/html,x", "//x", "https:", "http://[", "/a"],
)
def test_only_web_addresses_become_links(address: str) -> None:
    assert link("original", address) == "original"


def test_a_web_address_becomes_a_link_that_gives_nothing_away() -> None:
    assert link("<o>", 'https://x.org/?a="&b') == (
        '<a href="https://x.org/?a=&quot;&amp;b" target="_blank" rel="noopener noreferrer nofollow">&lt;o&gt;</a>'
    )


def test_what_no_encoding_can_carry_is_shown_as_a_question_mark() -> None:
    assert escape("a\ud800b\0") == "a?b\N{REPLACEMENT CHARACTER}"


def test_marked_cuts_at_every_border_so_that_no_marks_nest() -> None:
    marks = [
        Mark(start=1, end=5, answer_start=2, answer_end=3),
        Mark(start=4, end=7, answer_start=4, answer_end=4),
    ]
    assert marked("0123456789", 0, 9, marks) == (
        '0<mark class="cited" data-marks="0">1</mark><mark class="cited answer" data-marks="0">2</mark>'
        '<mark class="cited" data-marks="0">3</mark><mark class="cited" data-marks="0 1">4</mark>'
        '<mark class="cited" data-marks="1">56</mark>78'
    )


def test_an_answer_that_is_the_whole_sentence_does_not_stand_out_in_it() -> None:
    mark = Mark(start=1, end=3, answer_start=1, answer_end=3)
    assert marked("abcd", 0, 4, [mark]) == 'a<mark class="cited" data-marks="0">bc</mark>d'


def test_article_page() -> None:
    article = Article(
        id="1",
        title="Talks <1>",
        text=f"LABOUR\n{TEXT}\n\n• one\n• two\n",
        source="Wire",
        published="2019-04-25T10:00:00Z",
        url="https://x.org",
        author="A. B.",
    )
    mark = Mark(start=26, end=78, answer_start=49, answer_end=62)
    assert article_page(article, [mark]) == (
        '<header data-origin="Talks &lt;1&gt;, Wire, 25 April 2019\nhttps://x.org">'
        '<h2 dir="auto" class="title">Talks &lt;1&gt;</h2><p class="meta" dir="auto">'
        "Wire · 25 April 2019 · A. B. · "
        '<a href="https://x.org" target="_blank" rel="noopener noreferrer nofollow" class="original">original</a>'
        "</p></header>"
        '<div class="body" dir="auto"><h3>LABOUR</h3>\n<p>Kim came by train. '
        '<mark class="cited" data-marks="0">The summit was held on </mark>'
        '<mark class="cited answer" data-marks="0">Russky island</mark>'
        '<mark class="cited" data-marks="0">, near the city.</mark></p>'
        '<ul>\n\n<li><span class="sign">• </span>one</li>\n<li><span class="sign">• </span>two</li></ul>\n</div>'
    )


@given(st.text(alphabet=st.characters(exclude_categories=("Cs",), exclude_characters="\0")), st.data())
def test_the_text_of_the_page_is_the_text_of_the_article(text: str, data: st.DataObject) -> None:
    place = st.integers(0, len(text) + 3)
    marks = []
    for _ in range(data.draw(st.integers(0, 3))):
        start, answer_start, answer_end, end = sorted(data.draw(place) for _ in range(4))
        marks.append(Mark(start=start, end=end, answer_start=answer_start, answer_end=answer_end))
    page = article_page(Article(id="1", title="t", text=text), marks)
    body = page.split('<div class="body" dir="auto">')[1].removesuffix("</div>")
    assert shown(body) == text


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("One line.\nAnother line.", ["paragraph One line.", "paragraph Another line."]),
        (
            "This paragraph was broken to fit the page, as mail is,\n"
            "and it goes on for one more line here.\n\nNext.",
            [
                "paragraph This paragraph was broken to fit the page, as mail is,\n"
                "and it goes on for one more line here.",
                "paragraph Next.",
            ],
        ),
        (
            "A sentence that is long enough to be broken, but was not.\nAnother one that begins a paragraph.",
            [
                "paragraph A sentence that is long enough to be broken, but was not.",
                "paragraph Another one that begins a paragraph.",
            ],
        ),
        ("## Gaza war\n\nText.", ["heading Gaza war", "paragraph Text."]),
        ("GLOBAL INFLUENCE\nFor Putin.", ["heading GLOBAL INFLUENCE", "paragraph For Putin."]),
        ("UN", ["paragraph UN"]),
        ("  • one\n  - two\n 3. three", ["bullet one", "bullet two", "bullet three"]),
        ("— Reuters", ["paragraph — Reuters"]),
        ("", []),
        (" \n\t\n", []),
    ],
)
def test_blocks(text: str, kinds: list[str]) -> None:
    assert [f"{block.kind} {text[block.body : block.end]}" for block in blocks(text)] == kinds


CARD = (
    '<li><button type="button" class="card" data-act="card" data-article="a/1" data-start="19" data-end="71" '
    'data-answer-start="42" data-answer-end="55" data-number="1">'
    '<span class="number" aria-hidden="true">1</span><span class="title" dir="auto">Talks</span>'
    '<span class="meta" dir="auto">Wire · 25 April 2019</span><span class="quote" dir="auto">'
    '<mark class="cited" data-marks="0">The summit was held on </mark>'
    '<mark class="cited answer" data-marks="0">Russky island</mark>'
    '<mark class="cited" data-marks="0">, near the city.</mark></span></button></li>'
)


def test_an_answer_with_its_numbers_and_cards() -> None:
    assert without_below(conversation([turn(answer=answer(), whole=True)])) == (
        '<section class="turn" data-key="k" data-state="answered"><h2 class="asked" dir="auto">Where?</h2>'
        '<div class="reply"><p><span class="words" dir="auto">Russky island</span><span class="cites">'
        '<button type="button" class="cite" data-act="cite" data-number="1" aria-label="Source 1: Talks">1</button>'
        f'</span></p></div><ol class="cards" aria-label="Sources">{CARD}</ol></section>'
    )


def test_what_another_article_gives_in_its_place_stands_apart_with_its_number() -> None:
    hanoi = replace(
        answer().citations[0],
        number=2,
        quote="The summit was held on <i>Hanoi</i> ground.",
        answer_start=42,
        answer_end=54,
    )
    written = conversation([turn(answer=answer(citations=(*answer().citations, hanoi)), whole=True)])
    act = 'data-act="cite" data-number="2" aria-label="Source 2: Talks"'
    number = f'<button type="button" class="cite" {act}>2</button>'
    assert (
        '</span></p></div><p class="others">The articles also give: <span class="other">'
        f'<span dir="auto">&lt;i&gt;Hanoi&lt;/i&gt;</span>{number}</span></p>'
    ) in written


def test_an_unsure_answer_says_so() -> None:
    written = conversation([turn(answer=answer(confidence=0.3), whole=True)])
    assert 'data-state="unsure"' in written
    assert "This may be it, but the articles are not clear." in written


def test_a_declined_question_shows_the_nearest_passages_as_such() -> None:
    hit = Hit(
        article_id="b",
        title="Talks",
        source=None,
        url=None,
        published=None,
        start=5,
        end=9,
        text="came",
        score=0.4,
    )
    declined = answer(answered=False, answer=None, citations=(), nearest=(hit,), confidence=0.1)
    assert without_below(conversation([turn(answer=declined, whole=True)])) == (
        '<section class="turn" data-key="k" data-state="declined"><h2 class="asked" dir="auto">Where?</h2>'
        '<div class="reply"><p><span class="words">The articles do not say.</span></p></div>'
        '<div class="more"><p class="nearest">The nearest passages, in case they help:</p>'
        '<button type="button" class="quiet" data-act="passages" data-words="Where?">Show passages about this</button>'
        "</div>"
        '<ol class="cards near" aria-label="Nearest passages"><li><button type="button" class="card" data-act="card" '
        'data-article="b" data-start="5" data-end="9" data-answer-start="5" data-answer-end="5">'
        '<span class="title" dir="auto">Talks</span><span class="quote" dir="auto">came</span></button></li></ol>'
        "</section>"
    )


def test_the_states_of_a_turn() -> None:
    helpful = answer(citations=(), model="help")
    assert turn().state == "busy"
    assert turn(answer=answer()).state == "writing"
    assert turn(answer=helpful, whole=True).state == "help"
    assert turn(error="No.").state == "failed"
    assert "Searching the articles…" in conversation([turn()])
    assert conversation([turn(error="No.")]).count("Try again") == 1


def test_a_declined_question_with_a_note_shows_both() -> None:
    declined = answer(answered=False, answer=None, citations=(), confidence=0.1, note="which article <is> it")
    assert without_below(conversation([turn(answer=declined, whole=True)])) == (
        '<section class="turn" data-key="k" data-state="declined"><h2 class="asked" dir="auto">Where?</h2>'
        '<div class="reply"><p><span class="words">The articles do not say.</span></p></div>'
        '<p class="note" dir="auto">Which article &lt;is&gt; it.</p></section>'
    )


def test_a_follow_up_says_how_it_was_understood_below_the_question() -> None:
    written = conversation([turn(answer=answer(understood="Where was <it>?", note="So."), whole=True)])
    assert (
        '<h2 class="asked" dir="auto">Where?</h2>'
        '<p class="understood"><span class="text" dir="auto">Understood as: Where was &lt;it&gt;?</span> '
        '<button type="button" class="act" data-act="correct" data-question="Where was &lt;it&gt;?" '
        'aria-label="Correct how the question was understood">Correct</button></p><div class="reply">'
    ) in written
    assert '</div><p class="note" dir="auto">So.</p><ol class="cards"' in without_below(written)


def test_sources_are_there_but_not_shown_before_the_answer_is_whole() -> None:
    assert '<ol class="cards" aria-label="Sources" hidden>' in conversation([turn(answer=answer())])


def test_what_the_user_stopped_is_no_error() -> None:
    assert conversation([turn(error="You did", stopped=True)]) == (
        '<section class="turn" data-key="k" data-state="failed"><h2 class="asked" dir="auto">Where?</h2>'
        '<div class="error calm"><p dir="auto">You did.</p>'
        '<button type="button" class="quiet" data-act="retry">Try again</button></div><div class="acts">'
        '<button type="button" class="act" data-act="edit">Edit question</button><span class="saying"></span></div>'
        "</section>"
    )


@pytest.mark.parametrize(
    ("answerer", "line", "aloud"),
    [
        (None, "", ""),
        (Answerer(), "The reader answers, in the articles’ own words.", ""),
        (Answerer(name="gguf:m"), "gguf:m writes; each sentence is checked.", ""),
        (
            Answerer(name="openai:<m>", host="api.openai.com"),
            "openai:&lt;m&gt; on api.openai.com writes; each sentence is checked.",
            '<div><p dir="auto" class="where">Questions and passages of your articles are sent to api.openai.com '
            '(openai:&lt;m&gt;).</p><button type="button" class="quiet" data-act="told" '
            'data-told="api.openai.com (openai:&lt;m&gt;)" aria-label="OK, hide this">OK</button></div>',
        ),
        (
            Answerer(error="there is no <model>"),
            "The reader answers, in the articles’ own words.",
            '<div class="wrong"><p dir="auto">There is no &lt;model&gt;. Meanwhile the reader answers, in the '
            "articles’ own words.</p></div>",
        ),
    ],
)
def test_who_answers(answerer: Answerer | None, line: str, aloud: str) -> None:
    assert (answerer_line(answerer), told(answerer)) == (line, aloud)


def test_hostile_text_stays_text_everywhere() -> None:
    info = ArticleInfo(
        id=HOSTILE,
        hash="",
        title=HOSTILE,
        source=HOSTILE,
        url=HOSTILE,
        published=HOSTILE,
        author=HOSTILE,
        path=HOSTILE,
        characters=1,
        passages=1,
    )
    bad = Failure(source=HOSTILE, reason=HOSTILE)
    status = Status(
        phase="ready", articles=(info,), examples=(HOSTILE,), failures=(bad,), sources=HOSTILE, error=HOSTILE
    )
    article = Article(id="1", title=HOSTILE, text=f"# {HOSTILE}\n- {HOSTILE}", source=HOSTILE, url=HOSTILE)
    cited = citation(title=HOSTILE, source=HOSTILE, article_id=HOSTILE, quote=HOSTILE)
    hit = Hit(
        article_id=HOSTILE,
        title=HOSTILE,
        source=HOSTILE,
        url=HOSTILE,
        published=HOSTILE,
        start=0,
        end=4,
        text=HOSTILE,
        score=0.1,
    )
    declined = answer(answered=False, answer=None, citations=(), nearest=(hit,))
    for written in (
        conversation([turn(question=HOSTILE, answer=answer(answer=HOSTILE, citations=(cited,)), whole=True)]),
        conversation([turn(answer=declined, whole=True)]),
        conversation([turn(error=HOSTILE)]),
        conversation([turn(answer=answer(understood=HOSTILE, note=HOSTILE), whole=True)]),
        told(Answerer(name=HOSTILE, host=HOSTILE)),
        told(Answerer(error=HOSTILE)),
        answerer_line(Answerer(name=HOSTILE)),
        article_page(article, [SENTENCE]),
        shelf(status, [info], 10),
        sources([(HOSTILE, 1)], f"{HOSTILE}, gone"),
        indexing(replace(status, phase="indexing", detail=HOSTILE)),
        welcome(status),
        welcome(replace(status, phase="failed")),
        notice(replace(status, phase="indexing")),
        notice(replace(status, phase="waiting", detail=HOSTILE)),
        upload_row(HOSTILE, AddReport(failed=(bad,))),
    ):
        assert "<img" not in written
        assert "alert(1)" in shown(written)
        assert set(re.findall(r"<(\w+)", written)) <= {
            *("section", "h1", "h2", "h3", "div", "p", "span", "button", "ol", "ul", "li", "mark", "header"),
            *("details", "summary", "progress", "option", "svg", "path"),
        }


BAD = Failure(source="x", reason="it is empty")


@pytest.mark.parametrize(
    ("report", "word", "words"),
    [
        (AddReport(added=("1",)), "added", "added"),
        (AddReport(added=("1", "2"), updated=("3",)), "added", "2 articles added, updated"),
        (AddReport(updated=("3",), unchanged=2), "added", "updated, 2 articles already there"),
        (AddReport(unchanged=1), "there", "already there"),
        (AddReport(skipped=1), "failed", "qa does not read files of this kind"),
        (AddReport(failed=(BAD,)), "failed", "it is empty"),
        (AddReport(added=("1",), failed=(BAD,)), "failed", "addedit is empty"),
        (AddReport(), "failed", "there is no article in this file"),
    ],
)
def test_what_became_of_a_file(report: AddReport, word: str, words: str) -> None:
    assert (became(report), shown(upload_row("file.txt ", report))) == (word, f"file.txt {words}")


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (Status(), "Opening the library…"),
        (Status(phase="loading"), "Loading the models…"),
        (
            Status(phase="indexing", sources="corpus", indexed=13, fraction=0.5),
            "Indexing corpus: 50%, 13 articles so far",
        ),
        (Status(phase="ready"), "0 articles"),
    ],
)
def test_notice(status: Status, words: str) -> None:
    assert shown(notice(status)) == words


def test_an_empty_library_says_what_to_do() -> None:
    assert shown(welcome(Status(phase="ready"))) == (
        "Add articles firstDrop news articles, or a folder of them, anywhere on this page. "
        "Text, Markdown, HTML, PDF, Word or JSON lines, up to 64 MB a file.Choose files"
    )


def test_day() -> None:
    assert [
        day(given) for given in ("2019-04-24", "2019-04-24T23:00:00+10:00", "20190424", "spring", "", None)
    ] == [*("24 April 2019", "24 April 2019", "24 April 2019", "spring", None, None)]


def test_an_error_is_a_sentence() -> None:
    assert [sentence(text) for text in ("it is empty", "No!", "")] == ["It is empty.", "No!", ""]


def test_join_leaves_out_what_is_not_there() -> None:
    assert join("a", None, element("b")) == "a<b></b>"
