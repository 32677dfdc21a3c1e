#!/usr/bin/env python3
"""Plays two days at a compressed clock, an ordinary one and one with an outage, before a real Prometheus.

    scripts/day_with_outage.py                       # target/release/tingxin, four minutes a day
    scripts/day_with_outage.py --binary target/debug/tingxin --small

Starts `tingxin demo --live` and a Prometheus with the rules of deploy/prometheus, whose times are shortened as much as the
day; no threshold is changed. Prints which alerts fired and when, then how many series every expression of the dashboards
has. Exit status 1 when an expected alert did not fire or another one did. Needs `prometheus` (scripts/test-tools.sh).
"""

from __future__ import annotations

import argparse
import json
import pathlib
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request
from dataclasses import dataclass, field

ROOT = pathlib.Path(__file__).resolve().parent.parent
SECONDS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
SCRAPE_SECONDS = 0.25
# The day with the outage, and the hours from its beginning to the end of what follows from it.
BAD_DAY, FIRST_HOUR, LAST_HOUR = 1, 10, 16
# Until then it is watched.
END = (BAD_DAY, 20)
# What must fire, on which channel; and what is planted in the quarter and fires all the time.
EXPECTED = {("TingxinEscalationsRising", "hotline"), ("TingxinMoodDropped", "hotline")}
PLANTED = {("TingxinAppealsOverdue", "")}
# What may have no series although everything works, and why.
MAY_BE_EMPTY = {"ALERTS{": "no alert is about to fire", ":usual_ratio1h": "less than two weeks to compare with"}


