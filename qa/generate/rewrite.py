"""A follow-up and the conversation before it -> the question as it stands alone, by a chat model.

What the model says is taken only if it is a question about the same: else, or if the model fails, the rules that serve
without a model have the word. Knows nothing of retrieval.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator, Sequence

from langchain_core.messages import HumanMessage, SystemMessage
from langchain_core.runnables import RunnableConfig

from qa.generate.prompt import defused
from qa.generate.speech import visible
from qa.generate.writer import ChatModel
from qa.records import Question

log = logging.getLogger(__name__)

Rules = Callable[[str, Sequence[tuple[str, str]]], str]

_SYSTEM = (
    "Rewrite the last question of a conversation so that it can be understood without the conversation: replace "
    "pronouns and complete what is left out. Change nothing else. If it can be understood as it is, repeat it. "
    "Reply with the question only."
)
_TURNS = 4
_LONGEST_TURN = 400
_LONGEST = 400
_KEPT = 0.6
"""The share of the question's own words that a rewriting must keep."""
_KNOWN = 0.75
"""The share of a rewriting's words that must stand in the conversation or the question."""
_WORD = re.compile(r"\w+")
_POINTING = frozenset(
    "he she it they him her them his hers its their theirs this that these those there here then one ones and but so "
    "what about how else also other another same".split()
)
_LITTLE = frozenset(
    "the a an of in on at to for by with from did do does was were is are has have had be been".split()
)


class Rewriter:
    """Completes follow-ups by a model, and by `rules` where that does not do."""

    def __init__(self, model: Callable[[], ChatModel], rules: Rules) -> None:
        self._model = model
        self._rules = rules

    def __call__(self, question: Question, config: RunnableConfig | None = None) -> str:
        """The question as it stands alone; the same without a conversation before it."""
        if not question.history:
            return question.text
        try:
            said = self._model().chat.invoke(list(_messages(question)), config)
            text = " ".join(visible(said.text).split())
        except Exception as error:  # any provider's: the answer itself will say what is wrong
            log.info("the model did not rewrite a question: %s", type(error).__name__)
            text = ""
        text = text.strip("\"'“”")
        return text if sensible(text, question) else self._rules(question.text, question.history)


def sensible(text: str, question: Question) -> bool:
    """Whether a rewriting is one: short, with the words of the question, and nothing that nobody spoke of."""
    if not text or len(text) > _LONGEST + len(question.text):
        return False
    words, own = _words(text), _words(question.text)
    spoken = own.union(*(_words(asked) | _words(answered) for asked, answered in question.history[-_TURNS:]))
    asked = own - _POINTING - _LITTLE
    new = words - _LITTLE - _POINTING
    kept = len(asked & words) >= _KEPT * len(asked)
    return kept and bool(new) and len(new & spoken) >= _KNOWN * len(new)


def _messages(question: Question) -> Iterator[SystemMessage | HumanMessage]:
    lines = [
        f"Question: {defused(asked)[:_LONGEST_TURN]}\nAnswer: {defused(answered)[:_LONGEST_TURN]}"
        for asked, answered in question.history[-_TURNS:]
    ]
    yield SystemMessage(_SYSTEM)
    yield HumanMessage("\n".join([*lines, f"Last question: {defused(question.text)}"]))


def _words(text: str) -> set[str]:
    return {word.casefold() for word in _WORD.findall(text)}
