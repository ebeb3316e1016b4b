//! A concern's life, from all three sides.

use chancery::store::Engine;
use rstest::rstest;
use serde_json::{Value, json};

use crate::{
    act, code, desk, done, is_whole, refused,
    support::{
        app::{App, Who},
        small_world::{analyst, french, french_colleague, liaison_officer, mission, police, public},
    },
};

/// Raises a concern about the French embassy, as its officer; its id.
pub async fn raised(app: &App) -> String {
    let input = json!({
        "missionId": mission(1), "kind": "CONCERN", "category": "SURVEILLANCE", "severity": "HIGH",
        "title": "A parked van", "narrative": "Since Monday,\nthe same van stands opposite the gate.",
        "occurredAt": "2026-11-22T10:00:00Z", "subjects": ["the gate"],
    });
    let payload = done(app, &french(), "raiseConcern", input, "concern { id } watchPhone notice").await;
    assert_eq!(payload["watchPhone"], "+12025550100");
    assert!(payload["notice"].as_str().is_some_and(|notice| notice.contains("911")), "{payload}");
    payload["concern"]["id"].as_str().expect("an id").to_owned()
}

/// What somebody sees of a concern.
pub async fn seen(app: &App, who: &Who, id: &str, selection: &str) -> Value {
    let query = format!("query($id: ID!) {{ concern(id: $id) {{ {selection} }} }}");
    app.ask(who, &query, json!({ "id": id })).await.data()["concern"].clone()
}

async fn log(app: &App, who: &Who, id: &str) -> Vec<Value> {
    let found = seen(app, who, id, "entries(first: 100) { nodes { kind audience status severity body } }").await;
    found["entries"]["nodes"].as_array().expect("nodes").clone()
}

/// Takes a concern to IN_PROGRESS, by the officer in whose portfolio the mission is.
pub async fn in_progress(app: &App, id: &str) {
    let officer = liaison_officer();
    for (command, status) in
        [("acknowledgeConcern", "ACKNOWLEDGED"), ("assignConcern", "ASSIGNED"), ("startConcern", "IN_PROGRESS")]
    {
        let payload = done(app, &officer, command, json!({ "concernId": id }), "concern { status }").await;
        assert_eq!(payload["concern"]["status"], status);
    }
}

