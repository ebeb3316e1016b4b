//! What people do and what they are refused is in the trail, with it or not at all.

use chancery::{audit, desk::Work, store::Engine};
use entity::audit_event::Model;
use rstest::rstest;
use serde_json::{Value, json};

use crate::{
    act, chain, fault, run,
    support::{
        app::App,
        small_world::{concern, french, liaison_officer, mission, police},
    },
    world,
};

fn question(key: Option<&str>) -> Value {
    let mut input = json!({ "missionId": mission(1), "kind": "QUESTION", "category": "OTHER", "severity": "LOW",
        "title": "A secret title", "narrative": "Whom do we call?" });
    if let Some(key) = key {
        input["idempotencyKey"] = json!(key);
    }
    input
}

async fn last(app: &App) -> Model {
    chain(&app.db, audit::DESK).await.pop().expect("an event")
}

fn list(text: &str) -> Vec<String> {
    serde_json::from_str(text).expect("a list")
}

#[rstest]
#[tokio::test]
async fn a_command_is_one_event(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = world(engine).await;
    let who = french();
    act(&app, &who, "raiseConcern", question(None)).await.data();
    let event = last(&app).await;
    assert_eq!((event.sequence, event.decision.as_str(), event.code.as_deref()), (1, "DONE", None));
    assert_eq!(event.operation, "raiseConcern");
    assert_eq!(event.subject.as_deref(), Some("subject-1"));
    assert_eq!(event.agency_id.as_deref(), Some(who.agency.as_str()));
    assert_eq!(event.role.as_deref(), Some("MISSION_OFFICER"));
    assert!(event.person_id.is_some_and(|person| chancery::id::is_valid(&person)));
    assert_eq!(event.at, "2026-11-22T12:00:00.000000Z");
    assert_eq!(event.policy_version, i64::from(chancery::access::POLICY_EPOCH));
    assert_eq!(list(&event.grounds), ["OWN"]);
    let made =
        app.ask(&who, "{ concerns(filter: {title: {eq: \"A secret title\"}}) { nodes { id } } }", json!({})).await;
    let id = made.data()["concerns"]["nodes"][0]["id"].as_str().expect("an id").to_owned();
    assert!(list(&event.object_ids).contains(&id), "{}", event.object_ids);

    // An officer's: on the grounds that granted it, not on all that hold.
    act(&app, &liaison_officer(), "acknowledgeConcern", json!({ "concernId": id })).await.data();
    let event = last(&app).await;
    assert_eq!((event.sequence, event.operation.as_str()), (2, "acknowledgeConcern"));
    assert!(list(&event.grounds).contains(&"PORTFOLIO".to_owned()) && !event.grounds.contains("INTERNAL"), "{event:?}");
    assert_eq!(fault(&app.db).await, None);
}

#[rstest]
#[tokio::test]
async fn a_replay_is_an_event_of_its_own(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = world(engine).await;
    for _ in 0..2 {
        act(&app, &french(), "raiseConcern", question(Some("k"))).await.data();
    }
    let events = chain(&app.db, audit::DESK).await;
    assert_eq!(events.iter().map(|event| event.decision.as_str()).collect::<Vec<_>>(), ["DONE", "REPLAYED"]);
    let again = list(&events[1].object_ids);
    assert!(again.len() == 1 && list(&events[0].object_ids).contains(&again[0]), "{events:?}");
    act(&app, &french(), "raiseConcern", question(Some("k"))).await.data();
    let mut other = question(Some("k"));
    other["title"] = json!("Another");
    assert_eq!(act(&app, &french(), "raiseConcern", other).await.code(), "CONFLICT");
    assert_eq!(last(&app).await.code.as_deref(), Some("CONFLICT"));
    assert_eq!(fault(&app.db).await, None);
}

