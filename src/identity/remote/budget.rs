//! A token bucket: how many fetches requests may cause.

use time::{Duration, OffsetDateTime};

/// Holds a number of permits, and gets one back after each interval.
#[derive(Debug)]
pub(super) struct Budget {
    most: u64,
    interval: Duration,
    left: u64,
    /// From when on the next permit grows.
    since: Option<OffsetDateTime>,
}

impl Budget {
    /// A full one. The interval is in seconds.
    pub(super) fn new(most: u64, interval: u64) -> Self {
        let interval = Duration::seconds(i64::try_from(interval.max(1)).unwrap_or(i64::MAX));
        Self { most, interval, left: most, since: None }
    }

    /// Takes one, if there is one.
    pub(super) fn take(&mut self, now: OffsetDateTime) -> bool {
        // A clock that was set back gives nothing, and takes nothing.
        let since = self.since.filter(|since| *since <= now).unwrap_or(now);
        let grown = (now - since).whole_seconds() / self.interval.whole_seconds();
        self.left = self.left.saturating_add(u64::try_from(grown).unwrap_or(0)).min(self.most);
        let is_full = self.left == self.most;
        let rest = i32::try_from(grown).map_or(now, |grown| since.saturating_add(self.interval * grown));
        self.since = Some(if is_full { now } else { rest });
        let may = self.left > 0;
        self.left = self.left.saturating_sub(1);
        may
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn permits_run_out_and_grow_again() {
        let start = OffsetDateTime::UNIX_EPOCH + Duration::days(1);
        let mut budget = Budget::new(2, 10);
        let mut take = |seconds| budget.take(start + Duration::seconds(seconds));
        assert_eq!([0, 0, 0, 9].map(&mut take), [true, true, false, false]);
        assert_eq!([10, 10, 19, 20, 20].map(&mut take), [true, false, false, true, false]);
        assert_eq!([10_000, 10_000, 10_000].map(&mut take), [true, true, false], "no more than it holds");
        assert_eq!([0, 1, 9, 10].map(&mut take), [false, false, false, true], "a clock set back starts it over");
    }
}
