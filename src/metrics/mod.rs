//! Counts events for Prometheus. The only layer that names `prometheus`.
//!
//! A number that one process knows by itself is counted here as events arrive. A number that lives
//! in the database ([`Backlog`]) is asked for every few seconds and told to
//! [`Metrics::database_said`], and what takes longer to find out ([`Watched`]) once a minute to
//! [`Metrics::looked`]: counting it here as well would give two truths, and every replica
//! would report it again. Writing the numbers down waits for nobody, so that a scrape is answered
//! whatever the database does.
//!
//! No label names a person or a contact. Label values come from closed sets and from the route table;
//! every counter of those is there from the start with the value 0, so that `increase()` sees the
//! first event. Teams and topics are an operator's own names: `named.rs` bounds them, and tells no
//! number that stands for fewer than five contacts.

mod backlog;
mod error;
mod families;
mod named;
mod page;
mod register;
mod seen;
mod watched;

use std::time::Duration;

use prometheus::{Encoder, TextEncoder};

use crate::domain::Engine;
use crate::events::{ContactRead, Event, Observer, RouteName};
use families::Families;
use seen::Seen;

pub use backlog::{Backlog, CASE_KINDS, CasesOwed, StreamWaiting};
pub use error::MetricsError;
pub use page::describe as describe_all;
pub use watched::{Watched, WatchedDrift, WatchedRule, WatchedSource};

/// Every metric of one process.
pub struct Metrics {
    families: Families,
    seen: Seen,
}

impl std::fmt::Debug for Metrics {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Metrics").finish_non_exhaustive()
    }
}

impl Metrics {
    /// Metrics that have counted nothing.
    ///
    /// # Errors
    /// [`MetricsError`].
    pub fn new() -> Result<Self, MetricsError> {
        Ok(Self { families: Families::new()?, seen: Seen::default() })
    }

    /// Tells which engine this process runs, for `tingxin_build_info`.
    pub fn describe(&self, engine: &Engine) {
        let labels = [env!("CARGO_PKG_VERSION"), &engine.model, &engine.rules_version];
        self.families.build_info.reset();
        self.families.build_info.with_label_values(&labels).set(1);
    }

    /// Tells how many entries of the audit log wait in memory, before each scrape.
    pub fn set_audit_held(&self, entries: usize) {
        self.families.audit_held.set(i64::try_from(entries).unwrap_or(i64::MAX));
    }

    /// Makes the series of routes appear before the first request.
    pub fn expect_routes(&self, routes: impl IntoIterator<Item = (RouteName, &'static str)>) {
        for (route, method) in routes {
            for class in STATUS_CLASSES {
                self.families.web.requests.with_label_values(&[route.0, method, class]);
            }
            self.families.web.seconds.with_label_values(&[route.0, method]);
        }
    }

    /// Takes note of what the database said; `None` when it did not answer. Its numbers are left
    /// out then and `tingxin_database_up` is 0.
    pub fn database_said(&self, backlog: Option<Backlog>) {
        self.seen.database(backlog);
    }

    /// Takes note of what is watched over the whole house, as it was found now.
    pub fn looked(&self, watched: Watched) {
        self.seen.looked(watched);
    }

    /// Whether nobody has looked for a while.
    #[must_use]
    pub fn look_is_due(&self) -> bool {
        self.seen.look_is_due()
    }

    /// How long ago the worker dealt with contacts or found none waiting; `None` where no worker
    /// runs.
    #[must_use]
    pub fn worker_still(&self) -> Option<Duration> {
        self.seen.known().worker_still
    }

    /// Everything in Prometheus' text format. Waits for nobody.
    ///
    /// # Errors
    /// [`MetricsError`].
    pub fn render(&self) -> Result<String, MetricsError> {
        let mut families = self.families.registry.gather();
        families.extend(families::of_known(self.seen.known())?);
        if let Some(watched) = self.seen.watched() {
            families.extend(watched::of_watched(&watched)?);
        }
        families.sort_by(|a, b| a.name().cmp(b.name()));
        let mut text = Vec::new();
        TextEncoder::new().encode(&families, &mut text)?;
        Ok(String::from_utf8_lossy(&text).into_owned())
    }
}

/// Media type of [`Metrics::render`].
pub const TEXT_FORMAT: &str = "text/plain; version=0.0.4; charset=utf-8";

const STATUS_CLASSES: [&str; 4] = ["2xx", "3xx", "4xx", "5xx"];

const fn status_class(status: u16) -> &'static str {
    match status {
        ..300 => "2xx",
        300..400 => "3xx",
        400..500 => "4xx",
        500.. => "5xx",
    }
}

impl Observer for Metrics {
    /// Has no catch-all arm: a new event does not compile until somebody decides how to count it.
    fn note(&self, event: Event) {
        let f = &self.families;
        match event {
            Event::Ingested { channel, outcome } => {
                let channel = channel.map_or(register::NOT_KNOWN, |channel| channel.as_str());
                f.work.ingested.with_label_values(&[channel, outcome.as_str()]).inc();
            }
            Event::Analysed { channel, queue_seconds } => {
                f.work.analysed.with_label_values(&[channel.as_str()]).inc();
                f.work.queue_wait.observe(queue_seconds);
            }
            Event::Ended { channel, ending } => {
                f.work.endings.with_label_values(&[channel.as_str(), ending.as_str()]).inc();
            }
            Event::Scored { channel, speaker, emotion, count } => {
                let labels = [channel.as_str(), speaker.as_str(), emotion.as_str()];
                f.work.utterances.with_label_values(&labels).inc_by(count);
            }
            Event::Unread { channel, count } => {
                f.work.unread.with_label_values(&[channel.as_str()]).inc_by(count);
            }
            Event::Heard { speaker, valence } => {
                f.work.valence.with_label_values(&[speaker.as_str()]).observe(valence);
            }
            Event::Dissatisfied { channel, spoken } => {
                let outcome = if spoken { "spoken" } else { "silent" };
                f.work.dissatisfied.with_label_values(&[channel.as_str(), outcome]).inc();
            }
            Event::Flagged { rule, channel } => {
                f.work.flags.with_label_values(&[rule.as_str(), channel.as_str()]).inc();
            }
            Event::StageDone { stage, seconds } => {
                f.work.stage_seconds.with_label_values(&[stage.as_str()]).observe(seconds);
            }
            Event::AttemptFailed => f.work.attempts_failed.inc(),
            Event::Quarantined => f.work.quarantined.inc(),
            Event::CacheLooked { hits, misses } => {
                f.work.cache.with_label_values(&["hit"]).inc_by(hits);
                f.work.cache.with_label_values(&["miss"]).inc_by(misses);
            }
            Event::Answered { route, method, status, seconds } => {
                f.web.requests.with_label_values(&[route.0, method, status_class(status)]).inc();
                f.web.seconds.with_label_values(&[route.0, method]).observe(seconds);
            }
            Event::Shed => f.web.shed.inc(),
            Event::AuditChecked { intact, at_seconds } => {
                f.audit.intact.with_label_values::<&str>(&[]).set(intact.into());
                f.audit.checked.with_label_values::<&str>(&[]).set(at_seconds);
            }
            Event::WorkWentOn => self.seen.work_went_on(),
        }
    }

    fn note_contact(&self, read: &ContactRead<'_>) {
        self.families.named.count(read);
    }
}

#[cfg(test)]
mod tests;
