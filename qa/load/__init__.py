"""Sources become articles: `find` lists the files, `load` reads one of them.

Neither raises for a bad source. What cannot be read comes back as a `Failure`, beside what can. This
stage knows nothing of the store: whether an article is new or changed is for others to say. To add a
format, write one small file that turns bytes into a `Draft` and name it in the table in `formats.py`.
"""

from __future__ import annotations

from qa.load.draft import Loaded
from qa.load.find import Found, SourceFile, find
from qa.load.formats import MAX_BYTES, SUFFIXES, load

__all__ = ["MAX_BYTES", "SUFFIXES", "Found", "Loaded", "SourceFile", "find", "load"]
