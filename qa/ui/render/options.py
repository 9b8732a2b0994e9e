"""The settings of the page: what a reader can choose, and the keys that do things.

Takes who can answer, gives `Html`. What is chosen is the business of the scripts, which tick the boxes.
"""

from __future__ import annotations

from qa.settings import READER
from qa.ui.render.markup import Html, element, join
from qa.ui.status import Answerer

FEW, MANY = 3, 20
PASSAGES = ((FEW, "Few"), (None, "Usual"), (MANY, "Many"))
"""How many passages an answer may be made from; None: as many as the answerer is best with."""

_KEYS = (("/", "to the question"), ("Enter", "asks"), ("Shift Enter", "a new line"), ("Esc", "stops, closes"))


def options(answerer: Answerer | None) -> Html:
    """The settings; who answers is one of them only where there is a choice."""
    keys = [join(element("dt", element("kbd", key)), element("dd", what)) for key, what in _KEYS]
    return join(
        _answerers(answerer) if answerer is not None and answerer.name != READER else None,
        _group(
            "Passages",
            f"From how many of the passages found an answer is made: few is {FEW}, many {MANY}. More take longer.",
            *(_choice("passages", str(number or ""), name) for number, name in PASSAGES),
        ),
        element("h3", "Keys"),
        element("dl", *keys, class_="keys"),
    )


def _answerers(answerer: Answerer) -> Html:
    where = f" It is sent questions and passages, to {answerer.host}." if answerer.host is not None else ""
    return _group(
        "Who answers",
        f"The model writes, and each sentence is checked.{where} The reader quotes.",
        _choice("model", "", answerer.name),
        _choice("model", READER, "The reader"),
    )


def _group(title: str, hint: str, *choices: Html) -> Html:
    return element(
        "fieldset",
        element("legend", title),
        element("p", hint, class_="hint", dir="auto"),
        element("div", *choices, class_="choices"),
    )


def _choice(name: str, value: str, text: str) -> Html:
    box = element("input", type="radio", name=f"qa-{name}", value=value, data_option=name)
    return element("label", box, element("span", text, dir="auto"))
