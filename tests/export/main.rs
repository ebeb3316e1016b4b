//! Exports: the file says what the graph says to the same person, and no more is taken away than that.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "the whole crate is a test; the lints' own exemption covers only functions marked as tests"
)]

#[path = "../support/mod.rs"]
mod support;

mod command;

use std::time::Duration;

use axum::{
    body::Body,
    http::{Response, StatusCode, Version, header},
};
use chancery::{
    access::Role,
    config::Limits,
    desk::{Work, registry::person},
    store::Engine,
};
use http_body_util::BodyExt as _;
use rstest::rstest;
use serde_json::{Value, json};

use support::{
    TestDb,
    app::{App, Who},
    small_world::{self, analyst, everybody, row},
};

async fn text(response: Response<Body>) -> String {
    assert_eq!(response.status(), StatusCode::OK);
    let bytes = response.into_body().collect().await.expect("a whole body").to_bytes();
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

async fn refusal(response: Response<Body>) -> (StatusCode, Value) {
    let status = response.status();
    let bytes = response.into_body().collect().await.expect("a body").to_bytes();
    (status, serde_json::from_slice(&bytes).expect("JSON"))
}

fn percent(text: &str) -> String {
    text.bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

/// How many rows the graph counts.
async fn count(app: &App, root: &str) -> usize {
    let reply = app.ask(&analyst(), &format!("{{ {root} {{ totalCount }} }}"), json!({})).await;
    usize::try_from(reply.data()[root]["totalCount"].as_u64().expect("a count")).expect("a size")
}

/// Header and records.
fn table(csv: &str) -> (Vec<String>, Vec<Vec<String>>) {
    assert!(csv.split("\r\n").count() > 1 && csv.ends_with("\r\n"), "RFC 4180: lines end with CR LF");
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let cells = |record: &csv::StringRecord| record.iter().map(ToOwned::to_owned).collect::<Vec<_>>();
    let header = cells(reader.headers().expect("a header"));
    (header, reader.records().map(|record| cells(&record.expect("a record"))).collect())
}

/// What the graph says of the same rows, by the columns' names.
async fn by_the_graph(app: &App, who: &Who, root: &str, header: &[String], filter: &Value) -> Vec<Vec<Value>> {
    let selection: String = header
        .iter()
        .map(|name| {
            let path: Vec<&str> = name.split('.').collect();
            format!("{}{} ", path.join(" { "), " }".repeat(path.len() - 1))
        })
        .collect();
    let ty = if root == "concerns" { "Concern" } else { "Mission" };
    let query = format!("query Q($f: {ty}Filter) {{ {root}(first: 100, filter: $f) {{ nodes {{ {selection} }} }} }}");
    let reply = app.ask(who, &query, json!({ "f": filter })).await;
    let nodes = reply.data()[root]["nodes"].as_array().expect("nodes").clone();
    let value = |node: &Value, name: &String| name.split('.').fold(node, |value, name| &value[name]).clone();
    nodes.iter().map(|node| header.iter().map(|name| value(node, name)).collect()).collect()
}

fn as_cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(|item| item.as_str().expect("text")).collect::<Vec<_>>().join("; "),
        other => other.to_string(),
    }
}

#[rstest]
#[tokio::test]
async fn a_table_says_what_the_graph_says(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = small_world::app(engine).await;
    let filters = [json!({}), json!({ "severity": { "in": ["HIGH", "CRITICAL"] } }), json!({ "id": { "in": [] } })];
    for (root, filter) in
        [("concerns", &filters[0]), ("concerns", &filters[1]), ("concerns", &filters[2]), ("missions", &filters[0])]
    {
        let path = format!("/export/{root}?format=csv&filter={}", percent(&filter.to_string()));
        let response = app.fetch(&analyst(), &path).await;
        let headers = response.headers().clone();
        assert_eq!(headers[header::CONTENT_TYPE], "text/csv; charset=utf-8; header=present");
        assert_eq!(headers[header::CONTENT_DISPOSITION], format!("attachment; filename=\"{root}-2026-11-22.csv\""));
        assert_eq!(headers[header::CACHE_CONTROL], "no-store");
        assert_eq!(headers[header::VARY], "Authorization");
        let (header, rows) = table(&text(response).await);
        let expected = by_the_graph(&app, &analyst(), root, &header, filter).await;
        let expected: Vec<Vec<String>> = expected.iter().map(|row| row.iter().map(as_cell).collect()).collect();
        assert_eq!(rows, expected, "{engine:?} {root} {filter}");
        // The columns are those of the role's schema: nothing protected.
        for column in ["reporter", "subjects", "guardPosture", "latitude"] {
            assert_eq!(
                header.iter().any(|name| name == column),
                root == "missions" && column == "latitude",
                "{column}"
            );
        }
    }
}

