//! One error, one list of codes, one conversion to what a client sees.

use std::fmt;

/// What a client may learn of a failure: stable codes, in `extensions.code`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Code {
    /// No valid token.
    Unauthenticated,
    /// Visible, but not yours to change.
    Forbidden,
    /// Absent or hidden: the two are not told apart.
    NotFound,
    /// An argument or a variable is wrong.
    BadUserInput,
    /// The state of the row does not allow it.
    Conflict,
    /// The document does not parse.
    GraphqlParseFailed,
    /// The document does not fit the schema of the role.
    GraphqlValidationFailed,
    /// The document is over a limit.
    QueryTooComplex,
    /// Too many requests.
    RateLimited,
    /// It took too long and was stopped.
    Timeout,
    /// Our fault; the cause is in the log under the request id.
    Internal,
}

impl Code {
    /// The public name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::Forbidden => "FORBIDDEN",
            Self::NotFound => "NOT_FOUND",
            Self::BadUserInput => "BAD_USER_INPUT",
            Self::Conflict => "CONFLICT",
            Self::GraphqlParseFailed => "GRAPHQL_PARSE_FAILED",
            Self::GraphqlValidationFailed => "GRAPHQL_VALIDATION_FAILED",
            Self::QueryTooComplex => "QUERY_TOO_COMPLEX",
            Self::RateLimited => "RATE_LIMITED",
            Self::Timeout => "TIMEOUT",
            Self::Internal => "INTERNAL",
        }
    }
}

/// A step of a response path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A response key.
    Key(String),
    /// A position in a list.
    Index(usize),
}

/// A failure. The message is for the client and names the field and what was expected; the cause is for the log
/// and never leaves.
#[derive(Debug, thiserror::Error)]
pub struct Error {
    /// The code.
    pub code: Code,
    /// For the client.
    pub message: String,
    /// Line and column in the document, counted from 1.
    pub locations: Vec<(usize, usize)>,
    /// Where in the response.
    pub path: Vec<Step>,
    /// For the log.
    #[source]
    pub cause: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// The result of anything that can fail towards a client.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code.name(), self.message)
    }
}

impl Error {
    /// A failure with a message for the client.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), locations: Vec::new(), path: Vec::new(), cause: None }
    }

    /// Wrong input.
    pub fn input(message: impl Into<String>) -> Self {
        Self::new(Code::BadUserInput, message)
    }

    /// Our fault. The client learns nothing of the cause.
    pub fn internal(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self { cause: Some(cause.into()), ..Self::new(Code::Internal, "internal error") }
    }

    /// With a place in the document.
    #[must_use]
    pub fn at(mut self, line: usize, column: usize) -> Self {
        self.locations.push((line, column));
        self
    }

    /// With a place in the response.
    #[must_use]
    pub fn path(mut self, path: Vec<Step>) -> Self {
        self.path = path;
        self
    }
}

impl From<sea_orm::DbErr> for Error {
    fn from(cause: sea_orm::DbErr) -> Self {
        Self::internal(cause)
    }
}

impl From<sqlx::Error> for Error {
    fn from(cause: sqlx::Error) -> Self {
        Self::internal(cause)
    }
}
