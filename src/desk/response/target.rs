//! One target: when it is due, and how it stands.

use time::OffsetDateTime;

/// What is owed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Goal {
    /// DSS takes notice.
    Acknowledge,
    /// DSS says something.
    FirstAnswer,
    /// DSS says something again.
    Update,
    /// It is resolved.
    Resolve,
}

impl Goal {
    /// Every goal, in the order of a concern's life.
    pub const ALL: [Self; 4] = [Self::Acknowledge, Self::FirstAnswer, Self::Update, Self::Resolve];

    /// The public name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Acknowledge => "ACKNOWLEDGE",
            Self::FirstAnswer => "FIRST_ANSWER",
            Self::Update => "UPDATE",
            Self::Resolve => "RESOLVE",
        }
    }
}

/// How a target stands at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// Met in time.
    Met,
    /// Met after it was due.
    MetLate,
    /// Not met, not yet due.
    Running,
    /// Not met and past due, or past due when it ended.
    Breached,
    /// The mission is waited for: due at no known instant.
    Stopped,
    /// Nothing is owed yet: there was no answer that an update could follow.
    NotYet,
    /// It ended before it was due: neither met nor breached any more.
    Ended,
}

impl State {
    /// The public name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Met => "MET",
            Self::MetLate => "MET_LATE",
            Self::Running => "RUNNING",
            Self::Breached => "BREACHED",
            Self::Stopped => "STOPPED",
            Self::NotYet => "NOT_YET",
            Self::Ended => "ENDED",
        }
    }
}

/// One target, as the log leaves it; it changes with the next step only, never with time.
///
/// In SQL it is breached where `met IS NULL AND due < coalesce(ended, now)`: a comparison with an indexed column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target {
    /// Since when it is owed; none if it is not yet.
    pub from: Option<OffsetDateTime>,
    /// The last instant that is in time. None before it is owed, and while the clock stands still (also if it was met
    /// or ended then), unless it had passed before the clock stopped.
    pub due: Option<OffsetDateTime>,
    /// When it was met.
    pub met: Option<OffsetDateTime>,
    /// When it ended unmet.
    pub ended: Option<OffsetDateTime>,
}

impl Target {
    /// Whether it was met, or ended, after it was due.
    pub fn is_late(&self) -> bool {
        self.due.zip(self.met.or(self.ended)).is_some_and(|(due, done)| due < done)
    }

    /// How it stands at an instant that is not before the latest step.
    pub fn state(&self, now: OffsetDateTime) -> State {
        let late = self.is_late();
        match (self.met, self.ended, self.from, self.due) {
            (Some(_), ..) if late => State::MetLate,
            (Some(_), ..) => State::Met,
            (None, Some(_), ..) if late => State::Breached,
            (None, Some(_), ..) => State::Ended,
            (None, None, None, _) => State::NotYet,
            (None, None, Some(_), None) => State::Stopped,
            (None, None, Some(_), Some(due)) if due < now => State::Breached,
            (None, None, Some(_), Some(_)) => State::Running,
        }
    }
}
