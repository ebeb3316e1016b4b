//! The visibility table is kept right by every write.

#[path = "../support/mod.rs"]
mod support;

mod named;
mod random;
mod rows;
mod table;
