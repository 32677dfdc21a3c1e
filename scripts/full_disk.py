#!/usr/bin/env python3
"""Fills the disk under a running service and frees it again.

    sudo python3 scripts/full_disk.py target/release/tingxin [--disks 8]

It mounts a memory disk of 10 MiB and more, so it needs root. While the disk is full, contacts are refused (507), people log in and
read, what they read is held in memory up to the bound, and beyond it reading is refused too. Afterwards everything is
written in order, and no contact waits for the end of a lease. Prints a line for each; exit status 1 when one fails.
"""

from __future__ import annotations

import argparse
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from serving import FORM, PASSWORD, Service, ask, command, contact, serve, set_up

SMALLEST_MIB = 16
BOUND = 60
BACKLOG = 60
# Far below the two minutes of a lease.
PATIENCE = 30.0


class Probe:
    """What is asked of one service, and what failed."""

    def __init__(self, service: Service, key: str, monitor: str) -> None:
        self.host = service.host
        self.key = {"authorization": f"Bearer {key}"}
        self.monitor = {"authorization": f"Bearer {monitor}"}
        self.stored = 0
        self.failed = False

    def say(self, holds: bool, what: str) -> None:
        print(f"{'ok  ' if holds else 'FAIL'} {what}", flush=True)
        self.failed |= not holds

    def list(self) -> int:
        return ask(self.host, "GET", "/api/v1/contacts", headers=self.key).status

    def post(self) -> int:
        body = contact(self.stored, "我家宽带又断了，这都第三次了！" * 40)
        status = ask(self.host, "POST", "/api/v1/contacts", body, self.key).status
        self.stored += status == 201
        return status

    def ready(self) -> dict[str, Any]:
        # The result of a write probe is believed for two seconds.
        time.sleep(2.1)
        return json.loads(ask(self.host, "GET", "/readyz").body)

    def metric(self, name: str) -> float:
        text = ask(self.host, "GET", "/metrics", headers=self.monitor).body.decode()
        return float(next(line.split()[-1] for line in text.splitlines() if line.startswith(f"{name} ")))

    def waiting(self) -> float:
        return self.metric('tingxin_queue_contacts{state="waiting"}')


def fill(probe: Probe, folder: Path) -> None:
    """Takes every byte while contacts are being analysed, and sends more until they are refused."""
    for _ in range(BACKLOG):
        assert probe.post() == 201
    with (folder / "ballast").open("wb", buffering=0) as ballast:
        for size in (1 << 16, 1 << 12, 1):
            try:
                while ballast.write(b"\0" * size) == size:
                    pass
            except OSError:
                pass
    for _ in range(2000):
        if probe.post() == 507:
            return
    sys.exit("the disk does not become full")


def read_on(probe: Probe) -> None:
    """What goes on while the disk is full."""
    probe.say(probe.post() == 507, "a contact is refused with 507")
    login = ask(probe.host, "POST", "/login", {"name": "probe", "password": PASSWORD}, FORM)
    probe.say(login.status == 303, "people log in")
    page = ask(probe.host, "GET", "/admin/users", headers={"cookie": login.cookie})
    probe.say(page.status == 200, "pages are shown to them")
    while probe.metric("tingxin_audit_entries_held") == 0:
        assert probe.list() == 200
    probe.say(probe.list() == 200, "lists are answered")
    said = probe.ready()
    probe.say(said["status"] == "reading" and said["checks"]["audit"] == "held", f"/readyz says so: {said['status']}")


def reach_the_bound(probe: Probe) -> None:
    """Reads until nothing more may be held."""
    answers = [probe.list() for _ in range(2 * BOUND)]
    held = probe.metric("tingxin_audit_entries_held")
    refused = answers[answers.index(507) :] if 507 in answers else []
    probe.say(bool(refused) and set(refused) == {507}, f"beyond the bound reading is refused: {held:.0f} are held")
    probe.say(held == BOUND, "and no more than the bound is held")
    probe.say(probe.ready()["status"] == "not ready", "/readyz says that too")


def recover(probe: Probe, folder: Path) -> None:
    """What must be so soon after the disk is free."""
    (folder / "ballast").unlink()
    freed = time.monotonic()
    while probe.post() != 201 and time.monotonic() < freed + PATIENCE:
        time.sleep(0.1)
    probe.say(time.monotonic() - freed < 5, f"contacts are taken in again after {time.monotonic() - freed:.1f} s")
    while probe.metric("tingxin_audit_entries_held") > 0 and time.monotonic() < freed + PATIENCE:
        time.sleep(0.1)
    probe.say(probe.ready()["status"] == "ready", "what was held is on the disk")
    while probe.waiting() > 0 and time.monotonic() < freed + PATIENCE:
        time.sleep(0.2)
    probe.say(probe.waiting() == 0, f"every contact is analysed after {time.monotonic() - freed:.1f} s")


def check_database(probe: Probe, file: Path) -> None:
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
        (contacts,) = database.execute("SELECT COUNT(*) FROM contacts").fetchone()
        log = database.execute("SELECT seq, at FROM audit_log ORDER BY seq").fetchall()
        (sound,) = database.execute("PRAGMA integrity_check").fetchone()
    probe.say(contacts == probe.stored, f"no acknowledged contact is lost and none is doubled: {contacts}")
    probe.say([seq for seq, _ in log] == list(range(1, len(log) + 1)), f"the audit log has no gap: {len(log)} entries")
    probe.say(sound == "ok", "the file is sound")


def run(binary: Path, folder: Path, outside: Path) -> bool:
    url, key_file = f"sqlite://{folder}/t.db", outside / "key"
    key = command(binary, url, key_file, "key", "create", "probe", "--role", "integrator")
    monitor = command(binary, url, key_file, "key", "create", "watch", "--role", "monitor")
    with serve(binary, url, key_file, MODEL="lexicon", LIMITS__HELD_AUDIT_ENTRIES=BOUND) as service:
        probe = Probe(service, key, monitor)
        set_up(service)
        fill(probe, folder)
        read_on(probe)
        reach_the_bound(probe)
        recover(probe, folder)
    check_database(probe, folder / "t.db")
    return not probe.failed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary", type=Path)
    parser.add_argument("--disks", type=int, default=1, help="how many, each a MiB larger than the one before")
    arguments = parser.parse_args()
    if os.geteuid() != 0:
        sys.exit("mounting a disk needs root: run it with sudo")
    held = [fill_a_disk(arguments.binary.resolve(), SMALLEST_MIB + n) for n in range(arguments.disks)]
    print(f"evidence: {len(held)} full disks, {held.count(False)} of them with a promise that did not hold")
    sys.exit(0 if all(held) else 1)


def fill_a_disk(binary: Path, mebibytes: int) -> bool:
    """A disk of its own, filled under a service. Whether every promise held."""
    with tempfile.TemporaryDirectory() as outside:
        folder = Path(outside) / "disk"
        folder.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={mebibytes}m", "tmpfs", str(folder)], check=True)
        try:
            return run(binary, folder, Path(outside))
        finally:
            subprocess.run(["umount", str(folder)], check=True)


if __name__ == "__main__":
    main()
