//! `/graphql/stream`: GraphQL over server-sent events, one connection an operation (the distinct connections mode of
//! the GraphQL-over-SSE protocol).

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, Response, StatusCode, header},
    response::IntoResponse,
};
use futures_util::stream;
use serde_json::json;
use tokio::{sync::mpsc, time::timeout};
use tracing::Instrument as _;

use super::{
    Door,
    accept::Media,
    answer,
    arrival::Arrival,
    body::Unfit,
    graphql,
    live::{Frame, Operation},
    observe::Seen,
    seam::{Caller, Gate, Graph, GraphRequest, Meter},
    seats::Open,
};
use crate::error::Error;

const EVENT_STREAM: &str = "text/event-stream";
/// The last event. A browser tells its page of no event without data, though it be empty.
const COMPLETE: &str = "event: complete\ndata:\n\n";
/// Frames that wait for the socket.
const WAITING: usize = 1;

/// Answers one request.
pub async fn handle<G: Gate, H: Graph<G::Principal>>(
    State(door): State<Arc<Door<G, H>>>,
    arrival: Arrival,
    request: Request,
) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let media = Media::GraphqlResponse;
    if parts.method != Method::POST && parts.method != Method::GET {
        return answer::method_not_allowed("GET, POST", "send a POST, or a GET", &arrival, media);
    }
    if !accepts(&parts.headers) {
        let error = Error::input("answers are text/event-stream: say so in `accept`");
        return answer::refused(StatusCode::NOT_ACCEPTABLE, &error, &arrival, media);
    }
    let principal = match graphql::admit(&door, &parts, &arrival, media).await {
        Ok(principal) => principal,
        Err(response) => return *response,
    };
    let request = match graphql::read(&parts, body, &door.limits).await {
        Ok(request) => GraphRequest { request_id: arrival.request_id.clone(), meter: Meter::counting(), ..request },
        Err(Unfit(status, error)) => return answer::refused(status, &error, &arrival, media),
    };
    let seen = Seen {
        role: Some(principal.role().name()),
        agency: Some(principal.agency().to_owned()),
        operation: request.operation_name.clone().filter(|name| graphql::is_name(name)),
        ..Seen::default()
    };
    let (out, frames) = mpsc::channel(WAITING);
    let pause = Duration::from_secs(door.limits.keep_alive_seconds);
    let open = door.streams.open();
    let operation = Operation { door, headers: parts.headers, arrival, request, socket: None, out };
    tokio::spawn(operation.run(principal).in_current_span());
    let events = stream::unfold(Some((frames, open)), move |telling| told(telling, pause));
    let mut response = Body::from_stream(events).into_response();
    for (name, value) in [
        (header::CONTENT_TYPE, EVENT_STREAM),
        (header::CACHE_CONTROL, "no-store"),
        (header::VARY, "Authorization, Accept"),
        // Proxies that gather what they pass on would hold events back.
        (header::HeaderName::from_static("x-accel-buffering"), "no"),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response.extensions_mut().insert(seen);
    response
}

/// Frames that are to be told, and the connection that is counted.
type Telling = (mpsc::Receiver<Frame>, Open);

/// What is written next; a comment where nothing happens for so long. Errors that end an operation are a response
/// like any other, after which it is complete.
async fn told(telling: Option<Telling>, pause: Duration) -> Option<(Result<String, Infallible>, Option<Telling>)> {
    let (mut frames, open) = telling?;
    let Ok(frame) = timeout(pause, frames.recv()).await else {
        return Some((Ok(":\n\n".to_owned()), Some((frames, open))));
    };
    let (text, goes_on) = match frame? {
        Frame::Next(text) => (next(&text), true),
        Frame::Error(errors) | Frame::Unauthenticated(errors) => {
            (next(&json!({ "errors": errors }).to_string()) + COMPLETE, false)
        }
        Frame::Complete => (COMPLETE.to_owned(), false),
    };
    Some((Ok(text), goes_on.then_some((frames, open))))
}

/// A response as one line, as clients read it; PostgreSQL breaks lists into lines. A line break is never within a
/// JSON string.
fn next(response: &str) -> String {
    format!("event: next\ndata: {}\n\n", response.replace(['\n', '\r'], ""))
}

fn accepts(headers: &HeaderMap) -> bool {
    let mut given = headers.get_all(header::ACCEPT).iter().peekable();
    if given.peek().is_none() {
        return true;
    }
    let ranges = given.filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','));
    ranges
        .filter_map(|range| range.split(';').next())
        .any(|range| matches!(range.trim().to_ascii_lowercase().as_str(), EVENT_STREAM | "text/*" | "*/*"))
}
