"""The reader as a torch module: a BERT encoder with span heads and an answerability head.

Takes token ids, gives span logits and one answerability logit a window. Parameter names are those
of the shipped file. Knows nothing of data, optimisers or files but the encoder it starts from.

Position 0 (``[CLS]``) of the span logits means "no answer", as in BERT for SQuAD 2.0 (Devlin 2019).
The answerability head also reads the tokens that the span heads point at.
"""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812  # what torch users write

from qa.errors import ReaderError

VOCABULARY, WIDTH, INNER, HEADS, LAYERS, POSITIONS = 30522, 384, 1536, 12, 6, 512
FAR = -1e4


class Layer(nn.Module):
    """One post-norm transformer layer."""

    def __init__(self) -> None:
        super().__init__()
        self.qkv = nn.Linear(WIDTH, 3 * WIDTH)
        self.out = nn.Linear(WIDTH, WIDTH)
        self.norm1 = nn.LayerNorm(WIDTH, eps=1e-12)
        self.up = nn.Linear(WIDTH, INNER)
        self.down = nn.Linear(INNER, WIDTH)
        self.norm2 = nn.LayerNorm(WIDTH, eps=1e-12)

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        """``x`` (batch, tokens, width); ``mask`` additive (batch, 1, 1, tokens) or none."""
        b, n, _ = x.shape
        q, k, v = self.qkv(x).view(b, n, 3, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4)
        # Scaled before the product and masked in place: the scores are the largest tensor there is.
        scores = (q * (WIDTH // HEADS) ** -0.5) @ k.transpose(-1, -2)
        if mask is not None:
            scores += mask.to(scores.dtype)
        mixed = scores.softmax(-1).to(v.dtype) @ v
        x = self.norm1(x + self.out(mixed.transpose(1, 2).reshape(b, n, WIDTH)))
        return self.norm2(x + self.down(F.gelu(self.up(x))))  # type: ignore[no-any-return]


class ReaderModel(nn.Module):
    """Encoder and heads."""

    def __init__(self) -> None:
        super().__init__()
        self.words = nn.Embedding(VOCABULARY, WIDTH)
        self.positions = nn.Embedding(POSITIONS, WIDTH)
        self.types = nn.Embedding(2, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.layers = nn.ModuleList([Layer() for _ in range(LAYERS)])
        self.span = nn.Linear(WIDTH, 2)
        self.judge1 = nn.Linear(3 * WIDTH, WIDTH)
        self.judge2 = nn.Linear(WIDTH, 1)
        self.words.weight.requires_grad_(False)

    def forward(
        self, ids: Tensor, types: Tensor, real: Tensor, passage: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Read windows: start and end logits (batch, tokens), and answerability logits (batch).

        All inputs are (batch, tokens). Tokens that are neither passage nor position 0 get FAR.
        """
        n = ids.shape[1]
        x = self.words(ids) + self.positions.weight[:n] + self.types(types)
        x = self.norm(x)
        mask = None if bool(real.all()) else (~real).float()[:, None, None, :] * FAR
        for layer in self.layers:
            x = layer(x, mask)
        # Logits in full precision: bfloat16 would leave them three digits.
        with torch.autocast("cpu", enabled=False):
            spans = F.linear(x.float(), self.span.weight.float(), self.span.bias.float())
        start = spans[..., 0].masked_fill(~passage, FAR)
        end = spans[..., 1].masked_fill(~passage, FAR)
        pointed = torch.stack([start.softmax(-1), end.softmax(-1)], 1).to(x.dtype) @ x
        seen = torch.cat([x[:, 0], pointed[:, 0], pointed[:, 1]], -1)
        judged = self.judge2(F.gelu(self.judge1(seen))).float().squeeze(-1)
        null = torch.zeros_like(passage)
        null[:, 0] = True
        start = torch.where(null, spans[..., 0], start)
        end = torch.where(null, spans[..., 1], end)
        return start, end, judged

    def start_from(self, encoder: Path) -> None:
        """Copy a Hugging Face BERT encoder of the same shape from its ``model.safetensors``."""
        have = load_file(encoder)
        mine = {
            "words.weight": have["embeddings.word_embeddings.weight"],
            "positions.weight": have["embeddings.position_embeddings.weight"],
            "types.weight": have["embeddings.token_type_embeddings.weight"],
            "norm.weight": have["embeddings.LayerNorm.weight"],
            "norm.bias": have["embeddings.LayerNorm.bias"],
        }
        for i in range(LAYERS):
            theirs = f"encoder.layer.{i}."
            for kind in ("weight", "bias"):
                qkv = [have[f"{theirs}attention.self.{p}.{kind}"] for p in ("query", "key", "value")]
                mine[f"layers.{i}.qkv.{kind}"] = torch.cat(qkv)
                for name, theirs_name in _NAMES.items():
                    mine[f"layers.{i}.{name}.{kind}"] = have[f"{theirs}{theirs_name}.{kind}"]
        missing, unexpected = self.load_state_dict(mine, strict=False)
        lost = [name for name in missing if not name.startswith(("span", "judge"))]
        if lost or unexpected:
            raise ReaderError(f"{encoder} is not a MiniLM of {LAYERS} layers: choose another")


_NAMES = {
    "out": "attention.output.dense",
    "norm1": "attention.output.LayerNorm",
    "up": "intermediate.dense",
    "down": "output.dense",
    "norm2": "output.LayerNorm",
}
