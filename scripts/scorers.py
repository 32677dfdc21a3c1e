"""Measures how scoring grows with its processes: 1, 2 and 4 of them over one PostgreSQL.

    PG=$(scripts/postgres.sh start)
    python3 scripts/scorers.py --postgres "$PG" [--contacts 20000] [--model tingxin-emotion]

Each round has a database of its own. Contacts come in through `serve --role intake` while nobody scores;
then so many `serve --role score --threads 1` work them off. The table goes to standard output, for
`docs/scale.md`. Run it on a machine that does nothing else, with a core for each scorer and one or two more
for PostgreSQL: with fewer cores than that the table says how the machine is shared, not how scoring grows.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import platform
import re
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parent.parent
LISTENING = "listening on http://"
LINES = [
    "我家宽带又断了，这都第三次了！",
    "你们到底管不管，我要投诉到工信部。",
    "好的，那我等师傅上门，谢谢你。",
    "话费怎么多扣了二十块钱？",
    "这个套餐我根本没有办过。",
]


def contact(number: int) -> dict[str, object]:
    """A contact of eight turns. Every text differs by its number, so that no cache answers for the model."""
    turns = []
    for turn in range(4):
        turns.append({"speaker": "agent", "text": f"您好，工单{number}第{turn}项我帮您查一下。"})
        text = LINES[(number + turn) % len(LINES)]
        turns.append({"speaker": "customer", "text": f"{text}这是第{number}次，第{turn}回。"})
    return {"source": "scorers", "contact_id": f"S-{number}", "channel": "hotline", "utterances": turns}


class Process:
    """A process with one role."""

    def __init__(self, binary: Path, folder: Path, url: str, role: str, words: Sequence[str] = ()) -> None:
        """Starts it and waits until it listens."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("TINGXIN_")}
        environment["TINGXIN_LIMITS__OLDEST_UNSCORED_SECONDS"] = "86400"
        line = [str(binary), "serve", "--role", role, "--listen", "127.0.0.1:0", "--database-url", url, *words]
        with (folder / f"{role}.log").open("a") as log:
            self.process = subprocess.Popen(line, cwd=folder, env=environment, text=True, stdout=subprocess.PIPE, stderr=log)
        output = self.process.stdout
        if output is None:
            sys.exit("the process has no output")
        for said in output:
            if said.startswith(LISTENING):
                self.host = said.strip().removeprefix(LISTENING)
                return
        sys.exit(f"{role} does not start: see {folder}")

    def stop(self) -> None:
        """Ends it in order."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=60)

    def metric(self, key: str, name: str) -> float:
        """The value of a metric without labels, or the sum over its labels that the name begins with."""
        connection = http.client.HTTPConnection(self.host, timeout=30)
        connection.request("GET", "/metrics", headers={"authorization": f"Bearer {key}"})
        text = connection.getresponse().read().decode()
        connection.close()
        found = re.findall(rf"^{re.escape(name)}(?:{{[^}}]*}})? ([0-9.e+]+)$", text, re.MULTILINE)
        return sum(float(value) for value in found)


def key(binary: Path, folder: Path, url: str, role: str) -> str:
    """A new key."""
    line = [str(binary), "key", "create", role, "--role", role, "--database-url", url]
    return subprocess.run(line, cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


def send(host: str, secret: str, contacts: int) -> float:
    """Sends them as one stream; contacts a second."""
    begun = time.monotonic()
    for start in range(0, contacts, 5000):
        numbers = range(start, min(start + 5000, contacts))
        body = "".join(json.dumps(contact(number), ensure_ascii=False) + "\n" for number in numbers).encode()
        connection = http.client.HTTPConnection(host, timeout=600)
        headers = {"authorization": f"Bearer {secret}", "content-type": "application/x-ndjson"}
        connection.request("POST", "/api/v1/contacts/bulk", body, headers)
        answer = connection.getresponse().read().decode()
        connection.close()
        taken = answer.count('"queued"')
        if taken != len(numbers):
            sys.exit(f"only {taken} of {len(numbers)} contacts were taken: {answer[-300:]}")
    return contacts / (time.monotonic() - begun)


def score(binary: Path, folder: Path, url: str, model: str, scorers: int, monitor: str) -> float:
    """Has so many processes work the queue off; seconds from when all of them are ready to the last contact."""
    with ExitStack() as stack:
        running = []
        begun = 0.0
        for _ in range(scorers):
            process = Process(binary, folder, url, "score", ["--model", model, "--threads", "1"])
            stack.callback(process.stop)
            running.append(process)
        begun = time.monotonic()
        first = running[0]
        scored = sum(process.metric(monitor, "tingxin_contacts_analysed_total") for process in running)
        while first.metric(monitor, 'tingxin_queue_contacts{state="waiting"}') > 0:
            time.sleep(0.5)
        seconds = time.monotonic() - begun
        total = sum(process.metric(monitor, "tingxin_contacts_analysed_total") for process in running)
        return (total - scored) / seconds


def measure(binary: Path, postgres: str, model: str, contacts: int, scorers: int) -> tuple[float, float]:
    """One round on a database of its own: contacts a second taken in, and scored."""
    base, _ = postgres.rsplit("/", 1)
    name = f"scorers_{scorers}_{os.getpid()}"
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        psql(postgres, f"CREATE DATABASE {name}")
        url = f"{base}/{name}"
        try:
            secret, monitor = (key(binary, folder, url, role) for role in ("integrator", "monitor"))
            intake = Process(binary, folder, url, "intake")
            try:
                taken = send(intake.host, secret, contacts)
            finally:
                intake.stop()
            return taken, score(binary, folder, url, model, scorers, monitor)
        finally:
            psql(postgres, f"DROP DATABASE {name} WITH (FORCE)")


def psql(url: str, sql: str) -> None:
    """One statement."""
    subprocess.run(["psql", "--quiet", "--dbname", url, "--command", sql], check=True)


def main() -> None:
    """Measures and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--postgres", required=True, help="URL of a server on which databases may be made")
    parser.add_argument("--binary", type=Path, default=ROOT / "target/release/tingxin")
    parser.add_argument("--contacts", type=int, default=20_000)
    parser.add_argument("--model", default="tingxin-emotion")
    parser.add_argument("--scorers", type=int, nargs="+", default=[1, 2, 4])
    asked = parser.parse_args()
    today = datetime.now(tz=UTC).date()
    machine = f"{platform.machine()}, {os.cpu_count()} cores"
    print(f"Measured on {machine}, {today}: {asked.contacts} contacts of 8 turns, no text twice, {asked.model}.\n")
    print("| scorers | taken in, contacts/s | scored, contacts/s | times one |")
    print("|---|---|---|---|")
    one = None
    for scorers in asked.scorers:
        taken, scored = measure(asked.binary.resolve(), asked.postgres, asked.model, asked.contacts, scorers)
        one = one or scored
        print(f"| {scorers} | {taken:,.0f} | {scored:,.1f} | {scored / one:.2f} |", flush=True)


if __name__ == "__main__":
    main()
