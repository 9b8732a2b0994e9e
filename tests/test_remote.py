"""One store, several processes: who comes second works through the process that has the store."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest

from qa import (
    ArticleNotFoundError,
    Filters,
    Library,
    Progress,
    QAError,
    QuestionError,
    StoreBusyError,
)
from qa.__main__ import main
from qa.commands import open_library
from qa.ownership import Owner, Ownership
from qa.records import Reasons
from qa.remote import RemoteLibrary, serve_others
from qa.settings import Settings
from tests.cited import for_sure_cited
from tests.models.serving import Reply, answering, spoken

SUMMIT = "Where did the summit take place?"

OWNER = """
import sys
from pathlib import Path
from qa import Library
from qa.remote import serve_others
with Library(Path(sys.argv[1]), doing="the tab") as library:
    library.warm()
    with serve_others(library, doing="the tab", page="http://127.0.0.1:1"):
        print("ready", flush=True)
        sys.stdin.readline()
"""

CLIENT = """
import sys
from pathlib import Path
from qa.commands import open_library
from qa.settings import Settings
from tests.cited import for_sure_cited
from tests.models.serving import Reply, answering, spoken
with open_library(Settings(store=Path(sys.argv[1])), doing="qa add") as library:
    library.add(sys.argv[2], on_progress=lambda progress: print(progress.articles, flush=True))
