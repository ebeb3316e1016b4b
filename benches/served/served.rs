//! A server under measurement.

use std::{net::SocketAddr, time::Duration};

use axum::Router;
use chancery::{config::Limits, edge};
use tokio::sync::oneshot;

use crate::Result;

/// A server on a loopback socket, in threads that bear its name; it stops when this is dropped.
pub struct Served {
    /// Its name.
    pub name: &'static str,
    /// Where it listens.
    pub address: SocketAddr,
    _stop: oneshot::Sender<()>,
}

impl Served {
    /// Starts.
    pub async fn start(name: &'static str, router: Router) -> Result<Self> {
        let (stop, stopped) = oneshot::channel::<()>();
        let (bound, address) = oneshot::channel();
        std::thread::Builder::new().name(name.to_owned()).spawn(move || -> Result<()> {
            let runtime =
                tokio::runtime::Builder::new_multi_thread().worker_threads(2).thread_name(name).enable_all().build()?;
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
                let _ = bound.send(listener.local_addr()?);
                let stopped = async { drop(stopped.await) };
                // The accept loop runs where `spawn` puts it, as in service.
                let limits = Limits::default();
                edge::serve(listener, router, &limits, Duration::ZERO, stopped).await;
                Ok(())
            })
        })?;
        Ok(Self { name, address: address.await?, _stop: stop })
    }
}
