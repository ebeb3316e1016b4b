//! Collection, merging and order of fields; fragments and type conditions; `@skip` and `@include`.

use chancery::store::Engine;
use rstest::rstest;
use serde_json::json;

use super::{
    answers, refuses,
    support::small_world::{self, analyst, mission},
};

#[rstest]
#[tokio::test]
async fn fields_come_in_the_order_asked_under_their_response_keys(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let app = small_world::app(engine).await;
    let (who, id) = (analyst(), mission(2));
    let cases = [
        (
            "{ mission(id: $id) { status name type } }",
            r#"{"mission":{"status":"OPEN","name":"Mission 1","type":"PERMANENT_MISSION_UN"}}"#,
        ),
        (
            "{ mission(id: $id) { b: name a: name name } }",
            r#"{"mission":{"b":"Mission 1","a":"Mission 1","name":"Mission 1"}}"#,
        ),
        (
            "{ z: mission(id: $id) { name } __typename a: mission(id: $id) { status } }",
            r#"{"z":{"name":"Mission 1"},"__typename":"Query","a":{"status":"OPEN"}}"#,
        ),
        // A repeated field stands where it was first asked, and its selections are one.
        (
            "{ mission(id: $id) { name } __typename mission(id: $id) { status name } }",
            r#"{"mission":{"name":"Mission 1","status":"OPEN"},"__typename":"Query"}"#,
        ),
        (
            "{ mission(id: $id) { sendingState { name } ...F ... { sendingState { id } } } } fragment F on Mission { sendingState { iso2 } status }",
            r#"{"mission":{"sendingState":{"name":"Germany","iso2":"DE","id":"state_0000000000000000000S000002"},"status":"OPEN"}}"#,
        ),
        (
            "{ mission(id: $id) { accreditedTo { edges { node { name } } } ... on Mission { accreditedTo { totalCount edges { cursor @skip(if: true) node { iso2 } } } } } }",
            r#"{"mission":{"accreditedTo":{"edges":[{"node":{"name":"France","iso2":"FR"}}],"totalCount":1}}}"#,
        ),
        // The same fragment twice adds nothing; a skipped spread does not count as visited.
        ("{ mission(id: $id) { ...F ...F } } fragment F on Mission { name }", r#"{"mission":{"name":"Mission 1"}}"#),
        (
            "{ mission(id: $id) { ...F @skip(if: true) status ...F } } fragment F on Mission { name }",
            r#"{"mission":{"status":"OPEN","name":"Mission 1"}}"#,
        ),
        // Type names at every level.
        (
            "{ __typename viewer { __typename } mission(id: $id) { t: __typename sendingState { __typename } accreditedTo { __typename pageInfo { __typename } edges { __typename node { __typename } } nodes { __typename } } } }",
            r#"{"__typename":"Query","viewer":{"__typename":"Viewer"},"mission":{"t":"Mission","sendingState":{"__typename":"SendingState"},"accreditedTo":{"__typename":"SendingStateConnection","pageInfo":{"__typename":"PageInfo"},"edges":[{"__typename":"SendingStateEdge","node":{"__typename":"SendingState"}}],"nodes":[{"__typename":"SendingState"}]}}}"#,
        ),
        ("{ __typename }", r#"{"__typename":"Query"}"#),
        (
            "{ ...Q } fragment Q on Query { ... on Query { mission(id: $id) { name } } }",
            r#"{"mission":{"name":"Mission 1"}}"#,
        ),
    ];
    for (query, expected) in cases {
        let (query, variables) = if query.contains("$id") {
            (format!("query($id: ID!) {query}"), json!({ "id": id }))
        } else {
            (query.to_owned(), json!({}))
        };
        answers(&app, &who, &query, variables, expected).await;
    }
}

#[rstest]
#[tokio::test]
async fn a_fragment_applies_where_its_type_condition_holds(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = small_world::app(engine).await;
    let who = analyst();
    let query = "query($id: ID!) { node(id: $id) { ... on Concern { reference } ... on Node { id ... on Mission { name ... on Node { __typename } } } } }";
    answers(
        &app,
        &who,
        query,
        json!({ "id": mission(2) }),
        r#"{"node":{"id":"mission_0000000000000000000M000002","name":"Mission 1","__typename":"Mission"}}"#,
    )
    .await;
    answers(
        &app,
        &who,
        query,
        json!({ "id": small_world::concern(1) }),
        r#"{"node":{"reference":"C-2026-000001","id":"concern_0000000000000000000N000001"}}"#,
    )
    .await;
    // Nothing applies: an object without fields.
    answers(
        &app,
        &who,
        "query($id: ID!) { node(id: $id) { ... on Concern { reference } } }",
        json!({ "id": mission(2) }),
        r#"{"node":{}}"#,
    )
    .await;
    // One response key may be of two types that never meet, if it has one shape.
    answers(
        &app,
        &who,
        "query($id: ID!) { node(id: $id) { ... on Concern { x: reference } ... on Mission { x: name } } }",
        json!({ "id": mission(2) }),
        r#"{"node":{"x":"Mission 1"}}"#,
    )
    .await;
    answers(
        &app,
        &who,
        "query($ids: [ID!]!) { nodes(ids: $ids) { __typename ...N ... on SendingState { name } } } fragment N on Node { id ... on Mission { status } }",
        json!({ "ids": [mission(1), "state_0000000000000000000S000001", "none", mission(1)] }),
        r#"{"nodes":[{"__typename":"Mission","id":"mission_0000000000000000000M000001","status":"CLOSED"},{"__typename":"SendingState","id":"state_0000000000000000000S000001","name":"France"},null,{"__typename":"Mission","id":"mission_0000000000000000000M000001","status":"CLOSED"}]}"#,
    )
    .await;
    for query in [
        "{ viewer { ... on Mission { name } } }",
        "{ missions { ... on Mission { name } } }",
        "{ missions { nodes { ... on Concern { title } } } }",
        "{ missions { nodes { ... on Nothing { title } } } }",
        "{ missions { nodes { ... on Severity { title } } } }",
        "{ missions { nodes { ...F } } } fragment F on Concern { title }",
        "{ missions { nodes { ...F } } } fragment F on Nothing { title }",
        "{ node(id: \"x\") { name } }",
    ] {
        refuses(&app, &who, query, json!({}), "GRAPHQL_VALIDATION_FAILED", "").await;
    }
}

#[rstest]
#[tokio::test]
async fn fields_that_cannot_be_merged_are_refused(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = small_world::app(engine).await;
    let who = analyst();
    for query in [
        "{ viewer { x: name x: subject } }",
        "{ missions { nodes { x: name ... on Mission { x: status } } } }",
        "{ missions { nodes { ...A ...B } } } fragment A on Mission { x: name } fragment B on Mission { x: city }",
        "{ missions(first: 1) { totalCount } missions(first: 2) { totalCount } }",
        "{ missions(first: 1) { totalCount } missions { totalCount } }",
        "query($n: Int = 1) { missions(first: 1) { totalCount } missions(first: $n) { totalCount } }",
        "{ missions { nodes { sendingState { x: name } } } missions { nodes { sendingState { x: iso2 } } } }",
        "{ missions { nodes { concerns(first: 1) { totalCount } } nodes { concerns(first: 2) { totalCount } } } }",
        "query($id: ID!) { node(id: $id) { ... on Mission { x: name } ... on Mission { x: city } } }",
        "query($id: ID!) { node(id: $id) { ... on Node { x: id } ... on Mission { x: city } } }",
    ] {
        refuses(&app, &who, query, json!({ "id": mission(1) }), "GRAPHQL_VALIDATION_FAILED", "").await;
    }
    // The same arguments, whatever their order, are no conflict.
    answers(
        &app,
        &who,
        r#"{ missions(first: 1, filter: {name: {eq: "Mission 1", in: ["Mission 1"]}}) { totalCount } missions(filter: {name: {in: ["Mission 1"], eq: "Mission 1"}}, first: 1) { totalCount } }"#,
        json!({}),
        r#"{"missions":{"totalCount":2}}"#,
    )
    .await;
}

#[rstest]
#[tokio::test]
async fn skip_and_include_hold_for_fields_spreads_and_inline_fragments(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let app = small_world::app(engine).await;
    let who = analyst();
    let both = "query($s: Boolean!, $i: Boolean! = true) { __typename viewer @skip(if: $s) @include(if: $i) { role } }";
    let with = r#"{"__typename":"Query","viewer":{"role":"ANALYST"}}"#;
    let without = r#"{"__typename":"Query"}"#;
    for (variables, expected) in [
        (json!({"s": false}), with),
        (json!({"s": true}), without),
        (json!({"s": false, "i": false}), without),
        (json!({"s": true, "i": false}), without),
        (json!({"s": false, "i": true}), with),
    ] {
        answers(&app, &who, both, variables, expected).await;
    }
    let pieces = "query($a: Boolean = true, $b: Boolean = false) { viewer { role ... @include(if: $a) { subject } ...N @skip(if: $b) } } fragment N on Viewer { name }";
    for (variables, expected) in [
        (json!({}), r#"{"viewer":{"role":"ANALYST","subject":"subject-4","name":"Person 4"}}"#),
        (json!({"a": false}), r#"{"viewer":{"role":"ANALYST","name":"Person 4"}}"#),
        (json!({"b": true}), r#"{"viewer":{"role":"ANALYST","subject":"subject-4"}}"#),
    ] {
        answers(&app, &who, pieces, variables, expected).await;
    }
    answers(
        &app,
        &who,
        "{ viewer { role @skip(if: true) name @include(if: true) subject @include(if: false) } }",
        json!({}),
        r#"{"viewer":{"name":"Person 4"}}"#,
    )
    .await;
    // Everything skipped: an object without fields, and no statement without a reason.
    answers(&app, &who, "{ viewer { role @skip(if: true) } }", json!({}), r#"{"viewer":{}}"#).await;
    answers(&app, &who, "{ viewer @skip(if: true) { role } }", json!({}), "{}").await;
    refuses(&app, &who, pieces, json!({"a": null}), "BAD_USER_INPUT", "$a").await;
    refuses(&app, &who, both, json!({}), "BAD_USER_INPUT", "$s").await;
    for (query, code) in [
        ("{ viewer { role @skip } }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ viewer { role @skip(if: \"true\") } }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ viewer { role @skip(if: null) } }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ viewer { role @unknown } }", "GRAPHQL_VALIDATION_FAILED"),
        ("query @skip(if: true) { viewer { role } }", "GRAPHQL_VALIDATION_FAILED"),
        ("query($x: String) { viewer { role @skip(if: $x) } }", "GRAPHQL_VALIDATION_FAILED"),
        ("query($x: Boolean) { viewer { role @skip(if: $x) } }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ viewer { role @skip(if: $undeclared) } }", "GRAPHQL_VALIDATION_FAILED"),
    ] {
        refuses(&app, &who, query, json!({}), code, "").await;
    }
}
