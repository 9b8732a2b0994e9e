"""The command line: words -> a command and its settings. What a command does stands in `commands`.

Imports nothing heavy, so that `qa --help` answers at once. Exit status: 0 done, 1 something failed (named on stderr),
2 wrong use.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from qa import __version__
from qa.errors import QAError, QuestionError, SettingsError
from qa.settings import MINILM, QUIET, READER, Settings

_SOURCE_HELP = "a file (.txt .md .html .pdf .docx .jsonl .jsonl.gz) or a folder of such"
_MOST_HITS = 1000
_MOST_PASSAGES = 10_000_000
_TAKEN_UP = ("add", "reindex")
"""Commands that, stopped, go on where they were the next time."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; gives its exit status."""
    os.environ.update(QUIET)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without curly quotes shows "?" in their place
    given = _parser().parse_args(arguments)
    try:
        settings = Settings.read(
            os.environ,
            store=getattr(given, "store", None),
            chroma=getattr(given, "chroma", None),
            model=getattr(given, "model", None),
            embedder=getattr(given, "embedder", None),
            reader=getattr(given, "reader", None),
        )
        from qa import commands

        return commands.COMMANDS[given.command](settings, given)
    except KeyboardInterrupt:
        taken_up = given.command in _TAKEN_UP
        return _fail(f"stopped{': run the same command again to go on where it was' if taken_up else ''}", 1)
    except (SettingsError, QuestionError) as error:
        return _fail(str(error), 2)
    except QAError as error:
        return _fail(str(error), 1)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or the interpreter complains at exit
        return 1
    except Exception as error:  # the last line before the user's face: one sentence, the rest on request
        if os.environ.get("QA_DEBUG"):
            raise
        return _fail(
            f"this should not have happened ({type(error).__name__}: {error}); QA_DEBUG=1 shows where", 1
        )


def _fail(sentence: str, status: int) -> int:
    print(f"qa: {sentence}", file=sys.stderr)
    return status


