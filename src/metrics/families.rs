//! The metrics with their names, labels and buckets.

use prometheus::process_collector::ProcessCollector;
use prometheus::proto::MetricFamily;
use prometheus::{
    Gauge, GaugeVec, Histogram, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge,
    IntGaugeVec, Opts, Registry,
};

use super::backlog::{Backlog, CASE_KINDS, CasesOwed, count};
use super::error::MetricsError;
use super::named::ByName;
use super::register::{NOT_KNOWN, counter, counters, histograms, kept};
use super::seen::KnownOfDatabase;
use crate::domain::{CaseKind, Channel, Emotion, FlagStatus, Rule, Speaker};
use crate::events::{Ending, IngestOutcome, RouteName, Stage};

/// One batch in one stage: from a cached note to a batch of long calls under a large model.
const STAGE_BUCKETS: [f64; 11] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// From a second, which is live, over the 10 minutes of the alert, to a day, which is a lost night
/// batch.
const QUEUE_BUCKETS: [f64; 11] =
    [1.0, 5.0, 15.0, 60.0, 300.0, 600.0, 1800.0, 3600.0, 10_800.0, 43_200.0, 86_400.0];

/// Valence: a tenth of the scale where nearly all utterances are, wider outside.
const VALENCE_BUCKETS: [f64; 12] = [-0.8, -0.6, -0.4, -0.2, -0.1, -0.05, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8];

/// Requests: the slowest bucket is the longest that a body may take.
const HTTP_BUCKETS: [f64; 10] = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 2.5, 10.0];

pub(super) struct Families {
    pub(super) registry: Registry,
    pub(super) build_info: IntGaugeVec,
    pub(super) audit_held: IntGauge,
    pub(super) work: Work,
    pub(super) web: Web,
    pub(super) audit: Audit,
    pub(super) named: ByName,
}

/// What happens to contacts.
pub(super) struct Work {
    pub(super) ingested: IntCounterVec,
    pub(super) analysed: IntCounterVec,
    pub(super) endings: IntCounterVec,
    pub(super) utterances: IntCounterVec,
    pub(super) unread: IntCounterVec,
    pub(super) valence: HistogramVec,
    pub(super) dissatisfied: IntCounterVec,
    pub(super) flags: IntCounterVec,
    pub(super) stage_seconds: HistogramVec,
    pub(super) queue_wait: Histogram,
    pub(super) attempts_failed: IntCounter,
    pub(super) quarantined: IntCounter,
    pub(super) cache: IntCounterVec,
}

/// What is known of the audit log. Without labels, and yet vectors: neither series is there before
/// the first check, for nobody knows until then.
pub(super) struct Audit {
    pub(super) intact: IntGaugeVec,
    pub(super) checked: IntGaugeVec,
}

/// What happens to requests.
pub(super) struct Web {
    pub(super) requests: IntCounterVec,
    pub(super) seconds: HistogramVec,
    pub(super) shed: IntCounter,
}

impl Families {
    pub(super) fn new() -> Result<Self, MetricsError> {
        let registry = Registry::new();
        registry.register(Box::new(ProcessCollector::for_self()))?;
        let info = Opts::new("tingxin_build_info", "Always 1; the labels say what this process runs");
        let build_info = kept(&registry, IntGaugeVec::new(info, &["version", "model", "rules"])?)?;
        build_info.with_label_values(&[env!("CARGO_PKG_VERSION"), "", ""]).set(1);
        let help = "Entries of the audit log that wait in memory because the disk is full";
        let audit_held = kept(&registry, IntGauge::new("tingxin_audit_entries_held", help)?)?;
        let (work, web, audit) = (Work::new(&registry)?, Web::new(&registry)?, Audit::new(&registry)?);
        let named = ByName::new(&registry)?;
        Ok(Self { registry, build_info, audit_held, work, web, audit, named })
    }
}

