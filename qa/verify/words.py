"""Text -> its words with their stems, which of them are denied, and which words mean the opposite of each other.

English as news and chat models write it; of another language the words are compared as they are spelt, small words and
endings included. Takes any text; knows nothing of claims, passages, numbers or names.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+(?:['’][^\W\d_]+)*(?:-[^\W_]+)*")
_CLAUSE = re.compile(r"[,;:.!?()–—]|\b(?:but|although|though|while|because|after|before|which|who)\b")

SMALL = frozenset(
    (
        "a an the and or but if of in on at to from by for with as into onto than then that this "
        "these those there here "
        "it its he she his her him they their them we us our you your i my me who whom whose which what when where why "
        "how is are was were be been being am do does did done doing has have had having will would "
        "can could may might "
        "shall should must so such also too very more most some any each both about over under up down out off again "
        "just only own same other s t re ve ll d one ones during while because until since through between among per "
        "said say says according told tell reported report stated state mr mrs ms dr not no nor never however"
    ).split()
)
"""Words that carry no matter of their own."""

_IRREGULAR = {
    past: base
    for base, forms in {
        "be": "was were been", "become": "became", "beat": "beaten", "begin": "began begun", "break": "broke broken",
        "bring": "brought", "build": "built", "buy": "bought", "catch": "caught", "choose": "chose chosen",
        "come": "came", "cost": "costs", "die": "dead death dying", "draw": "drew drawn", "drive": "drove driven",
        "fall": "fell fallen", "fight": "fought", "find": "found", "fly": "flew flown flight", "get": "got gotten",
        "give": "gave given", "go": "went gone", "grow": "grew grown growth", "hold": "held", "keep": "kept",
        "know": "knew known", "lead": "led", "leave": "left", "lose": "lost loss", "make": "made", "man": "men",
        "mean": "meant", "meet": "met", "pay": "paid", "person": "people", "child": "children", "rise": "rose risen",
        "run": "ran", "see": "saw seen", "sell": "sold sale", "send": "sent", "shake": "shook shaken",
        "shoot": "shot", "show": "shown", "speak": "spoke spoken speech", "spend": "spent", "stand": "stood",
        "steal": "stole stolen", "take": "took taken", "teach": "taught", "think": "thought", "throw": "threw",
        "understand": "understood", "wear": "wore worn", "win": "won winner", "woman": "women",
        "write": "wrote written",
        "burn": "burnt", "learn": "learnt", "foot": "feet", "percent": "cent", "kilometre": "km kilometer",
        "metre": "meter", "tonne": "ton", "harbour": "harbor", "labour": "labor", "centre": "center",
    }.items()
    for past in forms.split()
}  # fmt: skip

_ENDINGS = ("ization", "isation", "ational", "ation", "ition", "ments", "ment", "ness", "ions", "ion", "ings", "ing",
            "ies", "ied", "ers", "ed", "er", "es", "al", "ly", "or", "s", "y")  # fmt: skip
_FEWEST = 3
"""Letters that an ending leaves."""

_NEGATING = frozenset(
    (
        "not no never none nobody nothing neither nor without cannot hardly nowhere fail refuse deny lack unable "
        "reject prevent avoid decline unlikely false"
    ).split()
)
_REACH = 5
"""So many words after a denial are denied, unless the clause ends before."""

_OPPOSITES = (
    "rise grow increase gain climb up|fall drop decrease decline shrink sink down", "win beat defeat|lose",
    "before|after", "first|last", "accept agree approve|reject refuse oppose veto",
    "more above over exceed|less fewer below under",
    "open reopen|close shut", "arrive enter join|leave depart quit exit withdraw",
    "begin start launch|end finish stop",
    "north northern|south southern", "east eastern|west western", "alive survive|die kill",
    "succeed success|fail failure", "support back favour|oppose against condemn", "buy|sell",
    "allow permit|ban forbid",
    "high highest|low lowest", "large larger largest big biggest|small smaller smallest", "same|different",
    "hot hotter warm|cold colder cool", "early earlier|late later", "increase|reduce cut", "import|export",
    "guilty convict|innocent acquit", "all every always|none never", "praise|criticise criticize", "safe|dangerous",
    "male man boy|female woman girl", "husband|wife", "brother|sister", "father|mother", "son|daughter",
    "majority|minority", "public|private", "left|right", "old older oldest|young younger youngest|new newest",
    "success|failure", "confirm|deny", "rebuild build|demolish destroy", "empty|full", "rich|poor",
    "long longer|short shorter", "fast faster|slow slower", "strong stronger|weak weaker", "many|few", "best|worst",
    "possible|impossible", "peaceful|violent", "federal|local", "single|several", "morning|evening night afternoon",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Word:
    """A word where it stands, `text[start:end]`; `denied` whether a "not" or its like is said of it."""

    text: str
    stem: str
    start: int
    end: int
    denied: bool

    @property
    def matters(self) -> bool:
        """Whether it says something of its own."""
        return self.text not in SMALL


def words(text: str) -> list[Word]:
    """The words of a text in order, in small letters without accents and possessive endings.

    >>> [(word.stem, word.denied) for word in words("Trains didn't run, Ann's did.") if word.matters]
    [('train', False), ("didn't", False), ('run', True), ('ann', False)]
    """
    found: list[Word] = []
    reach = clause = 0
    for match in _WORD.finditer(text):
        if _CLAUSE.search(text, clause, match.end()):
            reach = 0
        clause = match.end()
        plain = folded(match[0])
        found.append(Word(plain, stem(plain), match.start(), match.end(), reach > 0))
        reach = _REACH if is_denial(found[-1]) else reach - 1
    return found


def is_denial(word: Word) -> bool:
    """Whether a word denies what follows it."""
    return word.text in _NEGATING or word.stem in _NEGATING or word.text.endswith(("n't", "n’t"))


@lru_cache(maxsize=2**15)
def folded(word: str) -> str:
    """A word in small letters without accents and possessive ending, "don't" with a straight apostrophe.

    >>> folded("Müller’s")
    'muller'
    """
    plain = unicodedata.normalize("NFKD", word.casefold()).replace("’", "'")
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).removesuffix("'s")


@lru_cache(maxsize=2**15)
def stem(word: str) -> str:
    """A word, small and without accents, without its English ending. Coarse: what it joins is compared, never shown.

    >>> [stem(word) for word in ("stopped", "stations", "leaving", "flew", "was")]
    ['stop', 'stat', 'leav', 'fly', 'be']
    """
    if word in _IRREGULAR:
        word = _IRREGULAR[word]
        return word.removesuffix("e") if len(word) > _FEWEST else word
    for ending in _ENDINGS:
        rest = word.removesuffix(ending)
        if rest != word and len(rest) >= _FEWEST and re.search("[aeiouy]", rest):
            if ending == "s" and rest[-1] in "su":
                break
            word = rest
            if len(word) > _FEWEST and word[-1] == word[-2] and word[-1] not in "lsz":
                word = word[:-1]
            break
    return word.removesuffix("e") if len(word) > _FEWEST else word


def akin(one: str, other: str) -> bool:
    """Whether two stems are of one family: the same, or a long common beginning.

    >>> akin("presid", "presidenc"), akin("austria", "australia")
    (True, False)
    """
    if one == other:
        return True
    shorter = min(len(one), len(other))
    return shorter >= 5 and one[: max(5, -(-shorter * 9 // 10))] == other[: max(5, -(-shorter * 9 // 10))]


def opposed(claim: set[str], other: set[str]) -> bool:
    """Whether some stem of the claim has its opposite in the other text, and neither text has both sides.

    >>> opposed({"price", "ris"}, {"price", "fall"})
    True
    """
    return any(
        mine & claim and theirs & other and not mine & other and not theirs & claim
        for mine, theirs in _pairs()
    )


def _pairs() -> Iterator[tuple[frozenset[str], frozenset[str]]]:
    for mine in _SIDES:
        for theirs in mine[1]:
            yield mine[0], theirs


def _sides() -> list[tuple[frozenset[str], list[frozenset[str]]]]:
    found = []
    for line in _OPPOSITES:
        groups = [frozenset(stem(word) for word in group.split()) for group in line.split("|")]
        found += [(group, [other for other in groups if other is not group]) for group in groups]
    return found


_SIDES = _sides()
