"""What is asked for that is no question: a summary of an article, the news about something.

Takes the user's words; gives what is wanted, or None for a question. Only whole messages count: "Summarise this
article" is a request, "who summarised the article?" is not. Knows nothing of articles.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal["summary", "news"]

_LONGEST = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A wish for a "summary" or for "news". `topic`: about what; `this`: of what is open or was spoken of last."""

    kind: Kind
    topic: str | None
    this: bool


_PLEASE = (
    r"(?:(?:please|ok|okay|and|now|so|hey|hello|hi)\b[\s,]*){0,3}"
    r"(?:(?:can|could|will|would) you (?:please |kindly )?|"
    r"(?:i would like|i'd like|i want|i need)(?: you)?(?: to)? |let me have |please )?"
)
_GIVE = r"(?:(?:give|show|get|write|make|provide|have|tell)(?: me| us)?|i need|i want)"
_SHORT = r"(?:(?:a|an|the|some|one)\s)?(?:(?:brief|short|quick|concise|general|one-sentence|little)\s){0,2}"
_SUMMARY = (
    rf"(?:{_GIVE} )?{_SHORT}"
    r"(?:summary|summaries|overview|synopsis|recap|outline|abstract|gist|tl;?dr|key points|main points)"
)
_IS = r"(?:what is|what's|whats)"
_OF = r"(?:\s*(?:of|on|about|for|from|:)\s*(?P<topic>.+))?"
_ON = r"(?:\s+(?:about|on|of|from|with|in|regarding|concerning)\s+(?P<topic>.+))?"
_ROWS: tuple[tuple[Kind, str], ...] = (
    ("summary", r"(?:summari[sz]e|recap|sum up|outline)(?:\s+(?P<topic>.+))?"),
    ("summary", r"sum (?P<topic>.+) up"),
    ("summary", _SUMMARY + _OF),
    ("summary", r"tl;?dr(?:\s*[:,]?\s*(?P<topic>.+))?"),
    ("summary", rf"{_IS} (?P<topic>(?:this|the|that) (?:article|story|text|piece|report|page)) about"),
    ("summary", rf"{_IS} the (?:gist|summary){_OF}"),
    ("news", rf"(?:{_IS}|anything|what) new{_ON}"),
    (
        "news",
        rf"(?:(?:is|are) there |{_GIVE} |what are |{_IS} |do you have |have you )?(?:any |some |the |all |got )?"
        rf"(?:(?:latest|recent|new|newest) )?(?:news|headlines|updates?|developments){_ON}",
    ),
    ("news", rf"(?:{_GIVE} |{_IS} )?(?:the )?(?:latest|newest){_ON}"),
    ("news", rf"(?:(?:update|brief) me|catch me up){_ON}"),
)
_TABLE = tuple((kind, re.compile(f"{_PLEASE}(?:{row})", re.IGNORECASE)) for kind, row in _ROWS)
_THIS = re.compile(
    r"(?:(?:this|that|it|these|those|them)|"
    r"(?:(?:this|that|the|these|those)(?: (?:same|open|last|whole|current|above))? "
    r"(?:article|articles|story|stories|text|texts|piece|report|page|document|one)))(?: (?:here|above|for me|please))?",
    re.IGNORECASE,
)
_FOR_ME = re.compile(
    r"(?:[\s,]+(?:please|for me|in (?:a|one|two|three|a few) (?:sentences?|words|lines|paragraphs?)|"
    r"briefly|shortly|now|today)){1,4}$",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"(?:everything|all|what (?:is|was) (?:said|written|reported|known))?\s*(?:about|on)\s+(?P<what>.+)",
    re.IGNORECASE,
)
_STORY = re.compile(
    r"(?:(?:the|this|that|these|all|any) )?(?:latest |recent |main )?"
    r"(?:articles?|stor(?:y|ies)|reports?|news|texts?|coverage|pieces?) "
    r"(?:about|on|of|regarding|concerning) (?P<what>.+)",
    re.IGNORECASE,
)
_ALL = frozenset(
    "everything,all,the news,today's news,all the news,the articles,all articles,all the articles,these articles,"
    "those articles,the library,this library,the collection".split(",")
)


def request_of(text: str) -> Request | None:
    """What is asked for, None if it is a question or anything else.

    >>> request_of("Summarise the story about the wheat, please")
    Request(kind='summary', topic='the wheat', this=False)
    >>> request_of("what's new?"), request_of("What is new in the treaty that Kim signed?")
    (Request(kind='news', topic=None, this=False), None)
    """
    if len(text) > _LONGEST:
        return None
    asked = " ".join(text.replace("’", "'").split()).strip(" ?!.,…:")
    short = _FOR_ME.sub("", asked)
    for kind, pattern in _TABLE:
        match = pattern.fullmatch(short) or pattern.fullmatch(asked)
        if match:
            return _request(kind, (match["topic"] or "").strip(" \"“”'"))
    return None


def _request(kind: Kind, topic: str) -> Request | None:
    for pattern in (_STORY, _ABOUT):
        match = pattern.fullmatch(topic)
        if match:
            topic = match["what"]
    if topic.casefold() in _ALL:
        return Request(kind=kind, topic=None, this=False)
    if _THIS.fullmatch(topic):
        return Request(kind=kind, topic=None, this=True)
    if re.search(r"\b(?:that|which|who|when|where|why|how|was|were|is|are|did|does)\b", topic, re.IGNORECASE):
        # "what is new in the treaty that Kim signed?" is a question
        return Request(kind=kind, topic=topic, this=False) if kind == "summary" else None
    return Request(kind=kind, topic=topic or None, this=kind == "summary" and not topic)
