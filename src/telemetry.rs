//! Log lines, traces, and what is said when the program has a defect.

mod error;
#[cfg(feature = "otel")]
mod otel;

use std::io::Write as _;

use tracing::Span;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer as _};

use crate::settings::Traces;
pub use error::TelemetryError;

/// What runs beside the program and tells others about it. Traces that wait are sent when it is dropped, which must be
/// outside of the asynchronous runtime.
#[must_use]
pub struct Telemetry {
    #[cfg(feature = "otel")]
    _traces: Option<otel::TraceSender>,
}

/// Writes log lines as JSON objects on standard error from now on.
///
/// JSON, because a line break inside a value could otherwise forge a log line.
///
/// # Errors
/// [`TelemetryError::Filter`] when `filter` is not in the syntax of `RUST_LOG`.
pub fn start_logging(filter: &str) -> Result<(), TelemetryError> {
    start(filter, &Traces::none()).map(drop)
}

/// The same, and sends traces where the settings name a collector.
///
/// # Errors
/// [`TelemetryError`] with a sentence that names the setting.
pub fn start(filter: &str, traces: &Traces) -> Result<Telemetry, TelemetryError> {
    let parsed = EnvFilter::try_new(filter).map_err(|_| TelemetryError::Filter(filter.to_owned()))?;
    let lines = tracing_subscriber::fmt::layer()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_writer(std::io::stderr)
        .with_filter(parsed);
    let subscriber = tracing_subscriber::registry().with(lines);
    #[cfg(feature = "otel")]
    {
        let exporting = traces.wanted().then(|| otel::TraceSender::start(traces)).transpose()?;
        let layer = exporting.as_ref().map(otel::TraceSender::layer);
        subscriber.with(layer).try_init().map_err(|_| TelemetryError::Twice)?;
        Ok(Telemetry { _traces: exporting })
    }
    #[cfg(not(feature = "otel"))]
    {
        if traces.wanted() {
            return Err(TelemetryError::WithoutTraces);
        }
        subscriber.try_init().map_err(|_| TelemetryError::Twice)?;
        Ok(Telemetry {})
    }
}

/// Makes the span of a request a part of its caller's trace, by the header of W3C Trace Context; before the span begins.
pub(crate) fn follow(span: &Span, traceparent: Option<&str>) {
    #[cfg(feature = "otel")]
    if let Some(traceparent) = traceparent {
        otel::follow(span, traceparent);
    }
    #[cfg(not(feature = "otel"))]
    let _ = (span, traceparent);
}

/// Makes every panic say where it happened and nothing else.
///
/// A panic's message may quote what was being worked on:
/// `byte index 3 is not a char boundary; it is inside '断' of …` repeats the customer's sentence.
/// The place is enough to find the defect.
pub fn silence_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map_or_else(|| "an unknown place".to_owned(), ToString::to_string);
        let line = serde_json::json!({
            "level": "ERROR",
            "message": "defect: the program panicked; please report the place",
            "place": place,
            "thread": std::thread::current().name().unwrap_or("unnamed"),
        });
        // There is nobody left to tell when standard error is closed.
        let _ = writeln!(std::io::stderr().lock(), "{line}");
    }));
}
