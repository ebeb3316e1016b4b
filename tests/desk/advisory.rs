//! Advisories: sent, seen by whom they are addressed to and by nobody else, acknowledged, superseded.

use chancery::store::Engine;
use rstest::rstest;
use serde_json::{Value, json};

use crate::{
    act, code, desk, done, is_whole, refused,
    support::{
        app::{App, Who},
        small_world::{
            analyst, auditor, everybody, french, french_administrator, french_colleague, liaison_officer, police,
            police_administrator, public,
        },
    },
};

/// To nobody yet.
fn warning() -> Value {
    json!({ "urgency": "EXPECTED", "severity": "SEVERE", "certainty": "LIKELY", "headline": "Demonstrations downtown",
        "body": "Keep staff away from the square\nfrom noon." })
}

fn to(field: &str, value: Value) -> Value {
    let mut input = warning();
    input[field] = value;
    input
}

/// Sends one; its id.
async fn sent(app: &App, input: Value) -> String {
    let payload = done(app, &liaison_officer(), "issueAdvisory", input, "advisory { id }").await;
    payload["advisory"]["id"].as_str().expect("an id").to_owned()
}

/// What somebody sees of an advisory; null where it is not there.
async fn seen(app: &App, who: &Who, id: &str, selection: &str) -> Value {
    let query = format!("query($id: ID!) {{ advisory(id: $id) {{ {selection} }} }}");
    app.ask(who, &query, json!({ "id": id })).await.data()["advisory"].clone()
}

const FROM_MISSION: &str = "msgType urgency severity certainty headline body sentAt expiresAt supersedes { id } supersededBy { nodes { id } } acknowledgements { totalCount nodes { agency { name } acknowledgedBy acknowledgedAt advisory { id } } }";

/// Hidden is as never used: the same bytes, headers and status, by whatever way it is asked for.
async fn is_as_never_used(app: &App, who: &Who, id: &str) {
    let never = public("advisory", 'Z', 1);
    for query in [
        "query($id: ID!) { advisory(id: $id) { id } }",
        "query($id: ID!) { node(id: $id) { id } }",
        "query($id: ID!) { nodes(ids: [$id]) { id } }",
        "query($id: ID!) { advisories(filter: {id: {eq: $id}}) { totalCount nodes { id } } }",
    ] {
        let ask = async |id: &str| {
            let reply = app.ask(who, query, json!({ "id": id })).await;
            (reply.text, reply.status, format!("{:?}", reply.headers))
        };
        assert_eq!(ask(id).await, ask(&never).await, "{}: {query}", who.subject);
    }
}

