#!/usr/bin/env python3
"""Precision and recall of the flags beside the labels of the corpus, by register.

    cargo build --release
    python3 models/train/rules.py --binary target/release/tingxin --split dev

What a rule should have found follows from the labels in context by the rule's own definition (docs/scoring/reviewer.md), with the labels in place
of the model's draws. `likely_dissatisfied` is held against the listener's satisfaction (1 or 2), the two service rules too: they have no
label of their own, and the table shows how dissatisfied the contacts are that they flag, beside all. The thresholds were set on dev.
Needs nothing but the standard library.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "corpus"))

import corpus
from reliability import PLEASURE

NEGATIVE_SIDE, CLEAR_FALL, RUN, EDGE, COMPARED = -.3, -.4, 3, 3, 6


def analyses(binary: Path, model: str, contacts: list[corpus.Contact]) -> list[dict]:
    with tempfile.NamedTemporaryFile("w", suffix=".ndjson", encoding="utf-8") as file:
        for contact in contacts:
            turns = [{"speaker": u.speaker, "text": u.text} for u in contact.utterances]
            file.write(json.dumps({"source": "corpus", "contact_id": contact.id, "channel": contact.channel,
                                   "utterances": turns}, ensure_ascii=False) + "\n")
        file.flush()
        answers = subprocess.run([binary, "analyze", "--quiet", "--model", model, file.name], stdout=subprocess.PIPE, check=True).stdout
    return [json.loads(line) for line in answers.splitlines()]


def customer(contact: corpus.Contact) -> list[float]:
    """Pleasure of the customer's turns; neighbouring utterances are one turn."""
    turns: list[list[float]] = [[]]
    for u in contact.utterances:
        if u.speaker == "customer":
            turns[-1].append(PLEASURE[u.in_context])
        elif turns[-1]:
            turns.append([])
    return [sum(turn) / len(turn) for turn in turns if turn]


def wanted(contact: corpus.Contact) -> set[str]:
    """The rules that the labels call for."""
    mood, found = customer(contact), set()
    mean = lambda values: sum(values) / len(values)
    if len(mood) >= EDGE and mean(mood[-EDGE:]) < NEGATIVE_SIDE:
        found.add("negative_ending")
    if len(mood) >= COMPARED:
        third = round(len(mood) / 3)
        first, last = mean(mood[:third]), mean(mood[-third:])
        run = all(value < 0 for value in mood[-RUN:])
        if last < NEGATIVE_SIDE and (last <= first + CLEAR_FALL or (first > NEGATIVE_SIDE and run)):
            found.add("escalation")
        if sum(value < 0 for value in mood[:len(mood) // 2]) >= 2 and not any(value < 0 for value in mood[-EDGE:]):
            found.add("recovery")
    if any(u.speaker == "agent" and u.in_context in ("anger", "disgust") for u in contact.utterances):
        found.add("agent_lapse")
    if contact.satisfaction in (1, 2) and not found & {"negative_ending", "escalation"}:
        found.add("likely_dissatisfied")
    return found


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--binary", type=Path, required=True)
    arguments.add_argument("--model", default="tingxin-emotion")
    arguments.add_argument("--split", default="dev")
    options = arguments.parse_args()
    contacts = [c for c in corpus.load() if c.split == options.split and c.satisfaction and not c.is_note]
    rows = list(zip(contacts, analyses(options.binary.resolve(), options.model, contacts)))
    registers = defaultdict(list)
    for contact, analysis in rows:
        for name in (contact.register, "all"):
            registers[name].append((contact, analysis))
    for name, mine in sorted(registers.items()):
        low = lambda part: sum(c.satisfaction in (1, 2) for c, _ in part) / max(1, len(part))
        print(f"\n{name}: {len(mine)} contacts, {low(mine):.2f} dissatisfied")
        flagged = lambda rule: [(c, a) for c, a in mine if any(flag["rule"] == rule for flag in a["flags"])]
        for rule in ("escalation", "negative_ending", "recovery", "agent_lapse", "likely_dissatisfied"):
            hits, calls = flagged(rule), [c for c, _ in mine if rule in wanted(c)]
            good = sum(rule in wanted(c) or (rule == "likely_dissatisfied" and c.satisfaction in (1, 2)) for c, _ in hits)
            found = sum(rule in wanted(c) for c, _ in hits)
            print(f"  {rule:<22} precision {good}/{len(hits)} = {good / max(1, len(hits)):.2f}, "
                  f"recall {found}/{len(calls)} = {found / max(1, len(calls)):.2f}")
        for rule in ("deadline_not_told", "satisfaction_not_asked", "regulator_risk", "abuse"):
            hits = flagged(rule)
            print(f"  {rule:<22} {len(hits)} flagged, {low(hits):.2f} of them dissatisfied")
    calm = sorted((c for c, _ in rows if all(u.in_context == "neutral" for u in c.utterances)),
                  key=lambda c: -sum(len(u.text) for u in c.utterances))[:10]
    raised = [(c.id, flag["rule"]) for c, a in rows if c in calm for flag in a["flags"] if flag["severity"] != "info"]
    print(f"\nflags other than info in the ten longest calm contacts: {raised or 'none'}")


if __name__ == "__main__":
    main()
