//! Statistics of visits, whose days are dates.

use std::collections::BTreeMap;

use chancery::{
    model::{stats::VISITS, view::View},
    store::Engine,
};
use jiff::{ToSpan as _, civil::Date};
use rstest::rstest;
use serde_json::{Value, json};

use crate::{
    percentile, seconds,
    support::small_world::{self, everybody},
};

/// Visits are counted by the days that they are in, wherever whoever asks is.
#[rstest]
#[tokio::test]
async fn visits_are_counted_by_their_days(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = small_world::app(engine).await;
    let mut asked = 0;
    for who in everybody() {
        let view = View::of(who.role);
        let groupings = VISITS.groupings_of(&view);
        if groupings.is_empty() {
            continue;
        }
        let reads = |field: &'static str| if view.reads(VISITS.kind, &[field]) { field } else { "" };
        let times = !VISITS.measures_of(&view).is_empty();
        let fields = ["rank", "announcedAt", "acceptedAt"].map(reads).join(" ");
        let query = format!(
            "{{ visits(first: 100) {{ nodes {{ status city arrivesOn mission {{ id name }} sendingState {{ id name }} {fields} }} }} }}"
        );
        let rows = app.ask(&who, &query, json!({})).await.data()["visits"]["nodes"].clone();
        let rows = rows.as_array().expect("visits");
        for by in groupings.iter().map(|grouping| grouping.name) {
            let mut groups: BTreeMap<_, Vec<i64>> = BTreeMap::new();
            for row in rows {
                let took = seconds(&row["acceptedAt"]).zip(seconds(&row["announcedAt"])).map(|(to, from)| to - from);
                groups.entry(visit_key(row, by)).or_default().extend(took);
            }
            let durations = if times { "timeToAccept { count p50Seconds maxSeconds }" } else { "" };
            let query = format!(
                "{{ visitStats(groupBy: {by}, timeZone: \"Pacific/Auckland\") {{ count groupCount groups {{ keys {{ value label }} {durations} }} }} }}"
            );
            let found = app.ask(&who, &query, json!({})).await.data()["visitStats"].clone();
            assert_eq!((&found["count"], &found["groupCount"]), (&json!(rows.len()), &json!(groups.len())), "{by}");
            for group in found["groups"].as_array().expect("groups") {
                let text = |name: &str| group["keys"][0][name].as_str().map(ToOwned::to_owned);
                let took = groups.get(&(text("value"), text("label")));
                let took = took.unwrap_or_else(|| panic!("{engine:?} {:?} {by}: {group}", who.role));
                if times {
                    let (half, longest) = (percentile(took, 50), percentile(took, 100));
                    let right = json!({ "count": took.len(), "p50Seconds": half, "maxSeconds": longest });
                    assert_eq!(group["timeToAccept"], right, "{engine:?} {:?} {by}", who.role);
                }
                asked += 1;
            }
        }
    }
    assert!(asked > 50, "{asked}");
}

fn visit_key(row: &Value, by: &str) -> (Option<String>, Option<String>) {
    let text = |value: &Value| value.as_str().map(ToOwned::to_owned);
    let date: Date = row["arrivesOn"].as_str().expect("a day").parse().expect("a date");
    match by {
        "MISSION" => (text(&row["mission"]["id"]), text(&row["mission"]["name"])),
        "SENDING_STATE" => (text(&row["sendingState"]["id"]), text(&row["sendingState"]["name"])),
        "DAY" | "WEEK" | "MONTH" => {
            let day = if by == "WEEK" {
                date.saturating_sub(i64::from(date.weekday().to_monday_zero_offset()).days())
            } else {
                date
            };
            let day = day.to_string();
            let key = if by == "MONTH" { day[..7].to_owned() } else { day };
            (Some(key.clone()), Some(key))
        }
        field => (text(&row[field.to_lowercase()]), text(&row[field.to_lowercase()])),
    }
}
