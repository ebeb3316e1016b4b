//! What differs between two configurations, and what of it a running server can take over.

use std::collections::{BTreeMap, BTreeSet};

use super::Config;

/// Keys, or tables, that only a start reads: what is open stays open as it is.
const AT_THE_START: [&str; 9] = [
    "admin.listen",
    "data_dir",
    "database_url",
    "limits.connections",
    "limits.replay_hours",
    "listen",
    "log.format",
    "shutdown_seconds",
    "telemetry.",
];

/// The keys that differ.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Those that hold at once.
    pub now: Vec<String>,
    /// Those that need a restart.
    pub at_restart: Vec<String>,
}

impl Config {
    /// What another configuration would change in a server that runs under this one.
    pub fn changes(&self, other: &Self) -> Changes {
        let lines = |config: &Self| -> BTreeMap<String, String> {
            let key = |line: &str| line.trim_start_matches("# ").split(' ').next().unwrap_or_default().to_owned();
            config.show().lines().map(|line| (key(line), line.to_owned())).collect()
        };
        let (before, after) = (lines(self), lines(other));
        let all: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
        let mut keys: Vec<String> =
            all.into_iter().filter(|key| before.get(*key) != after.get(*key)).cloned().collect();
        // Shown masked: that it is another does not show.
        let is_listed = keys.iter().any(|key| key == "database_url");
        if self.database_url != other.database_url && !is_listed {
            keys.push("database_url".to_owned());
        }
        let (at_restart, now) = keys.into_iter().partition(|key| {
            AT_THE_START.iter().any(|name| key == name || (name.ends_with('.') && key.starts_with(name)))
        });
        Changes { now, at_restart }
    }

    /// The other, as far as a running server can take it over.
    #[must_use]
    pub fn taking_over(&self, other: &Self) -> Self {
        let mut taken = Self {
            data_dir: self.data_dir.clone(),
            database_url: self.database_url.clone(),
            listen: self.listen,
            shutdown_seconds: self.shutdown_seconds,
            admin: self.admin.clone(),
            telemetry: self.telemetry.clone(),
            ..other.clone()
        };
        taken.log.format = self.log.format;
        taken.limits.connections = self.limits.connections;
        taken.limits.replay_hours = self.limits.replay_hours;
        taken
    }

    /// Whether what reads is the same under both.
    pub fn reads_as(&self, other: &Self) -> bool {
        let reading = |config: &Self| (config.read.clone(), config.limits.operation_seconds, config.log.slow_time());
        reading(self) == reading(other)
    }
}
