//! For a load balancer: `/health/live` while the process runs, `/health/ready` while it can answer.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::State,
    http::{Response, StatusCode, header},
    response::IntoResponse,
};

use super::{
    Door, Readiness,
    seam::{Gate, Graph},
};

/// The process runs.
pub async fn live() -> Response<Body> {
    say(StatusCode::OK, "live\n")
}

/// The database answers and no migration is missing; 503 otherwise.
pub async fn ready<G: Gate, H: Graph<G::Principal>>(State(door): State<Arc<Door<G, H>>>) -> Response<Body> {
    readiness(&door.readiness).await
}

/// Whether it holds, as a response.
pub async fn readiness(readiness: &Readiness) -> Response<Body> {
    if readiness.holds().await {
        say(StatusCode::OK, "ready\n")
    } else {
        say(StatusCode::SERVICE_UNAVAILABLE, "not ready\n")
    }
}

/// A line of text.
pub fn say(status: StatusCode, text: &'static str) -> Response<Body> {
    let headers = [(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
    (status, headers, text).into_response()
}
