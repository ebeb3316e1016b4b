//! Coercion of variables and literals.

use chancery::store::Engine;
use rstest::rstest;
use serde_json::{Value, json};

use super::{
    answers, refuses,
    support::{
        app::App,
        small_world::{self, analyst, mission},
    },
};

const BAD: &str = "BAD_USER_INPUT";
const INVALID: &str = "GRAPHQL_VALIDATION_FAILED";

/// Asks for a number of missions.
async fn counts(app: &App, declared: &str, arguments: &str, variables: Value, expected: usize) {
    let query = format!("query{declared} {{ missions{arguments} {{ totalCount }} }}");
    answers(app, &analyst(), &query, variables, &format!(r#"{{"missions":{{"totalCount":{expected}}}}}"#)).await;
}

#[rstest]
#[tokio::test]
async fn what_fits_is_coerced(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = small_world::app(engine).await;
    let name = "(filter: {name: {eq: $n}})";
    counts(&app, "($n: String)", name, json!({"n": "Mission 1"}), 2).await;
    counts(&app, "($n: String!)", name, json!({"n": "Mission 1"}), 2).await;
    counts(&app, "($n: String = \"Mission 1\")", name, json!({}), 2).await;
    counts(&app, "($n: String = \"Mission 1\")", name, json!({"n": "Mission 0"}), 1).await;
    // One not given is as if the field had not been written.
    counts(&app, "($n: String)", name, json!({}), 12).await;
    counts(&app, "($f: MissionFilter)", "(filter: $f)", json!({}), 12).await;
    counts(&app, "($f: MissionFilter)", "(filter: $f)", json!({"f": null}), 12).await;
    counts(&app, "($f: MissionFilter)", "(filter: $f)", json!({"f": {}}), 12).await;
    counts(&app, "($f: MissionFilter = {name: {eq: \"Mission 1\"}})", "(filter: $f)", json!({}), 2).await;
    counts(&app, "($f: MissionFilter = {name: {eq: \"Mission 1\"}})", "(filter: $f)", json!({"f": null}), 12).await;
    counts(&app, "($f: MissionFilter)", "(filter: {not: $f})", json!({"f": {"name": {"eq": "Mission 1"}}}), 10).await;
    counts(
        &app,
        "($f: MissionFilter!)",
        "(filter: {and: [$f, {status: {eq: OPEN}}]})",
        json!({"f": {"name": {"eq": "Mission 1"}}}),
        1,
    )
    .await;
    // One value where a list is expected.
    counts(&app, "($n: [String!])", "(filter: {name: {in: $n}})", json!({"n": "Mission 1"}), 2).await;
    counts(&app, "", "(filter: {name: {in: \"Mission 1\"}})", json!({}), 2).await;
    counts(&app, "($f: MissionFilter)", "(filter: $f)", json!({"f": {"or": {"name": {"in": "Mission 1"}}}}), 2).await;
    counts(
        &app,
        "($a: String!, $b: String!)",
        "(filter: {name: {in: [$a, \"Mission 1\", $b]}})",
        json!({"a": "Mission 2", "b": "Mission 0"}),
        5,
    )
    .await;
    counts(&app, "($n: [String!])", "(filter: {name: {in: $n}})", json!({"n": []}), 0).await;
    // Enums: names in a document, strings in JSON.
    counts(&app, "($s: MissionStatus)", "(filter: {status: {eq: $s}})", json!({"s": "OPEN"}), 6).await;
    counts(&app, "($s: [MissionStatus!]! = [OPEN, CLOSED])", "(filter: {status: {in: $s}})", json!({}), 12).await;
    counts(&app, "($o: [MissionOrder!])", "(orderBy: $o)", json!({"o": ["NAME_ASC", "STATUS_DESC"]}), 12).await;
    counts(&app, "($o: MissionOrder! = NAME_DESC)", "(orderBy: [$o])", json!({}), 12).await;
    // Int where Float is expected; text in both spellings.
    counts(&app, "($x: Float)", "(filter: {latitude: {gte: $x}})", json!({"x": 40}), 2).await;
    counts(&app, "", "(filter: {latitude: {gte: 40}})", json!({}), 2).await;
    counts(&app, "", "(filter: {latitude: {gte: 4.0e1}})", json!({}), 2).await;
    counts(&app, "", "(filter: {name: {eq: \"\"\"Mission 1\"\"\"}})", json!({}), 2).await;
    counts(&app, "", "(filter: {name: {eq: \"Mission \\u0031\"}})", json!({}), 2).await;
    counts(&app, "", "(filter: {name: {contains: \"\\\"Ü\\\\\\n日本\"}})", json!({}), 1).await;
    counts(&app, "($n: String)", "(filter: {name: {contains: $n}})", json!({"n": "本\u{1F1EB}"}), 1).await;
    // Like signs are no patterns.
    counts(&app, "($n: String)", "(filter: {name: {contains: $n}})", json!({"n": "%"}), 0).await;
    counts(&app, "($n: String)", "(filter: {name: {startsWith: $n}})", json!({"n": "M_ssion"}), 0).await;
    counts(&app, "($n: String)", "(filter: {name: {startsWith: $n}})", json!({"n": ""}), 12).await;
    counts(&app, "($n: String)", "(filter: {name: {startsWith: $n}})", json!({"n": "mission"}), 0).await;
    counts(&app, "", "(filter: {name: {gt: \"L\", lte: \"Mission 2\"}})", json!({}), 6).await;
    // Unknown variables of the request are ignored; so is their depth and form.
    counts(&app, "", "", json!({"unknown": {"deep": [[[1]]]}, "": null}), 12).await;
    // Ids: strings and whole numbers, which are no ids of ours.
    answers(
        &app,
        &analyst(),
        "query($a: ID!) { a: mission(id: $a) { id } b: mission(id: 5) { id } c: mission(id: \"\") { id } }",
        json!({"a": 7}),
        r#"{"a":null,"b":null,"c":null}"#,
    )
    .await;
    answers(
        &app,
        &analyst(),
        "query($a: ID!) { nodes(ids: [$a]) { id } }",
        json!({"a": mission(1)}),
        r#"{"nodes":[{"id":"mission_0000000000000000000M000001"}]}"#,
    )
    .await;
    answers(
        &app,
        &analyst(),
        "query($a: [ID!]!) { nodes(ids: $a) { id } }",
        json!({"a": mission(1)}),
        r#"{"nodes":[{"id":"mission_0000000000000000000M000001"}]}"#,
    )
    .await;
    answers(&app, &analyst(), "query($a: [ID!]!) { nodes(ids: $a) { id } }", json!({"a": []}), r#"{"nodes":[]}"#).await;
}

#[rstest]
#[tokio::test]
async fn one_plan_serves_other_values_of_the_same_shape(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = small_world::app(engine).await;
    // Each pair is of one shape or of two that a careless key would mix up.
    for round in 0..2 {
        let _ = round;
        let f = "($f: MissionFilter, $n: Int)";
        let a = "(filter: $f, first: $n)";
        counts(&app, f, a, json!({"f": {"name": {"in": ["Mission 1"]}}}), 2).await;
        counts(&app, f, a, json!({"f": {"name": {"in": ["Mission 1", "Mission 2"]}}, "n": 3}), 4).await;
        counts(&app, f, a, json!({"f": {"name": {"in": []}}, "n": 4}), 0).await;
        counts(&app, f, a, json!({"f": {"or": [{"name": {"eq": "Mission 1"}}, {"status": {"eq": "OPEN"}}]}}), 7).await;
        counts(&app, f, a, json!({"f": {"or": [{"name": {"eq": "Mission 1"}}]}}), 2).await;
        counts(&app, f, a, json!({"f": {"or": []}}), 0).await;
        counts(&app, f, a, json!({"f": {"and": []}}), 12).await;
        counts(&app, f, a, json!({"f": {"city": {"isNull": true}}}), 3).await;
        counts(&app, f, a, json!({"f": {"city": {"isNull": false}}}), 9).await;
        counts(&app, f, a, json!({"f": {"id": {"eq": mission(1)}}}), 1).await;
        counts(&app, f, a, json!({"f": {"id": {"eq": small_world::concern(1)}}}), 0).await;
        counts(&app, f, a, json!({"f": {"id": {"in": [mission(1), "x", mission(2)]}}}), 2).await;
    }
}

#[rstest]
#[tokio::test]
async fn what_does_not_fit_is_refused(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = small_world::app(engine).await;
    let who = analyst();
    let variables: [(&str, Value, &str); 39] = [
        ("query($id: ID!) { mission(id: $id) { id } }", json!({}), "$id"),
        ("query($id: ID!) { mission(id: $id) { id } }", json!({"id": null}), "$id"),
        ("query($id: ID!) { mission(id: $id) { id } }", json!({"id": true}), "$id"),
        ("query($id: ID!) { mission(id: $id) { id } }", json!({"id": 1.5}), "$id"),
        ("query($id: ID!) { mission(id: $id) { id } }", json!({"id": ["x"]}), "$id"),
        ("query($id: ID! = \"x\") { mission(id: $id) { id } }", json!({"id": null}), "$id"),
        ("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", json!({"ids": null}), "$ids"),
        ("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", json!({"ids": ["x", null]}), "$ids[1]"),
        ("query($n: Int) { missions(first: $n) { totalCount } }", json!({"n": 1.5}), "$n"),
        ("query($n: Int) { missions(first: $n) { totalCount } }", json!({"n": "1"}), "$n"),
        ("query($n: Int) { missions(first: $n) { totalCount } }", json!({"n": true}), "$n"),
        ("query($n: Int) { missions(first: $n) { totalCount } }", json!({"n": 2_147_483_648_i64}), "$n"),
        ("query($n: Int) { missions(first: $n) { totalCount } }", json!({"n": u64::MAX}), "$n"),
        ("query($n: Int) { missions(first: $n) { totalCount } }", json!({"n": -1}), "first"),
        ("query($n: Int) { missions(first: $n) { totalCount } }", json!({"n": 101}), "first"),
        ("query($n: Int) { missions(last: $n) { totalCount } }", json!({"n": 101}), "last"),
        ("query($x: Float) { missions(filter: {latitude: {gt: $x}}) { totalCount } }", json!({"x": "1.5"}), "$x"),
        ("query($f: MissionFilter) { missions(filter: $f) { totalCount } }", json!({"f": "x"}), "$f"),
        ("query($f: MissionFilter) { missions(filter: $f) { totalCount } }", json!({"f": 1}), "$f"),
        ("query($f: MissionFilter) { missions(filter: $f) { totalCount } }", json!({"f": []}), "$f"),
        (
            "query($f: MissionFilter) { missions(filter: $f) { totalCount } }",
            json!({"f": {"nom": {"eq": "x"}}}),
            "$f: MissionFilter has no field \"nom\"",
        ),
        ("query($f: MissionFilter) { missions(filter: $f) { totalCount } }", json!({"f": {"name": "x"}}), "$f.name"),
        (
            "query($f: MissionFilter) { missions(filter: $f) { totalCount } }",
            json!({"f": {"name": {"eq": 1}}}),
            "$f.name.eq",
        ),
        (
            "query($f: MissionFilter) { missions(filter: $f) { totalCount } }",
            json!({"f": {"name": {"in": ["x", 1]}}}),
            "$f.name.in[1]",
        ),
        (
            "query($f: MissionFilter) { missions(filter: $f) { totalCount } }",
            json!({"f": {"name": {"in": [null]}}}),
            "$f.name.in[0]",
        ),
        (
            "query($f: MissionFilter) { missions(filter: $f) { totalCount } }",
            json!({"f": {"and": [{"or": [{"status": {"eq": "SHUT"}}]}]}}),
            "$f.and[0].or[0].status.eq",
        ),
        (
            "query($f: MissionFilter) { missions(filter: $f) { totalCount } }",
            json!({"f": {"openedOn": {"eq": "2026-02-30"}}}),
            "$f.openedOn.eq",
        ),
        (
            "query($f: MissionFilter) { missions(filter: $f) { totalCount } }",
            json!({"f": {"name": {"eq": "a\u{0}b"}}}),
            "$f.name.eq",
        ),
        // Null where a condition is expected says nothing and is refused.
        ("query($f: MissionFilter) { missions(filter: $f) { totalCount } }", json!({"f": {"name": null}}), "name"),
        (
            "query($f: MissionFilter) { missions(filter: $f) { totalCount } }",
            json!({"f": {"name": {"eq": null}}}),
            "name.eq",
        ),
        ("query($f: MissionFilter) { missions(filter: $f) { totalCount } }", json!({"f": {"not": null}}), "not"),
        ("query($n: String) { missions(filter: {name: {eq: $n}}) { totalCount } }", json!({"n": null}), "name.eq"),
        (
            "query($s: MissionStatus) { missions(filter: {status: {eq: $s}}) { totalCount } }",
            json!({"s": "open"}),
            "$s",
        ),
        ("query($s: MissionStatus) { missions(filter: {status: {eq: $s}}) { totalCount } }", json!({"s": 1}), "$s"),
        ("query($o: [MissionOrder!]) { missions(orderBy: $o) { totalCount } }", json!({"o": "SEVERITY_ASC"}), "$o"),
        ("query($o: [MissionOrder!]) { missions(orderBy: $o) { totalCount } }", json!({"o": [null]}), "$o[0]"),
        (
            "query($t: DateTime) { concerns(filter: {openedAt: {gt: $t}}) { totalCount } }",
            json!({"t": "yesterday"}),
            "$t",
        ),
        ("query($t: DateTime) { concerns(filter: {openedAt: {gt: $t}}) { totalCount } }", json!({"t": 5}), "$t"),
        ("query($a: String) { missions(after: $a) { nodes { id } } }", json!({"a": "not a cursor"}), "after"),
    ];
    for (query, variables, message) in variables {
        refuses(&app, &who, query, variables, BAD, message).await;
    }
}

#[rstest]
#[tokio::test]
async fn literals_that_do_not_fit_are_refused(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = small_world::app(engine).await;
    let who = analyst();
    for query in [
        "{ mission(id: null) { id } }",
        "{ mission { id } }",
        "{ mission(id: 1.5) { id } }",
        "{ mission(id: x) { id } }",
        "{ nodes(ids: [\"x\", null]) { id } }",
        "{ missions(first: \"1\") { totalCount } }",
        "{ missions(first: 1.0) { totalCount } }",
        "{ missions(first: 2147483648) { totalCount } }",
        "{ missions(first: 99999999999999999999999999) { totalCount } }",
        "{ missions(first: -1) { totalCount } }",
        "{ missions(first: 1, last: 1) { totalCount } }",
        "{ missions(filter: \"x\") { totalCount } }",
        "{ missions(filter: {name: \"x\"}) { totalCount } }",
        "{ missions(filter: {nom: {eq: \"x\"}}) { totalCount } }",
        "{ missions(filter: {status: {eq: \"OPEN\"}}) { totalCount } }",
        "{ missions(filter: {status: {eq: SHUT}}) { totalCount } }",
        "{ missions(filter: {name: {eq: OPEN}}) { totalCount } }",
        "{ missions(filter: {name: {eq: null}}) { totalCount } }",
        "{ missions(filter: {latitude: {eq: \"1\"}}) { totalCount } }",
        "{ missions(orderBy: [NAME]) { totalCount } }",
        "{ missions(orderBy: \"NAME_ASC\") { totalCount } }",
        "query($n: Int = \"x\") { missions(first: $n) { totalCount } }",
        "query($n: Int! = null) { missions(first: $n) { totalCount } }",
        "query($s: MissionStatus = \"OPEN\") { missions(filter: {status: {eq: $s}}) { totalCount } }",
        // A variable where its type does not fit, at the top and inside.
        "query($n: String) { missions(first: $n) { totalCount } }",
        "query($n: Int = 1) { missions(filter: {name: {eq: $n}}) { totalCount } }",
        "query($n: String = \"x\") { missions(filter: {name: {in: $n}}) { totalCount } }",
        "query($n: [String!] = []) { missions(filter: {name: {eq: $n}}) { totalCount } }",
        "query($n: [String] = [\"x\"]) { missions(filter: {name: {in: $n}}) { totalCount } }",
        "query($n: String = \"x\") { missions(filter: {status: {eq: $n}}) { totalCount } }",
        "query($n: String = \"x\") { missions(filter: {openedOn: {eq: $n}}) { totalCount } }",
        "query($f: ConcernFilter = {}) { missions(filter: $f) { totalCount } }",
        "query($f: ConcernFilter = {}) { missions(filter: {and: [$f]}) { totalCount } }",
        "query($id: ID) { mission(id: $id) { id } }",
        "query($id: String = \"x\") { mission(id: $id) { id } }",
        "query($o: SendingStateOrder! = NAME_ASC) { missions(orderBy: [$o]) { totalCount } }",
        "query($i: Int = 1) { missions(filter: {latitude: {isNull: $i}}) { totalCount } }",
        // Types that are none, or no input.
        "query($m: Mission) { viewer { role } }",
        "query($m: Nothing) { viewer { role } }",
        "query($a: Int, $a: Int) { missions(first: $a) { totalCount } }",
        "{ missions(first: $undeclared) { totalCount } }",
        "query($unused: Int) { viewer { role } }",
        "{ missions(first: 1, first: 2) { totalCount } }",
        "{ missions(erste: 1) { totalCount } }",
        "{ viewer(id: 1) { role } }",
    ] {
        let reply = app.ask(&who, query, json!({})).await;
        let code = reply.code();
        assert!([BAD, INVALID, "GRAPHQL_PARSE_FAILED"].contains(&code), "{query} {}", reply.text);
        refuses(&app, &who, query, json!({}), code, "").await;
    }
}