#[rstest]
#[tokio::test]
async fn from_sending_to_superseding(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    let mut input = to("allMissions", json!(true));
    input["expiresAt"] = json!("2026-11-23T12:00:00Z");
    let payload =
        done(&app, &liaison_officer(), "issueAdvisory", input, "advisory { id msgType audience sentAt }").await;
    let id = payload["advisory"]["id"].as_str().expect("an id").to_owned();
    assert_eq!(payload["advisory"]["msgType"], "ALERT");
    assert_eq!(payload["advisory"]["audience"], json!(["MISSIONS"]));

    // A mission reads it, not to whom else it is; the police does not know of it.
    let expected = json!({ "msgType": "ALERT", "urgency": "EXPECTED", "severity": "SEVERE", "certainty": "LIKELY",
        "headline": "Demonstrations downtown", "body": "Keep staff away from the square\nfrom noon.",
        "sentAt": "2026-11-22T12:00:00.000000Z", "expiresAt": "2026-11-23T12:00:00.000000Z", "supersedes": null,
        "supersededBy": { "nodes": [] }, "acknowledgements": { "totalCount": 0, "nodes": [] } });
    for who in [french(), french_colleague()] {
        assert_eq!(seen(&app, &who, &id, FROM_MISSION).await, expected);
    }
    let query = "{ advisories { nodes { audience } } }";
    assert_eq!(app.ask(&french(), query, json!({})).await.code(), "GRAPHQL_VALIDATION_FAILED");
    is_as_never_used(&app, &police(), &id).await;
    let error = refused(&app, &police(), "acknowledgeAdvisory", json!({ "advisoryId": id })).await;
    assert_eq!(code(&error), "NOT_FOUND");
    // Administrators and auditors have no such type.
    for who in [french_administrator(), police_administrator(), auditor()] {
        let reply = app.ask(&who, "{ advisories { totalCount } }", json!({})).await;
        assert_eq!(reply.code(), "GRAPHQL_VALIDATION_FAILED", "{}", reply.text);
    }

    // One acknowledges for the agency; what was done twice under one key was done once.
    let input = json!({ "advisoryId": id, "idempotencyKey": "one" });
    let selection =
        "advisory { id acknowledgements { totalCount } } acknowledgement { agency { name } acknowledgedBy }";
    let payload = done(&app, &french(), "acknowledgeAdvisory", input.clone(), selection).await;
    assert_eq!(
        payload,
        json!({ "advisory": { "id": id, "acknowledgements": { "totalCount": 1 } },
            "acknowledgement": { "agency": { "name": "French Missions" }, "acknowledgedBy": "Person 1" } })
    );
    assert_eq!(done(&app, &french(), "acknowledgeAdvisory", input, selection).await, payload);
    for who in [french(), french_colleague()] {
        let error = refused(&app, &who, "acknowledgeAdvisory", json!({ "advisoryId": id })).await;
        let told = (code(&error), &error["extensions"]["acknowledgedAt"]);
        assert_eq!(told, ("CONFLICT", &json!("2026-11-22T12:00:00.000000Z")), "{error}");
    }

    // In its place: to whom had it, and to the police besides.
    let mut input = to("allLawEnforcement", json!(true));
    (input["advisoryId"], input["msgType"], input["headline"]) = (json!(id), json!("CANCEL"), json!("It is over"));
    let payload = done(
        &app,
        &liaison_officer(),
        "supersedeAdvisory",
        input.clone(),
        "advisory { id msgType audience supersedes { id } }",
    )
    .await;
    let later = payload["advisory"]["id"].as_str().expect("an id").to_owned();
    assert_eq!(
        payload["advisory"],
        json!({ "id": later, "msgType": "CANCEL", "audience": ["LAW_ENFORCEMENT", "MISSIONS"], "supersedes": { "id": id } })
    );
    let chain = "headline supersedes { id } supersededBy { nodes { id } }";
    assert_eq!(seen(&app, &french(), &id, chain).await["supersededBy"]["nodes"], json!([{ "id": later }]));
    assert_eq!(seen(&app, &french(), &later, chain).await["supersedes"], json!({ "id": id }));
    // Who did not have the first is not told that there was one.
    let of_police = seen(&app, &police(), &later, chain).await;
    assert_eq!(of_police, json!({ "headline": "It is over", "supersedes": null, "supersededBy": { "nodes": [] } }));
    is_as_never_used(&app, &police(), &id).await;
    let error = refused(&app, &liaison_officer(), "supersedeAdvisory", input).await;
    assert_eq!((code(&error), &error["extensions"]["supersededBy"]), ("CONFLICT", &json!(later)), "once for each");
    let error = refused(&app, &french_colleague(), "acknowledgeAdvisory", json!({ "advisoryId": id })).await;
    assert_eq!((code(&error), &error["extensions"]["supersededBy"]), ("CONFLICT", &json!(later)), "{error}");
    let query = "query($id: ID!) { advisories(filter: {supersededBy: {none: {}}, id: {eq: $id}}) { totalCount } }";
    for (id, holds) in [(&id, 0), (&later, 1)] {
        let reply = app.ask(&french(), query, json!({ "id": id })).await;
        assert_eq!(reply.data()["advisories"]["totalCount"], holds);
    }

    // Each agency sees its own word, the officer and the analyst all of them.
    for who in [french_colleague(), police()] {
        done(&app, &who, "acknowledgeAdvisory", json!({ "advisoryId": later }), "__typename").await;
        // They are listed by when they were given: not at one instant, or ids of one millisecond would decide.
        app.db.clock.advance(time::Duration::seconds(1));
    }
    let names = "acknowledgements { totalCount nodes { agency { name } } }";
    let by = |names: &[&str]| -> Value {
        let nodes: Vec<Value> = names.iter().map(|name| json!({ "agency": { "name": name } })).collect();
        json!({ "acknowledgements": { "totalCount": names.len(), "nodes": nodes } })
    };
    assert_eq!(seen(&app, &french(), &later, names).await, by(&["French Missions"]));
    assert_eq!(seen(&app, &police(), &later, names).await, by(&["Police of the District"]));
    for who in everybody().iter().filter(|who| ["ANALYST", "LIAISON_OFFICER"].contains(&who.role.name())) {
        assert_eq!(seen(&app, who, &later, names).await, by(&["French Missions", "Police of the District"]));
    }
    for who in
        everybody().iter().filter(|who| who.role.name().starts_with("DETAIL") || who.role.name().starts_with("REG"))
    {
        assert_eq!(seen(&app, who, &later, names).await, by(&[]), "{}", who.role);
    }

    // What has expired stays to be read, and to be acknowledged.
    let mut input = to("allLawEnforcement", json!(true));
    input["expiresAt"] = json!("2026-11-22T13:00:00Z");
    let id = sent(&app, input).await;
    app.db.clock.advance(time::Duration::hours(2));
    assert_eq!(seen(&app, &police(), &id, "headline body").await["headline"], "Demonstrations downtown");
    done(&app, &police(), "acknowledgeAdvisory", json!({ "advisoryId": id }), "__typename").await;
    is_whole(&app.db).await;
}

