//! What an answer may cost: known from the pages that are asked for, before anything is read.

use chancery::{
    config::{Limits, RoleLimits},
    graph::Outcome,
    store::Engine,
};
use rstest::rstest;
use serde_json::{Value, json};

use super::{
    refuses,
    support::{
        TestDb,
        app::{App, Reply, Who},
        listen,
        small_world::{self, analyst, auditor, concern, french, liaison_officer, mission, police},
    },
};

async fn told(app: &App, who: &Who, query: &str, variables: Value) -> Reply {
    app.post(who, &json!({ "query": query, "variables": variables, "extensions": { "cost": true } })).await
}

async fn cost(app: &App, who: &Who, query: &str, variables: Value) -> Value {
    let reply = told(app, who, query, variables).await;
    assert_eq!(reply.outcome, Outcome::Ran, "{query}\n{}", reply.text);
    reply.json["extensions"]["cost"].clone()
}

#[rstest]
#[tokio::test]
async fn it_is_the_rows_that_pages_can_hold(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = small_world::app(engine).await;
    let who = analyst();
    let (one, two) = (mission(1), concern(1));
    let ids = format!("ids: [\"{one}\", \"{two}\"]");
    for (query, rows) in [
        ("{ __typename }", 0),
        ("{ viewer { role } }", 0),
        ("{ viewer { agency { name } } }", 1),
        ("{ missions { nodes { name } } }", 20),
        ("{ missions(first: 0) { nodes { name } } }", 0),
        ("{ missions(last: 7) { edges { cursor } } }", 7),
        // What is told twice is written twice; a count is as a row, and so is a look at what lies before a page.
        ("{ missions(first: 7) { totalCount nodes { name } } }", 8),
        ("{ missions(first: 7) { nodes { name } edges { node { name } } } }", 14),
        ("{ missions(first: 7) { a: nodes { name } b: nodes { name } c: nodes { parent { name } } } }", 28),
        ("{ missions(first: 7) { a: totalCount b: totalCount c: totalCount } }", 3),
        ("{ missions(first: 7) { pageInfo { endCursor hasNextPage } } }", 7),
        ("{ missions(first: 7) { pageInfo { hasPreviousPage } } }", 1),
        ("{ search(text: \"embassy\", first: 4) { a: nodes { ... on Node { id } } b: edges { cursor } } }", 8),
        ("{ missions(first: 100) { totalCount } }", 1),
        ("{ missions(first: 10) { nodes { sendingState { name } parent { name } } } }", 30),
        ("{ missions(first: 10) { nodes { concerns(first: 5) { nodes { premises { kind } } } } } }", 110),
        ("{ missions(first: 10) { nodes { concerns(first: 5) { totalCount } } } }", 20),
        (
            "{ missions(first: 10) { nodes { ...F } } } fragment F on Mission { premises(first: 2) { nodes { ...G } } } fragment G on Premises { mission { name } }",
            50,
        ),
        // What merges is asked once.
        ("{ missions(first: 10) { nodes { parent { name } } } missions(first: 10) { nodes { parent { id } } } }", 20),
        ("{ a: missions(first: 10) { nodes { id } } b: missions(first: 10) { nodes { id } } }", 20),
        ("{ missions(first: 10) @skip(if: true) { nodes { id } } viewer { role } }", 0),
        (
            "{ missionsNear(latitude: 38, longitude: -77, radiusMeters: 10, first: 5) { totalCount nearest { node { parent { id } } } } }",
            11,
        ),
        ("{ search(text: \"embassy\", first: 4) { totalCount nodes { ... on Mission { parent { id } } } } }", 9),
        ("{ concernStats(groupBy: KIND, first: 6) { groups { count } } }", 6),
    ] {
        let expected = json!({ "rows": rows, "limit": 50_000 });
        assert_eq!(cost(&app, &who, query, json!({})).await, expected, "{query}");
    }
    let nodes = format!("{{ nodes({ids}) {{ id ... on Mission {{ parent {{ id }} }} }} }}");
    assert_eq!(cost(&app, &who, &nodes, json!({})).await["rows"], 4);
    // Values of a request: one plan, another cost; and nothing is told to who does not ask.
    let query = "query($n: Int, $m: Int = 3, $ids: [ID!]!) { missions(first: $n) { nodes { premises(first: $m) { nodes { id } } } } nodes(ids: $ids) { id } }";
    for (variables, rows) in [
        (json!({ "n": 2, "ids": [] }), 8),
        (json!({ "n": 2, "m": 0, "ids": [one] }), 3),
        (json!({ "ids": [one, two, one] }), 83),
    ] {
        assert_eq!(cost(&app, &who, query, variables).await["rows"], rows);
    }
    let reply = app.ask(&who, "{ missions { totalCount } }", json!({})).await;
    assert!(reply.json.get("extensions").is_none());
    // Whatever is seen: it is of the question, not of what there is.
    for who in [french(), police(), liaison_officer()] {
        assert_eq!(cost(&app, &who, "{ missions { nodes { name } } }", json!({})).await["rows"], 20);
    }
    assert_eq!(cost(&app, &auditor(), "{ auditEvents { nodes { at } } }", json!({})).await["rows"], 20);
}

