//! Statistics of incidents and programmes of posts, and of details, against loops over what the lists tell.

use std::collections::BTreeMap;

use chancery::{
    model::{
        stats::{DETAILS, INCIDENTS, PROGRAMMES, Statistics},
        view::View,
    },
    store::Engine,
};
use jiff::{Timestamp, ToSpan as _, civil::Date, tz::TimeZone};
use rstest::rstest;
use serde_json::{Value, json};

use crate::{
    percentile, seconds,
    support::{
        abroad::POSTS,
        app::{App, Who},
        programmes::second_security_officer,
        small_world::{self, everybody, row},
    },
};

/// Value and label of a key.
type Key = (Option<String>, Option<String>);

/// The small world, with incidents and details at all hours around the end of summer time; of the details some are closed.
async fn app(engine: Engine) -> App {
    let app = small_world::app(engine).await;
    let mut sql = String::new();
    for slot in 2..2 + 2 * POSTS {
        let at = format!("2026-1{}-0{}T0{}:{:02}:00.123456Z", slot % 2, slot % 3 + 1, slot % 7 + 2, slot);
        let resolved =
            if slot % 3 == 0 { format!("'2026-11-{:02}T01:00:00.999999Z'", slot + 3) } else { "null".to_owned() };
        let id = row('Z', slot);
        sql += &format!("update incident set opened_at = '{at}', resolved_at = {resolved} where id = '{id}';");
    }
    for number in 1..=4 {
        let at = format!("2026-1{}-01T0{}:59:59.999999Z", number % 2, number + 2);
        sql += &format!("update protective_detail set opened_at = '{at}' where id = '{}';", row('5', number));
    }
    for number in [1, 4] {
        let at = format!("2026-11-2{number}T00:00:00.000000Z");
        sql += &format!(
            "update protective_detail set status = 'CLOSED', closed_at = '{at}' where id = '{}';",
            row('5', number)
        );
    }
    small_world::change(&app.db, &sql).await;
    app
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(ToOwned::to_owned)
}

/// The day that an instant or a date lies on.
fn day(value: &Value, zone: &TimeZone) -> Date {
    let text = value.as_str().expect("a date or an instant");
    match text.parse::<Timestamp>() {
        Ok(at) => at.to_zoned(zone.clone()).date(),
        Err(_) => text.parse().expect("a date"),
    }
}

fn key(row: &Value, by: &str, dated: &str, zone: &TimeZone) -> Key {
    let plain = |value: Option<String>| (value.clone(), value);
    match by {
        "POST" => (text(&row["post"]["id"]), text(&row["post"]["name"])),
        "COUNTRY" => (text(&row["post"]["country"]["id"]), text(&row["post"]["country"]["name"])),
        "DAY" => plain(Some(day(&row[dated], zone).to_string())),
        "WEEK" => {
            let day = day(&row[dated], zone);
            let since = i64::from(day.weekday().to_monday_zero_offset());
            plain(Some(day.saturating_sub(since.days()).to_string()))
        }
        "MONTH" => plain(Some(day(&row[dated], zone).to_string()[..7].to_owned())),
        field => plain(text(&row[field.to_lowercase()])),
    }
}

/// How long something took, in whole seconds, if both ends are read.
fn took(row: &Value, measure: &str) -> Option<i64> {
    let end = match measure {
        "timeToResolve" => "resolvedAt",
        "timeOpen" => "closedAt",
        other => panic!("{other}"),
    };
    Some(seconds(&row[end])? - seconds(&row["openedAt"])?)
}

/// What is asked of one kind of statistics: its field, the rows that it should count, and by what these are dated.
struct Asked {
    field: &'static str,
    of: &'static Statistics,
    dated: &'static str,
    rows: Vec<Value>,
}

