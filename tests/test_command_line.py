"""The command line: contract 1 by the real program, most of it in this process, the few that need it in another."""

from __future__ import annotations

import json
import os
import pty
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from qa import __version__
from qa.__main__ import main

HIT = ["article_id", "title", "source", "published", "start", "end", "text", "score"]
CITATION = [
    *("number", "article_id", "title", "source", "url", "published", "start", "end", "quote"),
    *("answer_start", "answer_end"),
]
# "sure" is ours, the rest is the contract's.
ANSWER = """
question answered answer confidence sure citations nearest understood claims note model seconds
""".split()
INFO = ["id", "title", "source", "url", "published", "author", "characters", "passages", "language"]
# "gone" and "removed" are ours, for --prune.
REPORT = ["added", "updated", "unchanged", "skipped", "failed", "gone", "removed", "seconds"]


class Done(NamedTuple):
    """What a command left behind."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Done]


@pytest.fixture(scope="module")
def store(articles_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of the four articles that nobody has open. It is shared: tests that change anything copy it."""
    store = tmp_path_factory.mktemp("command-line") / "store"
    assert main(["--store", str(store), "add", str(articles_file)]) == 0
    return store


@pytest.fixture
def own_store(store: Path, tmp_path: Path) -> Path:
    """A copy of the store, for this test to change."""
    return Path(shutil.copytree(store, tmp_path / "own-store"))


