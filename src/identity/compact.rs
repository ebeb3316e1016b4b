//! A JWS in compact form (RFC 7515 §3.1), taken apart by ourselves: nothing is guessed and nothing is skipped.

use std::borrow::Cow;

use data_encoding::BASE64URL_NOPAD;
use serde_json::{Map, Value};

use super::{Refusal, members::strict_object};

/// The longest token that is looked at, in bytes.
pub(super) const MAX_BYTES: usize = 8 * 1024;
/// The longest `kid`, in bytes.
const MAX_KID: usize = 255;

/// A token's parts, none of them believed yet.
pub(super) struct Compact<'a> {
    /// The protected header, as far as it is heeded.
    pub(super) header: Header,
    /// The claims: only `iss` may be looked at before the signature is verified.
    pub(super) claims: Map<String, Value>,
    /// What was signed.
    pub(super) signed: &'a [u8],
    /// The signature in base64url, known to be well-formed.
    pub(super) signature: &'a str,
}

/// What is heeded of the header. `jku`, `x5u`, `jwk` and `x5c` are not: keys come from the registry alone.
pub(super) struct Header {
    /// `alg`: compared with the key's, never chosen by.
    pub(super) algorithm: String,
    /// `typ`, in lower case and without `application/` (RFC 7515 §4.1.9).
    pub(super) typ: String,
    /// `kid`: selects among the issuer's keys.
    pub(super) kid: Option<String>,
}

impl<'a> Compact<'a> {
    /// Takes a token apart: three parts of canonical base64url without padding, the first two of them JSON objects
    /// without a doubled member.
    pub(super) fn parse(token: &'a str) -> Result<Self, Refusal> {
        if token.len() > MAX_BYTES {
            return Err(Refusal::TooLong);
        }
        let malformed = |why: &'static str| Refusal::Malformed(Cow::Borrowed(why));
        let (signed, signature) = token.rsplit_once('.').ok_or_else(|| malformed("no dot"))?;
        let (header, claims) = signed.split_once('.').ok_or_else(|| malformed("one dot"))?;
        if signature.is_empty() {
            return Err(malformed("no signature"));
        }
        BASE64URL_NOPAD.decode(signature.as_bytes()).map_err(|_| malformed("the signature is not base64url"))?;
        let header = Header::read(&object(header, "header")?)?;
        Ok(Self { header, claims: object(claims, "claims")?, signed: signed.as_bytes(), signature })
    }
}

fn object(part: &str, name: &str) -> Result<Map<String, Value>, Refusal> {
    let malformed = |why: &str| Refusal::Malformed(Cow::Owned(format!("the {name}: {why}")));
    // A dot is outside the alphabet, so a fourth part fails here. The decoder refuses padding, white space and
    // trailing bits: each content has exactly one form.
    let json = BASE64URL_NOPAD.decode(part.as_bytes()).map_err(|_| malformed("not base64url"))?;
    // The reader's own words could quote the token: they are not kept.
    strict_object(&json).map_err(|_| malformed("not a JSON object of distinct members"))
}

impl Header {
    fn read(members: &Map<String, Value>) -> Result<Self, Refusal> {
        let text = |name: &str| members.get(name).and_then(Value::as_str);
        // Extensions that must be understood are not: there are none here (RFC 7515 §4.1.11).
        if members.contains_key("crit") {
            return Err(Refusal::TokenHeader("crit is not understood"));
        }
        let algorithm = text("alg").ok_or(Refusal::TokenHeader("alg must be a string"))?;
        let typ = text("typ").ok_or(Refusal::TokenHeader("typ must be a string"))?.to_ascii_lowercase();
        let kid = match members.get("kid") {
            None => None,
            Some(Value::String(kid)) if !kid.is_empty() && kid.len() <= MAX_KID => Some(kid.clone()),
            Some(_) => return Err(Refusal::TokenHeader("kid must be a short string")),
        };
        let typ = typ.strip_prefix("application/").map_or_else(|| typ.clone(), str::to_owned);
        Ok(Self { algorithm: algorithm.to_owned(), typ, kid })
    }
}
