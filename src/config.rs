//! What an operator may set: a TOML file, and the environment over it.
//!
//! This is the only reader of the environment. Every key stands in `chancery.example.toml` with its default; a key
//! that is not known is an error, because a limit with a typing mistake in its name is a limit that is not there.

use std::{collections::BTreeMap, fmt, net::SocketAddr, path::PathBuf, time::Duration};

use serde::{Deserialize, Serialize};

mod change;
mod check;
mod http;
mod keys;
mod operators;
mod read;
mod role;

pub use http::Http;
pub use keys::Keys;
pub use operators::{Admin, Log, LogFormat, Telemetry};
pub use read::{DEFAULT_FILE, Problems};
pub use role::RoleLimits;

use crate::{
    error::Result,
    store::{Address, Engine},
};

/// Everything that can be set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, expecting = "a table")]
pub struct Config {
    /// Directory of the embedded database and of the program's own keys.
    pub data_dir: PathBuf,
    /// A `postgres://` URL; without it the embedded SQLite database under [`Config::data_dir`] serves.
    pub database_url: Option<Secret>,
    /// Address and port of the HTTP door.
    pub listen: SocketAddr,
    /// How long a shutdown waits for requests under way, in seconds.
    pub shutdown_seconds: u64,
    /// The round-the-clock telephone of the DSS watch as every client is shown it, E.164; without it, the watch
    /// phone of the DSS agency in the registry.
    pub watch_phone: Option<String>,
    /// What operators are told at a door of their own.
    pub admin: Admin,
    /// The log.
    pub log: Log,
    /// Traces.
    pub telemetry: Telemetry,
    /// What browsers are allowed, and the form of answers.
    pub http: Http,
    /// Bounds on what a client may send or ask.
    pub limits: Limits,
    /// The reading side of the database.
    pub read: Read,
    /// Sizes of the caches.
    pub cache: Cache,
    /// How the key sets of issuers are fetched.
    pub keys: Keys,
}

/// Bounds, each checked before the work that it bounds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, expecting = "a table")]
pub struct Limits {
    /// Bytes of a request's body, or of a query string.
    pub body_bytes: usize,
    /// Lexical tokens of a document.
    pub tokens: usize,
    /// Nesting of selection sets.
    pub depth: usize,
    /// Aliases in a document.
    pub aliases: usize,
    /// Fields at the root of an operation.
    pub root_fields: usize,
    /// Directives in a document.
    pub directives: usize,
    /// Fields of an operation after its fragments are written out.
    pub fragment_size: usize,
    /// Members of a list in an argument or a variable.
    pub list_arguments: usize,
    /// Rows that an answer may hold, by its pages.
    pub cost: u64,
    /// Operations of one request (a batch), answered one after the other; 0: batches are refused.
    pub batch: usize,
    /// Other bounds for a role, by its name in small letters.
    pub role: BTreeMap<String, RoleLimits>,
    /// Requests a second of one person, whatever the role; no bound where none is set. Agencies have theirs in the registry.
    pub person_requests_per_second: Option<u32>,
    /// The cost a minute of one person, likewise.
    pub person_cost_per_minute: Option<u32>,
    /// How long an operation may run, in seconds; the database is told to stop as well.
    pub operation_seconds: u64,
    /// How long a client may take to send its headers, and again its body, in seconds.
    pub request_seconds: u64,
    /// Open sockets; more wait to be accepted.
    pub connections: usize,
    /// Streams of one agency at once; a WebSocket counts as one more.
    pub agency_streams: usize,
    /// Operations under way on one WebSocket.
    pub socket_streams: usize,
    /// How long a WebSocket may take to say who it is, in seconds.
    pub init_seconds: u64,
    /// How often a stream on which nothing happens says that it is there, in seconds.
    pub keep_alive_seconds: u64,
    /// For how long a stream that was cut can be gone on with, in hours.
    pub replay_hours: usize,
    /// Exports at once; more are told to come again.
    pub exports: usize,
    /// Rows of an export.
    pub export_rows: usize,
    /// How long an export may run, in seconds.
    pub export_seconds: u64,
}

/// The reading side of the database.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, expecting = "a table")]
pub struct Read {
    /// Connections that answer questions, beside those that write.
    pub lanes: usize,
    /// Whether PostgreSQL's row security holds every statement against the table of access once more.
    pub row_security: bool,
    /// The database role that those connections work as when it does.
    pub role: String,
}

/// Sizes of the caches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, expecting = "a table")]
pub struct Cache {
    /// Parsed and validated documents, in bytes of memory, about.
    pub document_bytes: u64,
    /// Planned statements, in bytes of memory, about.
    pub plan_bytes: u64,
    /// Documents that clients ask by their hash (automatic persisted queries), in bytes for each role of an agency.
    pub persisted_bytes: usize,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            data_dir: PathBuf::from("./data"),
            database_url: None,
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            shutdown_seconds: 20,
            watch_phone: None,
            admin: Admin::default(),
            log: Log::default(),
            telemetry: Telemetry::default(),
            http: Http::default(),
            limits: Limits::default(),
            read: Read::default(),
            cache: Cache::default(),
            keys: Keys::default(),
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes: 256 * 1024,
            tokens: 5_000,
            depth: 12,
            aliases: 60,
            root_fields: 20,
            directives: 50,
            fragment_size: 5_000,
            list_arguments: 1_000,
            cost: 50_000,
            batch: 0,
            role: BTreeMap::new(),
            person_requests_per_second: None,
            person_cost_per_minute: None,
            operation_seconds: 10,
            request_seconds: 10,
            connections: 10_000,
            agency_streams: 2_000,
            socket_streams: 32,
            init_seconds: 10,
            keep_alive_seconds: 20,
            replay_hours: 24,
            exports: 2,
            export_rows: 50_000,
            export_seconds: 300,
        }
    }
}

impl Limits {
    /// How long an operation may run.
    pub const fn operation_time(&self) -> Duration {
        Duration::from_secs(self.operation_seconds)
    }

    /// How long a client may take to send its headers, and again its body.
    pub const fn request_time(&self) -> Duration {
        Duration::from_secs(self.request_seconds)
    }
}

impl Default for Read {
    fn default() -> Self {
        Self { lanes: 4, row_security: false, role: "chancery_reader".to_owned() }
    }
}

impl Default for Cache {
    fn default() -> Self {
        Self { document_bytes: 32 << 20, plan_bytes: 32 << 20, persisted_bytes: 1 << 20 }
    }
}

impl Config {
    /// Name of the embedded database's file in [`Config::data_dir`].
    pub const DATABASE_FILE: &'static str = "chancery.sqlite";

    /// Where the database is. Nothing is opened or made.
    pub fn address(&self) -> Result<Address> {
        match &self.database_url {
            Some(url) => Address::url(url.reveal()),
            None => Ok(Address::file(self.data_dir.join(Self::DATABASE_FILE))),
        }
    }

    /// Which engine serves.
    pub const fn engine(&self) -> Engine {
        if self.database_url.is_some() { Engine::Postgres } else { Engine::Sqlite }
    }
}

/// A value that is used and never shown: neither its debug form nor its serialised form tells it.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// What is shown instead.
    pub const MASK: &'static str = "(set, not shown)";

    /// Wraps a value.
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// The value, for its one use.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Self::MASK)
    }
}

impl Serialize for Secret {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(Self::MASK)
    }
}
