//! How long the database takes for a question: counted, and logged where it is long.

use std::time::{Duration, Instant};

use super::Asker;
use crate::telemetry::metrics;

/// A question that the database was asked. What became of it is told when this is dropped: one that was given up half-way
/// is told too.
pub(super) struct Timing<'a> {
    sql: &'a str,
    asker: &'a Asker,
    slow: Duration,
    started: Instant,
    outcome: &'static str,
}

impl<'a> Timing<'a> {
    /// Begins now. What takes as long as `slow` is logged.
    pub(super) fn begin(sql: &'a str, asker: &'a Asker, slow: Duration) -> Self {
        Self { sql, asker, slow, started: Instant::now(), outcome: "stopped" }
    }

    /// It was answered, or refused.
    pub(super) fn end(mut self, is_answered: bool) {
        self.outcome = if is_answered { "answered" } else { "failed" };
    }
}

/// Bytes of a statement that are told, at most.
const LONGEST: usize = 16 * 1024;

/// A statement as operators and collectors are told it: every value that somebody sent is a parameter, and of what stands
/// in quotes, names that the client gave its fields among it, nothing is told.
pub(super) fn shown(sql: &str) -> String {
    let mut shown = String::with_capacity(sql.len().min(LONGEST) + 4);
    for (place, part) in sql.split('\'').enumerate() {
        shown.push_str(if place % 2 == 0 { part } else { "?" });
        if shown.len() > LONGEST {
            let end = (0..=LONGEST).rev().find(|end| shown.is_char_boundary(*end)).unwrap_or_default();
            shown.truncate(end);
            shown.push('…');
            break;
        }
    }
    shown
}

impl Drop for Timing<'_> {
    fn drop(&mut self) {
        let time = self.started.elapsed();
        metrics::asked(self.outcome, time);
        if time < self.slow {
            return;
        }
        metrics::slow();
        tracing::warn!(
            duration_us = u64::try_from(time.as_micros()).unwrap_or(u64::MAX),
            outcome = self.outcome,
            role = self.asker.scope.role.name(),
            agency = self.asker.agency,
            request_id = self.asker.request_id,
            sql = shown(self.sql),
            "slow statement"
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_quotes_is_told() {
        assert_eq!(
            shown("select json_object('a1202',t.x) where k = 'it''s' and n = ?1"),
            "select json_object(?,t.x) where k = ?? and n = ?1"
        );
        assert_eq!(shown("select 1"), "select 1");
        let long = shown(&"é".repeat(LONGEST));
        assert!(long.len() <= LONGEST + "…".len() && long.ends_with('…'));
    }
}
