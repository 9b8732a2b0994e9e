"""Chat models of any provider: `open_model` takes a name and gives a `Model` that is ready to be asked.

When asking fails, `failure` says what happened and what to do, `passing` whether trying again may help, and `overflows`
whether the prompt was too long. Importing this is cheap; nothing here knows of articles, questions or prompts.
"""

from __future__ import annotations

from qa.models.failures import failure, overflows, passing
from qa.models.model import Model
from qa.models.names import open_model

__all__ = ["Model", "failure", "open_model", "overflows", "passing"]
