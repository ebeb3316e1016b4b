//! Who asks: from the bytes of a token to a [`Principal`], or a [`Refusal`] that tells the caller nothing.
//!
//! ```text
//! header line ─ bearer ─▶ token ─ compact ─▶ header, claims, signature     strict forms (RFC 7515, 7519, 8725)
//! iss ─ trust ─▶ the issuer's record and keys     kid ─ key ─▶ the one key, whose algorithm decides
//! signature ─▶ claims ─ verdict on times, audience, lifetime ─▶ (agency, subject) ─ enrolment ─▶ standing
//! role = token ∩ the agency's ceiling (and what its kind may ever grant) ∩ the person's grants
//! ```
//!
//! The keys are the registry's own, or those that the agency publishes (`remote`): then a set has a number of its own, and
//! what was verified with one set is verified again with the next.
//!
//! The token picks among what the registry holds and never widens it: every attribute is read from the registry.
//! What is remembered is remembered under the version of standing that was read *before* the rows were, so a
//! change of standing voids it (see [`Registry`]).

mod bearer;
mod claims;
mod compact;
pub mod demo_keys;
mod enrolment;
mod inspect;
mod key;
mod key_source;
mod members;
mod principal;
mod refusal;
mod registry;
mod remote;
mod revocation;
mod trust;
mod version;

pub use enrolment::Quota;
pub use inspect::{KeysFound, keys_found};
pub use key::{Algorithm, Key, KeyFault, KeySet};
pub use key_source::{InlineKeys, Jwks, KeySource};
pub use members::{Strict, strict_object};
pub use principal::Principal;
pub use refusal::{Refusal, TurnedAway};
pub use registry::Registry;
pub use remote::{is_fetchable, is_fetchable_in_service};
pub use trust::names;
