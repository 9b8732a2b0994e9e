"""Questions that their passage does not answer, made from questions that it does.

Takes ``Row``s, gives ``Row``s without spans, in three ways: passages that BM25 ranks high for the
question but that lack its answer; the question's own passage without the sentence of the answer;
and the question with a name, a number or a word turned so that the passage no longer answers it.
Knows nothing of tokens or models. Every draw comes from the generator passed in.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import replace

import bm25s

from qa.reader.metrics import normalise
from qa.reader.train.rows import Row

_SENTENCE = re.compile(r".+?(?:[.!?][\"')\]”’]*(?=\s+[\"'(\[“‘]?[A-Z0-9])|$)\s*", re.DOTALL)
_NAME = re.compile(r"[A-Z][\w'’.-]*(?:\s+(?:(?:of|the|de|and)\s+)?[A-Z][\w'’.-]*)*")
_NUMBER = re.compile(r"\b\d[\d,.]*\d\b|\b\d\b")
_OPPOSITES = """
first last|largest smallest|biggest smallest|highest lowest|most least|more less|more fewer
before after|early late|earliest latest|increase decrease|increased decreased|north south
east west|northern southern|eastern western|start end|began ended|begin end|win lose|won lost
male female|men women|man woman|father mother|son daughter|son brother|wife sister|upper lower
older younger|oldest youngest|best worst|support oppose|supported opposed|allowed prohibited
with without|inside outside|above below|never always|rich poor|public private|old new
major minor|longest shortest|strong weak|positive negative|create destroy|created destroyed
built demolished|gain lose|gained lost|accept reject|accepted rejected|arrive leave
arrived left|enter leave|winner loser|import export|maximum minimum|common rare|buy sell
bought sold|founded dissolved|joined left|good bad|easy difficult|majority minority
can cannot|did didn't|does doesn't|is isn't|was wasn't|were weren't
"""


def _opposites() -> dict[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {}
    for pair in re.split(r"[|\n]", _OPPOSITES.strip()):
        one, other = pair.split()
        table[one] = (*table.get(one, ()), other)
        table[other] = (*table.get(other, ()), one)
    return table


_OPPOSITE = _opposites()


def mined(rows: Sequence[Row], pool: Sequence[Row], rng: random.Random, *, depth: int = 10) -> list[Row]:
    """For each row one of the pool's passages that BM25 ranks high and that lacks the answers."""
    passages = {row.context: row.title for row in pool}
    contexts = list(passages)
    index = bm25s.BM25()
    index.index(bm25s.tokenize(contexts, show_progress=False), show_progress=False)
    questions = bm25s.tokenize([row.question for row in rows], show_progress=False)
    found, _ = index.retrieve(questions, k=depth, show_progress=False)
    negatives = []
    for row, ranked in zip(rows, found.tolist(), strict=True):
        wanted = [normalise(answer) for answer in row.answers]
        left = [
            contexts[i] for i in ranked if contexts[i] != row.context and not _mentions(contexts[i], wanted)
        ]
        if left:
            # Mostly from the very top: that is what retrieval will bring up.
            context = left[min(int(rng.expovariate(0.7)), len(left) - 1)]
            title = passages[context]
            negatives.append(replace(row, context=context, title=title, spans=()))
    return negatives


def without_answer(rows: Sequence[Row]) -> list[Row]:
    """Each row's passage less the sentences of the answer, where two sentences or more remain."""
    negatives = []
    for row in rows:
        sentences = [match.span() for match in _SENTENCE.finditer(row.context)]
        kept = [
            (start, end) for start, end in sentences if not any(start < b and a < end for a, b in row.spans)
        ]
        context = "".join(row.context[start:end] for start, end in kept).strip()
        wanted = [normalise(answer) for answer in row.answers]
        if len(kept) >= 2 and not _mentions(context, wanted):
            negatives.append(replace(row, context=context, spans=()))
    return negatives


def turned(rows: Sequence[Row], rng: random.Random) -> list[Row]:
    """Each row's question with one name, number or word exchanged, where it has one."""
    negatives = []
    for row in rows:
        # Names and numbers first: exchanged words are easier to tell.
        ways = [_turn_name, _turn_number]
        rng.shuffle(ways)
        ways.insert(rng.choice([0, 2, 2]), _turn_word)
        for way in ways:
            question = way(row, rng)
            if question is not None:
                negatives.append(replace(row, question=question, spans=()))
                break
    return negatives


def _mentions(context: str, wanted: Sequence[str]) -> bool:
    text = f" {normalise(context)} "
    return any(f" {one} " in text for one in wanted if one)


def _turn_name(row: Row, rng: random.Random) -> str | None:
    names = [m for m in _NAME.finditer(row.question) if m.start() > 0]
    said = row.question.lower()
    others = sorted(
        {
            m.group().strip(".")
            for m in _NAME.finditer(row.context)
            # A capital after a full stop may be any word; names seldom open a sentence here.
            if m.start() > 1 and row.context[m.start() - 2] not in '.!?"'
        }
    )
    others = [o for o in others if len(o) > 2 and o.lower() not in said]
    others = [o for o in others if not any(o in a or a in o for a in row.answers)]
    if not names or not others:
        return None
    name = rng.choice(names)
    return row.question[: name.start()] + rng.choice(others) + row.question[name.end() :]


def _turn_number(row: Row, rng: random.Random) -> str | None:
    numbers = list(_NUMBER.finditer(row.question))
    if not numbers:
        return None
    number = rng.choice(numbers)
    others = [m.group() for m in _NUMBER.finditer(row.context)]
    others = [o for o in others if len(o) == len(number.group()) and o not in row.question]
    if others and rng.random() < 0.6:
        other = rng.choice(others)
    elif number.group().isdigit():
        other = str(int(number.group()) + rng.choice([-20, -10, -3, -2, -1, 1, 2, 3, 10, 20]))
    else:
        return None
    return row.question[: number.start()] + other + row.question[number.end() :]


def _turn_word(row: Row, rng: random.Random) -> str | None:
    words = [m for m in re.finditer(r"[a-z']+", row.question) if m.group() in _OPPOSITE]
    if not words:
        return None
    word = rng.choice(words)
    other = rng.choice(_OPPOSITE[word.group()])
    if other.endswith(("n't", "not")) and rng.random() < 0.7:
        return None
    return row.question[: word.start()] + other + row.question[word.end() :]
