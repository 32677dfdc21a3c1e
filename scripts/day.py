#!/usr/bin/env python3
"""Plays an ordinary day and one with an outage before a real Prometheus, at a compressed clock.

    scripts/day.py                                # target/release/tingxin, six minutes a day: a quarter of an hour
    scripts/day.py --binary target/debug/tingxin --minutes 12 --small

Starts `tingxin demo --live` and a Prometheus with the rules of deploy/prometheus. Their times are shortened as much as the
day, but never below what some scrapes need; no threshold is changed. Says which alerts fired, and when; that no other did;
how many series every expression of the dashboards has; how long scrapes took. Exit status 1 when an alert that is planted
did not fire, another one did, or an expression is empty that should not be. Needs `prometheus` (scripts/test-tools.sh).

An ordinary day comes first, because the rules compare an hour with the same hour of the day before where there are no four
weeks. On a busy machine a day may need more minutes: then an hour has more scrapes.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
SECONDS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
DAY = 24 * 60
# A service that shares two cores with others answers within a second, not within a quarter of one.
SCRAPE_SECONDS = 1
# A rate needs two scrapes in its range, and a fault is none after a single late one.
SHORTEST_RANGE, SHORTEST_WAIT = 4 * SCRAPE_SECONDS, 5 * SCRAPE_SECONDS
# The day with the outage, and the hours from its beginning to the end of what follows from it.
BAD_DAY, FIRST_HOUR, LAST_HOUR = 1, 10, 16
# Until then it is watched.
END = (BAD_DAY, 20)


class Alert(NamedTuple):
    """An alert with what tells it from others of its name."""

    name: str
    of: str


OF_THE_OUTAGE = {Alert("TingxinEscalationsRising", "hotline"), Alert("TingxinMoodDropped", "hotline")}
# Planted in the quarter before: they fire all the time. The centre of the demo is calmer than the corpus that the model was
# measured on, and is told so.
OF_THE_QUARTER = {
    Alert("TingxinAppealsOverdue", ""),
    Alert("TingxinCasesOverdue", "callback"),
    Alert("TingxinReadingsDrifted", "hotline"),
}
# What may have no series although everything works, and why.
MAY_BE_EMPTY = {
    "ALERTS{": "nothing of this kind fires now",
    "5xx": "no request has failed",
    "shed": "nobody was turned away",
    "usual_contacts_hour": "known after two weeks of what came in",
}
# What a person chooses on a dashboard; here everything.
CHOICES = ("$channel", "$instance", "$team", "$topic")


@dataclass
class Demo:
    """What the demo has said so far."""

    process: subprocess.Popen[str]
    url: str = ""
    key: str = ""
    hours: int = 0

    def listen(self) -> None:
        """Reads on until the demo ends."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.startswith("listening on "):
                self.url = line.removeprefix("listening on ").strip()
            elif line.startswith("API key: "):
                self.key = line.removeprefix("API key: ").strip()
            elif re.match(r"\d\d:00 ", line):
                self.hours += 1

    def clock(self) -> tuple[int, int]:
        """The day and the hour that it plays."""
        return divmod(max(self.hours - 1, 0), 24)

    def check(self) -> None:
        if self.process.poll() is not None:
            sys.exit("the demo ended before the day was over; the reason stands above")


@dataclass
class Watched:
    """What Prometheus was seen to say."""

    fired: dict[Alert, list[tuple[int, int]]] = field(default_factory=dict)

    def look(self, base: str, now: tuple[int, int]) -> None:
        alerts = ask(base, "/api/v1/alerts")["alerts"]
        assert isinstance(alerts, list)
        for alert in alerts:
            if alert["state"] == "firing":
                labels = alert["labels"]
                which = Alert(labels["alertname"], labels.get("channel") or labels.get("kind") or "")
                hours = self.fired.setdefault(which, [])
                if now not in hours:
                    hours.append(now)


