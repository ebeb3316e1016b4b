//! The operators' door, and what is counted.

use chancery::store::Engine;
use rstest::rstest;
use serde_json::json;

use super::support::{
    TestDb,
    program::{Program, get, post},
};

#[rstest]
#[tokio::test]
async fn requests_are_counted_by_what_they_were(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = TestDb::new(engine).await;
    let config = "[log]\nlevel = \"info,chancery=info\"\nslow_milliseconds = 0\n[admin]\nlisten = \"127.0.0.1:0\"\n";
    let program = Program::demo(&db, config);
    let operators = program.operators().await;
    assert_ne!(operators, program.address);

    let named = |name: &str| json!({ "query": format!("query {name} {{ concerns(first: 1) {{ nodes {{ title }} }} }}"), "operationName": name });
    program.ask("ANALYST", &named("Counted")).await;
    program.ask("ANALYST", &named("Counted")).await;
    program.ask("ANALYST", &json!({ "query": "query Wrong { nothing }", "operationName": "Wrong" })).await;
    post(program.address, "no token", "{}").await.expect("an answer");
    // A command that fails, by the name that its document gives it.
    let raise = "mutation Failing { raiseConcern(input: {missionId: \"mission_nowhere\", kind: CONCERN, category: OTHER, severity: LOW, title: \"t\", narrative: \"n\"}) { __typename } }";
    program.ask("MISSION_OFFICER", &json!({ "query": raise })).await;
    for number in 0..60 {
        let name = format!("Made{number}");
        program
            .ask("ANALYST", &json!({ "query": format!("query {name} {{ viewer {{ role }} }}"), "operationName": name }))
            .await;
    }

    let page = get(operators, "/metrics").await;
    assert_eq!(page.status, 200);
    assert!(page.head.to_ascii_lowercase().contains("content-type: text/plain; version=0.0.4"), "{}", page.head);
    let lines: Vec<&str> = page.body.lines().collect();
    let counted = |parts: &[&str]| {
        let found = lines.iter().filter(|line| {
            line.starts_with("chancery_requests_total{") && parts.iter().all(|part| line.contains(part))
        });
        found.filter_map(|line| line.rsplit(' ').next()?.parse::<u64>().ok()).sum::<u64>()
    };
    assert_eq!(
        counted(&["operation=\"Counted\"", "outcome=\"OK\"", "role=\"ANALYST\"", "path=\"/graphql\""]),
        2,
        "{}",
        page.body
    );
    assert_eq!(counted(&["operation=\"Wrong\"", "outcome=\"GRAPHQL_VALIDATION_FAILED\""]), 1);
    assert_eq!(counted(&["role=\"\"", "outcome=\"UNAUTHENTICATED\""]), 1);
    assert_eq!(
        counted(&["operation=\"Failing\"", "outcome=\"NOT_FOUND\"", "role=\"MISSION_OFFICER\""]),
        1,
        "{}",
        page.body
    );
    assert_eq!(counted(&["operation=\"other\""]), 12, "an agency has fifty names");
    for name in [
        "chancery_request_seconds_bucket{",
        "chancery_statement_seconds_bucket{outcome=\"answered\"",
        "chancery_trail_seconds_count",
        "chancery_slow_statements_total",
        "chancery_sockets ",
        "chancery_build_info{version=",
        "# HELP chancery_requests_total",
    ] {
        assert!(page.body.contains(name), "{name} in {}", page.body);
    }
    let slow = program.logged(0, |line| line["message"] == "slow statement").await;
    assert!(slow["sql"].as_str().is_some_and(|sql| sql.starts_with("select")), "{slow}");
    assert_eq!((slow["role"].as_str(), slow["outcome"].as_str()), (Some("ANALYST"), Some("answered")), "{slow}");
    let id = slow["request_id"].as_str().expect("an id").to_owned();
    program.logged(0, |line| line["message"] == "request" && line["request_id"] == id.as_str()).await;

    for (path, status) in [("/health/live", 200), ("/health/ready", 200), ("/graphql", 404), ("/", 404)] {
        assert_eq!(get(operators, path).await.status, status, "{path}");
    }
    assert_eq!(get(program.address, "/metrics").await.status, 404, "clients have no metrics");
}

/// Without a door for operators nothing is kept, and the door of clients is as it was.
#[tokio::test]
async fn there_is_no_such_door_unless_it_is_wanted() {
    let db = TestDb::new(Engine::Sqlite).await;
    let program = Program::demo(&db, "[log]\nlevel = \"info,chancery=info\"\n");
    assert_eq!(get(program.address, "/health/ready").await.status, 200);
    assert_eq!(get(program.address, "/metrics").await.status, 404);
    assert!(!program.log().contains("serving operators"));
    assert!(!program.log().contains("slow statement"), "a second is not taken here: {}", program.log());
}