#[rstest]
#[tokio::test]
async fn what_may_be_too_much_is_not_begun(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = small_world::app(engine).await;
    let deep = "query($n: Int) { missions(first: $n) { nodes { concerns(first: 100) { nodes { entries(first: 100) { nodes { kind } } } } } } }";
    let told = "cost: the answer may hold 1010100 rows, at most 50000 may be asked for";
    refuses(&app, &analyst(), deep, json!({ "n": 100 }), "QUERY_TOO_COMPLEX", told).await;
    refuses(&app, &analyst(), deep, json!({ "n": 5 }), "QUERY_TOO_COMPLEX", "50505 rows").await;
    assert_eq!(app.ask(&analyst(), deep, json!({ "n": 4 })).await.outcome, Outcome::Ran);
    // Where a number does not fit there is no less.
    let list = |inner: &str| format!("concerns(first: 100) {{ nodes {{ mission {{ {inner} }} }} }}");
    let tower = (0..3).fold("name".to_owned(), |inner, _| list(&inner));
    let query = format!("{{ {tower} }}");
    assert_eq!(app.ask(&analyst(), &query, json!({})).await.code(), "QUERY_TOO_COMPLEX");
    // Of a mutation nothing is done, whichever field asks for too much.
    let input = json!({ "missionId": mission(1), "kind": "QUESTION", "category": "OTHER", "severity": "LOW",
        "title": "A title of its own", "narrative": "Words" });
    let raise = "mutation($input: RaiseConcernInput!) {
        a: raiseConcern(input: $input) { concern { id } }
        b: raiseConcern(input: $input) { concern { mission { concerns(first: 100) { nodes { entries(first: 100) { nodes { concern { entries(first: 100) { nodes { kind } } } } } } } } } } }";
    let before = app.gateway().statements();
    let reply = app.ask(&french(), raise, json!({ "input": input })).await;
    assert_eq!(reply.code(), "QUERY_TOO_COMPLEX", "{}", reply.text);
    assert_eq!(app.gateway().statements(), before);
    let found = "{ concerns(filter: { title: { eq: \"A title of its own\" } }) { totalCount } }";
    assert_eq!(app.ask(&french(), found, json!({})).await.data()["concerns"]["totalCount"], 0);
    // Nor is a stream begun.
    let stream = "subscription { concernChanged { concern { mission { concerns(first: 100) { nodes { entries(first: 100) { nodes { concern { entries(first: 100) { nodes { kind } } } } } } } } } } }";
    let mut listener: listen::Listener = app.listen(&french(), stream, json!({})).await;
    assert_eq!(listener.end().await, "QUERY_TOO_COMPLEX");
}

#[tokio::test]
async fn a_role_may_have_another_bound() {
    let own = RoleLimits { cost: Some(60), depth: Some(3), ..RoleLimits::default() };
    let limits = Limits { cost: 50, role: [("analyst".to_owned(), own)].into(), ..Limits::default() };
    let db = TestDb::new(Engine::Sqlite).await;
    small_world::fill(&db).await;
    let app = App::with(db, limits).await;
    let deep = "{ missions(first: 1) { nodes { sendingState { name } } } }";
    assert_eq!(app.ask(&analyst(), deep, json!({})).await.code(), "QUERY_TOO_COMPLEX");
    app.ask(&french(), deep, json!({})).await.data();
    let query = "{ missions(first: 60) { nodes { name } } }";
    assert_eq!(cost(&app, &analyst(), query, json!({})).await, json!({ "rows": 60, "limit": 60 }));
    refuses(&app, &police(), query, json!({}), "QUERY_TOO_COMPLEX", "60 rows, at most 50").await;
    let more = "{ missions(first: 61) { nodes { name } } }";
    refuses(&app, &analyst(), more, json!({}), "QUERY_TOO_COMPLEX", "61 rows, at most 60").await;
}
