//! Sockets: bounded in number, closed when slow, drained at the end.
//!
//! HTTP/1.1 only, as a proxy speaks it to us: telling the versions apart by their first bytes waits for those bytes
//! without a time-out.

use std::{future::Future, pin::pin, sync::Arc, time::Duration};

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use tokio::{
    net::TcpListener,
    sync::{Semaphore, watch},
};

use tokio_io_timeout::TimeoutStream;
use tower::ServiceExt as _;
use tower_http::add_extension::AddExtension;

use crate::{config::Limits, telemetry::metrics};

/// What is served, and how long sockets may be slow. What was sent last holds for every request that comes after it.
#[derive(Debug)]
pub struct Routes(watch::Receiver<Served>);

/// What is served at a time.
#[derive(Clone, Debug)]
struct Served {
    router: Router,
    patience: Duration,
}

/// Changes what is served.
#[derive(Debug)]
pub struct Switch(watch::Sender<Served>);

impl Routes {
    /// Begins with a router, within its limits; and what changes it.
    pub fn new(router: Router, limits: &Limits) -> (Self, Switch) {
        let (switch, served) = watch::channel(Served { router, patience: limits.request_time() });
        (Self(served), Switch(switch))
    }
}

impl Switch {
    /// Requests that come from now on go to this router, within these limits. Those under way end where they began.
    pub fn set(&self, router: Router, limits: &Limits) {
        self.0.send_replace(Served { router, patience: limits.request_time() });
    }
}

/// A place among the sockets, given back when the last clone is dropped.
#[derive(Clone, Debug)]
pub struct SocketPermit(#[allow(dead_code, reason = "held, not read")] Arc<Held>);

/// A place that is counted.
#[derive(Debug)]
struct Held(#[allow(dead_code, reason = "held, not read")] tokio::sync::OwnedSemaphorePermit);

impl Held {
    fn new(permit: tokio::sync::OwnedSemaphorePermit) -> Self {
        metrics::sockets(1.0);
        Self(permit)
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        metrics::sockets(-1.0);
    }
}

/// After a failed `accept` (out of file descriptors, say), so that the loop does not spin.
const BREATH: Duration = Duration::from_millis(100);

/// Serves one router until `stop` resolves; then takes no new socket and gives requests under way `drain` to finish.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    limits: &Limits,
    drain: Duration,
    stop: impl Future<Output = ()> + Send,
) {
    let (always, _switch) = Routes::new(router, limits);
    serve_routes(listener, always, limits, drain, stop).await;
}

/// Serves what the routes are at each time, likewise.
pub async fn serve_routes(
    listener: TcpListener,
    routes: Routes,
    limits: &Limits,
    drain: Duration,
    stop: impl Future<Output = ()> + Send,
) {
    let Routes(served) = routes;
    let seats = Arc::new(Semaphore::new(limits.connections.min(Semaphore::MAX_PERMITS)));
    // Told to the sockets when they are to finish; each keeps a receiver until it has.
    let draining = watch::Sender::new(false);
    tokio::pin!(stop);
    loop {
        let accepted = tokio::select! {
            () = &mut stop => break,
            accepted = accept(&listener, &seats) => accepted,
        };
        let Some((socket, seat)) = accepted else {
            tokio::time::sleep(BREATH).await;
            continue;
        };
        // What a request becomes (a WebSocket) keeps the seat as long as it lives.
        let seat = SocketPermit(Arc::new(Held::new(seat)));
        let present = served.clone();
        let latest = tower::service_fn(move |request| {
            let latest = present.borrow().router.clone();
            latest.oneshot(request)
        });
        let service = TowerToHyperService::new(AddExtension::new(latest, seat.clone()));
        let patience = served.borrow().patience;
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new()).header_read_timeout(patience);
        let mut socket = Box::pin(TimeoutStream::new(socket));
        // Who reads nothing keeps nothing: hyper would wait for ever.
        socket.as_mut().set_write_timeout_pinned(Some(patience));
        let connection = http.serve_connection(TokioIo::new(socket), service).with_upgrades();
        let mut drain = draining.subscribe();
        tokio::spawn(async move {
            let mut connection = pin!(connection);
            let ended = tokio::select! {
                ended = connection.as_mut() => ended,
                () = async { drop(drain.wait_for(|is_draining| *is_draining).await) } => {
                    connection.as_mut().graceful_shutdown();
                    connection.await
                }
            };
            if let Err(error) = ended {
                tracing::debug!(%error, "socket closed");
            }
            drop((seat, drain));
        });
    }
    drop(listener);
    tracing::info!(seconds = drain.as_secs(), "draining");
    draining.send_replace(true);
    if tokio::time::timeout(drain, draining.closed()).await.is_err() {
        tracing::warn!("requests were still under way at the end of the drain");
    }
}

async fn accept(
    listener: &TcpListener,
    seats: &Arc<Semaphore>,
) -> Option<(tokio::net::TcpStream, tokio::sync::OwnedSemaphorePermit)> {
    let seat = Arc::clone(seats).acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((socket, _)) => {
            if let Err(error) = socket.set_nodelay(true) {
                tracing::debug!(%error, "nodelay");
            }
            Some((socket, seat))
        }
        Err(error) => {
            tracing::warn!(%error, "accept failed");
            None
        }
    }
}

/// Resolves at SIGTERM or Ctrl-C.
pub async fn stop_signal() {
    let interrupt = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending::<()>().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}
