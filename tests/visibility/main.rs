//! The visibility table is kept right by every write.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "the whole crate is a test; the lints' own exemption covers only functions marked as tests"
)]

#[path = "../support/mod.rs"]
mod support;

mod advisories;
mod changes;
mod details;
mod named;
mod posts;
mod random;
mod rows;
mod table;
mod visits;
mod works;
mod world;
