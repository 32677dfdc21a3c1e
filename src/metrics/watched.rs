//! What is watched over the whole house: how the model reads of late, which source sends, and how often the rules are right.

use prometheus::proto::MetricFamily;
use prometheus::{GaugeVec, Opts, Registry};

use super::backlog::count;
use super::error::MetricsError;
use crate::domain::{Channel, Rule};

/// Sources that are told apart, each with its channel: those that have been there longest.
const SOURCES: usize = 64;

/// What was found when somebody looked last.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Watched {
    /// How far readings have moved; without channels that have too few contacts.
    pub drifts: Vec<WatchedDrift>,
    /// What sources send, those first that have been there longest.
    pub sources: Vec<WatchedSource>,
    /// How often rules are right; without those that have too few readings.
    pub rules: Vec<WatchedRule>,
}

/// How far the readings of a channel have moved.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WatchedDrift {
    /// Touchpoint.
    pub channel: Channel,
    /// The population stability index, less its expected noise.
    pub psi: f64,
    /// Its standard error.
    pub error: f64,
}

/// What a source sends on a channel.
#[derive(Debug, Clone, PartialEq)]
pub struct WatchedSource {
    /// The system: an operator's own name.
    pub source: String,
    /// Touchpoint.
    pub channel: Channel,
    /// When its last contact came in, in seconds since 1970.
    pub last_at_seconds: f64,
    /// Contacts of the last hour.
    pub hour: u64,
    /// The fewest that the same hour brought in the past weeks, where at least two are known.
    pub usual: Option<u64>,
}

/// How often a rule is right, in the eyes of those who read the random sample.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WatchedRule {
    /// Which.
    pub rule: Rule,
    /// The share.
    pub precision: f64,
    /// Lower end of its 95 % interval.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Flags behind it.
    pub judged: u64,
}

/// The families of it, made anew for each scrape: what is not known leaves a gap.
pub(super) fn of_watched(watched: &Watched) -> Result<Vec<MetricFamily>, MetricsError> {
    let registry = Registry::new();
    tell_drifts(&registry, &watched.drifts)?;
    tell_sources(&registry, &watched.sources)?;
    tell_rules(&registry, &watched.rules)?;
    Ok(registry.gather())
}

fn gauge(registry: &Registry, name: &str, help: &str, labels: &[&str]) -> Result<GaugeVec, MetricsError> {
    let gauge = GaugeVec::new(Opts::new(name, help), labels)?;
    registry.register(Box::new(gauge.clone()))?;
    Ok(gauge)
}

fn tell_drifts(registry: &Registry, drifts: &[WatchedDrift]) -> Result<(), MetricsError> {
    let psi = gauge(
        registry,
        "tingxin_reading_drift_psi",
        "How far the customers' valence in the latest 400 conversations of a day has moved from what the model read where it was measured: population stability index, less what chance alone makes of it; absent below 100 conversations and for models without a reference",
        &["channel"],
    )?;
    let error = gauge(
        registry,
        "tingxin_reading_drift_psi_error",
        "Standard error of tingxin_reading_drift_psi, over whole conversations",
        &["channel"],
    )?;
    for one in drifts {
        psi.with_label_values(&[one.channel.as_str()]).set(one.psi);
        error.with_label_values(&[one.channel.as_str()]).set(one.error);
    }
    Ok(())
}

fn tell_sources(registry: &Registry, sources: &[WatchedSource]) -> Result<(), MetricsError> {
    let labels = &["source", "channel"];
    let last = gauge(
        registry,
        "tingxin_source_last_contact_timestamp_seconds",
        "When the last new contact of a source came in, in seconds since 1970; absent for a source that sent nothing for five weeks",
        labels,
    )?;
    let hour = gauge(
        registry,
        "tingxin_source_contacts_hour",
        "New contacts of a source within the last hour",
        labels,
    )?;
    let usual = gauge(
        registry,
        "tingxin_source_usual_contacts_hour",
        "The fewest new contacts that this hour brought in the past four weeks; absent until two of them are known",
        labels,
    )?;
    for one in sources.iter().take(SOURCES) {
        let labels = &[one.source.as_str(), one.channel.as_str()];
        last.with_label_values(labels).set(one.last_at_seconds);
        hour.with_label_values(labels).set(count(one.hour));
        if let Some(fewest) = one.usual {
            usual.with_label_values(labels).set(count(fewest));
        }
    }
    Ok(())
}

fn tell_rules(registry: &Registry, rules: &[WatchedRule]) -> Result<(), MetricsError> {
    let precision = gauge(
        registry,
        "tingxin_rule_precision_ratio",
        "Of the flags of a rule, the share that readers of the random sample agree with (estimate), and the ends of its 95 % interval (low, high); 13 weeks, absent below 30 flags",
        &["rule", "bound"],
    )?;
    let judged = gauge(
        registry,
        "tingxin_rule_precision_flags",
        "Flags of the random sample behind tingxin_rule_precision_ratio",
        &["rule"],
    )?;
    for one in rules {
        let rule = one.rule.as_str();
        for (bound, value) in [("estimate", one.precision), ("low", one.low), ("high", one.high)] {
            precision.with_label_values(&[rule, bound]).set(value);
        }
        judged.with_label_values(&[rule]).set(count(one.judged));
    }
    Ok(())
}
