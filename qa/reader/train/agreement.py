"""``python -m qa.reader.train.agreement``: whether the shipped file says what the model says.

Takes checkpoints and a data folder, prints the share of dev questions to which the float32 torch
model and the shipped reader give the same first answer.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from qa.reader import Reader
from qa.reader.evaluate import YARDSTICK, read_cases, say
from qa.reader.text import Vocabulary
from qa.reader.train.encoder import packaged_encoder
from qa.reader.train.export import averaged
from qa.reader.train.held_out import read_all
from qa.reader.train.rows import read_rows


def main() -> None:
    """Parse the command line and compare."""
    parser = argparse.ArgumentParser(prog="python -m qa.reader.train.agreement", description=__doc__)
    parser.add_argument("checkpoints", type=Path, nargs="+", help="as given to the export")
    parser.add_argument("--data", type=Path, required=True, help="folder that holds dev/")
    options = parser.parse_args()
    path = options.data / YARDSTICK
    vocabulary = Vocabulary.from_file(packaged_encoder() / "tokenizer.json")
    raws = read_all(averaged(options.checkpoints), read_rows(path), vocabulary, half=False)
    reader = Reader(spans=1)
    said = [say(reader, case, titles=True) for case in read_cases(path)]
    same = sum(raw.text == one.text for raw, one in zip(raws, said, strict=True))
    print(f"same answer on {same} of {len(said)}: {100 * same / len(said):.2f} %")


if __name__ == "__main__":
    main()
