//! What operators see of a running server.

use std::{net::SocketAddr, time::Duration};

use serde::{Deserialize, Serialize};

/// A door for operators, apart from that for clients.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, expecting = "a table")]
pub struct Admin {
    /// Address and port of metrics and health. None: there is no such door.
    pub listen: Option<SocketAddr>,
}

/// What the log looks like.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, expecting = "a table")]
pub struct Log {
    /// For machines or for people.
    pub format: LogFormat,
    /// What is logged: a level, or directives such as `info,chancery=debug` (`tracing`'s filter syntax).
    pub level: String,
    /// From how many milliseconds on a question to the database is logged with its statement, without its values.
    pub slow_milliseconds: u64,
}

/// The form of a log line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// One JSON object a line.
    Json,
    /// Coloured text.
    Pretty,
}

/// Traces for a collector.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, expecting = "a table")]
pub struct Telemetry {
    /// Where a collector takes OTLP over HTTP, such as `http://127.0.0.1:4318`. None: no traces are made.
    pub otlp_endpoint: Option<String>,
    /// Which part of the requests is traced, from 0 to 1; whoever asks has no say in it.
    pub otlp_ratio: f64,
}

// A ratio is read from a file and never computed: it is no NaN (`config::check`).
impl Eq for Telemetry {}

impl Default for Log {
    fn default() -> Self {
        Self { format: LogFormat::Json, level: "info".to_owned(), slow_milliseconds: 1_000 }
    }
}

impl Log {
    /// From when on a question to the database is slow.
    pub const fn slow_time(&self) -> Duration {
        Duration::from_millis(self.slow_milliseconds)
    }
}

impl Default for Telemetry {
    fn default() -> Self {
        Self { otlp_endpoint: None, otlp_ratio: 1.0 }
    }
}

impl Admin {
    pub(super) fn mistakes(&self, listen: SocketAddr) -> Vec<(&'static str, String)> {
        let is_apart = self.listen.is_none_or(|admin| admin.port() == 0 || admin != listen);
        if is_apart {
            Vec::new()
        } else {
            vec![("admin.listen", "expected another address or port than listen".into())]
        }
    }
}

impl Telemetry {
    pub(super) fn mistakes(&self) -> Vec<(&'static str, String)> {
        let mut wrong = Vec::new();
        if self.otlp_endpoint.as_deref().is_some_and(|endpoint| !is_base(endpoint)) {
            wrong.push((
                "telemetry.otlp_endpoint",
                "expected a URL such as http://127.0.0.1:4318, without a path".into(),
            ));
        }
        if !(0.0..=1.0).contains(&self.otlp_ratio) {
            wrong.push(("telemetry.otlp_ratio", "expected a number from 0 to 1".into()));
        }
        wrong
    }
}

/// Scheme, host and perhaps port (RFC 6454), and nothing else: no user, path or query, no star.
pub(super) fn is_base(text: &str) -> bool {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    host.is_some_and(|host| {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-:[]".contains(&byte);
        !host.is_empty() && host.bytes().all(plain) && text.parse::<http::Uri>().is_ok()
    })
}
