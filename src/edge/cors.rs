//! Which pages of other origins may ask (CORS).

use std::time::Duration;

use axum::http::{HeaderName, HeaderValue, Method, header};
use tower_http::cors::CorsLayer;

use super::arrival::REQUEST_ID;

/// For how long a browser may remember what it is allowed.
const REMEMBERED: Duration = Duration::from_mins(10);

/// Lets pages of these origins ask; of none where none is named.
pub(super) fn allowing(origins: &[String]) -> Option<CorsLayer> {
    (!origins.is_empty()).then(|| cors(origins))
}

/// Without credentials: tokens are sent by scripts, never by browsers of themselves.
fn cors(origins: &[String]) -> CorsLayer {
    let named = |names: &[&'static str]| names.iter().copied().map(HeaderName::from_static).collect::<Vec<_>>();
    let mut sent = named(&["graphql-preflight", "traceparent", "tracestate", "x-apollo-operation-name"]);
    sent.extend([header::ACCEPT, header::AUTHORIZATION, header::CONTENT_TYPE, REQUEST_ID]);
    let mut read = named(&["ratelimit", "ratelimit-policy", "traceresponse"]);
    read.extend([header::RETRY_AFTER, REQUEST_ID]);
    CorsLayer::new()
        .allow_origin(origins.iter().filter_map(|origin| HeaderValue::from_str(origin).ok()).collect::<Vec<_>>())
        .allow_methods([Method::GET, Method::POST])
        .allow_headers(sent)
        .expose_headers(read)
        .max_age(REMEMBERED)
}
