//! Introspection: complete, of one's own role, beside data.

use chancery::{access::Role, store::Engine};
use rstest::rstest;
use serde_json::{Value, json};

use super::{
    answers, refuses,
    support::small_world::{self, analyst, auditor, everybody, french, mission},
};

/// What GraphiQL and the code generators ask.
const FULL: &str = "
query IntrospectionQuery {
  __schema {
    description
    queryType { name }
    mutationType { name }
    subscriptionType { name }
    types { ...FullType }
    directives { name description isRepeatable locations args { ...InputValue } }
  }
}
fragment FullType on __Type {
  kind name description specifiedByURL
  fields(includeDeprecated: true) {
    name description
    args { ...InputValue }
    type { ...TypeRef }
    isDeprecated deprecationReason
  }
  inputFields { ...InputValue }
  interfaces { ...TypeRef }
  enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason }
  possibleTypes { ...TypeRef }
}
fragment InputValue on __InputValue { name description type { ...TypeRef } defaultValue }
fragment TypeRef on __Type {
  kind name
  ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } } }
}";

fn named<'a>(schema: &'a Value, name: &str) -> Option<&'a Value> {
    schema["types"].as_array()?.iter().find(|ty| ty["name"] == name)
}

#[rstest]
#[tokio::test]
async fn tools_get_the_whole_schema_of_the_role_without_a_statement(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let app = small_world::app(engine).await;
    for who in everybody() {
        let reply = app.ask(&who, FULL, json!({})).await;
        let schema = &reply.data()["__schema"];
        assert_eq!(schema["queryType"]["name"], "Query");
        let role = serde_json::to_string(&who.role.name()).expect("text");
        assert_eq!(role, format!("\"{}\"", who.role));
        let sees_concerns = named(schema, "Concern").is_some();
        let directory = matches!(who.role, Role::Administrator | Role::Auditor);
        assert_eq!(sees_concerns, !directory, "{}", who.role);
        // Every type that is named is there: nothing dangles, nothing leaks a name.
        let mut referred = Vec::new();
        gather(schema, &mut referred);
        for name in referred {
            assert!(named(schema, &name).is_some(), "{}: {name} is referred to and is not there", who.role);
        }
    }
    assert_eq!(app.gateway().statements(), 0);
}

/// The names in every `{kind, name}`.
fn gather(value: &Value, out: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            if let (Some(_), Some(name)) = (fields.get("kind"), fields.get("name").and_then(Value::as_str)) {
                out.push(name.to_owned());
            }
            fields.values().for_each(|value| gather(value, out));
        }
        Value::Array(items) => items.iter().for_each(|value| gather(value, out)),
        _ => {}
    }
}

