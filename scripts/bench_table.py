#!/usr/bin/env python3
"""Measures the finished binary and prints one table of figures.

Four parts: what criterion measured, `analyze` end to end on a generated file, durable bulk ingest
over HTTP into SQLite, and the latency of lists and pages with 100,000 contacts stored. Needs nothing
but the standard library; everything runs on the loopback interface.
"""

import argparse
import http.client
import json
import os
import platform
import random
import re
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent


def samples():
    return [json.loads(path.read_text("utf-8")) for path in sorted((ROOT / "samples").rglob("*.json"))]


def unheard(text):
    """The text with one character exchanged: as long as before, and said by nobody."""
    at = random.randrange(len(text))
    return text[:at] + chr(random.randrange(0x4E00, 0x9FA6)) + text[at + 1:]


def contacts(count, sources, seed=20261101):
    """Yields `count` contacts drawn from `sources` as NDJSON lines, with ids of their own.

    One character of every tenth utterance is another, so that the exact-match cache answers about as
    often as it does on real service talk and not always.
    """
    random.seed(seed)
    for number in range(count):
        contact = json.loads(json.dumps(random.choice(sources)))
        contact["source"] = "bench"
        contact["contact_id"] = f"B-{number:07d}"
        contact["revision"] = 1
        for utterance in contact.get("utterances", []):
            if random.random() < 0.1:
                utterance["text"] = unheard(utterance["text"])
        yield json.dumps(contact, ensure_ascii=False)


def write_file(path, count, sources):
    """Writes them; the texts of their utterances."""
    texts = []
    with open(path, "w", encoding="utf-8") as out:
        for line in contacts(count, sources):
            out.write(line + "\n")
            texts.extend((one["speaker"], one["text"]) for one in json.loads(line).get("utterances", []))
    return texts


def repeated(texts):
    """Share of texts that were said before: what a cache can answer."""
    return 1 - len(set(texts)) / len(texts)


