//! Documents and variables made to break a server: refused with a stable code, never an internal error, never an
//! abort.

use std::fmt::Write as _;

use chancery::{graph::Outcome, store::Engine};
use rstest::rstest;
use serde_json::{Value, json};

use super::{
    refuses,
    support::{
        app::App,
        small_world::{self, analyst, liaison_officer},
    },
};

const COMPLEX: &str = "QUERY_TOO_COMPLEX";
const INVALID: &str = "GRAPHQL_VALIDATION_FAILED";

/// `{ viewer { ...F0 } } fragment F0 …` of so many fragments.
fn fragments(number: usize, of: impl Fn(usize) -> String) -> String {
    let mut text = "{ viewer { ...F0 } }".to_owned();
    for index in 0..number {
        write!(text, " fragment F{index} on Viewer {{ {} }}", of(index)).expect("text");
    }
    text
}

#[rstest]
#[tokio::test]
async fn documents_over_a_bound_are_refused(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = small_world::app(engine).await;
    let next =
        |last: usize| move |index: usize| if index == last { "role".into() } else { format!("...F{}", index + 1) };
    let twice = |last: usize| {
        move |index: usize| if index == last { "role".into() } else { format!("...F{0} ...F{0}", index + 1) }
    };
    let aliases = |number: usize| {
        let fields: String = (0..number).map(|index| format!("a{index}: role ")).collect();
        format!("{{ viewer {{ {fields} }} }}")
    };
    let parents = |number: usize| {
        format!("{{ missions {{ nodes {{ {} name {} }} }} }}", "parent { ".repeat(number), "} ".repeat(number))
    };
    let brackets = |number: usize| {
        format!("{{ missions(filter: {}1{}) {{ totalCount }} }}", "[".repeat(number), "]".repeat(number))
    };
    let cases: Vec<(String, &str)> = vec![
        (fragments(10_000, next(9_999)), COMPLEX),
        (fragments(101, next(100)), COMPLEX),
        (fragments(30, twice(29)), COMPLEX),
        (fragments(90, twice(89)), COMPLEX),
        (fragments(10_000, |index| format!("...F{}", (index + 1) % 10_000)), COMPLEX),
        (fragments(100, |index| format!("...F{}", (index + 1) % 100)), COMPLEX),
        (fragments(50, |index| format!("...F{}", (index + 1) % 50)), INVALID),
        (fragments(1_000, |_| "role".into()), COMPLEX),
        (fragments(90, |_| "role".into()), INVALID),
        (aliases(100_000), COMPLEX),
        (aliases(61), COMPLEX),
        ("{ viewer { role } }".repeat(20_000), COMPLEX),
        (format!("{{ {} }}", "viewer { role } ".repeat(21)), COMPLEX),
        (format!("{{ viewer {{ {} }} }}", "role ".repeat(5_001)), COMPLEX),
        (format!("{{ viewer {{ role {} }} }}", "@skip(if: false) ".repeat(51)), COMPLEX),
        (format!("{{ viewer {} }}", "{ ... ".repeat(500)), COMPLEX),
        ("{".repeat(100_000), COMPLEX),
        ("[".repeat(250_000), COMPLEX),
        (parents(11), COMPLEX),
        (parents(40), COMPLEX),
        (parents(90), COMPLEX),
        (brackets(80), "BAD_USER_INPUT"),
        (brackets(5_000), COMPLEX),
        (format!("{{ {} }}", "a".repeat(300_000)), COMPLEX),
        (format!("{{ {} }}", "a".repeat(200_000)), COMPLEX),
        (format!("{{ {} }}", "a".repeat(255)), INVALID),
        (format!("{{ viewer {{ {} }} }}", "...F".repeat(5_000)), COMPLEX),
        (format!("{{ missions(first: {}) {{ totalCount }} }}", "0".repeat(5_001)), COMPLEX),
        (format!("{{ viewer {{ {}{}{} }} }}", "... { ".repeat(40), "role ".repeat(600), "}".repeat(40)), COMPLEX),
        (format!("{{ viewer {{ role({}) }} }}", "a: 1 ".repeat(31)), COMPLEX),
        (format!("{{ __schema {{ {} }} }}", "types { name } ".repeat(21)), COMPLEX),
        ((0..21).map(|index| format!("query q{index} {{ viewer {{ role }} }} ")).collect(), COMPLEX),
        (format!("{{ missions(after: \"{}\") {{ totalCount }} }}", "a".repeat(200_000)), ""),
        (format!("# {}\n{{ viewer {{ role }} }}", "x".repeat(300_000)), COMPLEX),
        (format!("{{ missions(first: {}) {{ totalCount }} }}", "9".repeat(100_000)), ""),
        ("{ missions(filter: {latitude: {eq: 1e400}}) { totalCount } }".into(), ""),
        ("{ missions(filter: {latitude: {eq: -1e400}}) { totalCount } }".into(), ""),
        (format!("{{ missions(filter: {{latitude: {{eq: 1e{}}}}}) {{ totalCount }} }}", "9".repeat(1_000)), ""),
        ("{ missions(after: \"\u{0}\") { totalCount } }".into(), ""),
        ("{ missions(after: \"\\u0000\") { totalCount } }".into(), "BAD_USER_INPUT"),
        ("{ sendingState(iso2: \"\\u0000\") { name } }".into(), "BAD_USER_INPUT"),
        ("{ missions(filter: {name: {in: [\"\\u0000\"]}}) { totalCount } }".into(), "BAD_USER_INPUT"),
        ("{ missions(after: \"\\uD800\") { totalCount } }".into(), ""),
        ("{ missions(after: \"\\uDC00\\uD800\") { totalCount } }".into(), ""),
        (format!("{{ __schema {{ types {} name {} }} }}", "{ fields { type ".repeat(3), "} } ".repeat(3)), COMPLEX),
        (
            format!(
                "{{ __schema {{ types {{ fields {{ type {} name {} }} }} }} }}",
                "{ ofType ".repeat(40),
                "} ".repeat(40)
            ),
            COMPLEX,
        ),
    ];
    for (query, code) in cases {
        let reply = app.ask(&analyst(), &query, json!({})).await;
        let shown: String = query.chars().take(100).collect();
        let answered: String = reply.text.chars().take(500).collect();
        assert!(!["INTERNAL", ""].contains(&reply.code()), "{shown} {answered}");
        refuses(&app, &analyst(), &query, json!({}), if code.is_empty() { reply.code() } else { code }, "").await;
    }
    // What is just within the bounds is answered.
    for query in [format!("{{ viewer {{ {}role{} }} }}", "... { ".repeat(40), " }".repeat(40)), fragments(90, next(89))]
    {
        app.ask(&analyst(), &query, json!({})).await.data();
    }
    // A tower of inline fragments in a chain of fragments: the deepest recursion that the bounds allow.
    let tower = |index: usize| {
        let inner = if index == 98 { "role".to_owned() } else { format!("...F{}", index + 1) };
        format!("{}{inner}{}", "...{".repeat(13), "}".repeat(13))
    };
    refuses(&app, &analyst(), &fragments(99, tower), json!({}), COMPLEX, "nesting").await;
    // The same, where the deep end was measured from close by first.
    let shallow =
        fragments(99, tower).replace("...F0", &(0..99).rev().map(|index| format!("...F{index} ")).collect::<String>());
    refuses(&app, &analyst(), &shallow, json!({}), COMPLEX, "nesting").await;
}

