"""The encoder with its three heads: BERT without pooler, mean over all tokens, one linear layer.

Tensor names are Hugging Face's (`bert.*`), so the file opens in any BERT implementation. The voice that speaks stands in
`token_type_ids`: 0 customer, 1 agent, 2 note, 3 and 4 customer and agent on a recording. Head outputs: 8 emotions, 3 valences, 1 abuse.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import nn

from labels import EMOTIONS, VALENCES, VOICES

PAD = 1


class Layer(nn.Module):
    def __init__(self, width: int, heads: int, inner: int, dropout: float):
        super().__init__()
        self.heads, self.dropout = heads, dropout
        self.query, self.key, self.value = (nn.Linear(width, width) for _ in range(3))
        self.mixed = nn.Linear(width, width)
        self.after_attention = nn.LayerNorm(width, eps=1e-12)
        self.wide, self.narrow = nn.Linear(width, inner), nn.Linear(inner, width)
        self.after_feed = nn.LayerNorm(width, eps=1e-12)

    def forward(self, x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        batch, length, width = x.shape

        def split(part: torch.Tensor) -> torch.Tensor:
            return part.view(batch, length, self.heads, width // self.heads).transpose(1, 2)

        p = self.dropout if self.training else 0.0
        seen = F.scaled_dot_product_attention(split(self.query(x)), split(self.key(x)), split(self.value(x)),
                                              attn_mask=mask, dropout_p=p)
        seen = self.mixed(seen.transpose(1, 2).reshape(batch, length, width))
        x = self.after_attention(x + F.dropout(seen, p))
        return self.after_feed(x + F.dropout(self.narrow(F.gelu(self.wide(x))), p))


class Encoder(nn.Module):
    """`forward(ids, voices)` → logits of shape (batch, 8), (batch, 3), (batch,)."""

    def __init__(self, layers: int, vocabulary: int = 22063, width: int = 384, heads: int = 12, inner: int = 1536,
                 positions: int = 512, dropout: float = 0.1):
        super().__init__()
        self.dropout = dropout
        self.words = nn.Embedding(vocabulary, width)
        self.places = nn.Embedding(positions, width)
        self.voices = nn.Embedding(len(VOICES), width)
        self.norm = nn.LayerNorm(width, eps=1e-12)
        self.layers = nn.ModuleList(Layer(width, heads, inner, dropout) for _ in range(layers))
        self.heads = nn.Linear(width, len(EMOTIONS) + len(VALENCES) + 1)

    def states(self, ids: torch.Tensor, voices: torch.Tensor, below: int | None = None) -> torch.Tensor:
        """The states of all tokens after the last layer, or after the first `below` layers."""
        places = torch.arange(ids.shape[1])
        x = self.norm(self.words(ids) + self.places(places) + self.voices(voices)[:, None, :])
        x = F.dropout(x, self.dropout if self.training else 0.0)
        return self.through(x, ids, self.layers[:below])

    def through(self, x: torch.Tensor, ids: torch.Tensor, layers) -> torch.Tensor:
        mask = (ids != PAD)[:, None, None, :]
        for layer in layers:
            x = layer(x, mask)
        return x

    def read(self, states: torch.Tensor, ids: torch.Tensor):
        """What the heads say of the mean of the last states."""
        there = ids != PAD
        pooled = (states.float() * there[..., None]).sum(1) / there.sum(1, keepdim=True)
        out = self.heads(F.dropout(pooled, self.dropout if self.training else 0.0)).float()
        return out[:, :8], out[:, 8:11], out[:, 11]

    def forward(self, ids: torch.Tensor, voices: torch.Tensor):
        return self.read(self.states(ids, voices), ids)

    def some(self, take: list[int]) -> Encoder:
        """A copy with these layers alone."""
        copy = Encoder(len(take))
        state = {name: value for name, value in self.state_dict().items() if not name.startswith("layers.")}
        for at, layer in enumerate(take):
            state |= {f"layers.{at}.{name}": value for name, value in self.layers[layer].state_dict().items()}
        copy.load_state_dict(state)
        return copy


def names(layers: int) -> dict[str, str]:
    """Our tensor names → Hugging Face's."""
    table = {"words.weight": "embeddings.word_embeddings.weight", "places.weight": "embeddings.position_embeddings.weight",
             "voices.weight": "embeddings.token_type_embeddings.weight", "norm.weight": "embeddings.LayerNorm.weight",
             "norm.bias": "embeddings.LayerNorm.bias"}
    parts = {"query": "attention.self.query", "key": "attention.self.key", "value": "attention.self.value",
             "mixed": "attention.output.dense", "after_attention": "attention.output.LayerNorm",
             "wide": "intermediate.dense", "narrow": "output.dense", "after_feed": "output.LayerNorm"}
    for n in range(layers):
        for ours, theirs in parts.items():
            for kind in ("weight", "bias"):
                table[f"layers.{n}.{ours}.{kind}"] = f"encoder.layer.{n}.{theirs}.{kind}"
    return {ours: "bert." + theirs for ours, theirs in table.items()} | {
        "heads.weight": "classifier.weight", "heads.bias": "classifier.bias"}


def from_base(tensors: dict[str, torch.Tensor], take: list[int]) -> Encoder:
    """An encoder with the layers `take` of the base; heads and the third voice are new."""
    model = Encoder(len(take))
    state = model.state_dict()
    for ours, theirs in names(len(take)).items():
        if ours.startswith("layers."):
            n = int(ours.split(".")[1])
            theirs = theirs.replace(f"layer.{n}.", f"layer.{take[n]}.")
        if theirs not in tensors:
            continue
        value = tensors[theirs].float()
        if ours == "voices.weight":
            # The base was trained with type 0 alone: all voices begin there.
            value = value[:1].repeat(len(VOICES), 1)
        state[ours] = value
    model.load_state_dict(state)
    return model
