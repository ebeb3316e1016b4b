//! What the log says that matters to the targets, whatever the severity.

use time::OffsetDateTime;

use super::{Status, Step, What};

/// A time during which the clock stands still: the mission is waited for, or the concern is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stop {
    /// From when.
    pub(super) from: OffsetDateTime,
    /// Until when; none if it still stands.
    pub(super) until: Option<OffsetDateTime>,
}

/// What the log says.
#[derive(Clone, Debug)]
pub(super) struct History {
    /// The first step of DSS out of SUBMITTED.
    pub(super) acknowledged: Option<OffsetDateTime>,
    /// The first answer.
    pub(super) answered: Option<OffsetDateTime>,
    /// The latest answer, or the reopening after it: from then the next update is owed.
    pub(super) update_from: Option<OffsetDateTime>,
    /// The opening, or the latest reopening of what was resolved: from then resolution is owed.
    pub(super) resolve_from: OffsetDateTime,
    /// Since when it is RESOLVED; stays through CLOSED, gone with a reopening.
    pub(super) resolved: Option<OffsetDateTime>,
    /// Since when it is over; gone with a reopening.
    pub(super) ended: Option<OffsetDateTime>,
    /// When the clock stood still, in order, neither overlapping nor touching.
    pub(super) stops: Vec<Stop>,
}

impl History {
    /// Reads the log of a concern that was opened at an instant.
    pub(super) fn read(opened: OffsetDateTime, steps: &[Step]) -> Self {
        let mut history = Self {
            acknowledged: None,
            answered: None,
            update_from: None,
            resolve_from: opened,
            resolved: None,
            ended: None,
            stops: Vec::new(),
        };
        let mut at = opened;
        for step in steps {
            at = at.max(step.at);
            match step.what {
                What::Status(status) => history.come_to(status, at),
                What::Answer => history.answer(at),
                What::Reopened => history.reopen(at),
            }
        }
        history
    }

    /// After the end nothing counts but that it lives again.
    fn come_to(&mut self, status: Status, at: OffsetDateTime) {
        if self.ended.is_some() && !status.is_live() {
            return;
        }
        if status.is_live() {
            self.reopen(at);
        }
        match status {
            Status::AwaitingMission => self.stop(at),
            Status::Closed | Status::Withdrawn | Status::Duplicate | Status::NotActionable => {
                self.ended = Some(at);
                self.stop(at);
            }
            Status::Resolved => {
                self.resolved.get_or_insert(at);
                self.go(at);
            }
            _ => self.go(at),
        }
        if status.acknowledges() {
            self.acknowledged.get_or_insert(at);
        }
        if status == Status::Responded {
            self.answer(at);
        }
    }

    /// What is said after the end answers nothing; after resolution it may be the first answer, but no update is owed.
    fn answer(&mut self, at: OffsetDateTime) {
        if self.ended.is_some() {
            return;
        }
        self.answered.get_or_insert(at);
        if self.resolved.is_none() {
            self.update_from = Some(at);
        }
    }

    /// Begins a new life, if the last one is done.
    fn reopen(&mut self, at: OffsetDateTime) {
        if self.resolved.is_none() && self.ended.is_none() {
            return;
        }
        // Only what was resolved is owed anew: else whoever closes and reopens would give themselves a new term.
        if self.resolved.is_some() {
            self.resolve_from = at;
        }
        self.resolved = None;
        self.ended = None;
        self.update_from = self.answered.map(|_| at);
        self.go(at);
    }

    fn stop(&mut self, at: OffsetDateTime) {
        match self.stops.last_mut() {
            // It stands already, or went on for no time at all.
            Some(last) if last.until.is_none_or(|until| until == at) => last.until = None,
            _ => self.stops.push(Stop { from: at, until: None }),
        }
    }

    fn go(&mut self, at: OffsetDateTime) {
        if let Some(last) = self.stops.last_mut() {
            last.until.get_or_insert(at);
        }
    }
}
