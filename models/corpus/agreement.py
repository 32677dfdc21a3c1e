#!/usr/bin/env python3
"""How far a second, blind labelling agrees with the corpus.

    python3 models/corpus/agreement.py            figures of models/corpus/second.tsv
    python3 models/corpus/agreement.py --list     the lines in which the two differ

`second-context.tsv` holds whole contacts, labelled again: a contact's id with its satisfaction, and the turns that are not neutral in
context with their emotion. `second.tsv` holds one line per utterance: contact id and place (`bb-017/3`), a tab, and the second label. Prints
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


def alpha_of_grades(pairs: list[tuple[int, int]]) -> float:
    """Krippendorff's α of two annotators on grades, by the squared difference."""
    grades = [grade for pair in pairs for grade in pair]
    observed = sum((a - b) ** 2 for a, b in pairs) / len(pairs)
    mean = sum(grades) / len(grades)
    expected = 2 * sum((grade - mean) ** 2 for grade in grades) / (len(grades) - 1)
    return 1 - observed / expected


def interval(pairs: list[tuple], figure=alpha) -> str:
    chance = random.Random(20261101)
    drawn = sorted(figure(chance.choices(pairs, k=len(pairs))) for _ in range(RESAMPLES))
    return f"{figure(pairs):.3f}  95 % [{drawn[25]:.3f}, {drawn[974]:.3f}]"


def in_context() -> tuple[list[tuple[str, str]], list[tuple[int, int]]]:
    """Emotions in context of the turns, and satisfaction of the contacts, by both readers."""
    contacts = {c.id: c for c in corpus.load()}
    rows = dict(line.split("\t") for line in (corpus.HERE / "second-context.tsv").read_text("utf-8").splitlines())
    emotions, grades = [], []
    for key, value in rows.items():
        if "/" in key:
            continue
        contact = contacts[key]
        if contact.satisfaction:
            grades.append((contact.satisfaction, int(value)))
        emotions += [(u.in_context, corpus.EMOTIONS[rows.get(f"{key}/{at}", "neu")[:3]]) for at, u in enumerate(contact.utterances)]
    return emotions, grades


def pairs() -> list[tuple[corpus.Utterance, str, bool, str]]:
    """Every twice-labelled utterance with its second label, second mark of abuse, and its register."""
    utterances = {f"{c.id}/{at}": (u, c.register) for c in corpus.load() for at, u in enumerate(c.utterances)}
    found = []
    for line in (corpus.HERE / "second.tsv").read_text("utf-8").splitlines():
        key, label = line.split("\t")
        if key not in utterances:
            raise SystemExit(f"second.tsv names {key}, which the corpus does not have")
        utterance, register = utterances[key]
        found.append((utterance, label.rstrip("!"), label.endswith("!"), register))
    return found


def main() -> None:
    both = pairs()
    if "--list" in sys.argv:
        for first, second, _, _ in both:
            if first.emotion != corpus.EMOTIONS[second[:3]]:
                print(f"{first.place}\t{first.emotion}\t{corpus.EMOTIONS[second[:3]]}\t{first.text}")
        return
    emotions = [(first.emotion, corpus.EMOTIONS[second[:3]]) for first, second, _, _ in both]
    same = sum(a == b for a, b in emotions)
    print(f"{len(both)} utterances labelled twice, {same} alike ({same / len(both):.1%})")
    print(f"8 emotions   α {interval(emotions)}")
    print(f"3 valences   α {interval([(f.valence, corpus.valence_of(s)) for f, s, _, _ in both])}")
    print(f"abuse        α {interval([(str(f.abuse), str(a)) for f, _, a, _ in both])}")
    heard, grades = in_context()
    print(f"in context, {len(heard)} turns: 8 emotions α {interval(heard)}, 3 valences "
          f"{interval([(corpus.valence_of(a[:3]), corpus.valence_of(b[:3])) for a, b in heard])}")
    print(f"satisfaction of {len(grades)} contacts α {interval(grades, alpha_of_grades)}, "
          f"alike {sum(a == b for a, b in grades) / len(grades):.1%}")
    for register in sorted({r for _, _, _, r in both}):
        mine = [(f.emotion, corpus.EMOTIONS[s[:3]]) for f, s, _, r in both if r == register]
        print(f"{register}, {len(mine)} lines: α {interval(mine)}")
    for name in corpus.EMOTIONS.values():
        print(f"{name:<12} α {interval([(str(a == name), str(b == name)) for a, b in emotions])}")


if __name__ == "__main__":
    main()
