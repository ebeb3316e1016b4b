//! Attacks on the desk that once succeeded.

use chancery::store::Engine;
use rstest::rstest;
use serde_json::{Value, json};
use time::Duration;

use crate::{
    act, code, desk, done, is_whole,
    life::{in_progress, raised, seen},
    refused,
    support::{
        app::{App, Who},
        small_world::{analyst, change, french, french_colleague, liaison_officer, mission, police, public, run},
    },
};

/// Raised by the police about a mission in its area and in the officer's portfolio; its id.
async fn by_police(app: &App, severity: &str) -> String {
    run(&app.db, "update mission set area = '11001' where id like '%M000001'").await;
    change(&app.db, "update standing set version = version + 1").await;
    let input = json!({ "missionId": mission(1), "kind": "PROBLEM", "category": "CRIME", "severity": severity,
        "title": "A theft", "narrative": "Told at the station." });
    let payload = done(app, &police(), "raiseConcern", input, "concern { id }").await;
    payload["concern"]["id"].as_str().expect("an id").to_owned()
}

fn to_police(id: &str, more: &Value) -> Value {
    let mut input = json!({ "concernId": id, "agencyId": public("agency", 'A', 2), "reason": "Why" });
    input.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    input
}

/// What a payload would refuse by its values is refused before anything is done.
#[rstest]
#[tokio::test]
async fn nothing_is_done_when_the_payload_cannot_be_read(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    let id = raised(&app).await;
    let query = "mutation($i: ReplyToConcernInput!, $n: Int, $c: String) { replyToConcern(input: $i) { concern { entries(first: $n, after: $c) { nodes { id } } } } }";
    for page in [json!({ "n": 1000 }), json!({ "c": "garbage" }), json!({ "n": -1 })] {
        let mut variables = json!({ "i": { "concernId": id, "body": "One" } });
        variables.as_object_mut().expect("an object").extend(page.as_object().expect("an object").clone());
        let reply = app.ask(&french(), query, variables).await;
        assert_eq!(reply.code(), "BAD_USER_INPUT", "{}", reply.text);
    }
    let log = seen(&app, &french(), &id, "entries { totalCount }").await;
    assert_eq!(log["entries"]["totalCount"], 1, "only that it was raised");
}

/// Consent is for what a share may open, not for what the concern is marked today.
#[rstest]
#[tokio::test]
async fn a_cap_above_the_marking_takes_consent(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    let id = raised(&app).await;
    for more in [json!({ "tlpCap": "AMBER_STRICT" }), json!({ "tlpCap": "RED", "person": "subject-3" })] {
        let error = refused(&app, &liaison_officer(), "shareConcern", to_police(&id, &more)).await;
        assert_eq!(error["extensions"]["input"][1], "consent", "{error}");
    }
}

/// No banner takes a concern from who raised it, and none shows a control that nothing enforces.
#[rstest]
#[tokio::test]
async fn a_banner_enforces_what_it_says(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    let officer = liaison_officer();
    let id = raised(&app).await;
    let mark = |id: &str, cui: &str| json!({ "concernId": id, "cui": cui, "reason": "Why" });
    for banner in [
        "CUI//NOFORN",
        "CUI//LEI/NOFORN",
        "CUI//FED ONLY",
        "CUI//FED_ONLY",
        "CUI//REL_TO DE",
        "CUI//LEI//NOFORN",
        "CUI//LEI//FED_ONLY",
        "CUI//LEI//REL_TO DE",
    ] {
        let error = refused(&app, &officer, "markConcern", mark(&id, banner)).await;
        assert_eq!((code(&error), &error["extensions"]["input"][1]), ("BAD_USER_INPUT", &json!("cui")), "{banner}");
    }
    done(&app, &officer, "markConcern", mark(&id, "CUI//LEI//REL_TO FR"), "__typename").await;
    assert_eq!(seen(&app, &french(), &id, "title").await["title"], "A parked van");
    let other = by_police(&app, "MEDIUM").await;
    let released = json!({ "concernId": other, "agencyId": public("agency", 'A', 1), "reason": "Why" });
    done(&app, &officer, "shareConcern", released.clone(), "__typename").await;
    assert_eq!(seen(&app, &french(), &other, "title").await["title"], "A theft");
    done(&app, &officer, "markConcern", mark(&other, "CUI//LEI//NOFORN"), "__typename").await;
    assert_eq!(seen(&app, &french(), &other, "id").await, Value::Null);
    let error = refused(&app, &officer, "shareConcern", released).await;
    assert_eq!(error["extensions"]["input"][1], "agencyId", "it would sleep: {error}");
    is_whole(&app.db).await;
}

