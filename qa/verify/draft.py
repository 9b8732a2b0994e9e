"""The text of a chat model, the hits it was written from -> the same text with citations that were checked.

Each sentence is compared with all hits, wherever its marks stand and whatever they say. What a hit that it was marked
with supports is cited to that one, what another supports to the other, and what nothing supports is marked so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qa.records import UNSUPPORTED, Citation, Claim, Hit
from qa.verify.check import SUPPORTED, Checker, Support
from qa.verify.claims import is_heading, statement
from qa.verify.pieces import Piece, pieces
from qa.verify.plain import letters, plain

CLAIMS_CHECKED = 300
"""What an answer claims after so many claims counts as unsupported: no answer is as long, and checking takes time."""

_CITED = 3
_CLEARLY = 0.25
"""A hit is cited in place of one that the sentence was marked with if it is so much likelier to support it."""
_FEWEST_WORDS = 3
"""A part of a sentence is checked by itself if it has so many words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """An answer whose citations were checked. `confidence` is the mean probability that its claims are supported.

    It is 0 if it claims nothing. Square brackets in `text` are those of citations and of `UNSUPPORTED`, no others.
    """

    text: str
    citations: tuple[Citation, ...]
    claims: tuple[Claim, ...]
    confidence: float


class Draft:
    """An answer that is being written. Not for several threads at once."""

    def __init__(self, hits: Sequence[Hit], checker: Checker) -> None:
        self._hits = tuple(hits)
        self._checker = checker
        self._language = hits[0].language if hits else None
        self._seen = ""
        self._whole = False
        self._forget()

    def grow(self, text: str, *, whole: bool = False) -> Checked:
        """What is certain of the text so far, all of it; with `whole` all there is, for nothing is to come.

        Only sentences that are new since the last time are checked.
        """
        text = letters(text)
        if self._whole or not text.startswith(self._seen):
            self._forget()
        for piece in pieces(text, len(self._seen), whole=whole, language=self._language):
            self._add(piece)
            self._seen = text[: piece.end]
        self._whole = whole
        return Checked(
            text="".join(self._text),
            citations=tuple(self._citations.values()),
            claims=tuple(self._claims),
            confidence=sum(self._rated) / len(self._rated) if self._rated else 0.0,
        )

    def _forget(self) -> None:
        self._seen = ""
        self._whole = False
        self._text: list[str] = []
        self._length = 0
        self._lines = 0
        self._citations: dict[tuple[str, int, int], Citation] = {}
        self._claims: list[Claim] = []
        self._rated: list[float] = []

    def _add(self, piece: Piece) -> None:
        written = plain(piece.raw)
        self._lines = max(self._lines, piece.lines)
        if not written.text:
            return  # a line of marks
        if self._length:
            self._write("\n" * min(self._lines, 2) or " ")
        self._lines = 0
        self._write(piece.bullet)
        start = self._length
        self._write(written.text)
        said = None if is_heading(piece.raw, piece.bullet) else statement(written.text)
        numbers: tuple[int, ...] = ()
        supported = None
        if said is not None:
            probability, supports = self._supports(said, written.numbers, written.parts)
            self._rated.append(probability)
            numbers = tuple(dict.fromkeys(self._number(support) for support in supports))
            supported = bool(numbers)
        self._claims.append(Claim(start=start, end=self._length, citations=numbers, supported=supported))
        if supported is not None:
            self._write("".join(f" [{number}]" for number in numbers) or f" {UNSUPPORTED}")

    def _write(self, text: str) -> None:
        self._text.append(text)
        self._length += len(text)

    def _supports(
        self, said: str, marked: Sequence[int], parts: Sequence[str]
    ) -> tuple[float, list[Support]]:
        """How likely a claim is supported, and by what: each part between its marks, if all are, or as a whole."""
        if len(self._rated) >= CLAIMS_CHECKED or not self._hits:
            return 0.0, []
        if len(parts) > 1 and all(len(part.split()) >= _FEWEST_WORDS for part in parts):
            each = [self._best(part, marked) for part in parts]
            if all(found for _, found in each):
                return min(one for one, _ in each), [found[0] for _, found in each]
        return self._best(said, marked)

    def _best(self, said: str, marked: Sequence[int]) -> tuple[float, list[Support]]:
        """How likely a claim is supported, and what to cite: of the hits it was marked with, or the best by far."""
        supports = self._checker.support(said, self._hits)
        own = [supports[number - 1] for number in marked if 1 <= number <= len(supports)]
        best = max(supports, key=lambda one: one.probability)
        enough = max(SUPPORTED, best.probability - _CLEARLY)
        right = [one for one in own if one.probability >= enough][:_CITED]
        if right:
            return max(one.probability for one in right), right
        return best.probability, [best] if best.probability >= SUPPORTED else []

    def _number(self, support: Support) -> int:
        """The number of the citation of a range of an article, a new one if it has none yet."""
        hit = self._hits[support.hit]
        key = (hit.article_id, support.start, support.end)
        if key not in self._citations:
            self._citations[key] = Citation(
                number=len(self._citations) + 1,
                article_id=hit.article_id,
                title=hit.title,
                source=hit.source,
                url=hit.url,
                published=hit.published,
                start=support.start,
                end=support.end,
                quote=hit.text[support.start - hit.start : support.end - hit.start],
                answer_start=support.start,
                answer_end=support.end,
            )
        return self._citations[key].number


def checked(text: str, hits: Sequence[Hit], checker: Checker, *, whole: bool = True) -> Checked:
    """An answer with its citations checked; unless it is `whole`, without the sentence that is still being written.

    What it gives for the beginning of a text is the beginning of what it gives for the text. To check an answer again
    and again while it grows, keep a `Draft`.
    """
    return Draft(hits, checker).grow(text, whole=whole)
