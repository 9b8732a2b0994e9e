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
from pathlib import Path

from qa import __version__, options
from qa.errors import QAError, QuestionError, SettingsError
from qa.settings import Settings, quieten

_TAKEN_UP = ("add", "reindex")
"""Commands that, stopped, go on where they were the next time."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; gives its exit status."""
    quieten(os.environ)
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
    common = options.common_options()
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
    chat.add_argument("sources", nargs="*", metavar="SOURCE", help=options.SOURCE_HELP)
    chat.add_argument(
        "--host", default="127.0.0.1", help="the address to serve on (default: this machine only)"
    )
    chat.add_argument(
        "--port", type=options.port, default=7860, help="the port to serve on (default: %(default)s)"
    )
    chat.add_argument("--no-browser", action="store_true", help="do not open the browser")
    options.add_offer(chat)

    command(
        "mcp",
        "serve the articles to a program that starts this one, by the Model Context Protocol over stdio",
    )

    add = command("add", "add articles; those that did not change are left alone")
    add.add_argument("sources", nargs="+", metavar="SOURCE", help=options.SOURCE_HELP)
    add.add_argument("--prune", action="store_true", help="remove articles whose file has gone from a folder")

    options.add_filters(command("list", "list the articles, newest first"))

    show = command("show", "print an article")
    show.add_argument("id", metavar="ID", help="an article's id, or its beginning")

    remove = command("remove", "remove articles")
    remove.add_argument("ids", nargs="+", metavar="ID", help="an article's id, or its beginning")

    command("reindex", "split and embed every article anew, for example with another --embedder")

    search = command("search", "find passages, without an answer")
    search.add_argument("question", metavar="QUESTION")
    search.add_argument(
        "-k", type=options.count, default=10, metavar="N", help="how many (default: %(default)s)"
    )
    search.add_argument(
        "--rerank", action="store_true", help="let the reader have a say in the order: slower"
    )
    search.add_argument("--explain", action="store_true", help="say of each passage why it is where it is")
    options.add_asked(search)
    options.add_filters(search)

    ask = command("ask", "answer one question")
    ask.add_argument("question", metavar="QUESTION")
    options.add_asked(ask)
    options.add_filters(ask)

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
    options.add_half(evaluate)

    options.add_benchmarks(command("bench", "measure against others, side by side"), common)
    return parser


if __name__ == "__main__":
    sys.exit(main())
