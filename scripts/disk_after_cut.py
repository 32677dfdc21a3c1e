"""What a power cut leaves of the files of a folder, from the journal that power_cut.c wrote.

The rules are those of POSIX and no more. A write is kept by a sync of its file that began after it. That a file is there,
is gone or has another name is kept by a sync of the folder, although most file systems are kinder. Whatever no sync has
kept may be there or not, each sector of 512 bytes by itself and in any order; what is missing in between are zeros. A write
touches no byte beside it, which SQLite expects of a disk as well (`SQLITE_POWERSAFE_OVERWRITE`).
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator
    from pathlib import Path

HEAD = struct.Struct("<cHIQ")
SECTOR, PAGE, WHOLE = 512, 4096, 1 << 40
WAL_HEADER = 32


class Note(NamedTuple):
    """One thing that was done; `end` is where its note ends in the journal, which is also its moment."""

    kind: str
    name: str
    offset: int
    data: bytes
    end: int

    def is_of(self, ending: str) -> bool:
        return self.name.endswith(ending)


def read_journal(file: Path) -> list[Note]:
    """All notes but those of shared memory, which no power cut survives."""
    text, at, notes = file.read_bytes(), 0, []
    while at < len(text):
        kind, name_length, length, offset = HEAD.unpack_from(text, at)
        named = at + HEAD.size
        at = named + name_length + length
        name = text[named : named + name_length].decode()
        note = Note(kind.decode(), name, offset, text[named + name_length : at], at)
        if not note.is_of("-shm"):
            notes.append(note)
    return notes


def as_if_normal(notes: list[Note]) -> list[Note]:
    """The same without the syncs that SQLite leaves out under `synchronous = NORMAL`: those of single commits.

    There the log is synced after its header was written and before pages go from it into the database.
    """
    kept: list[Note] = []
    last_of_log: Note | None = None
    for note, following in zip(notes, [*notes[1:], None]):
        if note.kind == "s" and note.is_of("-wal"):
            is_header = last_of_log is not None and last_of_log.offset == 0 and len(last_of_log.data) == WAL_HEADER
            is_before_pages = following is not None and following.kind in "wt" and following.is_of(".db")
            if not is_header and not is_before_pages:
                continue
        if note.kind == "w" and note.is_of("-wal"):
            last_of_log = note
        kept.append(note)
    return kept


class Kept(NamedTuple):
    """How much of the unsynced survives: this share of parts of this many bytes, and the lengths of files or not."""

    share: float
    part: int
    lengths: bool


class File:
    """Bytes that no power cut takes, and what was done since."""

    def __init__(self) -> None:
        self.durable = bytearray()
        self.pending: list[Note] = []

    def settle(self, moment: int) -> None:
        """Everything that was done until then is durable."""
        for note in self.pending:
            if note.end <= moment:
                apply(self.durable, note)
        self.pending = [note for note in self.pending if note.end > moment]

    def after_cut(self, dice: random.Random, kept: Kept) -> bytes:
        found, length = bytearray(self.durable), len(self.durable)
        for note in self.pending:
            length = note.offset if note.kind == "t" else max(length, note.offset + len(note.data))
            if note.kind == "t":
                if dice.random() < kept.share:
                    apply(found, note)
                continue
            for offset, part in parts(note, kept.part):
                if dice.random() < kept.share:
                    put(found, offset, part)
        if kept.lengths:
            found.extend(bytes(max(0, length - len(found))))
        return bytes(found)


def parts(note: Note, size: int) -> Iterator[tuple[int, bytes]]:
    """A write, cut where parts of this size begin in the file."""
    at = note.offset
    end = at + len(note.data)
    while at < end:
        until = min(end, (at // size + 1) * size)
        yield at, note.data[at - note.offset : until - note.offset]
        at = until


def put(found: bytearray, offset: int, data: bytes) -> None:
    if len(found) < offset:
        found.extend(bytes(offset - len(found)))
    found[offset : offset + len(data)] = data


def apply(found: bytearray, note: Note) -> None:
    if note.kind == "w":
        put(found, note.offset, note.data)
    else:
        del found[note.offset :]
        found.extend(bytes(note.offset - len(found)))


class Entries(NamedTuple):
    """A change of the folder: names and the files that bear them from then on."""

    changed: dict[str, File | None]
    end: int


class Disk:
    """A folder that was empty, on which what is noted happens."""

    def __init__(self) -> None:
        self.now: dict[str, File] = {}
        self.durable: dict[str, File] = {}
        self.pending: list[Entries] = []

    def take(self, note: Note) -> None:
        if note.kind == "c":
            self.rename({note.name: File()}, note.end)
        elif note.kind == "u":
            self.rename({note.name: None}, note.end)
        elif note.kind == "r":
            self.rename({note.name: None, note.data.decode(): self.now[note.name]}, note.end)
        elif note.kind == "l":
            self.rename({note.data.decode(): self.now[note.name]}, note.end)
        elif note.kind == "s" and note.name:
            self.now[note.name].settle(note.offset)
        elif note.kind == "s":
            self.settle_entries(note.offset)
        else:
            self.now[note.name].pending.append(note)

    def rename(self, changed: dict[str, File | None], end: int) -> None:
        change(self.now, changed)
        self.pending.append(Entries(changed, end))

    def settle_entries(self, moment: int) -> None:
        for entries in self.pending:
            if entries.end <= moment:
                change(self.durable, entries.changed)
        self.pending = [entries for entries in self.pending if entries.end > moment]

    def settle(self, moment: int) -> None:
        """The disk has written everything until then by itself."""
        files = {id(file): file for each in self.pending for file in each.changed.values() if file}
        files |= {id(file): file for file in (self.durable | self.now).values()}
        self.settle_entries(moment)
        for file in files.values():
            file.settle(moment)

    def after_cut(self, dice: random.Random) -> dict[str, bytes]:
        """The files that are found after a power cut now; how bad it is, the dice say too."""
        kept = Kept(dice.choice((0.0, 0.2, 0.5, 0.8, 0.95, 1.0)), dice.choice((SECTOR, PAGE, WHOLE)), dice.random() < 0.5)
        entries = dict(self.durable)
        for each in self.pending:
            if dice.random() < kept.share:
                change(entries, each.changed)
        return {name: file.after_cut(dice, kept) for name, file in entries.items()}


def change(entries: dict[str, File], changed: dict[str, File | None]) -> None:
    for name, file in changed.items():
        if file is None:
            entries.pop(name, None)
        else:
            entries[name] = file
