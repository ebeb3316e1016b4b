//! What is made to stop the server, or to cost it more than it is worth, asked as a client asks.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "the whole crate is a test; the lints' own exemption covers only functions marked as tests"
)]

#[path = "../support/mod.rs"]
mod support;

#[path = "../front/mod.rs"]
mod front;

mod attacks;
mod bodies;
mod chance;
mod cost;
mod database;
mod ordered;
mod panics;
mod planner;
mod question;
mod sockets;
mod tokens;
mod wire;

use tokio::sync::RwLock;

#[global_allocator]
static MEMORY: peak_alloc::PeakAlloc = peak_alloc::PeakAlloc;

/// The allocator counts for all tests together: who asks it is alone.
static ALONE: RwLock<()> = RwLock::const_new(());
