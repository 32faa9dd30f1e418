"""The verifier as a torch module: the packaged encoder's transformer over given word vectors, and a small head."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

LABEL_COUNT = 3
MARK_COUNT = 16
EVIDENCE_SIDE = 8


class Layer(nn.Module):
    """One post-norm transformer layer of BERT (Devlin et al. 2019)."""

    def __init__(self, hidden: int, heads: int, feed_forward: int, epsilon: float) -> None:
        super().__init__()
        self.heads = heads
        self.query, self.key, self.value, self.out = (nn.Linear(hidden, hidden) for _ in range(4))
        self.up, self.down = nn.Linear(hidden, feed_forward), nn.Linear(feed_forward, hidden)
        self.attention_norm, self.output_norm = (nn.LayerNorm(hidden, epsilon) for _ in range(2))

    def forward(self, x: Tensor, bias: Tensor, dropout: float) -> Tensor:
        batch, length, hidden = x.shape

        def split(y: Tensor) -> Tensor:
            return y.view(batch, length, self.heads, hidden // self.heads).transpose(1, 2)

        query, key, value = split(self.query(x)), split(self.key(x)), split(self.value(x))
        if torch.onnx.is_in_onnx_export():
            weights = query @ key.transpose(-1, -2) / math.sqrt(hidden // self.heads) + bias
            mixed = torch.softmax(weights, -1) @ value
        else:
            mixed = F.scaled_dot_product_attention(query, key, value, bias, dropout if self.training else 0.0)
        mixed = self.out(mixed.transpose(1, 2).reshape(batch, length, hidden))
        x = self.attention_norm(x + F.dropout(mixed, dropout, self.training))
        return self.output_norm(x + F.dropout(self.down(F.gelu(self.up(x))), dropout, self.training))


class Verifier(nn.Module):
    """Word vectors, token marks and mask to three logits.

    Pooling `first` reads the first token, `mean` the mean of all, `both` the first token, the means of the claim's
    and the evidence's tokens, and the maximum over the claim's: one unmatched word must be able to decide.
    """

    def __init__(
        self,
        hidden: int = 384,
        layers: int = 12,
        heads: int = 12,
        feed_forward: int = 1536,
        positions: int = 512,
        epsilon: float = 1e-12,
        pooling: str = "both",
        dropout: float = 0.1,
    ) -> None:
        super().__init__()
        self.pooling, self.dropout = pooling, dropout
        self.position = nn.Embedding(positions, hidden)
        self.mark = nn.Embedding(MARK_COUNT, hidden)
        self.norm = nn.LayerNorm(hidden, epsilon)
        self.layers = nn.ModuleList(Layer(hidden, heads, feed_forward, epsilon) for _ in range(layers))
        self.pooled = nn.Linear(hidden * (4 if pooling == "both" else 1), hidden)
        self.classify = nn.Linear(hidden, LABEL_COUNT)
        for linear in (self.pooled, self.classify):
            nn.init.normal_(linear.weight, std=0.02)
            nn.init.zeros_(linear.bias)

    def forward(self, inputs_embeds: Tensor, marks: Tensor, attention_mask: Tensor) -> Tensor:
        places = torch.arange(inputs_embeds.shape[1], device=inputs_embeds.device)
        x = self.norm(inputs_embeds + self.position(places) + self.mark(marks))
        x = F.dropout(x, self.dropout, self.training)
        present = attention_mask.to(x.dtype)
        bias = ((1.0 - present) * -1e4)[:, None, None, :]
        for layer in self.layers:
            x = layer(x, bias, self.dropout)
        pooled = torch.tanh(self.pooled(F.dropout(self._pool(x, marks, present), self.dropout, self.training)))
        return self.classify(F.dropout(pooled, self.dropout, self.training))

    def _pool(self, x: Tensor, marks: Tensor, present: Tensor) -> Tensor:
        if self.pooling == "first":
            return x[:, 0]
        if self.pooling == "mean":
            return _mean(x, present)
        evidence = present * (marks >= EVIDENCE_SIDE).to(x.dtype)
        claim = present - evidence
        strongest = (x - (1.0 - claim)[:, :, None] * 1e4).amax(1)
        return torch.cat([x[:, 0], _mean(x, claim), _mean(x, evidence), strongest], -1)


def _mean(x: Tensor, weight: Tensor) -> Tensor:
    return (x * weight[:, :, None]).sum(1) / weight.sum(1, keepdim=True).clamp(min=1.0)


_NAMES = {
    "attention.self.query": "query",
    "attention.self.key": "key",
    "attention.self.value": "value",
    "attention.output.dense": "out",
    "attention.output.LayerNorm": "attention_norm",
    "intermediate.dense": "up",
    "output.dense": "down",
    "output.LayerNorm": "output_norm",
}


def load_base(model: Verifier, weights: Mapping[str, NDArray[np.float32]]) -> None:
    """Start from the packaged encoder's tensors; every mark starts as its token type 0 and learns to differ."""
    state = model.state_dict()
    types = torch.from_numpy(weights["embeddings.token_type_embeddings.weight"])
    base = {
        "position.weight": weights["embeddings.position_embeddings.weight"],
        "norm.weight": weights["embeddings.LayerNorm.weight"],
        "norm.bias": weights["embeddings.LayerNorm.bias"],
    }
    for number in range(len(model.layers)):
        for theirs, ours in _NAMES.items():
            for kind in ("weight", "bias"):
                base[f"layers.{number}.{ours}.{kind}"] = weights[f"encoder.layer.{number}.{theirs}.{kind}"]
    state |= {name: torch.from_numpy(np.array(array)) for name, array in base.items()}
    noise = torch.Generator().manual_seed(0)
    state["mark.weight"] = types[0] + 0.01 * torch.randn(MARK_COUNT, types.shape[1], generator=noise)
    model.load_state_dict(state)
