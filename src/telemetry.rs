//! Log lines, and what is said when the program has a defect.

use std::io::Write as _;

use tracing_subscriber::EnvFilter;

/// Why logging cannot begin.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// The filter cannot be understood.
    #[error("log filter `{0}` cannot be understood; examples: info, warn, tingxin=debug")]
    Filter(String),
    /// Somebody set up logging before.
    #[error("logging was set up twice")]
    Twice,
}

/// Writes log lines as JSON objects on standard error from now on.
///
/// JSON, because a line break inside a value could otherwise forge a log line.
///
/// # Errors
/// [`TelemetryError::Filter`] when `filter` is not in the syntax of `RUST_LOG`.
pub fn start_logging(filter: &str) -> Result<(), TelemetryError> {
    let parsed = EnvFilter::try_new(filter).map_err(|_| TelemetryError::Filter(filter.to_owned()))?;
    tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_env_filter(parsed)
        .with_writer(std::io::stderr)
        .try_init()
        .map_err(|_| TelemetryError::Twice)
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
