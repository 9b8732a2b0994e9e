"""What all loader tests share: write a file, load it, expect one article or one failure."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from qa.load import load
from qa.records import Article, Failure

Write = Callable[[str, str | bytes], Path]
LoadOne = Callable[[str, str | bytes], Article]
FailOne = Callable[[str, str | bytes], str]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a file below the test's folder: text as UTF-8."""

    def write(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        return path

    return write


@pytest.fixture
def article(write: Write) -> LoadOne:
    """Write a file and load the one article in it."""

    def article(name: str, content: str | bytes) -> Article:
        (loaded,) = load(write(name, content))
        assert isinstance(loaded.item, Article), loaded.item
        return loaded.item

    return article


@pytest.fixture
def failure(write: Write) -> FailOne:
    """Write a file that cannot be read and give the reason that is named for it."""

    def failure(name: str, content: str | bytes) -> str:
        path = write(name, content)
        (loaded,) = load(path)
        assert isinstance(loaded.item, Failure), loaded.item
        assert loaded.item.source == str(path)
        assert loaded.position == path.stat().st_size
        return loaded.item.reason

    return failure


@pytest.fixture
def pdf() -> Callable[..., bytes]:
    """Make a PDF: each page a list of (x, y, size, words); properties as keywords."""

    def pdf(*pages: Sequence[tuple[float, float, float, str]], **properties: str) -> bytes:
        from reportlab.pdfgen.canvas import Canvas

        out = io.BytesIO()
        canvas = Canvas(out, pagesize=(595, 842), invariant=1)
        for name, value in properties.items():
            getattr(canvas, f"set{name.capitalize()}")(value)
        for page in pages:
            for x, y, size, words in page:
                canvas.setFont("Times-Roman", size)
                canvas.drawString(x, y, words)
            canvas.showPage()
        canvas.save()
        return out.getvalue()

    return pdf
