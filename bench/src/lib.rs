//! What the measure's programs share: the questions, the world they are asked of, and who asks.
//!
//! `runner` makes the world, starts the servers and asks; `floor` is SQL by hand behind a socket; `tutorial` is the stack
//! that tutorials show. README.md says how to read what comes out.

pub mod chance;
pub mod client;
pub mod database;
pub mod door;
pub mod gate;
pub mod meter;
pub mod operations;
pub mod world;

/// Whatever went wrong, for whoever ran it.
pub type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;
