//! The door for operators: metrics, and health once more. It tells nothing of what is stored, and asks nobody who they
//! are: it is for an address that clients do not reach.

use axum::{
    Router,
    body::Body,
    extract::State,
    http::{Response, StatusCode, header},
    response::IntoResponse,
    routing::get,
};

use super::{Readiness, health};
use crate::telemetry::metrics;

/// Every path of the operators' door.
pub fn router(readiness: Readiness) -> Router {
    Router::new()
        .route("/metrics", get(page))
        .route("/health/live", get(health::live))
        .route("/health/ready", get(ready))
        .fallback(async || health::say(StatusCode::NOT_FOUND, "/metrics, /health/live, /health/ready\n"))
        .with_state(readiness)
}

async fn page() -> Response<Body> {
    match metrics::page() {
        Some(page) => ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], page).into_response(),
        None => health::say(StatusCode::SERVICE_UNAVAILABLE, "no metrics are kept\n"),
    }
}

async fn ready(State(readiness): State<Readiness>) -> Response<Body> {
    health::readiness(&readiness).await
}
