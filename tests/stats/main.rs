//! Statistics of concerns, visits, incidents, programmes and details, against loops over what the same principal reads row by row.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "the whole crate is a test; the lints' own exemption covers only functions marked as tests"
)]

mod posts;
#[path = "../support/mod.rs"]
mod support;
mod visits;

use std::collections::{BTreeMap, BTreeSet};

use chancery::{
    model::{stats::CONCERNS as STATISTICS, view::View},
    store::Engine,
};
use jiff::{Timestamp, ToSpan as _, civil::Weekday, tz::TimeZone};
use rstest::rstest;
use serde_json::{Value, json};

use support::{
    app::{App, Who},
    small_world::{self, CONCERNS, analyst, auditor, everybody, french, liaison_officer, police, row},
};

/// The clock of the tests' application.
const NOW: &str = "2026-11-22T12:00:00.000000Z";

/// The small world with concerns at all hours around the end of summer time, and before there was any.
async fn app(engine: Engine) -> App {
    let app = small_world::app(engine).await;
    let mut sql = String::new();
    for number in 1..=CONCERNS {
        let at = match number % 9 {
            0 => format!("1949-0{}-01T03:59:59.999999Z", number % 7 + 1),
            residue => {
                format!("2026-1{}-0{}T0{}:{:02}:00.123456Z", number % 2, residue % 3 + 1, number % 7 + 2, number)
            }
        };
        let nibrs = if number % 3 == 0 { "null".to_owned() } else { format!("'{}'", ["13A", "13B", "ü"][number % 3]) };
        sql +=
            &format!("update concern set opened_at = '{at}', nibrs_code = {nibrs} where id = '{}';", row('N', number));
    }
    small_world::change(&app.db, &sql).await;
    app
}

