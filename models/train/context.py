#!/usr/bin/env python3
"""Trains the layer that reads utterances in their context and expects the customer's satisfaction.

    context.py --base base-encoder --model models/tingxin-emotion        # a few minutes; writes context.safetensors there

The encoder stays as it is: of every utterance its pooled state is computed once. The layer is a gated recurrent unit over the
turns of both sides (`crates/score/src/encoder/context.rs` computes the same), causal, trained on whole contacts of the corpus with
their labels in context and their satisfaction. Temperatures are fitted on the dev contacts and folded into the weights.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import save_file
from scipy.stats import spearmanr
from sklearn.metrics import f1_score, roc_auc_score
from tokenizers import Tokenizer
from torch import nn

import data  # puts the corpus on the path
import corpus  # isort: skip
from export import CLASS, GRID, calibration_error, combined, cooled
from labels import EMOTIONS, STAFF, VOICES, voice_of
from train import encode, load, tensor

VECTOR, SIDES, COURSE, HIDDEN, WIDE, STEPS = 64, 8, 8, 96, 64, 5
LEAST = 1e-4
PLEASURE = torch.tensor([.8, .9, 0., 0., -.6, -.5, -.9, -.7])  # `Emotion::pleasure` of the program
SEEDS, EPOCHS, COPIES = 1, 24, 2
# The encoder knows the train contacts by heart and is surer of them than of any other: without noise on its readings the layer learns
# to trust them too much. Spread of the noise on the logarithms; the best on dev is taken.
NOISES = (0.5, 1.0)


@dataclass
class Sequence:
    """A contact as numbers: a row for each utterance."""
    register: str
    pooled: torch.Tensor
    alone: torch.Tensor
    sides: list[int]
    emotion: torch.Tensor
    satisfaction: int


class Context(nn.Module):
    def __init__(self):
        super().__init__()
        inputs = VECTOR + SIDES + len(EMOTIONS)
        self.project = nn.Linear(384, VECTOR)
        self.unit = nn.GRU(inputs, HIDDEN, batch_first=True)
        self.mood = nn.Linear(HIDDEN + inputs, WIDE)
        self.emotion = nn.Linear(WIDE, len(EMOTIONS))
        self.course = nn.Linear(HIDDEN + COURSE, WIDE)
        self.satisfaction = nn.Linear(WIDE, STEPS)
        self.own = nn.Parameter(torch.ones(1))
        nn.init.zeros_(self.emotion.weight)
        nn.init.zeros_(self.emotion.bias)

    def forward(self, pooled, alone, sides, course):
        drop = lambda x, p: F.dropout(x, p, self.training)
        known = alone.clamp(min=LEAST).log()
        x = torch.cat([drop(self.project(drop(pooled, .2)), .2), F.one_hot(sides, SIDES).float(), known / 4], -1)
        h = drop(self.unit(x)[0], .3)
        mood = drop(F.relu(self.mood(torch.cat([h, x], -1))), .2)
        felt = drop(F.relu(self.course(torch.cat([h, course], -1))), .2)
        return self.emotion(mood) + self.own * known, self.satisfaction(felt)


def course_of(alone: torch.Tensor, sides: list[int]) -> torch.Tensor:
    """What was heard up to each turn, in numbers, as the program computes them."""
    customer: list[float] = []
    staff: list[float] = []
    rows = []
    mean = lambda values: sum(values) / max(1, len(values))
    for value, side in zip((alone @ PLEASURE).tolist(), sides):
        (staff if side in STAFF else customer).append(value)
        turns = len(customer) + len(staff)
        rows.append([mean(customer), min([0.0, *customer]), customer[-1] if customer else 0.0, mean(customer[-3:]),
                     mean(staff), torch.log(torch.tensor(1.0 + turns)).item() / 3, 0.0, 0.0])
    return torch.tensor(rows)


@torch.no_grad()
def read(model, config, tokenizer, texts: list[tuple[str, int]]):
    """Pooled states and calibrated emotions of texts with their voices."""
    items = [data.Item(text, voice) for text, voice in texts]
    tokens = encode(tokenizer, items)
    pooled = torch.zeros(len(items), 384)
    for group in data.batches(items, tokens, 4096, random.Random(0)):
        ids, voices = tensor(items, tokens, group)[:2]
        states, there = model.states(ids, voices), (ids != 1)[..., None]
        pooled[group] = (states * there).sum(1) / there.sum(1)
    out = model.heads(pooled)
    voice = torch.tensor([i.voice for i in items])
    settings = config["tingxin"]
    return pooled, combined(cooled(out[:, :8], voice, settings["emotion_temperature"]),
                            cooled(out[:, 8:11], voice, settings["valence_temperature"]), settings["valence_share"])


def spoken(contact) -> list:
    """The utterances that hold a word: the program hears no others."""
    return [u for u in contact.utterances if corpus.normal(u.text)]


def sequences(model, config, tokenizer, contacts, chance: random.Random | None) -> list[Sequence]:
    """Contacts as numbers; with `chance`, in another form of the same words."""
    how = {**data.mix()["stages"]["student"]["shake"], "misheard": 0.05, "lead": 0.0}
    texts = []
    for contact in contacts:
        told = not chance or chance.random() < 0.5
        for u in spoken(contact):
            item = data.Item(u.text, voice_of(u.speaker, contact.channel))
            item = item if told else data.unheard(item)
            texts.append((data.shaken(item, chance, how).text if chance else u.text, item.voice))
    pooled, alone = read(model, config, tokenizer, texts)
    found, at = [], 0
    for contact in contacts:
        rows = slice(at, at + len(spoken(contact)))
        at = rows.stop
        found.append(Sequence(contact.register, pooled[rows], alone[rows], [voice for _, voice in texts[rows]],
                              torch.tensor([EMOTIONS.index(u.in_context) for u in spoken(contact)]),
                              contact.satisfaction - 1))
    return found


def batch(group: list[Sequence]):
    longest = max(len(s.sides) for s in group)
    pad = lambda rows, fill: torch.stack([F.pad(r, (0, 0) * (r.dim() - 1) + (0, longest - len(r)), value=fill) for r in rows])
    return (pad([s.pooled for s in group], 0.0), pad([s.alone for s in group], 0.0),
            pad([torch.tensor(s.sides) for s in group], 0), pad([course_of(s.alone, s.sides) for s in group], 0.0),
            pad([s.emotion for s in group], -1), torch.tensor([len(s.sides) - 1 for s in group]),
            torch.tensor([s.satisfaction for s in group]))


def last(satisfaction: torch.Tensor, ends: torch.Tensor) -> torch.Tensor:
    return satisfaction[torch.arange(len(ends)), ends]


def train(copies: list[list[Sequence]], seed: int, noise: float) -> Context:
    torch.manual_seed(seed)
    chance = random.Random(seed)
    model = Context()
    optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=0.02)
    steps = EPOCHS * (len(copies[0]) // 32 + 1)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 2e-3, total_steps=steps)
    grades = torch.arange(1.0, 6.0)
    for _ in range(EPOCHS):
        order = [copies[chance.randrange(len(copies))][at] for at in range(len(copies[0]))]
        chance.shuffle(order)
        for start in range(0, len(order), 32):
            pooled, alone, sides, course, emotion, ends, satisfaction = batch(order[start:start + 32])
            alone = F.softmax(alone.clamp(min=LEAST).log() + noise * torch.randn_like(alone), -1)
            e, s = model(pooled, alone, sides, course)
            loss = F.cross_entropy(e.flatten(0, 1), emotion.flatten(), ignore_index=-1, label_smoothing=0.03)
            said = last(s, ends)
            wanted = F.softmax(-((grades - satisfaction[:, None] - 1) ** 2) / 0.5, -1)  # neighbours are nearly right
            loss = loss + 0.5 * F.cross_entropy(said, wanted) + 0.1 * ((F.softmax(said, -1) @ grades - satisfaction - 1) ** 2).mean()
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
    return model.eval()


@torch.no_grad()
def answers(model: Context, found: list[Sequence]):
    """Emotion logits of all turns, satisfaction logits of all contacts."""
    e, s = [], []
    for one in found:
        pooled, alone, sides, course, _, ends, _ = batch([one])
        emotions, satisfaction = model(pooled, alone, sides, course)
        e.append(emotions[0])
        s.append(last(satisfaction, ends)[0])
    return torch.cat(e), torch.stack(s)


def valences(p: torch.Tensor) -> torch.Tensor:
    """Sums over the emotions of each valence, as the program compares them."""
    return torch.zeros(len(p), 3).index_add(1, torch.tensor(CLASS), p)


def report(name: str, model: Context, found: list[Sequence]) -> None:
    e, s = answers(model, found)
    truth = torch.cat([one.emotion for one in found])
    alone = torch.cat([one.alone for one in found])
    sides = torch.tensor([side for one in found for side in one.sides])
    classes = torch.tensor(CLASS)
    registers = [one.register for one in found for _ in one.sides]
    customer, staff = ((sides == VOICES[name]) | (sides == VOICES[f"{name} aloud"]) for name in ("customer", "agent"))
    groups = {"customer": customer, "agent": staff}
    groups |= {f"{register}, customer": customer & torch.tensor([r == register for r in registers])
               for register in sorted(set(registers)) if register != "notes"}
    for label, mine in groups.items():
        f = lambda p: (f1_score(truth[mine], p[mine].argmax(1), average="macro"),
                       f1_score(classes[truth[mine]], valences(p[mine]).argmax(1), average="macro"))
        said = f(F.softmax(e, 1))
        print(f"{name} {label}: {int(mine.sum())} turns, in context 8 emotions {said[0]:.3f}, 3 valences {said[1]:.3f}; "
              f"the reading alone against the same labels {f(alone)[0]:.3f}, {f(alone)[1]:.3f}; "
              f"calibration error {calibration_error(F.softmax(e[mine], 1), truth[mine]):.3f}")
    for label in ["all", *sorted({one.register for one in found})]:
        graded = [at for at, one in enumerate(found) if label in ("all", one.register)]
        satisfied(f"{name}, {label}", s[graded], torch.tensor([found[at].satisfaction + 1 for at in graded]))


def satisfied(name: str, s: torch.Tensor, truth: torch.Tensor) -> None:
    p, grades = F.softmax(s, 1), torch.arange(1.0, 6.0)
    low = p[:, :2].sum(1)
    bins = [(low[(low * 5).long().clamp(max=4) == b], (truth <= 2)[(low * 5).long().clamp(max=4) == b]) for b in range(5)]
    off = sum(abs(x.mean() - y.float().mean()).item() * len(x) / len(low) for x, y in bins if len(x))
    area = roc_auc_score(truth <= 2, low) if 0 < (truth <= 2).sum() < len(truth) else float("nan")
    print(f"{name}: {len(truth)} contacts, satisfaction Spearman {spearmanr(p @ grades, truth)[0]:.3f}, "
          f"AUC of dissatisfied {area:.3f}, calibration error of it {off:.3f}, "
          f"mean {float((p @ grades).mean()):.2f} beside {float(truth.float().mean()):.2f}", flush=True)


def calibrate(model: Context, dev: list[Sequence]) -> None:
    """Folds the temperatures under which the dev labels are most probable into the last layers."""
    e, s = answers(model, dev)
    truth = torch.cat([one.emotion for one in dev])
    grades = torch.tensor([one.satisfaction for one in dev])
    warm_e = min(GRID, key=lambda t: F.cross_entropy(e / t, truth).item())
    warm_s = min(GRID, key=lambda t: F.cross_entropy(s / t, grades).item())
    with torch.no_grad():
        for part, t in ((model.emotion, warm_e), (model.satisfaction, warm_s)):
            part.weight /= t
            part.bias /= t
        model.own /= warm_e
    print(f"temperatures {warm_e} {warm_s}")


def write(model: Context, path: Path) -> None:
    unit = model.unit
    state = {"input.weight": unit.weight_ih_l0, "input.bias": unit.bias_ih_l0, "state.weight": unit.weight_hh_l0,
             "state.bias": unit.bias_hh_l0, "own": model.own}
    for name in ("project", "mood", "emotion", "course", "satisfaction"):
        part = getattr(model, name)
        state |= {f"{name}.weight": part.weight, f"{name}.bias": part.bias}
    save_file({name: value.detach().float().contiguous() for name, value in state.items()}, str(path), metadata={"format": "pt"})
    print(f'    {{ path = "{path.parent.name}/{path.name}", sha256 = "{hashlib.sha256(path.read_bytes()).hexdigest()}" }},')


def parity(model: Context, contacts, found: list[Sequence], path: Path) -> None:
    """Contacts with this program's own readings, against which the product is tested."""
    with path.open("w", encoding="utf-8") as out:
        for contact, one in zip(contacts, found):
            e, s = answers(model, [one])
            row = {"channel": contact.channel, "turns": [{"speaker": u.speaker, "text": u.text} for u in spoken(contact)],
                   "in_context": [[round(x, 6) for x in row] for row in F.softmax(e, 1).tolist()],
                   "satisfaction": round(float(F.softmax(s, 1)[0] @ torch.arange(1.0, 6.0)), 5)}
            out.write(json.dumps(row, ensure_ascii=False) + "\n")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--base", type=Path, required=True)
    arguments.add_argument("--model", type=Path, required=True)
    options = arguments.parse_args()
    encoder, config = load(options.model).eval(), json.loads((options.model / "config.json").read_text("utf-8"))
    tokenizer = Tokenizer.from_file(str(options.base / "tokenizer.json"))
    heard = [c for c in corpus.load() if c.satisfaction]
    split = {name: [c for c in heard if c.split == name] for name in ("train", "dev", "test")}
    print({name: len(contacts) for name, contacts in split.items()}, flush=True)
    number = lambda name, chance: sequences(encoder, config, tokenizer, split[name], chance)
    copies = [number("train", None)] + [number("train", random.Random(seed)) for seed in range(1, COPIES)]
    dev, test = number("dev", None), number("test", None)
    best, score = None, -1.0
    for seed, noise in [(seed, noise) for noise in NOISES for seed in range(SEEDS)]:
        model = train(copies, seed, noise)
        e, s = answers(model, dev)
        rank = spearmanr(F.softmax(s, 1) @ torch.arange(1.0, 6.0), [one.satisfaction for one in dev])[0]
        truth, classes = torch.cat([one.emotion for one in dev]), torch.tensor(CLASS)
        quality = rank + f1_score(classes[truth], valences(F.softmax(e, 1)).argmax(1), average="macro")
        print(f"seed {seed}, noise {noise}: dev satisfaction Spearman {rank:.3f}, both {quality:.3f}", flush=True)
        if quality > score:
            best, score = model, quality
    assert best is not None, "no layer came out of the training: its quality is not a number"
    calibrate(best, dev)
    report("dev", best, dev)
    report("test", best, test)
    write(best, options.model / "context.safetensors")
    # Three contacts of every register but notes, long calls among them.
    chosen = [at for register in sorted({c.register for c in split["dev"]} - {"notes"})
              for at in [at for at, c in enumerate(split["dev"]) if c.register == register][:3]]
    parity(best, [split["dev"][at] for at in chosen], [dev[at] for at in chosen], options.model / "context-parity.ndjson")


if __name__ == "__main__":
    main()