def shorten(rules: str, factor: float) -> str:
    """The same rules over times that are shorter by a factor."""

    def shorter(least: float) -> object:
        def short(found: re.Match[str]) -> str:
            seconds = max(int(found.group(2)) * SECONDS[found.group(3)] / factor, least)
            return f"{found.group(1)}{max(round(seconds * 1000), 1)}ms{found.group(4)}"

        return short

    for before, after, least in [(r"\[", r"\]", SHORTEST_RANGE), (r"offset ", r"\b", 0), (r"\n\s+for: ", r"\n", SHORTEST_WAIT)]:
        rules = re.sub(rf"({before})(\d+)(ms|[smhdw])({after})", shorter(least), rules)  # type: ignore[call-overload]
    # Contacts an hour of the day that is played.
    return re.sub(r"(:rate1h) \* 3600", rf"\1 * {3600 / factor:.3f}", rules)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def ask(base: str, path: str, **query: str) -> dict[str, object]:
    with urllib.request.urlopen(f"{base}{path}?{urllib.parse.urlencode(query)}", timeout=30) as answer:
        data: dict[str, object] = json.load(answer)["data"]
        return data


def series(base: str, expression: str) -> list[dict[str, object]]:
    found = ask(base, "/api/v1/query", query=expression)["result"]
    assert isinstance(found, list)
    return found


@contextmanager
def demo(line: list[str]) -> Iterator[Demo]:
    """Runs the demo until the block ends."""
    process = subprocess.Popen(line, stdout=subprocess.PIPE, text=True)
    running = Demo(process)
    threading.Thread(target=running.listen, daemon=True).start()
    try:
        begun = time.monotonic()
        while not running.hours:
            running.check()
            time.sleep(0.2)
        print(f"the demo was full after {time.monotonic() - begun:.0f} s", flush=True)
        yield running
    finally:
        process.terminate()
        process.wait(timeout=60)


@contextmanager
def prometheus(watched: Demo, factor: float) -> Iterator[str]:
    """Runs Prometheus until the block ends; where it answers."""
    with tempfile.TemporaryDirectory() as name:
        folder, port = Path(name), free_port()
        rules = (ROOT / "deploy/prometheus/rules.yml").read_text(encoding="utf-8")
        (folder / "rules.yml").write_text(shorten(rules, factor), encoding="utf-8")
        every = f"{SCRAPE_SECONDS}s"
        (folder / "prometheus.yml").write_text(
            f"global: {{ scrape_interval: {every}, scrape_timeout: {every}, evaluation_interval: {every} }}\n"
            "rule_files: [rules.yml]\n"
            f"scrape_configs:\n  - job_name: tingxin\n    authorization: {{ credentials: {watched.key} }}\n"
            f'    static_configs: [{{ targets: ["{watched.url.removeprefix("http://")}"] }}]\n',
            encoding="utf-8",
        )
        line = ["prometheus", "--config.file=prometheus.yml", "--storage.tsdb.path=data", "--log.level=error"]
        process = subprocess.Popen([*line, f"--web.listen-address=127.0.0.1:{port}"], cwd=folder)
        base = f"http://127.0.0.1:{port}"
        try:
            wait_for(base)
            yield base
        finally:
            process.terminate()
            process.wait(timeout=60)


def wait_for(base: str) -> None:
    for _ in range(300):
        try:
            ask(base, "/api/v1/alerts")
        except OSError:
            time.sleep(0.2)
        else:
            return
    sys.exit("Prometheus did not start within a minute")


def watch(base: str, running: Demo) -> Watched:
    """Notes in which hours an alert fires, until the evening of the second day."""
    watched, told = Watched(), -1
    while running.clock() < END:
        running.check()
        try:
            watched.look(base, running.clock())
        except (OSError, urllib.error.URLError) as failure:
            print(f"Prometheus did not answer in time: {failure}", flush=True)
        if running.clock()[1] % 6 == 0 and running.hours != told:
            told = running.hours
            print(f"{moment(running.clock())}, {sum(hours[-1] == running.clock() for hours in watched.fired.values())} alerts fire", flush=True)
        time.sleep(0.5)
    return watched


def moment(at: tuple[int, int]) -> str:
    return f"day {at[0] + 1}, {at[1]:02}:00"


