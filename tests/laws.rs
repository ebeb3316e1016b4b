//! The laws of access as a client meets them: hidden is absent, unreadable is null.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "the whole crate is a test; the lints' own exemption covers only functions marked as tests"
)]

mod support;

use chancery::store::Engine;
use rstest::rstest;
use serde_json::{Value, json};

use support::{
    app::{App, Who},
    papers,
    small_world::{self, analyst, auditor, concern, everybody, french, liaison_officer, mission, police, public},
};

/// The ids of the concerns that somebody sees, through a filter.
async fn concerns(app: &App, who: &Who, filter: Value) -> Vec<String> {
    ids(app, who, "concerns", "ConcernFilter", filter).await
}

async fn ids(app: &App, who: &Who, list: &str, ty: &str, filter: Value) -> Vec<String> {
    let query = format!("query($f: {ty}) {{ {list}(first: 100, filter: $f) {{ totalCount nodes {{ id }} }} }}");
    let reply = app.ask(who, &query, json!({ "f": filter })).await;
    let found = &reply.data()[list];
    let ids: Vec<String> = found["nodes"]
        .as_array()
        .expect("nodes")
        .iter()
        .filter_map(|node| node["id"].as_str().map(str::to_owned))
        .collect();
    assert_eq!(found["totalCount"], ids.len(), "{filter}");
    ids
}

#[rstest]
#[tokio::test]
async fn hidden_absent_malformed_and_wrong_typed_ids_answer_alike(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let app = small_world::app(engine).await;
    let seen = concerns(&app, &french(), json!({})).await;
    let hidden = (1..=small_world::CONCERNS).map(concern).find(|id| !seen.contains(id)).expect("one is hidden");
    assert!(!concerns(&app, &liaison_officer(), json!({"id": {"eq": hidden}})).await.is_empty(), "it is there");
    let long = "x".repeat(10_000);
    let none = [
        hidden.as_str(),
        &concern(999),
        &mission(1),
        &public("person", 'P', 1),
        &hidden.to_lowercase(),
        &format!("{hidden} "),
        &hidden[8..],
        "concern_",
        "concern",
        "_",
        "",
        "0",
        "\u{0}",
        "\u{1F1EB}",
        "' or 1 = 1 --",
        &long,
    ];
    let queries = [
        "query($id: ID!) { concern(id: $id) { id title mission { name } } }",
        "query($id: ID!) { nodes(ids: [$id, $id]) { __typename ... on Concern { title entries { totalCount } } } }",
        "query($id: ID!) { concerns(filter: {id: {eq: $id}}) { totalCount nodes { title } edges { cursor } pageInfo { endCursor hasNextPage } } }",
        "query($id: ID!) { concerns(filter: {mission: {id: {eq: $id}}}) { totalCount nodes { title } } }",
    ];
    for query in queries {
        let mut answers: Vec<(String, u64, String)> = Vec::new();
        for id in none {
            // The fourth asks for a mission: the first one is seen there.
            if (query.contains("nodes(ids") && [mission(1).as_str(), concern(1).as_str()].contains(&id))
                || (query.contains("mission: {id") && id == mission(1))
            {
                continue;
            }
            let before = app.gateway().statements();
            let reply = app.ask(&french(), query, json!({ "id": id })).await;
            reply.data();
            answers.push((reply.text, app.gateway().statements() - before, id.chars().take(40).collect()));
        }
        for (text, statements, id) in &answers {
            assert_eq!((text, statements), (&answers[0].0, &1), "{query} {id}");
        }
    }
    let by_node = "query($id: ID!) { node(id: $id) { id ... on Concern { title } } }";
    for id in none.iter().filter(|id| **id != mission(1)) {
        let before = app.gateway().statements();
        let reply = app.ask(&french(), by_node, json!({ "id": id })).await;
        assert_eq!(reply.data(), &json!({"node": null}), "{id}");
        assert_eq!(app.gateway().statements(), before + 1);
    }
    // By reference.
    let hidden_reference = format!("C-2026-{}", &hidden[hidden.len() - 6..]);
    let by_reference = "query($r: String!) { concern(reference: $r) { id } }";
    for reference in [hidden_reference.as_str(), "C-2026-999999", "nothing", ""] {
        let reply = app.ask(&french(), by_reference, json!({ "r": reference })).await;
        assert_eq!(reply.data(), &json!({"concern": null}), "{reference}");
    }
    // As literals, which are other plans.
    for id in [hidden.as_str(), &concern(999), "x"] {
        let reply = app
            .ask(&french(), &format!("{{ node(id: \"{id}\") {{ id }} concern(id: \"{id}\") {{ id }} }}"), json!({}))
            .await;
        assert_eq!(reply.data(), &json!({"node": null, "concern": null}), "{id}");
    }
    // Two ways or none at once are refused, whatever they name.
    for query in
        ["{ concern { id } }", "{ concern(id: null) { id } }", "{ concern(id: \"x\", reference: \"y\") { id } }"]
    {
        let reply = app.ask(&french(), query, json!({})).await;
        assert_eq!(reply.code(), "BAD_USER_INPUT", "{}", reply.text);
    }
    // Who sees nothing sees nothing.
    let reply = app.ask(&auditor(), "{ viewer { role } }", json!({})).await;
    assert_eq!(reply.data()["viewer"]["role"], "AUDITOR");
}

