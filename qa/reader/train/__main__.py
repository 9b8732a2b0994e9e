"""``python -m qa.reader.train``: from the data folder to the shipped files, in one command.

Run again with the same ``--out`` it goes on from the last checkpoint.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

from qa.reader.text import Vocabulary
from qa.reader.train import mix
from qa.reader.train.encoder import packaged_encoder
from qa.reader.train.export import averaged, export
from qa.reader.train.loop import Settings, train
from qa.reader.train.model import ReaderModel


def main() -> None:
    """Parse the command line and train."""
    parser = argparse.ArgumentParser(prog="python -m qa.reader.train", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder that holds train/")
    parser.add_argument("--out", type=Path, required=True, help="folder for checkpoints")
    parser.add_argument("--encoder", type=Path, help="folder of all-MiniLM-L6-v2")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--scale", type=float, default=1.0, help="see more or less of every set")
    parser.add_argument("--rate", type=float, default=2e-4, help="peak learning rate")
    parser.add_argument("--size", type=int, default=32, help="rows a step")
    parser.add_argument("--limit", type=int, default=256, help="tokens of a window")
    parser.add_argument("--minutes", type=float, help="end by then, whatever is left")
    parser.add_argument("--begin", type=Path, help="start from this checkpoint's weights")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    encoder = options.encoder or packaged_encoder()
    torch.manual_seed(options.seed)
    model = ReaderModel()
    model.start_from(encoder / "model.safetensors")
    if options.begin:
        model.load_state_dict(averaged([options.begin]).state_dict())
    data = mix.build(options.data / "train", seed=options.seed, scale=options.scale)
    print(f"{len(data.rows)} rows, {len(data.held_out)} held out", flush=True)
    vocabulary = Vocabulary.from_file(encoder / "tokenizer.json")
    settings = Settings(
        rate=options.rate,
        size=options.size,
        limit=options.limit,
        seed=options.seed,
        threads=options.threads,
        minutes=options.minutes,
    )
    train(model, data.rows, data.held_out, vocabulary, options.out, settings)
    ship = options.out / "model"
    export([options.out / "last.pt"], data.held_out, encoder / "tokenizer.json", ship)
    print(f"copy {ship} over qa/reader/model to ship it", flush=True)


if __name__ == "__main__":
    main()
