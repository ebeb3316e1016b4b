//! Time zones: the offsets of a zone as a list that a statement joins with, so that both engines know the same days.

use jiff::{
    Timestamp,
    tz::{TimeZone, TimeZoneDatabase},
};

use crate::{
    access::emit::{ALWAYS, FOREVER},
    error::{Error, Result},
};

/// Letters of a zone's name, at most.
const LONGEST_NAME: usize = 64;

/// The offsets of a zone up to an instant, as JSON `[[from, until, seconds east of UTC], …]`, half-open, without gaps,
/// latest first: most rows are recent. After the instant the last offset holds.
///
/// The data are those of the binary (IANA), never the machine's, so that every replica has the same days.
pub fn offsets(argument: &str, name: &str, now: &str) -> Result<String> {
    let zone = (name.len() <= LONGEST_NAME).then(|| TimeZoneDatabase::bundled().get(name).ok()).flatten();
    let zone = zone.ok_or_else(|| {
        Error::input(format!("{argument}: expected a name of the IANA time zone database, as America/New_York"))
    })?;
    let now: Timestamp = now.parse().map_err(Error::internal)?;
    Ok(serde_json::Value::from(spans(&zone, now)).to_string())
}

fn spans(zone: &TimeZone, now: Timestamp) -> Vec<serde_json::Value> {
    let mut until = FOREVER.to_owned();
    let mut spans = Vec::new();
    let mut oldest = zone.to_offset(now);
    for transition in zone.preceding(now) {
        let from = transition.timestamp().strftime("%Y-%m-%dT%H:%M:%S.000000Z").to_string();
        spans.push(serde_json::json!([from, until, transition.offset().seconds()]));
        until = from;
        oldest = zone.to_offset(transition.timestamp() - jiff::SignedDuration::from_nanos(1));
    }
    spans.push(serde_json::json!([ALWAYS, until, oldest.seconds()]));
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "2026-11-22T00:00:00.000000Z";

    fn read(name: &str) -> Vec<(String, String, i64)> {
        let text = offsets("timeZone", name, NOW).expect("a zone");
        serde_json::from_str(&text).expect("spans")
    }

    #[test]
    fn spans_meet_without_a_gap() {
        for name in ["UTC", "America/New_York", "Asia/Kolkata", "America/Phoenix", "Pacific/Apia", "Etc/GMT+5"] {
            let spans = read(name);
            assert_eq!(spans.first().map(|span| span.1.as_str()), Some(FOREVER), "{name}");
            assert_eq!(spans.last().map(|span| span.0.as_str()), Some(ALWAYS), "{name}");
            for pair in spans.windows(2) {
                let [later, earlier] = pair else { continue };
                assert_eq!(later.0, earlier.1, "{name}");
                assert!(earlier.0 < earlier.1, "{name}");
            }
        }
        assert_eq!(read("UTC"), [(ALWAYS.to_owned(), FOREVER.to_owned(), 0)]);
        assert_eq!(read("Asia/Kolkata").first().map(|span| span.2), Some(19_800));
    }

    #[test]
    fn winter_begins_when_the_law_says() {
        // 15 USC 260a: the first Sunday of November, at two o'clock in the morning.
        let spans = read("America/New_York");
        assert_eq!(spans.first(), Some(&("2026-11-01T06:00:00.000000Z".to_owned(), FOREVER.to_owned(), -18_000)));
        assert_eq!(spans.get(1).map(|span| span.2), Some(-14_400));
    }

    #[test]
    fn what_is_no_zone_is_an_error_that_names_the_argument() {
        for name in ["", "Mars/Olympus", "../../etc/passwd", "America/New_York\0", &"A".repeat(100)] {
            let error = offsets("timeZone", name, NOW).map_err(|error| error.message);
            assert!(error.is_err_and(|message| message.starts_with("timeZone: expected")), "{name}");
        }
    }
}