/// What a principal reads of the concerns, row by row.
async fn rows(app: &App, who: &Who, filter: &Value) -> Vec<Value> {
    let view = View::of(who.role);
    let fields = ["nibrsCode", "incidentArea"].into_iter().filter(|field| view.reads(STATISTICS.kind, &[field]));
    let extra = fields.collect::<Vec<_>>().join(" ");
    let query = format!(
        "query Q($filter: ConcernFilter, $after: String) {{ concerns(first: 7, filter: $filter, after: $after) {{ pageInfo {{ endCursor hasNextPage }} nodes {{
            id kind category severity status clockState openedAt occurredAt mission {{ id name sendingState {{ id name }} }} {extra}
            clock {{ firstAnswer {{ met }} resolve {{ met }} }}
            entries(first: 100) {{ nodes {{ kind at }} }} }} }} }}"
    );
    let (mut rows, mut after) = (Vec::new(), Value::Null);
    loop {
        let reply = app.ask(who, &query, json!({ "filter": filter, "after": after })).await;
        let page = &reply.data()["concerns"];
        rows.extend(page["nodes"].as_array().expect("nodes").iter().cloned());
        if page["pageInfo"]["hasNextPage"] != true {
            return rows;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
}

fn key(row: &Value, by: &str, zone: &TimeZone) -> (Option<String>, Option<String>) {
    let text = |value: &Value| value.as_str().map(ToOwned::to_owned);
    let local = || {
        let at: Timestamp = row["openedAt"].as_str().expect("an instant").parse().expect("RFC 3339");
        at.to_zoned(zone.clone()).date()
    };
    let plain = |value: &Value| (text(value), text(value));
    match by {
        "CLOCK_STATE" => plain(&row["clockState"]),
        "NIBRS_CODE" => plain(&row["nibrsCode"]),
        "AREA" => plain(&row["incidentArea"]),
        "MISSION" => (text(&row["mission"]["id"]), text(&row["mission"]["name"])),
        "SENDING_STATE" => {
            let state = &row["mission"]["sendingState"];
            (text(&state["id"]), text(&state["name"]))
        }
        "DAY" => plain(&json!(local().to_string())),
        "WEEK" => {
            let mut day = local();
            while day.weekday() != Weekday::Monday {
                day -= 1.day();
            }
            plain(&json!(day.to_string()))
        }
        "MONTH" => plain(&json!(local().to_string()[..7])),
        enumerated => plain(&row[enumerated.to_lowercase()]),
    }
}

fn seconds(instant: &Value) -> Option<i64> {
    instant.as_str().map(|text| text.parse::<Timestamp>().expect("RFC 3339").as_microsecond().div_euclid(1_000_000))
}

fn duration(row: &Value, measure: &str) -> Option<i64> {
    let opened = seconds(&row["openedAt"]);
    let found = match measure {
        "age" => {
            let ends = ["RESOLVED", "CLOSED", "WITHDRAWN", "DUPLICATE", "NOT_ACTIONABLE"];
            let is_at_end = ends.contains(&row["status"].as_str().expect("a status"));
            if is_at_end { None } else { Some(seconds(&json!(NOW))? - opened?) }
        }
        "timeToReport" => seconds(&row["occurredAt"]).and_then(|at| Some(opened? - at)),
        "timeToAcknowledge" => {
            let entries = row["entries"]["nodes"].as_array().expect("entries");
            let acknowledged = entries.iter().filter(|entry| entry["kind"] == "ACKNOWLEDGED");
            acknowledged.filter_map(|entry| seconds(&entry["at"])).min().and_then(|at| Some(at - opened?))
        }
        "timeToFirstAnswer" => seconds(&row["clock"]["firstAnswer"]["met"]).and_then(|at| Some(at - opened?)),
        "timeToResolve" => seconds(&row["clock"]["resolve"]["met"]).and_then(|at| Some(at - opened?)),
        other => panic!("{other}"),
    };
    found.map(|seconds| seconds.clamp(i64::from(i32::MIN), i64::from(i32::MAX)))
}

/// Nearest rank, by its definition: the smallest value that at least so many hundredths do not exceed.
fn percentile(values: &[i64], percent: usize) -> Value {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    let found = sorted.iter().find(|value| {
        let within = sorted.iter().filter(|other| other <= value).count();
        within * 100 >= percent * sorted.len()
    });
    json!(found)
}

/// What `concernStats` should say of rows.
fn expected(rows: &[Value], by: &[&str], measures: &[&str], zone: &TimeZone) -> Value {
    type Key = Vec<(bool, Option<String>)>;
    let mut groups: BTreeMap<Key, (Vec<Option<String>>, Vec<&Value>)> = BTreeMap::new();
    for row in rows {
        let keys: Vec<_> = by.iter().map(|by| key(row, by, zone)).collect();
        let values = keys.iter().map(|(value, _)| (value.is_none(), value.clone())).collect();
        let labels = keys.into_iter().map(|(_, label)| label).collect();
        groups.entry(values).or_insert_with(|| (labels, Vec::new())).1.push(row);
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by_key(|(_, (_, rows))| std::cmp::Reverse(rows.len()));
    let groups: Vec<Value> = groups
        .into_iter()
        .map(|(values, (labels, rows))| {
            let keys: Vec<Value> = (0..by.len())
                .map(|place| json!({ "by": by[place], "value": values[place].1, "label": labels[place] }))
                .collect();
            let mut group = json!({ "keys": keys, "count": rows.len() });
            for measure in measures {
                let found: Vec<i64> = rows.iter().filter_map(|row| duration(row, measure)).collect();
                group[*measure] = json!({
                    "count": found.len(),
                    "p50Seconds": percentile(&found, 50),
                    "p90Seconds": percentile(&found, 90),
                    "p95Seconds": percentile(&found, 95),
                    "maxSeconds": percentile(&found, 100),
                });
            }
            group
        })
        .collect();
    json!({ "count": rows.len(), "capped": false, "groupCount": groups.len(), "groups": groups })
}

async fn stats(app: &App, who: &Who, by: &[&str], measures: &[&str], filter: &Value, zone: &str) -> Value {
    let durations: String = measures
        .iter()
        .map(|measure| format!("{measure} {{ count p50Seconds p90Seconds p95Seconds maxSeconds }} "))
        .collect();
    let query = format!(
        "query Q($by: [ConcernGroup!]!, $filter: ConcernFilter, $zone: String) {{ concernStats(groupBy: $by, filter: $filter, timeZone: $zone, first: 1000) {{
            count capped groupCount groups {{ keys {{ by value label }} count {durations} }} }} }}"
    );
    let reply = app.ask(who, &query, json!({ "by": by, "filter": filter, "zone": zone })).await;
    reply.data()["concernStats"].clone()
}

