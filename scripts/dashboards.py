#!/usr/bin/env python3
"""Writes the dashboards of deploy/grafana/dashboards: supervisor, QA lead, operator.

    scripts/dashboards.py            # write the files
    scripts/dashboards.py --check    # fail when a file is not what this writes

What they show stands in dashboard_quality.py and dashboard_operator.py, how Grafana spells a panel in grafana_panels.py.
Titles are Chinese, descriptions English.
"""

import argparse
import json
import pathlib
import sys

from dashboard_operator import OPERATOR
from dashboard_quality import QUALITY, SUPERVISOR
from grafana_panels import Board

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "deploy/grafana/dashboards"


def text(board: Board) -> str:
    return json.dumps(board.json(), ensure_ascii=False, indent=1) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description="Writes deploy/grafana/dashboards.")
    parser.add_argument("--check", action="store_true", help="compare instead of writing")
    check = parser.parse_args().check
    FOLDER.mkdir(parents=True, exist_ok=True)
    stale = []
    for board in (SUPERVISOR, QUALITY, OPERATOR):
        file = FOLDER / f"{board.uid}.json"
        if not check:
            file.write_text(text(board), encoding="utf-8")
        elif not file.exists() or file.read_text(encoding="utf-8") != text(board):
            stale.append(file.name)
    if stale:
        print(f"out of date: {', '.join(stale)}: run scripts/dashboards.py and commit them", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
