//! `chancery serve`.

use std::{net::SocketAddr, sync::Arc};

use clap::Args as ClapArgs;
use tokio::net::TcpListener;

use super::{Context, Outcome, audit::keep_anchored, reload, told};
use crate::{
    access::POLICY_EPOCH,
    audit::Trail,
    change,
    clock::{Clock, instant},
    config::{Config, Limits},
    desk::{self, response, search},
    edge::{self, Door, Latest, Readiness, Streams},
    graph::Gateway,
    identity::Registry,
    live::Hub,
    read::{CursorSeal, Reader, wall::Wall},
    store::{Engine, Store},
    telemetry,
};

/// How often events are thrown away.
const PRUNE: std::time::Duration = std::time::Duration::from_mins(10);
/// How often metrics are put in order.
const TIDY: std::time::Duration = std::time::Duration::from_secs(5);
/// Sockets of the operators' door.
const OPERATORS: usize = 64;

/// Serve the graph.
///
/// The embedded database is migrated by itself; PostgreSQL only with --migrate, because other replicas may run.
#[derive(Debug, ClapArgs)]
pub struct Args {
    /// Address and port [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDRESS")]
    pub listen: Option<SocketAddr>,
    /// Apply missing migrations first
    #[arg(long)]
    pub migrate: bool,
    /// Serve a database although it holds agencies of the demo, whose private keys are known
    #[arg(long)]
    pub allow_demo: bool,
}

/// Runs the command.
pub async fn run(context: &Context, args: &Args) -> Outcome {
    let hang_ups = reload::hang_ups()?;
    let store = up_to_date(context, args.migrate).await?;
    if !args.allow_demo && desk::registry::has_demo(&store.orm).await? {
        return Err(
            "this database holds agencies of the demo, whose private keys lie about: whoever finds one is let in. \
                    Serve another database, or pass --allow-demo"
                .into(),
        );
    }
    Box::pin(open(context, args.listen, hang_ups, rooms(context, store).await?, |_| ())).await
}

/// What stands behind the door: who asks, and what answers.
pub async fn rooms(context: &Context, store: &Store) -> Outcome<(Registry, Gateway)> {
    let config = &context.config;
    let registry = Registry::fetching(store, &context.clock, config.keys.clone()).await?;
    let reader = reader(store, config).await?;
    let desk = desk::Desk::new(store, &context.clock);
    let trail = Trail::open(store, &context.clock);
    let watch_phone = watch_phone(store, config).await?;
    let live = Hub::new(store, Arc::new(desk.clone()), &desk::secret(&store.orm, "stream").await?)?;
    let gateway = Gateway::new(
        (reader, desk, trail, live),
        context.clock.clone(),
        config.limits.clone(),
        &config.cache,
        watch_phone,
    )?;
    Ok((registry, gateway))
}

/// What reads, as a configuration says.
pub(super) async fn reader(store: &Store, config: &Config) -> Outcome<Reader> {
    let seal = CursorSeal::new(&desk::secret(&store.orm, "cursor").await?);
    let reader = Reader::new(store, seal, config.read.lanes, config.limits.operation_time());
    let reader = reader.slow_from(config.log.slow_time());
    if !config.read.row_security {
        return Ok(reader);
    }
    Ok(reader.behind(&Wall::of(store, &config.read.role).await?))
}

/// The telephone of the watch, as a configuration or else the registry says.
pub(super) async fn watch_phone(store: &Store, config: &Config) -> Outcome<Option<String>> {
    match &config.watch_phone {
        Some(phone) => Ok(Some(phone.clone())),
        None => Ok(desk::registry::watch_phone(&store.orm).await?),
    }
}

/// The database with its schema up to date: migrated here if it is embedded or if that was asked for, refused
/// otherwise.
pub async fn up_to_date(context: &Context, migrate: bool) -> Outcome<&Store> {
    let store = context.any_store().await?;
    if migrate || store.engine() == Engine::Sqlite {
        store.migrate().await.map_err(|error| told("the migrations failed", error))?;
        search::make_if_empty(store).await?;
        response::make_if_missing(store).await?;
    }
    context.store().await
}

