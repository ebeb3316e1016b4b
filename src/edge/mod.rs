//! The door: HTTP in, HTTP out.
//!
//! It decides nothing about data. It bounds what comes in, asks the [`Gate`] who asks, hands the question to the
//! [`Graph`], and dresses the answer by the GraphQL-over-HTTP draft. Invariants: nothing that depends on a principal
//! is cacheable; an error body has one form; a log line never carries a token, a body or a variable.

use std::sync::Arc;

use axum::{
    Router,
    http::{StatusCode, Uri},
    middleware,
    response::Response,
    routing::any,
};
use tower::ServiceBuilder;

mod accept;
mod admin;
mod answer;
mod arrival;
mod batch;
mod body;
mod compression;
mod cors;
mod export;
mod graphiql;
mod graphql;
mod health;
mod latest;
mod live;
mod observe;
mod origin;
mod quota;
mod ready;
mod request;
mod sdl;
mod seam;
mod seats;
mod server;
mod service;
mod sse;
mod transport_ws;
mod websocket;

pub use admin::router as admin_router;
pub use latest::Latest;
pub use ready::Readiness;
pub use seam::{Caller, Gate, Graph, GraphRequest, GraphResponse, Outcome, Refusal, Said};
pub use seats::Streams;
pub use server::{Routes, Switch, serve, serve_routes, stop_signal};

use crate::{
    clock::Clock,
    config::{Http, Limits},
    error::{Code, Error},
};

/// What stands behind the door.
#[derive(Debug)]
pub struct Door<G, H> {
    /// Says who asks.
    pub gate: G,
    /// Answers.
    pub graph: H,
    /// Whether there is a database to answer from.
    pub readiness: Readiness,
    /// Bounds on what is taken in.
    pub limits: Limits,
    /// What browsers are allowed, and the form of answers.
    pub http: Http,
    /// Dates request ids.
    pub clock: Clock,
    /// The streams under way.
    pub streams: Streams,
    /// What is served now.
    pub latest: Latest<G, H>,
}

/// Every path that Chancery answers.
pub fn router<G: Gate, H: Graph<G::Principal>>(door: Arc<Door<G, H>>) -> Router {
    let router = Router::new()
        .route("/graphql", any(graphql::handle::<G, H>))
        .route("/graphql/stream", any(sse::handle::<G, H>))
        .route("/graphql/ws", any(websocket::handle::<G, H>))
        .route("/export/{name}", any(export::handle::<G, H>))
        .route("/schema.graphql", any(sdl::handle::<G, H>))
        .route("/graphiql", any(graphiql::page))
        .route("/graphiql/assets/{file}", any(graphiql::asset))
        .route("/health/live", any(health::live))
        .route("/health/ready", any(health::ready::<G, H>))
        .fallback(nothing_here);
    // As one: each layer that is put around a router on its own allocates for every request.
    let around = ServiceBuilder::new()
        .layer(middleware::from_fn_with_state(door.clock.clone(), observe::observe))
        .option_layer(cors::allowing(&door.http.cors_origins));
    let panics = tower_http::catch_panic::CatchPanicLayer::custom(answer::panicked);
    let router = match compression::from(door.http.compress_bytes) {
        Some(compression) => router.layer(around.layer(compression).layer(panics)),
        None => router.layer(around.layer(panics)),
    };
    router.with_state(door)
}

async fn nothing_here(arrival: arrival::Arrival, _uri: Uri) -> Response {
    let error = Error::new(Code::NotFound, "no such path; the graph is at /graphql");
    answer::refused(StatusCode::NOT_FOUND, &error, &arrival, accept::Media::Json)
}
