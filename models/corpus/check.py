#!/usr/bin/env python3
"""Checks the corpus: form, size, duplicates, shared beginnings, balance, personal data.

    python3 models/corpus/check.py              the whole corpus, against its minimum sizes
    python3 models/corpus/check.py FILE...      single files, form and repetition only
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from pathlib import Path

import corpus

LEAST_UTTERANCES, LEAST_CONTACTS, LEAST_NOTES = 8_000, 500, 600
MOST_SHARED_BEGINNING = 0.03
LEAST_OF_A_CLASS = 250
PERSONAL = re.compile(r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])|[0-9]{15,19}|[\w.]+@[\w-]+\.\w+")


def shared_beginnings(utterances) -> tuple[float, list[tuple[str, int]]]:
    """Share of utterances that begin with the six characters of another; texts under six are left out."""
    begins = Counter(corpus.normal(u.text)[:6] for u in utterances if len(corpus.normal(u.text)) >= 6)
    common = [(text, n) for text, n in begins.most_common() if n > 1]
    return sum(n for _, n in common) / max(1, sum(begins.values())), common


def main() -> int:
    files = [Path(name) for name in sys.argv[1:]]
    try:
        contacts = [c for f in files for c in corpus.parse(f)] if files else corpus.load()
    except corpus.CorpusError as refused:
        print(f"refused: {refused}")
        return 1
    utterances = [u for c in contacts for u in c.utterances]
    calls = [c for c in contacts if not c.is_note]
    notes = [c for c in contacts if c.is_note]
    repeated = corpus.near_duplicates(utterances)
    share, common = shared_beginnings(utterances)
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
