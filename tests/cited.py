"""What holds for every answer that a chat model wrote, whatever it wrote: tests with real models share it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from qa.records import UNSUPPORTED


def for_sure_cited(answer: dict[str, Any], text_of: Callable[[str], str]) -> None:
    """Fails for a number without its passage, a quote that is no slice of its article, a sentence without its marks.

    `answer` is what `qa ask --json` prints, `text_of` gives the text of an article by its id.
    """
    for one in answer["citations"]:
        assert one["quote"] == text_of(one["article_id"])[one["start"] : one["end"]] != ""
    numbers = [one["number"] for one in answer["citations"]]
    assert numbers == list(range(1, len(numbers) + 1))
    text = answer["answer"]
    assert set(re.findall(r"\[[^\[\]]*\]", text)) <= {UNSUPPORTED, *(f"[{number}]" for number in numbers)}
    if answer["model"] == "reader":
        return
    assert {number for claim in answer["claims"] for number in claim["citations"]} == set(numbers)
    for claim in answer["claims"]:
        marks = "".join(f" [{number}]" for number in claim["citations"]) or f" {UNSUPPORTED}"
        assert claim["supported"] in (None, bool(claim["citations"]))
        assert claim["supported"] is None or text.startswith(marks, claim["end"])
