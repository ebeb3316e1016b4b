//! The command line.

pub mod visibility;
