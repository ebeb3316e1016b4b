//! The clock on the wall in New York and Washington (America/New_York).
//!
//! Summer time as 15 U.S.C. 260a has it since 2007: from two o'clock on the second Sunday of March to two o'clock on
//! the first Sunday of November. Years before 2007 are reckoned by the same rule, which is **not** what the clocks
//! showed then: no concern is that old. The rule is here, beside the holidays, because it is law like them and a
//! look-up in a database of time zones could fail; a test holds it against IANA's data, and breaks when Congress
//! changes the law and the data follow.

use time::{Date, Duration, Month, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset, macros::offset};

const STANDARD: UtcOffset = offset!(-5);
const SUMMER: UtcOffset = offset!(-4);
const TWO_O_CLOCK: Time = time::macros::time!(02:00);

/// The day of the calendar there.
pub(super) fn date(at: OffsetDateTime) -> Date {
    at.checked_to_offset(offset_at(at)).unwrap_or(at).date()
}

/// The instant of an hour of a day there; for hours from three on, which exist once on every day.
pub(super) fn instant(date: Date, hour: Time) -> OffsetDateTime {
    let local = PrimitiveDateTime::new(date, hour);
    let at = local.assume_offset(offset_at(local.assume_offset(STANDARD)));
    at.checked_to_offset(UtcOffset::UTC).unwrap_or(at)
}

/// How far the clocks there are from UTC.
pub(super) fn offset_at(at: OffsetDateTime) -> UtcOffset {
    // Both changes are far from the turn of the year, so that any offset's year will do.
    let begins = sunday(at.year(), Month::March, 2).map(|day| day.assume_offset(STANDARD));
    let ends = sunday(at.year(), Month::November, 1).map(|day| day.assume_offset(SUMMER));
    let is_summer = begins.is_some_and(|begins| begins <= at) && ends.is_some_and(|ends| at < ends);
    if is_summer { SUMMER } else { STANDARD }
}

/// Two o'clock on the n-th Sunday of a month.
fn sunday(year: i32, month: Month, nth: u8) -> Option<PrimitiveDateTime> {
    let first = Date::from_calendar_date(year, month, 1).ok()?;
    let days = (7 - first.weekday().number_days_from_sunday()) % 7 + 7 * (nth - 1);
    Some(PrimitiveDateTime::new(first.saturating_add(Duration::days(days.into())), TWO_O_CLOCK))
}
