#!/usr/bin/env python3
"""Convert CPED dialogues to the label sequences that `tingxin simulate --data` reads.

CPED (Chen et al. 2022, https://github.com/scutcyr/CPED, Apache-2.0) holds dialogues of Chinese television series
with the sentiment of every utterance. Two people who act for an audience do catch each other's mood: a coupling that is
not found here is not found anywhere, which makes it the positive control of the statistics (V11).

    python3 scripts/convert_cped.py valid_split.csv test_split.csv > cped.tsv
    tingxin simulate --data cped.tsv

Input: the split files of the release (`.csv`, columns Dialogue_ID, Speaker, Sentiment), or one JSON object a line with `dlg`,
`spk`, `senti` (`.jsonl`, `.jsonl.gz`). Only dialogues of exactly two people are taken; whoever speaks first stands in the
place of the customer. No text is written. Standard library only.

Exit status: 0 done, 1 a file cannot be read or is no CPED file.
"""

import argparse
import csv
import gzip
import json
import signal
import sys
from pathlib import Path

CLASSES = {"negative", "neutral", "positive"}


def rows(path):
    """Yield (dialogue, speaker, sentiment) of every utterance in order."""
    opened = gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else open(path, encoding="utf-8-sig", newline="")
    with opened as file:
        if path.suffix == ".csv":
            yield from ((row["Dialogue_ID"], row["Speaker"], row["Sentiment"]) for row in csv.DictReader(file))
        else:
            for line in filter(str.strip, file):
                row = json.loads(line)
                yield row["dlg"], row["spk"], row["senti"]


def dialogues(path):
    """The utterances of each dialogue, in order of appearance."""
    found = {}
    for dialogue, speaker, sentiment in rows(path):
        if sentiment not in CLASSES:
            raise ValueError(f"the sentiment {sentiment!r} is none of {', '.join(sorted(CLASSES))}")
        found.setdefault(dialogue, []).append((speaker, sentiment))
    return found


def main():
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("files", nargs="+", type=Path, help="split files of CPED")
    taken = left = 0
    print("dialogue_id\tturn\trole\tvalence_class")
    for path in parser.parse_args().files:
        try:
            found = dialogues(path)
        except (OSError, KeyError, ValueError) as cause:
            sys.exit(f"{path}: {cause!r}; this is no file of CPED")
        for name, utterances in found.items():
            if len({speaker for speaker, _ in utterances}) != 2:
                left += 1
                continue
            taken += 1
            first = utterances[0][0]
            for turn, (speaker, sentiment) in enumerate(utterances, 1):
                role = "customer" if speaker == first else "agent"
                print(f"{path.name}:{name}\t{turn}\t{role}\t{sentiment}")
    print(f"{taken} dialogues of two people, {left} of more were left out", file=sys.stderr)


if __name__ == "__main__":
    main()
