//! Traces for a collector: OpenTelemetry, by OTLP over HTTP.
//!
//! Spans are made under one target, [`TARGET`], with names, statements and outcomes, never with a value that somebody
//! sent. Without a collector they are not made at all.

mod chance;

use std::sync::{
    OnceLock,
    atomic::{AtomicBool, Ordering},
};

use opentelemetry::{
    Context,
    trace::{SpanContext, SpanId, TraceContextExt as _, TraceFlags, TraceId, TraceState, TracerProvider as _},
};
use opentelemetry_otlp::{SpanExporter, WithExportConfig as _};
use opentelemetry_sdk::{Resource, trace::SdkTracerProvider};
use tracing::{Metadata, Span};
use tracing_opentelemetry::OpenTelemetrySpanExt as _;
use tracing_subscriber::{Layer, filter::FilterFn, registry::LookupSpan};

use self::chance::Chance;
use crate::config::Telemetry;

/// The target of every span.
pub const TARGET: &str = "chancery_trace";

/// What collects the spans until they are sent.
static PROVIDER: OnceLock<SdkTracerProvider> = OnceLock::new();

/// Why no traces are made.
#[derive(Debug, thiserror::Error)]
#[error("traces cannot be sent to telemetry.otlp_endpoint")]
pub struct Fault(#[source] opentelemetry_otlp::ExporterBuildError);

/// Sends spans to the collector that is named; none if none is.
pub(super) fn layer<S>(telemetry: &Telemetry) -> Result<Option<impl Layer<S> + use<S>>, Fault>
where
    S: tracing::Subscriber + for<'span> LookupSpan<'span>,
{
    let Some(endpoint) = &telemetry.otlp_endpoint else { return Ok(None) };
    let exporter =
        SpanExporter::builder().with_http().with_endpoint(format!("{endpoint}/v1/traces")).build().map_err(Fault)?;
    let provider = SdkTracerProvider::builder()
        .with_batch_exporter(exporter)
        .with_sampler(Chance::new(telemetry.otlp_ratio))
        .with_resource(Resource::builder().with_service_name("chancery").build())
        .build();
    let tracer = provider.tracer("chancery");
    let _ = PROVIDER.set(provider);
    let ours = FilterFn::new(|what: &Metadata<'_>| what.is_span() && what.target() == TARGET);
    // Files and lines of the program, and its threads, tell a collector's readers nothing.
    let layer = tracing_opentelemetry::layer()
        .with_tracer(tracer)
        .with_location(false)
        .with_threads(false)
        .with_tracked_inactivity(false);
    Ok(Some(layer.with_target(false).with_filter(ours)))
}

/// Sends what is still to be sent; waits for it, but not long. Blocks.
pub fn stop() {
    if let Some(provider) = PROVIDER.get()
        && let Err(error) = provider.shutdown_with_timeout(std::time::Duration::from_secs(5))
    {
        tracing::warn!(%error, "the last traces were not sent");
    }
}

/// Whether somebody takes spans. The subscriber cannot be asked: where nobody does it makes them all the same, with all
/// that they would say.
static TAKEN: AtomicBool = AtomicBool::new(false);

pub(super) fn set_taken(taken: bool) {
    TAKEN.store(taken, Ordering::Relaxed);
}

/// The first span of a trace, or of our part of one, if somebody takes it.
pub fn first(make: impl FnOnce() -> Span) -> Span {
    if TAKEN.load(Ordering::Relaxed) { make() } else { Span::none() }
}

/// A span of a part of what is traced; none where nothing is: it would be a trace of its own.
pub fn part(make: impl FnOnce() -> Span) -> Span {
    if Span::current().is_disabled() { Span::none() } else { make() }
}

/// Makes a span go on with the trace of who asked: a trace id and a span id as W3C Trace Context writes them.
pub fn go_on(span: &Span, trace: &str, parent: &str) {
    if span.is_disabled() {
        return;
    }
    let (Ok(trace), Ok(parent)) = (TraceId::from_hex(trace), SpanId::from_hex(parent)) else { return };
    let remote = SpanContext::new(trace, parent, TraceFlags::SAMPLED, true, TraceState::default());
    // Refused for a span that has begun, which is not this one.
    let _ = span.set_parent(Context::new().with_remote_span_context(remote));
}

/// The ids of the trace that a span is of, and of the span; none if none is made.
pub fn ids(span: &Span) -> Option<(String, String)> {
    if span.is_disabled() {
        return None;
    }
    let context = span.context().span().span_context().clone();
    context.is_valid().then(|| (context.trace_id().to_string(), context.span_id().to_string()))
}
