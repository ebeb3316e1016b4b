//! Business hours: 09:00 to 17:00 in New York, Monday to Friday, federal holidays off.
//!
//! Days are counted, never minutes: a span of ten years is a few thousand cheap steps.

use time::{Date, Duration, OffsetDateTime, PrimitiveDateTime, Time, Weekday, macros::time};

use super::{eastern, holidays};

const OPENS: Time = time!(09:00);
const CLOSES: Time = time!(17:00);

/// So many business days, as business hours: eight each.
pub(super) const fn days(count: i64) -> Duration {
    Duration::hours(8 * count)
}

/// The first instant by which so many business hours have passed: at the close of a day rather than the next morning.
/// Without any time to pass it is `at` itself, whatever the hour; the end of the calendar if there are not so many.
pub(super) fn add(at: OffsetDateTime, by: Duration) -> OffsetDateTime {
    let mut left = by;
    if left <= Duration::ZERO {
        return at;
    }
    for (opens, closes) in days_from(eastern::date(at)) {
        let from = opens.max(at);
        let room = (closes - from).max(Duration::ZERO);
        if left <= room {
            return from.saturating_add(left);
        }
        left -= room;
    }
    PrimitiveDateTime::MAX.assume_utc()
}

/// The business hours between two instants; none if they stand in the wrong order.
pub(super) fn between(from: OffsetDateTime, until: OffsetDateTime) -> Duration {
    days_from(eastern::date(from))
        .take_while(|(opens, _)| *opens < until)
        .map(|(opens, closes)| (closes.min(until) - opens.max(from)).max(Duration::ZERO))
        .sum()
}

/// When the business days from a day on open and close.
fn days_from(date: Date) -> impl Iterator<Item = (OffsetDateTime, OffsetDateTime)> {
    std::iter::successors(Some(date), |date| date.next_day())
        .filter(|date| is_business_day(*date))
        .map(|date| (eastern::instant(date, OPENS), eastern::instant(date, CLOSES)))
}

fn is_business_day(date: Date) -> bool {
    !matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday) && !holidays::is_holiday(date)
}