impl Work {
    fn new(registry: &Registry) -> Result<Self, MetricsError> {
        let counters = |name, help, labels: &[&str]| counters(registry, name, help, labels);
        let stage =
            HistogramOpts::new("tingxin_stage_duration_seconds", "Time that one batch took in a stage");
        let wait =
            HistogramOpts::new("tingxin_queue_wait_seconds", "Time from intake to the stored analysis");
        let work = Self {
            ingested: counters(
                "tingxin_contacts_ingested_total",
                "Contacts that came in, by what became of them",
                &["channel", "outcome"],
            )?,
            analysed: counters(
                "tingxin_contacts_analysed_total",
                "Contacts whose analysis was stored",
                &["channel"],
            )?,
            endings: counters(
                "tingxin_contact_endings_total",
                "Contacts whose analysis was stored, by how they ended for the customer; unknown for notes and too few turns",
                &["channel", "outcome"],
            )?,
            utterances: counters(
                "tingxin_utterances_total",
                "Utterances of stored analyses, by the emotion that a listener most probably hears",
                &["channel", "speaker", "emotion"],
            )?,
            unread: counters(
                "tingxin_utterances_unread_total",
                "Utterances of stored analyses in which nothing can be read: too short, or no words",
                &["channel"],
            )?,
            valence: histograms(
                registry,
                HistogramOpts::new(
                    "tingxin_utterance_valence",
                    "Mean valence of utterances of stored analyses, from -1 to 1",
                )
                .buckets(VALENCE_BUCKETS.to_vec()),
                &["speaker"],
            )?,
            dissatisfied: counters(
                "tingxin_dissatisfied_contacts_total",
                "Contacts whose customer is probably dissatisfied, by whether they let it be felt (spoken) or not (silent)",
                &["channel", "outcome"],
            )?,
            flags: counters("tingxin_flags_total", "Flags of stored analyses", &["rule", "channel"])?,
            stage_seconds: histograms(registry, stage.buckets(STAGE_BUCKETS.to_vec()), &["stage"])?,
            queue_wait: kept(registry, Histogram::with_opts(wait.buckets(QUEUE_BUCKETS.to_vec()))?)?,
            attempts_failed: counter(
                registry,
                "tingxin_analysis_attempts_failed_total",
                "Attempts to analyse a contact that failed and are repeated",
            )?,
            quarantined: counter(
                registry,
                "tingxin_contacts_quarantined_total",
                "Contacts that this process set aside after repeated failures",
            )?,
            cache: counters(
                "tingxin_score_cache_lookups_total",
                "Texts looked up in the score cache",
                &["result"],
            )?,
        };
        work.create_series();
        Ok(work)
    }

    fn create_series(&self) {
        let channels = || Channel::ALL.iter().map(|channel| channel.as_str());
        for channel in channels() {
            for outcome in IngestOutcome::ALL {
                self.ingested.with_label_values(&[channel, outcome.as_str()]);
            }
            self.analysed.with_label_values(&[channel]);
            self.unread.with_label_values(&[channel]);
            for outcome in ["spoken", "silent"] {
                self.dissatisfied.with_label_values(&[channel, outcome]);
            }
            for rule in Rule::ALL {
                self.flags.with_label_values(&[rule.as_str(), channel]);
            }
            for ending in Ending::ALL {
                self.endings.with_label_values(&[channel, ending.as_str()]);
            }
            for emotion in Emotion::ALL {
                for speaker in [Speaker::Agent, Speaker::Customer] {
                    self.utterances.with_label_values(&[channel, speaker.as_str(), emotion.as_str()]);
                }
            }
        }
        for speaker in [Speaker::Agent, Speaker::Customer] {
            self.valence.with_label_values(&[speaker.as_str()]);
        }
        self.ingested.with_label_values(&[NOT_KNOWN, IngestOutcome::Refused.as_str()]);
        for stage in Stage::ALL {
            self.stage_seconds.with_label_values(&[stage.as_str()]);
        }
        for result in ["hit", "miss"] {
            self.cache.with_label_values(&[result]);
        }
    }
}

impl Audit {
    fn new(registry: &Registry) -> Result<Self, MetricsError> {
        let gauge = |name: &str, help: &str| kept(registry, IntGaugeVec::new(Opts::new(name, help), &[])?);
        Ok(Self {
            intact: gauge(
                "tingxin_audit_intact",
                "Whether the last check found every entry of the audit log as it was written: 1 yes, 0 no",
            )?,
            checked: gauge(
                "tingxin_audit_checked_timestamp_seconds",
                "When the audit log was last checked, in seconds since 1970",
            )?,
        })
    }
}

impl Web {
    fn new(registry: &Registry) -> Result<Self, MetricsError> {
        let help = "Time from the head of a request to the head of its response";
        let seconds = HistogramOpts::new("tingxin_http_request_duration_seconds", help);
        let web = Self {
            requests: counters(
                registry,
                "tingxin_http_requests_total",
                "Requests that were answered, by route template and class of status",
                &["route", "method", "status"],
            )?,
            seconds: histograms(registry, seconds.buckets(HTTP_BUCKETS.to_vec()), &["route", "method"])?,
            shed: counter(
                registry,
                "tingxin_requests_shed_total",
                "Requests that were turned away because the service or their sender was too busy",
            )?,
        };
        web.seconds.with_label_values(&[RouteName::UNMATCHED.0, "GET"]);
        web.requests.with_label_values(&[RouteName::UNMATCHED.0, "GET", "4xx"]);
        Ok(web)
    }
}