/// Opens the doors and serves until SIGTERM or Ctrl-C; `ready` is called with the bound address. SIGHUP reloads, also one
/// that came before.
pub(super) async fn open(
    context: &Context,
    listen: Option<SocketAddr>,
    hang_ups: reload::HangUps,
    (registry, gateway): (Registry, Gateway),
    ready: impl FnOnce(SocketAddr),
) -> Outcome {
    if context.config.admin.listen.is_some() {
        telemetry::metrics::start();
        telemetry::metrics::build(POLICY_EPOCH);
    }
    let (store, config) = (context.any_store().await?, &context.config);
    let listener = listening(listen.unwrap_or(config.listen), "--listen").await?;
    let door = Door {
        gate: Arc::new(registry),
        graph: gateway,
        readiness: Readiness::new(store.clone()),
        limits: config.limits.clone(),
        http: config.http.clone(),
        clock: context.clock.clone(),
        streams: Streams::default(),
        latest: Latest::default(),
    };
    let (readiness, streams, gate) = (door.readiness.clone(), door.streams.clone(), door.gate.clone());
    let door = Arc::new(door);
    let (routes, switch) = edge::Routes::new(edge::router(door.clone()), &config.limits);
    let admin = match config.admin.listen {
        Some(address) => {
            let listener = listening(address, "admin.listen").await?;
            tracing::info!(address = %listener.local_addr()?, "serving operators");
            Some(tokio::spawn(for_operators(listener, readiness)))
        }
        None => None,
    };
    let bound = listener.local_addr()?;
    tracing::info!(address = %bound, "serving");
    ready(bound);
    let served = reload::Served { door, gate, switch };
    let stop = async {
        edge::stop_signal().await;
        streams.close();
    };
    let drain = std::time::Duration::from_secs(config.shutdown_seconds);
    let kept = [
        tokio::spawn(keep_anchored(store.clone(), context.clock.clone())),
        tokio::spawn(keep_pruned(store.clone(), context.clock.clone(), config.limits.replay_hours)),
        tokio::spawn(keep_tidy()),
    ];
    tokio::select! {
        () = edge::serve_routes(listener, routes, &config.limits, drain, stop) => {}
        // It goes on for as long as there is something to reload.
        () = reload::at_hang_ups(hang_ups, context, served) => {}
    }
    // A WebSocket is no request any more: it is waited for by itself, as long.
    if tokio::time::timeout(drain, streams.ended()).await.is_err() {
        tracing::warn!("streams were still open at the end of the drain");
    }
    for task in kept.iter().chain(&admin) {
        task.abort();
    }
    tokio::task::spawn_blocking(telemetry::traces::stop).await?;
    Ok(())
}

async fn listening(address: SocketAddr, setting: &str) -> Outcome<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| {
        told(format!("{address} cannot be listened on ({}): choose another with {setting}", error.kind()), error)
    })
}

/// Serves metrics and health until it is aborted, also while clients' requests are drained.
async fn for_operators(listener: TcpListener, readiness: Readiness) {
    let limits = Limits { connections: OPERATORS, ..Limits::default() };
    let router = edge::admin_router(readiness);
    edge::serve(listener, router, &limits, std::time::Duration::ZERO, std::future::pending()).await;
}

/// Puts the samples of metrics in order, for as long as it is let.
async fn keep_tidy() {
    loop {
        tokio::time::sleep(TIDY).await;
        telemetry::metrics::tidy();
    }
}

/// Throws away events that no stream goes on from any more, and revocations of what has expired, for as long as it is
/// let.
async fn keep_pruned(store: Store, clock: Clock, hours: usize) {
    let kept = time::Duration::hours(i64::try_from(hours).unwrap_or(i64::MAX / 3600));
    loop {
        let before = instant(clock.now().saturating_sub(kept));
        match change::prune(&store.orm, &before).await {
            Ok(0) => {}
            Ok(events) => tracing::debug!(events, "changes pruned"),
            Err(error) => tracing::error!(cause = ?error.cause, "changes cannot be pruned"),
        }
        match desk::registry::revocation::prune(&store.orm, &clock.now_text()).await {
            Ok(0) => {}
            Ok(revocations) => tracing::debug!(revocations, "revocations pruned"),
            Err(error) => tracing::error!(cause = ?error.cause, "revocations cannot be pruned"),
        }
        tokio::time::sleep(PRUNE).await;
    }
}
