//! Automatic persisted queries: a hash is missed, registered with its text, and hit from then on, by the same role of the
//! same agency.

use axum::http::StatusCode;
use chancery::{
    config::{Cache, Limits},
    digest::sha256_hex,
    graph::Outcome,
    store::Engine,
};
use rstest::rstest;
use serde_json::{Value, json};

use super::{
    CONCERNS, DISABLE, MISSIONS, STREAM, by_hash, get, message, persisted,
    support::{
        app::{App, Reply, Who},
        enrolled,
        small_world::{french, french_administrator, french_colleague, police},
    },
    with_hash,
};

#[track_caller]
fn is_missed(reply: &Reply) {
    assert_eq!((reply.code(), message(reply)), ("NOT_FOUND", "PersistedQueryNotFound"), "{}", reply.text);
    assert_eq!(reply.status, StatusCode::BAD_REQUEST);
    assert!(reply.json.get("data").is_none());
}

async fn hit(app: &App, who: &Who, text: &str) -> bool {
    let reply = app.post(who, &by_hash(text)).await;
    if reply.outcome == Outcome::Ran {
        return true;
    }
    is_missed(&reply);
    false
}

#[rstest]
#[tokio::test]
async fn a_hash_is_missed_registered_and_hit(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = enrolled(engine).await;
    is_missed(&app.post(&french(), &by_hash(CONCERNS)).await);
    is_missed(&get(&app, &french(), &by_hash(CONCERNS)).await);
    // A text without a hash is not remembered.
    let text = app.ask(&french(), CONCERNS, json!({})).await;
    is_missed(&app.post(&french(), &by_hash(CONCERNS)).await);
    assert_eq!(app.post(&french(), &with_hash(CONCERNS)).await.text, text.text);
    assert_eq!(app.post(&french(), &by_hash(CONCERNS)).await.text, text.text);
    assert_eq!(get(&app, &french(), &by_hash(CONCERNS)).await.text, text.text);
    let upper = json!({ "query": "", "extensions": persisted(&sha256_hex(CONCERNS).to_uppercase()) });
    assert_eq!(app.post(&french(), &upper).await.text, text.text);
    assert!(hit(&app, &french_colleague(), CONCERNS).await, "a colleague of the same role");
    // By GET too it may be registered.
    assert_eq!(get(&app, &french(), &with_hash(MISSIONS)).await.outcome, Outcome::Ran);
    let variables = json!({ "extensions": persisted(&sha256_hex(MISSIONS)), "variables": { "first": 1 } });
    let nodes = &app.post(&french(), &variables).await.data()["missions"]["nodes"].clone();
    assert_eq!(nodes.as_array().map(Vec::len), Some(1));
}

#[rstest]
#[tokio::test]
async fn nobody_learns_what_others_ask(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = enrolled(engine).await;
    assert_eq!(app.post(&french(), &with_hash(MISSIONS)).await.outcome, Outcome::Ran);
    for who in [french_administrator(), police()] {
        assert!(!hit(&app, &who, MISSIONS).await, "{who:?}");
    }
    assert!(hit(&app, &french(), MISSIONS).await);
    // Another server has its own.
    assert!(!hit(&app.another(Limits::default()).await, &french(), MISSIONS).await);
}

#[rstest]
#[tokio::test]
async fn a_text_that_may_not_be_asked_is_not_remembered(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = enrolled(engine).await;
    for (text, code) in [
        (DISABLE, "GRAPHQL_VALIDATION_FAILED"),
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{ missions { nodes { id nothing } } }", "GRAPHQL_VALIDATION_FAILED"),
        (&format!("{{ {} }}", "a { ".repeat(40) + "b" + &" }".repeat(40)), "QUERY_TOO_COMPLEX"),
    ] {
        assert_eq!(app.post(&french(), &with_hash(text)).await.code(), code, "{text}");
        is_missed(&app.post(&french(), &by_hash(text)).await);
    }
}