def analyze(binary, path, threads, model):
    """Seconds and peak resident memory in MB of one `analyze` run."""
    start, peak = time.monotonic(), 0
    process = subprocess.Popen(
        [binary, "analyze", "--quiet", "--threads", str(threads), "--model", model, str(path)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    # What `wait4` reports as peak begins with the memory of this script, from which the process was forked.
    while process.poll() is None:
        status = Path(f"/proc/{process.pid}/status").read_text()
        peak = max(peak, *(int(kilobytes) for kilobytes in re.findall(r"VmHWM:\s+(\d+)", status)), 0)
        time.sleep(0.02)
    if process.returncode != 0:
        raise SystemExit(f"analyze ended with status {process.returncode}")
    return time.monotonic() - start, peak / 1024


class Service:
    """`tingxin serve` on a throw-away SQLite database."""

    def __init__(self, binary, folder):
        self.database = f"sqlite://{folder}/bench.db"
        self.binary = binary
        self.process = subprocess.Popen(
            [binary, "serve", "--listen", "127.0.0.1:0", "--database-url", self.database],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=folder,
            # What is measured is the store and the network; word lists leave most of the two cores to them.
            env={**os.environ, "TINGXIN_MODEL": "lexicon", "TINGXIN_LIMITS__OLDEST_UNSCORED_SECONDS": "86400",
                 "TINGXIN_LIMITS__REQUESTS_PER_SECOND": "100000"})
        for line in self.process.stdout:
            found = re.search(r"listening on http://127\.0\.0\.1:(\d+)", line)
            if found:
                self.port = int(found.group(1))
                break
        self.writer = self.key("bench-writer", "integrator")

    def key(self, name, role):
        return subprocess.run(
            [self.binary, "key", "create", name, "--role", role, "--database-url", self.database],
            check=True, capture_output=True, text=True).stdout.strip()

    def session(self):
        """The cookie of a supervisor who has logged in."""
        password = secrets.token_urlsafe(24)
        subprocess.run(
            [self.binary, "user", "create", "bench", "--role", "supervisor", "--password-stdin",
             "--database-url", self.database],
            check=True, capture_output=True, text=True, input=password)
        connection = self.connect()
        connection.request("POST", "/login", body=urlencode({"name": "bench", "password": password}), headers={
            "Origin": f"http://127.0.0.1:{self.port}", "Content-Type": "application/x-www-form-urlencoded"})
        answer = connection.getresponse()
        if answer.status != 303:
            raise SystemExit(f"logging in answered {answer.status}")
        return answer.getheader("Set-Cookie").split(";")[0]

    def connect(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=600)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=60)


def bulk(service, path):
    """Seconds until every line of the file is acknowledged as durable."""
    connection = service.connect()
    start = time.monotonic()
    with open(path, "rb") as body:
        connection.request("POST", "/api/v1/contacts/bulk", body=body, headers={
            "Authorization": f"Bearer {service.writer}", "Content-Type": "application/x-ndjson",
            "Content-Length": str(os.path.getsize(path))})
        answer = connection.getresponse()
        acknowledged = sum(1 for line in answer if b'"queued"' in line or b'"unchanged"' in line)
    if answer.status != 200:
        raise SystemExit(f"bulk ingest answered {answer.status}")
    return acknowledged, time.monotonic() - start


def wait_until_analysed(service):
    monitor = service.key("bench-monitor", "monitor")
    while True:
        connection = service.connect()
        connection.request("GET", "/metrics", headers={"Authorization": f"Bearer {monitor}"})
        text = connection.getresponse().read().decode()
        waiting = re.search(r'^tingxin_queue_contacts\{state="waiting"\} (\d+)', text, re.M)
        if waiting and int(waiting.group(1)) == 0:
            return
        time.sleep(2)


def timed(connection, target, headers, taken):
    """The body of one GET; its time in milliseconds goes to `taken`."""
    start = time.monotonic()
    connection.request("GET", target, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    taken.append((time.monotonic() - start) * 1000)
    if answer.status != 200:
        raise SystemExit(f"{target} answered {answer.status}: {body[:200]}")
    return body


def percentiles(taken):
    taken.sort()
    return f"p50 {taken[len(taken) // 2]:.1f} ms, p99 {taken[int(len(taken) * 0.99)]:.1f} ms"


def lists(service, path, requests=500):
    """Latency of page after page of a list on one connection, and the ids that it showed."""
    connection, taken, ids, cursor = service.connect(), [], [], None
    headers = {"Authorization": f"Bearer {service.writer}"}
    for _ in range(requests):
        page = json.loads(timed(connection, path + (f"&cursor={cursor}" if cursor else ""), headers, taken))
        ids.extend(item["id"] for item in page["items"])
        cursor = page.get("next") or None
    return percentiles(taken), ids


def pages(service, targets, headers):
    """Latency of one address after the other on one connection."""
    connection, taken = service.connect(), []
    for target in targets:
        timed(connection, target, headers, taken)
    return percentiles(taken)


def reading(service, stored):
    """Rows about what people and programs read while `stored` contacts are there."""
    stored = f"{stored:,} stored"
    for name, target in (("contacts", "/api/v1/contacts?limit=50"),
                         ("contacts of one channel", "/api/v1/contacts?limit=50&channel=hall"),
                         ("flags", "/api/v1/flags?limit=50"),
                         ("flags of one rule", "/api/v1/flags?limit=50&rule=agent_lapse")):
        figure, ids = lists(service, target)
        yield f"list of {name}, 50 a page, {stored}", figure
        if name == "contacts":
            some = random.sample(ids, 500)
    bearer = {"Authorization": f"Bearer {service.writer}"}
    yield f"one contact, API, {stored}", pages(service, [f"/api/v1/contacts/{one}" for one in some], bearer)
    cookie = {"Cookie": service.session(), "Accept": "text/html"}
    yield f"console, queue page, {stored}", pages(service, ["/review"] * 200, cookie)
    yield f"console, queue of one rule, {stored}", pages(service, ["/review?rule=agent_lapse"] * 200, cookie)
    yield f"console, contact page, {stored}", pages(service, [f"/review/{one}" for one in some], cookie)


def criterion_rows(folder):
    for estimates in sorted(Path(folder).rglob("new/estimates.json")):
        benchmark = json.loads((estimates.parent / "benchmark.json").read_text())
        nanoseconds = json.loads(estimates.read_text())["mean"]["point_estimate"]
        throughput = benchmark.get("throughput") or {}
        elements = throughput.get("Elements") if isinstance(throughput, dict) else None
        rate = f"{elements / (nanoseconds / 1e9):,.0f} utterances/s, one thread" if elements else f"{nanoseconds / 1e3:,.1f} µs"
        yield f"`{benchmark['full_id']}`", rate


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--binary", required=True)
    arguments.add_argument("--criterion")
    arguments.add_argument("--contacts", type=int, default=100_000)
    arguments.add_argument("--write", help="the document whose table is replaced")
    options = arguments.parse_args()
    binary = os.path.abspath(options.binary)

    rows = list(criterion_rows(options.criterion)) if options.criterion else []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "contacts.ndjson"
        # The encoder takes a tenth of the file: it would need a quarter of an hour for all of it.
        for model, count in (("tingxin-emotion", options.contacts // 10), ("lexicon", options.contacts)):
            texts = write_file(path, count, samples())
            for threads in (1, 2):
                seconds, memory = analyze(binary, path, threads, model)
                rows.append((f"`analyze --model {model}`, {count:,} contacts, {threads} thread(s), "
                             f"{repeated(texts):.0%} of the texts said before",
                             f"{len(texts) / seconds:,.0f} utterances/s, peak {memory:,.0f} MB"))
        service = Service(binary, folder)
        try:
            acknowledged, seconds = bulk(service, path)
            rows.append(("bulk ingest over HTTP, SQLite, durable, worker running",
                         f"{acknowledged / seconds:,.0f} contacts/s"))
            start = time.monotonic()
            wait_until_analysed(service)
            rows.append(("backlog analysed after ingest ended", f"{time.monotonic() - start:,.0f} s"))
            rows.extend(reading(service, options.contacts))
        finally:
            service.stop()

    table = "| what | figure |\n|---|---|\n" + "".join(f"| {what} | {figure} |\n" for what, figure in rows)
    machine = f"{platform.machine()}, {os.cpu_count()} cores, {platform.system()} {platform.release()}"
    text = f"Measured on {machine}, {time.strftime('%Y-%m-%d')}.\n\n{table}"
    print(text)
    if options.write:
        document = Path(options.write)
        head, tail = "<!-- table begins -->", "<!-- table ends -->"
        before, rest = document.read_text("utf-8").split(head)
        after = rest.split(tail)[1]
        document.write_text(f"{before}{head}\n{text}{tail}{after}", "utf-8")


if __name__ == "__main__":
    sys.exit(main())
