//! Whatever way a limited agency spells a request, nothing runs but a text of its manifest.
//!
//! Every combination of what the members of a request can be, held against what the rules say in one line.

use axum::{
    body::Body,
    http::{Request, header},
};
use chancery::{digest::sha256_hex, graph::Outcome, store::Engine};
use rstest::rstest;
use serde_json::{Value, json};

use super::{
    limit, persisted,
    support::{
        app::{App, Reply},
        enrolled,
        small_world::{french, police},
    },
    trust,
};

const TRUSTED: &str =
    "query One { inside: missions(first: 1) { totalCount } } query Two { inside: missions(first: 2) { totalCount } }";
const OUTSIDE: &str =
    "query One { outside: missions(first: 1) { totalCount } } query Two { outside: missions(first: 2) { totalCount } }";
/// Another agency's.
const OF_POLICE: &str = "query One { outside: concerns(first: 1) { totalCount } } query Two { outside: __typename }";

fn queries() -> Vec<Value> {
    let near = [
        format!("{TRUSTED} "),
        format!(" {TRUSTED}"),
        format!("\u{feff}{TRUSTED}"),
        format!("{TRUSTED}\n"),
        format!("#\n{TRUSTED}"),
        format!("{TRUSTED} query Three {{ outside: __typename }}"),
        TRUSTED.replace("} }", "}}"),
        TRUSTED.replace(' ', ","),
        TRUSTED.to_uppercase(),
    ];
    let exact = [TRUSTED, OUTSIDE, OF_POLICE, ""];
    let texts = exact.into_iter().map(str::to_owned).chain(near);
    [Value::Null].into_iter().chain(texts.map(Value::from)).collect()
}

fn ids() -> Vec<Value> {
    ["", "trusted", "police", "Trusted", "trusted ", TRUSTED]
        .map(Value::from)
        .into_iter()
        .chain([Value::Null])
        .collect()
}

fn extensions() -> Vec<Value> {
    let of = |text: &str| persisted(&sha256_hex(text));
    let wrong = json!({ "persistedQuery": { "version": 2, "sha256Hash": sha256_hex(TRUSTED) } });
    let null = json!({ "persistedQuery": null });
    vec![Value::Null, of(TRUSTED), of(OUTSIDE), of(OF_POLICE), of(""), wrong, null, json!({ "trusted": true })]
}

/// The rule: by the text, by its hash, or by its id, and by one of them.
fn may_run(query: &Value, id: &Value, extensions: &Value) -> bool {
    let hash = &extensions["persistedQuery"];
    let (by_text, is_absent) = (query == TRUSTED, query.is_null() || query == "");
    match (id, hash) {
        (Value::Null, Value::Null) => by_text,
        (Value::Null, hash) => {
            hash["version"] == 1 && hash["sha256Hash"] == sha256_hex(TRUSTED) && (by_text || is_absent)
        }
        (id, Value::Null) => id == "trusted" && query.is_null(),
        _ => false,
    }
}

async fn send(app: &App, token: &str, way: &str, body: &Value) -> Reply {
    let query_string = |body: &Value| -> String {
        let parameter = |(name, value): (&String, &Value)| {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            let escaped: String = text.bytes().map(|byte| format!("%{byte:02x}")).collect();
            format!("{name}={escaped}")
        };
        let members = body.as_object().expect("an object").iter().filter(|(_, value)| !value.is_null());
        members.map(parameter).collect::<Vec<_>>().join("&")
    };
    let post = |uri: String| Request::post(uri).header(header::CONTENT_TYPE, "application/json");
    let outside = json!({ "query": OUTSIDE, "documentId": "trusted", "extensions": persisted(&sha256_hex(OUTSIDE)) });
    let (builder, text) = match way {
        "GET" => {
            (Request::get(format!("/graphql?{}", query_string(body))).header("graphql-preflight", "1"), String::new())
        }
        // What stands in the other place is not heeded.
        "POST and GET" => (post(format!("/graphql?{}", query_string(&outside))), body.to_string()),
        "batch" => (post("/graphql".to_owned()), json!([body]).to_string()),
        _ => (post("/graphql".to_owned()), body.to_string()),
    };
    let request = builder
        .header(header::ACCEPT, "application/graphql-response+json")
        .header("x-request-id", "a-test")
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .body(Body::from(text))
        .expect("a request");
    app.send(request).await
}

#[rstest]
#[tokio::test]
async fn no_spelling_runs_a_text_outside_the_manifest(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = enrolled(engine).await;
    trust(&app, &police(), json!({ "police": OF_POLICE })).await;
    trust(&app, &french(), json!({ "trusted": TRUSTED })).await;
    // What is remembered from before is not to help.
    let token = app.token(&french()).await;
    for text in [TRUSTED, OUTSIDE] {
        let body = json!({ "query": text, "operationName": "One", "extensions": persisted(&sha256_hex(text)) });
        assert_eq!(send(&app, &token, "POST", &body).await.outcome, Outcome::Ran);
    }
    limit(&app, &french()).await;
    let (mut ran, mut refused) = (0, 0);
    for (number, query) in queries().iter().enumerate() {
        for id in &ids() {
            for extension in &extensions() {
                for name in [json!("One"), json!("Two"), json!(OUTSIDE), Value::Null] {
                    let body =
                        json!({ "query": query, "documentId": id, "extensions": extension, "operationName": name });
                    let ways = ["POST", "GET", "POST and GET", "batch"];
                    // Every request by POST, and each by one more way.
                    for way in [ways[0], ways[1 + (number + refused + ran) % 3]] {
                        let reply = send(&app, &token, way, &body).await;
                        assert!(!reply.text.contains("\"outside\""), "{way} {body}: {}", reply.text);
                        let is_named = name == "One" || name == "Two";
                        // Of a GET, an empty id is none, and so is a query that is null and not there.
                        let id = if way == "GET" && id == "" { &Value::Null } else { id };
                        let expected = way != "batch" && is_named && may_run(query, id, extension);
                        assert_eq!(reply.outcome == Outcome::Ran, expected, "{way} {body}: {}", reply.text);
                        if expected {
                            assert!(reply.data()["inside"].is_object());
                            ran += 1;
                        } else {
                            refused += 1;
                        }
                    }
                }
            }
        }
    }
    assert!(ran > 20 && refused > 2_000, "{ran} ran, {refused} were refused");
}
