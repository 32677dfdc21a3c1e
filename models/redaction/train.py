"""Trains the tagger of redaction and writes `tagger.bin`.

    cargo build -p tingxin-text --example tagger_traits
    python models/redaction/train.py

The same lines and the same seed give the same file. `--test X` leaves a file or a writer of `train.jsonl` (w1, w2) out
and says what is found there by the rules, and by both; `--negatives N` is how many utterances of the corpus are learnt from.
"""

import argparse
import random
from pathlib import Path

import numpy as np

import augment
import frames
import gate
from tagger import HERE, ROOT, Traits, contacts, labels, load, train

FILES = ["train.jsonl", "dev.jsonl", "second.jsonl"]
WRITERS = ["w1", "w2"]
SEED = 7
# What a character of each kind gains. Chosen on lines that a tagger had not learnt from (`--test second.jsonl`), where
# the names and addresses that it takes out by mistake begin to be many above these.
BIAS = {"name": 0.6, "address": 0.6, "birth_date": 0.7, "email": 0.4, "number": 0.4, "plate": 0.0}
# Weights are whole steps up to 127; a trait with none above this says little.
LEAST = 28


def measure(lines, traits, scores, model, bias):
    """Found places and right masks, as `tingxin evaluate --redaction` counts them."""
    by_kind, masks, right, missed, wrong = {}, 0, 0, [], []
    false = {}
    for (text, spans, _), (places, _, rules), score in zip(lines, traits.lines, scores):
        tagged = model.spans(places, score, bias)
        both = sorted([(a, b, "rule") for a, b in rules] + tagged)
        covered = {i for a, b, _ in both for i in range(a, b)}
        ruled = {i for a, b in rules for i in range(a, b)}
        personal = {i for a, b, _ in spans for i in range(a, b)}
        for start, end, kind in spans:
            cell = by_kind.setdefault(kind, [0, 0, 0, 0])
            cell[3] += {i for a, b, _ in tagged for i in range(a, b)}.issuperset(range(start, end))
            cell[0] += ruled.issuperset(range(start, end))
            cell[1] += covered.issuperset(range(start, end))
            cell[2] += 1
            if not covered.issuperset(range(start, end)):
                missed.append((kind, f"{text[:start]}<{text[start:end]}>{text[end:]}", str(tagged)))
        last = -1
        for start, end, kind in both:
            if start >= last:
                masks += 1
                right += not personal.isdisjoint(range(start, end))
                if personal.isdisjoint(range(start, end)):
                    false[kind] = false.get(kind, 0) + 1
                    wrong.append((kind, f"{text[:start]}<{text[start:end]}>{text[end:]}"))
            last = max(last, end)
    return by_kind, masks, right, missed, wrong, false


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--test", help="a file or writer to leave out and to measure on")
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--copies", type=int, default=3)
    parser.add_argument("--frames", type=int, default=10, help="how many lines are made of a frame")
    parser.add_argument("--negatives", type=int, default=40_000)
    parser.add_argument("--least", type=int, default=4, help="how often a trait must be seen")
    parser.add_argument("--dropout", type=float, default=0.45)
    parser.add_argument("--rate", type=float, default=0.15)
    parser.add_argument("--show", type=int, default=0, help="how many misses and false masks to print")
    parser.add_argument("--gate", action="store_true", help="write the gate alone")
    parser.add_argument("--out", default=str(HERE / "tagger.bin"))
    args = parser.parse_args()
    binary = ROOT / "target/debug/examples/tagger_traits"
    rng = random.Random(SEED)
    names = augment.Names(ROOT / "crates/text/src/redact/names.tsv")
    texts = contacts()
    rng.shuffle(texts)
    unseen, texts = texts[:2000], texts[2000:]
    files = {name: load(HERE / name) for name in FILES}
    # A writer of `train.jsonl` is known by the group of the line.
    writers = {writer: [line for line in files["train.jsonl"] if line[2].startswith(f"{writer}-")] for writer in WRITERS}
    test = writers.get(args.test) or files.get(args.test) or []
    lines = [line for lines in files.values() for line in lines if line not in test]
    rows = augment.more(rng, names, lines, texts, args.copies)
    rows += augment.around(rng, frames.lines(rng, names, frames.everyday(), args.frames), texts)
    # What the rules find in the corpus is no example of nothing.
    texts = texts[:args.negatives]
    clean = Traits(texts, binary)
    found = Traits([row[0] for row in rows], binary, "traits")
    data = [(traits, labels(places, row[1])) for row, (places, traits, _) in zip(rows, found.lines)]
    data += [(traits, [0] * len(places)) for places, traits, rules in clean.lines if not rules]
    personal = [[label > 0 for label in labels(places, row[1])] for row, (places, _, _) in zip(rows, found.lines)]
    silent = [line for line, (_, _, rules) in zip(clean.keys, clean.lines) if not rules]
    fresh = Traits(unseen, binary).keys
    door = gate.train(found.keys + silent, personal + [[False] * len(line) for line in silent], rng, fresh)
    if args.gate:
        Path(args.out).with_name("gate.bin").write_bytes(door)
        return
    del found, clean, silent, personal
    model = train(data, args.epochs, SEED, args.dropout, args.rate, args.least).small(LEAST)
    print(len(model.keys), "traits, weights", np.percentile(np.abs(model.weights), [50, 90, 99, 99.9, 100]).round(3))
    if not args.test:
        Path(args.out).write_bytes(model.bytes(BIAS))
        Path(args.out).with_name("gate.bin").write_bytes(door)
        return
    for name, lines in ((args.test, test), ("corpus", [(text, [], "") for text in unseen])):
        traits = Traits([line[0] for line in lines], binary)
        scores = [model.scores(rows) for _, rows, _ in traits.lines]
        for bias in (0, BIAS, 1, 1.5):
            kinds, masks, right, missed, wrong, false = measure(lines, traits, scores, model, bias)
            total = [sum(cell[i] for cell in kinds.values()) for i in range(4)]
            print(f"{name} bias {bias}: rules {total[0]}, tagger {total[3]}, both {total[1]} of {total[2]}"
                  f" ({total[1] / max(total[2], 1):.3f}), masks {right} of {masks} ({right / max(masks, 1):.3f})",
                  {kind: f"{a}|{d}→{b}/{c}" for kind, (a, b, c, d) in kinds.items()}, "false", false, flush=True)
            if bias == BIAS:
                for row in (missed[:args.show], wrong[:args.show]):
                    print(*row, sep="\n")


if __name__ == "__main__":
    main()
