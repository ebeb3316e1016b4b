//! An agency that is limited to its documents: what runs for it, and that nothing else does.

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use chancery::{graph::Outcome, store::Engine};
use http_body_util::BodyExt as _;
use rstest::rstest;
use serde_json::{Value, json};

use super::{
    CONCERNS, DISABLE, INTROSPECTION, MISSIONS, STREAM, by_hash, get, later, limit, message, run,
    support::{
        app::{App, Reply},
        enrolled,
        small_world::{analyst, french, french_administrator, police},
    },
    trust, with_hash,
};

#[track_caller]
fn is_forbidden(reply: &Reply) {
    assert_eq!((reply.status, reply.code()), (StatusCode::FORBIDDEN, "FORBIDDEN"), "{}", reply.text);
    assert_eq!(message(reply), "this agency asks by its trusted documents only");
    assert!(reply.json.get("data").is_none());
}

/// An application whose French agency is limited to three documents.
async fn limited(engine: Engine) -> App {
    let app = enrolled(engine).await;
    trust(&app, &french(), json!({ "missions": MISSIONS, "concerns": CONCERNS, "stream": STREAM })).await;
    limit(&app, &french()).await;
    app
}

#[rstest]
#[tokio::test]
async fn its_documents_run_by_id_by_hash_and_by_text(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = limited(engine).await;
    let expected = app.post(&french(), &json!({ "documentId": "concerns" })).await;
    assert_eq!(expected.data()["concerns"]["nodes"].as_array().map(Vec::len), Some(2));
    for body in
        [json!({ "documentId": "concerns" }), by_hash(CONCERNS), json!({ "query": CONCERNS }), with_hash(CONCERNS)]
    {
        for reply in [app.post(&french(), &body).await, get(&app, &french(), &body).await] {
            assert_eq!(reply.text, expected.text, "{body}");
        }
    }
    for text in [
        &format!("{CONCERNS} "),
        &CONCERNS.replace(' ', "\n"),
        &format!("{CONCERNS}#"),
        INTROSPECTION,
        "{",
        "",
        DISABLE,
    ] {
        is_forbidden(&app.post(&french(), &json!({ "query": text })).await);
        if !text.is_empty() {
            is_forbidden(&app.post(&french(), &with_hash(text)).await);
            is_forbidden(&get(&app, &french(), &json!({ "query": text })).await);
        }
        is_forbidden(&app.post(&french(), &by_hash(text)).await);
        is_forbidden(&get(&app, &french(), &by_hash(text)).await);
    }
    // Nothing was registered by it, and what is too much is not even looked at.
    let deep = "{".repeat(10_000);
    is_forbidden(&app.post(&french(), &json!({ "query": deep })).await);
    let unknown = app.post(&french(), &json!({ "documentId": "nowhere" })).await;
    assert_eq!((unknown.status, unknown.code()), (StatusCode::BAD_REQUEST, "NOT_FOUND"));
    // What another role of the agency asks is for this one no document.
    for body in [json!({ "query": CONCERNS }), with_hash(CONCERNS), by_hash(CONCERNS)] {
        is_forbidden(&app.post(&french_administrator(), &body).await);
    }
    assert_eq!(app.post(&french_administrator(), &json!({ "documentId": "concerns" })).await.code(), "NOT_FOUND");
    assert_eq!(app.post(&french_administrator(), &json!({ "documentId": "missions" })).await.outcome, Outcome::Ran);
    // Nobody else is limited by it.
    assert_eq!(app.post(&police(), &json!({ "query": INTROSPECTION })).await.outcome, Outcome::Ran);
    assert_eq!(app.post(&police(), &json!({ "documentId": "concerns" })).await.code(), "NOT_FOUND");
    // Until it is freed.
    run(&app, &format!("documents free --agency={}", french().agency)).await.expect("freed");
    later(&app);
    assert_eq!(app.post(&french(), &json!({ "query": INTROSPECTION })).await.outcome, Outcome::Ran);
    assert_eq!(app.post(&french(), &json!({ "documentId": "concerns" })).await.text, expected.text);
}

#[rstest]
#[tokio::test]
async fn without_documents_nothing_runs(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = enrolled(engine).await;
    // What it said before it was limited is no document of it.
    assert_eq!(app.post(&french(), &with_hash(MISSIONS)).await.outcome, Outcome::Ran);
    assert_eq!(app.post(&french(), &by_hash(MISSIONS)).await.outcome, Outcome::Ran);
    limit(&app, &french()).await;
    for body in
        [by_hash(MISSIONS), with_hash(MISSIONS), json!({ "query": MISSIONS }), json!({ "query": "{ __typename }" })]
    {
        is_forbidden(&app.post(&french(), &body).await);
    }
}

