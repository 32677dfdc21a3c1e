//! Traces to a collector, by OTLP over HTTP.
//!
//! Spans alone go out, those of a closed list, without the place in the source, without threads, and without what is logged
//! within them: a log line of a library is nobody's promise.

use opentelemetry::propagation::{Extractor, TextMapPropagator as _};
use opentelemetry::trace::TracerProvider as _;
use opentelemetry::{Context, KeyValue};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider};
use tracing::{Metadata, Span, Subscriber};
use tracing_opentelemetry::OpenTelemetrySpanExt as _;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::registry::LookupSpan;

use super::error::TelemetryError;
use crate::deliver::name_tls_provider;
use crate::settings::Traces;

/// The header of W3C Trace Context. Its companion `tracestate` is not read: it may hold anything.
const TRACEPARENT: &str = "traceparent";

/// Spans that go out; docs/logging.md says what each holds.
const SPANS: [&str; 5] = ["request", "intake", "batch", "score", "store"];

/// What sends traces.
pub(super) struct TraceSender(SdkTracerProvider);

impl TraceSender {
    /// Begins to send to the collector of the settings. That nobody answers there stops nothing.
    pub(super) fn start(traces: &Traces) -> Result<Self, TelemetryError> {
        name_tls_provider();
        let exporter = SpanExporter::builder()
            .with_http()
            .with_protocol(Protocol::HttpJson)
            .with_endpoint(traces.endpoint.as_str())
            .build()
            .map_err(|cause| TelemetryError::Traces(cause.to_string()))?;
        let kept = Sampler::TraceIdRatioBased(f64::from(traces.percent) / 100.0);
        let version = KeyValue::new("service.version", env!("CARGO_PKG_VERSION"));
        let provider = SdkTracerProvider::builder()
            .with_batch_exporter(exporter)
            .with_sampler(Sampler::ParentBased(Box::new(kept)))
            .with_resource(Resource::builder().with_service_name("tingxin").with_attribute(version).build())
            .build();
        Ok(Self(provider))
    }

    /// What turns spans into those of traces.
    pub(super) fn layer<S>(&self) -> impl Layer<S> + use<S>
    where
        S: Subscriber + for<'span> LookupSpan<'span>,
    {
        tracing_opentelemetry::layer()
            .with_tracer(self.0.tracer("tingxin"))
            .with_location(false)
            .with_threads(false)
            .with_target(false)
            .with_filter(filter_fn(goes_out))
    }
}

impl Drop for TraceSender {
    /// Sends what waits; a collector that is not there is waited for some seconds.
    fn drop(&mut self) {
        if let Err(failure) = self.0.shutdown() {
            tracing::warn!(%failure, "the last traces did not reach the collector");
        }
    }
}

fn goes_out(span: &Metadata<'_>) -> bool {
    span.is_span() && span.target().starts_with("tingxin") && SPANS.contains(&span.name())
}

/// A request whose caller says to which trace it belongs.
struct CallerHeader<'a>(&'a str);

impl Extractor for CallerHeader<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        (key == TRACEPARENT).then_some(self.0)
    }

    fn keys(&self) -> Vec<&str> {
        vec![TRACEPARENT]
    }
}

/// Makes a span that has not begun a part of its caller's trace; what is no `traceparent` is passed over.
pub(super) fn follow(span: &Span, traceparent: &str) {
    let parent =
        TraceContextPropagator::new().extract_with_context(&Context::new(), &CallerHeader(traceparent));
    // Fails where no traces are sent.
    let _ = span.set_parent(parent);
}