/// What runs or is refused, but never fails.
async fn holds(app: &App, query: &str, variables: Value) {
    for who in [analyst(), liaison_officer(), small_world::french(), small_world::police()] {
        let reply = app.ask(&who, query, variables.clone()).await;
        let shown: String = query.chars().take(200).collect();
        let told: String = reply.text.chars().take(500).collect();
        match reply.outcome {
            Outcome::Ran => assert!(reply.json.get("errors").is_none(), "{shown} {told}"),
            Outcome::Refused(_) => {
                assert!(["BAD_USER_INPUT", COMPLEX, INVALID].contains(&reply.code()), "{} {shown} {told}", who.role);
            }
            other => panic!("{other:?} {shown}"),
        }
    }
}

#[rstest]
#[tokio::test]
async fn filters_of_any_size_and_depth_hold(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = small_world::app(engine).await;
    let query = "query($f: ConcernFilter) { concerns(filter: $f, after: null) { totalCount nodes { id } pageInfo { hasPreviousPage } } }";
    let many = |number: usize| -> Vec<Value> {
        (0..number).map(|index| json!({"reference": {"eq": format!("C-{index}")}})).collect()
    };
    let gated = |number: usize| -> Vec<Value> {
        (0..number).map(|index| json!({"title": {"eq": format!("C-{index}")}})).collect()
    };
    for number in [10, 100, 300, 1_000] {
        holds(&app, query, json!({"f": {"or": many(number)}})).await;
        holds(&app, query, json!({"f": {"and": many(number)}})).await;
    }
    for number in [10, 90, 1_000] {
        holds(&app, query, json!({"f": {"or": gated(number)}})).await;
    }
    let rows: Vec<Value> = (0..60).map(|_| json!({"or": many(60)})).collect();
    holds(&app, query, json!({"f": {"and": rows}})).await;
    let texts: Vec<String> = (0..1_000).map(|index| format!("C-{index}")).collect();
    holds(&app, query, json!({"f": {"reference": {"in": texts}}})).await;
    let texts: Vec<String> = (0..1_001).map(|index| format!("C-{index}")).collect();
    holds(&app, query, json!({"f": {"reference": {"in": texts}}})).await;
    let nested =
        |number: usize, name: &str| (0..number).fold(json!({"title": {"eq": "x"}}), |inner, _| json!({ name: inner }));
    for number in [5, 9, 10, 11, 12, 100] {
        holds(&app, query, json!({"f": nested(number, "not")})).await;
        holds(&app, query, json!({"f": nested(number, "and")})).await;
    }
    // Through edges, as far as they go.
    let parents = |number: usize| {
        let far = (0..number).fold(json!({"name": {"startsWith": "Mission"}}), |inner, _| json!({ "parent": inner }));
        json!({"mission": far})
    };
    for number in [1, 5, 8, 9, 10] {
        holds(&app, query, json!({"f": parents(number)})).await;
        let several: Vec<Value> = (0..20).map(|_| parents(number)).collect();
        holds(&app, query, json!({"f": {"or": several}})).await;
    }
    for text in
        ["'", "\"", "\\", "$1", "?1", "%", "\u{FFFF}", "\u{10FFFF}", "\u{202E}", "1); drop table concern; --", ""]
    {
        holds(
            &app,
            query,
            json!({"f": {"reference": {"eq": text, "in": [text], "contains": text, "startsWith": text, "gt": text}}}),
        )
        .await;
    }
    for text in ["a\u{0}", "\u{0}"] {
        refuses(&app, &analyst(), query, json!({"f": {"reference": {"eq": text}}}), "BAD_USER_INPUT", "U+0000").await;
    }
    for number in [0.0, -0.0, 1e308, -1e308, 5e-324, 1e22] {
        holds(&app, query, json!({"f": {"latitude": {"gt": number, "in": [number]}}})).await;
    }
    for at in [
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59.999999Z",
        "9999-12-31T23:59:59-01:00",
        "2026-06-30T23:59:60Z",
        "2026-11-22t09:30:00z",
    ] {
        holds(&app, query, json!({"f": {"openedAt": {"gt": at}}})).await;
    }
    let deep = (0..120).fold(json!(1), |inner, _| json!([inner]));
    refuses(&app, &analyst(), query, json!({"f": deep}), "BAD_USER_INPUT", "$f").await;
}

