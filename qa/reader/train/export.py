"""``python -m qa.reader.train.export``: from checkpoints to the files that ship.

Averages the weights of one or more checkpoints, fits the calibration on the held-out rows and
writes ``reader.safetensors``, ``tokenizer.json`` and ``reader.json`` into a folder.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import torch

from qa.reader.shipped import MANIFEST, VOCABULARY, WEIGHTS
from qa.reader.text import Vocabulary
from qa.reader.train import calibrate, mix
from qa.reader.train.encoder import packaged_encoder
from qa.reader.train.held_out import read_all, scores
from qa.reader.train.model import ReaderModel
from qa.reader.train.rows import Row
from qa.reader.weights import write_weights

# The two smallest matrices decide every logit: they stay float16.
WHOLE = ("span.weight", "judge2.weight", "types.weight")


def main() -> None:
    """Parse the command line and export."""
    parser = argparse.ArgumentParser(prog="python -m qa.reader.train.export", description=__doc__)
    parser.add_argument("checkpoints", type=Path, nargs="+", help="averaged where several")
    parser.add_argument("--data", type=Path, required=True, help="folder that holds train/")
    parser.add_argument("--out", type=Path, required=True, help="folder for the shipped files")
    parser.add_argument("--encoder", type=Path, help="folder of all-MiniLM-L6-v2")
    options = parser.parse_args()
    encoder = options.encoder or packaged_encoder()
    held_out = mix.held_out(options.data / "train")
    export(options.checkpoints, held_out, encoder / "tokenizer.json", options.out)


def export(checkpoints: Sequence[Path], held_out: list[Row], tokenizer: Path, out: Path) -> None:
    """Write the three shipped files."""
    out.mkdir(parents=True, exist_ok=True)
    model = averaged(checkpoints)
    vocabulary = Vocabulary.from_file(tokenizer)
    raws = read_all(model, held_out, vocabulary)
    print("held out", scores(raws, held_out), flush=True)
    # Only these rows are unanswerable by nature: the rest would teach too much confidence.
    natural = [i for i, row in enumerate(held_out) if row.natural]
    signs, rows = [raws[i] for i in natural], [held_out[i] for i in natural]
    calibration = calibrate.fit(signs, [bool(row.spans) for row in rows])
    at = calibrate.threshold(calibration, signs, rows)
    words = _plain_tokenizer(tokenizer)
    (out / VOCABULARY).write_bytes(words)
    tensors = {name: tensor.numpy() for name, tensor in model.state_dict().items()}
    manifest = {
        "weights_sha256": write_weights(out / WEIGHTS, tensors, whole=WHOLE),
        "vocabulary_sha256": hashlib.sha256(words).hexdigest(),
        "calibration": asdict(calibration),
        "threshold": at,
    }
    (out / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(manifest, indent=2), flush=True)


def averaged(checkpoints: Sequence[Path]) -> ReaderModel:
    """The mean of the checkpoints' weights."""
    total: dict[str, torch.Tensor] = {}
    for path in checkpoints:
        state = torch.load(path, weights_only=True)
        for name, tensor in state.get("model", state).items():
            share = tensor / len(checkpoints)
            total[name] = total[name] + share if name in total else share
    model = ReaderModel()
    model.load_state_dict(total)
    return model.eval()


def _plain_tokenizer(path: Path) -> bytes:
    """The tokenizer without padding and truncation, which belong to the encoder it came with."""
    raw = json.loads(path.read_text(encoding="utf-8"))
    raw["padding"] = raw["truncation"] = None
    return json.dumps(raw, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


if __name__ == "__main__":
    main()
