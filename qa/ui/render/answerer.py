"""Who answers, as the page says it: quietly below the question, and aloud where article text leaves this machine.

Takes an `Answerer`, gives `Html`. Knows nothing of models.
"""

from __future__ import annotations

from qa.settings import READER
from qa.ui.render.markup import Html, element, join
from qa.ui.render.words import sentence
from qa.ui.status import Answerer

QUOTES = "The reader answers, in the articles’ own words."
INSTEAD = "Meanwhile the reader answers, in the articles’ own words."


def told(answerer: Answerer | None) -> Html:
    """What is to be known before the first question; empty if there is no such thing."""
    if answerer is not None and answerer.error is not None:
        return element(
            "div", element("p", f"{sentence(answerer.error)} {INSTEAD}", dir="auto"), class_="wrong"
        )
    if answerer is not None and answerer.host is not None:
        where = f"{answerer.host} ({answerer.name})"
        said = element(
            "p", f"Questions and passages of your articles are sent to {where}.", dir="auto", class_="where"
        )
        understood = element(
            "button",
            "OK",
            type="button",
            class_="quiet",
            data_act="told",
            data_told=where,
            aria_label="OK, hide this",
        )
        return element("div", said, understood)
    return join()


def answerer_line(answerer: Answerer | None) -> Html:
    """Who answers, in one line."""
    if answerer is None:
        return join()
    if answerer.name == READER:
        return join(QUOTES)
    where = f" on {answerer.host}" if answerer.host is not None else ""
    return join(f"{answerer.name}{where} writes; each sentence is checked.")
