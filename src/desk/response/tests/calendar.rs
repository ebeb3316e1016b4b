//! Business hours, holidays and summer time, against instants reckoned by hand and against the public lists.

use time::{Date, Duration, OffsetDateTime, macros::datetime};

use super::super::{business, eastern, holidays};

/// The weekdays off, as month and day: from the Python package `holidays` 0.109 (United States, observed).
pub(super) const DAYS_OFF: [(i32, &str); 14] = [
    (2020, "0101 0120 0217 0525 0703 0907 1012 1111 1126 1225"),
    (2021, "0101 0118 0215 0531 0618 0705 0906 1011 1111 1125 1224 1231"),
    (2022, "0117 0221 0530 0620 0704 0905 1010 1111 1124 1226"),
    (2023, "0102 0116 0220 0529 0619 0704 0904 1009 1110 1123 1225"),
    (2024, "0101 0115 0219 0527 0619 0704 0902 1014 1111 1128 1225"),
    (2025, "0101 0120 0217 0526 0619 0704 0901 1013 1111 1127 1225"),
    (2026, "0101 0119 0216 0525 0619 0703 0907 1012 1111 1126 1225"),
    (2027, "0101 0118 0215 0531 0618 0705 0906 1011 1111 1125 1224 1231"),
    (2028, "0117 0221 0529 0619 0704 0904 1009 1110 1123 1225"),
    (2029, "0101 0115 0219 0528 0619 0704 0903 1008 1112 1122 1225"),
    (2030, "0101 0121 0218 0527 0619 0704 0902 1014 1111 1128 1225"),
    (2031, "0101 0120 0217 0526 0619 0704 0901 1013 1111 1127 1225"),
    (2032, "0101 0119 0216 0531 0618 0705 0906 1011 1111 1125 1224 1231"),
    (2033, "0117 0221 0530 0620 0704 0905 1010 1111 1124 1226"),
];

#[test]
fn the_days_off_are_those_of_the_list() {
    for (year, list) in DAYS_OFF {
        let days = (1..=366).filter_map(|day| Date::from_ordinal_date(year, day).ok());
        let off = days.filter(|day| day.weekday().number_from_monday() < 6 && holidays::is_holiday(*day));
        let off: Vec<String> = off.map(|day| format!("{:02}{:02}", u8::from(day.month()), day.day())).collect();
        assert_eq!(off.join(" "), list, "{year}");
    }
}

#[test]
fn the_wall_clock_is_that_of_the_zone_data() {
    let zone = jiff::tz::TimeZoneDatabase::bundled().get("America/New_York").unwrap();
    let every = |start: OffsetDateTime, step: Duration, end: OffsetDateTime| {
        std::iter::successors(Some(start), move |at| Some(*at + step)).take_while(move |at| *at < end)
    };
    let years = every(datetime!(2007-01-01 00:00 UTC), Duration::minutes(173), datetime!(2060-01-01 00:00 UTC));
    // Around midnight before a change, and around the change, to the second.
    let spring = every(datetime!(2026-03-08 03:59 UTC), Duration::seconds(1), datetime!(2026-03-08 07:01 UTC));
    let autumn = every(datetime!(2026-11-01 03:59 UTC), Duration::seconds(1), datetime!(2026-11-01 06:01 UTC));
    for at in years.chain(spring).chain(autumn) {
        let theirs = jiff::Timestamp::from_second(at.unix_timestamp()).unwrap().to_zoned(zone.clone());
        assert_eq!(eastern::offset_at(at).whole_seconds(), theirs.offset().seconds(), "{at}");
        assert_eq!(eastern::date(at).to_string(), theirs.date().to_string(), "{at}");
        let noon = theirs.with().hour(12).minute(0).second(0).build().unwrap().timestamp().as_second();
        assert_eq!(eastern::instant(eastern::date(at), time::macros::time!(12:00)).unix_timestamp(), noon, "{at}");
    }
}

