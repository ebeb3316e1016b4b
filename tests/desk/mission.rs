//! What a mission says of how to reach it: proposed by it, taken over by the officer responsible.

use chancery::{access::Role, store::Engine};
use rstest::rstest;
use serde_json::{Value, json};

use crate::{
    act, code, desk, done, is_whole, refused,
    support::{
        app::{App, Who},
        small_world::{analyst, french, french_colleague, liaison_officer, mission, police, row, run},
    },
};

const CHANGE: &str = "missionChange { id status proposes switchboard switchboardBefore dutyPhone dutyPhoneBefore email
    emailBefore website websiteBefore proposedBy proposedAt decidedBy decidedAt reason mission { id } }";

/// What the first mission is now, as the officer responsible reads it.
async fn present(app: &App) -> Value {
    let query = "query($id: ID!) { node(id: $id) { ... on Mission { switchboard dutyPhone email website city type
        sendingState { id } countyFips } } }";
    app.ask(&liaison_officer(), query, json!({ "id": mission(1) })).await.data()["node"].clone()
}

/// How many changes of the first mission somebody sees.
async fn sees(app: &App, who: &Who) -> Value {
    let query = "query($id: ID!) { node(id: $id) { ... on Mission { changes(first: 100) { totalCount } } } }";
    let reply = app.ask(who, query, json!({ "id": mission(1) })).await;
    reply.json["data"]["node"]["changes"]["totalCount"].clone()
}

#[rstest]
#[tokio::test]
async fn what_is_accepted_is_so(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    run(&app.db, &format!("update mission set email = 'old@fr.example' where id = '{}'", row('M', 1))).await;
    let before = present(&app).await;
    let seen = sees(&app, &french()).await.as_u64().expect("they see their own");
    let input = json!({ "missionId": mission(1), "switchboard": "+12025550177", "email": null,
        "website": "https://fr.embassy.example/" });
    let change = done(&app, &french(), "proposeMissionChange", input, CHANGE).await["missionChange"].clone();
    let expected = json!({ "id": change["id"], "status": "PROPOSED", "proposes": ["switchboard", "email", "website"],
        "switchboard": "+12025550177", "switchboardBefore": before["switchboard"], "dutyPhone": null,
        "dutyPhoneBefore": null, "email": null, "emailBefore": "old@fr.example",
        "website": "https://fr.embassy.example/", "websiteBefore": null, "proposedBy": "Person 1",
        "proposedAt": "2026-11-22T12:00:00.000000Z", "decidedBy": null, "decidedAt": null, "reason": null,
        "mission": { "id": mission(1) } });
    assert_eq!(change, expected);
    assert_eq!(present(&app).await, before, "nothing is so yet");
    // The mission and the officer responsible see it, and nobody else: neither a colleague without the portfolio nor
    // who reads what is sensitive and internal.
    let colleague = Who { subject: "subject-5".to_owned(), ..liaison_officer() };
    for (who, expected) in [(french_colleague(), seen + 1), (liaison_officer(), seen + 1), (colleague.clone(), 0)] {
        assert_eq!(sees(&app, &who).await, json!(expected), "{who:?}");
    }
    for who in [analyst(), police(), Who { role: Role::Administrator, ..liaison_officer() }] {
        assert_eq!(sees(&app, &who).await, Value::Null, "{who:?}: no such field");
    }
    let query = "query($id: ID!) { node(id: $id) { id } }";
    for (who, there) in
        [(french(), true), (liaison_officer(), true), (colleague.clone(), false), (analyst(), false), (police(), false)]
    {
        let node = app.ask(&who, query, json!({ "id": change["id"] })).await.data()["node"].clone();
        assert_eq!(!node.is_null(), there, "{who:?}");
    }
    let on = json!({ "missionChangeId": change["id"], "idempotencyKey": "once" });
    assert_eq!(code(&refused(&app, &colleague, "acceptMissionChange", on.clone()).await), "NOT_FOUND");
    let accepted =
        done(&app, &liaison_officer(), "acceptMissionChange", on.clone(), CHANGE).await["missionChange"].clone();
    assert_eq!((&accepted["status"], &accepted["decidedBy"]), (&json!("ACCEPTED"), &json!("Person 4")));
    assert!(accepted["decidedAt"].is_string() && accepted["reason"].is_null());
    let mut after = before.clone();
    (after["switchboard"], after["email"], after["website"]) =
        (json!("+12025550177"), Value::Null, json!("https://fr.embassy.example/"));
    assert_eq!(present(&app).await, after, "what was proposed, and nothing else");
    let again = done(&app, &liaison_officer(), "acceptMissionChange", on, CHANGE).await;
    assert_eq!(again["missionChange"], accepted, "once under one key");
    for command in ["acceptMissionChange", "declineMissionChange"] {
        let mut input = json!({ "missionChangeId": change["id"] });
        if command == "declineMissionChange" {
            input["reason"] = json!("Too late");
        }
        let error = refused(&app, &liaison_officer(), command, input).await;
        assert_eq!((code(&error), &error["extensions"]["status"]), ("CONFLICT", &json!("ACCEPTED")));
    }
    is_whole(&app.db).await;
}

