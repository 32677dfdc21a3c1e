#!/usr/bin/env python3
"""Cuts the power under a running service, as far as its SQLite database can tell, and looks for what was acknowledged.

    python3 scripts/power_cuts.py target/release/tingxin [--cuts 150] [--seed 20261130]

A small library (power_cut.c, so it needs `cc`, Linux and glibc) notes every write and sync of the service while contacts are
sent, one by one and as streams, and a restart in between. From these notes the disk is rebuilt as power cuts at many moments
could have left it (disk_after_cut.py says by which rules), half of them right after an acknowledgement. On each the program
must open the database and write, its audit log must verify, the database must be sound, each contact acknowledged before the
cut must be there once, with its words, and analysed or waiting, and the audit log must know each read that was answered. On
every tenth the service must start, and whoever sends everything again must be told of the same contacts.

The probe must be able to fail. So the same is done as if commits were not synced (`synchronous = NORMAL`), and on a disk that
lies about syncs and holds the last megabyte in its cache. Both must lose contacts. Exit status 1 when they do not, or when
something is wrong where syncs are kept.
"""

from __future__ import annotations

import argparse
import bisect
import http.client
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from disk_after_cut import Disk, Note, as_if_normal, read_journal
from serving import ask, command, contact, serve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

RUNS = 3
STARTS = 2
SENDERS = 3
SINGLES = 100
STREAMS = 4
LINES = 150
SERVED = 10
WORDS = "我家宽带又断了，这都第三次了！"
# What the disk that lies has not written yet. Larger caches are common.
CACHE = 1 << 20
LIMITS = {"LIMITS__OLDEST_UNSCORED_SECONDS": 3600, "LIMITS__REQUESTS_PER_SECOND": 2000}

ORPHANS = """SELECT COUNT(*) FROM contacts c WHERE
    NOT EXISTS (SELECT 1 FROM contact_bodies b WHERE b.contact = c.id AND instr(b.body, :words)) OR
    (c.state = 'queued') != EXISTS (SELECT 1 FROM jobs j WHERE j.contact = c.id) OR
    (c.state = 'analysed') != EXISTS (SELECT 1 FROM analyses a WHERE a.contact = c.id AND a.superseded_at IS NULL AND json_valid(a.body))"""


class Answered(NamedTuple):
    """A contact that the service said it has, or showed: its id, and how long the journal was then."""

    number: str
    id: str
    moment: int


class Due(NamedTuple):
    """What must be there after a cut: contacts, and entries of the audit log about reads."""

    contacts: list[Answered]
    reads: list[Answered]


class Recorded(NamedTuple):
    """What happened in a run."""

    notes: list[Note]
    answered: Due
    sent: list[str]
    key: str

    def due(self, moment: int) -> Due:
        return Due(*([each for each in kind if each.moment <= moment] for kind in self.answered))


class Found(NamedTuple):
    """What is wrong after a cut: contacts lost and doubled, reads that the audit log does not know, and anything else."""

    lost: int = 0
    doubled: int = 0
    unlogged: int = 0
    broken: str = ""


class Sums:
    """What was found after many cuts."""

    def __init__(self) -> None:
        self.cuts = self.served = self.lost = self.doubled = self.unlogged = self.broken = 0

    def add(self, found: Found) -> None:
        self.cuts += 1
        self.lost += found.lost > 0
        self.doubled += found.doubled > 0
        self.unlogged += found.unlogged > 0
        self.broken += bool(found.broken)

    def __str__(self) -> str:
        told = f"{self.cuts} cuts, {self.lost} lost, {self.doubled} doubled, {self.broken} broken"
        return f"{told}, {self.unlogged} with a read that the audit log does not know"


def compile_library(folder: Path) -> Path:
    library, source = folder / "power_cut.so", Path(__file__).with_name("power_cut.c")
    subprocess.run(["cc", "-O2", "-shared", "-fPIC", "-o", str(library), str(source), "-lpthread"], check=True)
    return library


