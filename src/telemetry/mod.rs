//! What a running process tells of itself: a log on standard error, metrics, traces.
//!
//! What each may carry is decided where it is written; this room says where it goes, that a panic's message (which may
//! quote data) stays out of it, and that other crates' chatter, which may quote what goes over a socket, is not let in
//! however the log is set.

mod log;
pub mod metrics;
pub mod traces;

use std::sync::OnceLock;

use tracing_subscriber::{
    EnvFilter, Layer as _, Registry, filter::FilterExt as _, fmt, layer::SubscriberExt as _, reload,
    util::SubscriberInitExt as _,
};

use crate::config::{Log, LogFormat, Telemetry};

/// The filter of the log that was started, to be set anew.
static FILTER: OnceLock<reload::Handle<EnvFilter, Registry>> = OnceLock::new();

/// Starts the log of this process, and its traces if a collector is named. A second call changes nothing: the first
/// subscriber stays. An error if the traces cannot be made; the log is there then.
pub fn start(log: &Log, telemetry: &Telemetry) -> Result<(), traces::Fault> {
    let (filter, handle) = reload::Layer::new(log::filter(log));
    let filter = filter.and(log::ours());
    let lines = fmt::layer().with_writer(std::io::stderr);
    let lines = match log.format {
        LogFormat::Json => {
            lines.json().flatten_event(true).with_current_span(false).with_span_list(false).with_filter(filter).boxed()
        }
        LogFormat::Pretty => lines.with_target(false).with_filter(filter).boxed(),
    };
    let (traced, fault) = match traces::layer(telemetry) {
        Ok(layer) => (layer, Ok(())),
        Err(fault) => (None, Err(fault)),
    };
    let has_collector = traced.is_some();
    if tracing_subscriber::registry().with(lines).with(traced).try_init().is_ok() {
        traces::set_taken(has_collector);
        let _ = FILTER.set(handle);
        std::panic::set_hook(Box::new(|panic| {
            let place = panic.location().map(ToString::to_string).unwrap_or_default();
            tracing::error!(place, "panic");
        }));
    }
    fault
}

/// Sets what is logged anew.
pub fn reload(log: &Log) {
    if let Some(filter) = FILTER.get()
        && let Err(error) = filter.reload(log::filter(log))
    {
        tracing::error!(%error, "the log's level cannot be changed");
    }
}
