#!/usr/bin/env python3
"""Macro-F1 of a model trained with the stage `published` on SMP2020-EWECT's evaluation set, six emotions.

    published.py --base base-encoder --data research --weights work/published
"""

from __future__ import annotations

import argparse
from pathlib import Path

from sklearn.metrics import accuracy_score, f1_score
from tokenizers import Tokenizer

import data
from labels import EMOTIONS
from train import load, predict


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--base", type=Path, required=True)
    arguments.add_argument("--data", type=Path, required=True)
    arguments.add_argument("--weights", type=Path, required=True)
    options = arguments.parse_args()
    items = data.ewect(options.data, "ewect_usual_eval")
    tokenizer = Tokenizer.from_file(str(options.base / "tokenizer.json"))
    logits, _, _ = predict(load(options.weights), tokenizer, items)
    six = [EMOTIONS.index(name) for name in data.EWECT.values()]
    guess = [six[at] for at in logits[:, six].argmax(1).tolist()]
    truth = [item.emotion for item in items]
    print(f"{len(items)} texts: macro-F1 {f1_score(truth, guess, average='macro'):.4f}, "
          f"accuracy {accuracy_score(truth, guess):.4f}")


if __name__ == "__main__":
    main()
