//! The command line: one file per subject.

pub mod agency;
pub mod import;
pub mod person;
mod table;
pub mod token;
pub mod visibility;
