//! `/graphql`: POST and GET by the GraphQL-over-HTTP draft.

use std::sync::Arc;

use axum::{
    body::{Body, Bytes},
    extract::{Query, Request, State},
    http::{HeaderMap, Method, Response, StatusCode, Uri, header, request::Parts},
};

use tracing::Instrument as _;

use super::{
    Door,
    accept::{self, Media},
    answer,
    arrival::Arrival,
    batch,
    body::{self, Unfit},
    observe::Seen,
    quota, request,
    seam::{Caller, Gate, Graph, GraphRequest, GraphResponse, Meter, Outcome, Refusal},
};
use crate::{config::Limits, error::Error, telemetry::traces};

/// One of these on a GET proves that no page of another site made the browser send it.
const PREFLIGHT: [&str; 2] = ["x-apollo-operation-name", "graphql-preflight"];

/// How often an operation is tried while standing changes under it.
const ATTEMPTS: usize = 3;

/// Answers one request.
pub async fn handle<G: Gate, H: Graph<G::Principal>>(
    State(door): State<Arc<Door<G, H>>>,
    arrival: Arrival,
    request: Request,
) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let media = accept::negotiate(&parts.headers);
    let form = media.unwrap_or(Media::Json);
    if parts.method != Method::POST && parts.method != Method::GET {
        return answer::method_not_allowed("GET, POST", "send a POST, or a GET for a query", &arrival, form);
    }
    if parts.method == Method::GET && !is_preflighted(&parts.headers) {
        let message = "a GET needs the header content-type: application/json or graphql-preflight; or send a POST";
        return answer::method_not_allowed("POST", message, &arrival, form);
    }
    let Some(media) = media else {
        let error = Error::input("answers are application/graphql-response+json or application/json");
        return answer::refused(StatusCode::NOT_ACCEPTABLE, &error, &arrival, form);
    };
    let principal = match admit(&door, &parts, &arrival, media).await {
        Ok(principal) => principal,
        Err(response) => return *response,
    };
    let mut seen =
        Seen { role: Some(principal.role().name()), agency: Some(principal.agency().to_owned()), ..Seen::default() };
    let batched = if parts.method == Method::POST && door.limits.batch > 0 {
        match bytes(&parts, body, &door.limits).await {
            Ok(bytes) => match request::batch(&bytes, door.limits.batch) {
                Ok(Some(requests)) => {
                    return batch::answer(&door, &parts, principal, requests, (&arrival, media)).await;
                }
                Ok(None) => request::from_body(&bytes),
                Err(unfit) => Err(unfit),
            },
            Err(unfit) => Err(unfit),
        }
    } else {
        read(&parts, body, &door.limits).await
    };
    let mut response = match batched {
        Ok(request) => {
            seen.operation = request.operation_name.clone().filter(|name| is_name(name));
            let meter = Meter::counting();
            let request = GraphRequest { request_id: arrival.request_id.clone(), meter: meter.clone(), ..request };
            let asked = ask(&door, &parts, principal, &request, &arrival, media).await;
            seen.operation = seen.operation.or_else(|| meter.operation().filter(|name| is_name(name)));
            match asked {
                Ok(answer) => {
                    let mut response = dress(answer, &arrival, media);
                    if let Some(code) = meter.failed() {
                        response.extensions_mut().insert(code);
                    }
                    quota::told(response, &meter)
                }
                Err(response) => *response,
            }
        }
        Err(Unfit(status, error)) => answer::refused(status, &error, &arrival, media),
    };
    // A refusal on the way says itself why.
    if response.extensions().get::<Seen>().is_none() {
        response.extensions_mut().insert(seen);
    }
    response
}

/// The graph's answer under present standing: an answer that standing overtook was thrown away, and whoever asked
/// is authenticated anew, which may end in a refusal.
pub(super) async fn ask<G: Gate, H: Graph<G::Principal>>(
    door: &Door<G, H>,
    parts: &Parts,
    mut principal: Arc<G::Principal>,
    request: &GraphRequest,
    arrival: &Arrival,
    media: Media,
) -> Result<GraphResponse, Box<Response<Body>>> {
    let mut attempts = 0;
    while attempts < ATTEMPTS {
        let done = request.progress.done();
        let answer = door.graph.execute(&principal, request).await;
        let Outcome::Stale(version) = answer.outcome else { return Ok(answer) };
        // What moved on is no attempt that failed: a document of commands may itself change standing at each step.
        attempts = if request.progress.done() > done { 0 } else { attempts + 1 };
        door.gate.stale(version);
        principal = admit(door, parts, arrival, media).await?;
    }
    let error = Error::internal("standing changed at every attempt");
    Err(Box::new(answer::refused(StatusCode::SERVICE_UNAVAILABLE, &error, arrival, media)))
}

