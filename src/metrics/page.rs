//! `docs/metrics.md`, written from the registry, so that it cannot differ from what is exposed.

use std::fmt::Write as _;
use std::time::Duration;

use prometheus::proto::{LabelPair, MetricFamily, MetricType};

use super::Metrics;
use super::backlog::Backlog;
use super::error::MetricsError;
use super::families::of_known;
use super::named::FEWEST;
use super::seen::KnownOfDatabase;
use super::watched::{Watched, WatchedDrift, WatchedRule, WatchedSource, of_watched};
use crate::domain::{Channel, Rule};
use crate::events::{ContactRead, Ending, Event, Observer as _};

const HEAD: &str = "\
# Metrics

There are two doors to the same numbers, in Prometheus' text format:

* **A listener of its own** (`serve --metrics-listen 127.0.0.1:9464`, setting `metrics_listen`; off by default) needs
  no database, neither for the numbers nor for a key: it answers within milliseconds whatever the database does, and
  is the one to alert on. On the loopback interface it asks nobody who he is; on any other address it wants the token
  that stands in `metrics_token_file`, as `Authorization: Bearer …`.
* **`GET /metrics`** beside the API, for whoever has the permission `metrics:read`: an API key with the role
  `monitor`, a supervisor or an administrator. The key is looked up in the database, so this door is closed (503)
  while the database is away.

This page is written from the registry (`UPDATE_DOCS=1 cargo test --test it metrics`) and compared with it in a test.

* Times are in seconds. Counters end in `_total` and start at 0 with the process; every series is there
  from the start, but those of the audit log, which appear with its first check, and those of teams and topics.
* What is read in a contact (utterances, flags, endings) counts once its analysis is stored. A contact that is
  analysed anew, after a correction or by another engine (`tingxin rescore`), counts again.
* `team` and `topic` are the operator's names. The first 250 teams and 40 topics that a process meets are told apart, all
  others are `other`, contacts without one `unknown`. A number by team or topic appears with the fifth contact that it
  stands for, at five: below that, one contact of a small team would point at somebody. With 500 teams a process has
  fewer than 5,000 series (`cargo test --lib metrics`).
* The other labels are from closed sets: `channel` 9, `rule` 10, `emotion` 8, `speaker` 2, `kind` 2, `stream` 2. No label
  names a person or a contact. `route` is a template of the route table; requests that no
  route answers share `unmatched`. `status` is a class such as `2xx`.
* Everything that waits (contacts, reviews, appeals, cases, coaching) and the verdicts of the last day are read from the
  database every five seconds, never during a scrape of the own listener. Every replica reports the same number: take the maximum, not
  the sum. While the database does not answer they are absent, `tingxin_database_up` is 0 and
  `tingxin_database_silent_seconds` grows. What the process counts by itself stays.
* The drift of readings, the receipts of sources and the precision of rules are looked for once a minute and told for three.
  `source` is an operator's own name; the 64 pairs of source and channel that have been there longest are told.
* Alerts and recording rules with unit tests: `deploy/prometheus/`; a page for each alert: `docs/runbooks/`;
  dashboards for Grafana: `deploy/grafana/`.

| metric | type | labels | meaning |
|---|---|---|---|
";

/// The page in Markdown.
///
/// # Errors
/// [`MetricsError`].
pub fn describe() -> Result<String, MetricsError> {
    let metrics = Metrics::new()?;
    metrics.note(Event::AuditChecked { intact: true, at_seconds: 0 });
    let read = ContactRead { team: None, topic: None, ending: Ending::Calm, rules: &[Rule::Recovery] };
    for _ in 0..FEWEST {
        metrics.note_contact(&read);
    }
    let mut families = metrics.families.registry.gather();
    let now = Some(Duration::ZERO);
    let backlog = Some(Backlog::default());
    families.extend(of_known(KnownOfDatabase { backlog, database_silent: now, worker_still: now })?);
    families.extend(of_watched(&one_of_each())?);
    families.sort_by(|a, b| a.name().cmp(b.name()));
    let mut page = HEAD.to_owned();
    for family in &families {
        let (name, kind, help) = (family.name(), kind(family), family.help().trim_end_matches('.'));
        // Writing to a String cannot fail.
        let _ = writeln!(page, "| `{name}` | {kind} | {} | {help} |", labels(family));
    }
    Ok(page)
}

fn one_of_each() -> Watched {
    let (channel, rule) = (Channel::Hotline, Rule::Recovery);
    let source = "crm".to_owned();
    Watched {
        drifts: vec![WatchedDrift { channel, psi: 0.0, error: 0.0 }],
        sources: vec![WatchedSource { source, channel, last_at_seconds: 0.0, hour: 0, usual: Some(0) }],
        rules: vec![WatchedRule { rule, precision: 0.0, low: 0.0, high: 0.0, judged: 0 }],
    }
}

fn kind(family: &MetricFamily) -> &'static str {
    match family.get_field_type() {
        MetricType::COUNTER => "counter",
        MetricType::GAUGE => "gauge",
        MetricType::HISTOGRAM => "histogram",
        MetricType::SUMMARY => "summary",
        MetricType::UNTYPED => "untyped",
    }
}

fn labels(family: &MetricFamily) -> String {
    let first = family.get_metric().first();
    let names = first.into_iter().flat_map(|metric| metric.get_label().iter().map(LabelPair::name));
    names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
