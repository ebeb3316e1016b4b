//! SIGHUP: the configuration is read again, and every key set that agencies publish is fetched again.
//!
//! What is under way ends as it began; what comes later is served under the new configuration. A configuration that is
//! wrong, or that cannot be put into effect, changes nothing, and the log says why. What is in the database (the
//! registry, trusted documents) needs no reload: every server follows it by itself.

use std::sync::Arc;

use super::{Context, Outcome, cause, serve, told};
use crate::{
    config::Config,
    edge::{self, Door, Switch},
    graph::Gateway,
    identity::Registry,
    telemetry::{self, metrics},
};

/// What a reload changes.
pub(super) struct Served {
    /// What is served now.
    pub(super) door: Arc<Door<Arc<Registry>, Gateway>>,
    /// Who says who asks, before and after.
    pub(super) gate: Arc<Registry>,
    /// Changes what is served.
    pub(super) switch: Switch,
}

/// Signals that were listened for.
#[cfg(unix)]
pub(super) type HangUps = tokio::signal::unix::Signal;
#[cfg(not(unix))]
pub(super) type HangUps = ();

/// The signals, from now on. To be called first of all: one that comes while the server starts does not end it, and is
/// heeded when it has started.
#[cfg(unix)]
pub(super) fn hang_ups() -> Outcome<HangUps> {
    use tokio::signal::unix::{SignalKind, signal};
    signal(SignalKind::hangup()).map_err(|error| told("SIGHUP cannot be listened for", error))
}

/// There are none elsewhere.
#[cfg(not(unix))]
pub(super) fn hang_ups() -> Outcome<HangUps> {
    Ok(())
}

/// Reloads at each signal, without end.
#[cfg(unix)]
pub(super) async fn at_hang_ups(mut signals: HangUps, context: &Context, mut served: Served) {
    let mut present = context.config.clone();
    while signals.recv().await.is_some() {
        match reload(context, &present, &mut served).await {
            Ok(config) => {
                metrics::reloaded("reloaded");
                present = config;
            }
            Err(failure) => {
                metrics::reloaded("refused");
                let cause = cause(&failure);
                tracing::error!(reason = %failure, cause, "nothing was reloaded: what held before holds");
            }
        }
    }
    std::future::pending::<()>().await;
}

/// Reloads at no signal.
#[cfg(not(unix))]
pub(super) async fn at_hang_ups((): HangUps, _: &Context, _: Served) {
    std::future::pending::<()>().await;
}

/// Everything that may fail comes first; then everything is changed.
async fn reload(context: &Context, present: &Config, served: &mut Served) -> Outcome<Config> {
    let read = context.reread().map_err(|problems| format!("the configuration is wrong: {}", problems.0.join("; ")))?;
    let changes = present.changes(&read);
    let config = present.taking_over(&read);
    let store = context.any_store().await?;
    // Made in any case: the wall may have fallen. It has no connections yet.
    let reader = serve::reader(store, &config).await?;
    let reader = (!config.reads_as(present)).then_some(reader);
    let watch_phone = serve::watch_phone(store, &config).await?;

    let graph = served.door.graph.renewed(reader, config.limits.clone(), &config.cache, watch_phone);
    let door = Arc::new(Door {
        gate: served.gate.clone(),
        graph,
        readiness: served.door.readiness.clone(),
        limits: config.limits.clone(),
        http: config.http.clone(),
        clock: served.door.clock.clone(),
        streams: served.door.streams.clone(),
        latest: served.door.latest.clone(),
    });
    if config.log != present.log {
        telemetry::reload(&config.log);
    }
    served.gate.reload(config.keys.clone());
    served.switch.set(edge::router(door.clone()), &config.limits);
    door.is_served();
    served.door = door;
    for key in &changes.at_restart {
        tracing::warn!(key, "changed in the configuration, but read at a start only: restart to put it into effect");
    }
    tracing::info!(changed = changes.now.join(" "), "reloaded");
    Ok(config)
}
