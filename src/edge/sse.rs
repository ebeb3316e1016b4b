//! `/graphql/stream`: GraphQL over server-sent events, one connection an operation (the distinct connections mode of
//! the GraphQL-over-SSE protocol).

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, Response, StatusCode, header},
    response::{
        IntoResponse,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures_util::stream;
use serde_json::{Value, json};
use tokio::sync::mpsc;

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
    let keep_alive = KeepAlive::new().interval(Duration::from_secs(door.limits.keep_alive_seconds));
    let open = door.streams.open();
    let operation = Operation { door, headers: parts.headers, arrival, request, socket: None, out };
    tokio::spawn(operation.run(principal));
    let events = stream::unfold(Some((frames, open, None)), told);
    let mut response = Sse::new(events).keep_alive(keep_alive).into_response();
    for (name, value) in [
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

/// Frames that are to be told, the connection that is counted, and an event that is to be the last.
type Telling = (mpsc::Receiver<Frame>, Open, Option<Event>);

/// The next event. Errors that end an operation are a response like any other, after which it is complete.
async fn told(telling: Option<Telling>) -> Option<(Result<Event, Infallible>, Option<Telling>)> {
    let (mut frames, open, last) = telling?;
    if let Some(last) = last {
        return Some((Ok(last), None));
    }
    let complete = || Event::default().event("complete").data("");
    let next = |text: &str| Event::default().event("next").data(text);
    Some(match frames.recv().await? {
        Frame::Next(text) => (Ok(next(&text)), Some((frames, open, None))),
        Frame::Error(errors) | Frame::Unauthenticated(errors) => {
            let errors: Value = json!({ "errors": errors });
            (Ok(next(&errors.to_string())), Some((frames, open, Some(complete()))))
        }
        Frame::Complete => (Ok(complete()), None),
    })
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