#[rstest]
#[tokio::test]
async fn introspection_runs_if_it_is_a_document(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = limited(engine).await;
    trust(&app, &french(), json!({ "tools": INTROSPECTION })).await;
    later(&app);
    for body in [json!({ "documentId": "tools" }), json!({ "query": INTROSPECTION })] {
        assert_eq!(app.post(&french(), &body).await.data()["__schema"]["queryType"]["name"], "Query");
    }
    is_forbidden(&app.post(&french(), &json!({ "query": "{__schema{queryType{name}}}" })).await);
}

#[rstest]
#[tokio::test]
async fn only_its_queries_come_by_get(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = limited(engine).await;
    for body in [json!({ "documentId": "stream" }), json!({ "query": STREAM }), by_hash(STREAM)] {
        assert_eq!(get(&app, &french(), &body).await.status, StatusCode::METHOD_NOT_ALLOWED, "{body}");
    }
    is_forbidden(&get(&app, &french(), &json!({ "query": "subscription { concernChanged { change } }" })).await);
    is_forbidden(&get(&app, &french_administrator(), &json!({ "query": DISABLE })).await);
}

#[rstest]
#[tokio::test]
async fn streams_are_its_documents_too(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = limited(engine).await;
    let token = app.token(&french()).await;
    for body in [json!({ "documentId": "stream" }), by_hash(STREAM), json!({ "query": STREAM }), with_hash(STREAM)] {
        app.listen_with(&token, &body).await.told("RESYNC").await;
    }
    let other = "subscription { concernChanged { change } }";
    for body in [json!({ "query": other }), with_hash(other), by_hash(other), json!({ "query": INTROSPECTION })] {
        assert_eq!(app.listen_with(&token, &body).await.end().await, "FORBIDDEN", "{body}");
    }
    assert_eq!(app.listen_with(&token, &json!({ "documentId": "nowhere" })).await.end().await, "NOT_FOUND");
    for (parameters, told) in [
        ("documentId=concerns", "{\"data\":{\"concerns\""),
        ("documentId=nowhere", "NOT_FOUND"),
        ("query=subscription%7BconcernChanged%7Bchange%7D%7D", "FORBIDDEN"),
    ] {
        let response = app.fetch(&french(), &format!("/graphql/stream?{parameters}")).await;
        let body = response.into_body().collect().await.expect("a body").to_bytes();
        assert!(String::from_utf8_lossy(&body).contains(told), "{parameters}: {body:?}");
    }
    let answer = app.listen_with(&token, &json!({ "documentId": "concerns" })).await.response().await;
    assert!(answer.expect("an answer")["data"]["concerns"].is_object());
}

/// The questions of an export are the server's own: none of the agency's documents.
#[rstest]
#[tokio::test]
async fn it_exports_nothing(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = enrolled(engine).await;
    trust(&app, &analyst(), json!({ "missions": MISSIONS })).await;
    assert_eq!(app.fetch(&analyst(), "/export/missions").await.status(), StatusCode::OK);
    limit(&app, &analyst()).await;
    let response = app.fetch(&analyst(), "/export/missions").await;
    assert_eq!(response.status(), StatusCode::FORBIDDEN);
    let body = response.into_body().collect().await.expect("a body").to_bytes();
    let body: Value = serde_json::from_slice(&body).expect("JSON");
    assert_eq!(body["errors"][0]["extensions"]["code"], "FORBIDDEN");
}

/// In the older form the status is 200, as of every request error of the graph.
#[tokio::test]
async fn the_older_form_says_it_in_the_body() {
    let app = limited(Engine::Sqlite).await;
    let token = app.token(&french()).await;
    for (body, code) in
        [(json!({ "query": INTROSPECTION }), "FORBIDDEN"), (json!({ "documentId": "nowhere" }), "NOT_FOUND")]
    {
        let request = Request::post("/graphql")
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::ACCEPT, "application/json")
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .body(Body::from(body.to_string()))
            .expect("a request");
        let reply = app.send(request).await;
        assert_eq!((reply.status, reply.code()), (StatusCode::OK, code));
    }
}
