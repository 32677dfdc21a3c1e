#!/usr/bin/env python3
"""Writes deploy/prometheus/rules.yml: recording rules, service level objectives and alerts, from one source.

    scripts/prometheus_rules.py                                  # write the file
    scripts/prometheus_rules.py --check                          # fail when the file is not what this writes
    scripts/prometheus_rules.py --runbooks https://wiki.example.com/tingxin   # alerts link to your copy of docs/runbooks

Windows, factors and names of the burn rates are those of Sloth, so that its public dashboards read them.
"""

import argparse
import json
import pathlib
import sys
from dataclasses import dataclass

from prometheus_alerts import ALERTS, MOOD, RECORDED, Rule, alert, record

ROOT = pathlib.Path(__file__).resolve().parent.parent
FILE = ROOT / "deploy/prometheus/rules.yml"
RUNBOOKS = "https://tingxin.example/docs/runbooks"

HEAD = """\
# What to watch and when to wake somebody. Written by scripts/prometheus_rules.py: change it there.
# Unit tests: rules_test.yml (`promtool test rules rules_test.yml`).
# Every replica reports the queue of the one database, so the queue is a maximum and everything else a sum.
"""


# Service level objectives.


@dataclass
class Objective:
    """What is promised, and which events keep the promise."""

    name: str
    share: str
    budget: str
    alert: str
    # Rates over [5m] of events that break the promise, and of all events.
    errors: str
    events: str
    broken: str
    action: str

    def labels(self) -> dict[str, str]:
        return {"sloth_id": f"tingxin-{self.name}", "sloth_service": "tingxin", "sloth_slo": self.name}


INGEST = 'method="POST",route=~"/api/v1/contacts(/bulk)?"'
# What people look at: neither programs nor probes nor files of a page, and nothing that does not exist.
PAGES = 'method="GET",route!~"/api/.*|/metrics|/livez|/readyz|/openapi.json|/static/.*|unmatched"'


def within(histogram: str, selector: str, bound: str) -> str:
    return f"sum(rate({histogram}_bucket{{{selector}le=~{json.dumps(bound)}}}[5m]))"


# Prometheus 3 writes the bound of a bucket as a decimal number, Prometheus 2 as it is told.
MINUTE = r"60(\.0)?"
QUARTER = r"0\.25"

OBJECTIVES = [
    Objective(
        "ingest",
        "0.999",
        "0.001",
        "TingxinIngestBudgetBurns",
        f'sum(rate(tingxin_http_requests_total{{{INGEST},status="5xx"}}[5m]))',
        f"sum(rate(tingxin_http_requests_total{{{INGEST}}}[5m]))",
        "Too many contacts that are sent are not taken in",
        "Whoever sends must send them again. See /readyz, the disk and the age of the queue.",
    ),
    Objective(
        "analysed-in-a-minute",
        "0.99",
        "0.01",
        "TingxinAnalysisBudgetBurns",
        f"""\
sum(rate(tingxin_queue_wait_seconds_count[5m])) - {within("tingxin_queue_wait_seconds", "", MINUTE)}
  + sum(rate(tingxin_contacts_quarantined_total[5m]))""",
        "sum(rate(tingxin_queue_wait_seconds_count[5m])) + sum(rate(tingxin_contacts_quarantined_total[5m]))",
        "Too many contacts wait longer than a minute for their analysis",
        "Ordinary during an import or a rescoring. Otherwise more analysis threads, or another replica.",
    ),
    Objective(
        "pages-in-250-ms",
        "0.99",
        "0.01",
        "TingxinPagesBudgetBurns",
        f"""\
sum(rate(tingxin_http_request_duration_seconds_count{{{PAGES}}}[5m]))
  - {within("tingxin_http_request_duration_seconds", PAGES + ",", QUARTER)}""",
        f"sum(rate(tingxin_http_request_duration_seconds_count{{{PAGES}}}[5m]))",
        "Too many pages take longer than a quarter of a second",
        "The operators' dashboard names the slow pages; look at the database and at what else runs there.",
    ),
]

WINDOWS = ["5m", "30m", "1h", "2h", "6h", "1d", "3d", "30d"]
# Severity, and the pairs of windows with the speed at which the budget of 30 days burns.
BURNS = [
    ("page", [("5m", "1h", "14.4"), ("30m", "6h", "6")], ("1h", 3600)),
    ("ticket", [("2h", "1d", "3"), ("6h", "3d", "1")], ("1d", 86400)),
]
# In a small house one request of fifty would wake somebody: fewer slips than this never do.
SLIPS = 5