#[rstest]
#[tokio::test]
async fn nodes_keep_their_positions(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = small_world::app(engine).await;
    let seen = concerns(&app, &french(), json!({})).await;
    let hidden = (1..=small_world::CONCERNS).map(concern).find(|id| !seen.contains(id)).expect("one is hidden");
    let asked = [
        mission(3),
        hidden,
        seen[0].clone(),
        "x".into(),
        mission(3),
        public("person", 'P', 1),
        mission(99),
        seen[1].clone(),
    ];
    let query = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }";
    let expected =
        json!([{"id": mission(3)}, null, {"id": seen[0]}, null, {"id": mission(3)}, null, null, {"id": seen[1]}]);
    let reply = app.ask(&french(), query, json!({ "ids": asked })).await;
    assert_eq!(reply.data()["nodes"], expected);
    let mut turned = asked.clone();
    turned.reverse();
    let reply = app.ask(&french(), query, json!({ "ids": turned })).await;
    let mut backwards = expected.as_array().expect("a list").clone();
    backwards.reverse();
    assert_eq!(reply.data()["nodes"], Value::Array(backwards));
    let many: Vec<String> = (0..100).map(|_| mission(1)).collect();
    let reply = app.ask(&french(), query, json!({ "ids": many })).await;
    assert_eq!(reply.data()["nodes"].as_array().map(Vec::len), Some(100));
    let many: Vec<String> = (0..101).map(|_| mission(1)).collect();
    let reply = app.ask(&french(), query, json!({ "ids": many })).await;
    assert_eq!(reply.code(), "BAD_USER_INPUT");
}

/// What somebody reads of a field of each row: the truth that filters must agree with.
async fn values(app: &App, who: &Who, list: &str, field: &str) -> Vec<(String, Value)> {
    let reply = app.ask(who, &format!("{{ {list}(first: 100) {{ nodes {{ id v: {field} }} }} }}"), json!({})).await;
    let nodes = reply.data()[list]["nodes"].as_array().expect("nodes");
    nodes.iter().map(|node| (node["id"].as_str().expect("an id").to_owned(), node["v"].clone())).collect()
}

