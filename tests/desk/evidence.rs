//! Evidence: what it is, its hash, where it lies; for whom its entry is, where protected values are read.

use chancery::store::Engine;
use rstest::rstest;
use serde_json::{Value, json};

use crate::{
    act, code, desk, done, is_whole,
    life::{in_progress, raised, seen},
    refused,
    support::{
        app::{App, Who},
        small_world::{analyst, french, french_colleague, liaison_officer, police, public},
    },
};

fn photograph(concern: &str) -> Value {
    json!({ "concernId": concern, "name": "A photograph of the van", "sha256": "aB".repeat(32),
        "pointer": "https://mission.example/van.jpg" })
}

/// What somebody reads of a concern's evidence, by name.
async fn read(app: &App, who: &Who, concern: &str) -> Vec<String> {
    let seen = seen(app, who, concern, "evidence { nodes { name } totalCount }").await;
    let nodes = seen["evidence"]["nodes"].as_array().map(Vec::as_slice).unwrap_or_default();
    assert_eq!(seen["evidence"]["totalCount"].as_u64().unwrap_or_default(), nodes.len() as u64);
    nodes.iter().map(|node| node["name"].as_str().expect("a name").to_owned()).collect()
}

async fn version(app: &App, who: &Who, concern: &str) -> i64 {
    seen(app, who, concern, "version").await["version"].as_i64().expect("a number")
}

/// Referred to the police of the District; its officer is at work on it.
async fn referred(app: &App) -> String {
    let (id, officer) = (raised(app).await, liaison_officer());
    in_progress(app, &id).await;
    let input = json!({ "concernId": id, "agencyId": public("agency", 'A', 2), "body": "Please look into it." });
    done(app, &officer, "referConcern", input, "__typename").await;
    id
}

#[rstest]
#[tokio::test]
async fn what_a_mission_adds_is_for_it_and_for_the_service(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    let id = referred(&app).await;
    let before = [version(&app, &french(), &id).await, version(&app, &liaison_officer(), &id).await];
    let of_police = version(&app, &police(), &id).await;
    let selection = "concern { id version } evidence { name sha256 pointer tlp addedAt addedBy concern { id } } entry { body kind audience }";
    let payload = done(&app, &french(), "addEvidence", photograph(&id), selection).await;
    assert_eq!(
        payload["evidence"],
        json!({ "name": "A photograph of the van", "sha256": "ab".repeat(32), "pointer": "https://mission.example/van.jpg",
            "tlp": "AMBER", "addedAt": "2026-11-22T12:00:00.000000Z", "addedBy": "Person 1", "concern": { "id": id } })
    );
    // The log says that there is one and not what it is: more read the log.
    let entry = json!({ "body": "Evidence was added.", "kind": "COMMENT", "audience": "MISSION" });
    assert_eq!(payload["entry"], entry);
    let after = [version(&app, &french(), &id).await, version(&app, &liaison_officer(), &id).await];
    assert!(after[0] > before[0] && after[1] > before[1], "{before:?} {after:?}");
    assert_eq!(payload["concern"]["version"], after[0]);
    for who in [french(), french_colleague(), liaison_officer()] {
        assert_eq!(read(&app, &who, &id).await, ["A photograph of the van"], "{}", who.subject);
    }
    assert_eq!(read(&app, &police(), &id).await, [""; 0], "it is not the police's");
    assert_eq!(version(&app, &police(), &id).await, of_police);
    // Who reads nothing protected has no such type.
    let query = "{ concerns { nodes { evidence { totalCount } } } }";
    assert_eq!(app.ask(&analyst(), query, json!({})).await.code(), "GRAPHQL_VALIDATION_FAILED");
    // The officer gives it on: for one agency, by itself.
    let mut given = photograph(&id);
    given["audience"] = json!("AGENCY");
    given["agencyId"] = json!(public("agency", 'A', 2));
    done(&app, &liaison_officer(), "addEvidence", given, "__typename").await;
    assert_eq!(read(&app, &police(), &id).await.len(), 1);
    assert_eq!(read(&app, &french(), &id).await.len(), 1, "what is for one agency is not for the mission");
    assert_eq!(read(&app, &liaison_officer(), &id).await.len(), 2);
    is_whole(&app.db).await;
}

#[rstest]
#[tokio::test]
async fn an_agency_and_an_officer_add_for_whom_they_say(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    let id = referred(&app).await;
    done(&app, &police(), "addEvidence", photograph(&id), "evidence { id }").await;
    assert_eq!(read(&app, &police(), &id).await.len(), 1);
    assert_eq!(read(&app, &french(), &id).await.len(), 0, "no other sees what an agency adds");
    // Nothing said, nothing shown: INTERNAL.
    let payload = done(&app, &liaison_officer(), "addEvidence", photograph(&id), "entry { audience }").await;
    assert_eq!(payload["entry"]["audience"], "INTERNAL");
    for (who, count) in [(french(), 0), (police(), 1), (liaison_officer(), 2)] {
        assert_eq!(read(&app, &who, &id).await.len(), count, "{}", who.subject);
    }
    let mut input = photograph(&id);
    input["audience"] = json!("MISSION");
    input["tlp"] = json!("AMBER_STRICT");
    let payload = done(&app, &liaison_officer(), "addEvidence", input, "evidence { tlp entry { tlp audience } }").await;
    let entry = json!({ "tlp": "AMBER_STRICT", "audience": "MISSION" });
    assert_eq!(payload["evidence"], json!({ "tlp": "AMBER_STRICT", "entry": entry }));
    assert_eq!(read(&app, &french(), &id).await.len(), 1);
    // It is no answer: the response clock waits for a word.
    let met = "clock { firstAnswer { met } }";
    let answered = async || seen(&app, &french(), &id, met).await["clock"]["firstAnswer"]["met"].clone();
    assert_eq!(answered().await, Value::Null);
    let input = json!({ "concernId": id, "body": "A picture of the van." });
    done(&app, &liaison_officer(), "replyToConcern", input, "__typename").await;
    assert!(answered().await.is_string());
    is_whole(&app.db).await;
}

