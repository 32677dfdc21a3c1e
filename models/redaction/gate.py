"""The gate before the tagger: learns which lines it need not read."""

import struct

import numpy as np

SIZE = 1 << 16
STEPS = 100
# So many lines with something personal may be kept from the tagger, of those that the gate has not learnt from. Rules
# read them all the same. At .002 twice as many lines without anything personal pass.
LOST = 0.005


def score(weights, keys):
    """The largest sum of a character in each line."""
    return np.array([weights[line].sum(1).max() if len(line) else -1e9 for line in keys])


def learn(keys, labels, weight=1.5, rate=0.5, decay=3e-6):
    """Logistic regression over all characters at once, with steps that shrink where much was learnt."""
    flat = np.concatenate([line for line in keys if len(line)])
    gold = np.concatenate([np.array(line, bool) for line in labels if len(line)])
    cost = np.where(gold, weight, 1.0).astype(np.float32)
    weights, squares = np.zeros(SIZE, np.float32), np.full(SIZE, 1e-8, np.float32)
    many = flat.shape[1]
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-(weights[flat].sum(1) - 4.0)))
        error = (cost * (gold - chance)).astype(np.float32)
        gradient = np.bincount(flat.ravel(), np.repeat(error, many), SIZE) - decay * len(flat) * weights
        squares += gradient ** 2
        weights += (rate * gradient / np.sqrt(squares)).astype(np.float32)
    return weights


def train(keys, labels, rng, unseen):
    """The bytes of the gate. `labels`: whether each character is personal."""
    order = list(range(len(keys)))
    rng.shuffle(order)
    kept, tried = order[len(order) // 10:], order[:len(order) // 10]
    weights = learn([keys[i] for i in kept], [labels[i] for i in kept])
    scale = 127 / np.percentile(np.abs(weights), 99.95)
    steps = np.clip(np.rint(weights * scale), -127, 127)
    personal = score(steps, [keys[i] for i in tried if any(labels[i])])
    least = int(np.quantile(personal, LOST))
    passed = (score(steps, unseen) >= least).mean()
    print(f"gate: opens at {least}, lines of the corpus that pass {passed:.3f}, scale {scale:.1f}", flush=True)
    return struct.pack("<i", least) + steps.astype(np.int8).tobytes()
