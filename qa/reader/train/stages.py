"""The runs that the shipped reader is the mean of, in their order: each begins where the one before it ended.

Data only: what each sees, and how it is optimised. The model card says what each was worth.
"""

from __future__ import annotations

from dataclasses import dataclass

from qa.reader.train.mix import Share, Shares


@dataclass(frozen=True, slots=True)
class Stage:
    """One run. ``limit``: tokens of a window; ``rate``: the highest learning rate; ``judge_weight``: in the loss."""

    name: str
    shares: Shares
    as_searched: bool
    limit: int
    rate: float
    judge_weight: float
    seed: int


STAGES = (
    Stage(
        name="first",
        shares={
            "wiki": Share(3.0, 0.55),
            "amazon": Share(1.5, 0.3),
            "reddit": Share(1.5, 0.3),
            "squad1": Share(4.0, 0.6),
            "squad2": Share(5.0, 0.6),
            "qamr": Share(0.8, 0.15),
            "mined": Share(0.6, 0.5),
            "deleted": Share(0.25, 0.5),
            "turned": Share(1.0, 0.5),
        },
        as_searched=False,
        limit=224,
        rate=2e-4,
        judge_weight=1.0,
        seed=0,
    ),
    Stage(
        name="second",
        shares={
            "wiki": Share(2.0, 0.55),
            "amazon": Share(1.0, 0.3),
            "reddit": Share(1.0, 0.3),
            "squad1": Share(3.0, 0.6),
            "squad2": Share(4.0, 0.6),
            "qamr": Share(0.5, 0.15),
            "mined": Share(0.6, 0.5),
            "deleted": Share(0.25, 0.5),
            "turned": Share(0.25, 0.5),
        },
        as_searched=True,
        limit=320,
        rate=1.5e-4,
        judge_weight=0.5,
        seed=5,
    ),
)
