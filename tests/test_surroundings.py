"""What is shown of a passage: as much of its article as fits, to the character."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from qa.records import Article, Passage
from qa.retrieve.surroundings import LONGEST, shown
from qa.split import split

SENTENCES = st.lists(
    st.integers(1, 60).map(lambda words: " ".join(["Harbour", *["wave"] * words]) + ". "),
    min_size=1,
    max_size=60,
)


def cut(text: str) -> list[Passage]:
    article = Article(id="a", text=text, title="T")
    return split(article, count_tokens=lambda texts: [len(one.split()) for one in texts])


def among(
    passages: Sequence[Passage],
) -> Callable[[Sequence[tuple[str, int]]], dict[tuple[str, int], Passage]]:
    there = {(one.article_hash, one.number): one for one in passages}

    def at(keys: Sequence[tuple[str, int]]) -> dict[tuple[str, int], Passage]:
        assert len(set(keys)) == len(keys)  # Chroma refuses to be asked for one twice
        return {key: there[key] for key in keys if key in there}

    return at


@given(SENTENCES, st.randoms(use_true_random=False), st.integers(1, 10))
def test_a_slice_that_holds_its_passage_and_no_more_than_fits(
    sentences: list[str], random: object, k: int
) -> None:
    text = "".join(sentences)
    passages = cut(text)
    ranked = sorted(passages, key=lambda _: random.random())  # type: ignore[attr-defined]
    there = among(passages)
    found = shown(ranked, k, there)
    assert found[0].passage == ranked[0]
    assert len(found) <= k
    for one in found:
        assert one.text == text[one.start : one.end] == one.text.strip()
        assert one.holds(one.passage)
        assert len(one.text) <= max(LONGEST, len(one.passage.text.strip()))
    assert len(found) == k or all(any(one.holds(passage) for one in found) for passage in passages)


def test_it_grows_by_sentences_on_both_sides() -> None:
    text = " ".join(f"Sentence {n} of the article has just about sixty characters in it." for n in range(40))
    passages = cut(text)
    there = among(passages)
    middle = passages[len(passages) // 2]
    (one,) = shown([middle], 1, there)
    assert one.start < middle.start
    assert one.end > middle.end
    assert one.text.startswith("Sentence ")
    assert one.text.endswith(" in it.")
    assert LONGEST - 70 < len(one.text) <= LONGEST


def test_what_an_earlier_one_shows_is_not_shown_again() -> None:
    text = " ".join(f"Sentence {n} is short." for n in range(30))
    article = Article(id="a", text=text, title="T")
    passages = split(article, count_tokens=lambda texts: [40 for _ in texts])
    assert len(passages) > 5
    there = among(passages)
    found = shown(passages, 10, there)
    assert len(found) < len(passages)
    assert all(earlier.end <= LONGEST + later.start for earlier, later in pairwise(found))


def test_a_neighbour_that_is_gone_is_not_missed() -> None:
    passages = cut(" ".join(f"Sentence {n} of the article goes on for some while." for n in range(80)))
    (one,) = shown(passages[1:2], 1, lambda _: {})
    assert one.text == passages[1].text.strip()