#[test]
fn hours_are_counted_as_by_hand() {
    let cases = [
        // Friday 16:30, over Memorial Day.
        (datetime!(2026-05-22 16:30 -4), 4 * 60, datetime!(2026-05-26 12:30 -4)),
        // Over the weekend on which summer time begins, and the one on which it ends.
        (datetime!(2026-03-06 16:00 -5), 2 * 60, datetime!(2026-03-09 10:00 -4)),
        (datetime!(2026-10-30 16:00 -4), 2 * 60, datetime!(2026-11-02 10:00 -5)),
        // Opened in the night, before dawn, on a Sunday, on a holiday kept on the Friday before.
        (datetime!(2026-06-16 23:00 -4), 4 * 60, datetime!(2026-06-17 13:00 -4)),
        (datetime!(2026-06-17 03:00 -4), 4 * 60, datetime!(2026-06-17 13:00 -4)),
        (datetime!(2026-06-14 12:00 -4), 4 * 60, datetime!(2026-06-15 13:00 -4)),
        (datetime!(2026-07-03 11:00 -4), 4 * 60, datetime!(2026-07-06 13:00 -4)),
        // A day from the opening of the day is its close, not the next morning.
        (datetime!(2026-06-17 09:00 -4), 8 * 60, datetime!(2026-06-17 17:00 -4)),
        (datetime!(2026-06-17 17:00 -4), 8 * 60, datetime!(2026-06-18 17:00 -4)),
        (datetime!(2026-06-17 10:00 -4), 8 * 60, datetime!(2026-06-18 10:00 -4)),
        // New Year's Day 2022 was a Saturday: the Friday, still in 2021, was off.
        (datetime!(2021-12-30 16:00 -5), 2 * 60, datetime!(2022-01-03 10:00 -5)),
        // Ten days from Thursday, 17 December 2026: 17, 18, 21 to 24, 28 to 31, without Christmas.
        (datetime!(2026-12-17 09:00 -5), 80 * 60, datetime!(2026-12-31 17:00 -5)),
        // Wherever the opening was written down.
        (datetime!(2026-06-17 22:00 +9), 60, datetime!(2026-06-17 10:00 -4)),
    ];
    for (at, minutes, due) in cases {
        assert_eq!(business::add(at, Duration::minutes(minutes)), due, "{at} + {minutes}");
        assert_eq!(business::between(at, due), Duration::minutes(minutes), "{at} .. {due}");
        assert_eq!(business::between(due, at), Duration::ZERO, "{due} .. {at}");
    }
}

#[test]
fn no_time_passes_at_once_and_the_calendar_has_an_end() {
    let sunday = datetime!(2026-06-14 12:00 -4);
    assert_eq!(business::add(sunday, Duration::ZERO), sunday);
    assert_eq!(business::add(sunday, Duration::hours(-1)), sunday);
    let last = datetime!(9999-12-31 23:59 UTC);
    let first = datetime!(-9999-01-01 00:00 UTC);
    assert!(business::add(last, Duration::hours(1)) > last);
    assert!(business::add(last, Duration::MAX) > last);
    assert!(business::add(first, Duration::hours(1)) > first);
    assert_eq!(business::between(last, last), Duration::ZERO);
}

#[test]
fn years_are_counted_at_once() {
    // 2024 to 2033: 2610 weekdays, less the days off.
    let (from, until) = (datetime!(2024-01-01 00:00 -5), datetime!(2034-01-01 00:00 -5));
    let off = DAYS_OFF.iter().filter(|(year, _)| *year >= 2024).map(|(_, list)| list.split(' ').count());
    let days = 2610 - i64::try_from(off.sum::<usize>()).unwrap();
    assert_eq!(business::between(from, until), business::days(days));
    assert_eq!(business::add(from, business::days(days)), datetime!(2033-12-30 17:00 -5));
}
