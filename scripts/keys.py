#!/usr/bin/env python3
"""Works off flags by keys in headless Chromium on a demo of its own; prints what a verdict costs.

    scripts/keys.py                                      builds the program, judges 100 flags
    scripts/keys.py --binary target/release/tingxin --flags 30

Presses real keys: Y for most flags, N and a reason for every third. Prints the keys, the full page loads and the time
of the server per verdict (p50, p95). Exit status 1 with more than three keys a verdict, or any full page load. Needs
`chromedriver` (`scripts/test-tools.sh` fetches it).
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

from pages import ROOT, Browser, demo, driver

# What a person may need to press for one verdict. Source: set by the project.
MOST_KEYS = 3.0
PATIENCE = 60

# A page that was loaded anew has lost the mark and begins to be counted again.
MARK = """const lost = !window.stays; window.stays = true; performance.setResourceTimingBufferSize(5000); return lost"""
# How many flags the next key judges: the chosen one and those of the same matter; 0 while none is chosen.
CHOSEN = """const flag = document.querySelector('.flag.chosen') || document.querySelector('.flag');
const form = flag?.querySelector('.judge');
if (!form?.querySelector('button[value=confirmed]') || document.querySelector('.judge.sending')) return 0;
return 1 + JSON.parse(form.querySelector('[name=also]')?.value || '[]').length"""
# Where the work stands: another form, or another contact, says that a verdict was kept.
PLACE = """return location.pathname + (document.querySelector('.judge [name=flag]')?.value || '')
    + (document.querySelector('.judge [name=opened]')?.value || '')"""
# From the request to the first byte of the answer, with the contact that comes next.
TIMES = """return performance.getEntriesByType('resource').filter((one) => one.name.includes('/verdict'))
    .map((one) => one.responseStart - one.requestStart)"""


class Work(NamedTuple):
    """What was worked off."""

    flags: int
    verdicts: int
    keys: int
    loads: int
    times: list[float]


def press(browser: Browser, key: str) -> None:
    """Presses a key as a keyboard does."""
    stroke = [{"type": "keyDown", "value": key}, {"type": "keyUp", "value": key}]
    browser.ask("POST", "/actions", {"actions": [{"type": "key", "id": "keyboard", "actions": stroke}]})


def wait(browser: Browser, script: str, wanted: object = None) -> object:
    """What a script answers once it is true, or no longer what it was."""
    until = time.monotonic() + PATIENCE
    while True:
        said = browser.run(script)
        if said and said != wanted:
            return said
        if time.monotonic() > until:
            sys.exit(f"nothing happens any more: {script.splitlines()[0]}")
        time.sleep(0.02)


def judge(browser: Browser, wanted: int) -> Work:
    """Judges flags until so many are done."""
    flags = verdicts = keys = loads = 0
    times: list[float] = []
    while flags < wanted:
        judged = wait(browser, CHOSEN)
        assert isinstance(judged, int)
        before = browser.run(PLACE)
        strokes = ["n", "1"] if verdicts % 3 == 2 else ["y"]
        for key in strokes:
            press(browser, key)
        wait(browser, PLACE, before)
        known = times
        times = browser.run(TIMES)
        if browser.run(MARK):
            loads += 1
            times = known + times
        keys, verdicts, flags = keys + len(strokes), verdicts + 1, flags + judged
    return Work(flags, verdicts, keys, loads, times)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--binary", type=Path, help="a program that is built already")
    arguments.add_argument("--flags", type=int, default=100)
    arguments.add_argument("words", nargs="*", help="more words for the demo, after --")
    options = arguments.parse_args()
    if options.binary is None:
        subprocess.run(["cargo", "build", "--release", "--locked"], cwd=ROOT, check=True)
        options.binary = ROOT / "target" / "release" / "tingxin"
    with demo(options.binary, options.words) as site, driver() as host:
        browser = Browser(host)
        browser.log_in(site, "zhijian")
        browser.go(f"{site.url}/review")
        browser.run(MARK)
        # The first contact is opened as it is every morning; from then on the keys lead on.
        browser.run("document.querySelector('.card-link').click()")
        work = judge(browser, options.flags)
        browser.close()
    each, loads = work.keys / work.verdicts, work.loads / work.verdicts
    cuts = statistics.quantiles(work.times, n=20, method="inclusive")
    print(f"{work.flags} flags in {work.verdicts} verdicts")
    print(f"keys a verdict: {each:.2f} (at most {MOST_KEYS:.0f})")
    print(f"full page loads a verdict: {loads:.2f} (none)")
    print(f"server time a verdict, with the next contact: p50 {cuts[9]:.0f} ms, p95 {cuts[18]:.0f} ms")
    sys.exit(each > MOST_KEYS or work.loads > 0)


if __name__ == "__main__":
    main()