def judge(fired: dict[Alert, list[tuple[int, int]]], planted: set[Alert]) -> bool:
    """Prints what fired; whether it is what should have."""
    right = True
    print("\nalerts:")
    for alert, hours in sorted(fired.items()):
        in_time = all(day == BAD_DAY and FIRST_HOUR <= hour <= LAST_HOUR for day, hour in hours)
        fits = (alert in OF_THE_OUTAGE and in_time) or alert in planted
        right = right and fits
        word = "planted" if alert in planted else "as expected" if fits else "UNEXPECTED"
        print(f"  {word:12} {alert.name:28} {alert.of:10} {moment(hours[0])} to {moment(hours[-1])}")
    for alert in sorted((OF_THE_OUTAGE | planted) - set(fired)):
        right = False
        print(f"  {'MISSING':12} {alert.name:28} {alert.of}")
    print("  no other alert fired" if right else "  that is not what was planted")
    return right


def expressions() -> list[tuple[str, str]]:
    """Every expression of the dashboards with the title of its panel."""
    found = []
    for file in sorted((ROOT / "deploy/grafana/dashboards").glob("*.json")):
        board = json.loads(file.read_text(encoding="utf-8"))
        for panel in board["panels"]:
            found += [(f"{board['title']}: {panel['title']}", target["expr"]) for target in panel.get("targets", [])]
    return found


def count_series(base: str, day_seconds: int) -> bool:
    """Prints how many series every expression has; whether none is empty that should not be."""
    right = True
    print("\nseries of every expression of the dashboards:")
    for title, expression in expressions():
        filled = expression
        for choice in CHOICES:
            filled = filled.replace(choice, ".*")
        filled = filled.replace("$__rate_interval", "20s").replace("$__range", f"{day_seconds}s")
        try:
            count = len(series(base, filled))
        except urllib.error.HTTPError as refusal:
            right = False
            print(f"  REFUSED {title}: {refusal.read().decode()}")
            continue
        why = next((why for part, why in MAY_BE_EMPTY.items() if part in expression), "")
        right = right and bool(count or why)
        print(f"  {count:6} {title}{'' if count else f' ({why})' if why else ' EMPTY'}")
    return right


def tell_scrapes(base: str) -> None:
    def value(expression: str) -> float:
        found = series(base, expression)
        assert found, expression
        pair = found[0]["value"]
        assert isinstance(pair, list)
        return float(pair[1])

    duration, taken = 'scrape_duration_seconds{job="tingxin"}[1h]', 'up{job="tingxin"}[1h]'
    p99, longest = value(f"quantile_over_time(0.99, {duration})"), value(f"max_over_time({duration})")
    missed = value(f"count_over_time({taken})") - value(f"sum_over_time({taken})")
    samples = value('scrape_samples_scraped{job="tingxin"}')
    print(f"\nscrapes: p99 {p99 * 1000:.0f} ms, longest {longest * 1000:.0f} ms, {missed:.0f} missed, {samples:.0f} samples each")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", type=Path, default=ROOT / "target/release/tingxin")
    parser.add_argument("--minutes", type=int, default=6, help="of a day (6 unless told)")
    parser.add_argument("--small", action="store_true", help="without the quarter before it, and without what is planted there")
    asked = parser.parse_args()
    if shutil.which("prometheus") is None:
        sys.exit("Prometheus is not installed: run scripts/test-tools.sh")
    if not asked.binary.is_file():
        sys.exit(f"{asked.binary} is not there: run cargo build --release")
    line = [str(asked.binary), "demo", "--language", "en", "--listen", "127.0.0.1:0", "--live", str(asked.minutes)]
    with demo(line + ["--small"] * asked.small) as running, prometheus(running, DAY / asked.minutes) as base:
        watched = watch(base, running)
        right = judge(watched.fired, set() if asked.small else OF_THE_QUARTER)
        right = count_series(base, asked.minutes * 60) and right
        tell_scrapes(base)
    print("\nas it should be" if right else "\nNOT as it should be")
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())
