#!/usr/bin/env python3
"""Figures of a model by register, by length and for unseen writers.

    registers.py --base base-encoder --model models/tingxin-emotion [--split test] [--unheard]

Registers are those of `corpus.py`; the first half of the corpus over-represents feeling. «Negative» is sadness, fear, anger or disgust.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import torch
from sklearn.metrics import f1_score
from tokenizers import Tokenizer

import data  # puts the corpus on the path
import corpus  # isort: skip
from export import CLASS, calibration_error, combined, cooled
from labels import EMOTIONS, VALENCES, voice_of
from train import load, predict


def band(text: str) -> str:
    length = len(corpus.normal(text))
    return "up to 12" if length <= 12 else "13 to 20" if length <= 20 else "longer"


def line(name: str, p: torch.Tensor, truth: torch.Tensor, valence: torch.Tensor) -> None:
    """Share of neutral lines read as negative, precision and recall of «negative», macro-F1, calibration error."""
    sums = torch.zeros(len(p), 3).index_add(1, torch.tensor(CLASS), p)
    said = sums.argmax(1)
    neutral, negative = valence == 1, valence == 0
    share = lambda part, whole: f"{int(part.sum())}/{int(whole.sum())} = {part.sum().item() / max(1, whole.sum().item()):.3f}"
    print(f"{name:<32} n {len(p):5}  neutral read as negative {share(neutral & (said == 0), neutral):<18} "
          f"recall {share(negative & (said == 0), negative):<18} precision {share(negative & (said == 0), said == 0):<18} "
          f"8 emotions {f1_score(truth, p.argmax(1), average='macro'):.3f}  3 valences {f1_score(valence, said, average='macro'):.3f}  "
          f"calibration {calibration_error(p, truth):.3f}")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--base", type=Path, required=True)
    arguments.add_argument("--model", type=Path, required=True)
    arguments.add_argument("--split", default="dev")
    arguments.add_argument("--unheard", action="store_true", help="as lines of which nobody knows whether they were spoken")
    options = arguments.parse_args()
    model, settings = load(options.model).eval(), json.loads((options.model / "config.json").read_text("utf-8"))["tingxin"]
    found = [(c, u) for c in corpus.load() if c.split == options.split for u in c.utterances]
    items = [data.Item(u.text, voice_of(u.speaker, c.channel), EMOTIONS.index(u.emotion), VALENCES.index(u.valence)) for c, u in found]
    items = [data.unheard(item) for item in items] if options.unheard else items
    e, v, _ = predict(model, Tokenizer.from_file(str(options.base / "tokenizer.json")), items)
    voice = torch.tensor([i.voice for i in items])
    p = combined(cooled(e, voice, settings["emotion_temperature"]), cooled(v, voice, settings["valence_temperature"]),
                 settings["valence_share"])
    truth, valence = torch.tensor([i.emotion for i in items]), torch.tensor([i.valence for i in items])
    groups: dict[str, list[int]] = {}
    for at, (c, u) in enumerate(found):
        unseen = c.writer in set().union(*corpus.UNSEEN.values())
        names = ["all", f"{c.register}, {u.speaker}", f"{u.speaker}, {band(u.text)}"]
        names += [f"unseen writers, {u.speaker}"] if unseen else []
        for name in names:
            groups.setdefault(name, []).append(at)
    for name in sorted(groups):
        at = torch.tensor(groups[name])
        line(name, p[at], truth[at], valence[at])


if __name__ == "__main__":
    main()