def _parser() -> argparse.ArgumentParser:
    common = _common_options()
    parser = argparse.ArgumentParser(
        prog="qa",
        parents=[common],
        description="Answers questions about your articles, and shows the sentences that the answers stand on.",
        epilog="Try: qa chat corpus",
    )
    parser.add_argument("--version", action="version", version=f"qa {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str, says: str) -> argparse.ArgumentParser:
        return commands.add_parser(name, parents=[common], help=says, description=says)

    chat = command("chat", "open the tab, and index the sources behind it (only what changed)")
    chat.add_argument("sources", nargs="*", metavar="SOURCE", help=_SOURCE_HELP)
    chat.add_argument(
        "--host", default="127.0.0.1", help="the address to serve on (default: this machine only)"
    )
    chat.add_argument("--port", type=_port, default=7860, help="the port to serve on (default: %(default)s)")
    chat.add_argument("--no-browser", action="store_true", help="do not open the browser")

    add = command("add", "add articles; those that did not change are left alone")
    add.add_argument("sources", nargs="+", metavar="SOURCE", help=_SOURCE_HELP)
    add.add_argument("--prune", action="store_true", help="remove articles whose file has gone from a folder")

    _add_filters(command("list", "list the articles, newest first"))

    show = command("show", "print an article")
    show.add_argument("id", metavar="ID", help="an article's id, or its beginning")

    remove = command("remove", "remove articles")
    remove.add_argument("ids", nargs="+", metavar="ID", help="an article's id, or its beginning")

    command("reindex", "split and embed every article anew, for example with another --embedder")

    search = command("search", "find passages, without an answer")
    search.add_argument("question", metavar="QUESTION")
    search.add_argument("-k", type=_count, default=10, metavar="N", help="how many (default: %(default)s)")
    search.add_argument(
        "--rerank", action="store_true", help="let the reader have a say in the order: slower"
    )
    search.add_argument("--explain", action="store_true", help="say of each passage why it is where it is")
    _add_asked(search)
    _add_filters(search)

    ask = command("ask", "answer one question")
    ask.add_argument("question", metavar="QUESTION")
    _add_asked(ask)
    _add_filters(ask)

    evaluate = command("eval", "answer the questions of a file and say how well that went")
    evaluate.add_argument("cases", type=Path, metavar="CASES.jsonl")
    evaluate.add_argument(
        "--predictions", type=Path, metavar="OUT.jsonl", help="write every answer to this file"
    )
    evaluate.add_argument(
        "--save", type=Path, metavar="REPORT.json", help="write the report to this file, a later baseline"
    )
    evaluate.add_argument(
        "--baseline", type=Path, metavar="REPORT.json", help="show the differences to this earlier report"
    )
    _add_half(evaluate)

    bench = command("bench", "measure against others, side by side")
    measured = bench.add_subparsers(dest="what", required=True, metavar="WHAT")
    for name, says in (
        ("index", "articles a second, beside a plain LangChain script"),
        ("keywords", "the keyword index beside bm25s: build, query, adding an article, size"),
    ):
        one = measured.add_parser(name, parents=[common], help=says, description=says)
        one.add_argument("sources", nargs="+", metavar="SOURCE", help=_SOURCE_HELP)
    says = "how long a search takes in a large library, made of these articles, beside its engines alone"
    timed = measured.add_parser("search", parents=[common], help=says, description=says)
    timed.add_argument("sources", nargs="+", metavar="SOURCE", help=_SOURCE_HELP)
    timed.add_argument(
        "--passages",
        type=_size,
        default=200_000,
        metavar="N",
        help="the size of the library (default: %(default)s)",
    )
    timed.add_argument(
        "--store-cache", type=_folder, metavar="DIR", help="keep the library here for the next run"
    )
    says = "what is found: ours beside plain LangChain, keyword alone, dense alone and their rank fusion"
    found = measured.add_parser("retrieval", parents=[common], help=says, description=says)
    found.add_argument(
        "--set",
        dest="sets",
        action="append",
        nargs="+",
        required=True,
        metavar="PATH",
        help="articles and, last, the questions about them: cases as for eval, or questions each with a passage "
        "(SQuAD), which are searched for among the articles; may be given again",
    )
    _add_half(found)
    found.add_argument(
        "--sample",
        type=_count,
        default=600,
        metavar="N",
        help="of questions with passages take so many (default: %(default)s)",
    )
    found.add_argument(
        "--store-cache", type=_folder, metavar="DIR", help="keep the stores here for the next run"
    )
    found.add_argument(
        "--predictions", type=Path, metavar="OUT.jsonl", help="write to this file what each system found"
    )
    return parser


def _common_options() -> argparse.ArgumentParser:
    """Options that every command takes, before its name and after it: suppressed defaults keep what stood before."""
    common = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    options = common.add_argument_group("options of every command")
    options.add_argument(
        "--store", type=_folder, metavar="DIR", help="where the articles are kept ($QA_STORE, or .qa)"
    )
    options.add_argument("--chroma", metavar="URL", help="a Chroma server to keep them on ($QA_CHROMA)")
    options.add_argument(
        "--model", metavar="NAME", help=f"what answers ($QA_MODEL, or {READER}, which quotes)"
    )
    options.add_argument(
        "--reader", metavar="NAME", help="another reading model ($QA_READER): a folder or a hub name"
    )
    options.add_argument("--embedder", metavar="NAME", help=f"what embeds ($QA_EMBEDDER, or {MINILM})")
    options.add_argument("--json", action="store_true", help="print one JSON object, for programs")
    return common


def _add_asked(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--asked", type=_day, metavar="DATE", help="the day of asking, YYYY-MM-DD (default: today)"
    )


def _add_filters(command: argparse.ArgumentParser) -> None:
    """Which articles to look at. What may be given again lets through the articles of any of its values."""
    filters = command.add_argument_group("only some articles (given twice: of either)")
    filters.add_argument(
        "--source",
        action="append",
        dest="sources",
        metavar="NAME",
        help="of this source, upper case or lower",
    )
    filters.add_argument(
        "--from", type=_day, dest="first", metavar="DATE", help="published on this day, YYYY-MM-DD, or later"
    )
    filters.add_argument(
        "--to", type=_day, dest="last", metavar="DATE", help="published on this day or before"
    )
    filters.add_argument(
        "--article",
        action="append",
        dest="articles",
        metavar="ID",
        help="this one, by its id or the id's beginning",
    )
    filters.add_argument(
        "--language",
        type=_language,
        action="append",
        dest="languages",
        metavar="CODE",
        help="in this language: en, de, fr, ...",
    )


def _add_half(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--half",
        choices=("tune", "held", "all"),
        default="all",
        help="only the questions of one half, by a hash of their id: tune on one, report the other",
    )


def _folder(text: str) -> Path:
    if text.strip():
        return Path(text)
    raise argparse.ArgumentTypeError("the name of the folder is empty")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date like 2019-04-25") from None


def _language(text: str) -> str:
    if len(text) == 2 and text.isascii() and text.isalpha():
        return text.lower()
    raise argparse.ArgumentTypeError(f"{text!r} is not a language's code of two letters, like en or de")


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and 1 <= int(text) <= 65535:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a port: a number from 1 to 65535")


def _count(text: str) -> int:
    if text.isascii() and text.isdigit() and 1 <= int(text) <= _MOST_HITS:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to {_MOST_HITS}")


def _size(text: str) -> int:
    if text.isascii() and text.isdigit() and 1 <= int(text) <= _MOST_PASSAGES:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to {_MOST_PASSAGES:,}")


if __name__ == "__main__":
    sys.exit(main())
