#!/usr/bin/env python3
"""Redaction beside jionlp, which finds personal numbers, mail and regions by rules, on the same marked lines.

    python3 -m venv target/tools/peers && target/tools/peers/bin/pip install -r scripts/redaction_peers.txt
    target/tools/peers/bin/python scripts/redaction_peers.py models/redaction/fresh.jsonl --tingxin target/release/tingxin

Counted as `tingxin evaluate --redaction` counts: a place is found when each of its characters is masked, a mask is right when any
character under it is personal. jionlp has no finder of names without a model of its own to train, none of birth dates and none of
codes: those rows are empty for it, and the last row but one counts the kinds it has. Everything that its parser of places recognises
counts as an address.
"""

from __future__ import annotations

import argparse
import json
import subprocess
from collections import defaultdict
from pathlib import Path
from typing import Any

Spans = list[tuple[int, int]]


def jionlp_spans(text: str) -> Spans:
    """What each of jionlp's extractors finds; those that return words alone are looked for in the text."""
    import jionlp

    found: Spans = []
    for extract in (
        jionlp.extract_phone_number, jionlp.extract_email, jionlp.extract_id_card, jionlp.extract_qq,
        jionlp.extract_wechat_id, jionlp.extract_motor_vehicle_licence_plate,
    ):  # fmt: skip
        for word in extract(text) or []:
            at = text.find(word)
            while word and at >= 0:
                found.append((at, at + len(word)))
                at = text.find(word, at + len(word))
    # A region alone is nobody's address: its parser must know more than province, city and county.
    place: dict[str, Any] = jionlp.parse_location(text, town_village=True) or {}
    detail = place.get("detail") or ""
    if (place.get("province") or place.get("city")) and detail and detail != text and detail in text:
        found.append((text.find(detail), text.find(detail) + len(detail)))
    return sorted(set(found))


def count(rows: list[dict[str, Any]]) -> tuple[dict[str, list[int]], list[int]]:
    kinds: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    masks = [0, 0]
    for row in rows:
        found = jionlp_spans(row["text"])
        covered = {at for start, end in found for at in range(start, end)}
        personal = {at for span in row["spans"] for at in range(span["start"], span["end"])}
        for span in row["spans"]:
            kinds[span["kind"]][0] += covered.issuperset(range(span["start"], span["end"]))
            kinds[span["kind"]][1] += 1
        for start, end in found:
            masks[0] += not personal.isdisjoint(range(start, end))
            masks[1] += 1
    return kinds, masks


def ours(binary: str, path: Path) -> tuple[dict[str, list[int]], list[int]]:
    told = subprocess.run([binary, "evaluate", "--redaction", str(path), "--output", "json"], stdout=subprocess.PIPE, check=True)
    report = json.loads(told.stdout)
    kinds = {cell["name"]: [cell["hits"], cell["total"]] for cell in report["recall_by_kind"]}
    return kinds, [report["precision"]["hits"], report["precision"]["total"]]


def share(cell: list[int]) -> str:
    return f"{cell[0]} of {cell[1]} ({cell[0] / cell[1]:.3f})" if cell[1] else "–"


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("lines", type=Path)
    arguments.add_argument("--tingxin", default="target/release/tingxin")
    options = arguments.parse_args()
    rows = [json.loads(row) for row in options.lines.read_text("utf-8").splitlines()]
    mine, my_masks = ours(options.tingxin, options.lines)
    theirs, their_masks = count(rows)
    known = ("phone", "email", "id_card", "qq", "wechat", "plate", "address")
    print("| kind | Tingxin | jionlp |\n|---|---|---|")
    for kind in sorted(mine):
        print(f"| {kind} | {share(mine[kind])} | {share(theirs[kind]) if kind in known else '–'} |")
    for name, kinds in (("kinds that jionlp has", known), ("all", tuple(mine))):
        sums = [[sum(side[kind][part] for kind in kinds if kind in side) for part in (0, 1)] for side in (mine, theirs)]
        print(f"| {name} | {share(sums[0])} | {share(sums[1])} |")
    print(f"| precision | {share(my_masks)} | {share(their_masks)} |")


if __name__ == "__main__":
    main()
