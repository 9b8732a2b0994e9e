"""A web page -> the same page without what a reader of it does not see: no part of the article, whoever put it there.

Hidden are `hidden` and <template>, and what a `style`, or a rule of the page for a class or an id, puts out of sight.
In doubt an element is left: where another rule may show it again, or a script must, for it holds most of the words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

_Element = Any  # lxml.etree._Element: lxml comes without types
Style = Mapping[str, str]

_TOKEN = re.compile(r"[{};]")
_SIMPLE = re.compile(r"[A-Za-z0-9]*([.#][\w-]+)")
_NAME = re.compile(r"[.#][\w-]+")
_ZERO = re.compile(r"0+(?:\.0*)?(?:[a-z]+|%)?")
_FAR_OUT = re.compile(r"-\d{3,}(?:\.\d+)?(?:[a-z]+|%)?")
_RGB = re.compile(r"rgba?\((\d{1,3}),(\d{1,3}),(\d{1,3})(?:,1)?\)")
_COLOURS = {"white": "#ffffff", "black": "#000000"}
_NO_COLOURS = frozenset(("inherit", "initial", "unset", "revert", "currentcolor", "transparent", "none"))
_DECIDE = frozenset(("display", "visibility", "position", "clip", "color", "background", "background-color"))
_NEVER = frozenset(("html", "body"))
_WORDS = ".//text()[not(parent::script or parent::style)]"


def drop_hidden(tree: _Element) -> None:
    """Takes out of a page what its readers do not see."""
    from lxml.etree import iterwalk

    names = _hidden_names("\n".join(style.text or "" for style in tree.iter("style")))
    most = _size(tree) / 2
    found = []
    walk = iterwalk(tree, events=("start",))
    for _, element in walk:
        if element.tag not in _NEVER and _is_hidden(element, names) and _size(element) < most:
            found.append(element)
            walk.skip_subtree()
    for element in found:
        element.drop_tree()


def _is_hidden(element: _Element, names: frozenset[str]) -> bool:
    if element.tag == "template" or element.get("hidden", "until-found") != "until-found":
        return True
    own = {f".{name}" for name in element.get("class", "").split()} | {f"#{element.get('id', '')}"}
    style = declarations(element.get("style", ""))
    return bool(own & names) or _hides(style) or _ZERO.fullmatch(style.get("font-size", "")) is not None


def declarations(css: str) -> Style:
    """What a style declares: property -> value, in lower case and without blanks.

    >>> declarations("Color: #FFF !important; font-size: 0")
    {'color': '#fff', 'font-size': '0'}
    """
    pairs = (one.partition(":") for one in css.lower().split(";"))
    return {
        name.strip(): re.sub(r"\s+|!important", "", value) for name, colon, value in pairs if colon == ":"
    }


def _hides(style: Style) -> bool:
    """Whether a style puts what it is of out of sight."""
    return (
        style.get("display") == "none"
        or style.get("visibility") in ("hidden", "collapse")
        or style.get("clip", "").startswith("rect(0")
        or _FAR_OUT.fullmatch(style.get("text-indent", "")) is not None
        or (style.get("position") in ("absolute", "fixed") and _is_far_out(style))
        or _in_its_own_colour(style)
    )


def _is_far_out(style: Style) -> bool:
    return any(_FAR_OUT.fullmatch(style.get(side, "")) for side in ("left", "right", "top", "bottom"))


def _in_its_own_colour(style: Style) -> bool:
    """Whether the letters have the colour of what is behind them, as far as the same style says."""
    letters = _colour(style.get("color", "none"))
    ground = style.get("background-color") or style.get("background") or "none"
    return letters not in _NO_COLOURS and letters == _colour(ground)


def _colour(value: str) -> str:
    """A colour as #rrggbb, if it is one of the common forms."""
    if found := _RGB.fullmatch(value):
        return "#" + "".join(f"{int(one):02x}" for one in found.groups())
    if re.fullmatch(r"#[0-9a-f]{3}", value):
        return "#" + "".join(2 * one for one in value[1:])
    return _COLOURS.get(value, value)


def _hidden_names(sheet: str) -> frozenset[str]:
    """The classes (.name) and ids (#name) that a style sheet hides and no rule of it may show again."""
    hidden: set[str] = set()
    shown: set[str] = set()
    for selectors, body, everywhere in _rules(_without_comments(sheet)):
        style = declarations(body)
        hides = _hides(style)
        for selector in filter(None, map(str.strip, selectors.split(","))):
            simple = _SIMPLE.fullmatch(selector)
            if hides and simple and everywhere:
                hidden.add(simple[1])
            elif not hides and style.keys() & _DECIDE:
                shown.update(_NAME.findall(selector.split()[-1]))
    return frozenset(hidden - shown)


def _without_comments(sheet: str) -> str:
    first, *others = sheet.split("/*")
    return first + "".join(other.partition("*/")[2] for other in others)


def _rules(sheet: str) -> Iterator[tuple[str, str, bool]]:
    """Selectors and declarations of each rule, and whether it holds everywhere: not inside an @media."""
    start = 0
    opened: list[str] = []
    for token in _TOKEN.finditer(sheet):
        if token[0] == ";" and opened:
            continue
        if token[0] == "{":
            opened.append(sheet[start : token.start()].strip())
        elif token[0] == "}" and opened:
            selectors = opened.pop()
            if not selectors.startswith("@"):
                yield selectors, sheet[start : token.start()], not opened
        start = token.end()


def _size(element: _Element) -> int:
    return sum(len(text) for text in element.xpath(_WORDS))
