"""Text -> the names in it, and whether another text has them: by a part, an adjective or initials, too.

"Mr Kim" is a part of "Kim Jong Un", "Russian" the adjective of "Russia",
"EU" the initials of "European Union". A name
is a run of words with capitals, so this is for languages that write them so; German nouns count as names, which is
harmless to a comparison. Knows nothing of who is who.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from qa.verify.words import SMALL, folded

_NAME = re.compile(
    r"(?<![\w])(?:[A-ZÀ-ÖØ-Þ][\w’'.&-]{0,40}(?<![.’'-])|(?:[A-Z]\.){2,6})"
    r"(?:(?:[ \t]|[ \t](?:of|de|da|do|van|von|der|den|bin|al|la|le|du|del)[ \t]|[ \t]of[ \t]the[ \t])"
    r"[A-ZÀ-ÖØ-Þ][\w’'.&-]{0,40}(?<![.’'-])){0,8}"
)
_START = re.compile(r"(?:^|[.!?:;…\n“”\"(«»*])\s*[-*•#“\"‘'(]*\s*$")
_DOUBTFUL = re.compile(r"\w+(?:ing|ed|s)", re.IGNORECASE)
_COMMON = re.compile(
    r"\w+ly|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|even|later|soon|meanwhile|despite|"
    r"under|before|nearly|half|another|many|few|several|people|part|work|talks|police|little|much|nobody|everyone|instead|"
    r"then|today|now|yes|still|yet|perhaps|like|within|without|against|along|around|behind|beyond|inside|near|next|last|"
    r"first|second|third|once|twice|shortly|because|when|while|after|if|since|as|though|whether|although|though|unless|neither|either|back|food|help|money|heavy|new|old",
    re.IGNORECASE,
)
_ADJECTIVAL = frozenset("n an ian ean ese ish i s ans ians r er ers ic man ic's".split())
_CALENDAR = frozenset(
    "january february march april may june july august september october november december monday tuesday wednesday "
    "thursday friday saturday sunday jan feb mar apr jun jul aug sep sept oct nov dec".split()
)
_TITLES = frozenset(
    "mr mrs ms dr sir dame lord lady president prime minister king queen prince princess pope chancellor chairman "
    "professor prof general captain senator judge chief executive director foreign secretary speaker".split()
)
# What one thing is called; the first is what the others become.
_ALIASES = {
    other: one
    for one, others in {
        "britain": "uk british briton britons", "us": "usa america american americans", "france": "french frenchman",
        "netherlands": "dutch holland", "germany": "german germans", "spain": "spanish spaniard", "china": "chinese",
        "ireland": "irish", "wales": "welsh", "denmark": "danish dane", "sweden": "swedish swede",
        "turkey": "turkish turk",
        "finland": "finnish finn finns", "poland": "polish pole poles", "greece": "greek greeks", "eu": "eu's",
        "switzerland": "swiss", "norway": "norwegian norwegians", "peru": "peruvian", "europe": "european europeans",
        "wales's": "welsh", "lebanon": "lebanese", "portugal": "portuguese", "congo": "congolese",
        "thailand": "thai thais",
        "afghanistan": "afghan afghans", "scotland": "scottish scot scots", "england": "english",
        "belgium": "belgian belgians",
        "cyprus": "cypriot cypriots", "czechia": "czech czechs", "slovakia": "slovak slovaks", "israel": "israelis",
        "iraq": "iraqis", "pakistan": "pakistanis", "hungary": "hungarian hungarians",
        "argentina": "argentine argentinian", "philippines": "filipino filipinos",
    }.items()
    for other in others.split()
}  # fmt: skip
CAPITALS = {
    "moscow": "russia", "kremlin": "russia", "washington": "us", "beijing": "china", "pyongyang": "korea",
    "seoul": "korea",
    "tokyo": "japan", "tehran": "iran", "ankara": "turkey", "kyiv": "ukraine", "kiev": "ukraine", "delhi": "india",
    "islamabad": "pakistan", "brussels": "eu", "london": "britain", "paris": "france", "berlin": "germany",
    "rome": "italy", "madrid": "spain", "warsaw": "poland", "baghdad": "iraq", "damascus": "syria", "cairo": "egypt",
    "jerusalem": "israel", "canberra": "australia", "ottawa": "canada", "athens": "greece", "budapest": "hungary",
}  # fmt: skip
"""What may be said for a country or its government."""
_SIDES = frozenset("north south east west northern southern eastern western".split())
_WRITTEN_OUT = (("united states of america", "us"), ("united states", "us"), ("united kingdom", "britain"),
                ("great britain", "britain"), ("european union", "eu"), ("united nations", "un"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Name:
    """A name where it stands, `text[start:end]`, and its words, as `spelt` gives them."""

    words: tuple[str, ...]
    start: int
    end: int
    sure: bool = True
    """False for a single word at the start of a sentence, which may have its capital from there."""


def names(text: str) -> list[Name]:
    """The names of a text in order, without titles, days and months.

    >>> [name.words for name in names("On Friday President Putin met Kim Jong Un in the U.S. embassy.")]
    [('putin',), ('kim', 'jong', 'un'), ('us',)]
    """
    found = []
    for match in _NAME.finditer(text):
        begins = _START.search(text, max(0, match.start() - 8), match.start()) is not None
        pieces = spelt(match[0])
        first = match[0].split()[0]
        if begins and len(pieces) > 1 and (folded(first) in SMALL):
            pieces = pieces[1:]
        kept = tuple(
            piece
            for piece in pieces
            if piece not in _TITLES and piece not in _CALENDAR and piece not in SMALL - {"us"}
        )
        lone = begins and len(pieces) == 1
        common = lone and _COMMON.fullmatch(first) is not None
        if kept and not common and not (first in ("Us", "We", "I") and len(pieces) == 1):
            sure = not (lone and _DOUBTFUL.fullmatch(first))
            found.append(Name(kept, match.start(), match.end(), sure))
    return found


def spelt(name: str) -> list[str]:
    """The words of a name in one spelling.

    >>> spelt("the British and the United Nations"), spelt("Russia’s U.N.")
    (['the', 'britain', 'and', 'the', 'un'], ['russia', 'un'])
    """
    plain = " ".join(
        folded(word).replace(".", "") for word in re.split(r"[\s]+|(?<=\w)-(?=\w)", name) if word
    )
    for written, short in _WRITTEN_OUT:
        plain = re.sub(rf"\b{written}\b", short, plain)
    return [_ALIASES.get(word, word) for word in re.findall(r"[^\W_]+", plain)]


def holds(word: str, known: Iterable[str]) -> bool:
    """Whether a word of a name is among known ones: as it is, as its adjective, or the other way round.

    >>> holds("russia", ["russian"]), holds("iran", ["iraq"]), holds("niger", ["nigeria"])
    (True, False, False)
    """
    return any(word == other or _adjective(word, other) or _adjective(other, word) for other in known)


def same(name: Name, other: Name) -> bool:
    """Whether two names may be of one thing: they share at least half of the words of the shorter one.

    >>> kim, yong, un = names("Kim, Kim Yong Chol, Kim Jong Un")
    >>> same(kim, un), same(kim, yong), same(yong, un)
    (True, True, False)
    """
    shared = sum(holds(word, other.words) for word in name.words)
    if {*name.words} & _SIDES and {*other.words} & _SIDES and not {*name.words} & {*other.words} & _SIDES:
        return False
    return shared > 0 and 2 * shared >= min(len(name.words), len(other.words))


def initials(names_: Iterable[Name]) -> set[str]:
    """What the names with several words may be called for short.

    >>> initials(names("the International Olympic Committee"))
    {'ioc'}
    """
    return {
        "".join(word[0] for word in name.words if word not in SMALL) for name in names_ if len(name.words) > 1
    }


def vocabulary(text: str) -> frozenset[str]:
    """All that a text can hold of a name: its words in one spelling, capitals or not, and initials."""
    own = names(text)
    return frozenset({*spelt(text), *initials(own)} - {""})


def _adjective(word: str, other: str) -> bool:
    if len(word) < 4 or len(other) <= 4:
        return False
    base = word[:-1] if word[-1] in "aeoy" else word
    return (
        other.startswith(base)
        and other != word
        and other[len(base) :].removeprefix(word[len(base) :]) in (_ADJECTIVAL)
    )
