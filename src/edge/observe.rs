//! Around every request: its id, one log line, and the headers that every answer carries.

use std::time::Instant;

use axum::{
    body::Body,
    extract::{MatchedPath, Request, State},
    http::{HeaderValue, Method, Response, StatusCode, header},
    middleware::Next,
};
use tracing::{Instrument as _, Span, field::Empty};

use super::{
    accept::Media,
    answer::{self, Panicked},
    arrival::{Arrival, REQUEST_ID, TRACERESPONSE},
    seam::Caller,
};
use crate::{
    clock::Clock,
    error::{Code, Error},
    telemetry::{metrics, traces},
};

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
    let mut arrival = Arrival::new(request.headers(), &clock);
    let method = known(request.method());
    let path = request.extensions().get::<MatchedPath>().map_or("-", |path| path.as_str()).to_owned();
    let span = span(method, &path, &arrival);
    let ids = traces::ids(&span);
    arrival.trace_id = arrival.trace_id.or_else(|| ids.as_ref().map(|(trace, _)| trace.clone()));
    request.extensions_mut().insert(arrival.clone());

    let waits = Waits { method, path: &path, started, request_id: &arrival.request_id, is_answered: false };
    let mut response = next.run(request).instrument(span.clone()).await;
    waits.over();
    if response.extensions().get::<Panicked>().is_some() {
        let error = Error::internal("a handler panicked");
        response = answer::refused(StatusCode::INTERNAL_SERVER_ERROR, &error, &arrival, Media::Json);
    }
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Ok(id) = HeaderValue::from_str(&arrival.request_id) {
        headers.insert(REQUEST_ID, id);
    }

    // W3C Trace Context Level 2: in which trace, and by which span, it was answered.
    if let Some(Ok(answered)) = ids.map(|(trace, span)| HeaderValue::from_str(&format!("00-{trace}-{span}-00"))) {
        headers.insert(TRACERESPONSE, answered);
    }

    let seen = response.extensions_mut().remove::<Seen>().unwrap_or_default();
    let (status, time) = (response.status(), started.elapsed());
    let outcome = outcome(status, response.extensions_mut().remove::<Code>());
    span.record("http.response.status_code", status.as_u16());
    span.record("chancery.outcome", outcome);
    span.record("chancery.role", seen.role);
    span.record("chancery.agency", seen.agency.as_deref());
    span.record("graphql.operation.name", seen.operation.as_deref());
    let (agency, operation) = (seen.agency.as_deref(), seen.operation.as_deref());
    metrics::answered(metrics::Request { path: &path, role: seen.role, agency, operation, outcome, time });
    tracing::info!(
        method,
        path,
        status = status.as_u16(),
        outcome,
        duration_us = u64::try_from(time.as_micros()).unwrap_or(u64::MAX),
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

/// The outcome of what nobody waited for.
pub const LEFT: &str = "LEFT";

/// A request that is waited for. Whoever hangs up before the answer is told of too.
struct Waits<'a> {
    method: &'a str,
    path: &'a str,
    started: Instant,
    request_id: &'a str,
    is_answered: bool,
}

impl Waits<'_> {
    fn over(mut self) {
        self.is_answered = true;
    }
}

impl Drop for Waits<'_> {
    fn drop(&mut self) {
        if self.is_answered {
            return;
        }
        let time = self.started.elapsed();
        let (path, outcome) = (self.path, LEFT);
        metrics::answered(metrics::Request { path, role: None, agency: None, operation: None, outcome, time });
        tracing::info!(
            method = self.method,
            path,
            outcome,
            duration_us = u64::try_from(time.as_micros()).unwrap_or(u64::MAX),
            request_id = self.request_id,
            "request"
        );
    }
}

/// Of a request, in the trace of who asks. What is learnt later is recorded then.
fn span(method: &str, path: &str, arrival: &Arrival) -> Span {
    let request = || {
        tracing::info_span!(
            target: traces::TARGET,
            parent: None,
            "request",
            otel.name = format!("{method} {path}"),
            otel.kind = "server",
            http.request.method = method,
            http.route = path,
            http.response.status_code = Empty,
            chancery.request_id = arrival.request_id,
            chancery.outcome = Empty,
            chancery.role = Empty,
            chancery.agency = Empty,
            graphql.operation.name = Empty,
        )
    };
    in_trace(traces::first(request), arrival)
}

/// Of an operation on a socket, in the trace of whoever opened that, or in one of its own.
pub(super) fn operation(path: &str, arrival: &Arrival, who: &impl Caller, name: Option<&str>) -> Span {
    let operation = || {
        tracing::info_span!(
            target: traces::TARGET,
            parent: None,
            "operation",
            otel.name = format!("operation {path}"),
            otel.kind = "server",
            http.route = path,
            chancery.request_id = arrival.request_id,
            chancery.role = who.role().name(),
            chancery.agency = who.agency(),
            graphql.operation.name = name,
        )
    };
    in_trace(traces::first(operation), arrival)
}

/// The span, in the trace of who asks, if they said one.
fn in_trace(span: Span, arrival: &Arrival) -> Span {
    if let (Some(trace), Some(parent)) = (&arrival.trace_id, &arrival.parent_id) {
        traces::go_on(&span, trace, parent);
    }
    span
}

/// The method, if it is one: strangers make methods up, and a name of a span is for everybody. `_OTHER` is what
/// OpenTelemetry's conventions call the rest.
fn known(method: &Method) -> &'static str {
    let all = [Method::GET, Method::POST, Method::OPTIONS, Method::HEAD, Method::PUT, Method::PATCH, Method::DELETE];
    let names = ["GET", "POST", "OPTIONS", "HEAD", "PUT", "PATCH", "DELETE"];
    all.iter().zip(names).find(|(known, _)| *known == method).map_or("_OTHER", |(_, name)| name)
}

/// What came of it: `OK`, the code that was answered, or what the status says.
fn outcome(status: StatusCode, code: Option<Code>) -> &'static str {
    let code = code.or(match status {
        status if status.is_server_error() => Some(Code::Internal),
        status if status.is_client_error() => Some(Code::BadUserInput),
        _ => None,
    });
    code.map_or("OK", Code::name)
}