#[rstest]
#[tokio::test]
async fn nobody_is_addressed_who_is_not_named(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    let state = |number: usize| json!([public("state", 'S', number)]);
    // The French: registered for mission 1, a consulate in New York City, and state-wide; the police: of the District.
    for (input, mission, partner) in [
        (warning(), false, false),
        (to("allMissions", json!(false)), false, false),
        (to("areas", json!([])), false, false),
        (to("areas", Value::Null), false, false),
        (to("allMissions", json!(true)), true, false),
        (to("allLawEnforcement", json!(true)), false, true),
        (to("sendingStateIds", state(1)), true, false),
        (to("sendingStateIds", state(2)), false, false),
        (to("missionTypes", json!(["CONSULATE"])), true, false),
        (to("missionTypes", json!(["EMBASSY", "DELEGATION"])), false, false),
        (to("areas", json!(["11001"])), false, true),
        (to("areas", json!(["US-DC"])), false, true),
        (to("areas", json!(["US"])), true, true),
        (to("areas", json!(["24031"])), false, false),
        (to("areas", json!(["NYC"])), true, false),
        (to("areas", json!(["24031", "11001"])), false, true),
    ] {
        let id = sent(&app, input.clone()).await;
        for (who, meant) in [(french(), mission), (police(), partner)] {
            let is_there = !seen(&app, &who, &id, "id").await.is_null();
            assert_eq!(is_there, meant, "{} of {input}", who.subject);
            if !meant {
                is_as_never_used(&app, &who, &id).await;
            }
        }
        assert_eq!(seen(&app, &analyst(), &id, "headline").await["headline"], "Demonstrations downtown");
    }
    is_whole(&app.db).await;
}

#[rstest]
#[tokio::test]
async fn what_is_wrong_is_named(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    let count = "{ advisories { totalCount } }";
    let before = app.ask(&analyst(), count, json!({})).await.text;
    let earlier = public("advisory", 'B', 9);
    for (field, value) in [
        ("headline", json!("")),
        ("headline", json!("two\nlines")),
        ("headline", json!("x".repeat(161))),
        ("body", json!(" \n")),
        ("body", json!("hidden\u{202e}txt")),
        ("body", json!("x".repeat(20_001))),
        ("expiresAt", json!("2026-11-22T12:00:00Z")),
        ("areas", json!(["nowhere"])),
        ("areas", json!(["11001", "US-ZZ"])),
        ("areas", json!([""])),
        ("areas", json!(vec!["US"; 201])),
        ("sendingStateIds", json!(["state_x"])),
        ("sendingStateIds", json!([public("mission", 'M', 1)])),
        ("sendingStateIds", json!([public("state", 'Z', 1)])),
        ("sendingStateIds", json!([public("state", 'S', 1), ""])),
        ("idempotencyKey", json!("")),
    ] {
        for command in ["issueAdvisory", "supersedeAdvisory"] {
            let mut input = to(field, value.clone());
            if command == "supersedeAdvisory" {
                (input["advisoryId"], input["msgType"]) = (json!(earlier), json!("UPDATE"));
            }
            let reply = act(&app, &liaison_officer(), command, input, "__typename").await;
            let errors = reply.json["errors"].as_array().expect("errors");
            assert_eq!(errors.len(), 1, "{field} {value}: {}", reply.text);
            assert_eq!(errors[0]["extensions"]["code"], "BAD_USER_INPUT", "{}", reply.text);
            assert_eq!(errors[0]["extensions"]["input"], json!(["input", field]), "{}", reply.text);
        }
    }
    // A first word neither updates nor cancels; what supersedes is no first word.
    for (command, msg_type) in [("issueAdvisory", "UPDATE"), ("supersedeAdvisory", "ALERT")] {
        let mut input = to("msgType", json!(msg_type));
        if command == "supersedeAdvisory" {
            input["advisoryId"] = json!(earlier);
        }
        let reply = act(&app, &liaison_officer(), command, input, "__typename").await;
        assert_eq!(reply.code(), "BAD_USER_INPUT", "{}", reply.text);
    }
    // Who reads everything, and who is addressed, sends nothing.
    for who in [analyst(), french(), police()] {
        let reply = act(&app, &who, "issueAdvisory", warning(), "__typename").await;
        assert_eq!(reply.code(), "GRAPHQL_VALIDATION_FAILED", "{}: {}", who.role, reply.text);
    }
    assert_eq!(app.ask(&analyst(), count, json!({})).await.text, before, "nothing was written");
}
