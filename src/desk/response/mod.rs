//! The response clock of a concern: by when the Diplomatic Security Service owes what, and whether it came.
//!
//! Four targets: acknowledge, first answer, next update, resolve. All of it follows from the log alone, never from
//! the present: what [`targets`] says may be kept in a derived table with an index, and the [`State`] of a [`Target`]
//! is then a comparison with `now`.
//!
//! - Only AWAITING_MISSION stops the clock; deadlines move by the time spent in it, as the severity counts time.
//! - The present severity and kind hold from the opening, as if they had never been others. Who lowers a severity late
//!   and raises it again gains no time. What was met stays met at its instant; whether it was met in time is judged by
//!   the present severity. So a lowering forgives what was late, too: the log shows who lowered it, and when.
//! - Reopening keeps the acknowledgement and the first answer. "Resolve" runs anew from the reopening if it had been met,
//!   and so does "next update" if there was an answer. What the end had cut off unmet goes on with the time that was
//!   left: closing and reopening gains nothing.

mod business;
mod eastern;
mod history;
mod holidays;
mod keep;
mod pace;
mod target;
#[cfg(test)]
mod tests;

use time::OffsetDateTime;

use history::History;
pub use keep::{Difference, make_if_missing, rebuild, verify};
pub(super) use keep::{Kept, Said, kept_of, renew};
pub use pace::{Calendar, Pace};
pub use target::{Goal, State, Target};

pub use super::status::Status;
pub use crate::access::emit::Severity;

/// The first instant by which so many business days have passed since another.
pub(super) fn after_business_days(at: OffsetDateTime, count: i64) -> OffsetDateTime {
    business::add(at, business::days(count))
}

/// How a concern begins, and what it is at present.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opening {
    /// When it was raised.
    pub at: OffsetDateTime,
    /// Whether it is a QUESTION at present.
    pub question: bool,
    /// Its severity at present.
    pub severity: Severity,
}

/// What an entry in the log means to the clock. Changes of severity and kind are absent: the present ones hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// It came to this status. RESPONDED is an answer, too. Only WITHDRAWN is a step of the mission's.
    Status(Status),
    /// DSS wrote something for whoever raised it.
    Answer,
    /// It was reopened, by whomever: it is ASSIGNED again, which acknowledges nothing.
    Reopened,
}

/// An entry in the log, as far as the clock goes by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// When.
    pub at: OffsetDateTime,
    /// What.
    pub what: What,
}

/// The four targets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Targets {
    /// Met by the first step of DSS out of SUBMITTED.
    pub acknowledge: Target,
    /// Met by the first answer.
    pub first_answer: Target,
    /// Runs from the latest answer, never met: the next answer begins the next one. Ends with resolution.
    pub update: Target,
    /// Met by RESOLVED.
    pub resolve: Target,
}

impl Targets {
    /// Each with its goal, in the order of a concern's life.
    pub const fn all(&self) -> [(Goal, Target); 4] {
        [
            (Goal::Acknowledge, self.acknowledge),
            (Goal::FirstAnswer, self.first_answer),
            (Goal::Update, self.update),
            (Goal::Resolve, self.resolve),
        ]
    }
}

/// The targets as the log leaves them. The steps stand in the order of the log; one that is dated before the step
/// ahead of it, or before the opening, counts at that one's instant.
pub fn targets(opening: &Opening, steps: &[Step]) -> Targets {
    let pace = Pace::of(opening.severity, opening.question);
    let history = History::read(opening.at, steps);
    let target = |goal: Goal, from: Option<OffsetDateTime>, met: Option<OffsetDateTime>, ended| {
        let ended = if met.is_some() { None } else { ended };
        let due = from.and_then(|from| pace.due(goal, from, &history.stops, met.or(ended)));
        Target { from, due, met, ended }
    };
    Targets {
        acknowledge: target(Goal::Acknowledge, Some(opening.at), history.acknowledged, history.ended),
        first_answer: target(Goal::FirstAnswer, Some(opening.at), history.answered, history.ended),
        update: target(Goal::Update, history.update_from, None, history.resolved.or(history.ended)),
        resolve: target(Goal::Resolve, Some(history.resolve_from), history.resolved, history.ended),
    }
}
