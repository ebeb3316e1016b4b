//! What the door needs of the rooms below it, and no more.

use std::{future::Future, sync::Arc};

use axum::http::HeaderMap;
use serde_json::{Map, Value};

use crate::{
    access::Role,
    error::Error,
    graph::{GraphRequest, GraphResponse},
};

/// Says who asks.
pub trait Gate: Send + Sync + 'static {
    /// Who asks.
    type Principal: Caller;

    /// Reads the request's credentials. The door has already refused repeated `Authorization` headers and tokens in
    /// the query string.
    fn authenticate(&self, headers: &HeaderMap) -> impl Future<Output = Result<Arc<Self::Principal>, Refusal>> + Send;

    /// Says that the registry is at this version now: no principal of an older one is made again.
    fn stale(&self, version: i64);
}

/// What the log may say of a principal.
pub trait Caller: Send + Sync + 'static {
    /// The active role.
    fn role(&self) -> Role;

    /// The agency's id.
    fn agency(&self) -> &str;
}

/// Why nobody was let in.
#[derive(Debug)]
pub enum Refusal {
    /// No token, or one that does not hold. The reason is for the log; a caller never learns it.
    /// It never holds the token itself.
    Token(String),
    /// It could not be found out.
    Failed(Error),
}

/// Answers questions.
pub trait Graph<P>: Send + Sync + 'static {
    /// Runs one operation for one principal. Bounds on the document, the time limit and auditing are its own.
    fn execute(&self, principal: &P, request: &GraphRequest) -> impl Future<Output = GraphResponse> + Send;

    /// The schema of a role, as SDL.
    fn sdl(&self, role: Role) -> String;
}

/// One operation as a client sent it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GraphRequest {
    /// The document.
    pub query: String,
    /// Which of its operations.
    pub operation_name: Option<String>,
    /// Values for its variables.
    pub variables: Map<String, Value>,
    /// Protocol extensions.
    pub extensions: Map<String, Value>,
    /// Came by GET: only a query may run, anything else is [`Outcome::NotByGet`].
    pub read_only: bool,
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
    /// away. The door authenticates again and asks again.
    Stale(i64),
}