/// The rows of all three, as their lists tell somebody: with the fields that the role's schema has.
async fn asked(app: &App, who: &Who, view: &View) -> Vec<Asked> {
    let fields = |of: &Statistics, names: &[&'static str]| -> String {
        names.iter().copied().filter(|name| view.reads(of.kind, &[name])).collect::<Vec<_>>().join(" ")
    };
    let listed = async |query: String| app.ask(who, &query, json!({})).await.data()["rows"]["nodes"].clone();
    let mut all = Vec::new();
    if view.ty(INCIDENTS.kind).is_some() {
        let fields = fields(&INCIDENTS, &["setting", "category", "severity", "status", "openedAt", "resolvedAt"]);
        let post = "post { id name country { id name } }";
        let rows = listed(format!("{{ rows: incidents(first: 100) {{ nodes {{ {fields} {post} }} }} }}")).await;
        all.push((("incidentStats", &INCIDENTS, "openedAt"), rows.as_array().expect("a list").clone()));
    }
    if view.ty(PROGRAMMES.kind).is_some() {
        // They have no list of their own: each is its post's.
        let fields = fields(&PROGRAMMES, &["kind", "outcome", "nextReviewOn"]);
        let below = format!("programmes(first: 100) {{ nodes {{ {fields} }} }}");
        let posts = format!("{{ rows: posts(first: 100) {{ nodes {{ id name country {{ id name }} {below} }} }} }}");
        let mut rows = Vec::new();
        for post in listed(posts).await.as_array().expect("a list") {
            for programme in post["programmes"]["nodes"].as_array().expect("a list") {
                let mut programme = programme.clone();
                programme["post"] = post.clone();
                rows.push(programme);
            }
        }
        all.push((("programmeStats", &PROGRAMMES, "nextReviewOn"), rows));
    }
    if view.ty(DETAILS.kind).is_some() {
        let fields = fields(&DETAILS, &["protectee", "status", "openedAt", "closedAt"]);
        let rows = listed(format!("{{ rows: protectiveDetails(first: 100) {{ nodes {{ {fields} }} }} }}")).await;
        all.push((("detailStats", &DETAILS, "openedAt"), rows.as_array().expect("a list").clone()));
    }
    all.into_iter().map(|((field, of, dated), rows)| Asked { field, of, dated, rows }).collect()
}

/// What they should say: the largest groups first, then by their values, what is absent last.
fn expected(asked: &Asked, by: &[&str], measures: &[&str], zone: &TimeZone) -> Value {
    type Values = Vec<(bool, Option<String>)>;
    let mut groups: BTreeMap<Values, (Vec<Key>, Vec<&Value>)> = BTreeMap::new();
    for row in &asked.rows {
        let keys: Vec<Key> = by.iter().map(|by| key(row, by, asked.dated, zone)).collect();
        let values = keys.iter().map(|(value, _)| (value.is_none(), value.clone())).collect();
        groups.entry(values).or_insert_with(|| (keys, Vec::new())).1.push(row);
    }
    let mut groups: Vec<_> = groups.into_values().collect();
    groups.sort_by_key(|(_, rows)| std::cmp::Reverse(rows.len()));
    let groups: Vec<Value> = groups
        .into_iter()
        .map(|(keys, rows)| {
            let key = |(by, (value, label)): (&&str, Key)| json!({ "by": by, "value": value, "label": label });
            let keys: Vec<Value> = by.iter().zip(keys).map(key).collect();
            let mut group = json!({ "keys": keys, "count": rows.len() });
            for measure in measures {
                let found: Vec<i64> = rows.iter().filter_map(|row| took(row, measure)).collect();
                group[*measure] = json!({ "count": found.len(), "p50Seconds": percentile(&found, 50),
                    "p95Seconds": percentile(&found, 95), "maxSeconds": percentile(&found, 100) });
            }
            group
        })
        .collect();
    json!({ "count": asked.rows.len(), "capped": false, "groupCount": groups.len(), "groups": groups })
}

async fn told(
    app: &App,
    who: &Who,
    asked: &Asked,
    (by, measures, zone): (&[&str], &[&str], &str),
    more: &str,
) -> Value {
    let durations: String =
        measures.iter().map(|measure| format!("{measure} {{ count p50Seconds p95Seconds maxSeconds }} ")).collect();
    let query = format!(
        "{{ {}(groupBy: [{}], timeZone: \"{zone}\", first: 1000{more}) {{ count capped groupCount groups {{ keys {{ by value label }} count {durations} }} }} }}",
        asked.field,
        by.join(", ")
    );
    let before = app.gateway().statements();
    let found = app.ask(who, &query, json!({})).await.data()[asked.field].clone();
    assert_eq!(app.gateway().statements() - before, 1, "{query}");
    found
}

