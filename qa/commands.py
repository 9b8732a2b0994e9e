"""The commands: settings and the words of the command line -> what is printed, and the exit status.

Each opens the library, or finds the process that has it, does one thing and shows the result. Knows nothing of how
things look on a terminal; that is `display`. The library is imported by the commands that open it here, so that the
tab, which opens it behind the page, listens at once.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from qa import display, yardsticks
from qa.choose import Wish, choose, resolve
from qa.errors import ArticleNotFoundError, ModelServerError, StoreBusyError
from qa.ownership import owner_of
from qa.records import Filters, Hit
from qa.settings import READER, Settings

if TYPE_CHECKING:
    from qa.library import Library
    from qa.remote import RemoteLibrary

_PAUSE = 0.2
REVIEW = 'left out: write the right answers to "answers" and take "review" away'


def open_library(settings: Settings, *, doing: str, reindexing: bool = False) -> Library | RemoteLibrary:
    """The library itself, or a way to the process that has it. Waits for a process that does not work for others."""
    from qa.library import WAIT_SECONDS, Library
    from qa.remote import RemoteLibrary

    said = False
    patience = time.monotonic() + WAIT_SECONDS
    while settings.chroma is None and (owner := owner_of(settings.store)) is not None:
        if owner.address:
            if reindexing and owner.embedder != settings.embedder:
                raise StoreBusyError(
                    f"process {owner.pid} ({owner.doing}) has the store and works with the embedder "
                    f"{owner.embedder!r}: end it, then run `qa reindex` again"
                )
            remote = RemoteLibrary(owner, settings)
            if remote.answers():
                return remote
            remote.close()  # it ended, or is about to
        if time.monotonic() > patience:
            break  # the library says who has the store
        if not said:
            display.note(f"waiting for process {owner.pid} ({owner.doing}) to be done with {settings.store}")
            said = True
        time.sleep(_PAUSE)
    return Library(settings=settings, doing=doing, reindexing=reindexing)


def chat(settings: Settings, given: argparse.Namespace) -> int:
    """`qa chat`: serves the tab until Ctrl-C."""
    owner = owner_of(settings.store) if settings.chroma is None else None
    if owner is not None and owner.page:
        raise StoreBusyError(f"the store {settings.store} is open in a tab already: {owner.page}")
    from qa.api import Offer
    from qa.ui import serve

    offer = Offer.of(api=given.api, mcp=given.mcp, a_minute=given.rate)
    serve(
        settings,
        given.sources,
        host=given.host,
        port=given.port,
        open_browser=not given.no_browser,
        offer=offer,
        say=display.note,
    )
    return 0


def mcp(settings: Settings, _given: argparse.Namespace) -> int:
    """`qa mcp`: serves the program that started this one, until it goes."""
    from qa.api.offer import check_mcp

    check_mcp("qa mcp")
    from qa.api.mcp import stdio

    stdio.serve(lambda: _lent(settings, doing="qa mcp"))
    return 0


def add(settings: Settings, given: argparse.Namespace) -> int:
    """`qa add`: adds sources; 1 if one of them could not be read."""
    with open_library(settings, doing="qa add") as library:
        report = _working(
            library, "qa add", lambda say: library.add(*given.sources, prune=given.prune, on_progress=say)
        )
    display.result(given, report.to_json(), lambda: display.report(report))
    for failure in report.failed:
        display.note(f"qa: {failure.source}: {failure.reason}")
    return 1 if report.failed else 0


def list_articles(settings: Settings, given: argparse.Namespace) -> int:
    """`qa list`."""
    with open_library(settings, doing="qa list") as library:
        filters = _filters(given, library)
        infos = library.articles(filters=filters)
    display.result(
        given,
        [info.to_json() for info in infos],
        lambda: display.articles(infos, filtered=filters is not None),
    )
    return 0


def show(settings: Settings, given: argparse.Namespace) -> int:
    """`qa show ID`."""
    with open_library(settings, doing="qa show") as library:
        info = resolve(given.id, library.articles())
        article = library.article(info.id)
    display.result(given, {**info.to_json(), "text": article.text}, lambda: display.article(article))
    return 0


def remove(settings: Settings, given: argparse.Namespace) -> int:
    """`qa remove ID ...`; 1 if one of the articles is not there."""
    with open_library(settings, doing="qa remove") as library:
        infos = library.articles()
        known: list[str] = []
        missing: list[str] = []
        for asked in given.ids:
            try:
                known.append(resolve(asked, infos).id)
            except ArticleNotFoundError as error:
                missing.append(asked)
                display.note(str(error))
        removed = library.remove(*known) if known else ()
    display.result(given, {"removed": removed, "missing": missing}, lambda: display.removed(removed))
    return 1 if missing else 0


def reindex(settings: Settings, given: argparse.Namespace) -> int:
    """`qa reindex`."""
    started = time.perf_counter()
    with open_library(settings, doing="qa reindex", reindexing=True) as library:
        count = _working(library, "qa reindex", lambda say: library.reindex(on_progress=say))
    seconds = time.perf_counter() - started
    display.result(given, {"articles": count, "seconds": seconds}, lambda: display.reindexed(count, seconds))
    return 0


def search(settings: Settings, given: argparse.Namespace) -> int:
    """`qa search QUESTION`."""
    with open_library(settings, doing="qa search") as library:
        filters = _filters(given, library)
        hits = library.search(
            given.question, k=given.k, asked=given.asked, filters=filters, rerank=given.rerank
        )
    found = {"question": given.question, "hits": [_hit(hit, explain=given.explain) for hit in hits]}
    display.result(
        given, found, lambda: display.hits(hits, explain=given.explain, filtered=filters is not None)
    )
    return 0


def ask(settings: Settings, given: argparse.Namespace) -> int:
    """`qa ask QUESTION`; declining is an answer too."""
    with open_library(settings, doing="qa ask") as library:
        with suppress(ModelServerError):  # the answer itself says so, and is the reader's
            _say_where_to(library)
        filters = _filters(given, library)
        answers = library.stream(given.question, asked=given.asked, filters=filters)
        if getattr(given, "json", False):
            *_, answer = answers
            display.result(given, answer.to_json(), lambda: None)
        else:
            display.answering(answers)
    return 0


def evaluate(settings: Settings, given: argparse.Namespace) -> int:
    """`qa eval CASES`; 1 if a line of the file is no case, low scores are no failure."""
    from qa import cases
    from qa import evaluate as evaluation

    every, failed = cases.read_cases(given.cases)
    baseline = evaluation.read_baseline(given.baseline) if given.baseline else None
    for path, what in ((given.predictions, "predictions"), (given.save, "report")):
        if path:
            evaluation.check_writable(path, what)
    with open_library(settings, doing="qa eval") as library:
        _say_where_to(library)
        with display.progress("asking") as say:
            predictions = evaluation.predict(library, cases.chosen(every, given.half), on_progress=say)
    if given.predictions:
        evaluation.write_predictions(given.predictions, predictions)
    report = evaluation.score(predictions, half=given.half)
    if baseline:
        report = evaluation.against(report, baseline)
    if given.save:
        evaluation.write_report(given.save, report)
    display.result(given, report.to_json(), lambda: display.evaluation(report))
    for failure in failed:
        display.note(f"qa: {failure.source}: {failure.reason}")
    if count := cases.waiting(every):
        display.note(f"qa: {count} {'case waits' if count == 1 else 'cases wait'} for review, {REVIEW}")
    return 1 if failed else 0


COMMANDS: dict[str, Callable[[Settings, argparse.Namespace], int]] = {
    "chat": chat,
    "mcp": mcp,
    "add": add,
    "list": list_articles,
    "show": show,
    "remove": remove,
    "reindex": reindex,
    "search": search,
    "ask": ask,
    "eval": evaluate,
    "bench": yardsticks.bench,
}


def _working(library: Library | RemoteLibrary, doing: str, work: Callable[[Any], Any]) -> Any:
    """Does long work with a progress bar, and takes calls of other processes meanwhile."""
    from qa.remote import RemoteLibrary, serve_others

    with display.progress(doing.removeprefix("qa ")) as say:
        if isinstance(library, RemoteLibrary) or library.settings.chroma is not None:
            return work(say)
        with serve_others(library, doing=doing, finish=True):
            return work(say)


@contextmanager
def _lent(settings: Settings, *, doing: str) -> Iterator[Library | RemoteLibrary]:
    """The library, from wherever it is; other processes are served through this one if it is here."""
    from qa.remote import RemoteLibrary, serve_others

    with open_library(settings, doing=doing) as library:
        if isinstance(library, RemoteLibrary) or settings.chroma is not None:
            yield library
            return
        with serve_others(library, doing=doing, finish=True):
            yield library


def _say_where_to(library: Library | RemoteLibrary) -> None:
    """Says, before the first question, if passages of the articles leave this machine."""
    if library.settings.model != READER and (model := library.answering.model) and model.host:
        display.note(f"qa: questions and passages of your articles go to {model.host} ({model.name})")


def _filters(given: argparse.Namespace, library: Library | RemoteLibrary) -> Filters | None:
    """The articles that the words of the command line speak of; says which of the names are none."""
    wish = Wish(
        sources=tuple(given.sources or ()),
        articles=tuple(given.articles or ()),
        languages=tuple(given.languages or ()),
        first=given.first,
        last=given.last,
    )
    filters, unknown = choose(wish, library.articles)
    for sentence in unknown:
        display.note(f"qa: {sentence}")
    return filters


def _hit(hit: Hit, *, explain: bool) -> dict[str, Any]:
    return {**hit.to_json(), "why": hit.why and hit.why.to_json()} if explain else hit.to_json()
