"""The API with a chat model that says what a test wants: python tests/api/scripted.py STORE LOG PORT SOURCE ...

The model is that of tests/ui/scripted.py; LOG is a file that says how each answer ended.
"""

from __future__ import annotations

import sys
from functools import cached_property
from pathlib import Path

from qa.answering import Answering
from qa.api import Offer
from qa.models import Model
from qa.settings import READER, Settings
from qa.ui import serve
from tests.ui.scripted import NAME, Scripted


def main() -> None:
    """Serve until Ctrl-C."""
    store, log, port, *sources = sys.argv[1:]

    def model(self: Answering) -> Model | None:
        if self._settings.model == READER:
            return None
        return Model(chat=Scripted(log=Path(log)), name=NAME, host=None, window=8192)

    prop = cached_property(model)
    prop.__set_name__(Answering, "model")
    Answering.model = prop  # type: ignore[assignment]
    serve(
        Settings(store=Path(store), model=NAME),
        sources,
        port=int(port),
        open_browser=False,
        offer=Offer.of(api=True, mcp=False),
        say=lambda sentence: None,
    )


if __name__ == "__main__":
    main()
