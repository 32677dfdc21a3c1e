"""What is recorded and what wakes somebody, for scripts/prometheus_rules.py; its objectives stand there."""

from dataclasses import dataclass, field


@dataclass
class Rule:
    """A recording rule or an alert."""

    kind: str
    name: str
    expr: str
    wait: str = ""
    labels: dict[str, str] = field(default_factory=dict)
    annotations: dict[str, str] = field(default_factory=dict)
    why: str = ""


def record(name: str, expr: str, labels: dict[str, str] | None = None, why: str = "") -> Rule:
    return Rule("record", name, expr, labels=labels or {}, why=why)


def alert(name: str, expr: str, severity: str, summary: str, action: str, wait: str = "", why: str = "") -> Rule:
    return Rule("alert", name, expr, wait, {"severity": severity}, {"summary": summary, "action": action}, why)


# Ordinary hours: the same hour of the four weeks before.


def past_weeks(series: str) -> str:
    """That series as it was one to four weeks ago, the weeks side by side; a week that nobody recorded is left out."""
    return "\n  or ".join(f'label_replace({series} offset {week}w, "week", "{week}", "", "")' for week in range(1, 5))


def usual_ratio(part: str, whole: str, ratio: str) -> str:
    """The share over all of the past weeks together, of two at least; until there are two, yesterday's at this hour."""
    return f"""\
(
  sum by (channel) ({past_weeks(part)})
    / (sum by (channel) ({past_weeks(whole)}) > 0)
  and on (channel) count by (channel) ({past_weeks(whole)}) >= 2
)
or {ratio} offset 1d"""


NEGATIVE = 'emotion=~"sadness|fear|anger|disgust"'

RECORDED = [
    record("tingxin:contacts_ingested:rate5m", "sum by (channel) (rate(tingxin_contacts_ingested_total[5m]))"),
    record("tingxin:contacts_analysed:rate5m", "sum by (channel) (rate(tingxin_contacts_analysed_total[5m]))"),
    record(
        "tingxin:ingest_refused:ratio_rate15m",
        'sum(rate(tingxin_contacts_ingested_total{outcome="refused"}[15m]))\n  / sum(rate(tingxin_contacts_ingested_total[15m]))',
    ),
    record(
        "tingxin:http_errors:ratio_rate5m",
        'sum(rate(tingxin_http_requests_total{status="5xx"}[5m]))\n  / sum(rate(tingxin_http_requests_total[5m]))',
    ),
    record(
        "tingxin:queue_wait_seconds:p95_rate15m",
        "histogram_quantile(0.95, sum by (le) (rate(tingxin_queue_wait_seconds_bucket[15m])))",
    ),
]

# In this order: a rule reads what the rules before it have just written.
MOOD = [
    record(
        "tingxin:contacts_ingested:rate1h",
        'sum by (channel) (rate(tingxin_contacts_ingested_total{outcome!="refused"}[1h]))',
    ),
    record("tingxin:contacts_analysed:rate1h", "sum by (channel) (rate(tingxin_contacts_analysed_total[1h]))"),
    record("tingxin:escalations:rate1h", 'sum by (channel) (rate(tingxin_flags_total{rule="escalation"}[1h]))'),
    record("tingxin:escalations:ratio_rate1h", "tingxin:escalations:rate1h / (tingxin:contacts_analysed:rate1h > 0)"),
    record(
        "tingxin:escalations:usual_ratio1h",
        usual_ratio("tingxin:escalations:rate1h", "tingxin:contacts_analysed:rate1h", "tingxin:escalations:ratio_rate1h"),
    ),
    record(
        "tingxin:negative_endings:ratio_rate1h",
        """\
sum by (channel) (rate(tingxin_contact_endings_total{outcome="negative"}[1h]))
  / (sum by (channel) (rate(tingxin_contact_endings_total{outcome!="unknown"}[1h])) > 0)""",
    ),
    record("tingxin:customer_utterances:rate1h", 'sum by (channel) (rate(tingxin_utterances_total{speaker="customer"}[1h]))'),
    record(
        "tingxin:customer_negative:rate1h",
        f'sum by (channel) (rate(tingxin_utterances_total{{speaker="customer",{NEGATIVE}}}[1h]))',
    ),
    record("tingxin:customer_negative:ratio_rate1h", "tingxin:customer_negative:rate1h / (tingxin:customer_utterances:rate1h > 0)"),
    record(
        "tingxin:customer_negative:usual_ratio1h",
        usual_ratio("tingxin:customer_negative:rate1h", "tingxin:customer_utterances:rate1h", "tingxin:customer_negative:ratio_rate1h"),
    ),
]

