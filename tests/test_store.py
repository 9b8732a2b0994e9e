"""The store: what is put comes back, and a cut at any moment loses nothing and doubles nothing."""

from __future__ import annotations

import hashlib
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.errors import ArticleNotFoundError, StoreBusyError, StoreError, StoreMismatchError
from qa.records import Article, Filters
from qa.split import split
from qa.store import SCHEMA, Entry, Maker, Shelf, Store
from qa.store.database import Database

MAKER = Maker(embedder="hash", fingerprint="a" * 64, splitter=1)
OTHER = Maker(embedder="other", fingerprint="b" * 64, splitter=1)
LEASE = 3.0

Open = Callable[..., Store]
RunChroma = Callable[[], tuple[str, "subprocess.Popen[bytes]"]]


def vector_of(text: str) -> np.ndarray:
    """A unit vector of eight numbers, another for every text."""
    digest = np.frombuffer(hashlib.sha256(text.encode()).digest(), np.int32).astype(np.float32)
    return digest / np.linalg.norm(digest)


def count_tokens(texts: Sequence[str]) -> list[int]:
    """Every word counts for 40 tokens, so that four make a passage."""
    return [40 * len(text.split()) for text in texts]


def article(
    article_id: str, text: str = "One two three. Four five six. Seven eight nine.", **fields: str
) -> Article:
    return Article(**{"id": article_id, "text": text, "title": article_id.title(), **fields})


def entry(one: Article, language: str | None = None) -> Entry:
    passages = split(one, count_tokens=count_tokens, language=language)
    return Entry(article=one, passages=passages, vectors=np.stack([vector_of(p.text) for p in passages]))


def put(store: Store | Shelf, *articles: Article) -> None:
    if isinstance(store, Shelf):
        store.put([entry(one) for one in articles])
        return
    with store.writing():
        put(store.shelf, *articles)


def remove(store: Store, *article_ids: str) -> tuple[str, ...]:
    with store.writing():
        return store.shelf.remove(article_ids)


def assert_holds(shelf: Shelf, *articles: Article) -> None:
    """These articles, every passage of theirs, and nothing else."""
    infos = shelf.articles()
    assert sorted(info.id for info in infos) == sorted(one.id for one in articles)
    assert [shelf.article(one.id) for one in articles] == list(articles)
    assert shelf.count() == (len(articles), sum(len(entry(one).passages) for one in articles))
    for one in articles:
        for passage in entry(one).passages:
            near = shelf.nearest(vector_of(passage.text).tolist(), 5, Filters(article_ids=(one.id,)))
            assert passage in [neighbour.passage for neighbour in near]


def empty(address: str) -> None:
    database = Database.at_address(address)
    for name in database.names():
        database.drop(name)
    database.close()


@pytest.fixture(params=["embedded", "server"])
def open_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Open]:
    """Opens one and the same empty store, in a folder or on a server, as often as wanted."""
    opened: list[Store] = []
    address = None
    if request.param == "server":
        address = request.getfixturevalue("chroma_server")
        empty(address)

    def open_store(maker: Maker = MAKER) -> Store:
        store = (
            Store.open_server(address, maker, lease_seconds=LEASE)
            if address
            else Store.open_folder(tmp_path / "chroma", maker)
        )
        opened.append(store)
        return store

    yield open_store
    for store in opened:
        store.close()


@pytest.fixture
def server_store(chroma_server: str) -> Iterator[Callable[..., Store]]:
    """Opens the store of an empty server."""
    empty(chroma_server)
    opened: list[Store] = []

    def open_store(maker: Maker = MAKER) -> Store:
        opened.append(Store.open_server(chroma_server, maker, lease_seconds=LEASE))
        return opened[-1]

    yield open_store
    for store in opened:
        store.close()