@contextmanager
def noting(library: Path, folder: Path, journal: Path, lies: bool) -> Iterator[None]:
    """Programs that start in this block note what they do to the files of the folder."""
    added = {"LD_PRELOAD": str(library), "POWER_CUT_FOLDER": str(folder), "POWER_CUT_JOURNAL": str(journal)}
    added |= {"POWER_CUT_LIES": "1"} if lies else {}
    os.environ.update(added)
    try:
        yield
    finally:
        for name in added:
            del os.environ[name]


class Senders:
    """Those who send contacts to one service and note what it acknowledges."""

    def __init__(self, host: str, key: str, journal: Path) -> None:
        self.host, self.journal = host, journal
        self.headers = {"authorization": f"Bearer {key}"}
        self.answered = Due([], [])
        self.sent: list[str] = []

    def note(self, number: str, id_: str) -> Answered:
        # Whatever the answer rests on was noted before it came, so the journal is never found too short.
        return Answered(number, id_, self.journal.stat().st_size)

    def send_singles(self, name: str) -> None:
        connection = http.client.HTTPConnection(self.host, timeout=30)
        for number in (f"{name}-{n}" for n in range(SINGLES)):
            self.sent.append(number)
            answer = ask(self.host, "POST", "/api/v1/contacts", contact(number, WORDS), self.headers, connection)
            assert answer.status == 201, answer
            self.answered.contacts.append(self.note(number, json.loads(answer.body)["id"]))
            id_ = self.answered.contacts[-1].id
            shown = ask(self.host, "GET", f"/api/v1/contacts/{id_}", headers=self.headers, connection=connection)
            assert shown.status == 200, shown
            self.answered.reads.append(self.note(number, id_))

    def send_streams(self, name: str) -> None:
        for stream in range(STREAMS):
            numbers = [f"{name}-{stream}-{n}" for n in range(LINES)]
            self.sent += numbers
            for answer in stream_of(self.host, self.headers, numbers):
                assert answer["status"] == "queued", answer
                self.answered.contacts.append(self.note(numbers[answer["line"] - 1], answer["id"]))

    def send(self, start: int) -> None:
        work: list[tuple[Callable[[str], None], str]] = [(self.send_singles, f"{start}-{n}") for n in range(SENDERS)]
        failed: list[BaseException] = []

        def do(what: Callable[[str], None], name: str) -> None:
            try:
                what(name)
            except BaseException as cause:
                failed.append(cause)

        threads = [threading.Thread(target=do, args=each) for each in [*work, (self.send_streams, f"{start}-s")]]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if failed:
            raise failed[0]


def stream_of(host: str, headers: dict[str, str], numbers: list[str]) -> Iterator[dict[str, Any]]:
    """Sends these as one stream; each answer as soon as it comes."""
    connection = http.client.HTTPConnection(host, timeout=60)
    lines = "".join(json.dumps(contact(number, WORDS)) + "\n" for number in numbers)
    connection.request("POST", "/api/v1/contacts/bulk", lines.encode(), headers | {"content-type": "application/x-ndjson"})
    for line in connection.getresponse():
        yield json.loads(line)
    connection.close()


def list_of(host: str, headers: dict[str, str]) -> Iterator[str]:
    """The ids of all contacts, page by page."""
    path: str | None = "/api/v1/contacts?limit=200"
    while path:
        page = json.loads(ask(host, "GET", path, headers=headers).body)
        yield from (item["contact_id"] for item in page["items"])
        path = f"/api/v1/contacts?limit=200&cursor={page['next']}" if page["next"] else None


def record(binary: Path, library: Path, work: Path, lies: bool) -> Recorded:
    """Runs the service and writes down what it does to its folder, from the first file on."""
    folder, journal = work / "disk", work / "journal"
    folder.mkdir(parents=True)
    url, answered, sent = f"sqlite://{folder}/t.db", Due([], []), []
    with noting(library, folder, journal, lies):
        key = command(binary, url, folder / "key", "key", "create", "probe", "--role", "integrator")
        if not journal.exists():
            sys.exit("nothing was noted: does the program call its system calls by their names in libc?")
        for start in range(STARTS):
            with serve(binary, url, folder / "key", MODEL="lexicon", **LIMITS) as service:
                senders = Senders(service.host, key, journal)
                senders.send(start)
                time.sleep(0.5)
            answered = Due(*(before + now for before, now in zip(answered, senders.answered)))
            sent += senders.sent
    notes = read_journal(journal)
    compare(notes, folder)
    return Recorded(notes, Due(*(sorted(kind, key=lambda each: each.moment) for kind in answered)), sent, key)


