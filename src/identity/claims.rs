//! The claims of a token whose signature was verified (RFC 7519 §4, RFC 9068 §2.2).

use serde_json::{Map, Value};
use time::{Duration, OffsetDateTime};

use super::Refusal;

/// How far the issuer's clock may be from ours.
pub(super) const LEEWAY: Duration = Duration::seconds(30);
/// The longest `iss`, `sub` or `jti`, in bytes.
const MAX_TEXT: usize = 255;

/// What is kept of the claims. Everything else that a token says is ignored: attributes come from the registry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Claims {
    /// `sub`: whom the agency vouches for.
    pub(super) subject: String,
    /// `jti`: which token it is, among the agency's.
    pub(super) id: String,
    /// `role`: the one capacity asked for.
    pub(super) role: String,
    /// `exp`.
    pub(super) expires_at: OffsetDateTime,
    /// `iat`, by the agency's clock.
    pub(super) issued_at: OffsetDateTime,
    not_before: Option<OffsetDateTime>,
}

/// `iss`: one string, to be compared byte by byte. May be read before the signature is verified, to know whose
/// keys to try.
pub(super) fn issuer(claims: &Map<String, Value>) -> Result<&str, Refusal> {
    text(claims, "iss")
}

impl Claims {
    /// Reads the claims and holds them against what the agency registered, but for the present time.
    pub(super) fn read(claims: &Map<String, Value>, audience: &str, max_lifetime: Duration) -> Result<Self, Refusal> {
        // A sender-constrained token is worth nothing without its proof, which nobody checks yet (RFC 7800, 8705).
        if claims.contains_key("cnf") {
            return Err(Refusal::claim("cnf", "proof of possession is not supported"));
        }
        let id = text(claims, "jti")?.to_owned();
        check_audience(claims.get("aud"), audience)?;
        let expires_at = instant(claims, "exp")?.ok_or(Refusal::claim("exp", "missing"))?;
        let issued_at = instant(claims, "iat")?.ok_or(Refusal::claim("iat", "missing"))?;
        let lifetime = expires_at - issued_at;
        if !lifetime.is_positive() || lifetime > max_lifetime {
            return Err(Refusal::claim("exp", "not within the registered lifetime"));
        }
        Ok(Self {
            id,
            subject: text(claims, "sub")?.to_owned(),
            role: text(claims, "role")?.to_owned(),
            expires_at,
            issued_at,
            not_before: instant(claims, "nbf")?,
        })
    }

    /// Whether the token holds at `now`. Asked anew at every use, of a remembered token too.
    pub(super) fn hold_at(&self, now: OffsetDateTime) -> Result<(), Refusal> {
        if now >= self.expires_at.saturating_add(LEEWAY) {
            return Err(Refusal::claim("exp", "past"));
        }
        if self.issued_at > now.saturating_add(LEEWAY) {
            return Err(Refusal::claim("iat", "in the future"));
        }
        if self.not_before.is_some_and(|from| from > now.saturating_add(LEEWAY)) {
            return Err(Refusal::claim("nbf", "in the future"));
        }
        Ok(())
    }
}

/// A mandatory string: not empty, bounded, and without control characters (no database holds U+0000).
fn text<'a>(claims: &'a Map<String, Value>, claim: &'static str) -> Result<&'a str, Refusal> {
    let text = match claims.get(claim) {
        None => return Err(Refusal::claim(claim, "missing")),
        Some(Value::String(text)) => text,
        Some(_) => return Err(Refusal::claim(claim, "not one string")),
    };
    if text.is_empty() || text.len() > MAX_TEXT || text.chars().any(char::is_control) {
        return Err(Refusal::claim(claim, "empty, too long, or with control characters"));
    }
    Ok(text)
}

fn check_audience(aud: Option<&Value>, audience: &str) -> Result<(), Refusal> {
    match aud {
        None => Err(Refusal::claim("aud", "missing")),
        Some(Value::String(one)) if one == audience => Ok(()),
        Some(Value::Array(many)) if !many.iter().all(Value::is_string) => {
            Err(Refusal::claim("aud", "not a list of strings"))
        }
        Some(Value::Array(many)) if many.iter().any(|one| one == audience) => Ok(()),
        Some(Value::String(_) | Value::Array(_)) => Err(Refusal::claim("aud", "for somebody else")),
        Some(_) => Err(Refusal::claim("aud", "neither a string nor a list")),
    }
}

/// A NumericDate (RFC 7519 §2): seconds since 1970, perhaps with a fraction; not before 1970 nor after 9999.
fn instant(claims: &Map<String, Value>, claim: &'static str) -> Result<Option<OffsetDateTime>, Refusal> {
    let Some(value) = claims.get(claim) else { return Ok(None) };
    let Value::Number(number) = value else { return Err(Refusal::claim(claim, "not a number")) };
    let since = match (number.as_i64(), number.as_f64()) {
        (Some(whole), _) => Some(Duration::seconds(whole)),
        (None, Some(fraction)) => Duration::checked_seconds_f64(fraction),
        (None, None) => None,
    };
    since
        .filter(|since| !since.is_negative())
        .and_then(|since| OffsetDateTime::UNIX_EPOCH.checked_add(since))
        .filter(|at| at.year() <= 9999)
        .map(Some)
        .ok_or(Refusal::claim(claim, "out of range"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn at(seconds: &serde_json::Value) -> Result<Option<OffsetDateTime>, Refusal> {
        let claims = json!({ "exp": seconds });
        instant(claims.as_object().unwrap(), "exp")
    }

    #[test]
    fn numeric_dates() {
        assert_eq!(at(&json!(1.5)).unwrap().unwrap() - OffsetDateTime::UNIX_EPOCH, Duration::milliseconds(1500));
        assert_eq!(at(&json!(7)).unwrap().unwrap() - OffsetDateTime::UNIX_EPOCH, Duration::seconds(7));
        for wrong in [json!("7"), json!(null), json!([7]), json!(-1), json!(1e300), json!(u64::MAX), json!(i64::MAX)] {
            assert!(at(&wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_leeway_is_thirty_seconds_at_both_ends() {
        let claims = json!({"sub":"s","jti":"j","aud":"a","role":"ANALYST","iat":1000,"nbf":1000,"exp":2000});
        let claims = Claims::read(claims.as_object().unwrap(), "a", Duration::hours(1)).unwrap();
        let holds = |seconds| claims.hold_at(OffsetDateTime::UNIX_EPOCH + Duration::seconds(seconds)).is_ok();
        assert_eq!([969, 970, 1000, 2029, 2030].map(holds), [false, true, true, true, false]);
    }
}