#[rstest]
#[tokio::test]
async fn a_map_says_what_the_graph_says(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = small_world::app(engine).await;
    small_world::change(&app.db, "update mission set longitude = -77.25 where latitude is not null;").await;
    for root in ["concerns", "missions"] {
        let response = app.fetch(&analyst(), &format!("/export/{root}?format=geojson")).await;
        assert_eq!(response.headers()[header::CONTENT_TYPE], "application/geo+json");
        let map: Value = serde_json::from_str(&text(response).await).expect("JSON");
        assert_eq!(map["type"], "FeatureCollection");
        let features = map["features"].as_array().expect("features");
        assert_eq!(features.len(), count(&app, root).await);
        let names: Vec<String> = features[0]["properties"]
            .as_object()
            .expect("properties")
            .keys()
            .filter(|name| *name != "positionOf")
            .cloned()
            .collect();
        let header: Vec<String> = std::iter::once("id".to_owned()).chain(names).collect();
        let expected = by_the_graph(&app, &analyst(), root, &header, &json!({})).await;
        let mut somewhere = 0;
        for (feature, expected) in features.iter().zip(expected) {
            assert_eq!(feature["type"], "Feature");
            assert_eq!(feature["id"], expected[0]);
            for (name, value) in header.iter().zip(&expected).skip(1) {
                assert_eq!(feature["properties"][name], *value, "{name}");
            }
            // An analyst does not read where a concern happened; its mission's place is marked as such.
            let at = if root == "missions" { "" } else { "mission." };
            let latitude = &feature["properties"][format!("{at}latitude")];
            if latitude.is_null() {
                assert_eq!(feature["geometry"], Value::Null);
            } else {
                assert_eq!(feature["geometry"], json!({ "type": "Point", "coordinates": [-77.25, latitude] }));
                assert_eq!(feature["properties"].get("positionOf"), (root == "concerns").then_some(&json!("mission")));
                somewhere += 1;
            }
        }
        assert!(somewhere > 0);
    }
}

/// What a role may not export is not there, like what nobody may.
#[rstest]
#[tokio::test]
async fn who_may_not_export_learns_nothing(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = small_world::app(engine).await;
    for who in everybody().into_iter().filter(|who| who.role != Role::Analyst) {
        let expected = refusal(app.fetch(&who, "/export/shoes?format=csv").await).await;
        assert_eq!(expected.0, StatusCode::NOT_FOUND);
        for path in ["/export/concerns", "/export/missions?format=geojson", "/export/concerns?filter=%7B%7D"] {
            let before = app.gateway().statements();
            assert_eq!(refusal(app.fetch(&who, path).await).await, expected, "{:?} {path}", who.role);
            assert_eq!(app.gateway().statements(), before, "nothing was read");
        }
    }
    assert_eq!(app.fetch(&analyst(), "/export/persons").await.status(), StatusCode::NOT_FOUND);
}