/// Law 3: statistics count distinct visible rows after filters; law 2: what is unreadable groups with the absent.
#[rstest]
#[tokio::test]
async fn numbers_are_those_of_the_rows(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = app(engine).await;
    let mut asked = 0;
    for who in everybody() {
        let view = View::of(who.role);
        let by: Vec<&str> = STATISTICS.groupings_of(&view).iter().map(|grouping| grouping.name).collect();
        let measures: Vec<&str> = STATISTICS.measures_of(&view).iter().map(|measure| measure.name).collect();
        if by.is_empty() {
            continue;
        }
        let mut filters = vec![json!(null), json!({ "severity": { "in": ["HIGH", "CRITICAL"] } })];
        filters.push(json!({ "not": { "mission": { "sendingState": { "iso2": { "eq": "FR" } } } } }));
        for filter in &filters {
            let rows = rows(&app, &who, filter).await;
            for (place, first) in by.iter().enumerate() {
                let other = by[(place * 5 + 3) % by.len()];
                let keys: Vec<&str> = if other == *first { vec![*first] } else { vec![*first, other] };
                for zone in ["America/New_York", "UTC", "Pacific/Auckland"] {
                    let found = stats(&app, &who, &keys, &measures, filter, zone).await;
                    let expected = expected(&rows, &keys, &measures, &TimeZone::get(zone).expect("a zone"));
                    assert_eq!(found, expected, "{engine:?} {:?} {keys:?} {zone} {filter}", who.role);
                    asked += 1;
                }
            }
        }
    }
    eprintln!("{engine:?}: {asked} questions");
    assert!(asked > 200, "{asked}");
}

/// A role's schema has the groups and durations whose fields it may ever read.
#[rstest]
#[tokio::test]
async fn what_a_role_never_reads_is_not_offered(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = small_world::app(engine).await;
    for (who, by, known) in [
        (analyst(), "NIBRS_CODE", true),
        (analyst(), "AREA", true),
        (police(), "NIBRS_CODE", true),
        (police(), "AREA", false),
        (liaison_officer(), "AREA", true),
        (french(), "NIBRS_CODE", false),
        (french(), "AREA", false),
        (french(), "MISSION", true),
    ] {
        let query = format!("{{ concernStats(groupBy: {by}) {{ count }} }}");
        let reply = app.ask(&who, &query, json!({})).await;
        assert_eq!(reply.json.get("errors").is_none(), known, "{:?} {by}: {}", who.role, reply.text);
        if !known {
            // As a value that was never heard of.
            let never = app.ask(&who, &query.replace(by, "SHOE_SIZE"), json!({})).await;
            assert_eq!(reply.text.replace(by, "SHOE_SIZE"), never.text);
        }
    }
    let reply = app.ask(&auditor(), "{ concernStats(groupBy: KIND) { count } }", json!({})).await;
    assert_eq!(reply.code(), "GRAPHQL_VALIDATION_FAILED");
}

/// What a principal may not see changes nothing.
#[rstest]
#[tokio::test]
async fn hidden_rows_and_values_do_not_count(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = app(engine).await;
    let by = ["MISSION", "DAY"];
    let measures = ["age", "timeToReport", "timeToAcknowledge"];
    let before = stats(&app, &police(), &by, &measures, &json!(null), "UTC").await;
    let visible: BTreeSet<String> = rows(&app, &police(), &json!(null))
        .await
        .iter()
        .map(|row| row["id"].as_str().expect("an id").replace("concern_", ""))
        .collect();
    let all: BTreeSet<String> = (1..=CONCERNS).map(|number| row('N', number)).collect();
    let hidden = all.difference(&visible).map(|id| format!("'{id}'")).collect::<Vec<_>>().join(",");
    assert!(!visible.is_empty() && !hidden.is_empty());
    small_world::change(
        &app.db,
        &format!(
            "update concern set opened_at = '2020-01-01T00:00:00.000000Z', occurred_at = null, severity = 'LOW', mission_id = '{}' where id in ({hidden});
             update entry set at = '2019-01-01T00:00:00.000000Z' where audience = 'INTERNAL' or concern_id in ({hidden});",
            row('M', 12)
        ),
    )
    .await;
    assert_eq!(stats(&app, &police(), &by, &measures, &json!(null), "UTC").await, before);
}

