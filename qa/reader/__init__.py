"""The extractive reader: ``Reader().read(question, passages)`` gives ``Reading``s, best first."""

from qa.reader.reader import Reader
from qa.reader.reading import Reading

__all__ = ["Reader", "Reading"]