#[rstest]
#[tokio::test]
async fn what_is_wrong_is_named(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = App::with(world(engine).await, Limits { export_rows: 5, ..Limits::default() }).await;
    for (query, code, message) in [
        ("format=xlsx", "BAD_USER_INPUT", "format: expected csv or geojson"),
        ("format=csv&format=csv", "BAD_USER_INPUT", "format: expected once"),
        ("filter=7", "BAD_USER_INPUT", "filter: expected an object of JSON"),
        ("filter=%7B", "BAD_USER_INPUT", "filter: expected an object of JSON"),
        ("fliter=%7B%7D", "BAD_USER_INPUT", "query string: expected format and filter, nothing else"),
        ("", "QUERY_TOO_COMPLEX", "filter: 30 rows match, an export takes at most 5; narrow it"),
    ] {
        let (status, body) = refusal(app.fetch(&analyst(), &format!("/export/concerns?{query}")).await).await;
        let message = message.replace("30", &count(&app, "concerns").await.to_string());
        assert_eq!(body["errors"][0]["extensions"]["code"], code, "{query}");
        assert_eq!(body["errors"][0]["message"], message, "{query}");
        assert_eq!(status, StatusCode::BAD_REQUEST, "{query}");
    }
    let filter = percent(r#"{"reporter": {"eq": "x"}}"#);
    let (status, body) = refusal(app.fetch(&analyst(), &format!("/export/concerns?filter={filter}")).await).await;
    assert_eq!((status, &body["errors"][0]["extensions"]["code"]), (StatusCode::BAD_REQUEST, &json!("BAD_USER_INPUT")));
}

async fn world(engine: Engine) -> TestDb {
    let db = TestDb::new(engine).await;
    small_world::fill(&db).await;
    db
}

/// Whoever raises a concern must not run anything where an analyst opens the file.
#[rstest]
#[tokio::test]
async fn what_looks_like_a_formula_is_text(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = small_world::app(engine).await;
    let hidden = [" =1+1", "\u{a0}+cmd", "\u{200b}=1", "\u{202e}@x", "\u{feff}\u{2066}-2+3"];
    let titles =
        ["=1+1", "@SUM(A1)", "+cmd|'/C calc'!A0", "-2+3", "\tx", "\"=1\"", "a,b\nc", "+12025550111", "-7.5", "é"];
    let titles: Vec<&str> = titles.into_iter().chain(hidden).collect();
    let ids = table(&text(app.fetch(&analyst(), "/export/concerns").await).await).1;
    let ids: Vec<String> = ids.into_iter().map(|row| row[0].clone()).collect();
    for (id, title) in ids.iter().zip(&titles) {
        let sql = format!(
            "update concern set title = '{}' where id = '{}';",
            title.replace('\'', "''"),
            id.replace("concern_", "")
        );
        small_world::run(&app.db, &sql).await;
    }
    let (header, rows) = table(&text(app.fetch(&analyst(), "/export/concerns").await).await);
    let column = |name| header.iter().position(|have| have == name).expect("a column");
    for (id, title) in ids.iter().zip(&titles) {
        let found = rows.iter().find(|row| row[column("id")] == *id).expect("the row");
        let is_formula = title.starts_with(['=', '@', '\t']) || ["+cmd|'/C calc'!A0", "-2+3"].contains(title);
        let is_formula = is_formula || hidden.contains(title);
        let expected = if is_formula { format!("'{title}") } else { (*title).to_owned() };
        assert_eq!(found[column("title")], expected);
    }
}

/// Copies of a concern, so that there are several pages.
async fn many(db: &TestDb) {
    let columns =
        "kind, category, severity, status, mission_id, title, narrative, origin_agency_id, subjects, tlp, opened_at";
    let sql: String = (0..250)
        .map(|number| {
            format!(
                "insert into concern (id, reference, {columns}) select 'X{number:025}', 'C-X-{number}', {columns} from concern where id = '{}';",
                row('N', 1)
            )
        })
        .collect();
    small_world::change(db, &sql).await;
}

#[rstest]
#[tokio::test]
async fn every_page_asks_for_present_standing(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = small_world::app(engine).await;
    many(&app.db).await;
    let (_, rows) = table(&text(app.fetch(&analyst(), "/export/concerns").await).await);
    assert_eq!(rows.len(), count(&app, "concerns").await);
    assert!(rows.len() > 250);

    let mut body = app.fetch(&analyst(), "/export/concerns").await.into_body();
    let first = body.frame().await.expect("a frame").expect("the first page").into_data().expect("data");
    assert!(first.starts_with(b"id,reference,"));
    let mut work = Work::begin(&app.db.store, &app.db.clock).await.expect("work");
    assert!(person::disable(&mut work, &analyst().agency, &analyst().subject).await.expect("disabled"));
    work.commit().await.expect("committed");
    let mut pages = 1;
    loop {
        match body.frame().await {
            Some(Ok(_)) => pages += 1,
            Some(Err(_)) => break,
            None => panic!("a file that ends is taken for whole: {pages} pages"),
        }
    }
    assert!(pages < 3, "{pages}: standing is read anew within the time it may be remembered");
}

#[rstest]
#[tokio::test]
async fn more_than_so_many_at_once_come_again(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = world(engine).await;
    many(&db).await;
    let app = App::with(db, Limits { exports: 1, ..Limits::default() }).await;
    let open = app.fetch(&analyst(), "/export/concerns").await;
    let busy = app.fetch(&analyst(), "/export/missions").await;
    assert_eq!(busy.headers()[header::RETRY_AFTER], "10");
    let (status, body) = refusal(busy).await;
    assert_eq!(
        (status, &body["errors"][0]["extensions"]["code"]),
        (StatusCode::TOO_MANY_REQUESTS, &json!("RATE_LIMITED"))
    );
    // A client that goes away gives its place back.
    drop(open);
    place_is_back(&app).await;
}

/// Within some seconds another export begins.
async fn place_is_back(app: &App) {
    for _ in 0..100 {
        if app.fetch(&analyst(), "/export/missions").await.status() == StatusCode::OK {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the place is still taken");
}

/// A client that stops reading does not keep its place beyond the time that an export may take, and what it reads when
/// it wakes up does not look whole.
#[rstest]
#[tokio::test]
async fn who_stops_reading_loses_the_place(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = world(engine).await;
    many(&db).await;
    let app = App::with(db, Limits { exports: 1, export_seconds: 1, ..Limits::default() }).await;
    let open = app.fetch(&analyst(), "/export/concerns").await;
    assert_eq!(open.status(), StatusCode::OK);
    assert_eq!(app.fetch(&analyst(), "/export/missions").await.status(), StatusCode::TOO_MANY_REQUESTS);
    place_is_back(&app).await;
    let body = open.into_body().collect().await;
    assert!(body.is_err(), "half a file looks whole");
}

/// There the end of a file that was cut is the end of a whole one.
#[rstest]
#[tokio::test]
async fn a_protocol_that_cannot_show_the_end_is_refused(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = small_world::app(engine).await;
    let response = app.fetch_by(&analyst(), "/export/concerns", Version::HTTP_10).await;
    let (status, body) = refusal(response).await;
    assert_eq!(status, StatusCode::HTTP_VERSION_NOT_SUPPORTED);
    assert_eq!(body["errors"][0]["message"], "an export needs HTTP/1.1 or later: its end must show");
    assert_eq!(app.fetch_by(&analyst(), "/export/concerns", Version::HTTP_2).await.status(), StatusCode::OK);
}
