"""The keyword index: it finds words, takes any question, and is never out of step with the store for long."""

from __future__ import annotations

import shutil
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.keywords import KeywordIndex
from qa.keywords.words import guess, stems, wanted
from qa.records import ArticleInfo, Filters, Passage

TEXTS = {
    "train": ("Kim came by armoured train.", "Putin greeted him at the station."),
    "wheat": ("The wheat reached the port of Chongjin.",),
    "storm": ("The storm closed the port.", "Trains stood still."),
}
FIELDS = {
    "train": {"source": "Wire", "published": "2019-04-24"},
    "wheat": {"source": "Desk", "published": "2019-04-26T08:00:00+10:00"},
    "storm": {"source": "Wire"},
}


def info(name: str, version: int = 1, passages: int | None = None) -> ArticleInfo:
    optional = {"source": None, "published": None} | FIELDS.get(name, {})
    return ArticleInfo(
        id=name,
        hash=f"{name}-{version}",
        title=f"About {name}",
        url=None,
        author=None,
        path=None,
        characters=0,
        passages=len(TEXTS[name]) if passages is None else passages,
        **optional,
    )


def passages(infos: Sequence[ArticleInfo]) -> list[Passage]:
    return [
        Passage(article_id=one.id, article_hash=one.hash, number=number, start=0, end=len(text), text=text)
        for one in infos
        for number, text in enumerate(TEXTS[one.id][: one.passages])
    ]


def found(index: KeywordIndex, question: str, filters: Filters | None = None) -> list[tuple[str, int]]:
    return [(hit.article_hash, hit.number) for hit in index.search(question, 10, filters)]


def everything(index: KeywordIndex) -> set[tuple[str, int]]:
    return set(found(index, "Kim Putin greeted wheat reached storm closed trains stood"))


ALL = {("train-1", 0), ("train-1", 1), ("wheat-1", 0), ("storm-1", 0), ("storm-1", 1)}


@pytest.fixture
def index(tmp_path: Path) -> Iterator[KeywordIndex]:
    index = KeywordIndex(tmp_path)
    index.sync([info(name) for name in TEXTS], "e/1", passages)
    yield index
    index.close()


def test_the_passage_that_shares_the_rarest_words_comes_first(index: KeywordIndex) -> None:
    assert found(index, "Which port did the wheat reach?")[0] == ("wheat-1", 0)
    assert found(index, "armoured train")[0] == ("train-1", 0)
    hits = index.search("port", 10)
    assert {hit.article_hash for hit in hits} == {"wheat-1", "storm-1"}
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert len(index.search("port", 1)) == 1


def test_titles_endings_case_and_accents_count(index: KeywordIndex) -> None:
    assert ("storm-1", 1) in found(index, "TRAINING trains")
    assert {key[0] for key in found(index, "storm")} == {"storm-1"}
    assert len(found(index, "storm")) == 2  # the second passage by its title
    assert found(index, "Whéat")[0] == ("wheat-1", 0)


@pytest.mark.parametrize("misspelt", ["chongjn", "Chongjinn", "chonjgin", "Chongqin"])
def test_a_misspelt_word_is_found(index: KeywordIndex, misspelt: str) -> None:
    assert found(index, misspelt) == [("wheat-1", 0)]


def test_a_short_or_far_word_is_no_misspelling(index: KeywordIndex) -> None:
    assert found(index, "pert") == []
    assert found(index, "chungqing") == []


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (None, ALL),
        (Filters(article_ids=("wheat", "missing")), {("wheat-1", 0)}),
        (Filters(article_ids=()), set()),
        (Filters(sources=("Desk",)), {("wheat-1", 0)}),
        (Filters(sources=()), set()),
        (Filters(published_from="2019-04-25"), {("wheat-1", 0)}),
        (Filters(published_to="2019-04-24"), {("train-1", 0), ("train-1", 1)}),
        (Filters(published_from="2019-04-27", published_to="2019-04-23"), set()),
        (Filters(sources=("Wire",), published_from="2019-04-24"), {("train-1", 0), ("train-1", 1)}),
    ],
)
def test_filters(index: KeywordIndex, filters: Filters | None, expected: set[tuple[str, int]]) -> None:
    words = "Kim Putin greeted wheat reached storm closed trains stood"
    assert set(found(index, words, filters)) == expected
    if filters is not None:
        assert index.passing(ALL, filters) == expected
        assert index.passing([("wheat-1", 0), ("nobody", 0)], filters) == expected & {("wheat-1", 0)}
        assert index.passing([], filters) == set()
        assert index.every(filters, 100) == index.every(filters, len(expected)) == expected
        assert not expected or index.every(filters, len(expected) - 1) is None