#[rstest]
#[tokio::test]
async fn what_is_declined_changes_nothing(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    let before = present(&app).await;
    let input = json!({ "missionId": mission(1), "dutyPhone": "+12025550178" });
    let change = done(&app, &french(), "proposeMissionChange", input, CHANGE).await["missionChange"]["id"].clone();
    let without = json!({ "missionChangeId": change, "reason": " " });
    assert_eq!(code(&refused(&app, &liaison_officer(), "declineMissionChange", without).await), "BAD_USER_INPUT");
    let declined = json!({ "missionChangeId": change, "reason": "Nobody answers there" });
    done(&app, &liaison_officer(), "declineMissionChange", declined, CHANGE).await;
    assert_eq!(present(&app).await, before);
    let query = "query($id: ID!) { node(id: $id) { ... on MissionChange { status reason decidedBy } } }";
    let read = app.ask(&french(), query, json!({ "id": change })).await;
    let expected = json!({ "status": "DECLINED", "reason": "Nobody answers there", "decidedBy": "Person 4" });
    assert_eq!(read.data()["node"], expected, "the mission reads why");
    is_whole(&app.db).await;
}

/// Who accepts has weighed the one value against the other: not against a third.
#[rstest]
#[tokio::test]
async fn what_has_changed_since_is_not_accepted(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    let mut changes = Vec::new();
    for number in ["+12025550178", "+12025550179"] {
        let input = json!({ "missionId": mission(1), "dutyPhone": number });
        changes.push(done(&app, &french(), "proposeMissionChange", input, CHANGE).await["missionChange"]["id"].clone());
    }
    let on = |place: usize| json!({ "missionChangeId": changes[place] });
    done(&app, &liaison_officer(), "acceptMissionChange", on(1), CHANGE).await;
    let error = refused(&app, &liaison_officer(), "acceptMissionChange", on(0)).await;
    assert_eq!(code(&error), "CONFLICT");
    assert_eq!(present(&app).await["dutyPhone"], "+12025550179");
    // Another field is another matter.
    let input = json!({ "missionId": mission(1), "email": "desk@fr.example" });
    let other = done(&app, &french(), "proposeMissionChange", input, CHANGE).await["missionChange"]["id"].clone();
    done(&app, &liaison_officer(), "acceptMissionChange", json!({ "missionChangeId": other }), CHANGE).await;
    assert_eq!(present(&app).await["email"], "desk@fr.example");
    is_whole(&app.db).await;
}

#[rstest]
#[tokio::test]
async fn only_how_to_reach_it_and_in_good_form(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    let before = present(&app).await;
    for (field, value) in [
        ("switchboard", json!("+123")),
        ("dutyPhone", json!("+1234")),
        ("email", json!("a b@example.org")),
        ("email", json!("a@localhost")),
        ("email", json!("A <a@example.org>")),
        ("website", json!("https://")),
        ("website", json!("https://u:p@example.org/")),
        ("website", json!("https://a b.example")),
        ("website", json!(format!("https://{}.example", "x".repeat(255)))),
        ("switchboard", before["switchboard"].clone()),
        ("website", Value::Null),
    ] {
        let mut input = json!({ "missionId": mission(1) });
        input[field] = value.clone();
        let reply = act(&app, &french(), "proposeMissionChange", input, "__typename").await;
        let errors = reply.json["errors"].as_array().expect("errors");
        assert_eq!(errors.len(), 1, "{field} {value}: {}", reply.text);
        assert_eq!(errors[0]["extensions"]["code"], "BAD_USER_INPUT", "{field} {value}: {}", reply.text);
        assert_eq!(errors[0]["extensions"]["input"], json!(["input", field]), "{value}");
    }
    let both = json!({ "missionId": mission(1), "switchboard": "+123", "email": "a@b" });
    let reply = act(&app, &french(), "proposeMissionChange", both, "__typename").await;
    assert_eq!(reply.json["errors"].as_array().map(Vec::len), Some(2), "{}", reply.text);
    // What its type does not take never reaches the desk; what decides who sees the mission is no field of the input.
    for (field, value) in [
        ("switchboard", json!("2025550100")),
        ("website", json!("javascript:alert(1)")),
        ("city", json!("New York")),
        ("type", json!("CONSULATE")),
        ("sendingStateId", json!("state_x")),
        ("countyFips", json!("36061")),
        ("latitude", json!(40.0)),
    ] {
        let mut input = json!({ "missionId": mission(1) });
        input[field] = value;
        let reply = act(&app, &french(), "proposeMissionChange", input, "__typename").await;
        assert!(reply.json.get("data").is_none() && reply.text.contains(field), "{}", reply.text);
    }
    let nothing = json!({ "missionId": mission(1) });
    assert_eq!(code(&refused(&app, &french(), "proposeMissionChange", nothing).await), "BAD_USER_INPUT");
    // Another mission of the same state is to be seen, not to be spoken for.
    let other = json!({ "missionId": mission(4), "email": "a@fr.example" });
    assert_eq!(code(&refused(&app, &french(), "proposeMissionChange", other).await), "FORBIDDEN");
    assert_eq!(present(&app).await, before);
    is_whole(&app.db).await;
}