#[rstest]
#[tokio::test]
async fn from_raising_to_reopening(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    let (officer, mission_officer) = (liaison_officer(), french());
    let id = raised(&app).await;
    let whole = "reference kind category severity status title narrative occurredAt subjects tlp cui version openedAt reporter originAgency { name } mission { id } owner";
    let mine = seen(&app, &mission_officer, &id, whole).await;
    assert_eq!(mine["status"], "SUBMITTED");
    assert_eq!(mine["tlp"], "AMBER");
    assert_eq!(mine["reporter"], "Person 1");
    assert_eq!(mine["narrative"], "Since Monday,\nthe same van stands opposite the gate.");
    assert_eq!(mine["subjects"], json!(["the gate"]));
    assert_eq!(mine["originAgency"]["name"], "French Missions");
    assert_eq!(mine["mission"]["id"], mission(1));
    assert_eq!(mine["openedAt"], "2026-11-22T12:00:00.000000Z");
    let reference = mine["reference"].as_str().expect("a reference");
    assert!(chancery::desk::reference::is_valid(reference), "{reference}");
    assert_eq!(seen(&app, &french_colleague(), &id, "title").await["title"], "A parked van");
    assert_eq!(seen(&app, &police(), &id, "title").await, Value::Null, "AMBER is not for a jurisdiction");
    let analyst_sees = seen(&app, &analyst(), &id, "reporterPseudonym title").await;
    assert!(analyst_sees["reporterPseudonym"].is_string(), "{analyst_sees}");

    in_progress(&app, &id).await;
    let input = json!({ "concernId": id, "body": "Which van, please?" });
    done(&app, &officer, "requestFromMission", input, "entry { body }").await;
    assert_eq!(seen(&app, &mission_officer, &id, "status").await["status"], "AWAITING_MISSION");
    let input = json!({ "concernId": id, "body": "A white one." });
    let payload =
        done(&app, &french_colleague(), "replyToConcern", input, "concern { status } entry { body audience }").await;
    assert_eq!(payload["concern"]["status"], "IN_PROGRESS", "what was asked for is there");
    assert_eq!(payload["entry"], json!({ "body": "A white one.", "audience": "MISSION" }));

    let input = json!({ "concernId": id, "body": "Seen in two places." });
    let payload = done(&app, &analyst(), "addInternalEntry", input, "entry { body audience tlp }").await;
    assert_eq!(payload["entry"], json!({ "body": "Seen in two places.", "audience": "INTERNAL", "tlp": "AMBER" }));

    // The police is asked, says yes, and is done: then it is back with the officer.
    let input = json!({ "concernId": id, "agencyId": public("agency", 'A', 2), "body": "Please look at the van.",
        "dueAt": "2026-11-23T12:00:00Z" });
    let payload = done(&app, &officer, "referConcern", input, "concern { status } referral { id status dueAt }").await;
    assert_eq!(payload["concern"]["status"], "REFERRED");
    let referral = payload["referral"]["id"].as_str().expect("an id").to_owned();
    let at_the_police = seen(&app, &police(), &id, "title narrative referrals { nodes { id status } }").await;
    assert_eq!(at_the_police["referrals"]["nodes"], json!([{ "id": referral, "status": "OFFERED" }]));
    assert_eq!(at_the_police["title"], "A parked van");
    let input = json!({ "referralId": referral, "caseNumber": "26-1234" });
    let payload = done(&app, &police(), "acceptReferral", input, "referral { status caseNumber }").await;
    assert_eq!(payload["referral"], json!({ "status": "ACCEPTED", "caseNumber": "26-1234" }));
    let input = json!({ "concernId": id, "body": "Plates checked." });
    done(&app, &police(), "replyToConcern", input, "entry { id }").await;
    let input = json!({ "referralId": referral, "body": "The owner was spoken to." });
    let payload = done(&app, &police(), "completeReferral", input, "concern { status } referral { status }").await;
    assert_eq!(payload, json!({ "concern": { "status": "IN_PROGRESS" }, "referral": { "status": "DONE" } }));

    let input = json!({ "concernId": id, "body": "The owner was spoken to; patrols are doubled." });
    done(&app, &officer, "respondToConcern", input, "concern { status }").await;
    done(&app, &officer, "resolveConcern", json!({ "concernId": id }), "concern { status }").await;
    let input = json!({ "concernId": id, "outcome": "CLOSED" });
    let payload = done(&app, &officer, "closeConcern", input, "concern { status }").await;
    assert_eq!(payload["concern"]["status"], "CLOSED");
    let error = refused(&app, &mission_officer, "replyToConcern", json!({ "concernId": id, "body": "And now?" })).await;
    assert_eq!((code(&error), &error["extensions"]["status"]), ("CONFLICT", &json!("CLOSED")), "{error}");
    assert_eq!(error["extensions"]["legal"], json!(["reopenConcern"]), "only what is this role's: {error}");
    app.db.clock.advance(time::Duration::days(29));
    let input = json!({ "concernId": id, "reason": "The van is back." });
    let payload = done(&app, &mission_officer, "reopenConcern", input, "concern { status owner }").await;
    assert_eq!(payload["concern"], json!({ "status": "ASSIGNED", "owner": "Person 4" }));

    // Each side reads its own part of the log, in order.
    let steps = |log: &[Value]| -> Vec<String> {
        log.iter().filter_map(|entry| entry["status"].as_str().map(str::to_owned)).collect()
    };
    let theirs = log(&app, &mission_officer, &id).await;
    assert_eq!(
        steps(&theirs),
        [
            "SUBMITTED",
            "ACKNOWLEDGED",
            "IN_PROGRESS",
            "AWAITING_MISSION",
            "IN_PROGRESS",
            "RESPONDED",
            "RESOLVED",
            "CLOSED",
            "ASSIGNED"
        ],
        "assignments and referrals are not for the mission"
    );
    assert!(theirs.iter().all(|entry| entry["audience"] == "MISSION"), "{theirs:?}");
    let of_police = log(&app, &police(), &id).await;
    assert!(of_police.iter().all(|entry| entry["audience"] == "AGENCIES"), "{of_police:?}");
    assert_eq!(of_police.len(), 4, "asked, accepted, said, done: {of_police:?}");
    let all = log(&app, &officer, &id).await;
    assert_eq!(
        steps(&all),
        [
            "SUBMITTED",
            "ACKNOWLEDGED",
            "ASSIGNED",
            "IN_PROGRESS",
            "AWAITING_MISSION",
            "IN_PROGRESS",
            "REFERRED",
            "IN_PROGRESS",
            "RESPONDED",
            "RESOLVED",
            "CLOSED",
            "ASSIGNED"
        ],
        "every step is an entry"
    );
    is_whole(&app.db).await;
}

