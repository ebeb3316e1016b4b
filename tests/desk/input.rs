//! What is refused before anything is looked at: one error for each field, each with its place and what was expected.

use chancery::store::Engine;
use rstest::rstest;
use serde_json::{Value, json};

use crate::{
    act, desk,
    life::{raised, seen},
    support::small_world::{french, liaison_officer, mission, public},
};

fn sound() -> Value {
    json!({
        "missionId": mission(1), "kind": "QUESTION", "category": "OTHER", "severity": "LOW",
        "title": "A question", "narrative": "Whom do we call?",
    })
}

#[rstest]
#[tokio::test]
async fn every_field_that_is_wrong_is_named(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    let count = "{ concerns { totalCount } }";
    let before = app.ask(&french(), count, json!({})).await.text;
    let long = "x".repeat(201);
    for (field, value) in [
        ("title", json!("")),
        ("title", json!(" \u{3000}")),
        ("title", json!(long)),
        ("title", json!("two\nlines")),
        ("title", json!("hidden\u{202e}txt")),
        ("title", json!("bell\u{7}")),
        ("narrative", json!("\n")),
        ("narrative", json!("x".repeat(20_001))),
        ("occurredAt", json!("2026-11-23T12:00:00Z")),
        ("latitude", json!(90.5)),
        ("longitude", json!(-181)),
        ("subjects", json!(["one", "two\nlines"])),
        ("subjects", json!(vec!["x"; 51])),
        ("idempotencyKey", json!("")),
        ("idempotencyKey", json!("k".repeat(256))),
    ] {
        let mut input = sound();
        input[field] = value.clone();
        let reply = act(&app, &french(), "raiseConcern", input, "concern { id }").await;
        let errors = reply.json["errors"].as_array().expect("errors");
        assert_eq!(errors.len(), 1, "{field} {value}: {}", reply.text);
        assert_eq!(errors[0]["extensions"]["code"], "BAD_USER_INPUT", "{field}: {}", reply.text);
        assert_eq!(errors[0]["extensions"]["input"], json!(["input", field]));
        assert!(errors[0]["extensions"]["expected"].is_string());
        assert_eq!(errors[0]["path"], json!(["raiseConcern"]));
        assert_eq!(reply.status, 200, "a field was refused, not the request");
    }
    let mut input = sound();
    input["title"] = json!("");
    input["latitude"] = json!(99);
    input["subjects"] = json!([""]);
    let reply = act(&app, &french(), "raiseConcern", input, "concern { id }").await;
    let errors = reply.json["errors"].as_array().expect("errors");
    let named: Vec<&Value> = errors.iter().map(|error| &error["extensions"]["input"][1]).collect();
    assert_eq!(named, ["title", "latitude", "subjects"], "all at once, in the order of the schema");
    // What its type does not take never reaches the desk.
    for (field, value) in [("severity", json!("WORST")), ("occurredAt", json!("yesterday")), ("title", json!(7))] {
        let mut input = sound();
        input[field] = value;
        let reply = act(&app, &french(), "raiseConcern", input, "concern { id }").await;
        assert_eq!(reply.code(), "BAD_USER_INPUT", "{}", reply.text);
        assert!(reply.text.contains(field), "{}", reply.text);
    }
    for (field, value) in [
        ("latitude", json!(38.9)),
        ("longitude", json!(-77.0)),
        ("premisesId", json!("premises_x")),
        ("premisesId", json!(public("premises", 'R', 6))),
    ] {
        let mut input = sound();
        input[field] = value;
        let reply = act(&app, &french(), "raiseConcern", input, "concern { id }").await;
        assert_eq!(reply.json["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{field}: {}", reply.text);
    }
    assert_eq!(app.ask(&french(), count, json!({})).await.text, before, "nothing was written");
}

#[rstest]
#[tokio::test]
async fn text_is_kept_in_nfc_and_numbers_as_given(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    let mut input = sound();
    input["title"] = json!("Cafe\u{301} \"日本\" \\ ' 😀");
    input["latitude"] = json!(38.25);
    input["longitude"] = json!(-77.5);
    input["premisesId"] = json!(public("premises", 'R', 2));
    let reply =
        act(&app, &french(), "raiseConcern", input, "concern { title latitude longitude premises { id } }").await;
    let expected = json!({ "title": "Café \"日本\" \\ ' 😀", "latitude": 38.25, "longitude": -77.5,
        "premises": { "id": public("premises", 'R', 2) } });
    assert_eq!(reply.data()["raiseConcern"]["concern"], expected);
}

/// Fields are done one after the other; one that is refused takes nothing with it; what is asked twice under one key
/// is done once.
#[rstest]
#[tokio::test]
async fn several_commands_in_one_mutation(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    let id = raised(&app).await;
    let query = "mutation($id: ID!) {
        a: acknowledgeConcern(input: {concernId: $id}) { concern { status } }
        b: acknowledgeConcern(input: {concernId: $id}) { concern { status } }
        c: assignConcern(input: {concernId: $id}) { ...C } c: assignConcern(input: {concernId: $id}) { __typename }
        t: __typename
    } fragment C on AssignConcernPayload { concern { status owner } }";
    let reply = app.ask(&liaison_officer(), query, json!({ "id": id })).await;
    assert_eq!(
        reply.json["data"],
        json!({ "a": { "concern": { "status": "ACKNOWLEDGED" } }, "b": null,
            "c": { "concern": { "status": "ASSIGNED", "owner": "Person 4" }, "__typename": "AssignConcernPayload" },
            "t": "Mutation" }),
        "{}",
        reply.text
    );
    assert_eq!(reply.json["errors"].as_array().map(Vec::len), Some(1));
    assert_eq!(reply.json["errors"][0]["path"], json!(["b"]));
    assert_eq!(reply.json["errors"][0]["locations"], json!([{"line": 3, "column": 9}]));
    let log = seen(&app, &liaison_officer(), &id, "entries { nodes { kind } }").await;
    assert_eq!(log["entries"]["nodes"].as_array().map(Vec::len), Some(3), "raised, acknowledged, assigned: {log}");
    // All is coerced and planned before anything is done.
    for broken in [
        "mutation($id: ID!) { startConcern(input: {concernId: $id}) { concern { id } } resolveConcern(input: {}) { concern { id } } }",
        "mutation($id: ID!) { startConcern(input: {concernId: $id}) { concern { id } } resolveConcern(input: {concernId: $id}) { concern { nothing } } }",
        "mutation($id: ID!, $v: Int!) { startConcern(input: {concernId: $id}) { concern { id } } resolveConcern(input: {concernId: $id, expectedVersion: $v}) { concern { id } } }",
        "mutation($id: ID!) { startConcern(input: {concernId: $id}) { concern { entries(first: 101) { totalCount } } } resolveConcern(input: {concernId: 1.5}) { concern { id } } }",
    ] {
        let reply = app.ask(&liaison_officer(), broken, json!({ "id": id })).await;
        assert!(reply.json.get("data").is_none(), "{}", reply.text);
        assert_eq!(seen(&app, &liaison_officer(), &id, "status").await["status"], "ASSIGNED", "{broken}");
    }
    // By GET nothing is done.
    let reply = app.get(&liaison_officer(), "mutation{__typename}").await;
    assert_eq!(reply.status, 405);
}
