"""`qa bench`: what is measured against others, side by side, and what of it is printed.

The measuring itself stands in a file of its own for each; it is imported when it is asked for.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from qa import display
from qa.errors import SettingsError
from qa.settings import Settings


def bench(settings: Settings, given: argparse.Namespace) -> int:
    """`qa bench index|keywords|search SOURCE ...`, `qa bench retrieval --set SOURCE ... CASES`."""
    if given.what == "retrieval":
        return _bench_retrieval(settings, given)
    if given.what == "conversation":
        return _bench_conversation(settings, given)
    if given.what == "load":
        return _bench_load(settings, given)
    if given.what == "page":
        return _bench_page(settings, given)
    if given.what == "citations":
        from qa import citing

        report = citing.citations(given.pairs, given.sources, half=given.half, faithbench=given.faithbench)
        display.result(given, report.to_json(), lambda: display.figures(report.lines()))
        return 0
    from qa import bench as benchmarks

    if given.what == "search":
        from qa import latency

        figures = latency.search(
            settings,
            benchmarks.articles_of(given.sources),
            passages=given.passages,
            cache=given.store_cache,
            say=display.note,
            show=display.progress,
        )
    else:
        figures = benchmarks.BENCHMARKS[given.what](settings, given.sources)
    display.result(given, figures, lambda: display.figures(figures))
    return 0


def _bench_load(settings: Settings, given: argparse.Namespace) -> int:
    """Many clients at once; 1 if one of them met with an error or with somebody else's answer."""
    from qa import bench as benchmarks
    from qa import crowd

    figures = crowd.crowd(
        settings,
        benchmarks.articles_of(given.sources),
        size=given.articles,
        clients=given.clients,
        questions=given.questions,
        cache=given.store_cache,
        say=display.note,
        show=display.progress,
    )
    display.result(given, figures, lambda: display.figures(figures))
    return 1 if figures["errors"] or figures["mixed up"] else 0


def _bench_page(settings: Settings, given: argparse.Namespace) -> int:
    from qa import bench as benchmarks
    from qa import waiting

    report = waiting.waiting(
        settings,
        benchmarks.articles_of(given.sources),
        size=given.articles,
        questions=given.questions,
        cache=given.store_cache,
        say=display.note,
        show=display.progress,
    )
    display.result(given, report.to_json(), lambda: display.figures(report.lines()))
    return 0


def _bench_retrieval(settings: Settings, given: argparse.Namespace) -> int:
    from qa import compare
    from qa import evaluate as evaluation

    _check_sets(given)
    if given.predictions:
        evaluation.check_writable(given.predictions)
    comparison = compare.compare(
        settings,
        [compare.ArticleSet(sources=tuple(sources), cases=Path(cases)) for *sources, cases in given.sets],
        half=given.half,
        sample=given.sample,
        cache=given.store_cache,
        say=display.note,
        show=display.progress,
    )
    if given.predictions:
        compare.write_compared(given.predictions, comparison)
    display.result(given, comparison.to_json(), lambda: display.comparison(comparison))
    return 0


def _bench_conversation(settings: Settings, given: argparse.Namespace) -> int:
    from qa import conversing

    if not given.canard and not given.sets:
        raise SettingsError("give --canard FILE, or --set SOURCE ... CASES.jsonl")
    _check_sets(given)
    said = conversing.words(conversing.read_canard(given.canard), half=given.half) if given.canard else None
    found = [
        conversing.search(settings, sources, Path(cases), half=given.half) for *sources, cases in given.sets
    ]
    report = {"words": said and said.to_json(), "sets": [one.to_json() for one in found]}

    def show() -> None:
        for part in (said, *found):
            if part is not None:
                display.figures(conversing.shown(part))

    display.result(given, report, show)
    failures = [failure for one in found for failure in one.failed]
    for failure in failures:
        display.note(f"qa: {failure.source}: {failure.reason}")
    return 1 if failures else 0


def _check_sets(given: argparse.Namespace) -> None:
    if any(len(paths) < 2 for paths in given.sets):
        raise SettingsError(
            "--set takes articles and, last, a file of questions: --set SOURCE ... CASES.jsonl"
        )
