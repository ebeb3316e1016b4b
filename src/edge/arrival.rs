//! One request's identity: the id that ties a client's report to our log line.

use std::convert::Infallible;

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderName, request::Parts},
};

use crate::{clock::Clock, id};

/// In and out.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Out, where the request is traced.
pub const TRACERESPONSE: HeaderName = HeaderName::from_static("traceresponse");
const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");
const LONGEST_ID: usize = 128;

/// When and as what a request came. [`super::observe`] makes one for every request.
#[derive(Clone, Debug, Default)]
#[allow(clippy::struct_field_names, reason = "three kinds of ids, each by the name that the field has for it")]
pub struct Arrival {
    /// The client's `x-request-id` if it is 1 to 128 visible ASCII characters, else a fresh one.
    pub request_id: String,
    /// The trace that it is of: that of a well-formed W3C `traceparent`, or the one that began here, if any.
    pub trace_id: Option<String>,
    /// The span that asked, of a well-formed `traceparent`.
    pub parent_id: Option<String>,
}

impl Arrival {
    /// Reads the headers.
    pub fn new(headers: &HeaderMap, clock: &Clock) -> Self {
        let given = one(headers, &REQUEST_ID)
            .filter(|text| (1..=LONGEST_ID).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic()));
        let (trace_id, parent_id) = one(headers, &TRACEPARENT).and_then(ids).unzip();
        Self {
            request_id: given.map_or_else(|| id::new(clock.now()), str::to_owned),
            trace_id: trace_id.map(str::to_owned),
            parent_id: parent_id.map(str::to_owned),
        }
    }
}

impl Arrival {
    /// Of one more operation that came the same way.
    pub fn another(&self, clock: &Clock) -> Self {
        Self { request_id: id::new(clock.now()), ..self.clone() }
    }
}

impl<S: Sync> FromRequestParts<S> for Arrival {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get().cloned().unwrap_or_default())
    }
}

/// The header's value if it stands there exactly once.
fn one<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}

/// The trace and the span of `00-{32 hex}-{16 hex}-{2 hex}` (W3C Trace Context 3.2); ids that are all zero are invalid.
fn ids(traceparent: &str) -> Option<(&str, &str)> {
    let hex =
        |text: &str, length| text.len() == length && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let mut parts = traceparent.split('-');
    let (version, trace, parent, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let sound = hex(version, 2) && version != "ff" && hex(trace, 32) && hex(parent, 16) && hex(flags, 2);
    let alone = version != "00" || parts.next().is_none();
    let given = [trace, parent].into_iter().all(|id| id.bytes().any(|byte| byte != b'0'));
    (sound && alone && given).then_some((trace, parent))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_well_formed_trace_is_taken_over() {
        let trace = "0af7651916cd43dd8448eb211c80319c";
        let parent = "b7ad6b7169203331";
        assert_eq!(ids(&format!("00-{trace}-{parent}-01")), Some((trace, parent)));
        for bad in [
            String::new(),
            "00-00000000000000000000000000000000-b7ad6b7169203331-01".to_owned(),
            format!("00-{trace}-0000000000000000-01"),
            format!("00-{trace}-b7ad6b7169203331"),
            format!("00-{trace}-b7ad6b7169203331-01-more"),
            format!("ff-{trace}-b7ad6b7169203331-01"),
            format!("00-{}-b7ad6b7169203331-01", trace.to_uppercase()),
        ] {
            assert_eq!(ids(&bad), None, "{bad}");
        }
    }
}
