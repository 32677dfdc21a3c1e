//! Why the program cannot tell others about itself.

/// Why logging cannot begin.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// The filter cannot be understood.
    #[error("log filter `{0}` cannot be understood; examples: info, warn, tingxin=debug")]
    Filter(String),
    /// Somebody set up logging before.
    #[error("logging was set up twice")]
    Twice,
    /// Traces are asked for, and the program cannot send any.
    #[error("this program was built without the feature `otel`: leave `traces.endpoint` empty")]
    WithoutTraces,
    /// Traces cannot be sent to what the settings name.
    #[error("traces cannot be sent to `traces.endpoint`: {0}")]
    Traces(String),
}
