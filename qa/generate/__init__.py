"""Question, hits -> an answer that a chat model writes, each sentence checked; and follow-ups understood by a model."""

from qa.generate.rewrite import Rewriter
from qa.generate.writer import ChatModel, Writer

__all__ = ["ChatModel", "Rewriter", "Writer"]
