"""Which files are meant: sources -> the files to read, in order, each once.

Folders are walked to the bottom. Hidden files (.git, ~$report.docx) are left out, files of unknown type
in a folder are counted, links are followed but never in a circle. Knows nothing of what is in a file.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from qa.load.formats import suffix_of, unknown_type
from qa.load.words import os_reason, printable
from qa.records import Failure

_ADDRESS = re.compile(r"(?:https?|ftp|feed):/", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to load: its absolute path, links resolved, and its size in bytes."""

    path: Path
    size: int


@dataclass(frozen=True, slots=True)
class Found:
    """What `find` found. `folders`: those that were named; `skipped`: how many files of unknown type."""

    files: tuple[SourceFile, ...]
    folders: tuple[Path, ...]
    skipped: int
    failed: tuple[Failure, ...]


def find(sources: Iterable[str | Path]) -> Found:
    """The files that `sources` (files and folders) mean, in the order given, a folder's sorted by name."""
    search = _Search()
    for source in sources:
        search.source(str(source))
    return Found(
        files=tuple(search.files.values()),
        folders=tuple(search.folders),
        skipped=len(search.skipped),
        failed=tuple(search.failed),
    )


class _Search:
    """The state of one `find`. Dictionaries serve as sets that keep their order."""

    def __init__(self) -> None:
        self.files: dict[Path, SourceFile] = {}
        self.folders: dict[Path, None] = {}
        self.skipped: set[Path] = set()
        self.failed: list[Failure] = []
        self._walked: set[Path] = set()

    def source(self, source: str) -> None:
        if not source.strip() or "\0" in source:
            self._fail(source, "this is no name of a file or folder")
        elif _ADDRESS.match(source):
            self._fail(source, "addresses are not read yet: save the page as .html and add that file")
        else:
            self._path(source)

    def _path(self, source: str) -> None:
        try:
            path = Path(source).resolve()
            status = path.stat()
        except (FileNotFoundError, NotADirectoryError):
            self._fail(source, "there is no such file or folder")
        except (OSError, RuntimeError) as error:  # RuntimeError: before Python 3.13, a link to itself
            self._fail(source, os_reason(error))
        else:
            if stat.S_ISDIR(status.st_mode):
                self.folders[path] = None
                self._walk(path)
            elif suffix_of(path.name) is None and suffix_of(source) is None:
                self._fail(str(path), unknown_type(path.name))
            else:
                self._file(path, status)

    def _walk(self, top: Path) -> None:
        """All files below `top`, entries sorted by name; a stack, for folders may lie very deep."""
        stack = [top]
        while stack:
            path = stack.pop()
            try:
                real = path.resolve()
                status = real.stat()
                if stat.S_ISDIR(status.st_mode):
                    stack.extend(reversed(self._entries(real)))
                elif suffix_of(path.name) is None:
                    self.skipped.add(real)
                else:
                    self._file(real, status)
            except FileNotFoundError:
                if suffix_of(path.name) is None:
                    self.skipped.add(path)
                else:
                    self._fail(str(path), "this link leads to a file that is not there")
            except (OSError, RuntimeError) as error:
                self._fail(str(path), os_reason(error))

    def _entries(self, folder: Path) -> list[Path]:
        """What is in a folder, sorted, without hidden things; nothing the second time."""
        if folder in self._walked:
            return []
        self._walked.add(folder)
        return sorted(path for path in folder.iterdir() if not path.name.startswith((".", "~$")))

    def _file(self, path: Path, status: os.stat_result) -> None:
        if not stat.S_ISREG(status.st_mode):
            self._fail(str(path), "this is no ordinary file (a pipe, a socket or a device)")
        elif path not in self.files:
            self.files[path] = SourceFile(path=path, size=status.st_size)

    def _fail(self, source: str, reason: str) -> None:
        self.failed.append(Failure(source=printable(source), reason=reason))