/// The answer as the media type tells it: the older form says 200 even of a request error of the graph.
fn dress(answer: GraphResponse, arrival: &Arrival, media: Media) -> Response<Body> {
    let outcome = answer.outcome;
    let mut response = match (outcome, media) {
        (Outcome::Ran, _) | (Outcome::Refused(_), Media::Json) => answer::json(StatusCode::OK, answer.body, media),
        (Outcome::Refused(code), Media::GraphqlResponse) => answer::json(answer::status_of(code), answer.body, media),
        (Outcome::NotByGet, _) => {
            answer::method_not_allowed("POST", "only a query may come by GET; send a POST", arrival, media)
        }
        (Outcome::Stale(_), _) => {
            let error = Error::internal("a stale answer reached the door's last step");
            answer::refused(StatusCode::INTERNAL_SERVER_ERROR, &error, arrival, media)
        }
    };
    if let Outcome::Refused(code) = outcome {
        response.extensions_mut().insert(code);
    }
    response
}

/// Who asks, or the answer to nobody.
pub(super) async fn admit<G: Gate, H: Graph<G::Principal>>(
    door: &Door<G, H>,
    parts: &Parts,
    arrival: &Arrival,
    media: Media,
) -> Result<Arc<G::Principal>, Box<Response<Body>>> {
    let refusal = if parts.headers.get_all(header::AUTHORIZATION).iter().count() > 1 {
        Refusal::Token("more than one Authorization header".to_owned())
    } else if carries_token(&parts.uri) {
        Refusal::Token("a token in the query string".to_owned())
    } else {
        let span = traces::part(|| tracing::info_span!(target: traces::TARGET, "authenticate"));
        match door.gate.authenticate(&parts.headers).instrument(span).await {
            Ok(principal) => return Ok(principal),
            Err(refusal) => refusal,
        }
    };
    let (reason, known) = match refusal {
        Refusal::Token(reason) => (reason, None),
        Refusal::Known { reason, agency, subject } => (reason, Some((agency, subject))),
        Refusal::Failed(error) => {
            return Err(Box::new(answer::refused(answer::status_of(error.code), &error, arrival, media)));
        }
    };
    let known = known.as_ref().map(|(agency, subject)| (agency.as_str(), subject.as_str()));
    Err(Box::new(match door.graph.turned_away(&reason, known).await {
        Ok(()) => {
            let mut response = answer::unauthenticated(arrival, media);
            let agency = known.map(|(agency, _)| agency.to_owned());
            response.extensions_mut().insert(Seen { refusal: Some(reason), agency, ..Seen::default() });
            response
        }
        Err(error) => answer::refused(answer::status_of(error.code), &error, arrival, media),
    }))
}

pub(super) async fn read(parts: &Parts, body: Body, limits: &Limits) -> Result<GraphRequest, Unfit> {
    if parts.method == Method::GET {
        if parts.uri.query().is_some_and(|query| query.len() > limits.body_bytes) {
            let message = format!("the query string is longer than {} bytes", limits.body_bytes);
            return Err(Unfit::new(StatusCode::URI_TOO_LONG, message));
        }
        return request::from_query(pairs(&parts.uri));
    }
    request::from_body(&bytes(parts, body, limits).await?)
}

async fn bytes(parts: &Parts, body: Body, limits: &Limits) -> Result<Bytes, Unfit> {
    body::expect_json(&parts.headers)?;
    body::take(&parts.headers, body, limits.body_bytes, limits.request_time()).await
}

fn pairs(uri: &Uri) -> Vec<(String, String)> {
    Query::try_from_uri(uri).map(|Query(pairs)| pairs).unwrap_or_default()
}

/// RFC 6750 section 2.3 allows it; we do not, because URLs are kept in logs and histories.
pub(super) fn carries_token(uri: &Uri) -> bool {
    pairs(uri).iter().any(|(name, _)| name.eq_ignore_ascii_case("access_token"))
}

fn is_preflighted(headers: &HeaderMap) -> bool {
    let json = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).is_some_and(body::is_json);
    json || PREFLIGHT.iter().any(|name| headers.get(*name).is_some_and(|value| !value.is_empty()))
}

/// A GraphQL name, short enough for a log line.
pub(super) fn is_name(text: &str) -> bool {
    text.len() <= 64
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && !text.starts_with(|first: char| first.is_ascii_digit())
        && !text.is_empty()
}
