//! # Chancery
//!
//! A role-scoped GraphQL gateway in front of protective-liaison data. Five rooms make it understandable:
//!
//! - **[`access`]** says who may see what: one table, and what follows from it.
//! - **[`model`]** says what the graph is: types, fields, edges, filters and orders, as data.
//! - **[`read`]** turns a question into one SQL statement that returns the answer's JSON as text.
//! - **[`desk`]** does what people do: the one way to write; it keeps the visibility table with every row.
//! - **[`edge`]** is the door: HTTP.
//!
//! Around them, [`identity`] says who asks, [`graph`] joins access and model into a schema per role and executes
//! requests, [`audit`] keeps the chained trail of what was read, written and refused, [`change`] what changed, which [`live`]
//! makes streams of, [`export`] writes rows to files by asking it, [`import`] reads real files, [`demo`] fills a database to try
//! it with, [`cli`] is the command line.
//!
//! The graph is *data*: there is no resolver per type, so there is no resolver that can forget a check.
//!
//! Modules import downwards only: cli · edge · export · {graph, demo} · import ·
//! {desk, live} · read · {model, audit, change} · identity · access ·
//! {config, digest, error, telemetry, clock, id, store} · entity. `tests/house.rs` keeps this true.

pub mod access;
pub mod audit;
pub mod change;
pub mod cli;
pub mod clock;
pub mod config;
pub mod demo;
pub mod desk;
pub mod digest;
pub mod edge;
pub mod error;
pub mod export;
pub mod graph;
pub mod id;
pub mod identity;
pub mod import;
pub mod live;
pub mod model;
pub mod read;
pub mod store;
pub mod telemetry;
