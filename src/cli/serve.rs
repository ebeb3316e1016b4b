//! `chancery serve`.

use std::{net::SocketAddr, sync::Arc};

use clap::Args as ClapArgs;
use tokio::net::TcpListener;

use super::{Context, Outcome, told};
use crate::{
    edge::{self, Door, Gate, Graph, Readiness},
    store::{Engine, Store},
};

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
}

/// Runs the command.
pub async fn run(context: &Context, args: &Args) -> Outcome {
    let store = up_to_date(context, args.migrate).await?;
    let _ = (store, args.listen);
    Err("the graph is not joined to the door yet".into())
}

/// The database with its schema up to date: migrated here if it is embedded or if that was asked for, refused
/// otherwise.
pub async fn up_to_date(context: &Context, migrate: bool) -> Outcome<&Store> {
    let store = context.any_store().await?;
    if migrate || store.engine() == Engine::Sqlite {
        store.migrate().await.map_err(|error| told("the migrations failed", error))?;
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
    let listener =
        TcpListener::bind(address).await.map_err(|error| told(format!("{address} cannot be listened on"), error))?;
    let door = Door {
        gate,
        graph,
        readiness: Readiness::new(context.any_store().await?.clone()),
        limits: context.config.limits.clone(),
        clock: context.clock.clone(),
    };
    let limits = door.limits.clone();
    let bound = listener.local_addr()?;
    tracing::info!(address = %bound, "serving");
    ready(bound);
    let drain = std::time::Duration::from_secs(context.config.shutdown_seconds);
    edge::serve(listener, edge::router(Arc::new(door)), &limits, drain, edge::stop_signal()).await;
    Ok(())
}
