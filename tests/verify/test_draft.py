"""An answer with its citations checked: each sentence, its marks, and what stands in the articles."""

from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa import Hit
from qa.embed import SentenceEmbedder
from qa.records import UNSUPPORTED
from qa.verify import Checked, Checker, Draft, checked

SUMMIT = (
    "VLADIVOSTOK, Russia — The summit took place on Thursday at a university on Russky island. "
    "The two men exchanged swords. Kim had come by armoured train."
)
STORM = "Storm Agnes closed the harbour of Lisbon for two days. Eleven ships waited outside [3]."


def hit(text: str, *, article_id: str, start: int = 0) -> Hit:
    return Hit(
        article_id=article_id,
        title=f"About {article_id}",
        source="Harbour Wire",
        url=None,
        published="2019-04-26",
        start=start,
        end=start + len(text),
        text=text,
        score=1.0,
    )


HITS = [hit(STORM, article_id="storm", start=50), hit(SUMMIT, article_id="summit", start=9)]


@pytest.fixture(scope="module")
def checker() -> Checker:
    return Checker(SentenceEmbedder())


def claimed(found: Checked) -> list[tuple[str, tuple[int, ...], bool | None]]:
    return [(found.text[one.start : one.end], one.citations, one.supported) for one in found.claims]


@pytest.mark.parametrize(
    "text",
    [
        "The two men exchanged swords. [2] Eleven ships waited outside. [1]",
        "The two men exchanged swords [2]. Eleven ships waited outside [1].",
        "The two men exchanged swords.[2] Eleven ships waited outside.【1】",
        "The two men exchanged swords. Eleven ships waited outside. [2][1]",
        "The two men exchanged swords. [1] Eleven ships waited outside. [2]",
        "[2] The two men exchanged swords. Eleven ships waited outside. [Source 1, Source 2]",
        "The two men exchanged swords. Eleven ships waited outside.\n[1-2]",
        "The two men exchanged swords [99]. Eleven ships waited outside [[1]](http://evil.example).",
    ],
)
def test_wherever_the_marks_stand_each_sentence_gets_its_own(checker: Checker, text: str) -> None:
    found = checked(text, HITS, checker)
    assert found.text == "The two men exchanged swords. [1] Eleven ships waited outside. [2]"
    assert [(one.number, one.article_id, one.quote) for one in found.citations] == [
        (1, "summit", "The two men exchanged swords."),
        (2, "storm", "Eleven ships waited outside [3]."),
    ]
    for one in found.citations:
        of = next(hit for hit in HITS if hit.article_id == one.article_id)
        assert of.text[one.start - of.start : one.end - of.start] == one.quote
        assert (one.answer_start, one.answer_end) == (one.start, one.end)
    assert 0.5 < found.confidence <= 1


def test_one_number_for_one_sentence(checker: Checker) -> None:
    found = checked("The two men exchanged swords.\n\n- The two men exchanged swords [2].", HITS, checker)
    assert found.text == "The two men exchanged swords. [1]\n\n- The two men exchanged swords. [1]"
    assert claimed(found) == [("The two men exchanged swords.", (1,), True)] * 2


def test_what_nothing_supports_is_marked(checker: Checker) -> None:
    found = checked("The two men exchanged swords [2]. Trump resigned on Monday [1].", HITS, checker)
    assert found.text == f"The two men exchanged swords. [1] Trump resigned on Monday. {UNSUPPORTED}"
    assert claimed(found)[1] == ("Trump resigned on Monday.", (), False)
    assert checked("Kim left.", [], checker).text == f"Kim left. {UNSUPPORTED}"


def test_a_sentence_of_two_facts_is_supported_by_two_hits(checker: Checker) -> None:
    found = checked("The two men exchanged swords [2] and eleven ships waited outside [1].", HITS, checker)
    assert claimed(found) == [("The two men exchanged swords and eleven ships waited outside.", (1, 2), True)]


def test_what_claims_nothing_has_no_mark(checker: Checker) -> None:
    text = "## The summit\nHere is a summary:\n\nThe passages do not say when Kim left. [1]\n\nI hope this helps!"
    found = checked(text, HITS, checker)
    assert found.text == text.replace(" [1]", "")
    assert [one.supported for one in found.claims] == [None] * 4
    assert (found.citations, found.confidence) == ((), 0.0)


def test_an_empty_answer(checker: Checker) -> None:
    assert checked(" \n", HITS, checker) == Checked(text="", citations=(), claims=(), confidence=0.0)
    assert checked("[1][2]", HITS, checker).text == ""


def test_marks_cannot_be_forged(checker: Checker) -> None:
    text = (
        "K[1]im [unsupported] [came](http://evil.example) [[7]] ![x](http://evil.example/p.png) <b>[5]</b> [1"
    )
    found = checked(text, HITS, checker).text
    assert found.replace(f" {UNSUPPORTED}", "") == "K im unsupported came x(1"


def test_while_it_is_written_only_whole_sentences_are_shown(checker: Checker) -> None:
    assert checked("The two men exchanged swords. [2] Eleven ", HITS, checker, whole=False).text == (
        "The two men exchanged swords. [1]"
    )
    assert checked("The two men exchanged swords.", HITS, checker, whole=False).text == ""


def test_growing_checks_each_sentence_once() -> None:
    class Counting(Checker):
        def __init__(self) -> None:
            super().__init__(SentenceEmbedder())
            self.claims: list[str] = []

        def support(self, claim, hits):  # type: ignore[no-untyped-def]
            self.claims.append(claim)
            return super().support(claim, hits)

    counting = Counting()
    draft, text = Draft(HITS, counting), "The two men exchanged swords. [2] Kim came. He left."
    for end in range(len(text)):
        draft.grow(text[:end])
    assert draft.grow(text, whole=True) == checked(text, HITS, Checker(SentenceEmbedder()))
    assert counting.claims == ["The two men exchanged swords.", "Kim came.", "He left."]
    assert draft.grow("Something else", whole=True).text.startswith("Something else")


PIECES = [
    "The two men exchanged swords", ". ", "Kim left", "[1]", " [2]", "[", "]", "\n", "- ", "Mr. ", "! ", "[x](http://e)",
    "Here is more: ", "\r\n", "。", "\u202e", "He", " ",
]  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.lists(st.sampled_from(PIECES), max_size=20))
def test_a_beginning_gives_a_beginning(checker: Checker, words: list[str]) -> None:
    text = "".join(words)
    whole = checked(text, HITS, checker)
    draft = Draft(HITS, checker)
    for end in range(0, len(text), 3):
        so_far = draft.grow(text[:end])
        assert so_far == checked(text[:end], HITS, checker, whole=False)
        assert whole.text.startswith(so_far.text)
        assert whole.claims[: len(so_far.claims)] == so_far.claims
        assert whole.citations[: len(so_far.citations)] == so_far.citations


@pytest.mark.parametrize("piece", ["a", "[", "[1", "](", "[1](http://e", "<b ", "١", "[1]", "\n", "A b. "])
def test_hostile_answers_take_no_time(checker: Checker, piece: str) -> None:
    """A quadratic step over 100,000 characters would take minutes."""
    started = time.process_time()
    found = checked(piece * (100_000 // len(piece)), HITS[:1], checker)
    assert time.process_time() - started < 60
    assert not set(found.text.replace(UNSUPPORTED, "")) & set("[]")
