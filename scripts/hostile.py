#!/usr/bin/env python3
"""Gives `tingxin analyze` files that somebody broke, and says what it made of them.

    scripts/hostile.py [--binary target/release/tingxin] [--files 500] [--seed 1]
    scripts/hostile.py --big [--megabytes 1024] [--rows 200000]

The broken files are made from the fixtures and samples of this repository: cut off, with flipped
bits, in wrong encodings, with one line broken among good ones, nested deeply, packed several times,
and bombs. Beside every broken file lies a good one, its neighbour. What must hold:

* no panic, and no exit status but 0, 1 and 2;
* no file that takes more than a second of processor time;
* every neighbour is analysed.

`--big` writes a long NDJSON file and a long workbook and prints the memory that reading them took.
The exit status is 0 when everything holds.
"""

import argparse
import gzip
import io
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("tests/fixtures/forms", "tests/fixtures/ingest", "samples")
# Files that are given to one process. One process a file would mostly measure its start.
TOGETHER = 10
# Processor seconds that a file may take, and after which a process is killed.
MOST_SECONDS = 1.0
KILLED_AFTER = 120
MEBIBYTE = 1024 * 1024


@dataclass
class Run:
    """What one process did."""

    status: int
    seconds: float
    peak: int
    out: bytes
    err: bytes

    @property
    def panicked(self) -> bool:
        """Whether it, or one of its threads, panicked."""
        return self.status not in (0, 1, 2) or b"panicked" in self.err or b"analysis_failed" in self.err


def analyze(binary: Path, files: list[Path]) -> Run:
    """Has files analysed, and measures."""
    command: list[str | Path] = [binary, "analyze", "--model", "lexicon", "--quiet", "--threads", "1", *files]
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=err)
        deadline = time.monotonic() + KILLED_AFTER * max(1, len(files))
        while True:
            pid, status, used = os.wait4(child.pid, os.WNOHANG)
            if pid:
                break
            if time.monotonic() > deadline:
                child.kill()
            time.sleep(0.01)
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        seconds = used.ru_utime + used.ru_stime
        return Run(child.returncode, seconds, used.ru_maxrss * 1024, out.read(), err.read())


def contact(number: int | str, turns: int = 2) -> str:
    """A good contact on one line."""
    said = [
        {"speaker": "agent", "text": "您好，很高兴为您服务。"},
        {"speaker": "customer", "text": f"我家宽带又断了，这都第{number}次了！"},
    ]
    return json.dumps(
        {
            "schema": "tingxin.contact.v1",
            "source": "hostile",
            "contact_id": f"good-{number}",
            "channel": "hotline",
            "utterances": (said * turns)[:turns],
        },
        ensure_ascii=False,
    )


def cut_off(chance: random.Random, good: bytes) -> bytes:
    """Ends somewhere."""
    return good[: chance.randrange(len(good))]


def flipped(chance: random.Random, good: bytes) -> bytes:
    """Has some bits the other way round."""
    broken = bytearray(good)
    for _ in range(chance.randint(1, 64)):
        broken[chance.randrange(len(broken))] ^= 1 << chance.randrange(8)
    return bytes(broken)


def stirred(chance: random.Random, good: bytes) -> bytes:
    """Has a stretch of it somewhere else, twice or not at all."""
    one, other, place = sorted(chance.randrange(len(good) + 1) for _ in range(3))
    part = good[one:other]
    return chance.choice([good[:one] + good[other:], good[:place] + part * 3 + good[place:], part + good])


