//! The door of the servers beside Chancery: a socket, and who comes in.

use std::{net::SocketAddr, sync::Arc};

use axum::{
    Router,
    http::{HeaderMap, header},
    routing::get,
    serve::ListenerExt as _,
};

use crate::{
    Result,
    gate::{Gate, Principal},
};

/// Serves the routes, and that it is ready, until the process ends.
pub async fn serve(router: Router, listen: SocketAddr) -> Result<()> {
    let router = router.route("/health/ready", get(async || "ready\n"));
    let listener = tokio::net::TcpListener::bind(listen).await?;
    axum::serve(listener.tap_io(|socket| drop(socket.set_nodelay(true))), router).await?;
    Ok(())
}

/// Who sends a request, if its token is good.
pub fn admit(gate: &Gate, headers: &HeaderMap, now: &str) -> Option<Arc<Principal>> {
    gate.principal(headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()), now)
}
