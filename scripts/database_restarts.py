"""Crashes PostgreSQL again and again while contacts come in.

    scripts/postgres.sh start
    python3 scripts/database_restarts.py target/release/tingxin postgres://… [--crashes 10]

The service is never restarted. Afterwards every contact that was acknowledged must be there once and be analysed. Exit
status 1 when one is not.
"""

from __future__ import annotations

import argparse
import http.client
import json
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from serving import Service, ask, command, contact, serve, set_up

PATIENCE = 60.0


class Sender(threading.Thread):
    """Sends contacts one by one and keeps those that were acknowledged."""

    def __init__(self, host: str, key: str) -> None:
        super().__init__()
        self.host, self.headers = host, {"authorization": f"Bearer {key}"}
        self.acknowledged: set[str] = set()
        self.refused = 0
        self.ended = threading.Event()

    def run(self) -> None:
        number = 0
        while not self.ended.is_set():
            number += 1
            try:
                answer = ask(self.host, "POST", "/api/v1/contacts", contact(number), self.headers)
            except (OSError, http.client.HTTPException):
                self.refused += 1
                continue
            if answer.status == 201:
                self.acknowledged.add(f"P-{number}")
            else:
                # Not acknowledged, but it may be there: an answer can be lost behind a commit.
                self.refused += 1
                time.sleep(0.05)


def stored(service: Service, key: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    cursor = ""
    while True:
        path = f"/api/v1/contacts?limit=200{cursor}"
        page = json.loads(ask(service.host, "GET", path, headers={"authorization": f"Bearer {key}"}).body)
        found.extend(page["items"])
        if not page.get("next"):
            return found
        cursor = f"&cursor={page['next']}"


def run(binary: Path, url: str, folder: Path, crashes: int) -> bool:
    database = f"{url.rsplit('/', 1)[0]}/restarts_{int(time.time())}"
    subprocess.run(["psql", "-q", url, "-c", f"CREATE DATABASE {database.rsplit('/', 1)[1]}"], check=True)
    key_file = folder / "key"
    key = command(binary, database, key_file, "key", "create", "probe", "--role", "integrator")
    with serve(binary, database, key_file, MODEL="lexicon", LIMITS__REQUESTS_PER_SECOND=2000) as service:
        set_up(service)
        sender = Sender(service.host, key)
        sender.start()
        for _ in range(crashes):
            time.sleep(1.5)
            subprocess.run(["scripts/postgres.sh", "crash"], check=True)
        time.sleep(1.5)
        sender.ended.set()
        sender.join()
        until = time.monotonic() + PATIENCE
        while True:
            contacts = stored(service, key)
            waiting = sum(each["state"] != "analysed" for each in contacts)
            if waiting == 0 or time.monotonic() > until:
                break
            time.sleep(0.5)
    ids = [each["contact_id"] for each in contacts]
    lost, doubled = len(sender.acknowledged - set(ids)), len(ids) - len(set(ids))
    print(
        f"evidence: {crashes} crashes of the database, {len(sender.acknowledged)} acknowledged, {sender.refused} refused "
        f"meanwhile, {lost} lost, {doubled} doubled, {waiting} not analysed"
    )
    return bool(sender.acknowledged) and not (lost or doubled or waiting)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary", type=Path)
    parser.add_argument("url")
    parser.add_argument("--crashes", type=int, default=10)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        held = run(arguments.binary.resolve(), arguments.url, Path(folder), arguments.crashes)
    sys.exit(0 if held else 1)


if __name__ == "__main__":
    main()