def test_articles_come_back_with_all_that_was_known_of_them(open_store: Open) -> None:
    full = article(
        "full",
        source="Harbour Wire",
        url="https://news.example/1",
        published="2019-04-25T18:00:00+10:00",
        author="Ida Berg",
        path="/news/1.md",
    )
    bare = article("bare", " \n Half a\u00a0sentence, \0 “quoted” 😀\r\n\n and\tno end  ")
    store = open_store()
    put(store, full, bare)
    assert_holds(store.shelf, full, bare)
    info = store.infos(["full", "missing"])["full"]
    assert (info.hash, info.characters, info.passages) == (full.hash, 47, 3)
    assert list(store.infos(["full", "missing"])) == ["full"]
    store.close()
    assert_holds(open_store().shelf, full, bare)


def test_the_language_is_kept_with_the_article_and_its_passages(open_store: Open) -> None:
    store = open_store()
    with store.writing():
        store.shelf.put([entry(article("de"), "de"), entry(article("unknown"))])
    assert {info.id: info.language for info in store.articles()} == {"de": "de", "unknown": None}
    near = store.nearest(vector_of("x").tolist(), 10)
    assert {one.passage.article_id: one.passage.language for one in near} == {"de": "de", "unknown": None}
    assert store.article("de") == article("de")  # the language is no part of the article
    put(store, article("de"))
    assert store.articles(Filters(languages=("de",))) == []
    assert store.nearest(vector_of("x").tolist(), 10, Filters(languages=("de",))) == []


def test_an_article_takes_the_place_of_the_one_with_its_id(open_store: Open) -> None:
    store = open_store()
    put(store, article("a"), article("b"))
    changed, renamed = article("a", "Ten eleven twelve."), article("b", author="Ida Berg")
    put(store, changed, renamed)
    assert_holds(store.shelf, changed, renamed)
    put(store, changed)
    assert_holds(store.shelf, changed, renamed)


def test_what_an_article_says_no_more_is_forgotten(open_store: Open) -> None:
    store = open_store()
    full = article("a", source="Wire", url="u", published="2019-04-25", author="Ida Berg", path="/a")
    put(store, full)
    put(store, article("a"))
    assert_holds(store.shelf, article("a"))
    assert store.articles(Filters(sources=("Wire",))) == []
    assert store.articles(Filters(published_from="2019-01-01")) == []


def test_removed_articles_leave_nothing(open_store: Open) -> None:
    store = open_store()
    put(store, article("a"), article("b"), article("c"))
    assert remove(store, "c", "missing", "a", "c") == ("c", "a")
    assert remove(store, "a") == ()
    assert_holds(store.shelf, article("b"))
    with pytest.raises(ArticleNotFoundError, match=r"'a'.*qa list"):
        store.article("a")


def test_more_passages_than_one_call_to_chroma_takes(open_store: Open) -> None:
    long = article("long", "".join(f"A{number} b c d. " for number in range(1100)))
    store = open_store()
    put(store, long)
    number = len(entry(long).passages)
    assert number > 1000
    assert store.shelf.count() == (1, number)
    assert store.article("long") == long
    assert remove(store, "long") == ("long",)
    assert store.shelf.count() == (0, 0)


def test_more_rows_than_chroma_gives_in_one_answer(tmp_path: Path) -> None:
    database = Database.in_folder(tmp_path)
    table = database.table("rows")
    count = 33_000  # SQLite takes 32,766 variables
    vector = np.ones(1, np.float32)
    table.upsert([str(n) for n in range(count)], [vector] * count, [{"n": n} for n in range(count)])
    assert sorted(row["n"] for row in table.where(None)) == list(range(count))
    assert len(table.where({"n": {"$gte": 100}})) == count - 100
    database.close()