#[rstest]
#[tokio::test]
async fn what_is_no_hash_of_the_text_is_refused(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = enrolled(engine).await;
    let hash = sha256_hex(CONCERNS);
    for extension in [
        json!({ "version": 1, "sha256Hash": sha256_hex(MISSIONS) }),
        json!({ "version": 1, "sha256Hash": &hash[1..] }),
        json!({ "version": 1, "sha256Hash": format!("{hash}0") }),
        json!({ "version": 1, "sha256Hash": hash.replace(|digit: char| digit.is_ascii_digit(), "g") }),
        json!({ "version": 1, "sha256Hash": 7 }),
        json!({ "version": 1 }),
        json!({ "version": 2, "sha256Hash": hash }),
        json!({ "version": "1", "sha256Hash": hash }),
        json!({ "sha256Hash": hash }),
        json!([]),
        json!("x"),
        json!(true),
    ] {
        for query in [Some(CONCERNS), None] {
            if query.is_none() && extension["sha256Hash"] == json!(sha256_hex(MISSIONS)) {
                continue;
            }
            let mut body = json!({ "extensions": { "persistedQuery": extension } });
            if let Some(query) = query {
                body["query"] = json!(query);
            }
            let reply = app.post(&french(), &body).await;
            assert_eq!(
                (reply.status, reply.code()),
                (StatusCode::BAD_REQUEST, "BAD_USER_INPUT"),
                "{body}: {}",
                reply.text
            );
            assert!(message(&reply).starts_with("extensions.persistedQuery."), "{}", reply.text);
        }
    }
    is_missed(&app.post(&french(), &by_hash(MISSIONS)).await);
    is_missed(&app.post(&french(), &by_hash(CONCERNS)).await);
    // What is null is not there.
    let null = json!({ "query": CONCERNS, "extensions": { "persistedQuery": null } });
    assert_eq!(app.post(&french(), &null).await.outcome, Outcome::Ran);
}

#[rstest]
#[tokio::test]
async fn only_a_query_comes_by_get(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = enrolled(engine).await;
    for (who, text) in [(french_administrator(), DISABLE), (french(), STREAM)] {
        for body in [with_hash(text), by_hash(text)] {
            let reply = get(&app, &who, &body).await;
            assert_eq!(reply.status, StatusCode::METHOD_NOT_ALLOWED, "{body}: {}", reply.text);
        }
    }
}

/// So many bytes for each role of an agency: who asks much forgets only its own.
#[rstest]
#[tokio::test]
async fn no_agency_forgets_for_another(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = enrolled(engine).await.caching(Cache { persisted_bytes: 4_000, ..Cache::default() }).await;
    assert_eq!(app.post(&french(), &with_hash(MISSIONS)).await.outcome, Outcome::Ran);
    let texts: Vec<String> = (0..40).map(|number| format!("query Q{number} {{ missions {{ totalCount }} }}")).collect();
    for text in &texts {
        assert_eq!(app.post(&police(), &with_hash(text)).await.outcome, Outcome::Ran);
    }
    assert!(hit(&app, &french(), MISSIONS).await);
    assert!(hit(&app, &police(), &texts[39]).await && !hit(&app, &police(), &texts[0]).await);
    let large = format!("# {}\n{MISSIONS}", "x".repeat(5_000));
    assert_eq!(app.post(&french(), &with_hash(&large)).await.outcome, Outcome::Ran);
    assert!(!hit(&app, &french(), &large).await);
    assert!(hit(&app, &french(), MISSIONS).await);
}

#[rstest]
#[tokio::test]
async fn switched_off_it_is_said(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = enrolled(engine).await.caching(Cache { persisted_bytes: 0, ..Cache::default() }).await;
    let off = |reply: &Reply| {
        assert_eq!((reply.code(), message(reply)), ("BAD_USER_INPUT", "PersistedQueryNotSupported"), "{}", reply.text);
    };
    off(&app.post(&french(), &by_hash(MISSIONS)).await);
    // A text is run whatever comes with it, and still held against its hash.
    assert_eq!(app.post(&french(), &with_hash(MISSIONS)).await.outcome, Outcome::Ran);
    off(&app.post(&french(), &by_hash(MISSIONS)).await);
    let wrong = json!({ "query": CONCERNS, "extensions": persisted(&sha256_hex(MISSIONS)) });
    assert_eq!(app.post(&french(), &wrong).await.code(), "BAD_USER_INPUT");
}

/// A stream is registered and gone on with as a query is.
#[rstest]
#[tokio::test]
async fn a_stream_by_its_hash(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = enrolled(engine).await;
    let token = app.token(&french()).await;
    let mut listener = app.listen_with(&token, &by_hash(STREAM)).await;
    let missed = listener.response().await.expect("a response");
    assert_eq!(missed["errors"][0]["message"], "PersistedQueryNotFound");
    let mut listener = app.listen_with(&token, &with_hash(STREAM)).await;
    listener.told("RESYNC").await;
    let mut listener = app.listen_with(&token, &by_hash(STREAM)).await;
    listener.told("RESYNC").await;
    let answer = app.listen_with(&token, &by_hash(MISSIONS)).await.response().await.expect("a response");
    assert_eq!(answer["errors"][0]["message"], "PersistedQueryNotFound");
    assert_eq!(app.post(&french(), &with_hash(MISSIONS)).await.outcome, Outcome::Ran);
    let answer: Value = app.listen_with(&token, &by_hash(MISSIONS)).await.response().await.expect("a response");
    assert!(answer["data"]["missions"]["nodes"].is_array(), "{answer}");
}
