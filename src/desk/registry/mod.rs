//! The registry of agencies and persons, as administrators and operators change it.
//!
//! Each change says what it touched and that standing changed, so that nobody is let in, or kept out, by what the
//! registry said before.

mod add;
mod agency_file;
pub mod areas;
mod ceiling;
pub mod documents;
mod find;
mod form;
mod key_place;
pub mod keys;
pub mod missions;
pub mod person;
pub mod proposals;
pub mod revocation;
mod suspend;

pub use add::{Added, Origin, add_agency};
pub use agency_file::{DEFAULT_LIFETIME, NewAgency, Trust};
pub(super) use agency_file::{is_claim, is_e164, is_https, is_ori, is_state, is_token_type};
pub use ceiling::{Ceiling, set_ceiling};
pub use find::{agencies, agency, has_administrator, has_demo, missions_of, watch_phone};
pub use key_place::{KeyPlace, set_key_place};
pub use suspend::{resume, suspend};