#[rstest]
#[tokio::test]
async fn what_is_abroad_and_who_is_protected_is_counted(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = app(engine).await;
    let mut counted: BTreeMap<&str, usize> = BTreeMap::new();
    for who in everybody().into_iter().chain([second_security_officer()]) {
        let view = View::of(who.role);
        for asked in asked(&app, &who, &view).await {
            let by: Vec<&str> = asked.of.groupings_of(&view).iter().map(|grouping| grouping.name).collect();
            let measures: Vec<&str> = asked.of.measures_of(&view).iter().map(|measure| measure.name).collect();
            for (place, first) in by.iter().enumerate() {
                let other = by[(place + 2) % by.len()];
                let keys = if other == *first { vec![*first] } else { vec![*first, other] };
                for zone in ["America/New_York", "UTC", "Pacific/Auckland"] {
                    let right = expected(&asked, &keys, &measures, &TimeZone::get(zone).expect("a zone"));
                    let found = told(&app, &who, &asked, (&keys, &measures, zone), "").await;
                    assert_eq!(found, right, "{engine:?} {:?} {} {keys:?} {zone}", who.role, asked.field);
                    *counted.entry(asked.field).or_default() += asked.rows.len();
                }
            }
        }
    }
    assert_eq!(counted.len(), 3);
    assert!(counted.values().all(|rows| *rows > 50), "{counted:?}");
}

/// A filter is judged by what is read, as in the list; what a programme is kept no more counts unless it says otherwise.
#[rstest]
#[tokio::test]
async fn what_matches_is_counted(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = app(engine).await;
    let mut cut = 0;
    for who in everybody().into_iter().chain([second_security_officer()]) {
        let view = View::of(who.role);
        for mut asked in asked(&app, &who, &view).await {
            let (filter, kept): (&str, fn(&Value) -> bool) = match asked.field {
                "incidentStats" => ("severity: { eq: HIGH }", |row| row["severity"] == "HIGH"),
                "programmeStats" => ("not: { outcome: { isNull: true } }", |row| row["outcome"].is_string()),
                _ => ("protectee: { eq: VISITOR }", |row| row["protectee"] == "VISITOR"),
            };
            let all = asked.rows.len();
            asked.rows.retain(kept);
            let zone = TimeZone::UTC;
            let more = format!(", filter: {{ {filter} }}");
            let found = told(&app, &who, &asked, (&["MONTH"], &[], "UTC"), &more).await;
            assert_eq!(found, expected(&asked, &["MONTH"], &[], &zone), "{:?} {}", who.role, asked.field);
            cut += usize::from(!asked.rows.is_empty() && asked.rows.len() < all);
        }
    }
    assert!(cut > 5, "{cut}");
}

/// A role's schema has the groups and durations whose fields it may ever read, and no statistics of types that it never sees.
#[rstest]
#[tokio::test]
async fn what_is_never_read_is_not_counted(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = small_world::app(engine).await;
    for who in everybody() {
        let role = who.role.name();
        for (query, roles) in [
            (
                "incidentStats(groupBy: SETTING) { groups { timeToResolve { count } } }",
                "ANALYST REGIONAL_SECURITY_OFFICER",
            ),
            ("programmeStats(groupBy: KIND) { count }", "ANALYST REGIONAL_SECURITY_OFFICER"),
            (
                "detailStats(groupBy: PROTECTEE) { count }",
                "MISSION_OFFICER LAW_ENFORCEMENT ANALYST LIAISON_OFFICER DETAIL_AGENT",
            ),
            // When a detail was closed is told with its shifts.
            ("detailStats(groupBy: STATUS) { groups { timeOpen { count } } }", "LAW_ENFORCEMENT DETAIL_AGENT"),
        ] {
            let reply = app.ask(&who, &format!("{{ {query} }}"), json!({})).await;
            let is_known = roles.split(' ').any(|name| name == role);
            assert_eq!(reply.json.get("errors").is_none(), is_known, "{role} {query}: {}", reply.text);
            if !is_known {
                assert_eq!(reply.code(), "GRAPHQL_VALIDATION_FAILED");
            }
        }
    }
}