/// The families of what was heard last. Made anew for each scrape, so that a database that does not
/// answer leaves a gap in the graph and not the last known number.
pub(super) fn of_known(known: KnownOfDatabase) -> Result<Vec<MetricFamily>, MetricsError> {
    let registry = Registry::new();
    let KnownOfDatabase { backlog, database_silent, worker_still } = known;
    let up = Gauge::new(
        "tingxin_database_up",
        "Whether the database answered when it was asked last: 1 yes, 0 no",
    )?;
    up.set(if backlog.is_some() { 1.0 } else { 0.0 });
    registry.register(Box::new(up))?;
    if let Some(silent) = database_silent {
        let help = "Time since the database answered last; absent until it has answered once";
        kept(&registry, Gauge::new("tingxin_database_silent_seconds", help)?)?.set(silent.as_secs_f64());
    }
    if let Some(still) = worker_still {
        let help =
            "Time since the worker dealt with contacts or found none waiting; absent where no worker runs";
        kept(&registry, Gauge::new("tingxin_worker_still_seconds", help)?)?.set(still.as_secs_f64());
    }
    if let Some(backlog) = backlog {
        let Backlog { waiting, quarantined, oldest_seconds, appeals_open, appeals_overdue, cases, .. } =
            &backlog;
        let opts =
            Opts::new("tingxin_queue_contacts", "Contacts without an analysis of their current revision");
        let contacts = kept(&registry, GaugeVec::new(opts, &["state"])?)?;
        contacts.with_label_values(&["waiting"]).set(count(*waiting));
        contacts.with_label_values(&["quarantined"]).set(count(*quarantined));
        let help = "Age of the oldest contact that waits for its analysis; 0 when none waits";
        kept(&registry, Gauge::new("tingxin_oldest_unscored_contact_seconds", help)?)?.set(*oldest_seconds);
        let help = "Appeals of staff that a lead or a second reviewer still has to answer";
        kept(&registry, Gauge::new("tingxin_appeals_open", help)?)?.set(count(*appeals_open));
        let help = "Open appeals whose present step should be done already";
        kept(&registry, Gauge::new("tingxin_appeals_overdue", help)?)?.set(count(*appeals_overdue));
        tell_cases(&registry, cases)?;
        tell_people(&registry, &backlog)?;
    }
    Ok(registry.gather())
}

fn tell_cases(registry: &Registry, cases: &[CasesOwed; CASE_KINDS]) -> Result<(), MetricsError> {
    let gauge = |name: &str, help: &str| kept(registry, GaugeVec::new(Opts::new(name, help), &["kind"])?);
    let open = gauge("tingxin_cases_open", "Cases in which somebody owes a customer an answer")?;
    let due = gauge("tingxin_cases_due", "Open cases that are due within 24 hours or were due before")?;
    let overdue = gauge("tingxin_cases_overdue", "Open cases whose customer should have the answer already")?;
    for (kind, owed) in CaseKind::ALL.iter().zip(cases) {
        let kind = &[kind.as_str()];
        open.with_label_values(kind).set(count(owed.open));
        due.with_label_values(kind).set(count(owed.due));
        overdue.with_label_values(kind).set(count(owed.overdue));
    }
    Ok(())
}

/// The work that people have before them, and what they said of late.
fn tell_people(registry: &Registry, backlog: &Backlog) -> Result<(), MetricsError> {
    let gauge = |name: &str, help: &str, labels: &[&str]| {
        kept(registry, GaugeVec::new(Opts::new(name, help), labels)?)
    };
    let waiting = gauge(
        "tingxin_review_waiting",
        "Flags that nobody has judged (flags), and contacts of the random sample that wait for a reader (sample)",
        &["stream"],
    )?;
    let oldest = gauge(
        "tingxin_review_oldest_seconds",
        "Age of the contact that has waited longest for a reviewer; 0 when none waits",
        &["stream"],
    )?;
    for (stream, waits) in [("flags", backlog.flags), ("sample", backlog.sample)] {
        waiting.with_label_values(&[stream]).set(count(waits.count));
        oldest.with_label_values(&[stream]).set(waits.oldest_seconds);
    }
    let verdicts = gauge("tingxin_verdicts_day", "Verdicts of the last 24 hours", &["rule", "outcome"])?;
    for rule in Rule::ALL {
        for status in FlagStatus::ALL.iter().filter(|status| **status != FlagStatus::Candidate) {
            let said = backlog.verdicts.iter().filter(|(of, what, _)| of == rule && what == status);
            let said: u64 = said.map(|(.., count)| count).sum();
            verdicts.with_label_values(&[rule.as_str(), status.as_str()]).set(count(said));
        }
    }
    let open = gauge("tingxin_coaching_open", "Agreements with staff that are not done", &[])?;
    open.with_label_values::<&str>(&[]).set(count(backlog.coaching_open));
    let overdue = gauge("tingxin_coaching_overdue", "Open agreements whose date is over", &[])?;
    overdue.with_label_values::<&str>(&[]).set(count(backlog.coaching_overdue));
    Ok(())
}