/// An entry is read by more than a referral is: it does not hold what only the referral may tell.
#[rstest]
#[tokio::test]
async fn a_case_number_is_not_in_the_log(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    let officer = liaison_officer();
    let id = raised(&app).await;
    in_progress(&app, &id).await;
    let input = json!({ "concernId": id, "agencyId": public("agency", 'A', 2), "body": "Please look" });
    let payload = done(&app, &officer, "referConcern", input, "referral { id }").await;
    let referral = payload["referral"]["id"].clone();
    let input = json!({ "referralId": referral, "caseNumber": "SECRET-26-1" });
    done(&app, &police(), "acceptReferral", input, "__typename").await;
    done(
        &app,
        &police(),
        "setCaseNumber",
        json!({ "referralId": referral, "caseNumber": "SECRET-26-2" }),
        "__typename",
    )
    .await;
    let colleague = Who { subject: "subject-5".to_owned(), ..officer.clone() };
    let log = seen(&app, &colleague, &id, "referrals { totalCount } entries { nodes { body } }").await;
    assert!(!log.to_string().contains("SECRET"), "{log}");
    let log = seen(&app, &officer, &id, "referrals { nodes { caseNumber } }").await;
    assert_eq!(log["referrals"]["nodes"][0]["caseNumber"], "SECRET-26-2");
    // What is over is not taken on.
    done(&app, &french(), "withdrawConcern", json!({ "concernId": id, "reason": "Found" }), "__typename").await;
    let input = json!({ "referralId": referral, "body": "Done" });
    assert_eq!(code(&refused(&app, &police(), "completeReferral", input).await), "CONFLICT");
    done(&app, &police(), "declineReferral", json!({ "referralId": referral, "reason": "Over" }), "__typename").await;
}

/// A number that was read before a hand-over is none after it.
#[rstest]
#[tokio::test]
async fn a_hand_over_is_another_version(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    let officer = liaison_officer();
    let id = raised(&app).await;
    done(&app, &officer, "acknowledgeConcern", json!({ "concernId": id }), "__typename").await;
    done(&app, &officer, "assignConcern", json!({ "concernId": id }), "__typename").await;
    let input = json!({ "concernId": id, "body": "The plan", "tlp": "RED" });
    done(&app, &officer, "addInternalEntry", input, "__typename").await;
    let before = seen(&app, &officer, &id, "version").await["version"].clone();
    let input = json!({ "concernId": id, "officer": "subject-5" });
    done(&app, &officer, "assignConcern", input, "__typename").await;
    let input = json!({ "concernId": id, "expectedVersion": before });
    assert_eq!(code(&refused(&app, &officer, "startConcern", input).await), "CONFLICT");
}

/// What is written for the mission is read by the mission, and not by the police that raised it.
#[rstest]
#[tokio::test]
async fn the_mission_is_the_mission(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    let officer = liaison_officer();
    let id = by_police(&app, "CRITICAL").await;
    let secret = json!({ "concernId": id, "audience": "MISSION", "body": "For the embassy only." });
    let error = refused(&app, &officer, "replyToConcern", secret.clone()).await;
    assert_eq!(error["extensions"]["input"][1], "audience", "no mission has it: {error}");
    let input = json!({ "concernId": id, "agencyId": public("agency", 'A', 1), "reason": "Theirs" });
    done(&app, &officer, "shareConcern", input, "__typename").await;
    done(&app, &officer, "replyToConcern", secret, "__typename").await;
    let read = async |who: &Who| seen(&app, who, &id, "entries { nodes { body } }").await.to_string();
    assert!(!read(&police()).await.contains("embassy only"));
    assert!(read(&french()).await.contains("embassy only"));
    // Nor is a mission waited for that could not answer: the clock would stand still for good.
    in_progress(&app, &id).await;
    let input = json!({ "concernId": id, "body": "Which?" });
    assert_eq!(code(&refused(&app, &officer, "requestFromMission", input).await), "CONFLICT");
    let input = json!({ "concernId": id, "body": "Which?" });
    done(&app, &officer, "replyToConcern", input, "__typename").await;
    assert!(read(&police()).await.contains("Which?"), "without an audience: who raised it");
}

/// Nobody writes what they could not read again: it would count as said.
#[rstest]
#[tokio::test]
async fn an_entry_is_read_by_who_wrote_it(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    let id = raised(&app).await;
    in_progress(&app, &id).await;
    let input = json!({ "concernId": id, "body": "Which?" });
    done(&app, &liaison_officer(), "requestFromMission", input, "__typename").await;
    let red = json!({ "concernId": id, "body": "This.", "tlp": "RED" });
    let error = refused(&app, &french_colleague(), "replyToConcern", red.clone()).await;
    assert_eq!(error["extensions"]["input"][1], "tlp", "{error}");
    assert_eq!(refused(&app, &analyst(), "addInternalEntry", red.clone()).await["extensions"]["input"][1], "tlp");
    done(&app, &french(), "replyToConcern", red, "__typename").await;
}

