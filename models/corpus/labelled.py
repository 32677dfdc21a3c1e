#!/usr/bin/env python3
"""Writes a split of the corpus as labelled utterances for `tingxin evaluate`.

    python3 models/corpus/labelled.py test > test.ndjson
    python3 models/corpus/labelled.py dev notes > notes.ndjson      sentences of notes alone
"""

import json
import sys

import corpus


def main() -> None:
    split = sys.argv[1] if len(sys.argv) > 1 else "test"
    notes = "notes" in sys.argv[2:]
    chosen = [(f"{c.id}/{at}", c.channel, u) for c in corpus.load() if c.split == split and c.is_note == notes
              for at, u in enumerate(c.utterances)]
    repeated = corpus.near_duplicates([u for *_, u in chosen])
    for at, (key, channel, u) in enumerate(chosen):
        if at not in repeated:
            row = {"id": key, "text": u.text, "speaker": u.speaker, "channel": channel, "emotion": u.emotion, "valence_class": u.valence,
                   "abuse": u.abuse}
            print(json.dumps(row, ensure_ascii=False))


if __name__ == "__main__":
    main()
