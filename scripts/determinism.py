#!/usr/bin/env python3
"""Scores 100,000 different utterances in several orders, batches and numbers of threads and compares the bytes.

    python3 scripts/determinism.py target/release/tingxin [--model NAME] [--utterances 100000]

The utterances are lines of models/corpus, each with six different openings. Every run groups them into contacts of another
size and order, so that each utterance is computed in other company. What an analysis says about an utterance must be
the same bytes every time. Prints one line per run and the number of differing utterances; exit status 1 if there is one.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "models/corpus"))

import corpus

OPENINGS = ["", "嗯，", "那个，", "喂，", "啊，", "就是，", "哎，"]
# Threads, utterances in a contact, seed of the order.
RUNS = [(1, 1, 1), (2, 40, 2), (4, 7, 3)]


def utterances(most: int) -> list[tuple[str, str]]:
    """(speaker, text), all different."""
    lines = dict.fromkeys((u.speaker, u.text) for c in corpus.load() if not c.is_note for u in c.utterances)
    found = dict.fromkeys((speaker, opening + text) for opening in OPENINGS for speaker, text in lines)
    return list(found)[:most]


def contacts(chosen: list[tuple[str, str]], size: int):
    for at in range(0, len(chosen), size):
        turns = [{"speaker": speaker, "text": text} for speaker, text in chosen[at:at + size]]
        yield {"source": "determinism", "contact_id": f"D-{at}", "channel": "hotline", "utterances": turns}


def scored(binary: str, model: str, threads: int, chosen, size: int) -> dict[tuple[str, str], tuple[str, bytes]]:
    """For every utterance its redacted text and the digest of what the analysis says about it, its place aside."""
    command = [binary, "analyze", "-", "--model", model, "--threads", str(threads), "--quiet"]
    lines = "".join(json.dumps(c, ensure_ascii=False) + "\n" for c in contacts(chosen, size))
    answer = subprocess.run(command, input=lines.encode(), stdout=subprocess.PIPE, check=True).stdout
    found = {}
    for line in answer.splitlines():
        analysis = json.loads(line)
        begin = int(analysis["contact_id"][2:])
        for utterance in analysis["utterances"]:
            place = begin + utterance.pop("index")
            digest = hashlib.sha256(json.dumps(utterance, sort_keys=True).encode()).digest()
            found[chosen[place]] = (utterance["text"], digest)
    return found


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("binary")
    arguments.add_argument("--model", default="tingxin-emotion")
    arguments.add_argument("--utterances", type=int, default=100_000)
    options = arguments.parse_args()
    chosen = utterances(options.utterances)
    first: dict[tuple[str, str], tuple[str, bytes]] = {}
    differing = 0
    for threads, size, seed in RUNS:
        order = random.Random(seed).sample(chosen, len(chosen))
        now = scored(options.binary, options.model, threads, order, size)
        if len(now) != len(chosen):
            print(f"{len(chosen) - len(now)} utterances came back without a score")
            return 1
        first = first or now
        # A number may be dictated over several lines, so redaction reads neighbours together: another text is another text.
        same = [key for key in chosen if now[key][0] == first[key][0]]
        found = sum(now[key] != first[key] for key in same)
        differing += found
        print(f"{len(same)} utterances, {threads} thread(s), {size} in a contact: {found} differ from the first run; "
              f"{len(chosen) - len(same)} more were redacted otherwise among their neighbours", flush=True)
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
