"""A sentence as a chat model wrote it -> plain text without marks, links and tags, and the numbers of its marks.

What comes out has no square bracket but those that a caller adds, so a citation cannot be forged, and no address that
a page would make a link of. Takes any text, hostile ones too: every pattern is linear. It is still text, not HTML:
whoever shows it escapes it. Knows nothing of sentences, hits or support.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

LONGEST_MARK = 120
"""Characters between brackets that may be a mark; what is longer is text in brackets."""

_HIGHEST = 999
"""The highest number of a mark: [2019] is a year."""

_PLACE = "\ue000"  # stands for a mark while the rest is made plain; taken out of what comes in

# Brackets of other scripts become ours; what turns, hides or breaks lines goes.
_LETTERS = str.maketrans(
    {
        **dict.fromkeys("［【〔〚⟦❲⁅⦋", "["),
        **dict.fromkeys("］】〕〛⟧❳⁆⦌", "]"),
        **dict.fromkeys("\v\f\x85\u2028\u2029", "\n"),
        **{
            chr(code): None
            for code in (*range(0x20), *range(0x7F, 0xA0))
            if chr(code) not in "\t\n\v\f\r\x85"
        },
        **dict.fromkeys("\u00ad\u061c\u200b\u200e\u200f\u2060\ufeff\ue000", None),
        **{chr(code): None for code in (*range(0x202A, 0x202F), *range(0x2061, 0x2070))},
        **{chr(code): "\ufffd" for code in range(0xD800, 0xE000)},
        **{chr(code): None for code in range(0xE0000, 0xE0080)},
    }
)

_WHAT = (
    r"(?:(?:sources?|passages?|articles?|documents?|docs?|references?|refs?|citations?|excerpts?|text)"
    r"\s{0,3}#?|[\^#])?"
)
_MARK = re.compile(
    rf"\s*{_WHAT}\s*(?P<first>\d{{1,4}})(?P<more>(?:\s*(?:,|;|&|and|-|–|to|\s)\s*{_WHAT}\s*\d{{1,4}})*)\s*(?:[†:].*)?",
    re.IGNORECASE | re.DOTALL,
)
_MORE = re.compile(r"(?P<joint>\s(?:to)\s|-|–)?[^\d]*(?P<number>\d{1,4})")
TARGET = r"\((?:[^()\s]|\([^()\s]{0,200}\)){0,2000}\)"
"""The address after the text of a Markdown link, without a title."""

_BRACKETS = re.compile(rf"!?\[(?P<inside>[^\[\]]*)\](?:{TARGET})?")
_TAG = re.compile(
    r"</?(?:a|abbr|b|base|blockquote|body|br|button|center|code|details|div|em|embed|font|form|frame|"
    r"h[1-6]|head|hr|html|i|"
    r"iframe|img|input|ins|kbd|li|link|mark|math|meta|object|ol|p|pre|q|s|script|small|span|strike|strong|style|sub|"
    r"summary|sup|svg|table|tbody|td|template|textarea|th|thead|tr|tt|u|ul|video|audio|"
    r"source)\b[^<>]{0,500}/?>|<!--[^<>]{0,500}-->",
    re.IGNORECASE,
)
_AUTOLINK = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>]{0,2000}>")
_SCHEME = re.compile(
    r"(?<![\w+.-])[\w+.-]+:/{2,}|(?:\b|(?<=_))(?:mailto|javascript|data|vbscript):(?=\S)|(?<!\w)(?:www\.)+",
    re.I,
)
_BEFORE = re.compile(rf"[ \t]*{_PLACE}(?=[ \t{_PLACE}]*(?:[.,;:!?…。！？)»”’\"']|$))")
_AFTER = re.compile(rf"(?P<one>\w)?[ \t]*{_PLACE}[ \t]*(?P<other>\w)?")


@dataclass(frozen=True, slots=True)
class Plain:
    """Plain text, the numbers of all marks in it, in order, and its parts between marks that stand inside it."""

    text: str
    numbers: tuple[int, ...]
    parts: tuple[str, ...]


def letters(text: str) -> str:
    r"""A text in which every line ends with a newline and every bracket of a mark is square, without hidden letters.

    The letters of the beginning of a text are the beginning of its letters.

    >>> letters("Kim【1】\r\nleft\u202e.")
    'Kim[1]\nleft.'
    """
    return re.sub(r"\r\n?", "\n", text.translate(_LETTERS))


def plain(sentence: str) -> Plain:
    """What a sentence says, in one line. It takes `letters`.

    >>> plain("Kim [came](http://evil.example) [1] by train [2, 4-6].")
    Plain(text='Kim came by train.', numbers=(1, 2, 4, 5, 6), parts=('Kim came', 'by train'))
    """
    text = _TAG.sub("", _AUTOLINK.sub("", " ".join(sentence.split())))
    numbers: list[int] = []
    for _ in range(4):  # brackets within brackets
        text, changed = _BRACKETS.subn(lambda found: _opened(found["inside"], numbers), text)
        if not changed:
            break
    text = text.replace("[", "(").replace("]", ")")
    text = _SCHEME.sub("", text)
    text = re.sub(r"\([ ]*(?:" + _PLACE + r"[ ,;]*)+\)", _PLACE, text)
    pieces = [piece.strip() for piece in text.split(_PLACE)]
    parts = tuple(piece for piece in pieces if re.search(r"\w", piece))
    text = _AFTER.sub(_joined, _BEFORE.sub("", text)).replace(_PLACE, "")
    return Plain(re.sub(r"[ \t]{2,}", " ", text).strip(), tuple(dict.fromkeys(numbers)), parts)


def is_mark(inside: str) -> bool:
    """Whether what stands between brackets is a mark.

    >>> [is_mark(text) for text in ("1", "Source 2", "^3", "1, 2", "1-3", "7†source", "He", "2019", "3 men")]
    [True, True, True, True, True, True, False, False, False]
    """
    return bool(list(_numbers(inside)))


def _opened(inside: str, numbers: list[int]) -> str:
    """What becomes of a pair of brackets: a mark its place, a label its text, the rest round brackets."""
    found = list(_numbers(inside))
    if found:
        numbers += found
        return _PLACE
    return f"({inside})" if re.search(r"\d", inside) else inside


def _numbers(inside: str) -> Iterator[int]:
    """The numbers of a mark, none if it is no mark; a range counts up to 20 on."""
    match = _MARK.fullmatch(inside) if len(inside) <= LONGEST_MARK else None
    if match is None:
        return
    number = int(match["first"])
    found = [number]
    for more in _MORE.finditer(match["more"]):
        following = int(more["number"])
        found += range(number + 1, min(following, number + 20)) if more["joint"] else []
        found.append(following)
        number = following
    if max(found) <= _HIGHEST:
        yield from found


def _joined(match: re.Match[str]) -> str:
    one, other = match["one"] or "", match["other"] or ""
    return f"{one} {other}" if one or other else ""
