"""The options that commands share, and what their values may be. Knows nothing of what commands do."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

from qa.settings import MINILM, READER

SOURCE_HELP = "a file (.txt .md .html .pdf .docx .jsonl .jsonl.gz) or a folder of such"
_MOST_HITS = 1000
_MOST_PASSAGES = 10_000_000
_MOST_REQUESTS = 1_000_000


def common_options() -> argparse.ArgumentParser:
    """Options that every command takes, before its name and after it: suppressed defaults keep what stood before."""
    common = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    options = common.add_argument_group("options of every command")
    options.add_argument(
        "--store", type=folder, metavar="DIR", help="where the articles are kept ($QA_STORE, or .qa)"
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


def add_asked(command: argparse.ArgumentParser) -> None:
    """The day of asking."""
    command.add_argument(
        "--asked", type=day, metavar="DATE", help="the day of asking, YYYY-MM-DD (default: today)"
    )


def add_filters(command: argparse.ArgumentParser) -> None:
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
        "--from", type=day, dest="first", metavar="DATE", help="published on this day, YYYY-MM-DD, or later"
    )
    filters.add_argument(
        "--to", type=day, dest="last", metavar="DATE", help="published on this day or before"
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
        type=language,
        action="append",
        dest="languages",
        metavar="CODE",
        help="in this language: en, de, fr, ...",
    )


def add_offer(chat: argparse.ArgumentParser) -> None:
    """What is offered to other programs beside the tab."""
    offer = chat.add_argument_group("for other programs (a key is asked for unless they are on this machine)")
    offer.add_argument("--api", action="store_true", help="OpenAI's protocol at /v1, /health and /metrics")
    offer.add_argument("--mcp", action="store_true", help="the Model Context Protocol at /mcp")
    offer.add_argument(
        "--rate",
        type=rate,
        default=1200,
        metavar="N",
        help="how many requests a minute one client may make (default: %(default)s)",
    )


def add_half(command: argparse.ArgumentParser) -> None:
    """Which half of the questions."""
    command.add_argument(
        "--half",
        choices=("tune", "held", "all"),
        default="all",
        help="only the questions of one half, by a hash of their id: tune on one, report the other",
    )


def add_benchmarks(bench: argparse.ArgumentParser, common: argparse.ArgumentParser) -> None:
    """The benchmarks as commands of `bench`."""
    measured = bench.add_subparsers(dest="what", required=True, metavar="WHAT")
    for name, says in (
        ("index", "articles a second, beside a plain LangChain script"),
        ("keywords", "the keyword index beside bm25s: build, query, adding an article, size"),
    ):
        one = measured.add_parser(name, parents=[common], help=says, description=says)
        one.add_argument("sources", nargs="+", metavar="SOURCE", help=SOURCE_HELP)
    says = "how long a search takes in a large library, made of these articles, beside its engines alone"
    timed = measured.add_parser("search", parents=[common], help=says, description=says)
    timed.add_argument("sources", nargs="+", metavar="SOURCE", help=SOURCE_HELP)
    timed.add_argument(
        "--passages",
        type=size,
        default=200_000,
        metavar="N",
        help="the size of the library (default: %(default)s)",
    )
    timed.add_argument(
        "--store-cache", type=folder, metavar="DIR", help="keep the library here for the next run"
    )
    says = "many clients at once: errors, mixed-up answers, how long one waits, memory"
    crowd = measured.add_parser("load", parents=[common], help=says, description=says)
    _add_made(crowd, questions=20, asks="how many each of them asks")
    crowd.add_argument(
        "--clients", type=size, default=50, metavar="N", help="how many ask at once (default: %(default)s)"
    )
    says = (
        "how long one waits for the page in a browser: until it listens, can be used, and shows first words"
    )
    page = measured.add_parser("page", parents=[common], help=says, description=says)
    _add_made(page, questions=100, asks="how many are asked")
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
    add_half(found)
    found.add_argument(
        "--sample",
        type=count,
        default=600,
        metavar="N",
        help="of questions with passages take so many (default: %(default)s)",
    )
    found.add_argument(
        "--store-cache", type=folder, metavar="DIR", help="keep the stores here for the next run"
    )
    found.add_argument(
        "--predictions", type=Path, metavar="OUT.jsonl", help="write to this file what each system found"
    )
    says = "follow-ups: the words that completing them brings back, and the passages that search then finds"
    talked = measured.add_parser("conversation", parents=[common], help=says, description=says)
    talked.add_argument(
        "--canard", type=Path, metavar="FILE", help="follow-ups with their rewrites, as CANARD has them"
    )
    talked.add_argument(
        "--set",
        dest="sets",
        action="append",
        nargs="+",
        default=[],
        metavar="PATH",
        help="articles and, last, the cases about them, with history and standalone; may be given again",
    )
    add_half(talked)
    says = "how well support is told from its absence: ours beside embedding similarity and word overlap"
    cited = measured.add_parser("citations", parents=[common], help=says, description=says)
    cited.add_argument(
        "pairs", type=Path, metavar="PAIRS.jsonl", help="claims and passages, and whether they agree"
    )
    cited.add_argument(
        "sources", nargs="*", metavar="SOURCE", help="the articles of the passages: titles and days"
    )
    cited.add_argument("--faithbench", type=Path, metavar="FILE", help="summaries of FaithBench as well")
    add_half(cited)


def _add_made(command: argparse.ArgumentParser, *, questions: int, asks: str) -> None:
    """A server over made articles, and how many questions it is asked."""
    command.add_argument("sources", nargs="+", metavar="SOURCE", help=SOURCE_HELP)
    for name, default, what in (
        ("--articles", 2000, "how many, made of these"),
        ("--questions", questions, asks),
    ):
        command.add_argument(
            name, type=size, default=default, metavar="N", help=f"{what} (default: %(default)s)"
        )
    command.add_argument(
        "--store-cache", type=folder, metavar="DIR", help="keep the library here for the next run"
    )


def folder(text: str) -> Path:
    """A folder's name."""
    if text.strip():
        return Path(text)
    raise argparse.ArgumentTypeError("the name of the folder is empty")


def day(text: str) -> date:
    """A day as 2019-04-25."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date like 2019-04-25") from None


def language(text: str) -> str:
    """A language as a code of two letters."""
    if len(text) == 2 and text.isascii() and text.isalpha():
        return text.lower()
    raise argparse.ArgumentTypeError(f"{text!r} is not a language's code of two letters, like en or de")


def port(text: str) -> int:
    """A port."""
    if text.isascii() and text.isdigit() and 1 <= int(text) <= 65535:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a port: a number from 1 to 65535")


def count(text: str) -> int:
    """How many to show."""
    if text.isascii() and text.isdigit() and 1 <= int(text) <= _MOST_HITS:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to {_MOST_HITS}")


def rate(text: str) -> int:
    """How many requests a minute."""
    if text.isascii() and text.isdigit() and 1 <= int(text) <= _MOST_REQUESTS:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to {_MOST_REQUESTS:,}")


def size(text: str) -> int:
    """How many passages to make."""
    if text.isascii() and text.isdigit() and 1 <= int(text) <= _MOST_PASSAGES:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to {_MOST_PASSAGES:,}")
