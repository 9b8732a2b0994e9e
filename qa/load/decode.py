"""Bytes become text: the encoding is found out, and what is no text is said to be none.

Knows nothing of formats but the first bytes by which they are told apart. Western European single-byte
text is taken for Windows-1252 when other code pages fit no better, so Polish or Turkish without a mark
may come out with wrong accents: UTF-8 is the way to be sure.
"""

from __future__ import annotations

import codecs
import re

from qa.errors import SourceError
from qa.load.foreign import foreign

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

_MAGIC = (
    (b"%PDF-", "a PDF: rename it to .pdf"),
    (
        b"PK\x03\x04",
        "a zip archive or an Office document: rename a Word document to .docx, unpack an archive",
    ),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old or protected Office document: save it as .docx"),
    (b"\x1f\x8b", "packed with gzip: unpack it, or rename it to .jsonl.gz if it holds article lines"),
    (b"{\\rtf", "an RTF document: save it as .docx or .txt"),
    (b"\x89PNG", "a picture: only text is read"),
    (b"\xff\xd8\xff", "a picture: only text is read"),
    (b"GIF8", "a picture: only text is read"),
)

_BINARY = "this is no text but binary data: add the text it belongs to instead"
_PAGES = [
    *(
        "cp1252",
        "cp1250",
        "cp1251",
        "cp1253",
        "cp1254",
        "cp1255",
        "cp1256",
        "iso8859_2",
        "koi8_r",
        "mac_roman",
    ),
    *("gb18030", "big5", "cp932", "euc_jp", "cp949"),
]

_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_HTML = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->).)*-->\s*)*<(?:!doctype\s+html|html[\s>])",
    re.IGNORECASE | re.DOTALL,
)


def kind_of(data: bytes) -> str | None:
    """What these bytes are, from their beginning, with what to do about it; None for text."""
    return next((kind for magic, kind in _MAGIC if data.startswith(magic)), None)


def looks_like_html(data: bytes) -> bool:
    """Whether this is a whole web page."""
    return _HTML.match(data[:4096].removeprefix(codecs.BOM_UTF8)) is not None


def decode(data: bytes, *, declared: str | None = None) -> str:
    """The text of a file. `declared` is the encoding the file itself names, if it does."""
    if kind := kind_of(data):
        raise SourceError(f"this is {kind}")
    text = _decode(data, declared)
    controls = len(_CONTROLS.findall(text))
    if "\0" in text or controls > max(2, len(text) // 200):
        raise SourceError(_BINARY)
    return _CONTROLS.sub("", text)


def _decode(data: bytes, declared: str | None) -> str:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            marked = data.decode(encoding, "replace")
            if marked.count("\N{REPLACEMENT CHARACTER}") > max(2, len(marked) // 100):
                raise SourceError(
                    f"this text is marked as {encoding.upper()} but is something else: save it as UTF-8"
                )
            return marked
    if b"\0" in data:
        return _unmarked_utf16(data)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    if (text := _damaged_utf8(data)) is not None:
        return text
    if declared is not None:
        try:
            return data.decode(
                "cp1252" if declared.lower() in ("iso-8859-1", "latin-1", "latin1") else declared
            )
        except (LookupError, UnicodeError):
            pass
    return _guess(data)


def _unmarked_utf16(data: bytes) -> str:
    """UTF-16 without its mark: in Western text, every other byte is zero."""
    zeros = data[::2].count(0), data[1::2].count(0)
    if max(zeros) < len(data) // 4 or min(zeros) > max(zeros) // 4:
        raise SourceError(_BINARY)
    return data.decode("utf-16-be" if zeros[0] > zeros[1] else "utf-16-le", "replace")


def _damaged_utf8(data: bytes) -> str | None:
    """UTF-8 with a few bad bytes in it, which are taken out, or None if it is another encoding."""
    text = data.decode("utf-8", "replace")
    bad = text.count("\N{REPLACEMENT CHARACTER}")
    good = sum(character > "\x7f" for character in text) - bad
    return text if good > 4 * bad else None


def _guess(data: bytes) -> str:
    with foreign("the encoding of this text cannot be made out: save it as UTF-8"):
        from charset_normalizer import from_bytes

        matches = from_bytes(data, cp_isolation=_PAGES)
        best = matches.best()
        western = next((match for match in matches if "cp1252" in match.could_be_from_charset), None)
        if western is not None and best is not None and western.chaos <= best.chaos:
            best = western if western.encoding == "cp1252" else None
        if best is not None:
            return str(best)
    return data.decode("cp1252", "replace")