def recoded(chance: random.Random, good: bytes) -> bytes:
    """Is written in an encoding that nobody expects, or says another one than it has."""
    text = good.decode("utf-8", "replace")
    encoding = chance.choice(["utf-16-le", "utf-16-be", "utf-32", "gb18030", "big5", "shift_jis", "utf-7", "cp037"])
    mark = chance.choice([b"", b"", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"])
    return mark + text.encode(encoding, "replace")


def salted(chance: random.Random, good: bytes) -> bytes:
    """Has characters in it that break programs."""
    salt = ["\0", "\u202e", "\ufffd", "\u2028", "\x1b[2J", "=1+1", "𝟏𝟗𝟗", "‍", '"', "\r", "{", "\\ud800", "é" * 500]
    broken = good
    for _ in range(chance.randint(1, 8)):
        place = chance.randrange(len(broken) + 1)
        broken = broken[:place] + chance.choice(salt).encode() + broken[place:]
    return broken


def nested(chance: random.Random, _: bytes) -> bytes:
    """Goes down for ever."""
    depth = chance.choice([200, 5_000, 200_000])
    open_, close = chance.choice([("[", "]"), ('{"a":', "}"), ('{"utterances":[', "]}")])
    inner = chance.choice(["", "1", '"x"'])
    return (open_ * depth + inner + close * chance.choice([depth, 0])).encode()


def packed(chance: random.Random, good: bytes) -> bytes:
    """Is packed several times over, or is packed and damaged."""
    for _ in range(chance.randint(1, 4)):
        if chance.random() < 0.5:
            good = gzip.compress(good, mtime=0)
        else:
            held = io.BytesIO()
            with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr(chance.choice(["a.json", "../../a.json", "/etc/a.csv", "a" * 200 + ".txt", "a.zip"]), good)
            good = held.getvalue()
    return good if chance.random() < 0.5 else flipped(chance, good)


def bomb(chance: random.Random, _: bytes) -> bytes:
    """Unpacks to far more than it is."""
    much = chance.choice([b"\0", b"a", b"[", '{"a":"\u5bbd"}\n'.encode(), b",\n"]) * (48 * MEBIBYTE)
    if chance.random() < 0.5:
        return gzip.compress(much[: 100 * MEBIBYTE], 9, mtime=0)
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(chance.randint(1, 2)):
            archive.writestr(chance.choice(["a.json", "xl/workbook.xml", "a.csv"]) + str(number) * number, much)
    return held.getvalue()


BREAKING: list[tuple[int, Callable[[random.Random, bytes], bytes]]] = [
    (120, cut_off),
    (120, flipped),
    (60, stirred),
    (60, recoded),
    (60, salted),
    (20, nested),
    (50, packed),
    (4, bomb),
]


def one_line_broken(chance: random.Random, number: int) -> bytes:
    """Twenty contacts a line each, one of which is broken: the others are its neighbours."""
    lines = [contact(f"{number}-{at}").encode() for at in range(20)]
    at = chance.randrange(20)
    # A line end that goes would make one line of two.
    lines[at] = chance.choice([cut_off, flipped, salted])(chance, lines[at]).replace(b"\n", b" ")[:2000] or b"{"
    lines[at] = b"{" + lines[at]
    return b"\n".join(lines) + b"\n"


def sources() -> list[Path]:
    """Fixtures and samples."""
    found = (path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*")))
    return [path for path in found if path.is_file() and path.suffix not in (".md", ".gz") and path.stat().st_size]


def broken_files(chance: random.Random, count: int, folder: Path) -> Iterator[tuple[str, Path, int]]:
    """What was done to a file, where it is, and how many good contacts are in it."""
    good = sources()
    ways = [way for weight, way in BREAKING for _ in range(weight)]
    for number in range(count):
        if number % 20 == 19:
            path = folder / f"broken-{number:04}.ndjson"
            path.write_bytes(one_line_broken(chance, number))
            yield "one line", path, 19
            continue
        way, source = chance.choice(ways), chance.choice(good)
        path = folder / f"broken-{number:04}{source.suffix}"
        path.write_bytes(way(chance, source.read_bytes()))
        yield way.__name__, path, 0


def survive(binary: Path, count: int, seed: int) -> bool:
    """Breaks files and has them read."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="tingxin-hostile-") as name:
        folder = Path(name)
        good = folder / "good.ndjson"
        good.write_text(contact("alone") + "\n", encoding="utf-8")
        base = min(analyze(binary, [good]).seconds for _ in range(2))
        files = list(broken_files(chance, count, folder))
        panics: list[str] = []
        slow: list[str] = []
        lost = peak = 0
        statuses: Counter[int] = Counter()
        for start in range(0, len(files), TOGETHER):
            part = files[start : start + TOGETHER]
            given, expected = [], 0
            for at, (_, path, inside) in enumerate(part):
                neighbour = folder / f"neighbour-{start + at}.ndjson"
                neighbour.write_text(contact(f"beside-{start + at}") + "\n", encoding="utf-8")
                given += [path, neighbour]
                expected += 1 + inside
            run = analyze(binary, given)
            statuses[run.status] += 1
            peak = max(peak, run.peak)
            analysed = sum(b'"contact_id":"good-' in line for line in run.out.splitlines())
            lost += max(0, expected - analysed)
            if run.panicked or run.seconds > base + MOST_SECONDS or analysed < expected:
                for way, path, _ in part:
                    alone = analyze(binary, [path])
                    if alone.panicked:
                        panics.append(f"{path.name} ({way}), status {alone.status}")
                    if alone.seconds > base + MOST_SECONDS:
                        slow.append(f"{path.name} ({way}), {alone.seconds - base:.1f} s")
            for path in given:
                if path.name.startswith("neighbour"):
                    path.unlink()
        ways = Counter(way for way, _, _ in files)
        print(f"{len(files)} broken files (seed {seed}): " + ", ".join(f"{n} {way}" for way, n in sorted(ways.items())))
        print(f"panics: {len(panics)}; over {MOST_SECONDS:.0f} s: {len(slow)}; neighbours lost: {lost}")
        print(f"peak memory {peak / MEBIBYTE:.0f} MiB; start-up {base:.2f} s of processor time; statuses {dict(statuses)}")
        kept = panics + slow
        for what in kept:
            print(f"  {what}")
        if kept:
            place = Path(tempfile.mkdtemp(prefix="tingxin-hostile-kept-"))
            for what in kept:
                shutil.copy(folder / what.split(" ")[0], place)
            print(f"  they are kept in {place}")
        return not kept and not lost


def long_ndjson(path: Path, megabytes: int) -> None:
    """A long file of contacts, each of which is another."""
    with path.open("wb") as out:
        number = written = 0
        while written < megabytes * MEBIBYTE:
            written += out.write(contact(number, 12).encode() + b"\n")
            number += 1


def long_workbook(path: Path, rows: int) -> None:
    """A long workbook with a row a turn."""
    kinds = "http://schemas.openxmlformats.org/"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{kinds}package/2006/content-types"><Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName='
        '"/xl/worksheets/sheet1.xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{kinds}package/2006/relationships"><Relationship Id="a" Type='
        f'"{kinds}officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{kinds}spreadsheetml/2006/main" xmlns:r='
        f'"{kinds}officeDocument/2006/relationships"><sheets><sheet name="calls" sheetId="1" r:id="a"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{kinds}package/2006/relationships"><Relationship Id="a" Type='
        f'"{kinds}officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, '<?xml version="1.0" encoding="UTF-8"?>' + text)
        with archive.open("xl/worksheets/sheet1.xml", "w") as out:
            sheet = f'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="{kinds}spreadsheetml/2006/main"><sheetData>'
            out.write(sheet.encode())
            out.write(sheet_row("流水号", "角色", "内容"))
            for number in range(rows - 1):
                text = "您好，很高兴为您服务。" if number % 2 == 0 else f"我家宽带又断了，这都第{number}次了！"
                out.write(sheet_row(f"H-{number // 12}", "客服" if number % 2 == 0 else "客户", text))
            out.write(b"</sheetData></worksheet>")


def sheet_row(*cells: str) -> bytes:
    """A row of a sheet."""
    return ("<row>" + "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in cells) + "</row>").encode()


def large(binary: Path, megabytes: int, rows: int) -> bool:
    """Reads a long file and a long workbook."""
    held = True
    with tempfile.TemporaryDirectory(prefix="tingxin-large-") as name:
        for path, write, how_much in (
            (Path(name) / "long.ndjson", long_ndjson, megabytes),
            (Path(name) / "long.xlsx", long_workbook, rows),
        ):
            write(path, how_much)
            command: list[str | Path] = [binary, "analyze", "--model", "lexicon", "--quiet", path]
            with open(os.devnull, "wb") as nowhere:
                child = subprocess.Popen(command, stdout=nowhere, stderr=subprocess.PIPE)
                err = child.stderr.read() if child.stderr else b""
                _, status, used = os.wait4(child.pid, 0)
            status = child.returncode = os.waitstatus_to_exitcode(status)
            peak = used.ru_maxrss * 1024 / MEBIBYTE
            size = path.stat().st_size / MEBIBYTE
            seconds = used.ru_utime + used.ru_stime
            print(f"{path.name}: {size:.0f} MiB, status {status}, peak {peak:.0f} MiB, {seconds:.0f} s of processor time")
            if err.strip():
                print("  " + err.decode(errors="replace").splitlines()[0])
            held = held and status == 0 and peak < 300
            path.unlink()
    return held


def main() -> None:
    """Reads the command line."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    asked.add_argument("--binary", type=Path, default=ROOT / "target/release/tingxin")
    asked.add_argument("--files", type=int, default=500)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--big", action="store_true")
    asked.add_argument("--megabytes", type=int, default=1024)
    asked.add_argument("--rows", type=int, default=200_000)
    told = asked.parse_args()
    if not told.binary.exists():
        sys.exit(f"there is no {told.binary}: cargo build --release, or name another with --binary")
    holds = large(told.binary, told.megabytes, told.rows) if told.big else survive(told.binary, told.files, told.seed)
    sys.exit(0 if holds else 1)


if __name__ == "__main__":
    main()
