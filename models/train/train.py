#!/usr/bin/env python3
"""Trains one stage of mix.toml: the teacher's two, then the student's, which also learns from the teacher.

    train.py --base base-encoder --data permissive --stage public --layers 0-11 --out work/public
    train.py --base base-encoder --data permissive --stage own --layers 0-11 --start work/public --out work/teacher
    train.py --base base-encoder --data permissive --stage distil --layers 1,4,7,10 --start work/teacher \
        --teacher work/teacher --out work/student
    train.py --base base-encoder --data permissive --stage fair --layers 0-3 --start work/student \
        --teacher work/student --out work/fair

Interrupted, the same command goes on from its last checkpoint.
"""

from __future__ import annotations

import argparse
import random
import time
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from sklearn.metrics import f1_score
from tokenizers import Tokenizer

import data
from encoder import PAD, Encoder, from_base, names
from labels import UNKNOWN_WHETHER_SPOKEN, VOICES

LONGEST = 96  # tokens; 1.4 characters each
EVERY = 100  # steps between checkpoints


def tensor(items, tokens, group):
    width = max(len(tokens[at]) for at in group)
    ids = torch.full((len(group), width), PAD)
    for row, at in enumerate(group):
        ids[row, :len(tokens[at])] = torch.tensor(tokens[at])
    column = lambda name: torch.tensor([getattr(items[at], name) for at in group])
    return ids, column("voice"), column("emotion"), column("valence"), column("abuse"), column("weight")


def encode(tokenizer: Tokenizer, items) -> list[list[int]]:
    return [e.ids[:LONGEST] for e in tokenizer.encode_batch([data.simplified(item.text) for item in items])]


def masked(loss, label, weight):
    known = (label != data.UNKNOWN).float() * weight
    return (loss * known).sum() / weight.sum().clamp(min=1e-6)


class Teacher:
    """Asks the teacher once about every text: it costs as much as training the student on it."""

    def __init__(self, model: Encoder, tokenizer: Tokenizer):
        self.model, self.tokenizer = model.eval(), tokenizer
        self.known: dict[tuple[str, int], tuple[torch.Tensor, ...]] = {}

    @torch.no_grad()
    def __call__(self, items, group):
        key = lambda at: (items[at].asked, items[at].voice)
        new = [items[at] for at in group if key(at) not in self.known]
        if new:
            tokens = [e.ids[:LONGEST] for e in self.tokenizer.encode_batch([item.asked for item in new])]
            answers = [part.float() for part in self.model(*tensor(new, tokens, range(len(new)))[:2])]
            self.known |= {(item.asked, item.voice): tuple(part[row] for part in answers)
                           for row, item in enumerate(new)}
        return [torch.stack(part) for part in zip(*(self.known[key(at)] for at in group))]


def loss_of(model, batch, settings, lesson):
    """`lesson` is what the teacher says of the batch, or nothing."""
    ids, voices, emotion, valence, abuse, weight = batch
    e, v, a = model(ids, voices)
    smooth = settings["label_smoothing"]
    hard = (settings["emotion_loss"] * masked(F.cross_entropy(e, emotion.clamp(min=0), reduction="none",
                                                              label_smoothing=smooth), emotion, weight)
            + settings["valence_loss"] * masked(F.cross_entropy(v, valence.clamp(min=0), reduction="none",
                                                                label_smoothing=smooth), valence, weight)
            + settings["abuse_loss"] * masked(F.binary_cross_entropy_with_logits(
                a, abuse.clamp(min=0).float(), reduction="none"), abuse, weight))
    if lesson is None:
        return hard
    return 0.3 * hard + imitation((e, v, a), lesson)


def imitation(answer, lesson):
    """How far the answers are from the teacher's."""
    (e, v, a), (te, tv, ta) = answer, lesson
    return (F.kl_div(F.log_softmax(e, -1), F.softmax(te, -1), reduction="batchmean")
            + 0.5 * F.kl_div(F.log_softmax(v, -1), F.softmax(tv, -1), reduction="batchmean")
            + 0.3 * F.binary_cross_entropy_with_logits(a, torch.sigmoid(ta)))


def halves() -> bool:
    """Products of halves are twice as fast where the processor has them, and slower where it has not."""
    return "avx512_bf16" in Path("/proc/cpuinfo").read_text("ascii")


@torch.no_grad()
def predict(model, tokenizer, items):
    """Emotion and valence logits and abuse logits of every item, in order."""
    model.eval()
    tokens = encode(tokenizer, items)
    e, v, a = torch.zeros(len(items), 8), torch.zeros(len(items), 3), torch.zeros(len(items))
    for group in data.batches(items, tokens, 4096, random.Random(0)):
        e[group], v[group], a[group] = model(*tensor(items, tokens, group)[:2])
    model.train()
    return e, v, a


