#!/usr/bin/env python3
"""Teaches a student to say which words moved its valence, from the states that it computes anyway.

    evidence.py --base base-encoder --weights work/student --config models/tingxin-emotion/config.json --out work/explained

Leaving out a word and reading the rest again is the honest question («occlusion»), but costs one pass per word. A small
network on the final states learns to answer it: its sum over the tokens of a stretch is to be the change of valence that
leaving them out brings. The encoder moves a little, so that its states carry the answer, and is held to what it said
before. `--config` is an earlier export of the same student: valences are taken under its temperatures. Prints how well the
answers agree with true occlusion on the dev split.
"""

from __future__ import annotations

import argparse
import copy
import json
import random
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import save_file
from tokenizers import Tokenizer

import data
from encoder import PAD
from export import combined, cooled
from train import Teacher, encode, halves, imitation, load, report, tensor

PLEASURE = torch.tensor([0.8, 0.9, 0.0, 0.0, -0.6, -0.5, -0.9, -0.7])  # Emotion::pleasure of the product
EPOCHS = 3
STRETCHES = 6  # of a text, in training
LONGEST_STRETCH = 3  # tokens: 1.4 characters each, so most words
UNIT = 0.1  # a usual change of valence
MOVED = 0.25  # texts nearer to neutral have nothing to explain


@torch.no_grad()
def valences(model, settings: dict, items, tokens) -> torch.Tensor:
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
    for _ in range(STRETCHES if length > 2 else 0):
        size = chance.randint(1, min(LONGEST_STRETCH, length - 2))
        start = chance.randint(1, length - 1 - size)
        found.add((start, start + size))
    return sorted(found)


def sums(parts: torch.Tensor, stretches, group) -> torch.Tensor:
    """Sums of the tokens' parts over all stretches of the group."""
    running = F.pad(parts.cumsum(1), (1, 0))
    rows = torch.tensor([row for row, at in enumerate(group) for _ in stretches[at]])
    ends = torch.tensor([stretch for at in group for stretch in stretches[at]]).reshape(-1, 2)
    return running[rows, ends[:, 1]] - running[rows, ends[:, 0]]


@torch.no_grad()
def agreement(model, settings, items, tokens) -> str:
    """Single tokens of texts that are not neutral: correlation, and whether the strongest is the strongest."""
    model.eval()
    moved = valences(model, settings, items, tokens).abs() > MOVED
    chosen = [at for at in range(len(items)) if moved[at] and len(tokens[at]) >= 8]
    items, tokens = [items[at] for at in chosen], [tokens[at] for at in chosen]
    stretches = [[(at, at + 1) for at in range(1, len(ids) - 1)] for ids in tokens]
    truth = occluded(model, settings, items, tokens, stretches)
    first = third = 0
    said = []
    for at in range(len(items)):
        ids, voices = tensor(items, tokens, [at])[:2]
        guess = sums(model.evidence(model.states(ids, voices), ids != PAD), stretches, [at])
        order = truth[at].abs().argsort(descending=True).tolist()
        first += guess.abs().argmax().item() == order[0]
        third += guess.abs().argmax().item() in order[:3]
        said.append(guess)
    r = torch.corrcoef(torch.stack([torch.cat(said), torch.cat(truth)]))[0, 1].item()
    by_chance = sum(1 / len(mine) for mine in stretches) / len(stretches)
    return (f"{len(items)} texts: correlation {r:.3f}, strongest token is the strongest {first / len(items):.3f} "
            f"(by chance {by_chance:.3f}), among the strongest three {third / len(items):.3f}")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--base", type=Path, required=True)
    arguments.add_argument("--weights", type=Path, required=True)
    arguments.add_argument("--config", type=Path, required=True)
    arguments.add_argument("--out", type=Path, required=True)
    options = arguments.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    settings = json.loads(options.config.read_text("utf-8"))["tingxin"]
    torch.manual_seed(data.mix()["seed"])
    chance = random.Random(data.mix()["seed"])
    model = load(options.weights)
    before = copy.deepcopy(model).eval()
    tokenizer = Tokenizer.from_file(str(options.base / "tokenizer.json"))
    items, dev = data.own("train"), data.own("dev")
    tokens, dev_tokens = encode(tokenizer, items), encode(tokenizer, dev)
    stretches = [drawn(len(ids), chance) for ids in tokens]
    truth = occluded(before, settings, items, tokens, stretches)
    teacher = Teacher(before)
    encoder = [p for name, p in model.named_parameters() if not name.startswith(("evidence", "words", "places"))]
    optimizer = torch.optim.AdamW([{"params": encoder, "lr": 4e-5}, {"params": model.evidence.parameters(), "lr": 2e-3}])
    plan = [group for _ in range(EPOCHS) for group in data.batches(items, tokens, 1024, chance)]
    schedule = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.02, len(plan))
    model.train()
    total = 0.0
    for step, group in enumerate(plan, 1):
        ids, voices = tensor(items, tokens, group)[:2]
        with torch.autocast("cpu", torch.bfloat16, enabled=halves()):
            states = model.states(ids, voices)
            guess = sums(model.evidence(states, ids != PAD), stretches, group)
            wrong = F.huber_loss(guess / UNIT, torch.cat([truth[at] for at in group]) / UNIT)
            loss = wrong + imitation(model.read(states, ids), teacher(items, tokens, group))
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        total += wrong.item()
        if step % 50 == 0:
            print(f"step {step}/{len(plan)}: {total / 50:.4f}", flush=True)
            total = 0.0
    print(report(model, tokenizer, dev), flush=True)
    print(agreement(model, settings, dev, dev_tokens))
    save_file(model.state_dict(), str(options.out / "model.safetensors"))


if __name__ == "__main__":
    main()
