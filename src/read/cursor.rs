//! Cursors: a position in an order, opaque, authenticated, and bound to the order and to who may use it.
//!
//! A statement writes the position's values between two random marks (`marks`); the answer's text is searched for them
//! and each position is sealed. A cursor of another order, another role or another person is refused.

use aws_lc_rs::hmac;
use data_encoding::BASE64URL_NOPAD;
use serde_json::Value as Json;

use super::value::Value;
use crate::error::{Error, Result};

/// Bytes of a cursor's authentication tag.
const TAG: usize = 16;

/// Which order a cursor is a position in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CursorSpec {
    /// The type and the order's keys.
    pub order: String,
    /// Values in a position.
    pub parts: usize,
}

/// Seals and opens cursors. One per installation: servers of one database share the secret.
#[derive(Clone)]
pub struct CursorSeal(hmac::Key);

impl std::fmt::Debug for CursorSeal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CursorSeal")
    }
}

impl CursorSeal {
    /// With the installation's secret.
    pub fn new(secret: &[u8]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, secret))
    }

    /// The tag of a position for a bearer (epoch, role, agency, person) in an order.
    fn tag(&self, bearer: &str, spec: &CursorSpec, position: &[u8]) -> hmac::Tag {
        let mut context = hmac::Context::with_key(&self.0);
        for part in [bearer.as_bytes(), spec.order.as_bytes(), position] {
            context.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            context.update(part);
        }
        context.sign()
    }

    fn seal(&self, bearer: &str, spec: &CursorSpec, position: &str) -> String {
        let tag = self.tag(bearer, spec, position.as_bytes());
        let mut bytes = position.as_bytes().to_vec();
        bytes.extend(tag.as_ref().iter().take(TAG));
        BASE64URL_NOPAD.encode(&bytes)
    }

    /// The position that a cursor names.
    pub fn open(&self, bearer: &str, spec: &CursorSpec, argument: &str, cursor: &str) -> Result<Vec<Value>> {
        let refused =
            || Error::input(format!("{argument}: expected a cursor of this list, in this order, given to you"));
        let bytes = BASE64URL_NOPAD.decode(cursor.as_bytes()).map_err(|_| refused())?;
        let (position, tag) =
            bytes.len().checked_sub(TAG).and_then(|at| bytes.split_at_checked(at)).ok_or_else(refused)?;
        let expected = self.tag(bearer, spec, position);
        let expected = expected.as_ref().get(..TAG).ok_or_else(refused)?;
        aws_lc_rs::constant_time::verify_slices_are_equal(expected, tag).map_err(|_| refused())?;
        let Ok(Json::Array(parts)) = serde_json::from_slice(position) else { return Err(refused()) };
        if parts.len() != spec.parts {
            return Err(refused());
        }
        Ok(parts.into_iter().map(part).collect())
    }

    /// Seals a marked position, `00["…"]`, escaped as JSON text. `specs` are the orders of the statement, by their number.
    pub(super) fn seal_marked(
        &self,
        marked: &str,
        bearer: &str,
        specs: &[std::sync::Arc<CursorSpec>],
    ) -> Option<String> {
        let (number, position) = marked.split_at_checked(2)?;
        let spec = specs.get(usize::from_str_radix(number, 16).ok()?)?;
        let position: String = serde_json::from_str(&format!("\"{position}\"")).ok()?;
        // Engines write JSON with and without spaces.
        let position: Json = serde_json::from_str(&position).ok()?;
        Some(self.seal(bearer, spec, &position.to_string()))
    }
}

fn part(json: Json) -> Value {
    match json {
        Json::String(text) => Value::Text(text),
        Json::Number(number) => number.as_i64().map_or(Value::Null, Value::Int),
        _ => Value::Null,
    }
}
