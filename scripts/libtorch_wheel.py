#!/usr/bin/env python3
"""Takes out of PyTorch's wheel what linking against it on a CPU needs, and checks it.

    python3 scripts/libtorch_wheel.py FOLDER

The wheel has 797 MB, of which 140 MB are wanted: a package index that answers range requests is asked for
those alone, any other for the whole. pip's configured index and certificate are used. The list of checksums inside
the wheel is itself compared with the one below, so what arrives is what this file was written for.
"""

import base64
import hashlib
import html
import io
import os
import pathlib
import re
import ssl
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request
import zipfile

VERSION = "2.4.0"
WHEEL = f"torch-{VERSION}-cp311-cp311-manylinux1_x86_64.whl"
RECORD_SHA256 = "641df8e3aba60fc39bb16c0b1a847961838533f5597f511162911766d3a77159"
LIBRARIES = ("libtorch_cpu.so", "libc10.so", "libgomp-a34b3233.so.1")
LICENCES = ("LICENSE", "NOTICE")
INFO = f"torch-{VERSION}.dist-info/"


def pip_setting(name):
    """A setting of pip, from its files or its environment variables; empty when there is none."""
    command = [sys.executable, "-m", "pip", "config", "list"]
    asked = subprocess.run(command, capture_output=True, text=True)
    if asked.returncode != 0:
        # Without pip its variables still count.
        return os.environ.get("PIP_" + name.replace("-", "_").upper(), "")
    for line in asked.stdout.splitlines():
        key, _, value = line.partition("=")
        if key.rpartition(".")[2] == name:
            return value.strip("'\"")
    return ""


def context():
    certificate = pip_setting("cert")
    return ssl.create_default_context(cafile=certificate or None)


class Remote(io.RawIOBase):
    """A file on a web server, read by ranges."""

    def __init__(self, url, tls):
        self.url, self.tls, self.at = url, tls, 0
        with self.get("bytes=0-0") as answer:
            if answer.status != 206:
                raise OSError("the package index does not answer range requests")
            self.size = int(answer.headers["Content-Range"].rpartition("/")[2])

    def get(self, bytes_):
        request = urllib.request.Request(self.url, headers={"Range": bytes_, "Accept-Encoding": "identity"})
        return urllib.request.urlopen(request, timeout=120, context=self.tls)

    def readable(self):
        return True

    def seekable(self):
        return True

    def tell(self):
        return self.at

    def seek(self, offset, whence=io.SEEK_SET):
        self.at = offset + (0, self.at, self.size)[whence]
        return self.at

    def readinto(self, buffer):
        end = min(self.size, self.at + len(buffer))
        if end <= self.at:
            return 0
        with self.get(f"bytes={self.at}-{end - 1}") as answer:
            if answer.status != 206:
                raise OSError("the package index stopped answering range requests")
            part = answer.read()
        buffer[: len(part)] = part
        self.at += len(part)
        return len(part)


def address(tls):
    """Where the index keeps the wheel."""
    index = (pip_setting("index-url") or "https://pypi.org/simple").rstrip("/") + "/torch/"
    with urllib.request.urlopen(index, timeout=120, context=tls) as answer:
        page, base = answer.read().decode(), answer.url
    for found in re.findall(r'href\s*=\s*"([^"]+)"', page):
        url = urllib.parse.urljoin(base, html.unescape(found)).partition("#")[0]
        if url.endswith("/" + WHEEL):
            return url
    raise OSError(f"{index} does not list {WHEEL}")


def wheel(folder):
    """The wheel as a file: in pieces from the index, or whole in `folder`."""
    try:
        tls = context()
        # Large blocks: every read is a request.
        return io.BufferedReader(Remote(address(tls), tls), 8 << 20)
    except OSError as cause:
        print(f"taking the whole wheel (797 MB): {cause}", file=sys.stderr)
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
    command += ["--platform", "manylinux1_x86_64", "--python-version", "3.11", "--implementation", "cp"]
    command += ["--abi", "cp311", "--dest", folder, f"torch=={VERSION}"]
    if subprocess.run(command, stdout=sys.stderr).returncode != 0:
        sys.exit("the wheel could not be downloaded; see what pip says above")
    return open(pathlib.Path(folder) / WHEEL, "rb")


def checksums(archive):
    """SHA-256 of every file, from the list that the wheel carries."""
    record = archive.read(INFO + "RECORD")
    found = hashlib.sha256(record).hexdigest()
    if found != RECORD_SHA256:
        sys.exit(f"this is another wheel than expected: its RECORD has SHA-256 {found}")
    rows = (line.split(",") for line in record.decode().splitlines())
    return {name: check for name, check, _ in rows}


def wanted(name):
    """Where a file of the wheel belongs; None when nobody needs it."""
    if name.endswith("/"):
        return None
    if name.startswith("torch/include/"):
        return name.removeprefix("torch/")
    folder, _, last = name.rpartition("/")
    if folder == "torch/lib" and last in LIBRARIES:
        return f"lib/{last}"
    if folder + "/" == INFO and last in LICENCES:
        return last
    return None


def main():
    target = pathlib.Path(sys.argv[1])
    with tempfile.TemporaryDirectory(dir=target.parent) as folder, wheel(folder) as file:
        archive = zipfile.ZipFile(file)
        known = checksums(archive)
        # In the order of the wheel, so that reading goes on where it stopped.
        for member in sorted(archive.infolist(), key=lambda member: member.header_offset):
            place = wanted(member.filename)
            if place is None:
                continue
            data = archive.read(member)
            check = known.get(member.filename, "")
            if not check.startswith("sha256="):
                sys.exit(f"the wheel has no checksum for {member.filename}")
            digest = urlsafe(hashlib.sha256(data).digest())
            if digest != check.removeprefix("sha256="):
                sys.exit(f"{member.filename} is damaged: SHA-256 {digest}, not {check}")
            path = target / place
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    missing = [name for name in LIBRARIES if not (target / "lib" / name).is_file()]
    if missing:
        sys.exit(f"the wheel lacks {', '.join(missing)}")


def urlsafe(digest):
    """A digest as RECORD writes it."""
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


if __name__ == "__main__":
    main()