def test_nearest_gives_a_passage_for_its_own_vector_first(open_store: Open) -> None:
    store = open_store()
    put(store, article("a"), article("b", "Ten eleven twelve."))
    near = store.nearest(vector_of("Ten eleven twelve.").tolist(), 10)
    assert len(near) == 4
    assert near[0].passage == entry(article("b", "Ten eleven twelve.")).passages[0]
    assert near[0].similarity == pytest.approx(1.0, abs=1e-5)
    assert sorted((one.similarity for one in near), reverse=True) == [one.similarity for one in near]
    assert len(store.nearest(vector_of("x").tolist(), 2)) == 2


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (None, {"old", "new", "undated"}),
        (Filters(), {"old", "new", "undated"}),
        (Filters(article_ids=("old", "missing")), {"old"}),
        (Filters(article_ids=()), set()),
        (Filters(sources=("Wire",)), {"old", "undated"}),
        (Filters(sources=()), set()),
        (Filters(published_from="2019-04-25"), {"old", "new"}),
        (Filters(published_from="2019-04-26"), {"new"}),
        (Filters(published_to="2019-04-25"), {"old"}),
        (Filters(published_from="2020-01-01", published_to="2020-12-31"), {"new"}),
        (Filters(published_from="2021-01-01", published_to="2020-12-31"), set()),
        (Filters(article_ids=("old", "new"), sources=("Desk",), published_from="2019-01-01"), {"new"}),
        (Filters(languages=("en",)), {"old"}),
        (Filters(languages=("de", "en", "sv")), {"old", "new"}),
        (Filters(languages=("sv",)), set()),
        (Filters(languages=()), set()),
        (Filters(languages=("de", "en"), sources=("Wire",), published_to="2019-04-25"), {"old"}),
    ],
)
def test_filters_let_the_same_articles_through_everywhere(
    filter_store: Store, filters: Filters | None, expected: set[str]
) -> None:
    assert {info.id for info in filter_store.articles(filters)} == expected
    near = filter_store.nearest(vector_of("x").tolist(), 10, filters)
    assert {one.passage.article_id for one in near} == expected


@pytest.fixture(scope="module")
def filter_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = Store.open_folder(tmp_path_factory.mktemp("filters"), MAKER)
    with store.writing():
        old = article("old", "One.", source="Wire", published="2019-04-25T23:00:00-09:00")
        new = article("new", "Two.", source="Desk", published="2020-02-29")
        store.shelf.put(
            [entry(old, "en"), entry(new, "de"), entry(article("undated", "Three.", source="Wire"))]
        )
    yield store
    store.close()


@pytest.fixture(scope="module")
def scratch_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = Store.open_folder(tmp_path_factory.mktemp("scratch"), MAKER)
    yield store
    store.close()


@settings(max_examples=60, deadline=None)
@given(
    text=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=400).filter(str.strip),
    title=st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
)
def test_any_text_comes_back_to_the_last_code_point(scratch_store: Store, text: str, title: str) -> None:
    one = article("any", text, title=title)
    put(scratch_store, one)
    assert scratch_store.article("any") == one
    assert scratch_store.shelf.count() == (1, len(entry(one).passages))


def test_every_change_has_another_revision_and_reading_none(open_store: Open) -> None:
    store = open_store()
    revisions = [store.revision]
    put(store, article("a"))
    revisions.append(store.revision)
    put(store, article("a", "Other text."))
    revisions.append(store.revision)
    remove(store, "a")
    revisions.append(store.revision)
    assert len(set(revisions)) == 4
    assert len({revision.partition("/")[0] for revision in revisions}) == 1
    store.articles()
    remove(store, "a")
    with store.writing():
        assert store.revision == revisions[-1]
    store.close()
    assert open_store().revision == revisions[-1]


def test_a_store_of_another_maker_is_refused_with_the_remedy(open_store: Open) -> None:
    put(open_store(), article("a"))
    open_store().check()
    with pytest.raises(
        StoreMismatchError, match=r"'hash' \(aaaaaaaa\), not with 'other' \(bbbbbbbb\): run `qa reindex`"
    ):
        open_store(OTHER).check()
    with pytest.raises(StoreMismatchError, match=r"'hash' \(cccccccc\): run `qa reindex`"):
        open_store(replace(MAKER, fingerprint="c" * 64)).check()
    with pytest.raises(StoreMismatchError, match="an older qa: run `qa reindex`"):
        open_store(replace(MAKER, splitter=2)).check()


def test_a_store_of_an_older_layout_is_refused_with_the_remedy(open_store: Open) -> None:
    open_store(replace(MAKER, schema=SCHEMA - 1))
    with pytest.raises(StoreMismatchError, match="an older qa: run `qa reindex`"):
        open_store().check()


def test_a_store_of_a_newer_layout_is_refused(open_store: Open) -> None:
    open_store(replace(MAKER, schema=SCHEMA + 1))
    with pytest.raises(StoreMismatchError, match="newer qa: update qa"):
        open_store().check()


