//! Quotas: what an agency, and each of its people, may ask of a server, told in headers and refused in time.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "the whole crate is a test; the lints' own exemption covers only functions marked as tests"
)]

#[path = "support/mod.rs"]
mod support;

use std::time::Duration;

use axum::http::{HeaderMap, StatusCode};
use chancery::{access::Role, config::Limits, store::Engine};
use futures_util::future::join_all;
use rstest::rstest;
use serde_json::json;

use support::{
    TestDb,
    app::{App, Reply, Who},
    small_world::{self, analyst, french, french_colleague, mission, police, run},
};

const CHEAP: &str = "{ viewer { role } }";
/// Twenty rows.
const PAGE: &str = "{ missions { nodes { name } } }";

/// What the registry lets an agency ask for. That it is another is seen by the next statement, of whoever asks.
async fn allow(app: &App, who: &Who, requests: &str, cost: &str) {
    let agency = &who.agency;
    let sql = format!(
        "update agency set quota_rps = {requests}, quota_cost_per_minute = {cost} where id = '{agency}'; update standing set version = version + 1"
    );
    run(&app.db, &sql).await;
    ask(app, &analyst(), CHEAP).await.data();
}

fn header<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name).map(|value| value.to_str().expect("text"))
}

async fn ask(app: &App, who: &Who, query: &str) -> Reply {
    app.ask(who, query, json!({})).await
}

/// Forty at once.
async fn many(app: &App, who: &Who) -> Vec<Reply> {
    join_all((0..40).map(|_| ask(app, who, CHEAP))).await
}

#[rstest]
#[tokio::test]
async fn without_a_quota_there_is_no_bound(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = small_world::app(engine).await;
    ask(&app, &french(), CHEAP).await.data();
    let replies = many(&app, &french()).await;
    assert!(replies.iter().all(|reply| reply.status == StatusCode::OK));
    for name in ["ratelimit", "ratelimit-policy", "retry-after"] {
        assert_eq!(header(&replies[0].headers, name), None);
    }
}

#[rstest]
#[tokio::test]
async fn requests_beyond_the_quota_are_told_when_to_come_again(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let app = small_world::app(engine).await;
    ask(&app, &french(), CHEAP).await.data();
    allow(&app, &french(), "2", "null").await;
    let replies = many(&app, &french()).await;
    let (let_in, refused): (Vec<_>, Vec<_>) = replies.iter().partition(|reply| reply.status == StatusCode::OK);
    assert!(let_in.len() >= 2 && refused.len() > 10, "{} let in, {} refused", let_in.len(), refused.len());
    for reply in &let_in {
        assert_eq!(header(&reply.headers, "ratelimit-policy"), Some("\"requests\";q=2;w=1"));
        let left = header(&reply.headers, "ratelimit").expect("what is left");
        assert!(left == "\"requests\";r=1;t=1" || left == "\"requests\";r=0;t=1", "{left}");
    }
    for reply in &refused {
        assert_eq!(reply.status, StatusCode::TOO_MANY_REQUESTS, "{}", reply.text);
        assert_eq!(reply.code(), "RATE_LIMITED");
        assert!(reply.json.get("data").is_none());
        assert_eq!(header(&reply.headers, "retry-after"), Some("1"));
        assert_eq!(header(&reply.headers, "ratelimit"), Some("\"requests\";r=0;t=1"));
        let wait = reply.json["errors"][0]["extensions"]["retryAfterMs"].as_u64().expect("a number");
        assert!((1..=501).contains(&wait), "{wait}");
    }
    // It is the agency's, whoever of it asks, and nobody else's.
    let replies = many(&app, &french_colleague()).await;
    assert!(replies.iter().any(|reply| reply.status == StatusCode::TOO_MANY_REQUESTS));
    ask(&app, &police(), CHEAP).await.data();
    ask(&app, &police(), CHEAP).await.data();
    let replies = many(&app, &police()).await;
    assert!(replies.iter().all(|reply| reply.status == StatusCode::OK));
    // Who comes when told is let in.
    let mut tries = 0;
    loop {
        let reply = ask(&app, &french(), CHEAP).await;
        let Some(wait) = reply.json["errors"][0]["extensions"]["retryAfterMs"].as_u64() else {
            assert_eq!(reply.status, StatusCode::OK);
            break;
        };
        tokio::time::sleep(Duration::from_millis(wait)).await;
        tries += 1;
        assert!(tries < 20, "never let in");
    }
    // A bound that is lifted is lifted at once, and an older form of answer says the same.
    allow(&app, &french(), "null", "null").await;
    assert_eq!(ask(&app, &french(), CHEAP).await.status, StatusCode::OK);
}

