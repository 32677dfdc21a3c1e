#!/usr/bin/env python3
"""Asks a running service everything that docs/openapi.json describes, and compares the answers with the description.

    scripts/contract.sh                       # builds the program, installs schemathesis once, runs this
    scripts/contract.py --binary target/release/tingxin --examples 100

A fresh database with the samples of the hotline, and every kind of caller in turn: two keys of programs and the log-ins of people,
since none may do everything. schemathesis (MIT) makes requests that fit the description and such that do not, from a fixed seed.
Ends with 1 when an answer does not fit, and leaves its report in target/contract.
"""

from __future__ import annotations

import argparse
import http.client
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.parse
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WORK = ROOT / "target/contract"
PASSWORD = "五月的风一直很大"
# Statuses that may answer what fits its schema. 422 names by a pointer what a schema cannot say (docs/api-design.md); 400 has no excuse.
ACCEPTED = ("2xx", "3xx", "401", "403", "404", "409", "422", "429", "5xx")
# Every line of a stream is answered for itself, so there is no wrong stream of text.
STREAM = """
[[operations]]
include-operation-id = "send_contacts"
checks.negative_data_rejection.enabled = false
"""
KEYS = ("integrator", "analyst")
PEOPLE = ("admin", "supervisor", "trainer", "reviewer", "auditor", "staff")
SEED = 20261101


class Service:
    """The program on a free port, over a database of its own."""

    def __init__(self, binary: Path) -> None:
        shutil.rmtree(WORK, ignore_errors=True)
        WORK.mkdir(parents=True)
        kept = {name: value for name, value in os.environ.items() if not name.startswith("TINGXIN_")}
        self.environment = kept | {
            "TINGXIN_DATABASE_URL": f"sqlite://{WORK}/tingxin.db",
            "TINGXIN_KEY_FILE": f"{WORK}/tingxin.key",
            # The quota has tests of its own; here it would only make the run long.
            "TINGXIN_LIMITS__REQUESTS_PER_SECOND": "10000",
            "TINGXIN_LIMITS__REQUEST_BURST": "20000",
        }
        self.binary = binary
        self.tell("migrate")
        self.tell("import", str(ROOT / "samples/hotline"), str(ROOT / "samples/notes"))
        self.log = (WORK / "service.log").open("w")
        self.process = subprocess.Popen(
            [binary, "serve", "--listen", "127.0.0.1:0"], env=self.environment, cwd=WORK, stdout=subprocess.PIPE, stderr=self.log, text=True
        )
        assert self.process.stdout
        self.base = self.process.stdout.readline().removeprefix("listening on ").strip()
        if not self.base.startswith("http://"):
            sys.exit(f"the service did not start; see {self.log.name}")

    def tell(self, *arguments: str, say: str = "") -> str:
        done = subprocess.run([self.binary, *arguments], env=self.environment, cwd=WORK, input=say, stdout=subprocess.PIPE, text=True)
        if done.returncode != 0:
            sys.exit(f"tingxin {arguments[0]} ended with status {done.returncode}; its complaint stands above")
        return done.stdout

    def settle(self, key: str) -> None:
        """Waits until the samples are analysed: a description can be checked best where there is something to answer."""
        for _ in range(600):
            with self.asked("GET", "/api/v1/flags?limit=1", {"Authorization": f"Bearer {key}"}) as answer:
                if b'"items":[]' not in answer.read():
                    return
            time.sleep(0.2)
        sys.exit(f"nothing was analysed within two minutes; see {self.log.name}")

    def asked(self, verb: str, path: str, headers: dict[str, str], body: str | None = None) -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection(self.base.removeprefix("http://"), timeout=30)
        connection.request(verb, path, body, headers)
        return connection.getresponse()

    def key(self, role: str) -> str:
        printed = self.tell("key", "create", f"contract-{role}", "--role", role, "--days", "1")
        return next(word for word in printed.split() if len(word) > 40)

    def login(self, role: str) -> dict[str, str]:
        """What a person's browser sends: the cookie, the secret of the session, where the request comes from."""
        name = f"contract.{role}"
        self.tell("user", "create", name, "--role", role, "--password-stdin", say=PASSWORD)
        form = urllib.parse.urlencode({"name": name, "password": PASSWORD})
        ours = {"Sec-Fetch-Site": "same-origin", "Content-Type": "application/x-www-form-urlencoded"}
        answer = self.asked("POST", "/login", ours, form)
        cookie = re.search(r"tingxin_session=([^;]+)", answer.getheader("Set-Cookie") or "")
        if not cookie:
            sys.exit(f"{name} could not log in: status {answer.status}")
        for page in (answer.getheader("Location") or "/", "/", "/account"):
            read = self.asked("GET", page, {"Cookie": f"tingxin_session={cookie[1]}"}).read().decode()
            if csrf := re.search(r'name="csrf"[^>]*value="([0-9a-f]+)"|value="([0-9a-f]+)"[^>]*name="csrf"', read):
                return {"cookie": cookie[1], "csrf": csrf[1] or csrf[2]}
        sys.exit(f"no page of {name} has a form")

    def end(self) -> None:
        self.process.terminate()
        self.process.wait(30)


def run(service: Service, who: str, auth: str, headers: dict[str, str], options: argparse.Namespace) -> int:
    print(f"\n== {who}", flush=True)
    config = WORK / f"{who}.toml"
    config.write_text(f"{auth}\n[checks.positive_data_acceptance]\nexpected-statuses = {list(ACCEPTED)}\n{STREAM}")
    command: list[str | Path] = [
        Path(sys.executable).with_name("schemathesis"), "--config-file", config, "run", options.description,
        "--url", service.base, "--seed", str(SEED), "--max-examples", str(options.examples), "--phases", "examples,coverage,fuzzing",
        "--continue-on-failure", "--no-shrink", "--warnings", "off",
        # The service closes a connection that was idle; whoever sends on it just then has to send again.
        "--request-retries", "2", *options.more,
    ]
    for name, value in headers.items():
        command += ["--header", f"{name}: {value}"]
    found = os.environ | {"SCHEMATHESIS_HOOKS": "contract_hooks", "PYTHONPATH": str(ROOT / "scripts"), "NO_COLOR": "1"}
    return subprocess.run(command, cwd=WORK, env=found).returncode


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--binary", type=Path, required=True)
    arguments.add_argument("--examples", type=int, default=15, help="requests made for each operation and caller")
    arguments.add_argument("--description", type=Path, default=ROOT / "docs/openapi.json")
    arguments.add_argument("--only", help="one caller: a role")
    arguments.add_argument("more", nargs="*", help="further arguments of schemathesis, behind --")
    options = arguments.parse_args()
    options.description = options.description.resolve()
    service = Service(options.binary.resolve())
    failed = []
    try:
        keys = {role: service.key(role) for role in KEYS}
        service.settle(keys["integrator"])
        for role in (*KEYS, *PEOPLE):
            if options.only not in (None, role):
                continue
            if role in KEYS:
                auth, headers = f'[auth.openapi.api_key]\nbearer = "{keys[role]}"\n', {}
            else:
                session = service.login(role)
                auth = f'[auth.openapi.session]\napi_key = "{session["cookie"]}"\n'
                headers = {"X-CSRF-Token": session["csrf"], "Sec-Fetch-Site": "same-origin"}
            if run(service, role, auth, headers, options) != 0:
                failed.append(role)
    finally:
        service.end()
    if failed:
        sys.exit(f"\nanswers do not fit the description for: {', '.join(failed)}")
    print("\n0 failures: the service answers as docs/openapi.json says")


if __name__ == "__main__":
    main()