#[rstest]
#[tokio::test]
async fn what_was_closed_long_ago_stays_closed(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    let officer = liaison_officer();
    let id = raised(&app).await;
    let input = json!({ "concernId": id, "outcome": "NOT_ACTIONABLE" });
    let error = refused(&app, &officer, "closeConcern", input).await;
    assert_eq!((code(&error), &error["extensions"]["input"]), ("BAD_USER_INPUT", &json!(["input", "reason"])));
    let input = json!({ "concernId": id, "outcome": "CLOSED" });
    assert_eq!(code(&refused(&app, &officer, "closeConcern", input).await), "CONFLICT", "it is not resolved");
    let input = json!({ "concernId": id, "outcome": "NOT_ACTIONABLE", "reason": "No plate was seen." });
    done(&app, &officer, "closeConcern", input, "concern { status }").await;
    app.db.clock.advance(time::Duration::days(31));
    let error = refused(&app, &french(), "reopenConcern", json!({ "concernId": id, "reason": "Again" })).await;
    assert_eq!(code(&error), "CONFLICT", "{error}");

    // What never had an officer goes back to the watch.
    let id = raised(&app).await;
    let input = json!({ "concernId": id, "outcome": "NOT_ACTIONABLE", "reason": "No plate was seen." });
    done(&app, &officer, "closeConcern", input, "concern { status }").await;
    let input = json!({ "concernId": id, "reason": "There is one now." });
    let payload = done(&app, &french(), "reopenConcern", input, "concern { status }").await;
    assert_eq!(payload["concern"]["status"], "SUBMITTED");
}

#[rstest]
#[tokio::test]
async fn a_duplicate_names_another_concern_that_one_sees(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    let officer = liaison_officer();
    let (first, second) = (raised(&app).await, raised(&app).await);
    for other in [second.as_str(), "concern_x", &public("concern", 'N', 999), &mission(1)] {
        let input = json!({ "concernId": second, "outcome": "DUPLICATE", "duplicateOfId": other });
        let error = refused(&app, &officer, "closeConcern", input).await;
        assert_eq!(
            (code(&error), &error["extensions"]["input"]),
            ("BAD_USER_INPUT", &json!(["input", "duplicateOfId"]))
        );
    }
    let input = json!({ "concernId": second, "outcome": "DUPLICATE", "duplicateOfId": first });
    let payload = done(&app, &officer, "closeConcern", input, "concern { status duplicateOf { id } }").await;
    assert_eq!(payload["concern"], json!({ "status": "DUPLICATE", "duplicateOf": { "id": first } }));
    let query = "{ concerns { nodes { duplicateOf { id } } } }";
    assert_eq!(
        app.ask(&french(), query, json!({})).await.code(),
        "GRAPHQL_VALIDATION_FAILED",
        "the mission reads not which"
    );
}

