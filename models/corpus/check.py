#!/usr/bin/env python3
"""Checks the corpus: form, size, duplicates, shared beginnings, balance, personal data.

    python3 models/corpus/check.py              the whole corpus, against its minimum sizes
    python3 models/corpus/check.py --cells      what a mark, a length, a filler, a first word or «谢谢» tells about the label
    python3 models/corpus/check.py FILE...      single files, form and repetition only
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from pathlib import Path

import corpus

LEAST_UTTERANCES, LEAST_CONTACTS, LEAST_NOTES = 40_000, 2_000, 600
LEAST_CALLS, LEAST_RECOGNISED = 600, 14_000  # contacts and turns of recognised speech
MOST_SHARED_BEGINNING = 0.04  # people who pick up a phone begin alike; more would be a template
LEAST_OF_A_CLASS = 250
PERSONAL = re.compile(r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])|[0-9]{15,19}|[\w.]+@[\w-]+\.\w+")


# A cell tells something about a label from here on: its share of the label less that of all lines of the same register.
MOST_TOLD = 0.05
LEAST_IN_A_CELL = 100
FILLER = re.compile("^(唉|哎|啊|呃|嗯|哦|喂|那个|这个|就是|然后|诶|噢|额|欸|哟)")


def cells(utterance) -> list[str]:
    text = utterance.text
    length = len(corpus.normal(text))
    mark = next((f"ends with {m}" for m in "！。？" if text.rstrip().endswith((m, {"！": "!", "。": ".", "？": "?"}[m]))), "no final mark")
    size = next(name for least, name in ((41, "41 and more"), (21, "21 to 40"), (13, "13 to 20"), (4, "4 to 12"), (0, "up to 3")) if length >= least)
    found = [mark, f"{size} characters", f"begins «{text[:2]}»"]
    found += ["begins with a filler"] if FILLER.match(text) else []
    found += ["has «谢谢»"] if "谢谢" in text else []
    found += ["has «！»"] if "！" in text or "!" in text else []
    return found


def told(contacts) -> list[str]:
    """Every cell that predicts a valence better than the base rate of its register and speaker by more than MOST_TOLD."""
    groups: dict[tuple[str, str], list] = {}
    for contact in contacts:
        for u in contact.utterances:
            if u.speaker != "note":
                groups.setdefault((contact.register, u.speaker), []).append(u)
                groups.setdefault(("all", u.speaker), []).append(u)
    lines = []
    for (name, speaker), utterances in sorted(groups.items()):
        base = Counter(u.valence for u in utterances)
        by_cell: dict[str, Counter] = {}
        for u in utterances:
            for cell in cells(u):
                by_cell.setdefault(cell, Counter())[u.valence] += 1
        for cell, count in by_cell.items():
            total = sum(count.values())
            for valence in ("negative", "neutral", "positive"):
                more = count[valence] / total - base[valence] / len(utterances)
                if total >= LEAST_IN_A_CELL and more > MOST_TOLD:
                    lines.append(f"{name}, {speaker}: {cell} ({total} lines): {valence} {count[valence] / total:.2f}, "
                                 f"base {base[valence] / len(utterances):.2f}, +{more:.2f}")
    return sorted(lines, key=lambda line: -float(line.rsplit("+", 1)[1]))


def shared_beginnings(utterances) -> tuple[float, list[tuple[str, int]]]:
    """Share of utterances that begin with the six characters of another; texts under six are left out."""
    begins = Counter(corpus.normal(u.text)[:6] for u in utterances if len(corpus.normal(u.text)) >= 6)
    common = [(text, n) for text, n in begins.most_common() if n > 1]
    return sum(n for _, n in common) / max(1, sum(begins.values())), common


def main() -> int:
    files = [Path(name) for name in sys.argv[1:] if name != "--cells"]
    try:
        contacts = [c for f in files for c in corpus.parse(f)] if files else corpus.load()
    except corpus.CorpusError as refused:
        print(f"refused: {refused}")
        return 1
    if "--cells" in sys.argv:
        print("\n".join(told(contacts)))
        return 0
    utterances = [u for c in contacts for u in c.utterances]
    # The two lines of a pair share their beginning by design.
    single = [u for c in contacts if c.arc != "pair" for u in c.utterances]
    calls = [c for c in contacts if not c.is_note]
    notes = [c for c in contacts if c.is_note]
    repeated = corpus.near_duplicates(utterances)
    share, common = shared_beginnings(single)
    balance = Counter(u.emotion for u in utterances)
    print(f"contacts {len(calls)}, notes {len(notes)}, utterances {len(utterances)}, "
          f"near-duplicates {len(repeated)}, counted {len(utterances) - len(repeated)}")
    print("emotions", dict(balance.most_common()), "abuse", sum(u.abuse for u in utterances))
    print("speakers", dict(Counter(u.speaker for u in utterances)))
    print("channels", dict(Counter(c.channel for c in calls)))
    print("styles", dict(Counter(c.style for c in calls)))
    print("splits", dict(Counter(c.split for c in contacts)))
    print(f"share with a shared beginning {share:.3%}", common[:15])

    faults = [f"{u.place}: personal data? {u.text}" for u in utterances if PERSONAL.search(u.text)]
    if share > MOST_SHARED_BEGINNING:
        faults.append(f"{share:.1%} of utterances share their first six characters, at most {MOST_SHARED_BEGINNING:.0%} may")
    if not files:
        if len(utterances) - len(repeated) < LEAST_UTTERANCES:
            faults.append(f"fewer than {LEAST_UTTERANCES} different utterances")
        recognised = [c for c in calls if c.register == "recognised speech"]
        if len(recognised) < LEAST_CALLS or sum(len(c.utterances) for c in recognised) < LEAST_RECOGNISED:
            faults.append(f"fewer than {LEAST_CALLS} calls or {LEAST_RECOGNISED} turns of recognised speech")
        if len(calls) < LEAST_CONTACTS or len(notes) < LEAST_NOTES:
            faults.append(f"fewer than {LEAST_CONTACTS} contacts or {LEAST_NOTES} notes")
        faults.extend(f"fewer than {LEAST_OF_A_CLASS} of {name}" for name in corpus.EMOTIONS.values()
                      if balance[name] < LEAST_OF_A_CLASS)
        missing = corpus.CHANNELS - {c.channel for c in calls}
        if missing:
            faults.append(f"no contact of {sorted(missing)}")
    else:
        faults.extend(f"{utterances[i].place}: near-duplicate: {utterances[i].text}" for i in sorted(repeated))
    for fault in faults:
        print("FAULT", fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
