"""qa answers questions about the articles you give it, and shows the sentences that its answer stands on.

    from qa import Library
    library = Library("path/to/store")
    library.add("corpus/")
    answer = library.ask("where did the summit take place?")

Importing this package is cheap: the models and the store are imported when `Library` is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qa.errors import (
    AddressError,
    ArticleNotFoundError,
    EmbedderError,
    ModelError,
    ModelServerError,
    QAError,
    QuestionError,
    SettingsError,
    SourceError,
    StoreBusyError,
    StoreError,
    StoreMismatchError,
)
from qa.records import (
    AddReport,
    Answer,
    Article,
    ArticleInfo,
    Citation,
    Failure,
    Filters,
    Hit,
    Passage,
    Progress,
)

if TYPE_CHECKING:
    from qa.library import Library

__all__ = [
    "AddReport",
    "AddressError",
    "Answer",
    "Article",
    "ArticleInfo",
    "ArticleNotFoundError",
    "Citation",
    "EmbedderError",
    "Failure",
    "Filters",
    "Hit",
    "Library",
    "ModelError",
    "ModelServerError",
    "Passage",
    "Progress",
    "QAError",
    "QuestionError",
    "SettingsError",
    "SourceError",
    "StoreBusyError",
    "StoreError",
    "StoreMismatchError",
]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name != "Library":
        raise AttributeError(f"module 'qa' has no attribute {name!r}")
    from qa.library import Library

    return Library