"""


def owner_of(store: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", OWNER, str(store)]
    owner = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert owner.stdout
    assert owner.stdout.readline() == "ready\n"
    return owner


def many(path: Path, number: int) -> Path:
    """A file of many tiny articles; 200 are stored at a time."""
    path.write_text("".join(json.dumps({"id": f"m{n}", "text": f"Story {n}."}) + "\n" for n in range(number)))
    return path


def remote_to(store: Path) -> RemoteLibrary:
    library = open_library(Settings(store=store), doing="a test")
    assert isinstance(library, RemoteLibrary)
    return library


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, articles_file: Path) -> Iterator[Path]:
    """A store that another process has, with the four articles in it."""
    store = tmp_path_factory.mktemp("owned") / "store"
    with owner_of(store) as owner:
        with remote_to(store) as remote:
            remote.add(articles_file)
        yield store
        owner.communicate("\n")


def test_every_call_goes_through_the_owner(store: Path, tmp_path: Path, articles_file: Path) -> None:
    said: list[Progress] = []
    with remote_to(store) as remote:
        report = remote.add(articles_file, many(tmp_path / "m.jsonl", 3), on_progress=said.append)
        assert (report.added, report.unchanged, report.failed) == (("m0", "m1", "m2"), 4, ())
        assert said[-1] == Progress(articles=7, fraction=1.0, current="")
        assert [one.fraction for one in said] == sorted(one.fraction for one in said)
        assert remote.article("m1").text == "Story 1."
        assert remote.remove("m0", "missing", "m2", "m1") == ("m0", "m2", "m1")
        assert [info.id for info in remote.articles()] == ["storm", "summit-aid", "summit-talks", "bees"]
        hits = remote.search("armoured train", k=2)
        assert hits[0].article_id == "summit-talks"
        assert hits[0].text == remote.article("summit-talks").text[hits[0].start : hits[0].end]
        answer = remote.ask(SUMMIT, asked=date(2019, 4, 26), history=[("Who?", "Kim.")])
        assert answer.citations[0].article_id == "summit-talks"
        assert remote.ask(SUMMIT, filters=Filters(article_ids=("bees",))).answered is False
        assert remote.articles(filters=Filters(sources=("Meridian Desk",)))[0].id == "summit-aid"
        assert remote.reindex() == 4
        again = remote.ask(SUMMIT, asked=date(2019, 4, 26), history=[("Who?", "Kim.")])
        assert again.citations == answer.citations


def test_filters_and_reasons_go_through_the_owner(
    store: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QA_STORE", str(store))

    def qa(*words: str) -> Any:
        assert main([*words, "--json"]) == 0
        return json.loads(capsys.readouterr().out)

    some = ("--source", "harbour wire", "--to", "2019-12-31", "--language", "en")
    assert [(one["id"], one["language"]) for one in qa("list", *some)] == [("summit-talks", "en")]
    (hit,) = qa("search", "armoured train", "--explain", *some)["hits"]
    assert (hit["article_id"], hit["why"]["words"], hit["why"]["keyword_rank"]) == (
        "summit-talks",
        ["armoured", "train"],
        1,
    )
    assert qa("ask", SUMMIT, *some)["answered"] is True
    assert qa("ask", SUMMIT, "--article", "bees")["answered"] is False
    with remote_to(store) as remote:
        (mine,) = remote.search(
            "armoured train", filters=Filters(languages=("en",), article_ids=("summit-talks",))
        )
        assert mine.why == Reasons(**{**hit["why"], "words": ("armoured", "train")})
        assert mine.language == "en"
        assert remote.search("armoured train", filters=Filters(languages=("de",))) == []


def test_relative_paths_are_those_of_the_caller(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    many(tmp_path / "m.jsonl", 1)
    monkeypatch.chdir(tmp_path)
    with remote_to(store) as remote:
        assert remote.add("m.jsonl").added == ("m0",)
        assert remote.remove("m0") == ("m0",)
        assert remote.add("missing.txt").failed[0].source == str(tmp_path / "missing.txt")


def test_errors_keep_their_kind_and_words(store: Path) -> None:
    with remote_to(store) as remote:
        with pytest.raises(ArticleNotFoundError, match="there is no article 'nobody': `qa list`"):
            remote.article("nobody")
        with pytest.raises(QuestionError, match="the question is empty"):
            remote.ask(" ")


def test_who_does_not_know_the_secret_is_refused(store: Path) -> None:
    owner = Ownership(store).take(doing="a test")
    assert owner is not None
    assert owner.address is not None
    for secret in ("wrong", "None"):
        with RemoteLibrary(replace(owner, secret=secret)) as remote:
            with pytest.raises(StoreBusyError, match="refuses to work for this one"):
                remote.articles()
            with pytest.raises(StoreBusyError, match="refuses"):
                remote.remove("storm")
    assert httpx.post(f"{owner.address}/articles", content="{}", trust_env=False).status_code == 403
    known = {"Authorization": f"Bearer {owner.secret}"}
    assert httpx.post(f"{owner.address}/close", headers=known, trust_env=False).status_code == 404
    with remote_to(store) as remote:
        assert len(remote.articles()) == 4


def test_a_reindex_with_another_embedder_is_not_done_with_the_owners(store: Path) -> None:
    with pytest.raises(StoreBusyError, match="works with the embedder 'all-MiniLM-L6-v2': end it"):
        open_library(Settings(store=store, embedder="another"), doing="qa reindex", reindexing=True)


def test_a_killed_caller_stops_the_work_and_leaves_the_store_good(store: Path, tmp_path: Path) -> None:
    source = many(tmp_path / "m.jsonl", 4000)
    command = [sys.executable, "-c", CLIENT, str(store), str(source)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as client:
        assert client.stdout
        for line in client.stdout:
            if int(line) >= 200:
                break
        client.send_signal(signal.SIGKILL)
    with remote_to(store) as remote:
        stored = -1
        # The batch under way is finished, then no other begins.
        while (now := len(remote.articles())) != stored:
            stored = now
            time.sleep(3)
        assert 4 + 200 <= stored < 4004
        ids = [info.id for info in remote.articles() if info.id.startswith("m")]
        assert remote.remove(*ids) == tuple(ids)
        assert remote.ask(SUMMIT).citations[0].article_id == "summit-talks"


def test_an_owner_killed_in_the_middle_ends_in_a_sentence_and_loses_nothing(tmp_path: Path) -> None:
    source = many(tmp_path / "m.jsonl", 2000)
    with owner_of(tmp_path / "store") as owner:
        with remote_to(tmp_path / "store") as remote:

            def kill(progress: Progress) -> None:
                if progress.articles >= 200:
                    owner.send_signal(signal.SIGKILL)

            with pytest.raises(
                StoreBusyError, match=rf"process {owner.pid} \(the tab\) ended in the middle of the work"
            ):
                remote.add(source, on_progress=kill)
            with pytest.raises(StoreBusyError, match=r"does not answer|ended in the middle"):
                remote.articles()
    with Library(tmp_path / "store") as library:
        infos = library.articles()
        assert 200 <= len(infos) < 2000
        assert library._store.shelf.count() == (len(infos), len(infos))
        assert len(library._words._indexed_passages()) == len(infos)


@pytest.fixture
def own(tmp_path: Path, library: Library) -> Iterator[Library]:
    with Library(tmp_path / "store", doing="qa add") as own:
        own._embedder = library.embeddings
        yield own


class Adding(threading.Thread):
    """Adds through another library, and keeps what came of it."""

    def __init__(self, library: RemoteLibrary, source: Path) -> None:
        super().__init__()
        self._library = library
        self._source = source
        self.begun = threading.Event()
        self.added: int | None = None
        self.error: QAError | None = None

    def run(self) -> None:
        try:
            self.added = len(self._library.add(self._source, on_progress=lambda _: self.begun.set()).added)
        except QAError as error:
            self.error = error


def test_a_tab_that_ends_stops_the_work_of_others(own: Library, tmp_path: Path) -> None:
    with serve_others(own, doing="the tab"):
        adding = Adding(remote_to(tmp_path / "store"), many(tmp_path / "m.jsonl", 3000))
        adding.start()
        assert adding.begun.wait(60)
    adding.join(60)
    assert adding.added is None
    assert "was ended: what was done is kept, run this again to go on" in str(adding.error)
    assert len(own.articles()) < 3000


def test_a_command_that_ends_finishes_the_work_of_others_first(own: Library, tmp_path: Path) -> None:
    with serve_others(own, doing="qa add", finish=True):
        adding = Adding(remote_to(tmp_path / "store"), many(tmp_path / "m.jsonl", 300))
        adding.start()
        assert adding.begun.wait(60)
    adding.join(60)
    assert (adding.error, adding.added) == (None, 300)


def test_a_store_whose_owner_takes_no_calls_is_waited_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ownership = Ownership(tmp_path)
    ownership.take(doing="qa ask")
    threading.Timer(1.0, ownership.release).start()
    with open_library(Settings(store=tmp_path), doing="qa list") as library:
        assert isinstance(library, Library)
    assert "(qa ask) to be done" in capsys.readouterr().err


def test_an_owner_that_is_just_ending_is_waited_for(tmp_path: Path) -> None:
    ownership = Ownership(tmp_path)
    ownership.take(doing="qa add")
    ownership.announce(Owner(pid=1, doing="qa add", address="http://127.0.0.1:9", secret="s"))
    threading.Timer(1.0, ownership.release).start()
    with open_library(Settings(store=tmp_path), doing="qa list") as library:
        assert isinstance(library, Library)


def test_a_chat_model_is_asked_by_the_one_who_chose_it(
    store: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The owner has the store and no model: it searches, and gives the whole article for a summary."""
    monkeypatch.setenv("QA_STORE", str(store))
    storm = "Storm Agnes closed the harbour of Lisbon for two days."

    def qa(*words: str) -> Any:
        assert main([*words, "--json"]) == 0
        return json.loads(capsys.readouterr().out)

    with answering(Reply(body=spoken(f"{storm} [1] Pirates took Madrid. [1]"))) as server:
        for asked in ("What did storm Agnes do in Lisbon?", "Summarise the article about storm Agnes"):
            answer = qa("ask", asked, "--model", server.address)
            assert (answer["model"], answer["answer"]) == (
                server.address,
                f"{storm} [1] Pirates took Madrid. [unsupported]",
            )
            assert [one["article_id"] for one in answer["citations"]] == ["storm"]
            for_sure_cited(answer, lambda article_id: qa("show", article_id)["text"])
            assert storm in json.loads(server.heard[-1].body)["messages"][-1]["content"]
    assert qa("ask", SUMMIT)["model"] == "reader"
