//! The registry of agencies and persons, as administrators and operators change it.
//!
//! Each change says what it touched and that standing changed, so that nobody is let in, or kept out, by what the
//! registry said before.

mod add;
mod agency_file;
pub mod areas;
mod find;
mod form;
pub mod keys;
pub mod person;
pub mod proposals;
mod suspend;

pub use add::{Added, Origin, add_agency};
pub use agency_file::{NewAgency, Trust};
pub use find::{agencies, agency, has_demo, missions, watch_phone};
pub use suspend::{resume, suspend};