#[rstest]
#[tokio::test]
async fn an_unreadable_value_is_null_in_every_filter(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = small_world::app(engine).await;
    for (who, list, ty, field) in [
        (french(), "concerns", "ConcernFilter", "title"),
        (french(), "concerns", "ConcernFilter", "occurredAt"),
        (french(), "missions", "MissionFilter", "guardPosture"),
        (police(), "concerns", "ConcernFilter", "title"),
        (police(), "concerns", "ConcernFilter", "nibrsCode"),
        (liaison_officer(), "missions", "MissionFilter", "protectiveNeed"),
        (liaison_officer(), "securityContacts", "SecurityContactFilter", "vettedUntil"),
        (analyst(), "missions", "MissionFilter", "analystNote"),
        (analyst(), "missions", "MissionFilter", "city"),
    ] {
        let rows = values(&app, &who, list, field).await;
        let matching = |judge: &dyn Fn(&Value) -> bool| -> Vec<String> {
            let mut ids: Vec<String> =
                rows.iter().filter(|(_, value)| judge(value)).map(|(id, _)| id.clone()).collect();
            ids.sort_unstable();
            ids
        };
        let probe = rows.iter().map(|(_, value)| value).find(|value| value.is_string()).cloned();
        let probe = probe.unwrap_or_else(|| json!("nothing"));
        let other = |value: &Value| value.is_string() && *value != probe;
        for (filter, expected) in [
            (json!({ field: {"isNull": true} }), matching(&Value::is_null)),
            (json!({ field: {"isNull": false} }), matching(&Value::is_string)),
            (json!({"not": { field: {"isNull": true} }}), matching(&Value::is_string)),
            (json!({ field: {"eq": probe} }), matching(&|value| *value == probe)),
            (json!({"not": { field: {"eq": probe} }}), matching(&other)),
            (json!({"not": {"not": { field: {"eq": probe} }}}), matching(&|value| *value == probe)),
            (json!({ field: {"in": [probe]} }), matching(&|value| *value == probe)),
            (json!({"not": { field: {"in": [probe]} }}), matching(&other)),
            (json!({"or": [{ field: {"eq": probe} }, {"not": { field: {"eq": probe} }}]}), matching(&Value::is_string)),
            (json!({"and": [{"not": { field: {"eq": probe} }}, { field: {"isNull": true} }]}), vec![]),
            (json!({"not": {"or": [{ field: {"eq": probe} }, { field: {"isNull": true} }]}}), matching(&other)),
        ] {
            let mut found = ids(&app, &who, list, ty, filter.clone()).await;
            found.sort_unstable();
            assert_eq!(found, expected, "{} {list} {filter}", who.role);
        }
    }
    // The truth of a hidden title cannot be asked for.
    let hidden: Vec<String> = values(&app, &french(), "concerns", "title")
        .await
        .into_iter()
        .filter(|(_, v)| v.is_null())
        .map(|(id, _)| id)
        .collect();
    assert!(!hidden.is_empty(), "the French see some concerns without their title");
    for title in ["Title 0", "Title 1", "Title 2", "Title 3"] {
        let found = concerns(&app, &french(), json!({"title": {"eq": title}, "id": {"in": hidden}})).await;
        assert!(found.is_empty(), "{title} is told of {found:?}");
    }
}

#[rstest]
#[tokio::test]
async fn on_a_far_row_its_own_tiers_decide(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = small_world::app(engine).await;
    // The police see concerns; some of them about missions that they do not see, some without what tells of them.
    for (who, far, ty) in [
        (police(), "mission", "name"),
        (police(), "premises", "address"),
        (french(), "premises", "address"),
        (liaison_officer(), "mission", "guardPosture"),
    ] {
        let reply = app
            .ask(&who, &format!("{{ concerns(first: 100) {{ nodes {{ id far: {far} {{ v: {ty} }} }} }} }}"), json!({}))
            .await;
        let rows = reply.data()["concerns"]["nodes"].as_array().expect("nodes").clone();
        let matching = |judge: &dyn Fn(&Value) -> bool| -> Vec<String> {
            let mut ids: Vec<String> = rows
                .iter()
                .filter(|row| judge(&row["far"]))
                .filter_map(|row| row["id"].as_str().map(str::to_owned))
                .collect();
            ids.sort_unstable();
            ids
        };
        let probe =
            rows.iter().map(|row| row["far"]["v"].clone()).find(Value::is_string).unwrap_or_else(|| json!("none"));
        for (filter, expected) in [
            (json!({ far: {} }), matching(&Value::is_object)),
            (json!({ far: { ty: {"isNull": true} } }), matching(&|far| far.is_object() && far["v"].is_null())),
            (json!({ far: { ty: {"eq": probe} } }), matching(&|far| far["v"] == probe)),
            (
                json!({"not": { far: { ty: {"eq": probe} } }}),
                matching(&|far| far["v"].is_string() && far["v"] != probe),
            ),
            (
                json!({ far: {"not": { ty: {"eq": probe} }} }),
                matching(&|far| far["v"].is_string() && far["v"] != probe),
            ),
            (json!({"not": { far: { ty: {"isNull": true} } }}), matching(&|far| far["v"].is_string())),
        ] {
            let mut found = concerns(&app, &who, filter.clone()).await;
            found.sort_unstable();
            assert_eq!(found, expected, "{} {filter}", who.role);
        }
    }
}

