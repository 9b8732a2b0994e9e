"""Articles -> questions that a newcomer might click on, made from what the articles speak of.

Takes what is known of the articles and a way to read one; gives questions, each about another article. Knows nothing of
answering. A name makes an example only if it stands in the headline and again, inside a sentence, in the text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from qa.errors import QAError
from qa.records import Article, ArticleInfo

_READ = 24
"""How many articles are looked at, spread evenly over the collection."""

_LEAD = 400
"""Characters at the beginning of an article that say what it is about."""

_EVENTS = re.compile(
    r"\b(summit|match|ceremony|launch|landing|explosion|blast|eruption|earthquake|election|march|protest|conference|"
    r"wedding|funeral|trial|festival|concert|tournament|race|crash|rescue|final)\b"
)
_NAME = re.compile(r"\b[A-ZÀ-Þ][\w’-]+(?: (?:of the |of |de |-)?[A-ZÀ-Þ][\w’-]+)*")
_FORMS = (
    "What happened with {name}?",
    "What do the articles say about {name}?",
    "Why is {name} in the news?",
)


def example_questions(articles: Sequence[ArticleInfo], read: Callable[[str], Article], n: int) -> list[str]:
    """Up to `n` different questions, the event that most articles tell of first, then longer names before shorter ones.

    Articles that cannot be read any more are passed over.
    """
    looked_at = list(_spread(articles, read)) if n > 0 else []
    event = _event(looked_at)
    names = [name for name in (_name(article) for article in looked_at) if name]
    questions = [f"Where did the {event} take place?"] if event else []
    for name in sorted(dict.fromkeys(names), key=lambda name: -len(name.split())):
        questions.append(_FORMS[len(questions) % len(_FORMS)].format(name=name))
    return questions[:n]


def _spread(articles: Sequence[ArticleInfo], read: Callable[[str], Article]) -> Iterator[Article]:
    step = max(1, len(articles) // _READ)
    for info in articles[::step]:
        try:
            yield read(info.id)
        except QAError:
            continue


def _event(articles: Sequence[Article]) -> str | None:
    """The kind of event that most headlines and leads name, if an article calls it "the" summit, march or match."""
    named: Counter[str] = Counter()
    for article in articles:
        named.update(set(_EVENTS.findall(f"{article.title} {article.text[:_LEAD]}")))
    for event, _ in named.most_common():
        if any(re.search(rf"\bthe {event}\b", article.text, re.IGNORECASE) for article in articles):
            return event
    return None


def _name(article: Article) -> str | None:
    """The longest name of the headline that the text uses too, inside a sentence; with "the" if the text puts that."""
    names = [
        found[0]
        for found in _NAME.finditer(article.title)
        if re.search(rf"(?<=[a-z,] ){re.escape(found[0])}\b", article.text)
    ]
    name = max(names, key=len, default=None)
    if name is None:
        return None
    bare, with_the = article.text.count(name), len(re.findall(rf"\b[Tt]he {re.escape(name)}", article.text))
    return f"the {name}" if 2 * with_the > bare else name
