//! How much the service takes on.

use std::num::NonZeroU32;
use std::time::Duration;

/// How much one process accepts before it turns requests away.
#[derive(Debug, Clone, PartialEq)]
pub struct Limits {
    /// Largest body of one request, and largest line of a bulk stream, in bytes.
    pub body_bytes: usize,
    /// Longest wait for the next part of a body, and for the whole body of a single contact.
    pub body_timeout: Duration,
    /// Requests in progress, health and metrics not counted. More are answered 503.
    pub in_flight: usize,
    /// Bulk streams in progress. More are answered 503.
    pub bulk_streams: usize,
    /// Requests per second of one API key or account, on average. More are answered 429.
    pub requests_per_second: NonZeroU32,
    /// Requests that one API key or account may make at once after a pause.
    pub request_burst: NonZeroU32,
    /// Ingest is turned away while the oldest unscored contact is older than this, in seconds.
    pub oldest_unscored_seconds: f64,
    /// The process is not ready when its worker has neither scored anything nor found the queue
    /// empty for so long.
    pub worker_still: Duration,
}

impl Default for Limits {
    /// **Source** of the figures: body size and time-out from the fault model (2 MiB, 10 s); 256
    /// requests at 10 ms each are what two cores finish in about a second; 200 requests per second
    /// of one key are three times the busiest hour of a province's hotline; ten minutes is the age
    /// at which the alert `TingxinScoringBehind` fires; a batch takes a second and whatever the
    /// worker waits for ends within five, so thirty seconds without a result are no delay.
    fn default() -> Self {
        Self {
            body_bytes: 2 * 1024 * 1024,
            body_timeout: Duration::from_secs(10),
            in_flight: 256,
            bulk_streams: 8,
            requests_per_second: NonZeroU32::MIN.saturating_add(199),
            request_burst: NonZeroU32::MIN.saturating_add(399),
            oldest_unscored_seconds: 600.0,
            worker_still: Duration::from_secs(30),
        }
    }
}
