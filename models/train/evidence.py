#!/usr/bin/env python3
"""How well the evidence of a model agrees with real occlusion, on the dev split.

    evidence.py --base base-encoder --model models/tingxin-emotion

Real occlusion leaves out one token after the other and reads the rest again: what it changes is what the token brought.
The product shows gradient times state at the entrance of the last layer instead, which costs a quarter of a pass. For
every depth at which the gradient could be taken: correlation with occlusion inside a text, and how often the strongest token is
occlusion's strongest, or among its strongest three. Texts that are not neutral, of at least eight tokens; the quantity
explained is the valence head's positive logit less its negative.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

import torch
from tokenizers import Tokenizer

import data
from encoder import Encoder
from train import encode, load, tensor

TEXTS = 300


def pleasant(valences: torch.Tensor) -> torch.Tensor:
    return valences[:, 2] - valences[:, 0]


@torch.no_grad()
def occluded(model: Encoder, items, tokens, at: int) -> torch.Tensor:
    """What every token but the two marks brings."""
    whole = tokens[at]
    texts = [whole] + [whole[:place] + whole[place + 1:] for place in range(1, len(whole) - 1)]
    said = torch.cat([pleasant(model(*tensor([items[at]] * len(texts), texts, group)[:2])[1])
                      for group in ([0], list(range(1, len(texts))))])
    return said[0] - said[1:]


def relevance(model: Encoder, items, tokens, at: int, below: int) -> torch.Tensor:
    ids, voices = tensor(items, tokens, [at])[:2]
    x = model.states(ids, voices, below).detach().requires_grad_(True)
    _, valences, _ = model.read(model.through(x, ids, model.layers[below:]), ids)
    gradient, = torch.autograd.grad(pleasant(valences).sum(), x)
    return (gradient * x).sum(-1)[0, 1:-1].detach()


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--base", type=Path, required=True)
    arguments.add_argument("--model", type=Path, required=True)
    options = arguments.parse_args()
    model = load(options.model).eval()
    tokenizer = Tokenizer.from_file(str(options.base / "tokenizer.json"))
    dev = data.own("dev")
    tokens = encode(tokenizer, dev)
    chosen = [at for at in range(len(dev)) if dev[at].valence != 1 and len(tokens[at]) >= 8]
    chosen = random.Random(data.mix()["seed"]).sample(chosen, TEXTS)
    truth = {at: occluded(model, dev, tokens, at) for at in chosen}
    by_chance = sum(1 / len(part) for part in truth.values()) / TEXTS
    print(f"{TEXTS} texts; by chance the strongest is the strongest in {by_chance:.3f}")
    for below in range(len(model.layers) + 1):
        together = first = third = 0.0
        for at in chosen:
            said, true = relevance(model, dev, tokens, at, below), truth[at]
            together += torch.corrcoef(torch.stack([said, true]))[0, 1].item()
            order = (true * true.sum().sign()).argsort(descending=True).tolist()
            top = (said * true.sum().sign()).argmax().item()
            first, third = first + (top == order[0]), third + (top in order[:3])
        print(f"before layer {below + 1}: correlation {together / TEXTS:.3f}, strongest {first / TEXTS:.3f}, "
              f"among three {third / TEXTS:.3f}", flush=True)


if __name__ == "__main__":
    main()
