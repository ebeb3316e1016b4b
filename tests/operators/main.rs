//! What operators see and do: metrics, traces, the log of slow statements, reloads, the doctor; and that none of it tells
//! a secret.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

#[path = "../support/mod.rs"]
mod support;

mod collector;
mod doctor;
mod metrics;
mod reload;
mod secrets;
mod sockets;
mod traces;
