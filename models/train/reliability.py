#!/usr/bin/env python3
"""Reliability of the valence of one utterance, by speaker: the calibration number of the contagion statistics.

    cargo build --release
    python3 models/corpus/labelled.py test > test.ndjson
    python3 models/train/reliability.py --binary target/release/tingxin test.ndjson

Squared correlation of the model's valence with the pleasure of the labelled emotion, divided by the agreement of two
readers (Krippendorff's alpha of the second labelling, `agreement.py`): what a reader gets wrong is no error of the model.
The 95 % interval is a bootstrap over utterances. Needs nothing but the standard library.
"""

import argparse
import json
import random
import subprocess
import tempfile
from pathlib import Path

# `Emotion::pleasure` of the program.
PLEASURE = {"happiness": .8, "gratitude": .9, "neutral": 0., "surprise": 0., "sadness": -.6, "fear": -.5, "anger": -.9,
            "disgust": -.7}
AGREEMENT = .922
DRAWS = 1000


def valences(binary: Path, rows: list[dict]) -> list[float]:
    """Valence of every row, each as a contact of its own."""
    with tempfile.NamedTemporaryFile("w", suffix=".ndjson", encoding="utf-8") as file:
        for at, row in enumerate(rows):
            speaker = row.get("speaker", "customer")
            file.write(json.dumps({"source": "reliability", "contact_id": f"R-{at}", "channel": "hotline",
                                   "utterances": [{"speaker": speaker, "text": row["text"]}]}, ensure_ascii=False) + "\n")
        file.flush()
        answers = subprocess.run([binary, "analyze", "--quiet", file.name], stdout=subprocess.PIPE, check=True).stdout
    return [json.loads(line)["utterances"][0]["valence"] for line in answers.splitlines()]


def squared_correlation(pairs: list[tuple[float, float]]) -> float:
    count = len(pairs)
    x, y = (sum(pair[at] for pair in pairs) / count for at in (0, 1))
    xy = sum((a - x) * (b - y) for a, b in pairs)
    return xy**2 / (sum((a - x) ** 2 for a, _ in pairs) * sum((b - y) ** 2 for _, b in pairs))


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--binary", type=Path, required=True)
    arguments.add_argument("file", type=Path)
    options = arguments.parse_args()
    rows = [json.loads(line) for line in options.file.read_text("utf-8").splitlines() if line.strip()]
    found = valences(options.binary.resolve(), rows)
    chance = random.Random(1)
    for speaker in ("customer", "agent"):
        pairs = [(valence, PLEASURE[row["emotion"]]) for valence, row in zip(found, rows) if row.get("speaker") == speaker]
        draws = sorted(squared_correlation(chance.choices(pairs, k=len(pairs))) / AGREEMENT for _ in range(DRAWS))
        rho = squared_correlation(pairs) / AGREEMENT
        print(f"{speaker}: {min(rho, 1):.3f} [{draws[DRAWS // 40]:.3f}, {draws[-DRAWS // 40]:.3f}], {len(pairs)} utterances")


if __name__ == "__main__":
    main()
