"""Import Gradio in half the time.

Gradio parses the sources of all its components each time it is imported, to write stubs for editors beside them. That
takes 1.3 of its 2.6 seconds (Gradio 6.31, two cores). It leaves out a component that is not in a file; so while it is
imported, it is told that none is. Should Gradio stop doing this, or do it in another way, this does nothing.
"""

from __future__ import annotations

import inspect
import sys
from typing import Any


def import_gradio() -> None:
    """Put Gradio into `sys.modules`. Call it while no other thread imports anything."""
    getfile = inspect.getfile

    def getfile_but_for_stubs(thing: Any) -> str:
        if sys._getframe(1).f_globals.get("__name__") == "gradio.component_meta":
            raise OSError
        return getfile(thing)

    inspect.getfile = getfile_but_for_stubs  # type: ignore[assignment]  # it takes all that the other takes
    try:
        import gradio  # noqa: F401
    finally:
        inspect.getfile = getfile