@pytest.fixture
def qa(
    store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Run:
    """Runs a command on the shared store, or on another by --store."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("QA_STORE", str(store))

    def run(*words: str | Path) -> Done:
        capsys.readouterr()
        try:
            status = main([str(word) for word in words])
        except SystemExit as left:  # argparse's way
            status = left.code if isinstance(left.code, int) else 1
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        assert "should not have happened" not in err
        assert "\x1b" not in out + err, "a colour code in what is no terminal"
        return Done(status, out, err)

    return run


def _program(*words: str | Path, store: Path, **more: Any) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "qa", *map(str, words)],
        env={**os.environ, "QA_STORE": str(store)},
        **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **more},
    )


# What every command prints for programs.


def test_add_json(qa: Run, tmp_path: Path, articles_file: Path) -> None:
    (tmp_path / "news").mkdir()
    for name in ("one.txt", "two.md", "photo.xyz", "empty.txt"):
        (tmp_path / "news" / name).write_text(
            "" if name == "empty.txt" else f"{name} is about trains to Riga."
        )
    done = qa("add", "--json", "--store", tmp_path / "new", tmp_path / "news", "no-such-file")
    assert done.status == 1
    assert list(done.json) == REPORT
    assert len(done.json["added"]) == 2
    assert (done.json["updated"], done.json["unchanged"], done.json["skipped"]) == ([], 0, 1)
    assert done.json["seconds"] > 0
    assert [Path(failure["source"]).name for failure in done.json["failed"]] == ["no-such-file", "empty.txt"]
    assert {tuple(failure) for failure in done.json["failed"]} == {("source", "reason")}
    assert "no-such-file" in done.err
    assert "empty.txt" in done.err

    (tmp_path / "news" / "one.txt").write_text("Now it is about ships.")
    (tmp_path / "news" / "empty.txt").unlink()
    (tmp_path / "news" / "two.md").unlink()
    again = qa("add", "--json", "--store", tmp_path / "new", tmp_path / "news")
    assert again.status == 0
    assert (len(again.json["updated"]), again.json["unchanged"], len(again.json["gone"])) == (1, 0, 1)
    pruned = qa("add", "--prune", "--json", "--store", tmp_path / "new", tmp_path / "news")
    assert (pruned.json["unchanged"], pruned.json["gone"]) == (1, [])
    assert pruned.json["removed"] == again.json["gone"]


def test_list_json(qa: Run) -> None:
    done = qa("list", "--json")
    assert done.status == 0
    assert [list(info) for info in done.json] == [INFO] * 4
    assert [info["id"] for info in done.json] == [
        "storm",
        "summit-aid",
        "summit-talks",
        "bees",
    ]  # newest first
    assert done.json[2] == {
        "id": "summit-talks",
        "title": "Putin and Kim meet on Russky island",
        "source": "Harbour Wire",
        "url": "https://news.example/summit-talks",
        "published": "2019-04-25",
        "author": "Ida Berg",
        "characters": 185,
        "passages": 1,
        "language": "en",
    }


def test_show_json(qa: Run, articles_file: Path) -> None:
    given = [json.loads(line) for line in articles_file.read_text().splitlines()]
    for article in given:
        done = qa("show", article["id"], "--json")
        assert list(done.json) == [*INFO, "text"]
        assert done.json["text"] == article["text"]
        assert done.json["characters"] == len(article["text"])


def test_search_json(qa: Run) -> None:
    done = qa("search", "armoured train", "-k", "2", "--json")
    assert list(done.json) == ["question", "hits"]
    assert done.json["question"] == "armoured train"
    assert [list(hit) for hit in done.json["hits"]] == [HIT] * 2
    hit = done.json["hits"][0]
    assert hit["article_id"] == "summit-talks"
    text = qa("show", "summit-talks", "--json").json["text"]
    assert hit["text"] == text[hit["start"] : hit["end"]]
    assert len(hit["text"]) <= 1200
    assert 0 <= hit["score"] <= 1


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--source", "harbour wire"], ["storm", "summit-talks"]),
        (["--source", "Meridian Desk", "--source", "HARBOUR WIRE"], ["storm", "summit-aid", "summit-talks"]),
        (["--from", "2019-04-26"], ["storm", "summit-aid"]),
        (["--to", "2019-04-26"], ["summit-aid", "summit-talks"]),
        (["--from", "2019-04-25", "--to", "2019-04-25"], ["summit-talks"]),
        (["--article", "bee", "--article", "summit-t"], ["summit-talks", "bees"]),
        (["--language", "EN", "--language", "de"], ["storm", "summit-aid", "summit-talks", "bees"]),
        (["--source", "Harbour Wire", "--to", "2020-01-01", "--article", "summit-t"], ["summit-talks"]),
        (["--source", "Harbour Wire", "--article", "bees"], []),
        (["--source", "Nobody", "--source", "Meridian Desk"], ["summit-aid"]),
    ],
)
def test_filters(qa: Run, words: list[str], expected: list[str]) -> None:
    assert [info["id"] for info in qa("list", "--json", *words).json] == expected
    hits = qa("search", "harbour wheat island bees", "--json", *words).json["hits"]
    assert {hit["article_id"] for hit in hits} == set(expected)
    asked = qa("ask", "Where did the summit take place?", "--json", *words).json
    found = {one["article_id"] for one in (*asked["citations"], *asked["nearest"])}
    assert found <= set(expected)
    assert bool(found) == bool(expected)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (
            ["--source", "Harbor Wire"],
            "qa: no article is from 'Harbor Wire': they are from Harbour Wire, Meridian Desk",
        ),
        (["--language", "sv"], "qa: no article is in 'sv': they are in en"),
    ],
)
def test_names_that_the_library_does_not_have(qa: Run, words: list[str], says: str) -> None:
    none = "no article is of the sources, days and languages that were asked for: `qa list` shows all"
    assert qa("list", *words) == Done(0, "", f"{says}\n{none}\n")
    assert qa("search", "bees", *words) == Done(0, "", f"{says}\n{none}\n")
    assert qa("ask", "bees?", *words) == Done(0, "The articles do not say.\n", f"{says}\n")
    assert qa("list", "--json", *words) == Done(0, "[]\n", f"{says}\n")


def test_each_article_has_its_language(qa: Run, tmp_path: Path) -> None:
    german = "Am 8. November eröffnete der Flughafen. Die Züge fahren vom Bahnhof unter den Häusern ab."
    lines = [{"id": "de", "text": german}, {"id": "short", "text": "Kim: 7"}]
    (tmp_path / "two.jsonl").write_text("\n".join(map(json.dumps, lines)))
    store = ("--store", tmp_path / "languages")
    assert qa("add", "two.jsonl", *store).status == 0
    assert {one["id"]: one["language"] for one in qa("list", "--json", *store).json} == {
        "de": "de",
        "short": None,
    }
    hits = qa("search", "Zug vom Haus", "--language", "de", "--explain", "--json", *store).json["hits"]
    assert [(hit["article_id"], hit["why"]["words"]) for hit in hits] == [("de", ["Züge", "Häusern"])]
    assert hits[0]["text"] == german
    assert qa("show", "de", "--json", *store).json["language"] == "de"


WHY = ["dense_rank", "similarity", "keyword_rank", "keyword_score", "words", "of_its_time", "reader"]


def test_explain(qa: Run) -> None:
    words = ("search", "who came by armoured train in April 2019?", "-k", "2", "--explain")
    first, second = qa(*words, "--json").json["hits"]
    assert (list(first), list(first["why"])) == ([*HIT, "why"], WHY)
    why = first["why"]
    assert (first["article_id"], why["dense_rank"], why["keyword_rank"]) == ("summit-talks", 1, 1)
    assert (why["words"], why["of_its_time"]) == (["came", "armoured", "train"], True)
    assert second["why"]["keyword_rank"] is None
    lines = qa(*words).out.splitlines()
    said = f"({why['keyword_score']:.1f}: came, armoured, train) · published in the days asked about"
    assert lines[1] == f"    meaning: 1st ({why['similarity']:.2f}) · words: 1st {said}"
    assert any("words: none shared" in line for line in lines)
    assert "meaning:" not in qa(*words[:-1]).out


def test_the_reader_has_a_say_in_the_order(qa: Run) -> None:
    hits = qa("search", "who closed the harbour?", "--rerank", "--explain", "--json", "-k", "3").json["hits"]
    assert len(hits) == 3
    assert hits[0]["why"]["reader"] == max(hit["why"]["reader"] for hit in hits)
    assert [hit["score"] for hit in hits] == sorted((hit["score"] for hit in hits), reverse=True)


def test_search_as_if_asked_on_a_day(qa: Run) -> None:
    words = ("search", "what happened this week?", "--explain", "--json", "-k", "4")
    for day, article in (("2019-04-26", "summit-talks"), ("2021-11-03", "storm")):
        hits = qa(*words, "--asked", day).json["hits"]
        assert {hit["article_id"]: hit["why"]["of_its_time"] for hit in hits}[article] is True
        assert sum(hit["why"]["of_its_time"] for hit in hits) == (2 if article == "summit-talks" else 1)


def test_ask_json(qa: Run) -> None:
    answered = qa("ask", "--json", "--asked", "2019-04-25", "Where did the summit take place?").json
    assert list(answered) == ANSWER
    assert (answered["answered"], answered["model"], answered["nearest"]) == (True, "reader", [])
    assert 0 <= answered["confidence"] <= 1
    assert [list(citation) for citation in answered["citations"]] == [CITATION] * len(answered["citations"])
    citation = answered["citations"][0]
    assert citation["number"] == 1
    text = qa("show", citation["article_id"], "--json").json["text"]
    assert citation["quote"] == text[citation["start"] : citation["end"]]
    assert "Russky island" in text[citation["answer_start"] : citation["answer_end"]]

    declined = qa("ask", "--json", "Which opera did Verdi write in 1871?")
    assert declined.status == 0
    assert list(declined.json) == ANSWER
    assert (declined.json["answered"], declined.json["answer"], declined.json["citations"]) == (
        False,
        None,
        [],
    )
    assert [list(hit) for hit in declined.json["nearest"]] == [HIT] * len(declined.json["nearest"])
    assert declined.json["nearest"]


def test_remove_json(qa: Run, own_store: Path) -> None:
    done = qa("remove", "storm", "nobody", "bee", "--store", own_store, "--json")
    assert done.status == 1
    assert done.json == {"removed": ["storm", "bees"], "missing": ["nobody"]}
    assert "nobody" in done.err
    assert [info["id"] for info in qa("list", "--json", "--store", own_store).json] == [
        "summit-aid",
        "summit-talks",
    ]
    assert "storm" not in {
        hit["article_id"] for hit in qa("search", "storm", "--json", "--store", own_store).json["hits"]
    }


def test_reindex_json(qa: Run, own_store: Path) -> None:
    done = qa("reindex", "--store", own_store, "--json")
    assert done.status == 0
    assert list(done.json) == ["articles", "seconds"]
    assert done.json["articles"] == 4
    assert len(qa("search", "summit", "--json", "--store", own_store).json["hits"]) == 4


def test_eval_json(qa: Run, tmp_path: Path) -> None:
    cases = tmp_path / "cases.jsonl"
    cases.write_text(
        '{"id": "where", "question": "Where did the summit take place?", "answers": ["Russky island"], '
        '"article_ids": ["summit-talks"], "asked": "2019-04-26"}\n'
        "no case\n"
        '{"id": "opera", "question": "Which opera did Verdi write in 1871?", "answers": []}\n'
    )
    done = qa("eval", "cases.jsonl", "--predictions", "out.jsonl", "--json")
    assert done.status == 1  # one line is no case
    assert "cases.jsonl:2: is no case" in done.err
    assert (done.json["answerable"], done.json["unanswerable"]) == (1, 1)
    assert (done.json["quoted"], done.json["recall@1 article"], done.json["decline recall"]) == (
        1.0,
        1.0,
        1.0,
    )
    lines = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert [list(line) for line in lines] == [["id", *ANSWER, "hits"]] * 2
    assert [line["id"] for line in lines] == ["where", "opera"]
    assert [list(hit) for hit in lines[0]["hits"]] == [HIT] * 4

    cases.write_text('{"question": "Where did the summit take place?", "answers": ["the moon"]}\n')
    low = qa("eval", "cases.jsonl")
    assert low.status == 0  # low scores are no failure
    assert "quoted" in low.out


def test_common_options_before_and_after_the_command(
    qa: Run, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QA_STORE", "/nowhere/to/be/found")
    options = ["--store", str(store), "--model", "reader", "--embedder", "all-MiniLM-L6-v2", "--json"]
    for words in ([*options, "list"], ["list", *options], [*options[:3], "reader", "list", *options[4:]]):
        assert [info["id"] for info in qa(*words).json] == ["storm", "summit-aid", "summit-talks", "bees"]
    after = qa("--store", "/nowhere/else", "list", *options)
    assert after.status == 0  # what stands after the command counts


# What goes wrong.


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ([], "the following arguments are required: COMMAND"),
        (["fly"], "invalid choice: 'fly'"),
        (["list", "--colour"], "unrecognized arguments: --colour"),
        (["add"], "required: SOURCE"),
        (["ask"], "required: QUESTION"),
        (["ask", ""], "the question is empty"),
        (["search", " \n"], "the question is empty"),
        (["ask", "x" * 5000], "longer than 4,000 characters"),
        (["ask", "who?", "--asked", "yesterday"], "'yesterday' is not a date like 2019-04-25"),
        (["ask", "who?", "--asked", "2019-02-30"], "'2019-02-30' is not a date"),
        (["search", "who?", "-k", "0"], "'0' is not a number from 1 to 1000"),
        (["search", "who?", "-k", "ten"], "'ten' is not a number from 1 to 1000"),
        (["search", "who?", "-k", "²"], "'²' is not a number from 1 to 1000"),
        (["chat", "--port", "0"], "'0' is not a port: a number from 1 to 65535"),
        (["chat", "--port", "65536"], "is not a port"),
        (["chat", "--port", "http"], "is not a port"),
        (["list", "--store", ""], "the name of the folder is empty"),
        (["list", "--store", "~no-such-user-here/x"], "there is no such user"),
        (["list", "--chroma", "localhost:8000"], "is not the address of a Chroma server"),
        (["list", "--from", "monday"], "'monday' is not a date like 2019-04-25"),
        (["search", "who?", "--to", "2019-02-30"], "'2019-02-30' is not a date"),
        (
            ["ask", "who?", "--language", "german"],
            "'german' is not a language's code of two letters, like en or de",
        ),
        (
            ["list", "--from", "2019-04-26", "--to", "2019-04-25"],
            "no day is from 2019-04-26 on and up to 2019-04-25",
        ),
        (["search", "who?", "--asked", "today"], "'today' is not a date"),
        (["list", "--explain"], "unrecognized arguments: --explain"),
        (["bench", "coffee", "x"], "invalid choice: 'coffee'"),
    ],
)
def test_wrong_use(qa: Run, words: list[str], says: str) -> None:
    done = qa(*words)
    assert done.status == 2
    assert done.out == ""
    assert says in done.err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["show", "nobody"], "there is no article 'nobody': `qa list` shows those that are"),
        (["show", ""], "there is no article ''"),
        (["show", "summit"], "2 articles begin with 'summit': write more of it"),
        (["list", "--article", "nobody"], "there is no article 'nobody': `qa list` shows those that are"),
        (
            ["search", "who?", "--article", "strom"],
            "no article 'strom': `qa list` shows those that are, such as storm",
        ),
        (["ask", "who?", "--article", "summit"], "2 articles begin with 'summit': write more of it"),
        (["remove", "summit-"], "2 articles begin with 'summit-'"),
        (["add", "no-such-file.txt"], "there is no such file or folder"),
        (["add", "https://news.example/x"], "addresses are not read yet"),
        (["eval", "no-such-file.jsonl"], "cannot be read as a file of cases: No such file or directory"),
        (["ask", "who?", "--model", "gpt-9"], "'gpt-9'"),
        (["list", "--chroma", "http://127.0.0.1:9"], "does a Chroma server answer at http://127.0.0.1:9?"),
        (["chat", "--host", "192.0.2.1", "--no-browser"], "is not an address of this machine"),
    ],
)
def test_what_fails(qa: Run, words: list[str], says: str) -> None:
    done = qa(*words)
    assert done.status == 1
    assert says in done.err


def test_an_ambiguous_beginning_names_the_articles(qa: Run) -> None:
    assert "summit-aid" in qa("show", "summit").err
    assert "summit-talks" in qa("show", "summit").err
    assert qa("show", "summit-t").status == 0


@pytest.mark.parametrize("command", [["list"], ["add", "news.jsonl"], ["ask", "who?"]])
def test_places_that_are_no_store(qa: Run, tmp_path: Path, command: list[str]) -> None:
    (tmp_path / "file").write_text("I am no folder")
    for place in (tmp_path / "file", tmp_path / "file" / "below", Path("/proc/qa")):
        done = qa(*command, "--store", place)
        assert done.status == 1
        assert f"{place} cannot be used as a store" in done.err
    assert (tmp_path / "file").read_text() == "I am no folder"


def test_a_damaged_store(qa: Run, own_store: Path) -> None:
    (own_store / "chroma" / "chroma.sqlite3").write_bytes(b"this is no database " * 1000)
    done = qa("list", "--store", own_store)
    assert done.status == 1
    assert "the store cannot be opened" in done.err


def test_another_embedder(qa: Run, own_store: Path) -> None:
    from qa.embed import SentenceEmbedder

    done = qa("list", "--store", own_store, "--embedder", SentenceEmbedder().folder)
    assert done.status == 1
    assert "run `qa reindex`" in done.err


def test_no_articles_yet(qa: Run, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    assert "there are no articles yet: qa add SOURCE adds some" in qa("list", "--store", empty).err
    assert qa("list", "--json", "--store", empty).json == []
    assert qa("search", "anything", "--json", "--store", empty).json == {"question": "anything", "hits": []}
    asked = qa("ask", "anything", "--store", empty)
    assert (asked.status, asked.out) == (0, "The articles do not say.\n")
    assert qa("reindex", "--json", "--store", empty).json["articles"] == 0


def test_the_port_is_taken(qa: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = qa("chat", "--no-browser", "--port", str(port))
    assert done.status == 1
    assert f"Port {port} on 127.0.0.1 is in use" in done.err


def test_help_and_version(qa: Run) -> None:
    assert qa("--version") == Done(0, f"qa {__version__}\n", "")
    overall = qa("--help")
    assert overall.status == 0
    for command in ("chat", "add", "list", "show", "remove", "reindex", "search", "ask", "eval"):
        assert re.search(rf"^    {command} ", overall.out, re.MULTILINE)
        own = qa(command, "--help")
        assert own.status == 0
        assert "--store" in own.out
        assert "--json" in own.out


# What people see.


def test_small_talk(qa: Run) -> None:
    assert qa("ask", "hello").out.startswith("Hello! Ask me about the articles")
    assert "This library holds 4 articles from 2019-04-25 to 2021-11-02" in qa("ask", "what is in here?").out


def test_a_question_that_is_not_unicode(qa: Run) -> None:
    assert qa("ask", "Where did the summit take place? caf\udce9").status == 0
    assert qa("search", "caf\udce9").status == 0


def test_piped_lines_are_whole(qa: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    title = "A very long headline about trains, ships and bees " * 5
    article = {
        "id": "long",
        "title": title.strip(),
        "text": f"{'Trains to Riga were late again, '.strip()} " * 20,
    }
    (tmp_path / "long.jsonl").write_text(json.dumps(article))
    store = ("--store", tmp_path / "long-store")
    assert qa("add", "long.jsonl", *store).out.startswith("1 added in ")
    assert qa("list", *store).out == f"long\t\t\t{title.strip()}\n"
    shown = qa("show", "long", *store).out
    assert shown == f"{title.strip()}\n\n{article['text']}\n"
    assert title.strip() in qa("ask", "were trains to Riga late?", *store).out
    assert title.strip() in qa("search", "trains", *store).out


def test_human_output(qa: Run) -> None:
    asked = qa("ask", "Where did the summit take place?").out.splitlines()
    assert "Russky island" in asked[0]
    assert asked[1] == "[1] Putin and Kim meet on Russky island  Harbour Wire · 2019-04-25"
    shown = qa("show", "summit-talks").out.splitlines()
    assert shown[:3] == [
        "Putin and Kim meet on Russky island",
        "Harbour Wire · 2019-04-25 · Ida Berg · https://news.example/summit-talks",
        "",
    ]
    assert qa("list").out.splitlines()[3] == "bees\t\t\tBees learn to play football"
    assert (
        "1 Putin and Kim meet on Russky island  Harbour Wire · 2019-04-25 · 1.00"
        in qa("search", "summit island").out
    )


def test_an_article_cannot_command_the_terminal(qa: Run, tmp_path: Path) -> None:
    evil = "\x1b]0;owned\x07\x1b[2Jred\x9b31m\u202etxt.exe"
    article = {
        "id": "evil",
        "title": f"Evil {evil}",
        "source": f"wire{evil}",
        "author": evil,
        "text": f"Trains to Riga\r\nwere late{evil}, said the master of the station today.",
    }
    (tmp_path / "evil.jsonl").write_text(json.dumps(article))
    store = tmp_path / "evil-store"
    added = qa("add", "evil.jsonl", "--store", store)
    assert added.status == 0, added.err
    command = [sys.executable, "-m", "qa", "ask", "were trains to Riga late?", "--store", str(store)]
    shown = [
        qa(*words, "--store", store)
        for words in (["list"], ["show", "evil"], ["search", "trains"], command[3:5])
    ]
    seen = "".join(done.out + done.err for done in shown) + _in_a_terminal(command)
    for sequence in ("\x1b]0", "\x07", "\x1b[2J", "\x9b", "\u202e"):
        assert sequence not in seen
    assert "Trains to Riga \nwere late" in shown[1].out


def _in_a_terminal(command: list[str]) -> str:
    """What a program writes to a terminal."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs) as program:
        os.close(theirs)
        seen = b""
        while True:
            try:
                read = os.read(ours, 65536)
            except OSError:  # Linux's way to say that the other side has gone
                break
            if not read:
                break
            seen += read
    os.close(ours)
    assert program.returncode == 0, seen
    assert b"\x1b[1m" in seen, "a terminal has colours"
    return seen.decode()


# The program itself.


def test_a_pipe_that_breaks(store: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)  # whom it is written for has gone, as `head` has after its lines
    with _program("show", "storm", store=store, stdout=writing) as program:
        os.close(writing)
        _, err = program.communicate(timeout=120)
    assert program.returncode == 1
    assert err == b""


def test_ctrl_c_and_taken_up_again(qa: Run, tmp_path: Path) -> None:
    """Stopped in the middle of the work, seen from a second command that meets the open store."""
    store, count = tmp_path / "big", 1000
    lines = [
        json.dumps({"id": f"n{n}", "text": f"Train number {n} to Riga was late by {n} minutes."})
        for n in range(count)
    ]
    (tmp_path / "big.jsonl").write_text("\n".join(lines))
    with _program("add", "big.jsonl", store=store, cwd=tmp_path) as program:
        while program.poll() is None and not _addressed(store):
            time.sleep(0.05)
        while program.poll() is None and not qa("list", "--json", "--store", store).json:
            time.sleep(0.02)
        program.send_signal(signal.SIGINT)
        _, err = program.communicate(timeout=120)
    assert program.returncode == 1
    assert err.decode() == "qa: stopped: run the same command again to go on where it was\n"
    report = qa("add", "big.jsonl", "--store", store, "--json").json
    assert 0 < report["unchanged"] < count
    assert len(report["added"]) == count - report["unchanged"]
    assert report["updated"] == []
    assert len(qa("list", "--json", "--store", store).json) == count


def _addressed(store: Path) -> bool:
    try:
        return bool(json.loads((store / "owner.json").read_text())["address"])
    except (OSError, ValueError):
        return False