#[rstest]
#[tokio::test]
async fn a_refusal_is_an_event_without_content(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = world(engine).await;
    let absent = format!("concern_{}", chancery::id::encode(7));
    let cases = [
        // Absent and hidden are one, here too.
        (
            french(),
            "replyToConcern",
            json!({ "concernId": absent, "body": "secret" }),
            "NOT_FOUND",
            vec![absent.clone()],
        ),
        (french(), "replyToConcern", json!({ "concernId": "secret", "body": "secret" }), "NOT_FOUND", vec![]),
        (
            police(),
            "raiseConcern",
            json!({ "missionId": "secret", "kind": "QUESTION", "category": "OTHER",
            "severity": "LOW", "title": "secret", "narrative": "secret" }),
            "NOT_FOUND",
            vec![],
        ),
        (
            french(),
            "raiseConcern",
            json!({ "missionId": mission(1), "kind": "QUESTION", "category": "OTHER",
            "severity": "LOW", "title": "secret\nsecret", "narrative": "secret" }),
            "BAD_USER_INPUT",
            vec![],
        ),
        (
            french(),
            "raiseConcern",
            json!({ "missionId": mission(1), "kind": "QUESTION", "category": "OTHER",
            "severity": "LOW", "title": "secret", "narrative": "secret", "latitude": 1.0 }),
            "BAD_USER_INPUT",
            vec![mission(1)],
        ),
        (
            french(),
            "raiseConcern",
            json!({ "missionId": mission(2), "kind": "QUESTION", "category": "OTHER",
            "severity": "LOW", "title": "secret", "narrative": "secret" }),
            "FORBIDDEN",
            vec![mission(2)],
        ),
    ];
    for (number, (who, command, input, code, objects)) in cases.into_iter().enumerate() {
        let reply = act(&app, &who, command, input).await;
        assert_eq!(reply.code(), code, "{}", reply.text);
        let event = last(&app).await;
        assert_eq!(event.sequence, i64::try_from(number + 1).expect("small"), "one event each");
        assert_eq!((event.decision.as_str(), event.code.as_deref()), ("REFUSED", Some(code)), "{}", reply.text);
        assert_eq!((event.operation.as_str(), list(&event.object_ids)), (command, objects));
        assert_eq!((event.subject.as_deref(), event.grounds.as_str()), (Some(who.subject.as_str()), "[]"));
        assert!(!format!("{event:?}").contains("secret"), "{event:?}");
    }
    assert_eq!(fault(&app.db).await, None);
}

/// What the trail does not take is not done.
#[rstest]
#[tokio::test]
async fn without_the_trail_nothing_is_done(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = world(engine).await;
    run(&app.db, "alter table audit_event rename to gone").await;
    assert_eq!(act(&app, &french(), "raiseConcern", question(None)).await.code(), "INTERNAL");
    let refused = act(&app, &french(), "replyToConcern", json!({ "concernId": concern(99), "body": "x" })).await;
    assert_eq!(refused.code(), "INTERNAL", "a refusal that cannot be written down is not told either");
    run(&app.db, "alter table gone rename to audit_event").await;
    let made = "{ concerns(filter: {title: {eq: \"A secret title\"}}) { totalCount } }";
    assert_eq!(app.ask(&french(), made, json!({})).await.data()["concerns"]["totalCount"], 0);
    assert_eq!(chain(&app.db, audit::DESK).await.len(), 0);
}

#[rstest]
#[tokio::test]
async fn what_operators_do_is_on_their_own_chain(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = world(engine).await;
    let before = chain(&app.db, audit::OPERATOR).await.len();
    let mut work = Work::begin(&app.db.store, &app.db.clock).await.expect("begins");
    work.is("agency areas remove");
    let police = police();
    chancery::desk::registry::areas::remove(&mut work, &police.agency, "11001").await.expect("removed");
    work.commit().await.expect("commits");
    let work = Work::begin(&app.db.store, &app.db.clock).await.expect("begins");
    drop(work);
    let events = chain(&app.db, audit::OPERATOR).await;
    assert_eq!(events.len(), before + 1, "what was not committed did not happen");
    let event = &events[before];
    assert_eq!((event.operation.as_str(), event.decision.as_str()), ("agency areas remove", "DONE"));
    assert_eq!((&event.subject, &event.role), (&None, &None));
    assert_eq!(list(&event.object_ids), [format!("agency_{}", police.agency)]);
    assert_eq!(fault(&app.db).await, None);
}