def test_what_passes_is_not_remembered_beyond_a_change(index: KeywordIndex) -> None:
    filters = Filters(sources=("Wire",))
    assert index.every(filters, 100) == ALL - {("wheat-1", 0)}
    index.change(before="e/1", after="e/2", gone=["train-1"], new=[])
    assert index.every(filters, 100) == {("storm-1", 0), ("storm-1", 1)}


@pytest.mark.parametrize(
    "question",
    [
        "",
        "  \n",
        '"',
        "(",
        "train AND (",
        'body:"train',
        "train^9 OR NOT -",
        "\0",
        "😀",
        "w" * 4000,
        "w " * 2000,
        "+-&&||!{}[]~*?:\\/",
    ],
)
def test_no_question_breaks_it(index: KeywordIndex, question: str) -> None:
    expected = {("train-1", 0), ("train-1", 1), ("storm-1", 1)} if "train" in question else set()
    assert set(found(index, question)) == expected


@settings(max_examples=100, deadline=None)
@given(question=st.text(st.characters(exclude_categories=["Cs"]), max_size=100))
def test_any_text_may_be_asked(shared_index: KeywordIndex, question: str) -> None:
    assert set(found(shared_index, question)) <= ALL


@pytest.fixture(scope="module")
def shared_index() -> Iterator[KeywordIndex]:
    index = KeywordIndex(None)
    index.sync([info(name) for name in TEXTS], "e/1", passages)
    yield index
    index.close()


def test_a_change_is_followed_and_kept(index: KeywordIndex, tmp_path: Path) -> None:
    new = [(info("train", 2), passages([info("train", 2)]))]
    index.change(before="e/1", after="e/2", gone=["train-1", "wheat-1"], new=new)
    expected = {("train-2", 0), ("train-2", 1), ("storm-1", 0), ("storm-1", 1)}
    assert everything(index) == expected
    index.close()
    again = KeywordIndex(tmp_path)
    assert (again.revision, everything(again)) == ("e/2", expected)
    again.close()


def test_a_change_that_was_followed_already_doubles_nothing(index: KeywordIndex) -> None:
    index.change(before="e/1", after="e/2", gone=[], new=[(info("train"), passages([info("train")]))])
    assert found(index, "armoured") == [("train-1", 0)]


def test_a_change_from_a_state_it_does_not_know_waits_for_sync(index: KeywordIndex) -> None:
    index.change(before="e/2", after="e/3", gone=["train-1"], new=[])
    assert (index.revision, everything(index)) == ("e/1", ALL)


def test_sync_touches_only_what_differs(index: KeywordIndex) -> None:
    asked: list[str] = []

    def watched(infos: Sequence[ArticleInfo]) -> list[Passage]:
        asked.extend(one.hash for one in infos)
        return passages(infos)

    index.sync([info("train"), info("wheat", 2)], "e/2", watched)
    assert asked == ["wheat-2"]
    assert everything(index) == {("train-1", 0), ("train-1", 1), ("wheat-2", 0)}
    assert index.revision == "e/2"


def test_an_article_that_was_indexed_in_part_is_indexed_again(tmp_path: Path) -> None:
    index = KeywordIndex(tmp_path)
    index.sync([info("train")], "e/1", lambda infos: passages(infos)[:1])
    assert found(index, "Kim Putin") == [("train-1", 0)]
    index.sync([info("train")], "e/2", passages)
    assert sorted(found(index, "Kim Putin")) == [("train-1", 0), ("train-1", 1)]
    index.close()