#[rstest]
#[tokio::test]
async fn what_is_hidden_leaves_no_hole(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = papers::app_with_trail(engine).await;
    for who in everybody() {
        let reply = app.ask(&who, "{ __type(name: \"Concern\") { fields { name } } }", json!({})).await;
        let ty = &reply.data()["__type"];
        let has =
            |name: &str| ty["fields"].as_array().is_some_and(|fields| fields.iter().any(|field| field["name"] == name));
        if ty.is_null() {
            continue;
        }
        let children: String = ["entries", "shares", "referrals"].iter().filter(|name| has(name)).map(|name| format!("{name}(first: 100) {{ totalCount nodes {{ id concern {{ id }} }} edges {{ cursor }} pageInfo {{ hasNextPage endCursor }} }} ")).collect();
        let query = format!(
            "{{ concerns(first: 100) {{ nodes {{ id title mission {{ id }} {children} }} }} missions(first: 100) {{ nodes {{ id }} }} }}"
        );
        let reply = app.ask(&who, &query, json!({})).await;
        let data = reply.data();
        let missions: Vec<&Value> =
            data["missions"]["nodes"].as_array().expect("nodes").iter().map(|node| &node["id"]).collect();
        for row in data["concerns"]["nodes"].as_array().expect("nodes") {
            // An edge leads to what a list shows too.
            if !row["mission"].is_null() {
                assert!(missions.contains(&&row["mission"]["id"]), "{} {row}", who.role);
            }
            for name in ["entries", "shares", "referrals"].into_iter().filter(|name| has(name)) {
                let list = &row[name];
                let nodes = list["nodes"].as_array().expect("nodes");
                assert_eq!(list["totalCount"], nodes.len(), "{} {list}", who.role);
                assert!(nodes.iter().all(|node| node["concern"]["id"] == row["id"]), "{list}");
                if nodes.is_empty() {
                    assert_eq!(list["edges"], json!([]));
                    assert_eq!(list["pageInfo"], json!({"hasNextPage": false, "endCursor": null}));
                }
            }
            // A concern whose contact tier is closed has no entries to show.
            if row["title"].is_null() && has("entries") {
                assert_eq!(row["entries"]["totalCount"], 0, "{} {row}", who.role);
            }
        }
    }
}

#[rstest]
#[tokio::test]
async fn an_administrator_of_another_agency_sees_its_own_agency_only(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let app = small_world::app(engine).await;
    let query = "{ missions(orderBy: [NAME_ASC, CITY_DESC], filter: {name: {startsWith: \"M\", in: [\"Mission 1\"]}, city: {isNull: false}}) { totalCount nodes { name } } sendingStates(orderBy: ISO2_ASC) { totalCount } agencies { totalCount nodes { name } } persons { totalCount nodes { subject agency { name } } } }";
    let reply = app.ask(&small_world::police_administrator(), query, json!({})).await;
    assert_eq!(
        reply.data(),
        &json!({
            "missions": {"totalCount": 0, "nodes": []},
            "sendingStates": {"totalCount": 0},
            "agencies": {"totalCount": 1, "nodes": [{"name": "Police of the District"}]},
            "persons": {"totalCount": 1, "nodes": [{"subject": "subject-3", "agency": {"name": "Police of the District"}}]},
        })
    );
}
