//! The one clock, and the one form of an instant: `2026-11-22T09:30:00.000000Z`.
//!
//! Text in this form orders by byte as it orders in time, so it is what the database stores, what statements
//! compare and what a response carries.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use time::{Duration, OffsetDateTime, UtcOffset, format_description::well_known::Rfc3339};

/// Where `now` comes from. Everything that needs the time is given one.
#[derive(Clone)]
pub struct Clock(Source);

#[derive(Clone)]
enum Source {
    System,
    Fixed(Arc<Mutex<OffsetDateTime>>),
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Source::System => "Clock(system)",
            Source::Fixed(_) => "Clock(fixed)",
        })
    }
}

impl Clock {
    /// The machine's clock.
    pub const fn system() -> Self {
        Self(Source::System)
    }

    /// A clock that stands at an instant until it is moved; clones move together.
    pub fn fixed(at: OffsetDateTime) -> Self {
        Self(Source::Fixed(Arc::new(Mutex::new(at))))
    }

    /// The present, to the microsecond, in UTC.
    pub fn now(&self) -> OffsetDateTime {
        let now = match &self.0 {
            #[allow(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
            Source::System => OffsetDateTime::now_utc(),
            Source::Fixed(at) => *at.lock().unwrap_or_else(PoisonError::into_inner),
        };
        now.replace_microsecond(now.microsecond()).unwrap_or(now)
    }

    /// The present as text.
    pub fn now_text(&self) -> String {
        instant(self.now())
    }

    /// Moves a fixed clock; the machine's clock is left alone.
    pub fn advance(&self, by: Duration) {
        if let Source::Fixed(at) = &self.0 {
            let mut at = at.lock().unwrap_or_else(PoisonError::into_inner);
            *at = at.saturating_add(by);
        }
    }
}

/// The canonical text of an instant.
pub fn instant(at: OffsetDateTime) -> String {
    let at = at.to_offset(UtcOffset::UTC);
    let mut text = String::with_capacity(27);
    let parts = [
        (at.year().unsigned_abs(), 4, '-'),
        (u8::from(at.month()).into(), 2, '-'),
        (at.day().into(), 2, 'T'),
        (at.hour().into(), 2, ':'),
        (at.minute().into(), 2, ':'),
        (at.second().into(), 2, '.'),
        (at.microsecond(), 6, 'Z'),
    ];
    for (number, digits, end) in parts {
        for place in (0..digits).rev() {
            text.push(char::from_digit(number / 10_u32.pow(place) % 10, 10).unwrap_or('0'));
        }
        text.push(end);
    }
    text
}

/// Reads an RFC 3339 instant with any offset; years 1 to 9999 only, so that the canonical text stays ordered.
/// Digits beyond the microsecond are cut off.
pub fn parse_instant(text: &str) -> Option<OffsetDateTime> {
    let at = OffsetDateTime::parse(text, &Rfc3339).ok()?.checked_to_offset(UtcOffset::UTC)?;
    (1..=9999).contains(&at.year()).then_some(at)
}

/// Whether the text is a day of the calendar, `2026-11-22` (RFC 3339 full-date), of the years 1 to 9999.
pub fn is_date(text: &str) -> bool {
    text.len() == 10 && parse_instant(&format!("{text}T00:00:00Z")).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_canonical_and_ordered() {
        let early = parse_instant("2026-11-22T10:30:00+01:00").map(instant);
        let late = parse_instant("2026-11-22T09:30:00.0000019Z").map(instant);
        assert_eq!(early.as_deref(), Some("2026-11-22T09:30:00.000000Z"));
        assert_eq!(late.as_deref(), Some("2026-11-22T09:30:00.000001Z"));
        assert!(early < late);
    }

    #[test]
    fn what_is_not_an_instant_is_refused() {
        for text in ["", "now", "2026-11-22", "2026-13-01T00:00:00Z", "0000-01-01T00:00:00Z", "2026-11-22T24:00:00Z"] {
            assert_eq!(parse_instant(text), None, "{text}");
        }
    }
}
