"""The training run: one pass over the mix with a warm-up and a linear decay.

Takes rows and a folder for checkpoints, gives a trained model; killed and started again it goes
on from the last checkpoint, with the same batches. Knows nothing of the shipped file.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812  # what torch users write

from qa.reader.text import Vocabulary
from qa.reader.train.batches import Batch, batch_of, plan
from qa.reader.train.held_out import read_all, scores
from qa.reader.train.model import ReaderModel
from qa.reader.train.rows import Row

LAST = "last.pt"
"""The file of the state to go on from."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What decides a run, besides its data.

    With ``minutes`` the run ends after so many minutes at the latest, its rate decayed by then: for
    a machine that others use, at the price that two runs are not the same.
    """

    rate: float = 2e-4
    size: int = 32
    limit: int = 256
    warm_up: int = 150
    judge_weight: float = 1.0
    weight_decay: float = 0.01
    seed: int = 0
    threads: int = 2
    minutes: float | None = None
    save_seconds: float = 240.0
    score_seconds: float = 600.0


def train(
    model: ReaderModel,
    rows: Sequence[Row],
    held_out: Sequence[Row],
    vocabulary: Vocabulary,
    out: Path,
    settings: Settings,
) -> None:
    """Train in place; ``LAST`` in ``out`` holds the state to resume from, ``out/step-*.pt`` weights."""
    torch.manual_seed(settings.seed)
    torch.set_num_threads(settings.threads)
    optimiser = _optimiser(model, settings)
    batches = plan(rows, seed=settings.seed, size=settings.size)
    begin, spent = _resume(out, model, optimiser)
    saved = scored = began = time.monotonic()
    tokens, losses = 0, [0.0, 0.0]
    for step in range(begin, len(batches)):
        elapsed = spent + time.monotonic() - began
        late = elapsed / (60 * settings.minutes) if settings.minutes else 0.0
        left = 1 - max(step / len(batches), late)
        if left <= 0:
            break
        for group in optimiser.param_groups:
            group["lr"] = settings.rate * min((step + 1) / settings.warm_up, left)
        chosen = [rows[i] for i in batches[step]]
        batch = batch_of(chosen, vocabulary, limit=settings.limit, seed=settings.seed + step)
        with torch.autocast("cpu", torch.bfloat16):
            span, judge = losses_of(model, batch)
        (span + settings.judge_weight * judge).backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        tokens += int(batch.inputs.real.sum())
        losses = [0.98 * losses[0] + 0.02 * span.item(), 0.98 * losses[1] + 0.02 * judge.item()]
        now = time.monotonic()
        if step % 50 == 0:
            # The running mean starts at 0: divide by the weight it has gathered.
            weight = 1 - 0.98 ** (step - begin + 1)
            print(
                f"step {step}/{len(batches)} span {losses[0] / weight:.3f} "
                f"judge {losses[1] / weight:.3f} left {left:.2f} "
                f"{tokens / (now - began):.0f} tokens/s",
                flush=True,
            )
        if now - scored > settings.score_seconds:
            report(model, held_out, vocabulary, f"step {step}")
            torch.save(model.state_dict(), out / f"step-{step:05d}.pt")
            scored = time.monotonic()
        if now - saved > settings.save_seconds:
            _save(out, model, optimiser, step + 1, spent + now - began)
            saved = time.monotonic()
    _save(out, model, optimiser, len(batches), spent + time.monotonic() - began)
    report(model, held_out, vocabulary, "end")


def report(model: ReaderModel, held_out: Sequence[Row], vocabulary: Vocabulary, when: str) -> None:
    """Print the scores on the held-out rows."""
    figures = scores(read_all(model, held_out, vocabulary), held_out)
    print(when, "held out", {name: round(value, 3) for name, value in figures.items()}, flush=True)


def losses_of(model: ReaderModel, batch: Batch) -> tuple[Tensor, Tensor]:
    """Span loss, -log of the sum of P(start) P(end) over the right spans, and judge loss."""
    inputs = batch.inputs
    start, end, judged = model(inputs.ids, inputs.types, inputs.real, inputs.passage)
    row, first, last = batch.targets.unbind(1)
    pairs = start.log_softmax(-1)[row, first] + end.log_softmax(-1)[row, last]
    grid = pairs.new_full((len(start), len(pairs)), -torch.inf)
    grid[row, torch.arange(len(pairs))] = pairs
    span = -grid.logsumexp(-1).mean()
    judge = F.binary_cross_entropy_with_logits(judged, batch.answerable)
    return span, judge


def _optimiser(model: ReaderModel, settings: Settings) -> torch.optim.Optimizer:
    learnt = [p for p in model.parameters() if p.requires_grad]
    groups = [
        {"params": [p for p in learnt if p.ndim > 1], "weight_decay": settings.weight_decay},
        {"params": [p for p in learnt if p.ndim == 1], "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=settings.rate, betas=(0.9, 0.98), fused=True)


def _save(out: Path, model: ReaderModel, optimiser: torch.optim.Optimizer, step: int, seconds: float) -> None:
    state = {
        "model": model.state_dict(),
        "optimiser": optimiser.state_dict(),
        "step": step,
        "seconds": seconds,
    }
    part = out / f"{LAST}.part"
    torch.save(state, part)
    part.replace(out / LAST)


def _resume(out: Path, model: ReaderModel, optimiser: torch.optim.Optimizer) -> tuple[int, float]:
    if not (out / LAST).exists():
        return 0, 0.0
    state = torch.load(out / LAST, weights_only=True)
    model.load_state_dict(state["model"])
    optimiser.load_state_dict(state["optimiser"])
    return int(state["step"]), float(state["seconds"])
