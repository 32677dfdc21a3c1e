"""Expressions and panels that more than one board of scripts/dashboards.py shows."""

from grafana_panels import Panel, Query

HERE = 'channel=~"$channel"'
JOB = 'job="tingxin",instance=~"$instance"'
GOOD_BAD = [(None, "green"), (1.0, "red")]
BAD_GOOD = [(None, "red"), (1.0, "green")]
# Fewer contacts are no share: one angry caller of three is not a third of the customers.
FEWEST = 5


def grown(metric: str, selector: str, over: str = "$__range", by: str = "") -> str:
    return f"sum {by}(increase({metric}{{{selector}}}[{over}]))"


def flags(rule: str, over: str = "$__range", by: str = "") -> str:
    return grown("tingxin_flags_total", f'{HERE},rule="{rule}"', over, by)


def contacts(over: str = "$__range", by: str = "") -> str:
    return grown("tingxin_contacts_analysed_total", HERE, over, by)


def share(part: str, whole: str) -> str:
    return f"{part} / ({whole} >= {FEWEST})"


def said(speaker: str, more: str = "", over: str = "$__range", by: str = "") -> str:
    return grown("tingxin_utterances_total", f'{HERE},speaker="{speaker}"{more}', over, by)


def ended(outcome: str, over: str = "$__range", by: str = "") -> str:
    return grown("tingxin_contact_endings_total", f"{HERE},outcome{outcome}", over, by)


def figure(title: str, description: str, expr: str, unit: str = "short", **more) -> Panel:
    more = {"width": 4, "height": 4, "decimals": 1 if unit == "percentunit" else 0, **more}
    return Panel(title, description, [Query(expr)], unit, "stat", **more)


def firing(title: str, which: str, width: int = 8) -> Panel:
    columns = {"alertname": ("告警", ""), "channel": ("渠道", "channel"), "severity": ("级别", ""), "Value": ("触发中", "short")}
    expr = f'sum by (alertname, channel, severity) (ALERTS{{alertname=~"{which}",alertstate="firing"}})'
    return Panel(title, "Alerts that fire now; each has a page in docs/runbooks.", [Query(expr)], "short", "table", width, columns=columns)
