#!/usr/bin/env python3
"""Trains the evidence head: which words moved the valence, read off the states that were computed anyway.

    evidence.py --base base-encoder --model models/tingxin-emotion-1

Leaving out a word and reading the rest again is the honest question («occlusion»), but costs one pass per word. A small
network on the states of a token learns to answer it: the sum over the tokens of a stretch is to be the change of valence
that leaving them out brings. The encoder does not move. Adds the tensors `evidence.*` to model.safetensors, prints how well
the answers agree with true occlusion on the dev split, and the checksum for models/manifest.toml.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer

import data
from encoder import PAD, Encoder, names
from export import combined, cooled
from train import encode, tensor

PLEASURE = torch.tensor([0.8, 0.9, 0.0, 0.0, -0.6, -0.5, -0.9, -0.7])  # Emotion::pleasure of the product
INNER = 64
EPOCHS = 12
STRETCHES = 8  # of a text, in training
LONGEST_STRETCH = 3  # tokens: 1.4 characters each, so most words


class Evidence(torch.nn.Module):
    """(first states, last states, mean of the last) of every token → its part of the valence."""

    def __init__(self, width: int = 384):
        super().__init__()
        self.first, self.last = torch.nn.Linear(width, INNER, bias=False), torch.nn.Linear(width, INNER, bias=False)
        self.mean, self.out = torch.nn.Linear(width, INNER), torch.nn.Linear(INNER, 1)

    def forward(self, first: torch.Tensor, last: torch.Tensor, there: torch.Tensor) -> torch.Tensor:
        mean = (last * there[..., None]).sum(1) / there.sum(1, keepdim=True)
        inner = F.relu(self.first(first) + self.last(last) + self.mean(mean)[:, None, :])
        return self.out(inner)[..., 0] * there


def load(folder: Path) -> tuple[Encoder, dict]:
    """The model as it is shipped, and its settings."""
    settings = json.loads((folder / "config.json").read_text("utf-8"))
    stored = load_file(folder / "model.safetensors")
    model = Encoder(settings["num_hidden_layers"])
    model.load_state_dict({ours: stored[theirs].float() for ours, theirs in names(len(model.layers)).items()})
    return model.eval(), settings["tingxin"]


@torch.no_grad()
def valences(model: Encoder, settings: dict, items, tokens) -> torch.Tensor:
    found = torch.zeros(len(items))
    for group in data.batches(items, tokens, 8192, random.Random(0)):
        ids, voices = tensor(items, tokens, group)[:2]
        e, v, _ = model(ids, voices)
        p = combined(cooled(e, voices, settings["emotion_temperature"]),
                     cooled(v, voices, settings["valence_temperature"]), settings["valence_share"])
        found[group] = p @ PLEASURE
    return found


def occluded(model, settings, items, tokens, stretches) -> list[torch.Tensor]:
    """For every text the change of valence that each of its stretches brings."""
    whole = valences(model, settings, items, tokens)
    rest_items = [item for item, mine in zip(items, stretches) for _ in mine]
    rest = [ids[:a] + ids[b:] for ids, mine in zip(tokens, stretches) for a, b in mine]
    changes = valences(model, settings, rest_items, rest)
    parts = torch.split(changes, [len(mine) for mine in stretches])
    return [v - part for v, part in zip(whole, parts)]


def drawn(length: int, chance: random.Random) -> list[tuple[int, int]]:
    """Stretches between the two marks."""
    found = set()
    for _ in range(STRETCHES):
        size = chance.randint(1, min(LONGEST_STRETCH, length - 2))
        start = chance.randint(1, length - 1 - size)
        found.add((start, start + size))
    return sorted(found)


def guesses(head: Evidence, model: Encoder, items, tokens, stretches, group) -> torch.Tensor:
    ids, voices = tensor(items, tokens, group)[:2]
    with torch.no_grad():
        first, last = model.states(ids, voices)
    sums = F.pad(head(first, last, ids != PAD).cumsum(1), (1, 0))
    return torch.cat([torch.stack([sums[row, b] - sums[row, a] for a, b in stretches[at]])
                      for row, at in enumerate(group)])


@torch.no_grad()
def agreement(head, model, settings, items, tokens) -> str:
    """Single tokens of texts that are not neutral: correlation, and whether the strongest is the strongest."""
    moved = valences(model, settings, items, tokens).abs() > 0.25
    chosen = [at for at in range(len(items)) if moved[at] and len(tokens[at]) >= 6]
    items, tokens = [items[at] for at in chosen], [tokens[at] for at in chosen]
    stretches = [[(at, at + 1) for at in range(1, len(ids) - 1)] for ids in tokens]
    truth = occluded(model, settings, items, tokens, stretches)
    first = second = 0
    all_guesses = []
    for at in range(len(items)):
        guess = guesses(head, model, items, tokens, stretches, [at])
        order = truth[at].abs().argsort(descending=True).tolist()
        first += guess.abs().argmax().item() == order[0]
        second += guess.abs().argmax().item() in order[:3]
        all_guesses.append(guess)
    r = torch.corrcoef(torch.stack([torch.cat(all_guesses), torch.cat(truth)]))[0, 1].item()
    return (f"{len(items)} texts: correlation {r:.3f}, strongest token is the strongest {first / len(items):.3f}, "
            f"among the strongest three {second / len(items):.3f}")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--base", type=Path, required=True)
    arguments.add_argument("--model", type=Path, required=True)
    options = arguments.parse_args()
    torch.manual_seed(data.mix()["seed"])
    chance = random.Random(data.mix()["seed"])
    model, settings = load(options.model)
    tokenizer = Tokenizer.from_file(str(options.base / "tokenizer.json"))
    items = [item for item in data.own("train") if item.text]
    tokens = encode(tokenizer, items)
    stretches = [drawn(len(ids), chance) if len(ids) > 2 else [] for ids in tokens]
    keep = [at for at, mine in enumerate(stretches) if mine]
    items, tokens, stretches = ([part[at] for at in keep] for part in (items, tokens, stretches))
    truth = occluded(model, settings, items, tokens, stretches)
    head = Evidence()
    optimizer = torch.optim.AdamW(head.parameters(), lr=2e-3, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.02, EPOCHS)
    dev = data.own("dev")
    for epoch in range(EPOCHS):
        total = count = 0
        for group in data.batches(items, tokens, 4096, chance):
            guess = guesses(head, model, items, tokens, stretches, group)
            loss = F.huber_loss(guess, torch.cat([truth[at] for at in group]), delta=0.2)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total, count = total + loss.item(), count + 1
        schedule.step()
        print(f"epoch {epoch + 1}: loss {total / count:.5f}", flush=True)
    print(agreement(head, model, settings, dev, encode(tokenizer, dev)))
    path = options.model / "model.safetensors"
    state = load_file(path) | {f"evidence.{name}": value.half().contiguous() for name, value in head.state_dict().items()}
    save_file(state, str(path), metadata={"format": "pt"})
    print(f'    {{ path = "{options.model.name}/model.safetensors", sha256 = "{hashlib.sha256(path.read_bytes()).hexdigest()}" }},')


if __name__ == "__main__":
    main()
