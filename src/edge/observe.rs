//! Around every request: its id, one log line, and the headers that every answer carries.

use std::time::Instant;

use axum::{
    body::Body,
    extract::{MatchedPath, Request, State},
    http::{HeaderValue, Response, StatusCode, header},
    middleware::Next,
};

use super::{
    accept::Media,
    answer::{self, Panicked},
    arrival::{Arrival, REQUEST_ID},
};
use crate::{clock::Clock, error::Error};

/// What a handler learnt that the log line should say.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// The active role.
    pub role: Option<&'static str>,
    /// The agency's id.
    pub agency: Option<String>,
    /// The operation's name as the client gave it, if it is a GraphQL name.
    pub operation: Option<String>,
    /// Why nobody was let in.
    pub refusal: Option<String>,
}

/// The outermost layer.
pub async fn observe(State(clock): State<Clock>, mut request: Request, next: Next) -> Response<Body> {
    let started = Instant::now();
    let arrival = Arrival::new(request.headers(), &clock);
    let method = request.method().clone();
    let path = request.extensions().get::<MatchedPath>().map_or("-", |path| path.as_str()).to_owned();
    request.extensions_mut().insert(arrival.clone());

    let mut response = next.run(request).await;
    if response.extensions().get::<Panicked>().is_some() {
        let error = Error::internal("a handler panicked");
        response = answer::refused(StatusCode::INTERNAL_SERVER_ERROR, &error, &arrival, Media::Json);
    }
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Ok(id) = HeaderValue::from_str(&arrival.request_id) {
        headers.insert(REQUEST_ID, id);
    }

    let seen = response.extensions_mut().remove::<Seen>().unwrap_or_default();
    tracing::info!(
        method = method.as_str(),
        path,
        status = response.status().as_u16(),
        duration_us = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX),
        request_id = arrival.request_id,
        trace_id = arrival.trace_id,
        role = seen.role,
        agency = seen.agency,
        operation = seen.operation,
        refusal = seen.refusal,
        "request"
    );
    response
}
