//! A batch: several operations in one POST, each answered under its own bounds and quotas, one after the other.

use std::sync::Arc;

use axum::{
    body::Body,
    http::{Response, StatusCode, request::Parts},
};

use super::{
    Door,
    accept::Media,
    answer,
    arrival::Arrival,
    body::Unfit,
    graphql,
    observe::Seen,
    quota,
    seam::{Caller, Gate, Graph, GraphRequest, Meter, Outcome},
};
use crate::error::{Error, error_json};

/// The answers in the order of the requests. What ends more than one operation (whoever asks is let in no more) ends
/// the batch.
pub(super) async fn answer<G: Gate, H: Graph<G::Principal>>(
    door: &Door<G, H>,
    parts: &Parts,
    principal: Arc<G::Principal>,
    requests: Vec<Result<GraphRequest, Unfit>>,
    (arrival, media): (&Arrival, Media),
) -> Response<Body> {
    let seen =
        Seen { role: Some(principal.role().name()), agency: Some(principal.agency().to_owned()), ..Seen::default() };
    let (mut bodies, mut last) = (Vec::with_capacity(requests.len()), Meter::default());
    let mut failed = None;
    for request in requests {
        let refused =
            |error: &Error| serde_json::json!({ "errors": [error_json(error, &arrival.request_id)] }).to_string();
        let request = match request {
            Ok(request) => request,
            Err(Unfit(_, error)) => {
                failed = failed.or(Some(error.code));
                bodies.push(refused(&error));
                continue;
            }
        };
        last = Meter::counting();
        let request = GraphRequest { request_id: arrival.request_id.clone(), meter: last.clone(), ..request };
        match graphql::ask(door, parts, principal.clone(), &request, arrival, media).await {
            Ok(answer) => {
                let code = if let Outcome::Refused(code) = answer.outcome { Some(code) } else { last.failed() };
                failed = failed.or(code);
                bodies.push(answer.body);
            }
            Err(response) => return *response,
        }
    }
    let mut response = quota::left(answer::json(StatusCode::OK, format!("[{}]", bodies.join(",")), media), &last);
    if let Some(code) = failed {
        response.extensions_mut().insert(code);
    }
    response.extensions_mut().insert(seen);
    response
}
