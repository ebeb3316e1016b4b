//! Documents: several operations, what does not parse, what does not validate.

use chancery::{graph::GraphRequest, store::Engine};
use rstest::rstest;
use serde_json::json;

use super::{
    answers, refuses,
    support::small_world::{self, analyst},
};

const PARSE: &str = "GRAPHQL_PARSE_FAILED";
const INVALID: &str = "GRAPHQL_VALIDATION_FAILED";
const BAD: &str = "BAD_USER_INPUT";

#[rstest]
#[tokio::test]
async fn the_operation_named_is_run(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = small_world::app(engine).await;
    let two = "query A($x: Boolean!) { viewer { role @include(if: $x) } } query B { viewer { subject } }";
    let anonymous = "{ viewer { name } }";
    let one = "query A { viewer { name } }";
    let ran = r#""data""#;
    for (query, name, expected) in [
        (two, Some("B"), r#"{"data":{"viewer":{"subject":"subject-4"}}}"#),
        (two, Some("A"), BAD),
        (two, Some("C"), BAD),
        (two, Some("b"), BAD),
        (two, None, BAD),
        (one, None, ran),
        (one, Some("A"), ran),
        (one, Some("B"), BAD),
        (anonymous, None, ran),
        (anonymous, Some("A"), BAD),
    ] {
        let request =
            GraphRequest { query: query.into(), operation_name: name.map(Into::into), ..GraphRequest::default() };
        let reply = app.ask_for(&analyst(), &request).await;
        let text = reply.text.replace("\" : ", "\":");
        assert!(text.contains(expected), "{query} {name:?} {text}");
        assert_eq!(expected == BAD, reply.json.get("data").is_none(), "{query} {name:?} {text}");
    }
    // A cached document does not mix its operations up.
    let request = |name: &str| GraphRequest {
        query: "query A { viewer { role } } query B { viewer { subject } }".into(),
        operation_name: Some(name.into()),
        ..GraphRequest::default()
    };
    for _ in 0..2 {
        assert_eq!(app.ask_for(&analyst(), &request("A")).await.data(), &json!({"viewer": {"role": "ANALYST"}}));
        assert_eq!(app.ask_for(&analyst(), &request("B")).await.data(), &json!({"viewer": {"subject": "subject-4"}}));
    }
}

#[rstest]
#[tokio::test]
async fn what_does_not_parse_is_refused_with_its_place(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = small_world::app(engine).await;
    for query in [
        "",
        " \n,\t",
        "# nothing",
        "{",
        "}",
        "{}",
        "{ }",
        "query",
        "{ viewer {} }",
        "{ viewer { role } ",
        "{ viewer { role } } }",
        "{ missions(first: ) { totalCount } }",
        "{ missions() { totalCount } }",
        "{ viewer: { role } }",
        "{ \"viewer\" }",
        "{ missions(after: \"x) { totalCount } }",
        "{ missions(after: \"\"\"x) { totalCount } }",
        "{ missions(after: \"\\x\") { totalCount } }",
        "{ missions(after: \"\\u12\") { totalCount } }",
        "{ missions(after: \"line\nbreak\") { totalCount } }",
        "{ missions(first: 01) { totalCount } }",
        "{ missions(first: 1x) { totalCount } }",
        "{ missions(first: 1.) { totalCount } }",
        "query($x) { viewer { role } }",
        "query($x: Int = $y) { missions(first: $x) { totalCount } }",
        "nonsense { viewer { role } }",
        "{ viewer { role } } { viewer { role } }",
        "{ viewer { ... } }",
        "{ vïewer { role } }",
        "\u{0}{ viewer { role } }",
        "{ viewer { role } }\u{0}",
    ] {
        refuses(&app, &analyst(), query, json!({}), PARSE, "").await;
    }
    let reply = app.ask(&analyst(), "{\n  viewer {\n    role!\n  }\n}", json!({})).await;
    assert_eq!(reply.json["errors"][0]["locations"], json!([{"line": 3, "column": 9}]), "{}", reply.text);
    // A byte order mark and commas are nothing.
    answers(&app, &analyst(), "\u{FEFF}{,viewer,{,role,},}", json!({}), r#"{"viewer":{"role":"ANALYST"}}"#).await;
}

#[rstest]
#[tokio::test]
async fn what_does_not_validate_is_refused_with_its_place(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = small_world::app(engine).await;
    for query in [
        "{ nothing }",
        "{ viewer }",
        "{ viewer { role { name } } }",
        "{ viewer { nothing } }",
        "{ missions { nodes } }",
        "{ missions { edges { node } } }",
        "{ ...F }",
        "{ viewer { role } } fragment F on Viewer { name }",
        "{ viewer { ...F } } fragment F on Viewer { name ...F }",
        "{ viewer { ...F } } fragment F on Viewer { ...G } fragment G on Viewer { role ...F }",
        "{ missions { nodes { ...F } } } fragment F on Mission { parent { ...F } }",
        "{ viewer { ...F } } fragment F on Viewer { name } fragment F on Viewer { role }",
        "query A { viewer { role } } query A { viewer { role } }",
        "{ viewer { role } } query A { viewer { role } }",
        "mutation { viewer { role } }",
        "mutation { open }",
        "subscription { viewer { role } }",
        "query A { viewer { role } } mutation B { open }",
        "type X { y: Int }",
        "{ viewer { role } } type X { y: Int }",
        "schema { query: Query }",
    ] {
        let reply = app.ask(&analyst(), query, json!({})).await;
        assert!([PARSE, INVALID].contains(&reply.code()), "{query} {}", reply.text);
        refuses(&app, &analyst(), query, json!({}), reply.code(), "").await;
    }
    // However many errors there are, the answer is short.
    let unknown: String = (0..1_000).map(|index| format!("x{index} ")).collect();
    let reply = app.ask(&analyst(), &format!("{{ viewer {{ {unknown} }} }}"), json!({})).await;
    assert_eq!(reply.json["errors"].as_array().map(Vec::len), Some(20));
    let reply = app.ask(&analyst(), "{\n  viewer {\n    nothing\n  }\n}", json!({})).await;
    assert_eq!(reply.json["errors"][0]["locations"], json!([{"line": 3, "column": 5}]), "{}", reply.text);
    let reply = app.ask(&analyst(), "{\n  missions(first: 1.5) { totalCount } }", json!({})).await;
    assert_eq!(reply.json["errors"][0]["locations"][0]["line"], 2, "{}", reply.text);
}