def test_another_edition_of_the_store_is_indexed_anew(index: KeywordIndex) -> None:
    index.sync([info("train")], "f/1", lambda infos: [*passages(infos)[1:], *passages(infos)[:1]])
    assert everything(index) == {("train-1", 0), ("train-1", 1)}
    index.sync([info("train", passages=2)], "g/1", lambda infos: passages([info("train", passages=2)]))
    asked: list[str] = []
    index.sync(
        [info("train")], "h/1", lambda infos: asked.extend(one.hash for one in infos) or passages(infos)
    )
    assert asked == ["train-1"]


def test_what_was_not_committed_is_forgotten_with_its_state(tmp_path: Path) -> None:
    index = KeywordIndex(tmp_path / "live")
    index.sync([info("train")], "e/1", passages)
    index.change(
        before="e/1", after="e/2", gone=["train-1"], new=[(info("wheat"), passages([info("wheat")]))]
    )
    # What a kill at this moment leaves; files that are being written come and go.
    shutil.copytree(tmp_path / "live", tmp_path / "killed", ignore=shutil.ignore_patterns(".tmp*"))
    killed = KeywordIndex(tmp_path / "killed")
    assert (killed.revision, everything(killed)) == ("e/1", {("train-1", 0), ("train-1", 1)})
    killed.sync([info("wheat")], "e/2", passages)
    assert (killed.revision, everything(killed)) == ("e/2", {("wheat-1", 0)})
    killed.close()
    index.close()


@pytest.mark.parametrize("ending", ["meta.json", ".store", ".term", ".idx", ".pos", ".fieldnorm", ".fast"])
@pytest.mark.parametrize("damage", ["gone", "cut", "empty", "flipped"])
def test_a_damaged_index_is_empty_and_can_be_filled_again(tmp_path: Path, ending: str, damage: str) -> None:
    index = KeywordIndex(tmp_path)
    index.sync([info(name) for name in TEXTS], "e/1", passages)
    index.close()
    files = [path for path in tmp_path.rglob(f"*{ending}") if path.is_file()]
    assert files
    for path in files:
        content = bytearray(path.read_bytes())
        content[len(content) // 3] ^= 0xFF
        if damage == "gone":
            path.unlink()
        else:
            path.write_bytes({"cut": bytes(content[:-8]), "empty": b"", "flipped": bytes(content)}[damage])
    again = KeywordIndex(tmp_path)
    if damage != "flipped":
        assert again.revision is None
    again.sync([info(name) for name in TEXTS], "e/1" if again.revision is None else "e/2", passages)
    if damage != "flipped":
        assert everything(again) == ALL
    again.close()


def test_an_index_of_another_layout_is_removed(tmp_path: Path) -> None:
    (tmp_path / "layout-0").mkdir()
    (tmp_path / "layout-0" / "meta.json").write_text("{}")
    KeywordIndex(tmp_path).close()
    assert [path.name for path in tmp_path.iterdir()] == ["layout-3"]


def test_small_words_are_not_looked_for() -> None:
    assert wanted("Where did the leaders' trains arrive, Where?", "en", ("en",)) == (
        ("leader",),
        ("train",),
        ("arriv",),
    )
    assert wanted("Wann wurden die Häuser in München gebaut?", "de", ()) == (
        ("haus",),
        ("munch",),
        ("gebaut",),
    )
    assert wanted("Où l'incendie a-t-il éclaté ?", "fr", ()) == (("incend",), ("eclat",))
    assert wanted("Who are you?", "en", ("en",)) == (("who",), ("are",), ("you",))
    assert wanted("?!", "en", ("en",)) == ()


@pytest.mark.parametrize(
    ("language", "said", "asked"),
    [
        ("en", "The leaders came by trains to the café", "leader train cafe"),
        ("de", "Häuser, Straßen, Zügen, München", "Haus Strasse Zug Muenchen"),
        ("fr", "chevaux, élections, arrivée, grévistes", "cheval élection arrivées gréviste"),
        ("es", "elecciones, canciones, trenes", "elección canción tren"),
        ("it", "elezioni, treni, città", "elezione treno citta"),
        ("nl", "huizen, treinen", "huis trein"),
        ("ru", "поезда, выборов", "поездом выборы"),
        ("pl", "pociągi Łódź", "POCIAGI łódź"),
        (None, "trains", "train"),
    ],
)
def test_each_language_has_its_own_endings(language: str | None, said: str, asked: str) -> None:
    words = [stem for stem in stems(said, language) if stem in stems(asked, language)]
    assert words == stems(asked, language)


def test_an_accent_may_stand_beside_its_letter() -> None:
    assert stems(unicodedata.normalize("NFD", "Häuser à côté"), "fr") == stems("Häuser à côté", "fr")


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Who closed the harbour?", "en"),
        ("Wer hat den Hafen gesperrt?", "de"),
        ("Qui a fermé le port ?", "fr"),
        ("¿Quién cerró el puerto?", "es"),
        ("Kim Putin", "it"),  # nothing tells: the widest spread
    ],
)
def test_a_question_is_taken_for_the_language_of_its_small_words(question: str, language: str) -> None:
    assert guess(question, ["it", "en", "de", "fr", "es"]) == language


