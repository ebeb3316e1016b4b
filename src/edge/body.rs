//! Takes in a body: bounded in bytes and in time, as it arrives.

use std::time::Duration;

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, StatusCode, header},
};
use http_body_util::{BodyExt, LengthLimitError, Limited};

use crate::error::{Code, Error};

/// Why a request is not taken: the status, and what the client is told.
#[derive(Debug)]
pub struct Unfit(pub StatusCode, pub Error);

impl Unfit {
    /// A refusal in words.
    pub fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self(status, Error::input(message))
    }
}

/// The whole body, at most `limit` bytes, within `time`. What declares itself too long is refused unread.
pub async fn take(headers: &HeaderMap, body: Body, limit: usize, time: Duration) -> Result<Bytes, Unfit> {
    let too_long = |asked: &str| {
        let error = Error::new(Code::QueryTooComplex, format!("body: at most {limit} bytes, {asked}"));
        Unfit(StatusCode::PAYLOAD_TOO_LARGE, error)
    };
    let declared = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if let Some(length) = declared.filter(|length| *length > limit as u64) {
        return Err(too_long(&format!("not {length}")));
    }
    match tokio::time::timeout(time, Limited::new(body, limit).collect()).await {
        Ok(Ok(collected)) => Ok(collected.to_bytes()),
        Ok(Err(error)) if error.downcast_ref::<LengthLimitError>().is_some() => Err(too_long("and there are more")),
        Ok(Err(_)) => Err(Unfit::new(StatusCode::BAD_REQUEST, "the body broke off")),
        Err(_) => Err(Unfit::new(StatusCode::REQUEST_TIMEOUT, "the body took too long to arrive")),
    }
}

/// Refuses what is not `application/json` in UTF-8: the other types are those that a page of another site could
/// send without asking first.
pub fn expect_json(headers: &HeaderMap) -> Result<(), Unfit> {
    let unsupported = |message: &str| Err(Unfit::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, message));
    let mut types = headers.get_all(header::CONTENT_TYPE).iter();
    let (Some(value), None) = (types.next(), types.next()) else {
        return unsupported("send one content-type, application/json");
    };
    if !is_json(value.to_str().unwrap_or_default()) {
        return unsupported("the content-type must be application/json, in UTF-8");
    }
    let plain = headers
        .get_all(header::CONTENT_ENCODING)
        .iter()
        .all(|coding| coding.as_bytes().eq_ignore_ascii_case(b"identity"));
    if plain { Ok(()) } else { unsupported("send the body without a content-encoding") }
}

/// `application/json`, with no charset or with UTF-8.
pub fn is_json(content_type: &str) -> bool {
    let mut parts = content_type.split(';').map(str::trim);
    parts.next().is_some_and(|name| name.eq_ignore_ascii_case("application/json"))
        && parts.all(|parameter| match parameter.split_once('=') {
            Some((key, value)) if key.trim().eq_ignore_ascii_case("charset") => {
                value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8")
            }
            _ => true,
        })
}
