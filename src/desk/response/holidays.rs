//! The legal public holidays of 5 U.S.C. 6103(a), with the days in lieu of those at a weekend.
//!
//! Deliberately absent:
//! - Inauguration Day (6103(c)): off only for those who work in and about Washington, while the promise is made to
//!   missions in every city; and on no day is the service less idle.
//! - Days that the President gives by order, as 24 December at times: known too late to promise by.
//! - The law as it was before 2021, but for Juneteenth.

use time::{Date, Month, Weekday};

/// The first year of Juneteenth (Public Law 117-17, of 17 June 2021).
const JUNETEENTH_SINCE: i32 = 2021;

/// Whether federal offices are shut on a day because of a holiday.
pub(super) fn is_holiday(date: Date) -> bool {
    is_movable(date)
        || is_fixed(date)
        || match date.weekday() {
            // 6103(b): Friday for one on a Saturday. Executive Order 11582: Monday for one on a Sunday.
            Weekday::Friday => date.next_day().is_some_and(is_fixed),
            Weekday::Monday => date.previous_day().is_some_and(is_fixed),
            _ => false,
        }
}

/// New Year's Day, Juneteenth, Independence Day, Veterans Day, Christmas Day.
fn is_fixed(date: Date) -> bool {
    match (date.month(), date.day()) {
        (Month::January, 1) | (Month::July, 4) | (Month::November, 11) | (Month::December, 25) => true,
        (Month::June, 19) => date.year() >= JUNETEENTH_SINCE,
        _ => false,
    }
}

fn is_movable(date: Date) -> bool {
    let week = (date.day() - 1) / 7 + 1;
    match (date.month(), date.weekday()) {
        // Birthday of Martin Luther King, Jr.; Washington's Birthday.
        (Month::January | Month::February, Weekday::Monday) => week == 3,
        // Memorial Day: the last Monday.
        (Month::May, Weekday::Monday) => date.day() > 24,
        // Labor Day.
        (Month::September, Weekday::Monday) => week == 1,
        // Columbus Day.
        (Month::October, Weekday::Monday) => week == 2,
        // Thanksgiving Day.
        (Month::November, Weekday::Thursday) => week == 4,
        _ => false,
    }
}