ALERTS = [
    alert(
        "TingxinDown",
        'up{job="tingxin"} == 0',
        "page",
        "{{ $labels.instance }} does not answer",
        "Look at its log; /livez tells whether the process lives, /readyz what it lacks.",
        "2m",
    ),
    alert(
        "TingxinDatabaseSilent",
        "min by (job) (tingxin_database_up) == 0",
        "page",
        "The database does not answer",
        "Nothing is taken in and nothing is shown until it does. Check the disk and the connection.",
        "2m",
    ),
    alert(
        "TingxinAuditHeld",
        "max by (job) (tingxin_audit_entries_held) > 0",
        "page",
        "The disk is full: {{ $value }} entries of the audit log wait in memory",
        "Free the disk, no restart: what waits is written then and lost with the process. "
        "Nothing is taken in, and at limits.held_audit_entries nothing is read.",
        "1m",
    ),
    alert(
        "TingxinScoringStopped",
        "max by (job, instance) (tingxin_worker_still_seconds) > 60 unless on (job, instance) tingxin_database_up == 0",
        "page",
        "{{ $labels.instance }} has scored nothing for {{ $value | humanizeDuration }} although contacts wait",
        "Its log says what the worker runs into. /readyz answers 503 meanwhile; restart it if nothing else helps.",
        "1m",
        "While the database is away nothing can be scored, and TingxinDatabaseSilent has said so already.",
    ),
    alert(
        "TingxinScoringBehind",
        "max by (job) (tingxin_oldest_unscored_contact_seconds) > 600",
        "page",
        "A contact has been waiting for its analysis for {{ $value | humanizeDuration }}",
        "Ingest is turned away with 503 at the same age. Add workers, or wait for the end of a bulk import.",
        "5m",
    ),
    alert(
        "TingxinContactsQuarantined",
        'max by (job) (tingxin_queue_contacts{state="quarantined"}) > 0',
        "ticket",
        "{{ $value }} contacts could not be analysed and were set aside",
        "`tingxin queue list` and the page /admin/queue name them with the reason; retry or give up there.",
        "5m",
    ),
    alert(
        "TingxinIngestRefused",
        "tingxin:ingest_refused:ratio_rate15m > 0.05 and sum(increase(tingxin_contacts_ingested_total[15m])) > 100",
        "ticket",
        "{{ $value | humanizePercentage }} of the contacts that are sent are refused",
        "A source has changed its format. The answers that it gets name the field.",
        "15m",
    ),
    alert(
        "TingxinErrors",
        "tingxin:http_errors:ratio_rate5m > 0.01 and sum(rate(tingxin_http_requests_total[5m])) > 0.1",
        "page",
        "{{ $value | humanizePercentage }} of the requests fail",
        "503 means busy: see tingxin_requests_shed_total. 500 is a defect: see the log.",
        "10m",
    ),
    alert(
        "TingxinAuditBroken",
        "min by (job) (tingxin_audit_intact) == 0",
        "page",
        "Somebody has changed the audit log",
        "`tingxin audit verify` and the page of auditors name the first entry that is not as it was written. "
        "Compare it with a backup and tell whoever is responsible for security.",
        why="Not per job alone: one replica that finds a break is enough, whatever the others have not read again yet.",
    ),
    alert(
        "TingxinAuditUnchecked",
        "time() - max by (job) (tingxin_audit_checked_timestamp_seconds) > 3 * 3600",
        "ticket",
        "The audit log has not been checked for {{ $value | humanizeDuration }}",
        "The log of the service says why it cannot be read.",
        "15m",
        "Checked every hour: three misses in a row are no accident.",
    ),
    alert(
        "TingxinAppealsOverdue",
        "max by (job) (tingxin_appeals_overdue) > 0",
        "ticket",
        "{{ $value }} appeals of staff wait longer than they should",
        "The page /appeals shows them with their lead. What a lead leaves lying, a reviewer of all teams may decide.",
        "1h",
        "Every replica reports the appeals of the one database.",
    ),
    alert(
        "TingxinCasesOverdue",
        "max by (job, kind) (tingxin_cases_overdue) > 0",
        "ticket",
        "{{ $value }} customers should have an answer by now ({{ $labels.kind }})",
        "The page /cases?tab=overdue names who has them; a case that nobody has is anybody's to take.",
        "1h",
        "Every replica reports the cases of the one database.",
    ),
    alert(
        "TingxinEscalationsRising",
        """\
tingxin:escalations:ratio_rate1h > 0.1
  and on (channel) tingxin:escalations:ratio_rate1h > 3 * tingxin:escalations:usual_ratio1h
  and on (channel) tingxin:contacts_analysed:rate1h * 3600 > 50""",
        "ticket",
        "{{ $value | humanizePercentage }} of the contacts on {{ $labels.channel }} escalate, three times what is usual at this hour",
        "Listen to the flagged contacts of the last hour: they name the cause.",
        "15m",
        "A wave of angry customers on one channel is a fault somewhere else that its customers know first.",
    ),
    alert(
        "TingxinMoodDropped",
        """\
tingxin:customer_negative:ratio_rate1h > 1.5 * tingxin:customer_negative:usual_ratio1h
  and on (channel) tingxin:customer_negative:ratio_rate1h > tingxin:customer_negative:usual_ratio1h + 0.05
  and on (channel) tingxin:customer_utterances:rate1h * 3600 > 300""",
        "ticket",
        "{{ $value | humanizePercentage }} of what customers say on {{ $labels.channel }} is unpleasant, half as much again as is usual at this hour",
        "Read the contacts of the last hour that ended negative: what do they have in common?",
        "30m",
        "Slower and broader than an escalation: half as much again and five points more, for half an hour on top of the hour.",
    ),
    alert(
        "TingxinChannelSilent",
        f"""\
tingxin:contacts_ingested:rate1h == 0
and on (channel) min by (channel) (
  {past_weeks("tingxin:contacts_ingested:rate1h")}
) * 3600 >= 20
and on (channel) count by (channel) (
  {past_weeks("tingxin:contacts_ingested:rate1h")}
) >= 2""",
        "ticket",
        "Nothing has come in on {{ $labels.channel }} for an hour that usually brings twenty contacts or more",
        "Ask the system that sends them. On a public holiday this may be right.",
        "10m",
        "An hour that was busy in every one of the past weeks that were recorded.",
    ),
    alert(
        "TingxinSourceSilent",
        """\
max by (source, channel) (tingxin_source_contacts_hour) == 0
  and on (source, channel) max by (source, channel) (tingxin_source_usual_contacts_hour) >= 10""",
        "ticket",
        "{{ $labels.source }} has sent nothing on {{ $labels.channel }} for an hour that always brings ten contacts or more",
        "Ask whoever runs that system; the other sources may well go on. On a public holiday this may be right.",
        "10m",
        "The service compares with its own past weeks: a Prometheus that is new or keeps two weeks knows as much. Every "
        "replica reports the one database.",
    ),
    alert(
        "TingxinReadingsDrifted",
        """\
max by (channel) (tingxin_reading_drift_psi)
  - on (channel) max by (channel) (tingxin_reading_drift_psi_error) > 0.25""",
        "ticket",
        "What the model reads on {{ $labels.channel }} is spread unlike where it was measured: an index of {{ $value | printf \"%.2f\" }} at least",
        "Have a random sample of that channel judged before its figures are relied on.",
        "2h",
        "Beyond the usual bar by more than its error, and for hours: a quiet night is no drift.",
    ),
]