def test_reindex_puts_the_next_shelf_in_force_and_drops_the_one_before(open_store: Open) -> None:
    store = open_store()
    put(store, article("a"))
    edition = store.revision.partition("/")[0]
    store.close()
    store = open_store(OTHER)
    with store.writing():
        shelf = store.next_shelf()
        put(shelf, article("a"))
        store.put_in_force(shelf)
    assert store.revision.partition("/")[0] != edition
    assert_holds(store.shelf, article("a"))
    store.close()
    again = open_store(OTHER)
    again.check()
    assert_holds(again.shelf, article("a"))


def test_an_interrupted_reindex_is_taken_up_by_the_same_maker_only(open_store: Open) -> None:
    store = open_store()
    put(store, article("a"), article("b"))
    with store.writing():
        put(store.next_shelf(), article("a"))
    store.close()
    same = open_store()
    with same.writing():
        assert [info.id for info in same.next_shelf().articles()] == ["a"]
    assert_holds(same.shelf, article("a"), article("b"))
    same.close()
    other = open_store(OTHER)
    assert other.next_shelf().articles() == []


class CutError(Exception):
    """The moment at which a write is cut short."""


def cut_at(step: int) -> Callable[[], None]:
    """Raises when it is called for the `step`-th time: the shelf calls it before each step of a write."""
    steps = iter(range(1, step + 1))

    def before_writing() -> None:
        if next(steps, step) == step:
            raise CutError

    return before_writing


@pytest.mark.parametrize("step", [1, 2, 3])
def test_a_write_cut_at_any_step_leaves_old_or_new_and_is_swept(tmp_path: Path, step: int) -> None:
    old, kept, new = article("a"), article("b"), article("a", "Ten eleven twelve. Thirteen fourteen fifteen.")
    database = Database.in_folder(tmp_path)
    whole = Shelf(database, 1, MAKER, before_writing=lambda: None)
    put(whole, old, kept)
    with pytest.raises(CutError):
        put(Shelf(database, 1, MAKER, before_writing=cut_at(step)), new, article("c"))
    visible = {neighbour.passage.article_hash for neighbour in whole.nearest(vector_of("x").tolist(), 50)}
    after = (new, kept, article("c")) if step == 3 else (old, kept)
    assert visible == {one.hash for one in after}
    whole.recover()
    assert_holds(whole, *after)
    database.close()


def test_a_removal_cut_short_is_swept(tmp_path: Path) -> None:
    database = Database.in_folder(tmp_path)
    whole = Shelf(database, 1, MAKER, before_writing=lambda: None)
    put(whole, article("a"), article("b"))
    with pytest.raises(CutError):
        Shelf(database, 1, MAKER, before_writing=cut_at(2)).remove(["a"])
    put(whole, article("c"))  # a write sweeps what the one before left
    assert_holds(whole, article("b"), article("c"))
    database.close()


def test_passages_that_no_record_names_are_invisible(tmp_path: Path) -> None:
    store = Store.open_folder(tmp_path, MAKER)
    shelf = Shelf(Database.in_folder(tmp_path), 1, MAKER, before_writing=cut_at(2))
    with pytest.raises(CutError):
        put(shelf, article("ghost"))
    assert store.shelf.count() == (0, 3)
    assert store.articles() == []
    assert store.nearest(vector_of("One two three. ").tolist(), 10) == []
    with store.writing():
        assert store.shelf.count() == (0, 0)
    store.close()


def test_a_shelf_that_was_replaced_before_a_kill_is_dropped_by_the_next_writer(tmp_path: Path) -> None:
    store = Store.open_folder(tmp_path, MAKER)
    put(store, article("a"))
    database = Database.in_folder(tmp_path)
    put(Shelf(database, 0, MAKER, before_writing=lambda: None), article("b"))
    put(Shelf(database, 2, MAKER, before_writing=lambda: None), article("c"))
    with store.writing():
        assert sorted(database.names()) == [
            "qa-articles-1",
            "qa-articles-2",
            "qa-manifest",
            "qa-passages-1",
            "qa-passages-2",
        ]
    assert_holds(store.shelf, article("a"))
    database.close()
    store.close()