GERMAN = {"haus": "Die Häuser der Stadt brannten.", "zug": "Der Zug kam um acht."}
FRENCH = {"cheval": "Les chevaux du roi sont partis.", "train": "Des trains sont restés en gare."}
ENGLISH = {f"n{n}": f"The wheat of farm number {n} was sold." for n in range(6)}


@pytest.fixture(scope="module")
def mixed() -> Iterator[KeywordIndex]:
    """Articles in English, German and French, and one too short to tell."""
    texts = {**ENGLISH, **GERMAN, **FRENCH, "odd": "Houses 7"}
    languages = dict.fromkeys(ENGLISH, "en") | dict.fromkeys(GERMAN, "de") | dict.fromkeys(FRENCH, "fr")
    index = KeywordIndex(None)
    infos = [
        replace(info("train"), id=name, hash=f"{name}-1", title="", passages=1, language=languages.get(name))
        for name in texts
    ]
    index.sync(
        infos,
        "e/1",
        lambda some: [
            Passage(article_id=one.id, article_hash=one.hash, number=0, start=0, end=0, text=texts[one.id])
            for one in some
        ],
    )
    yield index
    index.close()


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Wo brannte das Haus?", {"haus"}),
        ("Züge", {"zug"}),
        ("Où est le cheval ?", {"cheval"}),
        ("house", {"odd"}),  # what is of no known language is stemmed as English
        ("farms", set(ENGLISH)),
        ("chevaux Häuser farms", {"cheval", "haus", *ENGLISH}),
    ],
)
def test_articles_of_several_languages_in_one_index(
    mixed: KeywordIndex, question: str, expected: set[str]
) -> None:
    assert {key[0].removesuffix("-1") for key in found(mixed, question)} == expected


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(languages=("de",)), {"haus", "zug"}),
        (Filters(languages=("de", "fr")), {"haus", "zug", "cheval", "train"}),
        (Filters(languages=("sv",)), set()),
        (Filters(languages=()), set()),
        (Filters(languages=("de",), article_ids=("zug", "train")), {"zug"}),
        (Filters(languages=("de",), published_from="2019-04-24", sources=("Wire",)), {"haus", "zug"}),
        (Filters(languages=("de",), published_to="2019-04-23"), set()),
    ],
)
def test_language_filter(mixed: KeywordIndex, filters: Filters, expected: set[str]) -> None:
    question = "Häuser Zug chevaux trains wheat houses"
    assert {key[0].removesuffix("-1") for key in found(mixed, question, filters)} == expected


def test_shared_words_are_spelt_as_in_the_text(mixed: KeywordIndex) -> None:
    assert mixed.shared("Wo brannte das Haus?", GERMAN["haus"], "de") == ("Häuser", "brannten")
    assert mixed.shared("the farms of wheat", ENGLISH["n1"], "en") == ("wheat", "farm")
    assert mixed.shared("the farm", "A" * 100 + " Farms_farm", "en") == ("Farms",)
    assert mixed.shared("the farm", "") == ()
