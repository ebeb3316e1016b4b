//! What browsers are allowed (CORS), and answers in fewer bytes for whoever takes them so.

use std::time::Duration;

use axum::{
    Router,
    http::{HeaderName, HeaderValue, Method, header},
};
use tower_http::{
    CompressionLevel,
    compression::{
        CompressionLayer,
        predicate::{NotForContentType, Predicate as _, SizeAbove},
    },
    cors::CorsLayer,
};

use super::arrival::REQUEST_ID;
use crate::config::Http;

/// For how long a browser may remember what it is allowed.
const REMEMBERED: Duration = Duration::from_mins(10);

/// The routes with both, as they are set.
///
/// Compression tells an eavesdropper how much an answer repeats of what was asked. Here nobody can make another's
/// browser ask: there are no cookies, and whoever has the token reads the answer itself.
pub(super) fn layers<S: Clone + Send + Sync + 'static>(router: Router<S>, http: &Http) -> Router<S> {
    let router = if http.compress_bytes == 0 { router } else { router.layer(compression(http.compress_bytes)) };
    if http.cors_origins.is_empty() { router } else { router.layer(cors(&http.cors_origins)) }
}

/// Events are told one by one: what gathers them would hold them back.
fn compression(least: u16) -> CompressionLayer<impl tower_http::compression::Predicate> {
    let events = NotForContentType::const_new("text/event-stream");
    CompressionLayer::new().quality(CompressionLevel::Fastest).compress_when(SizeAbove::new(least.into()).and(events))
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
