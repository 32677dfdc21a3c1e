#!/usr/bin/env python3
"""Measures what one busy key costs the others, and what a bulk import costs scoring.

    python3 scripts/neighbours.py target/release/tingxin [--seconds 4]

Three numbers, each beside its value alone on the same machine: contacts a second that one key sends while another asks
for 180 lists a second; the slowest hundredth of a contact's page meanwhile; contacts a second that are analysed while a
bulk import runs. Prints a line for each; exit status 1 when one is out of its bound. The clients share the cores with the
service, so leave the machine alone meanwhile.
"""

from __future__ import annotations

import argparse
import http.client
import json
import multiprocessing
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from serving import PASSWORD, Service, ask, command, contact, log_in, serve, set_up

if TYPE_CHECKING:
    from collections.abc import Callable

ROUNDS = 5
HOT_CALLS = 180
HOT_CONNECTIONS = 6


def paced_lists(host: str, key: str, rate: float, until: float) -> None:
    """Asks for lists at a steady rate."""
    connection, headers = http.client.HTTPConnection(host, timeout=30), {"authorization": f"Bearer {key}"}
    due = time.monotonic()
    while time.monotonic() < until:
        ask(host, "GET", "/api/v1/contacts?limit=50", headers=headers, connection=connection)
        due += 1 / rate
        time.sleep(max(0.0, due - time.monotonic()))


def import_lines(host: str, key: str, name: str, until: float) -> None:
    """Sends streams of contacts, one after the other."""
    headers = {"authorization": f"Bearer {key}", "content-type": "application/x-ndjson"}
    round_, connection = 0, http.client.HTTPConnection(host, timeout=120)
    while time.monotonic() < until:
        lines = (json.dumps(contact(f"{name}-{round_}-{n}")) + "\n" for n in range(500))
        connection.request("POST", "/api/v1/contacts/bulk", "".join(lines).encode(), headers)
        connection.getresponse().read()
        round_ += 1


def posts_a_second(host: str, key: str, name: str, seconds: float) -> float:
    connection, headers = http.client.HTTPConnection(host, timeout=30), {"authorization": f"Bearer {key}"}
    begun, sent = time.monotonic(), 0
    while time.monotonic() < begun + seconds:
        answer = ask(host, "POST", "/api/v1/contacts", contact(f"{name}-{sent}"), headers, connection)
        assert answer.status == 201, answer
        sent += 1
    return sent / (time.monotonic() - begun)


def slowest_page(host: str, cookie: str, path: str, seconds: float) -> float:
    """The 99th percentile in milliseconds."""
    connection, times, begun = http.client.HTTPConnection(host, timeout=30), [], time.monotonic()
    while time.monotonic() < begun + seconds:
        asked = time.monotonic()
        answer = ask(host, "GET", path, headers={"cookie": cookie}, connection=connection)
        assert answer.status == 200, answer.status
        times.append(1000 * (time.monotonic() - asked))
        time.sleep(0.02)
    return sorted(times)[int(0.99 * (len(times) - 1))]


def analysed_a_second(host: str, monitor: str, seconds: float) -> float:
    def analysed() -> float:
        text = ask(host, "GET", "/metrics", headers={"authorization": f"Bearer {monitor}"}).body.decode()
        lines = [line for line in text.splitlines() if line.startswith("tingxin_contacts_analysed_total")]
        return sum(float(line.split()[-1]) for line in lines)

    before, begun = analysed(), time.monotonic()
    time.sleep(seconds)
    return (analysed() - before) / (time.monotonic() - begun)


class Others:
    """Processes that work beside what is measured."""

    def __init__(self, work, arguments: list[tuple]) -> None:
        self.running = [multiprocessing.Process(target=work, args=each) for each in arguments]

    def __enter__(self) -> None:
        for process in self.running:
            process.start()
        time.sleep(1)

    def __exit__(self, *_: object) -> None:
        for process in self.running:
            process.terminate()
            process.join()


def busy_lists(service: Service, key: str) -> Others:
    rate, until = HOT_CALLS / HOT_CONNECTIONS, time.monotonic() + 600
    return Others(paced_lists, [(service.host, key, rate, until)] * HOT_CONNECTIONS)


def drained(service: Service, monitor: str) -> None:
    while analysed_a_second(service.host, monitor, 1.0) > 0:
        pass


def run(binary: Path, folder: Path, seconds: float) -> bool:
    url, key_file = f"sqlite://{folder}/t.db", folder / "key"
    keys = {
        name: command(binary, url, key_file, "key", "create", name, "--role", role)
        for name, role in [("hot", "integrator"), ("other", "integrator"), ("watch", "monitor")]
    }
    held, found = [], []

    def say(what: str, alone: float, beside: float, bound: float, least: bool) -> None:
        ratio = beside / alone if alone else 0.0
        held.append(ratio >= bound if least else ratio <= bound)
        relation = "at least" if least else "at most"
        verdict = "ok  " if held[-1] else "FAIL"
        found.append(f"{what} {ratio:.0%} ({relation} {bound:.0%})")
        print(f"{verdict} {what}: {alone:.1f} alone, {beside:.1f} beside, {relation} {bound:.0%}: {ratio:.0%}", flush=True)

    # What one key may do a second is no part of this.
    limits = {"LIMITS__OLDEST_UNSCORED_SECONDS": 3600, "LIMITS__REQUESTS_PER_SECOND": 2000}
    with serve(binary, url, key_file, MODEL="lexicon", **limits) as service:
        set_up(service)
        words = ("user", "create", "reviewer", "--role", "reviewer", "--password-stdin")
        command(binary, url, key_file, *words, typed=f"{PASSWORD}\n")
        cookie = log_in(service, "reviewer")

        def in_turn(measure: Callable[[int], float]) -> tuple[float, float]:
            """Alone and beside the busy key, in turn: how fast a shared disk is changes from one moment to the next."""
            alone, beside = [], []
            for turn in range(ROUNDS):
                alone.append(measure(2 * turn))
                with busy_lists(service, keys["hot"]):
                    beside.append(measure(2 * turn + 1))
            return statistics.median(alone), statistics.median(beside)

        alone, beside = in_turn(lambda turn: posts_a_second(service.host, keys["other"], f"p{turn}", seconds))
        say("contacts a second of one key beside 180 lists a second of another", alone, beside, 0.8, least=True)
        drained(service, keys["watch"])
        listed = ask(service.host, "GET", "/api/v1/contacts?limit=1", headers={"authorization": f"Bearer {keys['hot']}"})
        page = f"/review/{json.loads(listed.body)['items'][0]['id']}"
        alone, beside = in_turn(lambda _: slowest_page(service.host, cookie, page, seconds))
        say("99th percentile of a contact's page in ms", alone, beside, 2.0, least=False)
        until = time.monotonic() + 600
        import_lines(service.host, keys["other"], "fill", time.monotonic() + 2 * seconds)
        alone = analysed_a_second(service.host, keys["watch"], seconds)
        with Others(import_lines, [(service.host, keys["hot"], f"i{n}", until) for n in range(2)]):
            beside = analysed_a_second(service.host, keys["watch"], 2 * seconds)
        say("analysed a second beside a bulk import", alone, beside, 0.6, least=True)
    print(f"evidence: {'; '.join(found)}")
    return all(held)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary", type=Path)
    parser.add_argument("--seconds", type=float, default=4.0)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        held = run(arguments.binary.resolve(), Path(folder), arguments.seconds)
    sys.exit(0 if held else 1)


if __name__ == "__main__":
    main()
