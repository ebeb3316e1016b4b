//! What the door needs of the rooms below it, and no more.

use std::{future::Future, sync::Arc};

use axum::http::HeaderMap;

pub use crate::graph::{GraphRequest, GraphResponse, Meter, Outcome, Said};
use crate::{access::Role, error::Error};

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

impl<G: Gate> Gate for Arc<G> {
    type Principal = G::Principal;

    fn authenticate(&self, headers: &HeaderMap) -> impl Future<Output = Result<Arc<Self::Principal>, Refusal>> + Send {
        G::authenticate(self, headers)
    }

    fn stale(&self, version: i64) {
        G::stale(self, version);
    }
}

/// What the log may say of a principal.
pub trait Caller: Send + Sync + 'static {
    /// The active role.
    fn role(&self) -> Role;

    /// The agency's id.
    fn agency(&self) -> &str;

    /// The version of the registry that it was made under.
    fn standing_version(&self) -> i64;
}

/// Why nobody was let in.
#[derive(Debug)]
pub enum Refusal {
    /// No token, or one that does not hold. The reason is for the log; a caller never learns it.
    /// It never holds the token itself.
    Token(String),
    /// A token of an agency, for a subject that is not let in: the reason, the agency's id, and the subject.
    Known {
        /// For the log, as of [`Refusal::Token`].
        reason: String,
        /// The agency's id.
        agency: String,
        /// The subject.
        subject: String,
    },
    /// It could not be found out.
    Failed(Error),
}

/// Answers questions.
pub trait Graph<P>: Send + Sync + 'static {
    /// Runs one operation for one principal. Bounds on the document, the time limit and auditing are its own.
    fn execute(&self, principal: &P, request: &GraphRequest) -> impl Future<Output = GraphResponse> + Send;

    /// A stream under way.
    type Stream: Send + 'static;

    /// Whether an operation is a subscription; for what is wrong with the request, false.
    fn is_subscription(&self, principal: &P, request: &GraphRequest) -> impl Future<Output = bool> + Send;

    /// Begins a subscription; or its refusal, as a response.
    fn subscribe(
        &self,
        principal: &Arc<P>,
        request: &GraphRequest,
    ) -> impl Future<Output = Result<Self::Stream, GraphResponse>> + Send;

    /// Goes on with a stream for whoever began it, made anew under present standing. `unread` is an event that it said
    /// and that has not left: it is said again if it may be.
    fn renew(
        &self,
        stream: &mut Self::Stream,
        principal: &Arc<P>,
        unread: Option<Arc<str>>,
    ) -> impl Future<Output = Result<(), GraphResponse>> + Send;

    /// What a stream says next. May be dropped and asked again.
    fn next(stream: &mut Self::Stream) -> impl Future<Output = Said> + Send;

    /// Tells the audit trail of somebody who was not let in, before they are told, and why: the agency and the subject, where the
    /// token was one of the agency's.
    fn turned_away(&self, reason: &str, known: Option<(&str, &str)>) -> impl Future<Output = Result<(), Error>> + Send;

    /// The schema of a role, as SDL.
    fn sdl(&self, role: Role) -> String;
}