#[rstest]
#[tokio::test]
async fn what_is_wrong_is_named(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = small_world::app(engine).await;
    for (arguments, message) in [
        ("groupBy: []", "groupBy: expected one or two, not 0"),
        ("groupBy: [KIND, STATUS, SEVERITY]", "groupBy: expected one or two, not 3"),
        ("groupBy: [KIND, KIND]", "groupBy: KIND stands twice"),
        (
            "groupBy: DAY, timeZone: \"Mars/Olympus\"",
            "timeZone: expected a name of the IANA time zone database, as America/New_York",
        ),
        (
            "groupBy: KIND, timeZone: \"\"",
            "timeZone: expected a name of the IANA time zone database, as America/New_York",
        ),
        ("groupBy: KIND, first: 0", "first: expected a number from 1 to 1000"),
        ("groupBy: KIND, first: 1001", "first: expected a number from 1 to 1000"),
    ] {
        let reply = app.ask(&analyst(), &format!("{{ concernStats({arguments}) {{ count }} }}"), json!({})).await;
        assert_eq!(reply.code(), "BAD_USER_INPUT", "{arguments}: {}", reply.text);
        assert_eq!(reply.json["errors"][0]["message"], message, "{arguments}");
    }
    let reply = app.ask(&analyst(), "{ concernStats { count } }", json!({})).await;
    assert_eq!(reply.code(), "GRAPHQL_VALIDATION_FAILED");
}

/// The groups that were not asked for are counted, and the largest come first.
#[rstest]
#[tokio::test]
async fn the_largest_groups_come_first(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = app(engine).await;
    let all = stats(&app, &analyst(), &["MISSION"], &[], &json!(null), "UTC").await;
    let groups = all["groups"].as_array().expect("groups");
    let query = "{ concernStats(groupBy: MISSION, first: 3) { groupCount groups { count keys { by value label } } } }";
    let some = app.ask(&analyst(), query, json!({})).await.data()["concernStats"].clone();
    assert_eq!(some["groupCount"], all["groupCount"]);
    let counts = |groups: &[Value]| groups.iter().map(|group| group["count"].as_u64()).collect::<Vec<_>>();
    let first = some["groups"].as_array().expect("groups");
    assert_eq!(counts(first), counts(&groups[..3]));
    assert!(counts(groups).is_sorted_by(|a, b| a >= b), "{:?}", counts(groups));
}

/// Beyond ten thousand the newest are counted, and the answer says so.
#[rstest]
#[tokio::test]
async fn beyond_ten_thousand_it_is_capped(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = small_world::app(engine).await;
    let columns =
        "reference, kind, category, severity, status, mission_id, title, narrative, origin_agency_id, subjects, tlp";
    let mut sql = String::new();
    for (letter, at, from, most) in
        [('X', "2026-11-21T00:00:00.000000Z", 0, 9_999_usize), ('Y', "2026-10-01T00:00:00.000000Z", 10_000, 10_040)]
    {
        for number in from..most {
            let reference = format!("C-{letter}-{number}");
            sql += &format!(
                "insert into concern (id, opened_at, {columns}) select '{letter}{number:025}', '{at}', '{reference}', {} from concern where id = '{}';",
                columns.replacen("reference, ", "", 1),
                row('N', 3)
            );
        }
    }
    small_world::change(&app.db, &sql).await;
    let found = stats(&app, &analyst(), &["MONTH"], &["age"], &json!(null), "UTC").await;
    assert_eq!((&found["count"], &found["capped"]), (&json!(10_000), &json!(true)));
    let months: Vec<&Value> =
        found["groups"].as_array().expect("groups").iter().map(|g| &g["keys"][0]["value"]).collect();
    assert_eq!(months, [&json!("2026-11")], "the newest are counted");
    let few =
        stats(&app, &analyst(), &["MONTH"], &[], &json!({ "openedAt": { "lt": "2026-11-01T00:00:00Z" } }), "UTC").await;
    assert_eq!((&few["count"], &few["capped"]), (&json!(40), &json!(false)));
}
