//! Idempotency keys, and two at once.

use chancery::store::Engine;
use rstest::rstest;
use serde_json::{Value, json};

use crate::{
    act, code, desk, done, is_whole,
    life::{raised, seen},
    refused,
    support::small_world::{french, french_colleague, liaison_officer, mission},
};

fn question(key: &str, title: &str) -> Value {
    json!({ "missionId": mission(1), "kind": "QUESTION", "category": "OTHER", "severity": "LOW",
        "title": title, "narrative": "Whom do we call?", "idempotencyKey": key })
}

#[rstest]
#[tokio::test]
async fn a_key_is_done_once_for_its_person_and_command(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    let selection = "concern { id status }";
    let first = done(&app, &french(), "raiseConcern", question("k", "One"), selection).await;
    let again = done(&app, &french(), "raiseConcern", question("k", "One"), selection).await;
    assert_eq!(first, again);
    let id = first["concern"]["id"].as_str().expect("an id");
    done(&app, &liaison_officer(), "acknowledgeConcern", json!({ "concernId": id }), "__typename").await;
    let afresh = done(&app, &french(), "raiseConcern", question("k", "One"), selection).await;
    assert_eq!(afresh["concern"], json!({ "id": id, "status": "ACKNOWLEDGED" }), "read afresh");
    let error = refused(&app, &french(), "raiseConcern", question("k", "Two")).await;
    assert_eq!(code(&error), "CONFLICT", "{error}");
    let colleague = done(&app, &french_colleague(), "raiseConcern", question("k", "Two"), selection).await;
    assert_ne!(colleague["concern"]["id"], id, "another person's key is another");
    let input = json!({ "concernId": id, "body": "Hello", "idempotencyKey": "k" });
    done(&app, &french(), "replyToConcern", input.clone(), "entry { id }").await;
    done(&app, &french(), "replyToConcern", input, "entry { id }").await;
    let log = seen(&app, &french(), id, "entries(filter: {kind: {eq: COMMENT}}) { totalCount }").await;
    assert_eq!(log["entries"]["totalCount"], 1, "another command's key is another, and it is done once");
    // What was refused is not remembered.
    let wrong = json!({ "concernId": id, "reason": "r", "idempotencyKey": "w" });
    assert_eq!(code(&refused(&app, &french(), "reopenConcern", wrong.clone()).await), "CONFLICT");
    assert_eq!(code(&refused(&app, &french(), "reopenConcern", wrong).await), "CONFLICT");
    app.db.clock.advance(time::Duration::hours(25));
    let later = done(&app, &french(), "raiseConcern", question("k", "One"), selection).await;
    assert_ne!(later["concern"]["id"], id, "kept a day");
}

#[rstest]
#[tokio::test]
async fn the_same_key_twice_at_once_is_done_once(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    for round in 0..5 {
        let key = format!("round {round}");
        let who = french();
        let ask = || act(&app, &who, "raiseConcern", question(&key, "One"), "concern { id }");
        let replies = futures_util::future::join_all((0..8).map(|_| ask())).await;
        let ids: Vec<&Value> = replies.iter().map(|reply| &reply.data()["raiseConcern"]["concern"]["id"]).collect();
        assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    }
    let count = app.ask(&french(), "{ concerns(filter: {title: {eq: \"One\"}}) { totalCount } }", json!({})).await;
    assert_eq!(count.data()["concerns"]["totalCount"], 5);
}

#[rstest]
#[tokio::test]
async fn of_two_officers_at_once_one_is_told(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    let officer = liaison_officer();
    for _ in 0..5 {
        let id = raised(&app).await;
        let version = seen(&app, &officer, &id, "version").await["version"].clone();
        let ask = || {
            let input = json!({ "concernId": id, "expectedVersion": version });
            act(&app, &officer, "acknowledgeConcern", input, "concern { status version }")
        };
        let replies = futures_util::future::join_all((0..4).map(|_| ask())).await;
        let (mut done, mut told) = (0, 0);
        for reply in &replies {
            match reply.json["errors"][0]["extensions"]["code"].as_str() {
                None => done += 1,
                Some("CONFLICT") => told += 1,
                Some(other) => panic!("{other}: {}", reply.text),
            }
        }
        assert_eq!((done, told), (1, 3));
        let log = seen(&app, &officer, &id, "entries { totalCount }").await;
        assert_eq!(log["entries"]["totalCount"], 2, "raised and acknowledged once");
    }
    is_whole(&app.db).await;
}