#[rstest]
#[tokio::test]
async fn what_may_be_too_much_a_minute_is_not_begun(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = small_world::app(engine).await;
    ask(&app, &french(), CHEAP).await.data();
    // Half a second gives one row back: nothing that matters here.
    allow(&app, &french(), "null", "50").await;
    let first = ask(&app, &french(), PAGE).await;
    assert_eq!(header(&first.headers, "ratelimit-policy"), Some("\"cost\";q=50;w=60"));
    // A slow machine gives a row back in 1.2 s.
    let left = |reply: &Reply| -> u32 {
        let told = header(&reply.headers, "ratelimit").expect("what is left");
        let told = told.strip_prefix("\"cost\";r=").expect("the policy").split(';').next().expect("a number");
        told.parse().expect("a number")
    };
    assert!((30..35).contains(&left(&first)), "{}", left(&first));
    assert_eq!(ask(&app, &french_colleague(), PAGE).await.status, StatusCode::OK);
    let before = app.gateway().statements();
    let refused = ask(&app, &french(), PAGE).await;
    assert_eq!((refused.status, refused.code()), (StatusCode::TOO_MANY_REQUESTS, "RATE_LIMITED"));
    // Ten are left, twenty were asked for: in twelve seconds.
    assert!((10..15).contains(&left(&refused)), "{}", left(&refused));
    let wait: u32 = header(&refused.headers, "retry-after").expect("when").parse().expect("seconds");
    assert!((7..=12).contains(&wait), "{wait}");
    assert!(
        refused.json["errors"][0]["message"].as_str().is_some_and(|told| told.starts_with("cost: at most 50 in 60 s"))
    );
    // What can never be: that is no matter of time.
    let more = ask(&app, &french(), "{ missions(first: 51) { nodes { name } } }").await;
    assert_eq!((more.status, more.code()), (StatusCode::BAD_REQUEST, "QUERY_TOO_COMPLEX"));
    assert_eq!(app.gateway().statements(), before, "nothing was read");
    // What costs nothing is answered, and of a mutation nothing is done whose payload is too much.
    assert_eq!(ask(&app, &french(), CHEAP).await.status, StatusCode::OK);
    let input = json!({ "missionId": mission(1), "kind": "QUESTION", "category": "OTHER", "severity": "LOW",
        "title": "A title of its own", "narrative": "Words" });
    let raise = "mutation($input: RaiseConcernInput!) { raiseConcern(input: $input) { concern { mission { concerns(first: 40) { nodes { id } } } } } }";
    let refused = app.ask(&french(), raise, json!({ "input": input })).await;
    assert_eq!(refused.code(), "RATE_LIMITED", "{}", refused.text);
    allow(&app, &french(), "null", "null").await;
    let found = "{ concerns(filter: { title: { eq: \"A title of its own\" } }) { totalCount } }";
    assert_eq!(ask(&app, &french(), found).await.data()["concerns"]["totalCount"], 0);
}

#[rstest]
#[tokio::test]
async fn each_person_has_a_quota_too(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let db = TestDb::new(engine).await;
    small_world::fill(&db).await;
    let limits = Limits { person_requests_per_second: Some(1), person_cost_per_minute: Some(25), ..Limits::default() };
    let app = App::with(db, limits).await;
    allow(&app, &french(), "1000", "1000").await;
    let first = ask(&app, &french(), PAGE).await;
    assert_eq!(
        header(&first.headers, "ratelimit-policy"),
        Some("\"person-requests\";q=1;w=1, \"requests\";q=1000;w=1, \"person-cost\";q=25;w=60, \"cost\";q=1000;w=60")
    );
    let replies = many(&app, &french()).await;
    assert!(replies.iter().any(|reply| reply.code() == "RATE_LIMITED" && reply.text.contains("person-requests")));
    // A colleague has a bucket of the own.
    assert_eq!(ask(&app, &french_colleague(), PAGE).await.status, StatusCode::OK);
    assert_eq!(ask(&app, &police(), PAGE).await.status, StatusCode::OK);
}

/// Who keeps the registry says how much an agency may ask for, and it is so at once.
#[rstest]
#[tokio::test]
async fn an_administrator_sets_a_quota(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = small_world::app(engine).await;
    ask(&app, &french(), CHEAP).await.data();
    let keeper = Who { role: Role::Administrator, ..small_world::auditor() };
    let set = "mutation($input: SetAgencyCeilingInput!) { setAgencyCeiling(input: $input) { agency { requestsPerSecond costPerMinute } } }";
    let input = json!({ "agencyId": format!("agency_{}", french().agency), "quotaCostPerMinute": 50 });
    let reply = app.ask(&keeper, set, json!({ "input": input })).await;
    let agency = json!({ "requestsPerSecond": null, "costPerMinute": 50 });
    assert_eq!(reply.data()["setAgencyCeiling"]["agency"], agency, "{}", reply.text);
    let reply = ask(&app, &french(), PAGE).await;
    assert_eq!(header(&reply.headers, "ratelimit-policy"), Some("\"cost\";q=50;w=60"));
    assert_eq!(app.ask(&keeper, set, json!({ "input": input })).await.code(), "CONFLICT");
}

/// Whatever way a question comes.
#[rstest]
#[tokio::test]
async fn streams_are_counted(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = small_world::app(engine).await;
    ask(&app, &french(), CHEAP).await.data();
    allow(&app, &french(), "null", "10").await;
    let page = "subscription { concernChanged { concern { mission { concerns(first: 7) { nodes { id } } } } } }";
    assert_eq!(app.listen(&french(), page, json!({})).await.event().await["concern"], json!(null));
    assert_eq!(app.listen(&french(), page, json!({})).await.end().await, "RATE_LIMITED", "its beginning costs");
    allow(&app, &french(), "1", "null").await;
    let query = "subscription { concernChanged { change } }";
    let mut refused = 0;
    for _ in 0..20 {
        let mut listener = app.listen(&french(), query, json!({})).await;
        let first = listener.response().await.expect("a response");
        if first["errors"][0]["extensions"]["code"] == "RATE_LIMITED" {
            refused += 1;
        } else {
            assert_eq!(first["data"]["concernChanged"]["change"], "RESYNC", "{first}");
        }
    }
    assert!(refused > 0, "twenty streams in less than twenty seconds");
}
