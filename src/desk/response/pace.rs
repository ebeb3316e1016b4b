//! How fast: the time for each goal by severity, in the hours that count.

use time::{Duration, OffsetDateTime};

use super::{Goal, Severity, business, history::Stop};

/// Which hours count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Calendar {
    /// All: a day has 24.
    RoundTheClock,
    /// 09:00 to 17:00 in New York on federal working days: a day has 8.
    Business,
}

impl Calendar {
    /// The first instant by which so much time that counts has passed; nothing and less is none.
    pub fn add(self, at: OffsetDateTime, by: Duration) -> OffsetDateTime {
        match self {
            Self::RoundTheClock => at.saturating_add(by.max(Duration::ZERO)),
            Self::Business => business::add(at, by),
        }
    }

    /// The time that counts between two instants; none if they stand in the wrong order.
    pub fn between(self, from: OffsetDateTime, until: OffsetDateTime) -> Duration {
        match self {
            Self::RoundTheClock => (until - from).max(Duration::ZERO),
            Self::Business => business::between(from, until),
        }
    }
}

/// The time for each goal, counted in the calendar's hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// Which hours count.
    pub calendar: Calendar,
    acknowledge: Duration,
    first_answer: Duration,
    update: Duration,
    resolve: Duration,
}

const CRITICAL: Pace = Pace {
    calendar: Calendar::RoundTheClock,
    acknowledge: Duration::minutes(5),
    first_answer: Duration::minutes(15),
    update: Duration::hours(1),
    resolve: Duration::hours(24),
};

const HIGH: Pace = Pace {
    calendar: Calendar::RoundTheClock,
    acknowledge: Duration::minutes(15),
    first_answer: Duration::hours(1),
    update: Duration::hours(4),
    resolve: Duration::days(3),
};

const MEDIUM: Pace = Pace {
    calendar: Calendar::RoundTheClock,
    acknowledge: Duration::hours(1),
    first_answer: Duration::hours(4),
    update: Duration::days(1),
    resolve: Duration::days(10),
};

const LOW: Pace = Pace {
    calendar: Calendar::Business,
    acknowledge: Duration::hours(4),
    first_answer: business::days(1),
    update: business::days(3),
    resolve: business::days(10),
};

impl Pace {
    /// The pace of a severity; a question that is not urgent is dealt with in business hours.
    pub const fn of(severity: Severity, question: bool) -> Self {
        match (severity, question) {
            (Severity::Critical, _) => CRITICAL,
            (Severity::High, _) => HIGH,
            (Severity::Medium, false) => MEDIUM,
            (Severity::Medium, true) | (Severity::Low, _) => LOW,
        }
    }

    /// The time for a goal, in hours that count.
    pub const fn time_for(&self, goal: Goal) -> Duration {
        match goal {
            Goal::Acknowledge => self.acknowledge,
            Goal::FirstAnswer => self.first_answer,
            Goal::Update => self.update,
            Goal::Resolve => self.resolve,
        }
    }

    /// When a goal that is owed since `from` is due: once its time has run outside the stops. Done is when it was met
    /// or ended, if it was: stops after that are none of its business. None if the clock stands still (then), unless
    /// it was due before that.
    pub(super) fn due(
        &self,
        goal: Goal,
        from: OffsetDateTime,
        stops: &[Stop],
        done: Option<OffsetDateTime>,
    ) -> Option<OffsetDateTime> {
        let mut from = from;
        let mut left = self.time_for(goal);
        for stop in stops.iter().filter(|stop| done.is_none_or(|done| stop.from < done)) {
            let due = self.calendar.add(from, left);
            if due < stop.from {
                return Some(due);
            }
            left -= self.calendar.between(from, stop.from);
            let until = stop.until.filter(|until| done.is_none_or(|done| *until <= done))?;
            from = from.max(until);
        }
        Some(self.calendar.add(from, left))
    }
}