# What a child process does until it is killed: it puts, replaces, removes and reindexes without end. An article's text
# says which version it is, so that the parent knows what each can be.
CHILD = """
import sys
sys.path.insert(0, {tests!r})
import test_store as t
from itertools import count
from pathlib import Path
where = sys.argv[1]
store = t.Store.open_server(where, t.MAKER, lease_seconds=t.LEASE) if "://" in where else t.Store.open_folder(
    Path(where), t.MAKER)
print("ready", flush=True)
for turn in count(int(sys.argv[2])):
    with store.writing():
        t.put(store.shelf, *(t.version(number, turn) for number in range(4)))
        store.shelf.remove(["n1"])
        t.put(store.shelf, t.version(1, turn + 1), t.version(3, turn + 1))
        shelf = store.next_shelf()
        shelf.remove([info.id for info in shelf.articles()])
        t.put(shelf, *(store.article(info.id) for info in store.articles()))
        store.put_in_force(shelf)
    print(turn, flush=True)
"""


def version(number: int, turn: int) -> Article:
    return article(f"n{number}", "".join(f"Version {turn} part {part}. " for part in range(1 + turn % 3)))


@pytest.mark.parametrize("where", ["embedded", "server"])
def test_killed_at_random_moments_nothing_is_lost_and_nothing_doubled(
    where: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    address = str(tmp_path / "chroma")
    if where == "server":
        address = request.getfixturevalue("chroma_server")
        empty(address)
    moments = random.Random(7)
    turn = 0
    for _ in range(4 if where == "embedded" else 3):
        command = [sys.executable, "-c", CHILD.format(tests=str(Path(__file__).parent)), address, str(turn)]
        child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert child.stdout
        assert child.stdout.readline() == "ready\n"
        time.sleep(moments.uniform(0.0, 1.2))
        child.send_signal(signal.SIGKILL)
        done = [int(line) for line in child.stdout.read().split()]
        child.wait()
        child.stdout.close()
        store = (
            Store.open_server(address, MAKER, lease_seconds=LEASE)
            if where == "server"
            else Store.open_folder(Path(address), MAKER)
        )
        with store.writing():
            there = [store.article(info.id) for info in store.articles()]
            first = done[-1] if done else turn - 1
            for one in there:
                known = {version(int(one.id[1:]), at) for at in range(max(0, first), first + 3)}
                assert one in known
            lost = {f"n{number}" for number in range(4)} - {one.id for one in there}
            assert lost <= ({"n1"} if done or turn else {"n0", "n1", "n2", "n3"})
            assert_holds(store.shelf, *there)
            shelves = {name for name in store._database.names() if name.startswith("qa-passages-")}
            assert shelves <= {f"qa-passages-{store.shelf.number + ahead}" for ahead in (0, 1)}
        store.close()
        turn = first + 1


@pytest.mark.parametrize("damage", ["garbage", "cut", "folder", "foreign"])
def test_a_damaged_or_foreign_folder_ends_in_a_sentence(tmp_path: Path, damage: str) -> None:
    folder = tmp_path / "chroma"
    file = folder / "chroma.sqlite3"
    folder.mkdir()
    if damage == "cut":
        store = Store.open_folder(folder, MAKER)
        put(store, article("a"))
        store.close()
        file.write_bytes(file.read_bytes()[:60_000])
    elif damage == "folder":
        file.mkdir()
    elif damage == "foreign":
        import sqlite3

        with sqlite3.connect(file) as database:
            database.execute("create table collections (a)")
        database.close()
    else:
        file.write_bytes(b"no database" * 1000)
    for _ in range(2):
        with pytest.raises(
            StoreError, match=r"^the store cannot be opened \(.*move it away and add the articles"
        ):
            Store.open_folder(folder, MAKER)


def test_a_file_in_place_of_the_folder_ends_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "chroma").write_text("not a folder")
    with pytest.raises(StoreError, match="cannot be opened"):
        Store.open_folder(tmp_path / "chroma", MAKER)


