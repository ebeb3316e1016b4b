//! Answers and refusals as the text of a response.

use std::fmt::Write as _;

use super::{GraphResponse, Outcome};
use crate::{
    error::{Code, Error, error_json},
    read::plan::{Plan, Slot},
};

/// A request error as a response; the causes go to the log.
pub(super) fn refused(errors: &[Error], request_id: &str) -> GraphResponse {
    for error in errors.iter().filter(|error| error.cause.is_some()) {
        tracing::error!(request_id, cause = ?error.cause, "operation failed");
    }
    let code = errors.first().map_or(Code::Internal, |error| error.code);
    let errors: Vec<_> = errors.iter().map(|error| error_json(error, request_id)).collect();
    GraphResponse { body: serde_json::json!({ "errors": errors }).to_string(), outcome: Outcome::Refused(code) }
}

/// `{"data":{…}}`, in the order asked, with further members.
pub(super) fn respond(
    plan: &Plan,
    columns: Vec<Option<String>>,
    introspected: &[(String, String)],
    more: &str,
) -> String {
    let size: usize = columns.iter().flatten().map(String::len).sum();
    let mut body = String::with_capacity(size + 64 * plan.slots.len() + 16);
    body.push_str("{\"data\":{");
    let mut columns = columns.into_iter();
    for (index, (key, slot)) in plan.slots.iter().enumerate() {
        if index > 0 {
            body.push(',');
        }
        // A response key is a GraphQL name: it needs no escape.
        let _ = write!(body, "\"{key}\":");
        match slot {
            Slot::Column => body.push_str(columns.next().flatten().as_deref().unwrap_or("null")),
            Slot::Text(text) => body.push_str(text),
            Slot::Introspection => {
                let found = introspected.iter().find(|(name, _)| name == key);
                body.push_str(found.map_or("null", |(_, json)| json));
            }
        }
    }
    body.push('}');
    body.push_str(more);
    body.push('}');
    body
}