def report(model, tokenizer, items) -> str:
    e, v, _ = predict(model, tokenizer, items)
    emotion = f1_score([i.emotion for i in items], e.argmax(-1).tolist(), average="macro")
    valence = f1_score([i.valence for i in items], v.argmax(-1).tolist(), average="macro")
    return f"dev macro-F1: 8 emotions {emotion:.4f}, 3 valences {valence:.4f}"


def numbers(text: str) -> list[int]:
    if "-" in text:
        first, last = map(int, text.split("-"))
        return list(range(first, last + 1))
    return [int(part) for part in text.split(",")]


def load(folder: Path) -> Encoder:
    """A model as a stage leaves it, or as `export.py` writes it for the product."""
    state = load_file(folder / "model.safetensors")
    shipped = any(name.startswith("bert.") for name in state)
    number = lambda name: int(name.removeprefix("bert.encoder.").split(".")[1])
    layers = 1 + max(number(name) for name in state if "layer." in name or name.startswith("layers."))
    model = Encoder(layers)
    state = {ours: state[theirs].float() for ours, theirs in names(layers).items()} if shipped else state
    known = len(state["voices.weight"])
    if known < len(VOICES):
        # Trained before it was told what is spoken: these voices begin where customer and agent are.
        begins = [UNKNOWN_WHETHER_SPOKEN.get(voice, voice) for voice in range(len(VOICES))]
        state["voices.weight"] = state["voices.weight"][begins]
    model.load_state_dict(state)
    return model


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--base", type=Path, required=True)
    arguments.add_argument("--data", type=Path, required=True)
    arguments.add_argument("--out", type=Path, required=True)
    arguments.add_argument("--layers", type=numbers, required=True)
    arguments.add_argument("--stage", required=True, choices=list(data.mix()["stages"]))
    arguments.add_argument("--start", type=Path, help="weights to begin from; the base without it")
    arguments.add_argument("--teacher", type=Path)
    options = arguments.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    settings = data.mix()
    stage = settings["stages"][options.stage]
    tokenizer = Tokenizer.from_file(str(options.base / "tokenizer.json"))
    found = data.sources(options.data, stage)
    dev = data.own("dev")
    print({name: len(items) for name, items in found.items()}, "dev", len(dev), flush=True)

    torch.manual_seed(settings["seed"])
    start = load(options.start) if options.start else None
    model = start.some(options.layers) if start else from_base(load_file(options.base / "model_f16.safetensors"),
                                                               options.layers)
    teacher = Teacher(load(options.teacher), tokenizer) if options.teacher else None
    # Most words are rare here: their embeddings stay as the base has them, unless the stage says otherwise.
    model.words.weight.requires_grad_(stage.get("words", False))
    model.places.weight.requires_grad_(False)
    trained = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=stage["learning_rate"], weight_decay=0.01, fused=True)
    plan = []
    for number in range(stage["epochs"]):
        items = data.epoch(found, stage, number)
        tokens = encode(tokenizer, items)
        groups = data.batches(items, tokens, stage.get("batch_tokens", settings["batch_tokens"]), random.Random(settings["seed"] + number))
        plan.append((items, tokens, groups))
    steps = sum(len(groups) for _, _, groups in plan)
    rise = max(1, int(steps * 0.06))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda at: min((at + 1) / rise, max(0.0, (steps - at) / (steps - rise))))
    checkpoint, done = options.out / "checkpoint.pt", 0
    if checkpoint.exists():
        saved = torch.load(checkpoint, weights_only=False)
        model.load_state_dict(saved["model"])
        optimizer.load_state_dict(saved["optimizer"])
        schedule.load_state_dict(saved["schedule"])
        torch.set_rng_state(saved["chance"])
        done = saved["step"]
        print("goes on at step", done, flush=True)
    model.train()
    step, began, total = 0, time.monotonic(), 0.0
    for number, (items, tokens, groups) in enumerate(plan):
        for group in groups:
            step += 1
            if step <= done:
                continue
            with torch.autocast("cpu", torch.bfloat16, enabled=halves()):
                lesson = teacher(items, group) if teacher else None
                loss = loss_of(model, tensor(items, tokens, group), settings, lesson)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(trained, 1.0)
            optimizer.step()
            schedule.step()
            total += loss.item()
            if step % EVERY == 0:
                torch.save({"model": model.state_dict(), "optimizer": optimizer.state_dict(), "step": step,
                            "schedule": schedule.state_dict(), "chance": torch.get_rng_state()}, checkpoint)
                rate = (step - done) / (time.monotonic() - began)
                print(f"step {step}/{steps} loss {total / EVERY:.4f} {rate:.2f} steps/s, "
                      f"{(steps - step) / rate / 60:.0f} min left", flush=True)
                total = 0.0
        if step > done:
            print(f"epoch {number + 1}: {report(model, tokenizer, dev)}", flush=True)
    save_file(model.state_dict(), str(options.out / "model.safetensors"))


if __name__ == "__main__":
    main()
