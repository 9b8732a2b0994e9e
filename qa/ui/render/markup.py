"""The one place where text becomes HTML: everything that is not already `Html` is escaped here.

Takes text (of articles, titles, file names, questions, answers: all of it may be hostile) and gives `Html`.
Knows nothing of articles or answers; the other files of this folder say what the page looks like with
`element` and `marked`, and never write a bracket of their own.
"""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import urlsplit

_UNSAFE_ATTRIBUTES = frozenset({"action", "formaction", "href", "src", "srcdoc", "srcset", "style"})


class Html(str):
    """Text that is HTML already. Only `element`, `link`, `join` and `escape` make it."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A cited range of code points, and the answer inside it (empty when `answer_start == answer_end`)."""

    start: int
    end: int
    answer_start: int
    answer_end: int

    def is_answer(self, place: int) -> bool:
        """Whether the answer reaches over `place`; where all of the range is the answer, none of it stands out."""
        whole = self.answer_start <= self.start and self.answer_end >= self.end
        return not whole and self.answer_start <= place < self.answer_end


def escape(text: str) -> Html:
    """`text` as HTML that shows exactly that text; what no encoding can carry is shown as `?`.

    >>> escape('<b>"R&D"</b>')
    '&lt;b&gt;&quot;R&amp;D&quot;&lt;/b&gt;'
    """
    if isinstance(text, Html):
        return text
    sound = text.encode("utf-8", "replace").decode("utf-8").replace("\0", "\N{REPLACEMENT CHARACTER}")
    return Html(html.escape(sound))


def join(*parts: str | None) -> Html:
    """The parts one after the other, each escaped unless it is `Html`; None is left out."""
    return Html("".join(escape(part) for part in parts if part is not None))


def element(tag: str, *children: str | None, **attributes: str | int | bool | None) -> Html:
    """One element. `class_` is written `class`, `data_id` is written `data-id`; None and False are left out.

    Attributes that can carry an address or a script are refused: an address goes through `link`.

    >>> element("p", "1 < 2", class_="note", hidden=True)
    '<p class="note" hidden>1 &lt; 2</p>'
    """
    for name in attributes:
        if name in _UNSAFE_ATTRIBUTES or name.startswith("on"):
            raise ValueError(f"the attribute {name!r} is never made from data")
    return _element(tag, children, attributes)


def link(text: str, address: str | None, **attributes: str | int | bool | None) -> Html:
    """`text` as a link when `address` is http or https, else as plain text.

    >>> link("here", "javascript:alert(1)")
    'here'
    """
    if address is None or not is_web(address):
        return escape(text)
    outward = {"href": address, "target": "_blank", "rel": "noopener noreferrer nofollow"}
    return _element("a", (text,), {**outward, **attributes})


def marked(text: str, start: int, end: int, marks: Sequence[Mark]) -> Html:
    """`text[start:end]` with the marks that reach into it, cut at every border so that no two marks nest.

    A piece carries the places of its marks in `marks`, as `data-marks="0 2"`; a piece of an answer has
    the class `answer` too. Offsets count code points of `text`.
    """
    near = [(i, mark) for i, mark in enumerate(marks) if mark.start < end and mark.end > start]
    borders = {start, end}
    for _, mark in near:
        borders.update(
            border
            for border in (mark.start, mark.end, mark.answer_start, mark.answer_end)
            if start < border < end
        )
    return join(*_pieces(text, sorted(borders), near))


def _pieces(text: str, borders: list[int], near: list[tuple[int, Mark]]) -> Iterator[Html]:
    for left, right in pairwise(borders):
        here = [(i, mark) for i, mark in near if mark.start <= left < mark.end]
        piece = escape(text[left:right])
        if here:
            strong = any(mark.is_answer(left) for _, mark in here)
            places = " ".join(str(i) for i, _ in here)
            piece = element("mark", piece, class_="cited answer" if strong else "cited", data_marks=places)
        yield piece


def is_web(address: str | None) -> bool:
    """Whether an address is http or https, with a host.

    >>> is_web("https://x.org/a"), is_web("javascript:alert(1)"), is_web(None)
    (True, False, False)
    """
    if address is None:
        return False
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def _element(
    tag: str, children: Sequence[str | None], attributes: dict[str, str | int | bool | None]
) -> Html:
    written = "".join(
        f" {name.rstrip('_').replace('_', '-')}" + ("" if value is True else f'="{escape(str(value))}"')
        for name, value in attributes.items()
        if value is not None and value is not False
    )
    return Html(f"<{tag}{written}>{join(*children)}</{tag}>")