#[rstest]
#[tokio::test]
async fn the_police_raises_what_happens_in_its_area_and_withdraws_nothing(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let app = desk(engine).await;
    let about = |number: usize| {
        json!({ "missionId": mission(number), "kind": "PROBLEM", "category": "VANDALISM", "severity": "MEDIUM",
            "title": "A broken window", "narrative": "Found on patrol." })
    };
    let query = "{ missions(first: 100) { nodes { id } } }";
    let visible = app.ask(&police(), query, json!({})).await;
    let visible: Vec<&str> = visible.data()["missions"]["nodes"]
        .as_array()
        .expect("nodes")
        .iter()
        .filter_map(|n| n["id"].as_str())
        .collect();
    let mut raised = 0;
    for number in 1..=12 {
        let reply = act(&app, &police(), "raiseConcern", about(number), "concern { id reporter }").await;
        let code = reply.json["errors"][0]["extensions"]["code"].as_str();
        if !visible.contains(&mission(number).as_str()) {
            assert_eq!(code, Some("NOT_FOUND"), "{number}: {}", reply.text);
        } else if code.is_none() {
            raised += 1;
            assert_eq!(reply.data()["raiseConcern"]["concern"]["reporter"], "Person 3");
            let id = reply.data()["raiseConcern"]["concern"]["id"].as_str().expect("an id").to_owned();
            assert_eq!(seen(&app, &french(), &id, "id").await, Value::Null, "it belongs to the police");
            // The officer's answer reaches who raised it.
            if seen(&app, &liaison_officer(), &id, "reporter").await["reporter"].is_string() {
                in_progress(&app, &id).await;
                let input = json!({ "concernId": id, "body": "We know of it." });
                done(&app, &liaison_officer(), "respondToConcern", input, "entry { id }").await;
                let read = seen(&app, &police(), &id, "entries { nodes { body } }").await;
                assert!(read.to_string().contains("We know of it."), "{read}");
            }
        } else {
            assert_eq!(code, Some("FORBIDDEN"), "seen by a referral, not in the area: {}", reply.text);
        }
    }
    assert!(raised > 0);
    let query = "mutation { withdrawConcern(input: {concernId: \"x\", reason: \"y\"}) { __typename } }";
    assert_eq!(app.ask(&police(), query, json!({})).await.code(), "GRAPHQL_VALIDATION_FAILED");
    is_whole(&app.db).await;
}

/// By what a version grows with a change: below it stands how deep its reader sees.
const CHANGE: i64 = 32;

/// Law 6: a version counts what its reader can see.
#[rstest]
#[tokio::test]
async fn what_is_written_for_others_does_not_change_ones_version(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let app = desk(engine).await;
    let officer = liaison_officer();
    let id = raised(&app).await;
    let version = async |who: &Who| seen(&app, who, &id, "version").await["version"].as_i64().expect("a number");
    let (of_mission, of_officer) = (version(&french()).await, version(&officer).await);
    done(&app, &analyst(), "addInternalEntry", json!({ "concernId": id, "body": "Known." }), "__typename").await;
    assert_eq!(version(&french()).await, of_mission);
    assert_eq!(version(&officer).await, of_officer + CHANGE);
    // Who acts on what they have not seen is told; nothing is done.
    let input = json!({ "concernId": id, "expectedVersion": of_officer });
    let error = refused(&app, &officer, "acknowledgeConcern", input).await;
    assert_eq!((code(&error), &error["extensions"]["version"]), ("CONFLICT", &json!(of_officer + CHANGE)));
    assert_eq!(seen(&app, &officer, &id, "status").await["status"], "SUBMITTED");
    let input = json!({ "concernId": id, "expectedVersion": of_officer + CHANGE });
    done(&app, &officer, "acknowledgeConcern", input, "__typename").await;
    assert!(version(&french()).await > of_mission, "the status is in the directory");
    let input = json!({ "concernId": id, "expectedVersion": of_mission, "body": "Hello?" });
    assert_eq!(code(&refused(&app, &french(), "replyToConcern", input).await), "CONFLICT");
    done(&app, &officer, "assignConcern", json!({ "concernId": id }), "__typename").await;
}
