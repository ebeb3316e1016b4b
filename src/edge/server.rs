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
use tower_http::add_extension::AddExtension;

use crate::config::Limits;

/// A place among the sockets, given back when the last clone is dropped.
#[derive(Clone, Debug)]
pub struct Seat(#[allow(dead_code, reason = "held, not read")] Arc<tokio::sync::OwnedSemaphorePermit>);

/// After a failed `accept` (out of file descriptors, say), so that the loop does not spin.
const BREATH: Duration = Duration::from_millis(100);

/// Serves until `stop` resolves; then takes no new socket and gives requests under way `drain` to finish.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    limits: &Limits,
    drain: Duration,
    stop: impl Future<Output = ()> + Send,
) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(limits.request_time());
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
        let seat = Seat(Arc::new(seat));
        let service = TowerToHyperService::new(AddExtension::new(router.clone(), seat.clone()));
        let mut socket = Box::pin(TimeoutStream::new(socket));
        // Who reads nothing keeps nothing: hyper would wait for ever.
        socket.as_mut().set_write_timeout_pinned(Some(limits.request_time()));
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
