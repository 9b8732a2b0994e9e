"""What is said to the program rather than asked of the articles: greetings, thanks, "what can you do?".

Takes the user's words and what the library holds; gives a friendly reply, or None for a real question. Knows nothing of
retrieval. Only whole messages count: "hello" is a greeting, "who said hello to Kim?" is not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from qa.records import ArticleInfo

_ADDRESS = r"(?: (?:there|qa|again|all|everyone|everybody|friend))?"
_GREETING = re.compile(
    rf"(?:hello|hi|hey|hiya|howdy|greetings|good (?:morning|day|afternoon|evening)){_ADDRESS}"
)
_THANKS = re.compile(
    r"(?:great|ok|okay|perfect|nice|cool|(?:many )?(?:thanks|thank you|thx|cheers)"
    r"(?: a lot| so much| very much| again| for .{1,40})?)"
)
_FAREWELL = re.compile(rf"(?:bye|goodbye|bye bye|see you|good night){_ADDRESS}")
_ABILITIES = re.compile(
    r"(?:help|help me|usage|\?+|who are you|what are you|what is this|how does (?:this|it) work|"
    r"how do (?:i|you) use this|"
    r"what (?:can|do) (?:you|i) do(?: here)?|what can i ask(?: you)?|how can you help(?: me)?)"
)
_CONTENTS = re.compile(
    r"(?:(?:and )?what(?: is|s|'s) (?:in here|here|in there|inside|in the library|in this library|in the collection)|"
    r"(?:what|which) (?:articles|stories|documents|files|texts) "
    r"(?:do you have|are there|are here|are in here|have you got)|"
    r"what do you (?:have|know)(?: about)?|list (?:the |all )?articles|show (?:me )?(?:the |all )?articles|"
    r"what are (?:these|the) articles about|how many articles (?:are there|are in here|do you have))"
)
_TITLES_SHOWN = 5


def small_talk(message: str, list_articles: Callable[[], Sequence[ArticleInfo]]) -> str | None:
    """The reply to a message that is no question about the articles, else None.

    `list_articles` gives them newest first; it is called only when the reply speaks of them.
    """
    words = re.sub(r"[\s,]+", " ", message.casefold().replace("’", "'")).strip()
    asked = re.sub(r"^\W+|\W+$", "", words) or words  # without the exclamation marks and smileys around them
    if _GREETING.fullmatch(asked):
        return f"Hello! {_invitation(list_articles())}"
    if _FAREWELL.fullmatch(asked):
        return "Goodbye. The articles stay here for the next time."
    if _CONTENTS.fullmatch(asked):
        return contents(list_articles())
    if _ABILITIES.fullmatch(asked):
        return (
            "I answer questions from the articles in this library and show the sentences that the answer stands on. "
            f"I only quote: when the articles do not say, I tell you so. {_invitation(list_articles())}"
        )
    if _THANKS.fullmatch(asked):
        return "You are welcome. Ask on, whenever you like."
    return None


def contents(articles: Sequence[ArticleInfo]) -> str:
    """What the library holds, in a sentence or two."""
    if not articles:
        return "There are no articles here yet. Add some first: files, folders, or text."
    days = sorted(article.published[:10] for article in articles if article.published)
    count = "one article" if len(articles) == 1 else f"{len(articles):,} articles"
    time = "" if not days else f" of {days[0]}" if days[0] == days[-1] else f" from {days[0]} to {days[-1]}"
    shown = "; ".join(f"“{article.title}”" for article in articles[:_TITLES_SHOWN])
    among = "" if len(articles) == 1 else ", among them" if len(articles) > _TITLES_SHOWN else ""
    return f"This library holds {count}{time}{among}: {shown}."


def _invitation(articles: Sequence[ArticleInfo]) -> str:
    if not articles:
        return "There are no articles here yet: add some, then ask about them."
    return f"Ask me about the articles, for example about “{articles[0].title}”."
