//! `chancery serve`.

use std::{net::SocketAddr, sync::Arc};

use clap::Args as ClapArgs;
use tokio::net::TcpListener;

use super::{Context, Outcome, audit::keep_anchored, told};
use crate::{
    audit::Trail,
    change,
    clock::{Clock, instant},
    desk::{self, response, search},
    edge::{self, Door, Gate, Graph, Readiness, Streams},
    graph::Gateway,
    identity::Registry,
    live::Hub,
    read::{CursorSeal, Reader, wall::Wall},
    store::{Engine, Store},
};

/// How often events are thrown away.
const PRUNE: std::time::Duration = std::time::Duration::from_mins(10);

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
    let store = up_to_date(context, args.migrate).await?;
    if !args.allow_demo && desk::registry::has_demo(&store.orm).await? {
        return Err(
            "this database holds agencies of the demo, whose private keys lie about: whoever finds one is let in. \
                    Serve another database, or pass --allow-demo"
                .into(),
        );
    }
    let (registry, gateway) = rooms(context, store).await?;
    open(context, args.listen, registry, gateway, |_| ()).await
}

/// What stands behind the door: who asks, and what answers.
pub async fn rooms(context: &Context, store: &Store) -> Outcome<(Registry, Gateway)> {
    let config = &context.config;
    let registry = Registry::fetching(store, &context.clock, config.keys.clone()).await?;
    let seal = CursorSeal::new(&desk::secret(&store.orm, "cursor").await?);
    let mut reader = Reader::new(store, seal, config.read.lanes, config.limits.operation_time());
    if config.read.row_security {
        reader = reader.behind(&Wall::of(store, &config.read.role).await?);
    }
    let desk = desk::Desk::new(store, &context.clock);
    let trail = Trail::open(store, &context.clock);
    let watch_phone = match &config.watch_phone {
        Some(phone) => Some(phone.clone()),
        None => crate::desk::registry::watch_phone(&store.orm).await?,
    };
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

/// Opens the door on an address and serves until SIGTERM or Ctrl-C; `ready` is called with the bound address.
pub async fn open<G: Gate, H: Graph<G::Principal>>(
    context: &Context,
    listen: Option<SocketAddr>,
    gate: G,
    graph: H,
    ready: impl FnOnce(SocketAddr),
) -> Outcome {
    let address = listen.unwrap_or(context.config.listen);
    let listener = TcpListener::bind(address).await.map_err(|error| {
        told(format!("{address} cannot be listened on ({}): choose another with --listen", error.kind()), error)
    })?;
    let door = Door {
        gate,
        graph,
        readiness: Readiness::new(context.any_store().await?.clone()),
        limits: context.config.limits.clone(),
        clock: context.clock.clone(),
        streams: Streams::default(),
    };
    let limits = door.limits.clone();
    let bound = listener.local_addr()?;
    tracing::info!(address = %bound, "serving");
    ready(bound);
    let anchors = tokio::spawn(keep_anchored(context.any_store().await?.clone(), context.clock.clone()));
    let (store, clock) = (context.any_store().await?.clone(), context.clock.clone());
    let changes = tokio::spawn(keep_pruned(store, clock, limits.replay_hours));
    let drain = std::time::Duration::from_secs(context.config.shutdown_seconds);
    let streams = door.streams.clone();
    let stop = async {
        edge::stop_signal().await;
        streams.close();
    };
    edge::serve(listener, edge::router(Arc::new(door)), &limits, drain, stop).await;
    // A WebSocket is no request any more: it is waited for by itself, as long.
    if tokio::time::timeout(drain, streams.ended()).await.is_err() {
        tracing::warn!("streams were still open at the end of the drain");
    }
    anchors.abort();
    changes.abort();
    Ok(())
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
