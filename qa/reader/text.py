"""Text to token ids and back: the reader's view of a question and a passage.

Takes strings, gives ids with the code points each came from, and cuts a passage that is longer
than the window into overlapping windows. Knows nothing of models, scores or training.

Layout of one window: ``[CLS] question [SEP] title [SEP] passage [SEP]``; without a title the
middle part is left out. Token type 0 up to the first ``[SEP]``, 1 after it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tokenizers import Tokenizer

CLS, SEP = 101, 102
QUESTION_TOKENS = 64
TITLE_TOKENS = 24
WINDOW_TOKENS = 384
STRIDE_TOKENS = 128


@dataclass(frozen=True, slots=True)
class Pieces:
    """A text as token ids; token ``i`` is ``text[starts[i]:ends[i]]`` in code points."""

    ids: tuple[int, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Window:
    """One input of the model: ids, and which of them are passage.

    Position ``first`` of ``ids`` holds the passage's token ``offset``; ``length`` tokens follow.
    """

    ids: tuple[int, ...]
    question_end: int
    first: int
    offset: int
    length: int


class Vocabulary:
    """The uncased WordPiece vocabulary that ships with the reader."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        tokenizer.no_padding()
        tokenizer.no_truncation()
        self._tokenizer = tokenizer

    @classmethod
    def from_file(cls, path: Path) -> Vocabulary:
        """Read a ``tokenizer.json``."""
        return cls(Tokenizer.from_file(str(path)))

    def pieces(self, texts: Sequence[str]) -> list[Pieces]:
        """Tokenize each text, without special tokens, keeping code-point offsets."""
        # A lone surrogate cannot cross into the Rust tokenizer; one code point stands in for it,
        # so offsets stay those of the text as given.
        safe = [text.encode("utf-8", "replace").decode("utf-8") for text in texts]
        found = self._tokenizer.encode_batch(safe, add_special_tokens=False)
        return [
            Pieces(
                tuple(one.ids),
                tuple(start for start, _ in one.offsets),
                tuple(end for _, end in one.offsets),
            )
            for one in found
        ]


def windows(
    question: Pieces,
    title: Pieces,
    passage: Pieces,
    *,
    limit: int = WINDOW_TOKENS,
    stride: int = STRIDE_TOKENS,
) -> Iterator[Window]:
    """Cut one passage into windows of at most ``limit`` tokens that overlap by ``stride``."""
    head = [CLS, *question.ids[:QUESTION_TOKENS], SEP]
    question_end = len(head)
    if title.ids:
        head += [*title.ids[:TITLE_TOKENS], SEP]
    room = limit - len(head) - 1
    total = len(passage.ids)
    offset = 0
    while True:
        part = passage.ids[offset : offset + room]
        yield Window((*head, *part, SEP), question_end, len(head), offset, len(part))
        if offset + room >= total:
            return
        offset += room - stride