@dataclass
class Demo:
    """What the demo has said so far."""

    process: subprocess.Popen[str]
    url: str = ""
    key: str = ""
    hours: list[int] = field(default_factory=list)

    def read(self) -> None:
        """Reads on until the demo ends."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.startswith("listening on "):
                self.url = line.removeprefix("listening on ").strip()
            elif line.startswith("API key: "):
                self.key = line.removeprefix("API key: ").strip()
            elif hour := re.match(r"(\d\d):00 ", line):
                self.hours.append(int(hour.group(1)))

    def clock(self) -> tuple[int, int]:
        """The day and the hour that it plays."""
        return divmod(max(len(self.hours) - 1, 0), 24)


def shorten(rules: str, factor: float) -> str:
    """The same rules over times that are shorter by a factor."""

    def short(found: re.Match[str]) -> str:
        seconds = int(found.group(2)) * SECONDS[found.group(3)] / factor
        return f"{found.group(1)}{max(round(seconds * 1000), 1)}ms{found.group(4)}"

    for before, after in [(r"\[", r"\]"), (r"offset ", r"\b"), (r"\n\s+for: ", r"\n")]:
        rules = re.sub(rf"({before})(\d+)(ms|[smhdw])({after})", short, rules)
    # Contacts an hour.
    return re.sub(r"(:rate1h) \* 3600", rf"\1 * {3600 / factor:.3f}", rules)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def configure(folder: pathlib.Path, demo: Demo, factor: float) -> None:
    """Writes the settings of Prometheus."""
    rules = (ROOT / "deploy/prometheus/rules.yml").read_text(encoding="utf-8")
    (folder / "rules.yml").write_text(shorten(rules, factor), encoding="utf-8")
    every = f"{round(SCRAPE_SECONDS * 1000)}ms"
    target = demo.url.removeprefix("http://")
    (folder / "prometheus.yml").write_text(
        f"global: {{ scrape_interval: {every}, scrape_timeout: {every}, evaluation_interval: {every} }}\n"
        "rule_files: [rules.yml]\n"
        f"scrape_configs:\n  - job_name: tingxin\n    authorization: {{ credentials: {demo.key} }}\n"
        f'    static_configs: [{{ targets: ["{target}"] }}]\n',
        encoding="utf-8",
    )


def ask(base: str, path: str, **query: str) -> dict[str, object]:
    with urllib.request.urlopen(f"{base}{path}?{urllib.parse.urlencode(query)}", timeout=10) as answer:
        data: dict[str, object] = json.load(answer)["data"]
        return data


Alert = tuple[str, str]
Times = list[tuple[int, int]]


def watch(base: str, demo: Demo, fired: dict[Alert, Times]) -> None:
    """Notes in which hours an alert fires, until the evening of the second day."""
    while demo.clock() < END:
        assert demo.process.poll() is None, "the demo has ended"
        alerts = ask(base, "/api/v1/alerts")["alerts"]
        assert isinstance(alerts, list)
        for alert in alerts:
            if alert["state"] == "firing":
                labels = alert["labels"]
                hours = fired.setdefault((labels["alertname"], labels.get("channel", "")), [])
                if demo.clock() not in hours:
                    hours.append(demo.clock())
        time.sleep(0.2)


def told(moment: tuple[int, int]) -> str:
    return f"day {moment[0] + 1}, {moment[1]:02}:00"


def judge(fired: dict[Alert, Times], planted: set[Alert]) -> bool:
    """Prints what fired; whether it is what should have."""
    right = True
    for (name, channel), hours in sorted(fired.items()):
        expected = (name, channel) in EXPECTED
        in_time = all(day == BAD_DAY and FIRST_HOUR <= hour <= LAST_HOUR for day, hour in hours)
        fits = (expected and in_time) or (name, channel) in planted
        right = right and fits
        span = f"{told(hours[0])} to {told(hours[-1])}"
        print(f"{'as expected' if fits else 'UNEXPECTED':12} {name:28} {channel:10} {span}")
    for name, channel in sorted((EXPECTED | planted) - set(fired)):
        right = False
        print(f"{'MISSING':12} {name:28} {channel}")
    return right


def expressions() -> list[tuple[str, str]]:
    """Every expression of the dashboards with the title of its panel."""
    found = []
    for file in sorted((ROOT / "deploy/grafana/dashboards").glob("*.json")):
        board = json.loads(file.read_text(encoding="utf-8"))
        for panel in board["panels"]:
            found += [(f"{board['title']}: {panel['title']}", target["expr"]) for target in panel.get("targets", [])]
    return found


def count_series(base: str) -> bool:
    """Prints how many series every expression has; whether none is empty that should not be."""
    right = True
    for title, expression in expressions():
        filled = expression.replace("$channel", ".*").replace("$instance", ".*")
        filled = filled.replace("$__rate_interval", "10s").replace("$__range", "1h")
        result = ask(base, "/api/v1/query", query=filled)["result"]
        assert isinstance(result, list)
        why = next((why for part, why in MAY_BE_EMPTY.items() if part in expression), "")
        right = right and bool(result or why)
        print(f"{len(result):6} {title}{'' if result else f' ({why})' if why else ' EMPTY'}")
    return right


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", type=pathlib.Path, default=ROOT / "target/release/tingxin")
    parser.add_argument("--minutes", type=int, default=4, help="of a day (4 unless told)")
    parser.add_argument("--small", action="store_true", help="without the quarter before it")
    asked = parser.parse_args()
    line = [str(asked.binary), "demo", "--listen", "127.0.0.1:0", "--live", str(asked.minutes)]
    process = subprocess.Popen(line + ["--small"] * asked.small, stdout=subprocess.PIPE, text=True)
    demo = Demo(process)
    threading.Thread(target=demo.read, daemon=True).start()
    fired: dict[Alert, Times] = {}
    prometheus: subprocess.Popen[bytes] | None = None
    try:
        while not demo.hours:
            assert process.poll() is None, "the demo did not start"
            time.sleep(0.2)
        with tempfile.TemporaryDirectory() as name:
            folder, port = pathlib.Path(name), free_port()
            configure(folder, demo, 24 * 60 / asked.minutes)
            start = ["prometheus", "--config.file=prometheus.yml", "--storage.tsdb.path=data"]
            start += [f"--web.listen-address=127.0.0.1:{port}", "--log.level=error"]
            prometheus = subprocess.Popen(start, cwd=folder)
            base = f"http://127.0.0.1:{port}"
            wait_for(base)
            watch(base, demo, fired)
            right = judge(fired, set() if asked.small else PLANTED)
            right = count_series(base) and right
            # Before its folder goes.
            prometheus.terminate()
            prometheus.wait(timeout=30)
    finally:
        if prometheus is not None:
            prometheus.terminate()
            prometheus.wait(timeout=30)
        process.terminate()
        process.wait(timeout=60)
    print("as it should be" if right else "NOT as it should be")
    return 0 if right else 1


def wait_for(base: str) -> None:
    """Waits until Prometheus answers."""
    for _ in range(150):
        try:
            ask(base, "/api/v1/alerts")
        except OSError:
            time.sleep(0.2)
        else:
            return
    sys.exit("Prometheus did not start: install it with scripts/test-tools.sh")


if __name__ == "__main__":
    sys.exit(main())
