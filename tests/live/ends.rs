//! How streams end, and what does not end them.

use std::time::Duration;

use chancery::{config::Limits, store::Engine};
use rstest::rstest;
use serde_json::{Value, json};

use crate::{
    CONCERNS, by_officer, raised,
    support::{
        app::{App, Who},
        enrolled,
        small_world::{self, analyst, french, french_administrator, french_colleague, liaison_officer, row, run},
    },
};

/// Another mission in an officer's portfolio.
pub async fn change_portfolio(app: &App, _: &Who) {
    let sql = format!(
        "insert into portfolio (person_id, mission_id) values ('{}', '{}'); update standing set version = version + 1",
        row('P', 4),
        row('M', 5)
    );
    run(&app.db, &sql).await;
    noticed(app);
}

/// The registry relies upon what it has read for half a second, by a clock that stands in tests.
fn noticed(app: &App) {
    app.db.clock.advance(time::Duration::SECOND);
}

/// Each response is one line of its event, also where the database writes a list in several; and the end is an event.
#[rstest]
#[tokio::test]
async fn a_question_is_answered_once_and_is_complete(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = enrolled(engine).await;
    let mut listener = app.listen(&french(), "{ missions(first: 3) { nodes { id name } } }", json!({})).await;
    let answer = listener.response().await.expect("an answer");
    assert_eq!(answer["data"]["missions"]["nodes"].as_array().map(Vec::len), Some(3));
    assert_eq!(listener.raw().await, Some(("complete".to_owned(), String::new())));
    assert_eq!(listener.raw().await, None);
}

#[rstest]
#[tokio::test]
async fn a_token_that_has_expired_ends_it(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = enrolled(engine).await;
    let mut listener = app.listen(&french(), CONCERNS, json!({})).await;
    listener.told("RESYNC").await;
    app.db.clock.advance(time::Duration::hours(2));
    assert_eq!(listener.end().await, "UNAUTHENTICATED");
}

#[rstest]
#[tokio::test]
async fn whoever_is_disabled_is_told_no_more(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = enrolled(engine).await;
    let (mut of_one, mut of_another) =
        (app.listen(&french_colleague(), CONCERNS, json!({})).await, app.listen(&french(), CONCERNS, json!({})).await);
    of_one.told("RESYNC").await;
    of_another.told("RESYNC").await;
    let person = json!({ "personId": small_world::public("person", 'P', 2), "reason": "Left" });
    let reply = app
        .ask(
            &french_administrator(),
            "mutation($input: DisablePersonInput!) { disablePerson(input: $input) { person { id } } }",
            json!({ "input": { "personId": person["personId"] } }),
        )
        .await;
    reply.data();
    assert_eq!(of_one.end().await, "UNAUTHENTICATED");
    // That the registry changed is no business of others: they are told on as if nothing had happened.
    let id = raised(&app, "HIGH").await;
    assert_eq!(of_another.told("CHANGED").await["id"], id);
}

#[rstest]
#[tokio::test]
async fn a_suspended_agency_is_told_no_more(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = enrolled(engine).await;
    let mut listener = app.listen(&french(), CONCERNS, json!({})).await;
    listener.told("RESYNC").await;
    let sql = format!(
        "update agency set suspended_at = '2026-11-22T12:00:00.000000Z' where id = '{}'; update standing set version = version + 1",
        row('A', 1)
    );
    run(&app.db, &sql).await;
    noticed(&app);
    assert_eq!(listener.end().await, "UNAUTHENTICATED");
}

#[rstest]
#[tokio::test]
async fn other_standing_is_read_afresh(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = enrolled(engine).await;
    let mut officer = app.listen(&liaison_officer(), CONCERNS, json!({})).await;
    let mut mission = app.listen(&french(), CONCERNS, json!({})).await;
    officer.told("RESYNC").await;
    mission.told("RESYNC").await;
    change_portfolio(&app, &liaison_officer()).await;
    officer.told("RESYNC").await;
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    mission.silence().await;
    let id = raised(&app, "HIGH").await;
    assert_eq!(officer.told("CHANGED").await["id"], id);
    assert_eq!(mission.told("CHANGED").await["id"], id);
}

/// A turn on watch begins and ends by the clock alone.
#[rstest]
#[tokio::test]
async fn a_turn_on_watch_is_other_standing(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = enrolled(engine).await;
    let sql = format!(
        "insert into watch_shift (id, person_id, starts_at, ends_at) values ('w', '{}', '2026-11-22T12:30:00.000000Z', '2026-11-22T20:00:00.000000Z'); update standing set version = version + 1",
        row('P', 4)
    );
    run(&app.db, &sql).await;
    let mut listener = app.listen(&liaison_officer(), CONCERNS, json!({})).await;
    listener.told("RESYNC").await;
    app.db.clock.advance(time::Duration::minutes(30));
    listener.told("RESYNC").await;
    listener.silence().await;
}

