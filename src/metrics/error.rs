//! What can go wrong with metrics.

/// The registry refused a metric, or a metric cannot be written down. Either is a defect of the
/// program.
#[derive(Debug, thiserror::Error)]
#[error("metrics: {0}")]
pub struct MetricsError(#[from] prometheus::Error);
