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

impl Drop for Timing<'_> {
    fn drop(&mut self) {
        let time = self.started.elapsed();
        metrics::asked(self.outcome, time);
        if time < self.slow {
            return;
        }
        metrics::slow();
        // Every value that somebody sent is a parameter: the statement holds none.
        tracing::warn!(
            duration_us = u64::try_from(time.as_micros()).unwrap_or(u64::MAX),
            outcome = self.outcome,
            role = self.asker.scope.role.name(),
            agency = self.asker.agency,
            request_id = self.asker.request_id,
            sql = self.sql,
            "slow statement"
        );
    }
}
