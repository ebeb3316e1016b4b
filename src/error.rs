//! One error, one list of codes, one conversion to what a client sees.

use std::fmt;

mod database;

pub use database::Fault as DatabaseFault;

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
    /// Every code.
    pub const ALL: [Self; 11] = [
        Self::Unauthenticated,
        Self::Forbidden,
        Self::NotFound,
        Self::BadUserInput,
        Self::Conflict,
        Self::GraphqlParseFailed,
        Self::GraphqlValidationFailed,
        Self::QueryTooComplex,
        Self::RateLimited,
        Self::Timeout,
        Self::Internal,
    ];

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

impl Code {
    /// The code of an error as a client sees it ([`error_json`]).
    pub fn of(told: &serde_json::Value) -> Option<Self> {
        let name = told.pointer("/extensions/code")?.as_str()?;
        Self::ALL.into_iter().find(|code| code.name() == name)
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
    /// What more a client may know, beside the code: under these names in `extensions`.
    pub details: Option<Box<serde_json::Map<String, serde_json::Value>>>,
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
        Self { code, message: message.into(), locations: Vec::new(), path: Vec::new(), details: None, cause: None }
    }

    /// Wrong input.
    pub fn input(message: impl Into<String>) -> Self {
        Self::new(Code::BadUserInput, message)
    }

    /// Too much at once: there will be room when others have ended, about a second from now.
    pub fn crowded(message: impl Into<String>) -> Self {
        Self::new(Code::RateLimited, message).with("retryAfterMs", 1_000.into())
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

    /// With something more that a client may know.
    #[must_use]
    pub fn with(mut self, name: &str, value: serde_json::Value) -> Self {
        self.details.get_or_insert_default().insert(name.to_owned(), value);
        self
    }

    /// With a place in the response.
    #[must_use]
    pub fn path(mut self, path: Vec<Step>) -> Self {
        self.path = path;
        self
    }
}

/// The one conversion to what a client sees: an error as the GraphQL specification writes it (October 2021, 7.1.2),
/// with `extensions.code` and `extensions.requestId`. The cause is not in it.
pub fn error_json(error: &Error, request_id: &str) -> serde_json::Value {
    let mut told = serde_json::Map::new();
    told.insert("message".to_owned(), shortened(&error.message).into());
    if !error.locations.is_empty() {
        let places = error.locations.iter().map(|(line, column)| serde_json::json!({"line": line, "column": column}));
        told.insert("locations".to_owned(), places.collect());
    }
    if !error.path.is_empty() {
        let steps = error.path.iter().map(|step| match step {
            Step::Key(key) => serde_json::Value::from(key.as_str()),
            Step::Index(index) => serde_json::Value::from(*index),
        });
        told.insert("path".to_owned(), steps.collect());
    }
    let mut extensions = serde_json::Map::new();
    extensions.insert("code".to_owned(), error.code.name().into());
    extensions.insert("requestId".to_owned(), request_id.into());
    extensions.extend(error.details.iter().flat_map(|details| details.as_ref().clone()));
    told.insert("extensions".to_owned(), extensions.into());
    told.into()
}

/// Characters of a message, at most: it may quote a name that the client chose, and names have no bound.
const LONGEST_MESSAGE: usize = 500;

fn shortened(message: &str) -> String {
    match message.char_indices().nth(LONGEST_MESSAGE) {
        None => message.to_owned(),
        Some((end, _)) => format!("{}…", message.get(..end).unwrap_or_default()),
    }
}

impl From<sea_orm::DbErr> for Error {
    fn from(cause: sea_orm::DbErr) -> Self {
        Self::internal(DatabaseFault::from(&cause))
    }
}

impl From<sqlx::Error> for Error {
    fn from(cause: sqlx::Error) -> Self {
        Self::internal(DatabaseFault::from(&cause))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_sees_the_message_and_the_place_and_never_the_cause() {
        let error = Error::internal("relation \"person\" does not exist")
            .at(2, 7)
            .path(vec![Step::Key("concerns".to_owned()), Step::Index(3)]);
        let json = error_json(&error, "r-1");
        assert_eq!(
            json,
            serde_json::json!({
                "message": "internal error",
                "locations": [{"line": 2, "column": 7}],
                "path": ["concerns", 3],
                "extensions": {"code": "INTERNAL", "requestId": "r-1"}
            })
        );
        let bare = error_json(&Error::input("`first` is 1 to 100"), "r-2");
        assert_eq!(bare["extensions"]["code"], "BAD_USER_INPUT");
        assert_eq!((Code::of(&json), Code::of(&bare)), (Some(Code::Internal), Some(Code::BadUserInput)));
        assert!(bare.get("locations").is_none() && bare.get("path").is_none());
    }
}
