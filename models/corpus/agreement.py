#!/usr/bin/env python3
"""How far a second, blind labelling agrees with the corpus.

    python3 models/corpus/agreement.py            figures of models/corpus/second.tsv
    python3 models/corpus/agreement.py --list     the lines in which the two differ

`second.tsv` holds one line per utterance: contact id and place (`bb-017/3`), a tab, and the second label. Prints
Krippendorff's α for nominal data (two annotators, no gaps): 1 is full agreement, 0 what chance gives. Overall,
for the three valences, and for every class against the rest. Intervals: 1,000 bootstrap resamples of utterances.
"""

from __future__ import annotations

import random
import sys
from collections import Counter

import corpus

RESAMPLES = 1000


def alpha(pairs: list[tuple[str, str]]) -> float:
    """Krippendorff's α of two annotators on nominal labels."""
    values = Counter(label for pair in pairs for label in pair)
    total = sum(values.values())
    observed = sum(a != b for a, b in pairs) / len(pairs)
    expected = 1 - sum(n * (n - 1) for n in values.values()) / (total * (total - 1))
    return 1.0 if expected == 0 else 1 - observed / expected


def interval(pairs: list[tuple[str, str]]) -> str:
    chance = random.Random(20261101)
    drawn = sorted(alpha(chance.choices(pairs, k=len(pairs))) for _ in range(RESAMPLES))
    return f"{alpha(pairs):.3f}  95 % [{drawn[25]:.3f}, {drawn[974]:.3f}]"


def pairs() -> list[tuple[corpus.Utterance, str, bool]]:
    """Every twice-labelled utterance with its second label and second mark of abuse."""
    utterances = {f"{c.id}/{at}": u for c in corpus.load() for at, u in enumerate(c.utterances)}
    found = []
    for line in (corpus.HERE / "second.tsv").read_text("utf-8").splitlines():
        key, label = line.split("\t")
        if key not in utterances:
            raise SystemExit(f"second.tsv names {key}, which the corpus does not have")
        found.append((utterances[key], label.rstrip("!"), label.endswith("!")))
    return found


def main() -> None:
    both = pairs()
    if "--list" in sys.argv:
        for first, second, _ in both:
            if first.emotion != corpus.EMOTIONS[second[:3]]:
                print(f"{first.place}\t{first.emotion}\t{corpus.EMOTIONS[second[:3]]}\t{first.text}")
        return
    emotions = [(first.emotion, corpus.EMOTIONS[second[:3]]) for first, second, _ in both]
    same = sum(a == b for a, b in emotions)
    print(f"{len(both)} utterances labelled twice, {same} alike ({same / len(both):.1%})")
    print(f"8 emotions   α {interval(emotions)}")
    print(f"3 valences   α {interval([(f.valence, corpus.valence_of(s)) for f, s, _ in both])}")
    print(f"abuse        α {interval([(str(f.abuse), str(a)) for f, _, a in both])}")
    for name in corpus.EMOTIONS.values():
        print(f"{name:<12} α {interval([(str(a == name), str(b == name)) for a, b in emotions])}")


if __name__ == "__main__":
    main()
