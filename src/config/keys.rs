//! How the key sets of issuers are fetched, and for how long they are believed.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Bounds on what an issuer's key server may do to us, and on what a stranger's tokens may make us do to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, expecting = "a table")]
pub struct Keys {
    /// The hosts that key sets and discovery documents may be fetched from. Empty: whichever an agency was registered
    /// with; what a discovery document names must then be on its issuer's own host.
    pub hosts: Vec<String>,
    /// Whether key servers may have addresses of private networks (RFC 1918, RFC 4193, RFC 6598).
    pub private_addresses: bool,
    /// Whether `http` to this machine itself is allowed, for tests and demonstrations.
    pub loopback: bool,
    /// A key set is believed at least so long, whatever its `Cache-Control` says, in seconds.
    pub fresh_least_seconds: u64,
    /// And at most so long, in seconds.
    pub fresh_most_seconds: u64,
    /// For how long a key set is believed beyond that while its server fails, in seconds.
    pub stale_seconds: u64,
    /// How long a fetch may take, in seconds.
    pub fetch_seconds: u64,
    /// Bytes of a key set or a discovery document.
    pub body_bytes: usize,
    /// How many fetches of one issuer's keys requests may cause at once.
    pub burst: u64,
    /// After how long they may cause one more, in seconds.
    pub refill_seconds: u64,
    /// For how long a key id that an issuer does not have is not asked for again, in seconds.
    pub unknown_seconds: u64,
}

impl Default for Keys {
    fn default() -> Self {
        Self {
            hosts: Vec::new(),
            private_addresses: false,
            loopback: false,
            fresh_least_seconds: 300,
            fresh_most_seconds: 3600,
            stale_seconds: 3600,
            fetch_seconds: 5,
            body_bytes: 128 * 1024,
            burst: 4,
            refill_seconds: 15,
            unknown_seconds: 30,
        }
    }
}

impl Keys {
    /// How long a fetch may take.
    pub const fn fetch_time(&self) -> Duration {
        Duration::from_secs(self.fetch_seconds)
    }

    /// Everything that is wrong with the values, each as the key and what is expected of it.
    pub(super) fn mistakes(&self) -> Vec<(&'static str, String)> {
        let mut wrong = Vec::new();
        let mut expect = |holds: bool, key, expected: &str| {
            if !holds {
                wrong.push((key, format!("expected {expected}")));
            }
        };
        expect(self.hosts.iter().all(|host| is_host(host)), "keys.hosts", "names of hosts, in small letters");
        let day = "seconds, from 60 to 86400";
        expect((60..=86_400).contains(&self.fresh_least_seconds), "keys.fresh_least_seconds", day);
        let most = self.fresh_least_seconds..=86_400;
        expect(
            most.contains(&self.fresh_most_seconds),
            "keys.fresh_most_seconds",
            "seconds, from keys.fresh_least_seconds to 86400",
        );
        expect(self.stale_seconds <= 86_400, "keys.stale_seconds", "seconds, from 0 to 86400");
        // A refresh begins after four fifths of a set's life; with discovery it is two questions, and ends before the set does.
        expect((1..=5).contains(&self.fetch_seconds), "keys.fetch_seconds", "seconds, from 1 to 5");
        let bytes = 1024..=16 << 20;
        expect(bytes.contains(&self.body_bytes), "keys.body_bytes", "a whole number from 1024 to 16777216");
        expect((1..=100).contains(&self.burst), "keys.burst", "a whole number from 1 to 100");
        expect((1..=3600).contains(&self.refill_seconds), "keys.refill_seconds", "seconds, from 1 to 3600");
        expect((1..=3600).contains(&self.unknown_seconds), "keys.unknown_seconds", "seconds, from 1 to 3600");
        wrong
    }
}

/// A host as the configuration names it: no scheme, port or path.
fn is_host(host: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-".contains(&byte);
    (1..=253).contains(&host.len()) && host.bytes().all(plain)
}