#[rstest]
#[tokio::test]
async fn a_type_is_found_by_name_if_the_role_has_it(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = small_world::app(engine).await;
    let query = "query($n: String!) { __type(name: $n) { __typename kind name } }";
    answers(
        &app,
        &analyst(),
        query,
        json!({"n": "Concern"}),
        r#"{"__type":{"__typename":"__Type","kind":"OBJECT","name":"Concern"}}"#,
    )
    .await;
    for hidden in ["Concern", "Person", "ConcernFilter", "Tlp", "Mission", "Nothing", "", "concern"] {
        answers(&app, &auditor(), query, json!({ "n": hidden }), r#"{"__type":null}"#).await;
    }
    answers(&app, &french(), query, json!({"n": "Person"}), r#"{"__type":null}"#).await;
    answers(
        &app,
        &french(),
        "query($n: String! = \"Query\") { __type(name: $n) { name } }",
        json!({}),
        r#"{"__type":{"name":"Query"}}"#,
    )
    .await;
    // A field of a hidden tier is not there.
    let reply = app.ask(&french(), "{ __type(name: \"Mission\") { fields { name } } }", json!({})).await;
    assert!(!reply.text.contains("protectiveNeed") && !reply.text.contains("analystNote"), "{}", reply.text);
    refuses(&app, &analyst(), query, json!({"n": null}), "BAD_USER_INPUT", "$n").await;
    refuses(&app, &analyst(), "{ __type { name } }", json!({}), "GRAPHQL_VALIDATION_FAILED", "").await;
    refuses(&app, &analyst(), "{ __type(name: null) { name } }", json!({}), "GRAPHQL_VALIDATION_FAILED", "").await;
    refuses(&app, &analyst(), "{ __schema { nothing } }", json!({}), "GRAPHQL_VALIDATION_FAILED", "").await;
    refuses(&app, &analyst(), "{ __schema }", json!({}), "GRAPHQL_VALIDATION_FAILED", "").await;
}

#[rstest]
#[tokio::test]
async fn introspection_stands_beside_data_in_the_order_asked(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let app = small_world::app(engine).await;
    let query = "query($id: ID!, $with: Boolean!) {
        a: __type(name: \"Mission\") { name }
        mission(id: $id) { name }
        ...S @include(if: $with)
        a: __type(name: \"Mission\") { kind }
    } fragment S on Query { __schema { queryType { n: name } } viewer { role } }";
    answers(
        &app,
        &analyst(),
        query,
        json!({"id": mission(2), "with": true}),
        r#"{"a":{"name":"Mission","kind":"OBJECT"},"mission":{"name":"Mission 1"},"__schema":{"queryType":{"n":"Query"}},"viewer":{"role":"ANALYST"}}"#,
    )
    .await;
    answers(
        &app,
        &analyst(),
        query,
        json!({"id": mission(2), "with": false}),
        r#"{"a":{"name":"Mission","kind":"OBJECT"},"mission":{"name":"Mission 1"}}"#,
    )
    .await;
    assert_eq!(app.gateway().statements(), 2);
    answers(
        &app,
        &analyst(),
        "query($d: Boolean = false) { __type(name: \"Severity\") { kind enumValues(includeDeprecated: $d) { name @skip(if: $d) } name } }",
        json!({}),
        r#"{"__type":{"kind":"ENUM","enumValues":[{"name":"LOW"},{"name":"MEDIUM"},{"name":"HIGH"},{"name":"CRITICAL"}],"name":"Severity"}}"#,
    )
    .await;
    refuses(
        &app,
        &analyst(),
        "{ a: __type(name: \"A\") { name } a: __type(name: \"B\") { name } }",
        json!({}),
        "GRAPHQL_VALIDATION_FAILED",
        "",
    )
    .await;
    refuses(
        &app,
        &analyst(),
        "{ __schema { queryType { x: name x: kind } } }",
        json!({}),
        "GRAPHQL_VALIDATION_FAILED",
        "",
    )
    .await;
}

#[rstest]
#[tokio::test]
async fn names_that_a_role_lacks_are_as_unknown_as_names_that_nobody_has(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let app = small_world::app(engine).await;
    // In pairs: a name of another role, and one made up of the same length.
    for (hidden, made_up) in [
        ("{ missions { nodes { analystNote } } }", "{ missions { nodes { analystMoat } } }"),
        ("{ persons { totalCount } }", "{ parsons { totalCount } }"),
        (
            "{ missions(filter: {analystNote: {isNull: true}}) { totalCount } }",
            "{ missions(filter: {analystMoat: {isNull: true}}) { totalCount } }",
        ),
        ("{ missions { nodes { ... on Person { id } } } }", "{ missions { nodes { ... on Parson { id } } } }"),
        ("query($x: PersonFilter) { viewer { role } }", "query($x: ParsonFilter) { viewer { role } }"),
        (
            "{ securityContacts(orderBy: VETTED_UNTIL_ASC) { totalCount } }",
            "{ securityContacts(orderBy: VOTTED_UNTIL_ASC) { totalCount } }",
        ),
    ] {
        let left = app.ask(&french(), hidden, json!({})).await;
        let right = app.ask(&french(), made_up, json!({})).await;
        let same = |text: &str| {
            text.replace("Note", "Moat")
                .replace("ersons", "arsons")
                .replace("Person", "Parson")
                .replace("VETTED", "VOTTED")
        };
        assert_eq!(same(&left.text), same(&right.text));
        assert_eq!(left.outcome, right.outcome);
        assert!(left.json.get("data").is_none() && !left.code().is_empty(), "{hidden} {}", left.text);
    }
}
