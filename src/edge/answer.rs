//! Answers, and the one form of a refusal.

use std::any::Any;

use axum::{
    body::Body,
    http::{HeaderValue, Response, StatusCode, header},
    response::IntoResponse,
};

use super::{accept::Media, arrival::Arrival};
use crate::error::{Code, Error, error_json};

/// Says that the body must still be written: the panic handler does not know the request.
#[derive(Clone, Copy, Debug)]
pub struct Panicked;

/// A complete body of the graph. Nothing here may be kept by a cache: it depends on who asked.
pub fn json(status: StatusCode, body: String, media: Media) -> Response<Body> {
    let headers = [
        (header::CONTENT_TYPE, media.content_type()),
        (header::CACHE_CONTROL, "no-store"),
        (header::VARY, "Authorization, Accept"),
    ];
    (status, headers, body).into_response()
}

/// A refusal in the form of a GraphQL response without `data`. Its cause, if any, is logged here, once.
pub fn refused(status: StatusCode, error: &Error, arrival: &Arrival, media: Media) -> Response<Body> {
    if let Some(cause) = &error.cause {
        tracing::error!(request_id = arrival.request_id, cause = ?cause, "failed");
    }
    let body = serde_json::json!({"errors": [error_json(error, &arrival.request_id)]});
    let mut response = json(status, body.to_string(), media);
    response.extensions_mut().insert(error.code);
    response
}

/// 401: one body and one challenge (RFC 6750), whatever the reason.
pub fn unauthenticated(arrival: &Arrival, media: Media) -> Response<Body> {
    let error = Error::new(Code::Unauthenticated, "no valid token");
    let mut response = refused(StatusCode::UNAUTHORIZED, &error, arrival, media);
    let challenge = HeaderValue::from_static("Bearer error=\"invalid_token\"");
    response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
    response
}

/// 405, with the methods that would do.
pub fn method_not_allowed(allow: &'static str, message: &str, arrival: &Arrival, media: Media) -> Response<Body> {
    let error = Error::new(Code::BadUserInput, message);
    let mut response = refused(StatusCode::METHOD_NOT_ALLOWED, &error, arrival, media);
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static(allow));
    response
}

/// The status of a request error of the graph in the form that tells it by status.
pub const fn status_of(code: Code) -> StatusCode {
    match code {
        Code::Unauthenticated => StatusCode::UNAUTHORIZED,
        Code::Forbidden => StatusCode::FORBIDDEN,
        Code::RateLimited => StatusCode::TOO_MANY_REQUESTS,
        Code::Timeout => StatusCode::GATEWAY_TIMEOUT,
        Code::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        Code::NotFound
        | Code::BadUserInput
        | Code::Conflict
        | Code::GraphqlParseFailed
        | Code::GraphqlValidationFailed
        | Code::QueryTooComplex => StatusCode::BAD_REQUEST,
    }
}

/// What is left of a handler that panicked. The panic's message may quote data and goes nowhere.
pub fn panicked(_: Box<dyn Any + Send>) -> Response<Body> {
    let mut response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
    response.extensions_mut().insert(Panicked);
    response
}