#[rstest]
#[tokio::test]
async fn what_is_wrong_is_named_field_by_field(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    let id = referred(&app).await;
    for (who, field, value) in [
        (french(), "name", json!("")),
        (french(), "name", json!("two\nlines")),
        (french(), "name", json!("x".repeat(201))),
        (french(), "sha256", json!("")),
        (french(), "sha256", json!("a".repeat(63))),
        (french(), "sha256", json!("a".repeat(65))),
        (french(), "sha256", json!(format!("{}g", "a".repeat(63)))),
        // 64 bytes, and 64 characters: digits of another script are none.
        (french(), "sha256", json!("é".repeat(32))),
        (french(), "sha256", json!("\u{0661}".repeat(64))),
        (french(), "pointer", json!(" ")),
        (french(), "pointer", json!("two\nlines")),
        (french(), "pointer", json!("x".repeat(2_001))),
        (french(), "tlp", json!("GREEN")),
        (french(), "audience", json!("INTERNAL")),
        (french(), "agencyId", json!(public("agency", 'A', 2))),
        (police(), "audience", json!("MISSION")),
        (liaison_officer(), "audience", json!("AGENCY")),
        (liaison_officer(), "agencyId", json!(public("agency", 'A', 2))),
    ] {
        let mut input = photograph(&id);
        input[field] = value.clone();
        let error = refused(&app, &who, "addEvidence", input).await;
        assert_eq!(code(&error), "BAD_USER_INPUT", "{field} {value}: {error}");
        let named = match (who.role.name(), field) {
            // What is missing is named, and what contradicts it.
            ("LIAISON_OFFICER", "audience") => "agencyId",
            ("LIAISON_OFFICER", _) => "audience",
            (_, field) => field,
        };
        assert_eq!(error["extensions"]["input"], json!(["input", named]), "{error}");
    }
    let input = json!({ "concernId": id, "name": "", "sha256": "?", "pointer": "\u{202e}" });
    let reply = act(&app, &french(), "addEvidence", input, "__typename").await;
    let errors = reply.json["errors"].as_array().expect("errors");
    let named: Vec<&Value> = errors.iter().map(|error| &error["extensions"]["input"][1]).collect();
    assert_eq!(named, ["name", "sha256", "pointer"], "one a field: {}", reply.text);
    let other = json!(public("agency", 'A', 4));
    let mut input = photograph(&id);
    (input["audience"], input["agencyId"]) = (json!("AGENCY"), other);
    let error = refused(&app, &liaison_officer(), "addEvidence", input).await;
    assert_eq!(error["extensions"]["input"], json!(["input", "agencyId"]), "it does not have the concern: {error}");
    assert_eq!(read(&app, &liaison_officer(), &id).await.len(), 0, "nothing was written");
    // It is as it was given; what is at an end takes none.
    for pointer in ["javascript:alert(1)", "<b>safe 3</b>", "' or 1 = 1 --"] {
        let mut input = photograph(&id);
        input["pointer"] = json!(pointer);
        let payload = done(&app, &french(), "addEvidence", input, "evidence { pointer }").await;
        assert_eq!(payload["evidence"]["pointer"], pointer);
    }
    done(&app, &french(), "withdrawConcern", json!({ "concernId": id, "reason": "It is over." }), "__typename").await;
    assert_eq!(code(&refused(&app, &french(), "addEvidence", photograph(&id)).await), "CONFLICT");
}

/// A mission's evidence is no reply: what it was asked for is there when it says so.
#[rstest]
#[tokio::test]
async fn evidence_answers_nothing(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    let (id, officer) = (raised(&app).await, liaison_officer());
    in_progress(&app, &id).await;
    let input = json!({ "concernId": id, "body": "Is there a photograph?" });
    done(&app, &officer, "requestFromMission", input, "__typename").await;
    let mut input = photograph(&id);
    input["idempotencyKey"] = json!("one");
    let payload = done(&app, &french(), "addEvidence", input.clone(), "concern { status } evidence { id }").await;
    assert_eq!(payload["concern"]["status"], "AWAITING_MISSION");
    // Asked again, it is there once, and answered alike.
    assert_eq!(done(&app, &french(), "addEvidence", input, "concern { status } evidence { id }").await, payload);
    assert_eq!(read(&app, &french(), &id).await.len(), 1);
    // Nobody else's version of its id answers otherwise than an id that was never used.
    let evidence = payload["evidence"]["id"].as_str().expect("an id");
    let ask = async |id: &str| {
        let reply = app.ask(&police(), "query($id: ID!) { node(id: $id) { id } }", json!({ "id": id })).await;
        (reply.text, reply.status, format!("{:?}", reply.headers))
    };
    assert_eq!(ask(evidence).await, ask(&public("evidence", 'Z', 1)).await);
    // The concern grows stricter, and what was added before with it.
    let input = json!({ "concernId": id, "tlp": "RED", "reason": "Persons are named." });
    done(&app, &officer, "markConcern", input, "__typename").await;
    assert_eq!(read(&app, &french_colleague(), &id).await.len(), 0, "the mission no longer sees it, but who raised it");
    is_whole(&app.db).await;
}
