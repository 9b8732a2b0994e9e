"""What a person sees in the terminal: colours and columns there, plain lines when piped.

Takes records, prints them to stdout; notes and progress go to stderr. Knows nothing of commands. Text of articles is
never read as markup: everything is printed through `Text` or with markup off.
"""

from __future__ import annotations

import argparse
import json
import math
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.padding import Padding
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from qa.records import (
    UNSUPPORTED,
    AddReport,
    Answer,
    Article,
    ArticleInfo,
    Citation,
    Hit,
    OnProgress,
    Reasons,
)
from qa.records import Progress as Step

if TYPE_CHECKING:
    from qa.compare import Comparison
    from qa.evaluate import Report
    from qa.measures import Figure

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Characters by which a text could command the terminal or turn a line round; newline and tab are let through."""

_TABLE_WIDTH = 240
_NONE_CHOSEN = "no article is of the sources, days and languages that were asked for: `qa list` shows all"


def result(given: argparse.Namespace, machine: Any, human: Callable[[], None]) -> None:
    """What a command has to say: one JSON object for programs if --json was `given`, else what `human` prints."""
    if getattr(given, "json", False):
        json.dump(machine, sys.stdout, ensure_ascii=False)
        sys.stdout.write("\n")
    else:
        human()
    sys.stdout.flush()


def note(sentence: str) -> None:
    """A line on stderr."""
    print(_line(sentence), file=sys.stderr, flush=True)


@contextmanager
def progress(label: str) -> Iterator[OnProgress]:
    """A progress bar on stderr, if that is a terminal; gives what takes the steps."""
    console = Console(stderr=True)
    columns = (
        TextColumn(label),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[articles]:,}"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[current]}", style="dim", markup=False),
    )
    bar = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
    with bar:
        task = bar.add_task(label, total=1.0, articles=0, current="")

        def say(step: Step) -> None:
            current = _clean(step.current)[:40]
            bar.update(task, completed=step.fraction, articles=step.articles, current=current)

        yield say


def report(done: AddReport) -> None:
    """What became of the sources of an `add`."""
    counts = [
        (len(done.added), "added"),
        (len(done.updated), "updated"),
        (done.unchanged, "unchanged"),
        (len(done.removed), "removed"),
        (done.skipped, "skipped (not a kind that qa reads)"),
        (len(done.failed), "failed"),
    ]
    said = ", ".join(f"{count:,} {what}" for count, what in counts if count) or "nothing to add"
    _console().print(Text(f"{said} in {done.seconds:.1f} s"))
    if done.gone:
        some = ", ".join(done.gone[:5]) + (", …" if len(done.gone) > 5 else "")
        _console().print(
            Text(f"gone from their folder: {_line(some)} (--prune removes them)"), soft_wrap=True
        )


def articles(infos: Sequence[ArticleInfo], *, filtered: bool = False) -> None:
    """Two lines an article, so that no id is cut; piped, one line each with tabs between the columns."""
    console = _console()
    if not infos:
        note(_NONE_CHOSEN if filtered else "there are no articles yet: qa add SOURCE adds some")
    elif not console.is_terminal:
        for info in infos:
            columns = (info.id, info.published or "", info.source or "", info.title)
            _plain("\t".join(_line(column) for column in columns))
    else:
        for info in infos:
            day = f"{(info.published or '')[:10]:<10}  "
            below = " · ".join(part for part in (info.source, info.id) if part)
            console.print(Text.assemble((day, "cyan"), (_line(info.title), "bold")), soft_wrap=True)
            console.print(Text(" " * len(day) + _line(below), style="dim"), soft_wrap=True)


def article(shown: Article) -> None:
    """An article: title, what is known of it, text."""
    known = [part for part in (shown.source, shown.published, shown.author, shown.url) if part]
    _console().print(Text(_line(shown.title), style="bold"), soft_wrap=True)
    if known:
        _console().print(Text(_line(" · ".join(known)), style="dim"), soft_wrap=True)
    _plain("")
    _plain(shown.text)


def removed(article_ids: Sequence[str]) -> None:
    """How many articles were removed."""
    _console().print(Text(f"{len(article_ids):,} removed"))


def reindexed(count: int, seconds: float) -> None:
    """How many articles were indexed anew."""
    _console().print(Text(f"{count:,} articles indexed anew in {seconds:.1f} s"))


def hits(found: Sequence[Hit], *, explain: bool = False, filtered: bool = False) -> None:
    """Passages, best first; each with why it is where it is, if that is to be explained."""
    if not found:
        empty = "nothing was found: is the library empty? `qa list` shows what is in it"
        note(_NONE_CHOSEN if filtered else empty)
    for rank, hit in enumerate(found, start=1):
        _heading(str(rank), hit, f"{hit.score:.2f}")
        if explain:
            _block(Text(_line(reasons(hit.why)), style="dim"))
        _block(Text(_clean(hit.text)))


def reasons(why: Reasons | None) -> str:
    """Why a hit is where it is, in one line.

    >>> reasons(Reasons(dense_rank=3, similarity=0.61, keyword_rank=1, keyword_score=12.4, words=("armoured", "train")))
    'meaning: 3rd (0.61) · words: 1st (12.4: armoured, train)'
    """
    if why is None:
        return "not known: another search than qa's found it"
    parts: list[str] = []
    if why.similarity is not None:
        parts.append(f"meaning: {_ordinal(why.dense_rank)} ({why.similarity:.2f})")
    if why.keyword_score is not None:
        parts.append(f"words: {_ordinal(why.keyword_rank)} ({why.keyword_score:.1f}: {', '.join(why.words)})")
    else:
        parts.append("words: none shared")
    if why.of_its_time is not None:
        parts.append(f"published {'in' if why.of_its_time else 'outside'} the days asked about")
    if why.reader is not None:
        parts.append(f"reader: {100 / (1 + math.exp(-why.reader)):.0f} % that it answers")
    return " · ".join(parts)


def _ordinal(rank: int | None) -> str:
    """1st, 2nd, 3rd, 11th; None is what a search did not bring by itself."""
    if rank is None:
        return "further down"
    teen = rank % 100 in (11, 12, 13)
    return f"{rank}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(rank % 10, 'th')}"


def answering(snapshots: Iterable[Answer]) -> None:
    """An answer as it comes: what a chat model writes appears sentence by sentence."""
    written, last = "", None
    for last in snapshots:
        if last.claims and (last.answer or "").startswith(written):
            _write((last.answer or "")[len(written) :], bold=True)
            written = last.answer or ""
    if written:
        _plain("")
    if last is not None:
        answer(last, written=bool(written) and last.answer == written)


def answer(given: Answer, *, written: bool = False) -> None:
    """An answer with its numbered sources, or the nearest passages if the articles do not say.

    `written`: its text has been shown already.
    """
    console = _console()
    if given.understood:
        console.print(Text(f"Understood as: {_line(given.understood)}", style="dim"), soft_wrap=True)
    if given.note:
        console.print(Text(_line(given.note), style="yellow"), soft_wrap=True)
    if not given.answered:
        console.print(Text("The articles do not say.", style="bold"))
        if given.nearest:
            console.print(Text("The nearest passages:", style="dim"))
            hits(given.nearest)
        return
    if not given.sure:
        console.print(Text("Not sure, but this may be it:", style="yellow"))
    if not written:
        _write(given.answer or "", bold=True)
        _plain("")
    unsupported = sum(claim.supported is False for claim in given.claims)
    if unsupported:
        said = "1 sentence is" if unsupported == 1 else f"{unsupported} sentences are"
        console.print(
            Text(f"{said} marked {UNSUPPORTED}: nothing that was found says so.", style="yellow"),
            soft_wrap=True,
        )
    for citation in given.citations:
        _heading(f"[{citation.number}]", citation)
        if citation.quote != given.answer:  # else it stands above already
            _block(_marked(citation))


def _write(text: str, *, bold: bool) -> None:
    """Text that goes on where the last ended, what is not supported in another colour."""
    console = _console()
    styled = Text(_clean(text), style="bold" if bold else "")
    styled.highlight_words([UNSUPPORTED], style="not bold yellow")
    console.print(styled, end="", soft_wrap=not console.is_terminal)
    sys.stdout.flush()


def evaluation(report: Report) -> None:
    """The tables of an evaluation: every figure with its interval, then the kinds of cases."""
    columns = ["measure", "value", "95 %", "over", *(["change", "95 %"] if report.differences else [])]
    table = _table(*columns)
    for group, named in report.figures.items():
        for name, figure in named.items():
            label = name if group == "answer" else f"{name} {group}"
            row = [label, _percent(figure.value), _interval(figure), f"{figure.cases:,}"]
            change = report.differences.get(group, {}).get(name)
            if change:
                row += [f"{100 * change.value:+.1f}", _interval(change, sign=True)]
            table.add_row(*row)
    cases = f"{report.answerable + report.unanswerable:,}"
    table.add_row("confidence auroc", _percent(report.auroc), "", cases)
    table.add_row("confidence calibration error", _percent(report.calibration), "", f"{report.answered:,}")
    _show(table)
    kinds = report.kinds()
    if kinds:
        names = [("passage", "recall@5"), ("text", "recall@5"), ("answer", "exact"), ("answer", "f1")]
        names.append(("answer", "decline recall"))
        table = _table("kind", "cases", *(n if g == "answer" else f"{n} {g}" for g, n in names))
        for kind, count, some in kinds:
            means = [some.get(group, {}).get(name) for group, name in names]
            table.add_row(_line(kind), f"{count:,}", *(_percent(one.value if one else None) for one in means))
        _show(table)


def comparison(compared: Comparison) -> None:
    """The tables of a comparison of systems: by passage, by text, how far ours is ahead, and by kind of question."""
    for judge, says in (("passage", "by gold passage"), ("text", "by answer string in the passage")):
        _show(_systems(compared, judge, says))
    others = [system for system in compared.systems if system != compared.ours]
    table = _table("ours minus (recall@5, by gold passage)", *others, "misses of plain LangChain removed")
    for name, cases in compared.groups.items():
        ahead = [compared.ahead(cases, system) for system in others]
        removed = compared.misses_removed(cases)
        cells = [f"{100 * one.value:+.1f} {_interval(one, sign=True)}" if one else "-" for one in ahead]
        share = f"{100 * removed.value:.1f} % {_interval(removed)}" if removed else "-"
        table.add_row(f"{_line(name)} ({len(cases):,})", *cells, share)
    _show(table)
    lengths = [f"{one} {compared.characters(compared.cases, one):,.0f}" for one in compared.systems]
    _plain(f"characters a hit: {', '.join(lengths)}")
    _plain(f"the better part, over all: {compared.better_part}\n")
    table = _table("kind (recall@5, by gold passage)", "cases", *compared.systems)
    for name, cases in compared.groups.items():
        for kind, some in compared.kinds(cases).items() if name != compared.pooled else ():
            means = [
                compared.figures(some, system)["passage"]["recall@5"].value for system in compared.systems
            ]
            table.add_row(f"{_line(name)}: {_line(kind)}", f"{len(some):,}", *map(_percent, means))
    if table.row_count:
        _show(table)


def _systems(compared: Comparison, judge: str, says: str) -> Table:
    """Every system on every set: each measure, with half the width of its interval."""
    first = next(iter(compared.groups.values()))
    table = _table(says, "system", *compared.figures(first, compared.ours)[judge])
    for name, cases in compared.groups.items():
        for number, system in enumerate(compared.systems):
            figures = compared.figures(cases, system)[judge].values()
            cells = [f"{100 * one.value:.1f} ±{50 * (one.high - one.low):.1f}" for one in figures]
            table.add_row("" if number else f"{_line(name)} ({len(cases):,})", system, *cells)
        table.add_section()
    return table


def figures(measured: Mapping[str, Any]) -> None:
    """Named figures, one a line."""
    for name, value in measured.items():
        _plain(f"{name}: {value:.4g}" if isinstance(value, float) else f"{name}: {value}")


def _table(*columns: str) -> Table:
    """A table whose first column is words and whose others are figures."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    for number, column in enumerate(columns):
        table.add_column(column, justify="right" if number and column != "system" else "left", no_wrap=True)
    return table


