//! A second clock, as simple-minded as can be: it lives through every minute and keeps a tally.
//!
//! It shares the types with the first one, but no rule, no table and no calendar.

use std::sync::LazyLock;

use time::{Duration, OffsetDateTime, macros::datetime};

use super::{
    super::{Severity, Status, What},
    calendar::DAYS_OFF,
};

/// Minute 0 of the walk.
pub(super) const START: OffsetDateTime = datetime!(2024-01-01 00:00 UTC);
const HOURS: i64 = 9 * 366 * 24;

/// Whether offices are open, for every hour from `START`; offices open and close on the hour.
static OPEN: LazyLock<Vec<bool>> = LazyLock::new(|| {
    let zone = jiff::tz::TimeZoneDatabase::bundled().get("America/New_York").unwrap();
    let is_open = |hour: i64| {
        let second = START.unix_timestamp() + hour * 3600;
        let local = jiff::Timestamp::from_second(second).unwrap().to_zoned(zone.clone());
        let (_, off) = DAYS_OFF.iter().find(|(year, _)| *year == i32::from(local.year())).unwrap();
        let weekday = local.weekday().to_monday_one_offset() <= 5;
        weekday && (9..17).contains(&local.hour()) && !off.contains(&local.strftime("%m%d").to_string())
    };
    (0..HOURS).map(is_open).collect()
});

pub(super) fn is_open(minute: i64) -> bool {
    OPEN[usize::try_from(minute / 60).unwrap()]
}

pub(super) fn instant(minute: i64) -> OffsetDateTime {
    START + Duration::minutes(minute)
}

/// One target of the walk, in minutes from `START`.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Owed {
    pub(super) from: Option<i64>,
    pub(super) met: Option<i64>,
    pub(super) ended: Option<i64>,
    /// When it is due, as far as is known when the walk is over.
    pub(super) due: Option<i64>,
    promised: i64,
    spent: i64,
    /// When all was spent.
    reached: Option<i64>,
}

impl Owed {
    const fn since(from: Option<i64>, promised: i64) -> Self {
        Self { from, promised, met: None, ended: None, due: None, spent: 0, reached: None }
    }

    fn is_pending(&self) -> bool {
        self.from.is_some() && self.met.is_none() && self.ended.is_none()
    }

    fn end(&mut self, minute: i64) {
        if self.met.is_none() && self.ended.is_none() {
            self.ended = Some(minute);
        }
    }

    /// Lives through a minute that counts, or does not.
    fn pass(&mut self, minute: i64, counts: bool) {
        if self.reached.is_none() && self.spent == self.promised {
            self.reached = Some(minute);
        }
        if self.reached.is_none() && counts {
            self.spent += 1;
            if self.spent == self.promised {
                self.reached = Some(minute + 1);
            }
        }
    }
}

pub(super) struct Walk {
    round_the_clock: bool,
    status: Status,
    /// Acknowledge, first answer, update, resolve.
    pub(super) owed: [Owed; 4],
}

impl Walk {
    /// Walks from the opening through all steps.
    pub(super) fn through(opened: i64, severity: Severity, question: bool, steps: &[(i64, What)]) -> Self {
        let (round_the_clock, [acknowledge, answer, update, resolve]) = match severity {
            Severity::Critical => (true, [5, 15, 60, 1440]),
            Severity::High => (true, [15, 60, 240, 4320]),
            Severity::Medium if !question => (true, [60, 240, 1440, 14400]),
            _ => (false, [240, 480, 1440, 4800]),
        };
        let owed = [
            Owed::since(Some(opened), acknowledge),
            Owed::since(Some(opened), answer),
            Owed::since(None, update),
            Owed::since(Some(opened), resolve),
        ];
        let mut walk = Self { round_the_clock, status: Status::Submitted, owed };
        let last = steps.last().map_or(opened, |(minute, _)| *minute);
        for minute in opened..=last {
            let stood = minute > opened && walk.stands();
            for (_, what) in steps.iter().filter(|(at, _)| *at == minute) {
                walk.take(minute, *what);
            }
            walk.live(minute, stood);
        }
        for index in 0..4 {
            if walk.owed[index].is_pending() {
                let known = walk.owed[index].reached;
                walk.owed[index].due = if walk.stands() { known } else { Some(walk.go_on(index, last + 1)) };
            }
        }
        walk
    }

    fn stands(&self) -> bool {
        self.status == Status::AwaitingMission || self.is_over()
    }

    fn is_over(&self) -> bool {
        [Status::Closed, Status::Withdrawn, Status::Duplicate, Status::NotActionable].contains(&self.status)
    }

    fn live(&mut self, minute: i64, stood: bool) {
        let stands = self.stands();
        let counts = self.round_the_clock || is_open(minute);
        for index in 0..4 {
            let owed = self.owed[index];
            if owed.from.is_some() && (owed.met == Some(minute) || owed.ended == Some(minute)) {
                self.owed[index].due = if stood && stands { owed.reached } else { Some(self.go_on(index, minute)) };
            } else if owed.is_pending() && stands && owed.reached == Some(minute) {
                self.owed[index].reached = None;
            } else if owed.is_pending() && !stands {
                self.owed[index].pass(minute, counts);
            }
        }
    }

    /// When a target would be due if the clock ran on from a minute and nothing more happened.
    fn go_on(&self, index: usize, from: i64) -> i64 {
        let mut owed = self.owed[index];
        let mut minute = from;
        while owed.reached.is_none() {
            owed.pass(minute, self.round_the_clock || is_open(minute));
            minute += 1;
        }
        owed.reached.unwrap()
    }

    fn take(&mut self, minute: i64, what: What) {
        let resolved = self.status == Status::Resolved;
        match what {
            What::Reopened if resolved || self.is_over() => {
                self.revive(minute);
                self.status = Status::Assigned;
            }
            What::Answer if !self.is_over() => self.say(minute),
            What::Reopened | What::Answer => {}
            What::Status(status) => {
                let life = [
                    Status::Submitted,
                    Status::Acknowledged,
                    Status::Assigned,
                    Status::InProgress,
                    Status::AwaitingMission,
                    Status::Referred,
                    Status::Responded,
                ];
                if life.contains(&status) {
                    if resolved || self.is_over() {
                        self.revive(minute);
                    }
                } else if self.is_over() {
                    return;
                }
                self.status = status;
                if status != Status::Submitted && status != Status::Withdrawn {
                    self.owed[0].met.get_or_insert(minute);
                }
                if status == Status::Responded {
                    self.say(minute);
                }
                if status == Status::Resolved {
                    self.owed[3].met.get_or_insert(minute);
                    self.owed[2].end(minute);
                }
                if self.is_over() {
                    self.owed.iter_mut().for_each(|owed| owed.end(minute));
                }
            }
        }
    }

    fn say(&mut self, minute: i64) {
        self.owed[1].met.get_or_insert(minute);
        if self.status != Status::Resolved {
            self.owed[2] = Owed::since(Some(minute), self.owed[2].promised);
        }
    }

    fn revive(&mut self, minute: i64) {
        for index in [0, 1, 3] {
            let owed = &mut self.owed[index];
            if owed.ended.is_some() {
                if owed.reached.is_some() && owed.reached >= owed.ended {
                    owed.reached = None;
                }
                owed.ended = None;
                owed.due = None;
            }
        }
        let said = self.owed[1].met.map(|_| minute);
        self.owed[2] = Owed::since(said, self.owed[2].promised);
        if self.owed[3].met.is_some() {
            self.owed[3] = Owed::since(Some(minute), self.owed[3].promised);
        }
    }
}
