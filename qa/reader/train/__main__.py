"""``python -m qa.reader.train``: from the data folder to the shipped files, in one command.

Runs the stages one after another and averages their ends. Run again with the same ``--out`` it goes on from the last
checkpoint.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

from qa.reader.text import Vocabulary
from qa.reader.train import mix
from qa.reader.train.encoder import packaged_encoder
from qa.reader.train.export import averaged, export
from qa.reader.train.loop import LAST, Settings, train
from qa.reader.train.model import ReaderModel
from qa.reader.train.stages import STAGES, Stage


def main() -> None:
    """Parse the command line and train."""
    parser = argparse.ArgumentParser(prog="python -m qa.reader.train", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder that holds train/")
    parser.add_argument("--out", type=Path, required=True, help="folder for checkpoints")
    parser.add_argument("--encoder", type=Path, help="folder of all-MiniLM-L6-v2")
    parser.add_argument("--scale", type=float, default=1.0, help="see more or less of every set")
    parser.add_argument("--size", type=int, default=24, help="rows a step")
    parser.add_argument("--minutes", type=float, help="end each stage by then, whatever is left of it")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    encoder = options.encoder or packaged_encoder()
    ends: list[Path] = []
    for stage in STAGES:
        ends.append(_run(stage, options, encoder, begin=ends[-1] if ends else None))
    ship = options.out / "model"
    export(ends, mix.held_out(options.data / "train"), encoder / "tokenizer.json", ship)
    print(f"copy {ship} over qa/reader/model to ship it", flush=True)


def _run(stage: Stage, options: argparse.Namespace, encoder: Path, *, begin: Path | None) -> Path:
    """Train one stage, or what is left of it; gives its last checkpoint."""
    out: Path = options.out / stage.name
    out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(stage.seed)
    model = ReaderModel()
    model.start_from(encoder / "model.safetensors")
    if begin:
        model.load_state_dict(averaged([begin]).state_dict())
    data = mix.build(
        options.data / "train",
        stage.shares,
        as_searched=stage.as_searched,
        seed=stage.seed,
        scale=options.scale,
    )
    print(f"{stage.name}: {len(data.rows)} rows, {len(data.held_out)} held out", flush=True)
    settings = Settings(
        rate=stage.rate,
        size=options.size,
        limit=stage.limit,
        judge_weight=stage.judge_weight,
        seed=stage.seed,
        threads=options.threads,
        minutes=options.minutes,
    )
    train(model, data.rows, data.held_out, Vocabulary.from_file(encoder / "tokenizer.json"), out, settings)
    return out / LAST


if __name__ == "__main__":
    main()
