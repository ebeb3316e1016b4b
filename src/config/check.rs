//! What types alone do not say of a configuration.

use std::str::FromStr;

use sqlx::postgres::PgConnectOptions;
use tracing_subscriber::{EnvFilter, filter::LevelFilter};

use super::Config;
use crate::store::Engine;

impl Config {
    /// Everything that is wrong with the values, each as the key and what is expected of it. Empty: all is well.
    pub(super) fn mistakes(&self) -> Vec<(&'static str, String)> {
        let mut wrong = Vec::new();
        let mut expect = |holds: bool, key, expected: &str| {
            if !holds {
                wrong.push((key, format!("expected {expected}")));
            }
        };
        expect(!self.data_dir.as_os_str().is_empty(), "data_dir", "the path of a directory");
        expect(self.database_url.as_ref().is_none_or(|url| is_postgres(url.reveal())), "database_url", POSTGRES);
        expect(self.watch_phone.as_deref().is_none_or(is_e164), "watch_phone", "an E.164 number such as +12025550100");
        expect(is_filter(&self.log.level), "log.level", LEVEL);
        expect((1..=1024).contains(&self.read.lanes), "read.lanes", "a whole number from 1 to 1024");
        let possible = !self.read.row_security || self.engine() == Engine::Postgres;
        expect(possible, "read.row_security", "false, or PostgreSQL (database_url): SQLite has no row security");
        expect(is_role(&self.read.role), "read.role", "a lower-case name of a role, as chancery_reader");
        let limits = &self.limits;
        for (key, value) in [
            ("limits.body_bytes", limits.body_bytes),
            ("limits.tokens", limits.tokens),
            ("limits.depth", limits.depth),
            ("limits.aliases", limits.aliases),
            ("limits.root_fields", limits.root_fields),
            ("limits.directives", limits.directives),
            ("limits.fragment_size", limits.fragment_size),
            ("limits.list_arguments", limits.list_arguments),
            ("limits.connections", limits.connections),
            ("limits.agency_streams", limits.agency_streams),
            ("limits.socket_streams", limits.socket_streams),
            ("limits.replay_hours", limits.replay_hours),
            ("limits.exports", limits.exports),
            ("limits.export_rows", limits.export_rows),
        ] {
            expect((1..=MOST).contains(&value), key, "a whole number from 1 to 1000000000");
        }
        let persisted = self.cache.persisted_bytes;
        expect(persisted <= MOST, "cache.persisted_bytes", "a whole number from 0 to 1000000000");
        expect((1..=100_000_000).contains(&limits.cost), "limits.cost", "a whole number from 1 to 100000000");
        expect(limits.batch <= 100, "limits.batch", "a whole number from 0 to 100");
        for (key, value) in [
            ("limits.person_requests_per_second", limits.person_requests_per_second),
            ("limits.person_cost_per_minute", limits.person_cost_per_minute),
        ] {
            expect(value != Some(0), key, "a whole number from 1, or nothing");
        }
        for (key, value) in [
            ("shutdown_seconds", self.shutdown_seconds),
            ("limits.operation_seconds", limits.operation_seconds),
            ("limits.request_seconds", limits.request_seconds),
            ("limits.export_seconds", limits.export_seconds),
            ("limits.init_seconds", limits.init_seconds),
            ("limits.keep_alive_seconds", limits.keep_alive_seconds),
        ] {
            expect((1..=3600).contains(&value), key, "seconds, from 1 to 3600");
        }
        expect(self.log.slow_milliseconds <= 3_600_000, "log.slow_milliseconds", "milliseconds, from 0 to 3600000");
        wrong.extend(limits.mistakes_of_roles());
        wrong.extend(self.admin.mistakes(self.listen));
        wrong.extend(self.telemetry.mistakes());
        wrong.extend(self.http.mistakes());
        wrong.extend(self.keys.mistakes());
        wrong
    }
}

pub(super) const MOST: usize = 1_000_000_000;
const POSTGRES: &str = "a URL such as postgres://user:password@host:5432/database";
const LEVEL: &str = "error, warn, info, debug or trace, or directives such as info,chancery=debug";

fn is_postgres(url: &str) -> bool {
    (url.starts_with("postgres://") || url.starts_with("postgresql://")) && PgConnectOptions::from_str(url).is_ok()
}

/// A lone word that is no level would be taken for a target and silence everything else.
fn is_filter(level: &str) -> bool {
    EnvFilter::builder().parse(level).is_ok()
        && level.split(',').all(|part| part.contains(['=', ':', '[']) || part.trim().parse::<LevelFilter>().is_ok())
}

/// A name that SQL takes without quotes, no longer than PostgreSQL keeps.
fn is_role(name: &str) -> bool {
    name.len() <= 63
        && name.starts_with(|first: char| first.is_ascii_lowercase() || first == '_')
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

/// ITU-T E.164: a plus sign and 8 to 15 digits.
fn is_e164(phone: &str) -> bool {
    phone
        .strip_prefix('+')
        .is_some_and(|digits| (8..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()))
}
