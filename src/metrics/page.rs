//! `docs/metrics.md`, written from the registry, so that it cannot differ from what is exposed.

use std::fmt::Write as _;
use std::time::Duration;

use prometheus::proto::{LabelPair, MetricFamily, MetricType};

use super::Metrics;
use super::backlog::Backlog;
use super::error::MetricsError;
use super::families::of_known;
use super::seen::KnownOfDatabase;
use crate::events::{Event, Observer as _};

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
  from the start, but those of the audit log, which appear with its first check.
* What is read in a contact (utterances, flags, endings) counts once its analysis is stored. A contact that is
  analysed anew, after a correction or by another engine (`tingxin rescore`), counts again.
* Labels are from closed sets: `channel` 9, `rule` 10, `emotion` 8, `speaker` 2, `kind` 2. No label names a person, a contact
  or a team. `route` is a template of the route table; requests that no
  route answers share `unmatched`. `status` is a class such as `2xx`.
* `tingxin_queue_contacts` and `tingxin_oldest_unscored_contact_seconds` are read from the database every five
  seconds, never during a scrape of the own listener. Every replica reports the same number: take the maximum, not
  the sum. While the database does not answer they are absent, `tingxin_database_up` is 0 and
  `tingxin_database_silent_seconds` grows. What the process counts by itself stays.
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
    let mut families = metrics.families.registry.gather();
    let now = Some(Duration::ZERO);
    let backlog = Some(Backlog {
        waiting: 0,
        quarantined: 0,
        oldest_seconds: 0.0,
        appeals_open: 0,
        appeals_overdue: 0,
        cases: Default::default(),
    });
    families.extend(of_known(KnownOfDatabase { backlog, database_silent: now, worker_still: now })?);
    families.sort_by(|a, b| a.name().cmp(b.name()));
    let mut page = HEAD.to_owned();
    for family in &families {
        let (name, kind, help) = (family.name(), kind(family), family.help().trim_end_matches('.'));
        // Writing to a String cannot fail.
        let _ = writeln!(page, "| `{name}` | {kind} | {} | {help} |", labels(family));
    }
    Ok(page)
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
