//! A question as a client sent it, and its answer.

use serde_json::{Map, Value};

use super::{Meter, Progress};
use crate::error::Code;

/// One operation as a client sent it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GraphRequest {
    /// The document; empty where it is named instead, by its id or by a hash in the extensions.
    pub query: String,
    /// The id of a trusted document.
    pub document_id: Option<String>,
    /// Which of its operations.
    pub operation_name: Option<String>,
    /// Values for its variables.
    pub variables: Map<String, Value>,
    /// Protocol extensions.
    pub extensions: Map<String, Value>,
    /// Came by GET: only a query may run, anything else is [`Outcome::NotByGet`].
    pub read_only: bool,
    /// What of it was done already.
    pub progress: Progress,
    /// Whether it is counted against quotas, and what came of it.
    pub meter: Meter,
    /// Goes into every error's `extensions.requestId`, and into the log.
    pub request_id: String,
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GraphResponse {
    /// The complete JSON text of a GraphQL response.
    pub body: String,
    /// What became of the request.
    pub outcome: Outcome,
}

/// What became of a request; decides the HTTP status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It ran: the body has `data`, even if null, and perhaps field errors.
    Ran,
    /// A request error: nothing ran, the body has no `data`.
    Refused(Code),
    /// A mutation or subscription that came by GET. Nothing ran.
    NotByGet,
    /// The registry is at this version now, and the principal was made under an older one: the answer was thrown
    /// away. Authenticate again and ask again.
    Stale(i64),
}