def recorded_for(objective: Objective) -> list[Rule]:
    labels = objective.labels()
    same = f'{{sloth_id="{labels["sloth_id"]}"}}'
    rules = [
        record("tingxin:slo_errors:rate5m", objective.errors, labels),
        record("tingxin:slo_events:rate5m", objective.events, labels),
    ]
    for window in WINDOWS:
        # From two series that are recorded, not from all of them: a month of every route would be read four times a minute.
        ratio = f"sum_over_time(tingxin:slo_errors:rate5m{same}[{window}])\n  / (sum_over_time(tingxin:slo_events:rate5m{same}[{window}]) > 0)"
        if window == "5m":
            ratio = f"tingxin:slo_errors:rate5m{same} / (tingxin:slo_events:rate5m{same} > 0)"
        rules.append(record(f"slo:sli_error:ratio_rate{window}", ratio, {**labels, "sloth_window": window}))
    rules += [
        record("slo:objective:ratio", f"vector({objective.share})", labels),
        record("slo:error_budget:ratio", f"vector({objective.budget})", labels),
        record("slo:time_period:days", "vector(30)", labels),
        record("slo:current_burn_rate:ratio", f"max without (sloth_window) (slo:sli_error:ratio_rate5m{same}) / {objective.budget}", labels),
        record("slo:period_burn_rate:ratio", f"max without (sloth_window) (slo:sli_error:ratio_rate30d{same}) / {objective.budget}", labels),
        record("slo:period_error_budget_remaining:ratio", f"1 - slo:period_burn_rate:ratio{same}", labels),
    ]
    return rules


def burns_of(objective: Objective) -> list[Rule]:
    same = f'{{sloth_id="{objective.labels()["sloth_id"]}"}}'
    rules = []
    for severity, pairs, (span, seconds) in BURNS:
        both = [
            "(\n"
            + "\n  and\n".join(
                f"  max without (sloth_window) (slo:sli_error:ratio_rate{window}{same} > {factor} * {objective.budget})" for window in (short, long)
            )
            + "\n)"
            for short, long, factor in pairs
        ]
        expr = "(\n" + "\nor\n".join(both) + f"\n)\nand avg_over_time(tingxin:slo_errors:rate5m{same}[{span}]) * {seconds} >= {SLIPS}"
        summary = f"{objective.broken}: {{{{ $value | humanizePercentage }}}} lately, {float(objective.budget):.1%} is allowed"
        rules.append(alert(objective.alert, expr, severity, summary, objective.action))
    return rules


def groups() -> list[tuple[str, list[Rule]]]:
    slos = [rule for objective in OBJECTIVES for rule in recorded_for(objective)]
    burns = [rule for objective in OBJECTIVES for rule in burns_of(objective)]
    return [("recorded", RECORDED), ("mood", MOOD), ("objectives", slos), ("alerts", ALERTS), ("budgets", burns)]


# YAML: blocks for expressions, and strings as JSON writes them, which YAML reads as well.


def written(rule: Rule, runbooks: str) -> list[str]:
    lines = [f"      - {rule.kind}: {rule.name}"]
    lines += [f"        # {rule.why}"] if rule.why else []
    if "\n" in rule.expr or '"' in rule.expr:
        lines += ["        expr: |"] + [f"          {line}" for line in rule.expr.splitlines()]
    else:
        lines += [f"        expr: {json.dumps(rule.expr)}"]
    lines += [f"        for: {rule.wait}"] if rule.wait else []
    if rule.labels:
        lines += ["        labels:"] + [f"          {name}: {json.dumps(value)}" for name, value in rule.labels.items()]
    if rule.kind == "alert":
        annotations = {**rule.annotations, "runbook_url": f"{runbooks.rstrip('/')}/{rule.name}.md"}
        lines += ["        annotations:"] + [f"          {name}: {json.dumps(text)}" for name, text in annotations.items()]
    return lines


def text(runbooks: str = RUNBOOKS) -> str:
    lines = [HEAD + "groups:"]
    for name, rules in groups():
        lines += [f"  - name: {name}", "    rules:"]
        for rule in rules:
            lines += written(rule, runbooks)
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description="Writes deploy/prometheus/rules.yml.")
    parser.add_argument("--check", action="store_true", help="compare instead of writing")
    parser.add_argument("--runbooks", default=RUNBOOKS, metavar="URL", help="where the alerts' pages are (default: %(default)s)")
    asked = parser.parse_args()
    wanted = text(asked.runbooks)
    if not asked.check:
        FILE.write_text(wanted, encoding="utf-8")
    elif FILE.read_text(encoding="utf-8") != wanted:
        print(f"{FILE.relative_to(ROOT)} is out of date: run scripts/prometheus_rules.py and commit it", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