def compare(notes: list[Note], folder: Path) -> None:
    """The notes are complete: from them alone come the files as they are."""
    disk = Disk()
    for note in notes:
        disk.take(note)
    disk.settle(notes[-1].end)
    noted = {name: bytes(file.durable) for name, file in disk.now.items()}
    there = {file.name: file.read_bytes() for file in folder.iterdir() if not file.name.endswith("-shm")}
    assert noted == there, f"the notes miss something in {sorted(noted.keys() ^ there.keys()) or sorted(noted)}"


def choose(recorded: Recorded, cuts: int, dice: random.Random) -> list[int]:
    """Moments: half of them right after an acknowledgement, a fifth while pages go from the log into the database, a twentieth
    before the first acknowledgement, and the others at any time after it."""
    ends = [note.end for note in recorded.notes]
    first = bisect.bisect_left(ends, recorded.answered.contacts[0].moment)
    pages = [note.end for note in recorded.notes[first:] if note.name == "t.db"]
    answers = recorded.answered.contacts + recorded.answered.reads
    sharp = [ends[bisect.bisect_left(ends, each.moment)] for each in dice.choices(answers, k=cuts // 2)]
    chosen = [*sharp, *dice.choices(pages, k=cuts // 5), *dice.choices(ends[:first], k=cuts // 20)]
    return sorted([*chosen, *dice.choices(ends[first:], k=cuts - len(chosen))])


def images(notes: list[Note], moments: list[int], dice: random.Random, cache: int | None) -> Iterator[tuple[int, dict[str, bytes]]]:
    """The disk after a cut at each moment. One that lies has written by itself what no longer fits into its cache."""
    disk, rest = Disk(), iter(notes)
    note = next(rest, None)
    for moment in moments:
        while note is not None and note.end <= moment:
            disk.take(note)
            note = next(rest, None)
        if cache is not None:
            disk.settle(moment - cache)
        yield moment, disk.after_cut(dice)


def look_into(file: Path, due: Due) -> Found:
    """Reads the database without the program."""
    try:
        with closing(sqlite3.connect(file)) as database:
            (sound,) = database.execute("PRAGMA integrity_check").fetchone()
            rows = database.execute("SELECT contact_id, lower(hex(id)) FROM contacts").fetchall()
            (orphans,) = database.execute(ORPHANS, {"words": WORDS}).fetchone()
            logged = {object_ for (object_,) in database.execute("SELECT object FROM audit_log WHERE action = 'contact.read'")}
            foreign = len(database.execute("PRAGMA foreign_key_check").fetchall())
    except sqlite3.Error as cause:
        # Nothing can be read, so everything is lost.
        return Found(lost=len(due.contacts), unlogged=len(due.reads), broken=str(cause))
    there = dict(rows)
    lost = sum(there.get(f"P-{each.number}") != each.id.replace("-", "") for each in due.contacts)
    unlogged = sum(each.id not in logged for each in due.reads)
    broken = sound if sound != "ok" else f"{orphans} contacts and {foreign} rows are not whole" if orphans + foreign else ""
    return Found(lost, len(rows) - len(there), unlogged, broken)


def everything_again(binary: Path, url: str, key_file: Path, recorded: Recorded, due: Due) -> Found:
    """Starts the service and sends all contacts once more, as somebody who has no answer to any of them."""
    with serve(binary, url, key_file, MODEL="lexicon", **LIMITS) as service:
        headers = {"authorization": f"Bearer {recorded.key}"}
        ready = ask(service.host, "GET", "/readyz")
        answers = list(stream_of(service.host, headers, recorded.sent))
        listed = list(list_of(service.host, headers))
    told = {recorded.sent[answer["line"] - 1]: (answer["status"], answer.get("id")) for answer in answers}
    lost = sum(told[each.number] != ("unchanged", each.id) for each in due.contacts)
    wrong = "" if ready.status == 200 else f"/readyz says {ready.status}"
    if set(listed) != {f"P-{number}" for number in recorded.sent}:
        wrong = "the list lacks contacts"
    return Found(lost, len(listed) - len(set(listed)), broken=wrong)


def examine(binary: Path, folder: Path, recorded: Recorded, due: Due, served: bool) -> Found:
    """What the program makes of the disk after a cut."""
    url, key_file = f"sqlite://{folder}/t.db", folder / "key"
    try:
        command(binary, url, key_file, "key", "create", "after", "--role", "integrator")
        found = look_into(folder / "t.db", due)
        if served and not any(found):
            found = everything_again(binary, url, key_file, recorded, due)
        command(binary, url, key_file, "audit", "verify")
    except subprocess.CalledProcessError as cause:
        return Found(broken=f"{cause.cmd[1:3]} fails: {cause.stdout}{cause.stderr}")
    except (AssertionError, OSError, http.client.HTTPException) as cause:
        return Found(broken=f"the service does not serve: {cause!r}")
    return found


def cut(
    recorded: Recorded, notes: list[Note], cuts: int, seed: str, sums: Sums, folder: Path,
    *, binary: Path | None = None, cache: int | None = None,
) -> None:
    """Looks at the disk after that many cuts; without a program, the database is only read."""
    dice = random.Random(seed)
    moments = choose(recorded, cuts, dice)
    for moment, files in images(notes, moments, dice, cache):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for name, data in files.items():
            (folder / name).write_bytes(data)
            (folder / name).chmod(0o600)
        due = recorded.due(moment)
        if binary is None:
            found = look_into(folder / "t.db", due) if due.contacts else Found()
        else:
            served = sums.cuts % SERVED == SERVED - 1
            sums.served += served
            found = examine(binary, folder, recorded, due, served)
            if any(found):
                print(f"FAIL cut {sums.cuts} of seed {seed} at byte {moment}: {found}", flush=True)
        sums.add(found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary", type=Path)
    parser.add_argument("--cuts", type=int, default=150)
    parser.add_argument("--seed", type=int, default=20261130, help="of the moments and of what survives; the service keeps its own time")
    arguments = parser.parse_args()
    binary = arguments.binary.resolve()
    true, normal, lying = Sums(), Sums(), Sums()
    with tempfile.TemporaryDirectory() as name:
        work = Path(name).resolve()
        library = compile_library(work)
        for run in range(RUNS):
            cuts = arguments.cuts // RUNS + (run < arguments.cuts % RUNS)
            seed = f"{arguments.seed}-{run}"
            recorded = record(binary, library, work / f"true-{run}", lies=False)
            what = f"{len(recorded.answered.contacts)} contacts and {len(recorded.answered.reads)} reads were answered"
            print(f"run {run}: {what}, {len(recorded.notes)} writes and syncs noted", flush=True)
            cut(recorded, recorded.notes, cuts, seed, true, work / "image", binary=binary)
            cut(recorded, as_if_normal(recorded.notes), cuts, seed, normal, work / "image")
            recorded = record(binary, library, work / f"lying-{run}", lies=True)
            cut(recorded, recorded.notes, cuts, seed, lying, work / "image", cache=CACHE)
    print(f"{true.served} of the disks were served from", flush=True)
    print(f"as if synchronous = NORMAL: {normal}\na disk that lies: {lying}", flush=True)
    print(
        f"evidence: {true}; control: {normal.lost} of {normal.cuts} lost something without the sync of commits,"
        f" {lying.lost} of {lying.cuts} on a disk that lies"
    )
    wrong = true.lost + true.doubled + true.broken + true.unlogged
    sys.exit(0 if wrong == 0 and normal.lost > 0 and lying.lost > 0 else 1)


if __name__ == "__main__":
    main()
