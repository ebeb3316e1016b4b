//! The messages of the `graphql-transport-ws` protocol, and the codes with which it closes.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Value, json, value::RawValue};

/// The name under which a client asks for the protocol.
pub(super) const PROTOCOL: &str = "graphql-transport-ws";

/// Why a socket is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Close {
    /// The server goes away (RFC 6455, 7.4.1).
    GoingAway,
    /// The client said nothing for too long, not even that it is there.
    Silent,
    /// An agency has as many streams and sockets as it may (RFC 6455, 7.4.1: try again later).
    TooMany,
    /// A message that is none.
    BadMessage,
    /// An operation before it was said who asks, or when that is not true any more.
    Unauthorized,
    /// Whoever asks is not let in.
    Forbidden,
    /// The protocol was not asked for.
    NoProtocol,
    /// It was not said in time who asks.
    InitTimeout,
    /// An operation under an id that is under way.
    Twice,
    /// It was said twice who asks.
    TooManyInits,
}

impl Close {
    /// The code.
    pub(super) const fn code(self) -> u16 {
        match self {
            Self::GoingAway | Self::Silent => 1001,
            Self::TooMany => 1013,
            Self::BadMessage => 4400,
            Self::Unauthorized => 4401,
            Self::Forbidden => 4403,
            Self::NoProtocol => 4406,
            Self::InitTimeout => 4408,
            Self::Twice => 4409,
            Self::TooManyInits => 4429,
        }
    }

    /// In words. It tells nothing that the code does not.
    pub(super) const fn reason(self) -> &'static str {
        match self {
            Self::GoingAway => "Going away",
            Self::Silent => "Silent",
            Self::TooMany => "Try again later",
            Self::BadMessage => "Invalid message",
            Self::Unauthorized => "Unauthorized",
            Self::Forbidden => "Forbidden",
            Self::NoProtocol => "Subprotocol not acceptable",
            Self::InitTimeout => "Connection initialisation timeout",
            Self::Twice => "Subscriber already exists",
            Self::TooManyInits => "Too many initialisation requests",
        }
    }
}

/// What a client says.
#[derive(Debug)]
pub(super) enum Said<'a> {
    /// Who it is: the value of an `Authorization` header, if it is said here.
    Init(Option<String>),
    /// Is anybody there?
    Ping,
    /// An answer to ours.
    Pong,
    /// An operation under an id: a request as it would be posted.
    Subscribe(String, &'a RawValue),
    /// No more of it.
    Complete(String),
}

#[derive(Deserialize)]
struct Message<'a> {
    #[serde(rename = "type")]
    kind: String,
    id: Option<String>,
    #[serde(borrow)]
    payload: Option<&'a RawValue>,
}

impl<'a> Said<'a> {
    /// Reads a message; none where it is none of the protocol's.
    pub(super) fn read(text: &'a str) -> Option<Self> {
        let Message { kind, id, payload } = serde_json::from_str(text).ok()?;
        let id = id.filter(|id| !id.is_empty());
        Some(match kind.as_str() {
            "connection_init" => Self::Init(authorization(payload)?),
            "ping" if is_object(payload) => Self::Ping,
            "pong" if is_object(payload) => Self::Pong,
            "subscribe" => Self::Subscribe(id?, payload?),
            "complete" => Self::Complete(id?),
            _ => return None,
        })
    }
}

/// Whether a payload that may be absent is an object or null.
fn is_object(payload: Option<&RawValue>) -> bool {
    payload.is_none_or(|payload| payload.get() == "null" || payload.get().starts_with('{'))
}

/// The value under `authorization`, in whatever case: outer none where it is no text, or stands there twice.
#[allow(clippy::option_option, reason = "wrong, absent and given are three things")]
fn authorization(payload: Option<&RawValue>) -> Option<Option<String>> {
    let Some(payload) = payload else { return Some(None) };
    match serde_json::from_str(payload.get()).ok()? {
        Value::Null => Some(None),
        Value::Object(members) => {
            let mut found = members.into_iter().filter(|(name, _)| name.eq_ignore_ascii_case("authorization"));
            match (found.next(), found.next()) {
                (None, _) | (Some((_, Value::Null)), None) => Some(None),
                (Some((_, Value::String(value))), None) => Some(Some(value)),
                _ => None,
            }
        }
        _ => None,
    }
}

/// That whoever asks is let in.
pub(super) fn ack() -> String {
    json!({"type": "connection_ack"}).to_string()
}

/// That we are here.
pub(super) fn pong() -> String {
    json!({"type": "pong"}).to_string()
}

/// A response of an operation, which is JSON text already.
pub(super) fn next(id: &str, response: &Arc<str>) -> String {
    format!("{{\"id\":{},\"type\":\"next\",\"payload\":{response}}}", Value::from(id))
}

/// The end of an operation, with errors.
pub(super) fn error(id: &str, errors: &[Value]) -> String {
    json!({"id": id, "type": "error", "payload": errors}).to_string()
}

/// The end of an operation.
pub(super) fn complete(id: &str) -> String {
    json!({"id": id, "type": "complete"}).to_string()
}
