"""Markdown (.md): YAML front matter, and the body as plain text that quotes well.

Emphasis, link targets, heading hashes and code fences go, images and raw HTML too; paragraphs and headings
stand between blank lines, list items begin with "• " or their number. Knows CommonMark and tables, no
footnotes or other dialects.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from html.parser import HTMLParser
from itertools import pairwise
from typing import TYPE_CHECKING, Any, ClassVar

from qa.errors import SourceError
from qa.load.dates import lenient
from qa.load.decode import decode, looks_like_html
from qa.load.draft import Draft
from qa.load.foreign import foreign
from qa.load.tidy import bare_markup, tidy

if TYPE_CHECKING:
    from markdown_it.token import Token

_FRONT = re.compile(r"---[ \t]*\n(?P<yaml>.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_MAX_FRONT = 64 * 2**10


def read(data: bytes) -> Draft:
    """The article in a Markdown file."""
    if looks_like_html(data):
        raise SourceError("this is a web page: rename it to .html")
    source = re.sub(r"\r\n?", "\n", bare_markup(decode(data)))
    front, body = _front_matter(source)
    with foreign("this Markdown cannot be read"):
        text, heading = _plain(body)
    return Draft(
        text=tidy(text),
        id=_field(front, "id"),
        title=_field(front, "title") or heading,
        source=_field(front, "source", "site"),
        url=_field(front, "url", "link"),
        published=lenient(_field(front, "date", "published")),
        author=_field(front, "author", "authors"),
    )


def _front_matter(source: str) -> tuple[dict[str, Any], str]:
    """The fields before the text, and the text. Every value stays the string that was written."""
    match = _FRONT.match(source)
    if match is None:
        if re.match(r"---[ \t]*\n\w+:", source):
            raise SourceError(
                "the front matter that begins in line 1 has no end: close it with a line of ---"
            )
        return {}, source
    if len(match["yaml"]) > _MAX_FRONT:
        raise SourceError(
            f"the front matter is longer than {_MAX_FRONT // 2**10} KB: move text below its closing ---"
        )
    import yaml

    with foreign("the front matter is no valid YAML"):
        try:
            # BaseLoader makes nothing but strings, lists and mappings: no code, and 007 stays "007".
            front = yaml.load(match["yaml"], Loader=yaml.BaseLoader)  # noqa: S506 - see above
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line = f" in line {mark.line + 2}" if mark else ""
            raise SourceError(
                f"the front matter is no valid YAML{line}: {error.problem or error.context}"
            ) from error
    if not isinstance(front, dict):
        return {}, source
    return {str(key).lower(): value for key, value in front.items()}, source[match.end() :]


def _field(front: dict[str, Any], *names: str) -> str | None:
    """The first of these fields that says something; a list of authors joined by commas."""
    for name in names:
        value = front.get(name)
        if isinstance(value, list):
            value = ", ".join(filter(None, map(_name, value)))
        if value is None or value in ("", "~", "null"):
            continue
        if not isinstance(value, str):
            raise SourceError(f'the front matter\'s "{name}" must be a text')
        return value
    return None


def _name(author: object) -> str:
    """An author's name, from a list of names or of mappings with a name."""
    if isinstance(author, dict):
        author = author.get("name")
    return author.strip() if isinstance(author, str) else ""


def _plain(body: str) -> tuple[str, str | None]:
    """The plain text of Markdown, and its first heading of the first level."""
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("commonmark", {"maxNesting": 100}).enable(["table", "strikethrough"]).parse(body)
    heading = next(
        (
            _inline(following.children or ())
            for token, following in pairwise(tokens)
            if token.type == "heading_open" and token.tag == "h1"
        ),
        None,
    )
    return _Page().render(tokens), heading


class _Page:
    """Block tokens -> text. `_marks`: the lists around, innermost last: the next number, or None."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._marks: list[int | None] = []
        self._mark = ""
        self._cells: list[str] = []
        self._in_row = False

    def render(self, tokens: Sequence[Token]) -> str:
        for token in tokens:
            handler = self._HANDLERS.get(token.type)
            if handler is not None:
                handler(self, token)
        return "".join(self._parts)

    def _text(self, text: str) -> None:
        if self._in_row:
            self._cells.append(text.replace("\n", " "))
        elif self._marks:
            margin = "  " * (len(self._marks) - 1)
            lines = text.split("\n")
            self._parts.append(f"{margin}{self._mark}{lines[0]}\n")
            self._parts.extend(f"{margin}  {line}\n" for line in lines[1:])
            self._mark = "  "
        elif text.strip():
            self._parts.append(f"{text}\n\n")

    def _inline_token(self, token: Token) -> None:
        self._text(_inline(token.children or ()))

    def _code(self, token: Token) -> None:
        self._text(token.content.rstrip("\n"))

    def _html(self, token: Token) -> None:
        if text := _without_tags(token.content):
            self._text(text)

    def _open_bullets(self, _token: Token) -> None:
        self._marks.append(None)

    def _open_numbers(self, token: Token) -> None:
        self._marks.append(int(token.attrGet("start") or 1))

    def _close_list(self, _token: Token) -> None:
        self._marks.pop()
        self._mark = "  "
        if not self._marks:
            self._parts.append("\n")

    def _open_item(self, _token: Token) -> None:
        number = self._marks[-1]
        self._mark = "• " if number is None else f"{number}. "
        if number is not None:
            self._marks[-1] = number + 1

    def _open_row(self, _token: Token) -> None:
        self._in_row, self._cells = True, []

    def _close_row(self, _token: Token) -> None:
        self._in_row = False
        self._parts.append(" | ".join(self._cells) + "\n")

    def _close_table(self, _token: Token) -> None:
        self._parts.append("\n")

    _HANDLERS: ClassVar[dict[str, Callable[[_Page, Token], None]]] = {
        "inline": _inline_token,
        "fence": _code,
        "code_block": _code,
        "html_block": _html,
        "bullet_list_open": _open_bullets,
        "ordered_list_open": _open_numbers,
        "bullet_list_close": _close_list,
        "ordered_list_close": _close_list,
        "list_item_open": _open_item,
        "tr_open": _open_row,
        "tr_close": _close_row,
        "table_close": _close_table,
    }


_INLINE = {"softbreak": " ", "hardbreak": "\n", "image": "", "html_inline": ""}


def _inline(tokens: Sequence[Token]) -> str:
    """What a reader sees of a paragraph."""
    return "".join(_INLINE.get(token.type, token.content) for token in tokens).strip()


class _Words(HTMLParser):
    """Collects the text between tags, but not scripts and styles."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in ("script", "style")
        if tag == "br":
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("script", "style") and self._hidden > 0
        if tag in ("p", "div", "li", "tr", "h1", "h2", "h3", "h4"):
            self.words.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.words.append(data)


def _without_tags(html: str) -> str:
    """The words of a piece of raw HTML, one line a block."""
    parser = _Words()
    parser.feed(html)
    parser.close()
    lines = (" ".join(line.split()) for line in "".join(parser.words).split("\n"))
    return "\n".join(line for line in lines if line)
