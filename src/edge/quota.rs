//! What is left of quotas, as headers: `RateLimit-Policy`, `RateLimit` (draft-ietf-httpapi-ratelimit-headers-10) and
//! `Retry-After` (RFC 9110 section 10.2.3).

use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, Response, StatusCode, header},
};

use super::seam::Meter;

const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const LEFT: HeaderName = HeaderName::from_static("ratelimit");

/// A response that tells what is left, and of one that was too much, when to come again: whatever the media type, that is
/// 429.
pub(super) fn told(response: Response<Body>, meter: &Meter) -> Response<Body> {
    let mut response = left(response, meter);
    if let Some(wait) = meter.wait() {
        *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
        let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds.max(1)));
    }
    response
}

/// A response that tells what is left.
pub(super) fn left(mut response: Response<Body>, meter: &Meter) -> Response<Body> {
    let left = meter.left();
    let all = |each: Vec<String>| HeaderValue::try_from(each.join(", ")).ok();
    let policies =
        all(left.iter().map(|left| format!("\"{}\";q={};w={}", left.name, left.quota, left.window)).collect());
    let remaining =
        all(left.iter().map(|left| format!("\"{}\";r={};t={}", left.name, left.remaining, left.reset())).collect());
    if let (false, Some(policies), Some(remaining)) = (left.is_empty(), policies, remaining) {
        response.headers_mut().insert(POLICY, policies);
        response.headers_mut().insert(LEFT, remaining);
    }
    response
}
