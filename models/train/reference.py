#!/usr/bin/env python3
"""How a model reads the customers of the corpus's dev split in their context: what the drift of its readings is measured against.

    cargo build --release
    python3 models/train/reference.py --binary target/release/tingxin [--model tingxin-emotion]

Prints `readings` for `models/manifest.toml`. Spoken: the calls as a recogniser writes them, whose shapes were measured on
real ones, without those that were to be displeased. Written: the
posts and chats, and whole contacts of the first half on channels that are typed. Left out are pairs, short dialogues and single lines,
which are about borders and not about traffic. Edges are deciles. `worth` is how many independent readings they are good for: turns of one contact are
alike, and so variances are those over contacts (Rao & Scott 1981). Needs nothing but the standard library.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "corpus"))
import corpus

# Writers who were asked for displeasure in every second call: nobody's traffic.
DISPLEASED = {"rdj", "rdk"}
SPOKEN = {"hotline", "outbound", "hall", "visit"}
BINS = 10


def chosen(contact: corpus.Contact) -> str | None:
    if contact.split != "dev" or contact.is_note or contact.writer in DISPLEASED or len(contact.utterances) < 3:
        return None
    if contact.channel in SPOKEN:
        return "spoken" if contact.register == "recognised speech" else None
    return "written" if contact.register in ("posts and chats", "first half") else None


def curves(binary: Path, model: str, contacts: list[corpus.Contact]) -> list[list[float]]:
    """Valence of every customer turn that can be read, contact by contact, as `Store::complete` keeps it."""
    with tempfile.NamedTemporaryFile("w", suffix=".ndjson", encoding="utf-8") as file:
        for contact in contacts:
            said = [{"speaker": one.speaker, "text": one.text} for one in contact.utterances]
            row = {"source": "reference", "contact_id": contact.id, "channel": contact.channel, "utterances": said}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
        file.flush()
        command = [str(binary), "analyze", "--quiet", "--model", model, file.name]
        answers = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout
    found = []
    for line in answers.splitlines():
        turns = [turn for turn in json.loads(line)["utterances"] if turn["speaker"] == "customer"]
        heard = [turn["in_context"]["valence"] if turn.get("in_context") else turn["valence"] for turn in turns
                 if turn.get("in_context") or turn["scorable"]]
        found.append([valence for valence in heard if valence is not None])
    return [curve for curve in found if curve]


def spread(found: list[list[float]]) -> str:
    every = sorted(valence for curve in found for valence in curve)
    edges = sorted({round(every[len(every) * at // BINS], 3) for at in range(1, BINS)})
    place = lambda valence: sum(edge < valence for edge in edges)
    counted = [[sum(place(valence) == at for valence in curve) for at in range(len(edges) + 1)] for curve in found]
    counts = [sum(one[at] for one in counted) for at in range(len(edges) + 1)]
    n, all_ = len(counted), len(every)
    relative = 0.0
    for at, count in enumerate(counts):
        share = count / all_
        squares = sum((one[at] - sum(one) * share) ** 2 for one in counted)
        relative += squares / all_**2 * n / (n - 1) / share
    worth = round(len(edges) / relative)
    print(f"{n} contacts, {all_} readings, worth {worth}", file=sys.stderr)
    return f"{{ edges = {edges}, counts = {counts}, worth = {worth} }}"


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--binary", type=Path, required=True)
    arguments.add_argument("--model", default="tingxin-emotion")
    options = arguments.parse_args()
    contacts = corpus.load()
    print("[model.readings]")
    for kind in ("spoken", "written"):
        of_kind = [contact for contact in contacts if chosen(contact) == kind]
        print(f"{kind} = {spread(curves(options.binary.resolve(), options.model, of_kind))}")


if __name__ == "__main__":
    main()
