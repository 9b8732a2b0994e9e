"""Text -> the stems of its words, by the endings of its language; question -> what to look for.

What stands in the index is stems with blanks between, so that articles of all languages share one field. A question is
too short to tell its language for sure: it is taken for the one whose small words it has most of.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache

import tantivy

_WORD = re.compile(r"[^\W_]+")
_LONGEST = 60
"""A longer run of letters is no word."""

_STEMMERS = {
    "ar": "arabic",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "hu": "hungarian",
    "it": "italian",
    "nl": "dutch",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
}

# Words that say how something is asked rather than what about.
_ENGLISH = frozenset(
    (
        "a an and any are as at be been but by can could did do does for from had has have he her him his how "
        "i in into is it its me my no not of on or our s shall she should so such t take taken tell than that the "
        "their them then there these they this those to took up us was we were what when where which who whom "
        "whose why will with would you your "
    ).split()
)
_LISTED = frozenset(
    (
        "danish dutch finnish french german hungarian italian norwegian portuguese russian spanish swedish"
    ).split()
)
"""Languages of whose small words tantivy has a list (Snowball's)."""
# The question words that those lists do not have.
_ASKING = {
    "da": "hvad hvem hvilken hvilket hvilke hvor hvornår hvordan hvorfor",
    "de": "wann warum wem wen wer weshalb wessen wieso wieviel wieviele viele woher wohin wurde wurden gab gibt",
    "es": "cuál cuáles cuándo cuánta cuántas cuánto cuántos cómo dónde quién quiénes",
    "fi": "kuka kuinka mikä miksi milloin missä miten montako",
    "fr": "a t où quand comment pourquoi combien quel quelle quels quelles quoi",
    "it": "quando quale quali quanta quante quanti quanto",
    "nl": "wanneer waar waarom welk welke hoe hoeveel",
    "no": "hva hvem hvilken hvilket hvilke hvor hvordan hvorfor når",
    "pt": "onde porque quanto quanta quantos quantas",
    "sv": "hur varför vem vilka vilken vilket när",
}


def stems(text: str, language: str | None) -> list[str]:
    """The words of a text in order, in lower case, without endings and accents. None is taken for English.

    >>> stems("Häuser brennen in München", "de")
    ['haus', 'brenn', 'in', 'munch']
    """
    found: list[str] = _stemming(_STEMMERS.get(language or "en")).analyze(_composed(text))
    return found


def spelt(text: str, language: str | None) -> list[tuple[str, str]]:
    """The words of a text as it spells them, each with its stem.

    >>> spelt("Trains, late", "en")
    [('Trains', 'train'), ('late', 'late')]
    """
    text = _composed(text)
    words, own = _WORD.findall(text), stems(text, language)
    if len(words) == len(own):  # else there is one too long, or a sign that is a letter here and not there
        return list(zip(words, own, strict=True))
    return [(word, stem) for word in words for stem in stems(word, language)]


def guess(question: str, languages: Sequence[str]) -> str:
    """The language that has most of a question's words among its small ones; the first of equals, or English.

    >>> guess("Wo war der Brand?", ["en", "de"])
    'de'
    """
    said = _plain().analyze(_composed(question))
    return max(languages, key=lambda code: len(_small(said, code)), default="en")


@lru_cache(maxsize=64)
def wanted(question: str, own: str, languages: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """Each content word of a question, once, by its distinct stems: in its `own` language first, then in the others.

    A question of small words only is looked for as it is.

    >>> wanted("Who saw the houses?", "en", ("en", "de"))
    (('saw',), ('hous',))
    """
    said = _plain().analyze(_composed(question))
    small = _small(said, own)
    words = dict.fromkeys(word for word in said if word not in small) or dict.fromkeys(said)
    order = dict.fromkeys([own, *languages])
    found = (tuple(dict.fromkeys(stem for code in order for stem in stems(word, code))) for word in words)
    return tuple(one for one in dict.fromkeys(found) if one)


def _composed(text: str) -> str:
    """An accent beside its letter would cut the word in two."""
    return unicodedata.normalize("NFC", text)


def _small(words: Sequence[str], language: str) -> frozenset[str]:
    """Those of some words that say how something is asked rather than what about."""
    if language == "en":
        return _ENGLISH.intersection(words)
    kept = _keeping(_STEMMERS.get(language)).analyze(" ".join(words))
    asking = _ASKING.get(language, "").split()
    return frozenset(word for word in words if word not in kept or word in asking)


@cache
def _plain() -> tantivy.TextAnalyzer:
    return _analyzer()


@cache
def _keeping(name: str | None) -> tantivy.TextAnalyzer:
    """Leaves out the small words of a language."""
    return _analyzer(tantivy.Filter.stopword(name)) if name in _LISTED else _analyzer()


@cache
def _stemming(name: str | None) -> tantivy.TextAnalyzer:
    """Accents go last, for many languages know their endings by them; English has them in foreign words only."""
    if name is None:
        return _analyzer(tantivy.Filter.ascii_fold())
    steps = [tantivy.Filter.stemmer(name), tantivy.Filter.ascii_fold()]
    return _analyzer(*(reversed(steps) if name == "english" else steps))


def _analyzer(*steps: tantivy.Filter) -> tantivy.TextAnalyzer:
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    for step in (tantivy.Filter.remove_long(_LONGEST), tantivy.Filter.lowercase(), *steps):
        builder = builder.filter(step)
    return builder.build()
