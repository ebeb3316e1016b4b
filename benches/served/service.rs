//! Chancery in this process, as `serve` puts it together.

use std::sync::Arc;

use chancery::{
    audit::Trail,
    clock::Clock,
    config::{Cache, Http, Limits},
    desk::Desk,
    edge::{self, Door, Latest, Readiness, Streams},
    graph::Gateway,
    identity::Registry,
    live::Hub,
    read::{CursorSeal, Reader},
    store::Store,
};

use crate::{Result, served::Served};

/// The name of its threads, and of its connections.
pub const CHANCERY: &str = "chancery";
/// Reading connections of the server.
const LANES: usize = 4;

/// Starts it over a store.
pub async fn start(store: Store, clock: Clock) -> Result<(Arc<Door<Registry, Gateway>>, Served)> {
    let limits = Limits::default();
    let secret = b"a secret of the bench";
    let reader = Reader::new(&store, CursorSeal::new(secret), LANES, limits.operation_time());
    let (desk, trail) = (Desk::new(&store, &clock), Trail::open(&store, &clock));
    let live = Hub::new(&store, Arc::new(desk.clone()), secret)?;
    let graph = Gateway::new((reader, desk, trail, live), clock.clone(), limits.clone(), &Cache::default(), None)?;
    let gate = Registry::open(&store, &clock).await?;
    let (readiness, http, streams, latest) =
        (Readiness::new(store), Http::default(), Streams::default(), Latest::default());
    let door = Arc::new(Door { gate, graph, readiness, limits, http, clock, streams, latest });
    Ok((Arc::clone(&door), Served::start(CHANCERY, edge::router(door)).await?))
}