def _show(table: Table) -> None:
    """A table; one that is wider than the terminal wraps there rather than lose a figure."""
    console = Console(markup=False, highlight=False, emoji=False, width=_TABLE_WIDTH)
    console.print(table)
    console.print()


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{100 * value:.1f}"


def _interval(figure: Figure, *, sign: bool = False) -> str:
    low, high = (
        f"{100 * bound:+.1f}" if sign else f"{100 * bound:.1f}" for bound in (figure.low, figure.high)
    )
    return f"[{low}, {high}]"


def _heading(label: str, where: Hit | Citation, extra: str = "") -> None:
    known = [part for part in (where.source, (where.published or "")[:10], extra) if part]
    line = Text.assemble(
        (label, "bold cyan"), " ", (_line(where.title), "bold"), ("  " + _line(" · ".join(known)), "dim")
    )
    _console().print(line, soft_wrap=True)


def _block(text: Text) -> None:
    console = _console()
    if console.is_terminal:
        console.print(Padding(text, (0, 0, 0, 4)))
    else:
        _plain("    " + text.plain.replace("\n", "\n    "))


def _marked(citation: Citation) -> Text:
    """The quote, the answer inside it marked unless it is the whole."""
    text = Text(_clean(citation.quote))
    start, end = citation.answer_start - citation.start, citation.answer_end - citation.start
    if end - start < len(citation.quote):
        text.stylize("bold underline", start, end)
    return text


def _console() -> Console:
    return Console(markup=False, highlight=False, emoji=False)


def _plain(text: str) -> None:
    print(_clean(text))


def _line(text: str) -> str:
    """The same on one line."""
    return re.sub(r"\s+", " ", _clean(text))


def _clean(text: str) -> str:
    """Text that cannot command the terminal, of the same length: a blank for a control character that is one."""
    return _CONTROL.sub(lambda found: " " if found[0].isspace() else "�", text)
