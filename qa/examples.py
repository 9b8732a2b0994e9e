"""Articles -> questions that a newcomer might click on, made from what the articles speak of.

Takes what is known of the articles and a way to read one; gives questions, each about another article. Knows nothing of
answering. A name makes an example only if it stands in the headline and again, inside a sentence, in the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from qa.errors import QAError
from qa.records import Article, ArticleInfo

_READ = 24
"""How many articles are looked at, spread evenly over the collection."""

_EVENTS = re.compile(
    r"\b(summit|talks|match|ceremony|launch|landing|explosion|blast|eruption|earthquake|election|march|protest|conference|"
    r"wedding|funeral|trial|festival|concert|tournament|race|crash|rescue|meeting|final)\b"
)
_NAME = re.compile(r"\b[A-ZÀ-Þ][\w’-]+(?: (?:of the |of |de |-)?[A-ZÀ-Þ][\w’-]+)*")
_FORMS = (
    "What happened with {name}?",
    "What do the articles say about {name}?",
    "Why is {name} in the news?",
)


def example_questions(articles: Sequence[ArticleInfo], read: Callable[[str], Article], n: int) -> list[str]:
    """Up to `n` different questions. Articles that cannot be read any more are passed over."""
    questions: list[str] = []
    taken: set[str] = set()
    for article in _spread(articles, read):
        if len(questions) >= n:
            break
        subject = _event(article) or _name(article)
        if subject is None or subject.casefold() in taken:
            continue
        taken.add(subject.casefold())
        event = _EVENTS.fullmatch(subject)
        form = "Where did the {name} take place?" if event else _FORMS[len(questions) % len(_FORMS)]
        questions.append(form.format(name=subject))
    return questions


def _spread(articles: Sequence[ArticleInfo], read: Callable[[str], Article]) -> Iterator[Article]:
    step = max(1, len(articles) // _READ)
    for info in articles[::step]:
        try:
            yield read(info.id)
        except QAError:
            continue


def _event(article: Article) -> str | None:
    """What kind of event the article is about: said in its headline and told of in its text."""
    for found in _EVENTS.finditer(article.title):
        if f"the {found[0]}" in article.text.casefold():
            return found[0]
    return None


def _name(article: Article) -> str | None:
    """The longest name of the headline that the text uses too, inside a sentence."""
    names = [
        found[0]
        for found in _NAME.finditer(article.title)
        if re.search(rf"(?<=[a-z,] ){re.escape(found[0])}\b", article.text)
    ]
    return max(names, key=len, default=None)