#[rstest]
#[tokio::test]
async fn the_deepest_and_widest_questions_hold(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = small_world::app(engine).await;
    // Eleven edges; connections in connections; each with a filter.
    holds(
        &app,
        &format!(
            "{{ mission(id: \"{}\") {{ {} name {} }} }}",
            small_world::mission(12),
            "parent { ".repeat(10),
            "} ".repeat(10)
        ),
        json!({}),
    )
    .await;
    let nest = |number: usize, arguments: &str| {
        let mut text = "name".to_owned();
        for _ in 0..number {
            text = format!(
                "constituents{arguments} {{ totalCount pageInfo {{ hasNextPage hasPreviousPage startCursor }} nodes {{ name {text} }} }}"
            );
        }
        format!("{{ missions(first: 3) {{ nodes {{ {text} }} }} }}")
    };
    for number in 1..=5 {
        holds(&app, &nest(number, "(first: 2)"), json!({})).await;
        holds(&app, &nest(number, "(first: 2, orderBy: [STATUS_DESC, CITY_ASC, OPENED_ON_DESC], filter: {not: {or: [{parent: {parent: {name: {eq: \"x\"}}}}, {latitude: {gt: 1}}]}})"), json!({})).await;
    }
    let nest = |number: usize| {
        let mut text = "title".to_owned();
        for _ in 0..number {
            text = format!(
                "title occurredAt mission {{ concerns(first: 2, filter: {{title: {{contains: \"T\"}}, mission: {{email: {{isNull: true}}, city: {{isNull: false}}}}}}, orderBy: [OCCURRED_AT_DESC]) {{ totalCount nodes {{ {text} }} }} }}"
            );
        }
        format!("{{ concerns(first: 3) {{ nodes {{ {} }} }} }}", text.replace("email: {isNull: true}, ", ""))
    };
    for number in 1..=3 {
        holds(&app, &nest(number), json!({})).await;
    }
    // More fields in one object than a function takes arguments.
    let aliases: String = (0..60).map(|index| format!("a{index}: name ")).collect();
    let all =
        "type city state countyFips jurisdictionPrecision latitude ofmRegion status website openedOn id __typename";
    let query = format!(
        "{{ missions(first: 2) {{ totalCount nodes {{ {aliases} {all} }} edges {{ cursor node {{ {all} }} }} }} }}"
    );
    holds(&app, &query, json!({})).await;
    let reply = app.ask(&analyst(), &query, json!({})).await;
    let node = &reply.data()["missions"]["nodes"][0];
    assert_eq!(node.as_object().map(serde_json::Map::len), Some(72), "{}", reply.text);
    assert_eq!(node["a0"], node["a59"]);
    // Twenty roots, each a list with lists.
    let roots: String = (0..20).map(|index| format!("r{index}: missions(first: 2) {{ nodes {{ concerns(first: 2) {{ nodes {{ title entries(first: 1) {{ totalCount }} }} }} }} }} ")).collect();
    holds(&app, &format!("{{ {roots} }}"), json!({})).await;
}
