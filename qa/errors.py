"""What can go wrong, one class a remedy. The text says what happened and what to do about it."""

from __future__ import annotations


class QAError(Exception):
    """The parent of every error that this package raises on purpose."""


class SourceError(QAError):
    """A source could not be read: missing, empty, damaged, protected, or of a kind that `qa` does not read."""


class SettingsError(QAError):
    """A setting from the environment or the command line makes no sense."""


class EmbedderError(QAError):
    """The embedding model is missing or is not the file that it should be."""


class StoreError(QAError):
    """The store cannot be opened or read."""


class StoreBusyError(StoreError):
    """Another process owns this store and cannot be asked to do the work."""


class StoreMismatchError(StoreError):
    """The store was made with another embedder or an older layout: `qa reindex` makes it anew."""


class ArticleNotFoundError(QAError):
    """No article in the store has this id."""


class QuestionError(QAError):
    """The question cannot be searched for, for example because it is empty or far too long."""


class ModelError(QAError):
    """The answerer that was asked for is not available: its name, its package or its key is to be mended."""


class ModelServerError(ModelError):
    """The server of a chat model cannot be reached or does not do what is asked: the reader can answer meanwhile."""


class FeedbackError(QAError):
    """A verdict on an answer cannot be kept: its file cannot be written, or is full."""


class AddressError(QAError):
    """The address to serve on is taken or not ours."""


class ReaderError(QAError):
    """The reading model is missing, damaged, or not one that can be used."""
