#!/usr/bin/env python3
"""Every page of the console as each role sees it, as pictures in target/pages.

    scripts/pages.py                       builds the program, starts its demo
    scripts/pages.py --binary target/release/tingxin --role zhuguan --width 390

Walks from the home of a role through every link of the console, each route once, and takes the whole page in every
width. Says what a person would trip over: answers that are errors, messages of the browser, pages wider than the
window. Exit status 1 when there is any. Needs `chromedriver` (`scripts/test-tools.sh` fetches it).
"""

from __future__ import annotations

import argparse
import base64
import http.client
import json
import re
import shutil
import subprocess
import sys
import time
import urllib.parse
from collections import deque
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
ROLES = ["zhijian", "peixun", "zhuguan", "yuangong", "guanli", "shenji"]
WIDTHS = [1920, 1280, 390]
# What names one of many in an address: a page of each kind is looked at once.
ONE_OF_MANY = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|[A-Z]+[0-9]{2,}|[^/]*[0-9]{2,}[^/]*")
# Streams never end, and leaving is for the end.
LEFT_ALONE = re.compile(r"^/(logout|livez|readyz|metrics|openapi\.json|api/|assets/)|/events$|^/language")
# Links of drawings have objects for addresses, so the attribute is read.
LINKS = """return [...document.querySelectorAll('a[href]')].map((a) => new URL(a.getAttribute('href'), location))
                .filter((link) => link.origin === location.origin).map((link) => link.href)"""
SHAPE = """const page = document.documentElement;
return {height: page.scrollHeight, wide: page.scrollWidth - page.clientWidth, title: document.title,
        status: performance.getEntriesByType('navigation')[0].responseStatus}"""


class Demo(NamedTuple):
    """A running demo."""

    url: str
    password: str


@contextmanager
def demo(binary: Path, words: list[str]) -> Iterator[Demo]:
    """Runs the demo until the block ends."""
    line = [str(binary), "demo", "--listen", "127.0.0.1:0", *words]
    process = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        url = password = ""
        assert process.stdout is not None
        for said in process.stdout:
            if said.startswith("listening on "):
                url = said.removeprefix("listening on ").strip().rstrip("/")
            if said.startswith("password: "):
                password = said.removeprefix("password: ").strip()
            # The last line, once everything is filled in: pages of a half are looked at by nobody.
            if said.startswith("Ctrl-C"):
                yield Demo(url, password)
                return
        sys.exit("the demo ended before it was ready")
    finally:
        process.terminate()
        process.wait()


