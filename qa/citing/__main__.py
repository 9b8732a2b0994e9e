"""`python -m qa.citing PAIRS.jsonl SOURCE ...`: the weights of `qa.verify.compare`, from the tune half of the pairs."""

from __future__ import annotations

import sys
from pathlib import Path

from qa.citing import fitted, read_pairs

if __name__ == "__main__":
    print(fitted(read_pairs(Path(sys.argv[1]), sys.argv[2:])))
