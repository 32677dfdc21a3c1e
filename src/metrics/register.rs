//! How a family of metrics enters the registry.

use prometheus::core::Collector;
use prometheus::{HistogramOpts, HistogramVec, IntCounter, IntCounterVec, Opts, Registry};

use super::error::MetricsError;

/// Label of what is not known: the channel of what was refused, the team or topic of a contact without one.
pub(super) const NOT_KNOWN: &str = "unknown";

/// Registers a family and hands it back.
pub(super) fn kept<C: Collector + Clone + 'static>(
    registry: &Registry,
    collector: C,
) -> Result<C, MetricsError> {
    registry.register(Box::new(collector.clone()))?;
    Ok(collector)
}

/// One counter.
pub(super) fn counter(registry: &Registry, name: &str, help: &str) -> Result<IntCounter, MetricsError> {
    kept(registry, IntCounter::new(name, help)?)
}

/// Counters by their labels.
pub(super) fn counters(
    registry: &Registry,
    name: &str,
    help: &str,
    labels: &[&str],
) -> Result<IntCounterVec, MetricsError> {
    kept(registry, IntCounterVec::new(Opts::new(name, help), labels)?)
}

/// Histograms by their labels.
pub(super) fn histograms(
    registry: &Registry,
    opts: HistogramOpts,
    labels: &[&str],
) -> Result<HistogramVec, MetricsError> {
    kept(registry, HistogramVec::new(opts, labels)?)
}