@contextmanager
def driver() -> Iterator[str]:
    """Runs chromedriver until the block ends; its host and port."""
    process = subprocess.Popen(["chromedriver", "--port=0"], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        found = (re.search(r"started successfully on port (\d+)", said) for said in process.stdout)
        yield f"127.0.0.1:{next(port[1] for port in found if port)}"
    finally:
        process.terminate()
        process.wait()


class Browser:
    """One window, by the protocol that every browser's driver speaks (W3C WebDriver)."""

    def __init__(self, host: str) -> None:
        self.host = host
        options = {"args": ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--lang=zh-CN"]}
        wanted = {"capabilities": {"alwaysMatch": {"goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}}}
        self.path = "/session"
        self.path += "/" + self.ask("POST", "", wanted)["sessionId"]

    def ask(self, method: str, path: str, body: object = None) -> Any:
        connection = http.client.HTTPConnection(self.host, timeout=120)
        connection.request(method, self.path + path, json.dumps(body or {}) if method == "POST" else None)
        value = json.loads(connection.getresponse().read())["value"]
        connection.close()
        if isinstance(value, dict) and "error" in value:
            raise RuntimeError(value["message"])
        return value

    def go(self, url: str) -> None:
        self.ask("POST", "/url", {"url": url})

    def run(self, script: str) -> Any:
        return self.ask("POST", "/execute/sync", {"script": script, "args": []})

    def of_devtools(self, name: str, **parameters: object) -> Any:
        return self.ask("POST", "/goog/cdp/execute", {"cmd": name, "params": parameters})

    def resize(self, width: int) -> None:
        metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
        self.of_devtools("Emulation.setDeviceMetricsOverride", **metrics)

    def picture(self, height: int, width: int) -> bytes:
        clip = {"x": 0, "y": 0, "width": width, "height": min(height, 8000), "scale": 1}
        taken = self.of_devtools("Page.captureScreenshot", format="png", captureBeyondViewport=True, clip=clip)
        return base64.b64decode(taken["data"])

    def complaints(self) -> list[str]:
        return [entry["message"] for entry in self.ask("POST", "/se/log", {"type": "browser"}) if entry["level"] == "SEVERE"]

    def log_in(self, site: Demo, account: str) -> None:
        self.go(f"{site.url}/login")
        words = json.dumps([account, site.password])
        self.run(f"const [name, password] = {words}; document.querySelector('#name').value = name;"
                 "document.querySelector('#password').value = password; document.querySelector('main form').requestSubmit();")
        until = time.monotonic() + 30
        while not self.run("return Boolean(document.querySelector('.who form'))"):
            if time.monotonic() > until:
                sys.exit(f"{account} cannot log in")
            time.sleep(0.1)

    def close(self) -> None:
        self.ask("DELETE", "")


def kind(url: str) -> str:
    """The route of an address: what names one of many is left out, and so is the query."""
    path = urllib.parse.urlsplit(url).path
    return ONE_OF_MANY.sub("_", path)


def walk(browser: Browser, site: Demo, role: str, widths: list[int], folder: Path) -> list[str]:
    """Looks at every page that this role can reach by links. What is wrong with them."""
    browser.log_in(site, role)
    home = browser.run("return location.href")
    waiting, seen, faults = deque([home]), {kind(home)}, []
    browser.complaints()
    while waiting:
        url = waiting.popleft()
        name = kind(url).strip("/").replace("/", "-") or "home"
        for width in widths:
            browser.resize(width)
            browser.go(url)
            browser.run("scrollTo({top: 0, behavior: 'instant'})")
            shape = browser.run(SHAPE)
            (folder / f"{role}-{name}-{width}.png").write_bytes(browser.picture(shape["height"], width))
            where = f"{role} {urllib.parse.urlsplit(url).path} at {width}"
            if shape["status"] >= 400:
                faults.append(f"{where}: status {shape['status']}")
            if shape["wide"] > 0:
                faults.append(f"{where}: {shape['wide']} px wider than the window")
            faults += [f"{where}: {said}" for said in browser.complaints()]
        for link in browser.run(LINKS):
            if kind(link) not in seen and not LEFT_ALONE.search(urllib.parse.urlsplit(link).path):
                seen.add(kind(link))
                waiting.append(link)
    print(f"{role}: {len(seen)} pages", flush=True)
    return faults


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--binary", type=Path, help="a program that is built already")
    arguments.add_argument("--role", action="append", choices=ROLES)
    arguments.add_argument("--width", action="append", type=int)
    arguments.add_argument("--out", type=Path, default=ROOT / "target" / "pages")
    arguments.add_argument("words", nargs="*", help="more words for the demo, after --")
    options = arguments.parse_args()
    if options.binary is None:
        subprocess.run(["cargo", "build", "--release", "--locked"], cwd=ROOT, check=True)
        options.binary = ROOT / "target" / "release" / "tingxin"
    shutil.rmtree(options.out, ignore_errors=True)
    options.out.mkdir(parents=True)
    faults = []
    with demo(options.binary, options.words) as site, driver() as host:
        for role in options.role or ROLES:
            browser = Browser(host)
            faults += walk(browser, site, role, options.width or WIDTHS, options.out)
            browser.close()
    print(f"{len(list(options.out.iterdir()))} pictures in {options.out}")
    print(*faults, sep="\n")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