def test_a_server_that_is_not_there_is_named_with_the_command_that_starts_one(run_chroma: RunChroma) -> None:
    address, server = run_chroma()
    remedy = rf"does a Chroma server answer at {address}\? `chroma run` starts one"
    store = Store.open_server(address, MAKER)
    put(store, article("a"))
    server.kill()
    server.wait()
    with pytest.raises(StoreError, match=remedy):
        store.articles()
    with pytest.raises(StoreError, match=remedy):
        put(store, article("b"))
    with pytest.raises(StoreError, match=remedy):
        Store.open_server(address, MAKER)


def test_two_clients_of_a_server_see_each_others_articles(server_store: Open) -> None:
    one, two = server_store(), server_store()
    put(one, article("a"))
    put(two, article("b"))
    assert_holds(one.shelf, article("a"), article("b"))
    assert one.revision == two.revision


def test_the_second_writer_waits_until_the_first_is_done(server_store: Open) -> None:
    first, second = server_store(), server_store()
    order: list[str] = []

    def write() -> None:
        with second.writing():
            order.append("second")

    with first.writing():
        waiting = threading.Thread(target=write)
        waiting.start()
        time.sleep(1.5 * LEASE)  # longer than a lease: its holder renews it
        put(first.shelf, article("a"))
        order.append("first")
    waiting.join(20)
    assert order == ["first", "second"]


def test_a_writer_that_waits_too_long_says_who_it_waited_for(server_store: Open) -> None:
    first, second = server_store(), server_store()
    with first.writing(), pytest.raises(StoreBusyError, match="another process is writing"), second.writing():
        pass


# A child process that takes the right to write, is halted for longer than its lease lasts, and then goes on.
HALTED = """
import sys
sys.path.insert(0, {tests!r})
import test_store as t
store = t.Store.open_server(sys.argv[1], t.MAKER, lease_seconds=t.LEASE)
try:
    with store.writing():
        print("ready", flush=True)
        sys.stdin.readline()
        t.put(store.shelf, t.article("a"))
except t.StoreBusyError as error:
    print(error, flush=True)
"""


def test_an_expired_lease_is_taken_over_and_its_holder_stopped(
    server_store: Open, chroma_server: str
) -> None:
    command = [sys.executable, "-c", HALTED.format(tests=str(Path(__file__).parent)), chroma_server]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as halted:
        assert halted.stdout
        assert halted.stdout.readline() == "ready\n"
        halted.send_signal(signal.SIGSTOP)
        store = server_store()
        with store.writing():
            put(store.shelf, article("b"))
            halted.send_signal(signal.SIGCONT)
            said, _ = halted.communicate("go on\n", timeout=60)
            put(store.shelf, article("c"))
    assert said == (
        "another process took over the writing to this Chroma server, for this one was silent for too long: "
        "run this again\n"
    )
    assert_holds(store.shelf, article("b"), article("c"))


def test_a_killed_writers_lease_expires(server_store: Open, chroma_server: str) -> None:
    store = server_store()
    database = Database.at_address(chroma_server)
    database.create("qa-writer", {"until": time.time() + 1.0})
    started = time.monotonic()
    put(store, article("a"))
    assert 0.5 < time.monotonic() - started < LEASE + 5
    assert_holds(store.shelf, article("a"))
    database.close()


def test_a_reindex_by_another_process_is_followed(server_store: Open) -> None:
    reader, writer = server_store(), server_store()
    put(writer, article("a"))
    with writer.writing():
        shelf = writer.next_shelf()
        put(shelf, article("a"))
        writer.put_in_force(shelf)
    assert reader.article("a") == article("a")
    assert reader.shelf.number == 2
    put(reader, article("b"))
    assert_holds(writer.shelf, article("a"), article("b"))


def test_a_reindex_by_another_process_with_another_embedder_is_told(server_store: Open) -> None:
    reader, writer = server_store(), server_store(OTHER)
    with writer.writing():
        writer.put_in_force(writer.next_shelf())
    for _ in range(2):
        with pytest.raises(StoreMismatchError, match="qa reindex"):
            reader.refresh()
        with pytest.raises(StoreMismatchError, match="qa reindex"):
            reader.articles()
