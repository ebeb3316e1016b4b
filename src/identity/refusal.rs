//! Why a request was not let in: for the log and the audit trail. Towards the caller every reason looks the same.

use std::borrow::Cow;

use crate::error::{Code, Error};

/// Why nobody was recognised. Only [`Refusal::status`], [`Refusal::challenge`] and [`Refusal::into_error`] are for
/// the caller; `Display` is for the log and never holds the token, a claim or a name.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// No `Authorization` header at all.
    #[error("no token")]
    Missing,
    /// The header is not one line of `Bearer` and a token.
    #[error("authorization header: {0}")]
    Header(&'static str),
    /// More bytes than are looked at (8 KiB).
    #[error("token too long")]
    TooLong,
    /// Not a JWS in compact form of two JSON objects.
    #[error("token malformed: {0}")]
    Malformed(Cow<'static, str>),
    /// The protected header is not what the issuer registered.
    #[error("token header: {0}")]
    TokenHeader(&'static str),
    /// A claim is missing, of the wrong type, or says what is not accepted.
    #[error("claim {claim}: {fault}")]
    Claim {
        /// The name of the claim.
        claim: &'static str,
        /// What is wrong with it.
        fault: &'static str,
    },
    /// Nobody is registered under that issuer.
    #[error("issuer not registered")]
    UnknownIssuer,
    /// The issuer has no usable key of that id, or several and the token names none.
    #[error("no such key of the issuer")]
    UnknownKey,
    /// The agency publishes its keys, and they cannot be had; those that were had are out of date.
    #[error("the keys of the issuer cannot be had")]
    NoKeys,
    /// The signature is not the key's.
    #[error("signature does not verify")]
    Signature,
    /// The token was revoked, or its subject's or agency's were after it was issued.
    #[error("token revoked")]
    Revoked,
    /// The agency is suspended.
    #[error("agency suspended")]
    Suspended,
    /// The agency has no person of that subject.
    #[error("subject not enrolled")]
    UnknownSubject,
    /// The person was disabled.
    #[error("person disabled")]
    Disabled,
    /// No such role, or not one that an agency of this kind may ever grant.
    #[error("role not of this kind of agency")]
    RoleOfKind,
    /// Beyond the agency's registered ceiling.
    #[error("role beyond the agency's ceiling")]
    RoleOfAgency,
    /// Not granted to the person.
    #[error("role not granted to the person")]
    RoleOfPerson,
    /// The registry could not be read: our fault, and not the token's.
    #[error("registry unavailable")]
    Unavailable(#[source] Error),
}

/// A refusal, with whom the token named, where it was one of that agency's: signed with its key, and meant for us.
#[derive(Debug, thiserror::Error)]
#[error("{refusal}")]
pub struct TurnedAway {
    /// Why.
    pub refusal: Refusal,
    /// The agency's id and the subject that it vouched for, whom the registry may not know.
    pub known: Option<(String, String)>,
}

impl From<Refusal> for TurnedAway {
    fn from(refusal: Refusal) -> Self {
        Self { refusal, known: None }
    }
}

impl Refusal {
    /// The one body of every 401.
    pub const BODY: &'static str =
        r#"{"errors":[{"message":"no valid token","extensions":{"code":"UNAUTHENTICATED"}}]}"#;

    /// The HTTP status: 401, but 500 when the registry could not be read.
    pub const fn status(&self) -> u16 {
        match self {
            Self::Unavailable(_) => 500,
            _ => 401,
        }
    }

    /// The `WWW-Authenticate` header (RFC 6750 §3): none when the fault is ours; without an error code when the
    /// request carried no token; else always the same.
    pub const fn challenge(&self) -> Option<&'static str> {
        match self {
            Self::Unavailable(_) => None,
            Self::Missing => Some("Bearer"),
            _ => Some("Bearer error=\"invalid_token\""),
        }
    }

    /// As the one error of the house: its message tells the caller nothing.
    pub fn into_error(self) -> Error {
        match self {
            Self::Unavailable(error) => error,
            reason => Error { cause: Some(Box::new(reason)), ..Error::new(Code::Unauthenticated, "no valid token") },
        }
    }

    pub(crate) const fn claim(claim: &'static str, fault: &'static str) -> Self {
        Self::Claim { claim, fault }
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Unavailable(error)
    }
}

impl From<sea_orm::DbErr> for Refusal {
    fn from(error: sea_orm::DbErr) -> Self {
        Self::Unavailable(error.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_caller_sees_one_refusal() {
        let seen = |refusal: Refusal| {
            let (status, challenge) = (refusal.status(), refusal.challenge());
            let error = refusal.into_error();
            (status, challenge, error.code.name(), error.message)
        };
        let expected = (401, Some("Bearer error=\"invalid_token\""), "UNAUTHENTICATED", "no valid token".to_owned());
        for refusal in [Refusal::TooLong, Refusal::UnknownIssuer, Refusal::Signature, Refusal::Suspended] {
            assert_eq!(seen(refusal), expected);
        }
        assert_eq!(seen(Refusal::Missing).1, Some("Bearer"));
        assert_eq!(seen(Refusal::Unavailable(Error::internal("x"))).2, "INTERNAL");
        let body: serde_json::Value = serde_json::from_str(Refusal::BODY).unwrap();
        assert_eq!(body["errors"][0]["message"], expected.3.as_str());
    }
}
