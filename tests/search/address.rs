//! `premises(address:)`: where is this?

use chancery::store::Engine;
use rstest::rstest;
use serde_json::{Value, json};

use crate::{
    find,
    support::{
        app::{App, Who},
        small_world::{self, analyst, everybody, liaison_officer, row},
    },
};

const QUESTION: &str = "query Q($address: String, $first: Int, $after: String, $last: Int, $before: String) {
  premises(address: $address, first: $first, after: $after, last: $last, before: $before, orderBy: [KIND_DESC]) {
    totalCount nodes { id address } pageInfo { hasNextPage endCursor hasPreviousPage startCursor }
  }
}";

async fn ask(app: &App, who: &Who, variables: Value) -> Value {
    app.ask(who, QUESTION, variables).await.data()["premises"].clone()
}

/// By the words of each address, everybody finds exactly those whose address is shown to them.
#[rstest]
#[tokio::test]
async fn only_by_an_address_that_is_readable(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = small_world::app(engine).await;
    let sql = "update premises set address = 'Rue de l''Éléphant 7, 2300 Décatur Pl NW' where address is not null and kind = 'CHANCERY';
        update premises set address = 'Hidden Elephant Lane 9' where kind = 'RESIDENCE_HOM'";
    small_world::change(&app.db, sql).await;
    let mut seen = 0;
    for who in everybody() {
        let all = app.ask(&who, "{ premises(first: 100) { nodes { id address } } }", json!({})).await;
        if all.code() == "GRAPHQL_VALIDATION_FAILED" {
            let refused = app.ask(&who, QUESTION, json!({ "address": "elephant" })).await;
            assert_eq!(refused.code(), "GRAPHQL_VALIDATION_FAILED");
            continue;
        }
        let shown = all.data()["premises"]["nodes"].as_array().expect("nodes").clone();
        for (question, part) in [
            ("ELEPHANT", "l"),
            ("elephant decatur", "Décatur"),
            ("hid", "Hidden"),
            ("2300 dec", "Décatur"),
            ("9 lane", "Hidden"),
        ] {
            let found = ask(&app, &who, json!({ "address": question, "first": 100 })).await;
            let mut right: Vec<&str> = shown
                .iter()
                .filter(|node| node["address"].as_str().is_some_and(|address| address.contains(part)))
                .map(|node| node["id"].as_str().expect("an id"))
                .collect();
            right.sort_unstable();
            let mut ids: Vec<&str> = found["nodes"]
                .as_array()
                .expect("nodes")
                .iter()
                .map(|node| node["id"].as_str().expect("an id"))
                .collect();
            ids.sort_unstable();
            assert_eq!(ids, right, "{who:?} {question}");
            assert_eq!(found["totalCount"], right.len(), "{who:?} {question}");
            seen += right.len();
        }
        assert!(find(&app, &who, "elephant").await.is_empty(), "an address is not found by search");
    }
    assert!(seen > 20, "{seen}");
}

#[rstest]
#[tokio::test]
async fn with_pages_orders_and_filters(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = small_world::app(engine).await;
    let whole = ask(&app, &liaison_officer(), json!({ "address": "street", "first": 100 })).await;
    let total = whole["totalCount"].as_u64().expect("a count");
    assert!(total > 4, "{whole}");
    for (forward, size) in [(true, 2), (false, 2), (true, 1), (false, 7)] {
        let (mut seen, mut cursor) = (Vec::new(), Value::Null);
        loop {
            let variables = if forward {
                json!({ "address": "street", "first": size, "after": cursor })
            } else {
                json!({ "address": "street", "last": size, "before": cursor })
            };
            let page = ask(&app, &liaison_officer(), variables).await;
            let nodes = page["nodes"].as_array().expect("nodes").clone();
            let info = &page["pageInfo"];
            if forward {
                seen.extend(nodes);
            } else {
                seen.splice(0..0, nodes);
            }
            let (more, next) = if forward { ("hasNextPage", "endCursor") } else { ("hasPreviousPage", "startCursor") };
            cursor = info[next].clone();
            if info[more] == false {
                break;
            }
        }
        assert_eq!(json!(seen), whole["nodes"]);
    }
    let filtered = app
        .ask(&analyst(), "{ premises(address: \"7\", filter: {kind: {eq: CHANCERY}}) { nodes { id } } }", json!({}))
        .await;
    assert_eq!(filtered.code(), "BAD_USER_INPUT", "one letter is no question");
    let question = "{ premises(address: \"street 7\", filter: {kind: {eq: CHANCERY}}) { nodes { id } } none: premises(address: null) { totalCount } all: premises { totalCount } }";
    let filtered = app.ask(&analyst(), question, json!({})).await;
    let data = filtered.data();
    assert_eq!(data["premises"]["nodes"], json!([{ "id": format!("premises_{}", row('R', 14)) }]));
    assert_eq!(data["none"], data["all"], "null is as if it were not there");
    let refused = app.ask(&analyst(), "{ premises(address: \"\") { totalCount } }", json!({})).await;
    assert_eq!(
        refused.json["errors"][0]["message"],
        "address: expected at most 200 characters and 12 words, one of them of two letters or more"
    );
}