/// Nobody waits for who does not read: they are let go, with what they can go on from.
#[rstest]
#[tokio::test]
async fn whoever_reads_slowly_is_let_go(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = enrolled(engine).await;
    let mut slow = app.listen(&french(), CONCERNS, json!({})).await;
    let low = json!({ "filter": { "severity": ["LOW"] } });
    let mut quiet = app.listen(&french(), CONCERNS, low).await;
    slow.told("RESYNC").await;
    quiet.told("RESYNC").await;
    for _ in 0..80 {
        raised(&app, "HIGH").await;
    }
    // Nothing was told there, and nobody is slow.
    raised(&app, "LOW").await;
    quiet.told("CHANGED").await;
    let mut told = Vec::new();
    let mut after = Value::Null;
    let code = loop {
        let response = slow.response().await.expect("it says why");
        if let Some(code) = response["errors"][0]["extensions"]["code"].as_str() {
            break code.to_owned();
        }
        let event = response["data"]["concernChanged"].clone();
        after = event["cursor"].clone();
        told.push(event["id"].clone());
    };
    assert_eq!(code, "RATE_LIMITED");
    assert!(told.len() < 80, "{}", told.len());
    // Going on, the rest is told.
    let mut rest = app.listen(&french(), CONCERNS, json!({ "after": after })).await;
    while told.len() < 81 {
        let event = rest.told("CHANGED").await;
        assert!(!told.contains(&event["id"]), "twice");
        told.push(event["id"].clone());
    }
    rest.silence().await;
}

#[rstest]
#[tokio::test]
async fn a_server_that_goes_says_so(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = enrolled(engine).await;
    let mut listener = app.listen(&french(), CONCERNS, json!({})).await;
    listener.told("RESYNC").await;
    app.door.streams.close();
    assert_eq!(listener.end().await, "TIMEOUT");
    drop(listener);
    tokio::time::timeout(Duration::from_secs(5), app.door.streams.ended()).await.expect("none is open");
}

#[rstest]
#[tokio::test]
async fn an_agency_has_so_many_streams(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = enrolled(engine).await.another(Limits { agency_streams: 2, ..Limits::default() }).await;
    let mut two = Vec::new();
    for _ in 0..2 {
        let mut listener = app.listen(&french(), CONCERNS, json!({})).await;
        listener.told("RESYNC").await;
        two.push(listener);
    }
    assert_eq!(app.listen(&french_colleague(), CONCERNS, json!({})).await.end().await, "RATE_LIMITED");
    app.listen(&analyst(), CONCERNS, json!({})).await.told("RESYNC").await;
    two.pop();
    tokio::time::sleep(Duration::from_millis(200)).await;
    app.listen(&french_colleague(), CONCERNS, json!({})).await.told("RESYNC").await;
}

/// What is wrong with a request is told as an answer, and that is the end.
#[rstest]
#[case::two_fields(
    "subscription { a: concernChanged { change } b: concernChanged { change } }",
    "GRAPHQL_VALIDATION_FAILED"
)]
#[case::typename("subscription { __typename }", "GRAPHQL_VALIDATION_FAILED")]
#[case::skipped("subscription { concernChanged @skip(if: true) { change } }", "GRAPHQL_VALIDATION_FAILED")]
#[case::unknown("subscription { everything { change } }", "GRAPHQL_VALIDATION_FAILED")]
#[case::no_selection("subscription { concernChanged }", "GRAPHQL_VALIDATION_FAILED")]
#[case::not_a_value(
    "subscription { concernChanged(filter: { status: [GONE] }) { change } }",
    "GRAPHQL_VALIDATION_FAILED"
)]
#[case::no_text("subscription { concernChanged(after: 1) { change } }", "GRAPHQL_VALIDATION_FAILED")]
#[case::too_large(
    "subscription { concernChanged { concern { entries(first: 1000) { totalCount } } } }",
    "BAD_USER_INPUT"
)]
#[case::no_cursor(
    "subscription { concernChanged { concern { entries(after: \"x\") { nodes { id } } } } }",
    "BAD_USER_INPUT"
)]
#[case::no_document("subscription {", "GRAPHQL_PARSE_FAILED")]
#[tokio::test]
async fn what_is_wrong_is_said(#[case] query: &str, #[case] code: &str) {
    let app = enrolled(Engine::Sqlite).await;
    assert_eq!(app.listen(&french(), query, json!({})).await.end().await, code, "{query}");
}

/// What can be answered once is answered once.
#[rstest]
#[tokio::test]
async fn questions_and_commands_are_answered_too(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = enrolled(engine).await;
    let mut listener = app.listen(&french(), "{ viewer { role } }", json!({})).await;
    assert_eq!(listener.response().await, Some(json!({ "data": { "viewer": { "role": "MISSION_OFFICER" } } })));
    assert_eq!(listener.response().await, None);
    let id = raised(&app, "HIGH").await;
    by_officer(&app, "acknowledgeConcern", json!({ "concernId": id })).await;
    let reply = app.ask(&french(), CONCERNS, json!({})).await;
    assert_eq!(reply.code(), "BAD_USER_INPUT", "{}", reply.text);
    let command =
        "mutation($id: ID!) { withdrawConcern(input: { concernId: $id, reason: \"It left\" }) { concern { status } } }";
    let mut listener = app.listen(&french(), command, json!({ "id": id })).await;
    let told = listener.response().await.expect("an answer");
    assert_eq!(told["data"]["withdrawConcern"]["concern"]["status"], "WITHDRAWN", "{told}");
    assert_eq!(listener.response().await, None);
}