/// A breach is not undone by closing and reopening; what is reopened goes to somebody who is there.
#[rstest]
#[tokio::test]
async fn closing_and_reopening_gains_nothing(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    let officer = liaison_officer();
    let id = raised(&app).await;
    done(&app, &officer, "acknowledgeConcern", json!({ "concernId": id }), "__typename").await;
    done(&app, &officer, "assignConcern", json!({ "concernId": id, "officer": "subject-5" }), "__typename").await;
    app.db.clock.advance(Duration::days(20));
    let input = json!({ "concernId": id, "outcome": "NOT_ACTIONABLE", "reason": "Nothing" });
    done(&app, &officer, "closeConcern", input, "__typename").await;
    change(&app.db, "update person set disabled_at = '2026-11-22T11:00:00.000000Z' where subject = 'subject-5'; update standing set version = version + 1").await;
    let input = json!({ "concernId": id, "reason": "Again" });
    let selection = "concern { status owner clock { resolve { state } firstAnswer { state } } }";
    let payload = done(&app, &officer, "reopenConcern", input, selection).await;
    assert_eq!((&payload["concern"]["status"], &payload["concern"]["owner"]), (&json!("SUBMITTED"), &Value::Null));
    assert_eq!(payload["concern"]["clock"]["resolve"]["state"], "BREACHED", "{payload}");
    assert_eq!(payload["concern"]["clock"]["firstAnswer"]["state"], "MET_LATE", "why it was closed was an answer");
    is_whole(&app.db).await;
}

/// A reason cannot be made to look like a consent.
#[rstest]
#[tokio::test]
async fn a_reason_is_one_line(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    let id = raised(&app).await;
    let forged = to_police(&id, &json!({ "reason": "r\nConsent: The ambassador, in writing." }));
    let error = refused(&app, &liaison_officer(), "shareConcern", forged).await;
    assert_eq!(error["extensions"]["input"][1], "reason", "{error}");
}

/// While something large is written, who waits is told that nothing was done, and does not keep the others waiting.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_held_lock_is_told() {
    use sqlx::Connection as _;
    let app = desk(Engine::Postgres).await;
    let chancery::store::Address::Postgres(options) = app.db.store.address.clone() else { panic!("PostgreSQL") };
    let mut other = sqlx::PgConnection::connect_with(&options).await.expect("a connection");
    let hold = "begin; select pg_advisory_xact_lock(hashtext('chancery.visibility'))".to_owned();
    sqlx::raw_sql(sqlx::AssertSqlSafe(hold)).execute(&mut other).await.expect("held");
    let field = format!(
        "raiseConcern(input: {{missionId: \"{}\", kind: QUESTION, category: OTHER, severity: LOW, title: \"Held\", narrative: \"n\"}}) {{ concern {{ id }} }}",
        mission(1)
    );
    let fields: Vec<String> = (0..20).map(|n| format!("f{n}: {field}")).collect();
    let query = format!("mutation {{ {} }}", fields.join(" "));
    let reply = app.ask(&french(), &query, json!({})).await;
    let errors = reply.json["errors"].as_array().expect("errors");
    assert_eq!(errors.len(), 20, "{}", reply.text);
    assert!(errors.iter().all(|error| error["extensions"]["code"] == "TIMEOUT"), "{}", reply.text);
    assert!(errors[0]["message"].as_str().is_some_and(|told| told.contains("nothing was done")), "{}", errors[0]);
    assert!(errors[19]["message"].as_str().is_some_and(|told| told.contains("not begun")), "{}", errors[19]);
    app.db.store.pending_migrations().await.expect("the database still answers");
    sqlx::raw_sql(sqlx::AssertSqlSafe("commit".to_owned())).execute(&mut other).await.expect("let go");
    let reply = act(
        &app,
        &french(),
        "raiseConcern",
        json!({ "missionId": mission(1), "kind": "QUESTION", "category": "OTHER",
        "severity": "LOW", "title": "After", "narrative": "n" }),
        "concern { title }",
    )
    .await;
    assert_eq!(reply.data()["raiseConcern"]["concern"]["title"], "After");
    let count = app.ask(&french(), "{ concerns(filter: {title: {eq: \"Held\"}}) { totalCount } }", json!({})).await;
    assert_eq!(count.data()["concerns"]["totalCount"], 0);
}

/// A document whose commands go on while standing changes under them is answered, not given up.
#[rstest]
#[tokio::test]
async fn what_is_done_is_answered_whatever_changes(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    let field = format!(
        "raiseConcern(input: {{missionId: \"{}\", kind: QUESTION, category: OTHER, severity: LOW, title: \"Stale\", narrative: \"n\"}}) {{ concern {{ id }} }}",
        mission(1)
    );
    let fields: Vec<String> = (0..10).map(|n| format!("f{n}: {field}")).collect();
    let query = format!("mutation {{ {} }}", fields.join(" "));
    let stop = std::sync::atomic::AtomicBool::new(false);
    let change = async {
        while !stop.load(std::sync::atomic::Ordering::Relaxed) {
            run(&app.db, "update standing set version = version + 1").await;
            tokio::time::sleep(std::time::Duration::from_millis(150)).await;
        }
    };
    let me = french();
    let ask = async {
        let reply = app.ask(&me, &query, json!({})).await;
        stop.store(true, std::sync::atomic::Ordering::Relaxed);
        reply
    };
    let (reply, ()) = futures_util::future::join(ask, change).await;
    let count =
        app.ask(&french(), "{ concerns(first: 1, filter: {title: {eq: \"Stale\"}}) { totalCount } }", json!({})).await;
    assert_eq!(count.data()["concerns"]["totalCount"], 10, "each once: {}", reply.text);
    assert_eq!(reply.data().as_object().map(serde_json::Map::len), Some(10));
}
