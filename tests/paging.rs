//! Connections: pages of any size, forwards and backwards, in any order, are the whole list.

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
    small_world::{self, analyst, french, liaison_officer, mission, police},
};

/// A list: how it is asked (`ARGS` stands for the arguments), and where it is in the answer.
struct List {
    who: Who,
    /// Document with `ARGS`.
    document: String,
    /// JSON pointer to the connection.
    at: &'static str,
}

fn root(who: Who, field: &str, filter: &str) -> List {
    List {
        who,
        document: format!(
            "query($n: Int, $c: String) {{ list: {field}(ARGS {filter}) {{ totalCount edges {{ cursor node {{ id }} }} nodes {{ id }} pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }}"
        ),
        at: "/list",
    }
}

fn nested(who: Who, above: &str, at: &'static str, field: &str) -> List {
    let List { document, .. } = root(who.clone(), field, "");
    let inner = document.split_once('{').and_then(|(_, rest)| rest.rsplit_once('}')).expect("braces").0;
    List { who, document: format!("query($n: Int, $c: String) {{ {above} {{ {inner} }} }}"), at }
}

/// One page.
struct Page {
    ids: Vec<String>,
    cursors: Vec<String>,
    next: bool,
    previous: bool,
    total: u64,
}

async fn page(app: &App, list: &List, order: &str, forward: bool, size: Option<i64>, cursor: Option<&str>) -> Page {
    let arguments = if forward { "first: $n, after: $c" } else { "last: $n, before: $c" };
    let order = if order.is_empty() { String::new() } else { format!(", orderBy: [{order}]") };
    let document = list.document.replace("ARGS", &format!("{arguments}{order}"));
    let reply = app.ask(&list.who, &document, json!({"n": size, "c": cursor})).await;
    let data = reply.data();
    let found = data.pointer(list.at).unwrap_or(&Value::Null);
    let edges = found["edges"].as_array().unwrap_or_else(|| panic!("{document} {}", reply.text));
    let text = |value: &Value| value.as_str().unwrap_or_else(|| panic!("{value} in {}", reply.text)).to_owned();
    let cursors: Vec<String> = edges.iter().map(|edge| text(&edge["cursor"])).collect();
    let ids: Vec<String> = edges.iter().map(|edge| text(&edge["node"]["id"])).collect();
    let nodes: Vec<String> = found["nodes"].as_array().expect("nodes").iter().map(|node| text(&node["id"])).collect();
    assert_eq!(ids, nodes);
    let info = &found["pageInfo"];
    assert_eq!(info["startCursor"].as_str(), cursors.first().map(String::as_str), "{document} {}", reply.text);
    assert_eq!(info["endCursor"].as_str(), cursors.last().map(String::as_str), "{document} {}", reply.text);
    Page {
        ids,
        cursors,
        next: info["hasNextPage"].as_bool().expect("a truth value"),
        previous: info["hasPreviousPage"].as_bool().expect("a truth value"),
        total: found["totalCount"].as_u64().expect("a count"),
    }
}

/// Walks a list both ways in pages of several sizes and returns it.
async fn walk(app: &App, list: &List, order: &str) -> Vec<String> {
    let whole = page(app, list, order, true, Some(100), None).await;
    assert_eq!(whole.total, whole.ids.len() as u64, "small lists fit one page");
    let backwards = page(app, list, order, false, Some(100), None).await;
    assert_eq!(whole.ids, backwards.ids, "{order}: the end is the same from either side");
    assert!(!whole.next && !whole.previous && !backwards.next && !backwards.previous);
    for size in [1, 2, 7] {
        for forward in [true, false] {
            let mut seen: Vec<String> = Vec::new();
            let mut cursor: Option<String> = None;
            loop {
                let page = page(app, list, order, forward, Some(size), cursor.as_deref()).await;
                assert_eq!(page.total, whole.total);
                let (further, behind) = if forward { (page.next, page.previous) } else { (page.previous, page.next) };
                assert_eq!(behind, !seen.is_empty(), "{order} {size} {forward}");
                let done = seen.len() + page.ids.len();
                assert_eq!(further, done < whole.ids.len(), "{order} {size} {forward}");
                if forward {
                    seen.extend(page.ids);
                    cursor = page.cursors.last().cloned();
                } else {
                    seen.splice(0..0, page.ids);
                    cursor = page.cursors.first().cloned();
                }
                if !further {
                    break;
                }
            }
            assert_eq!(seen, whole.ids, "{order} in pages of {size}, forwards: {forward}\n{}", list.document);
        }
    }
    whole.ids
}

#[rstest]
#[tokio::test]
async fn pages_are_the_whole_list_in_every_order(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = small_world::app(engine).await;
    let missions = "NAME_ASC|NAME_DESC|CITY_ASC|CITY_DESC|STATE_ASC, CITY_DESC|TYPE_ASC, NAME_DESC|TYPE_DESC|STATUS_DESC, CITY_ASC, OPENED_ON_DESC|OPENED_ON_ASC|OPENED_ON_DESC";
    let concerns = "|OPENED_AT_ASC|OCCURRED_AT_ASC|OCCURRED_AT_DESC|SEVERITY_DESC, OCCURRED_AT_ASC|SEVERITY_ASC, OPENED_AT_DESC|STATUS_ASC|TLP_DESC|KIND_ASC, CATEGORY_DESC, OCCURRED_AT_DESC";
    let contacts = "|NAME_DESC|FUNCTION_DESC, NAME_ASC";
    let lists = [
        (root(analyst(), "missions", ""), missions),
        (root(police(), "missions", ", filter: {status: {in: [OPEN, CLOSED]}}"), missions),
        (root(french(), "concerns", ""), concerns),
        (root(police(), "concerns", ""), concerns),
        (root(liaison_officer(), "concerns", ", filter: {not: {kind: {eq: QUESTION}}}"), concerns),
        (
            root(liaison_officer(), "securityContacts", ""),
            "VETTED_UNTIL_ASC|VETTED_UNTIL_DESC, NAME_ASC|NAME_ASC, VETTED_UNTIL_DESC|",
        ),
        (root(french(), "securityContacts", ""), contacts),
        (root(french(), "premises", ""), "|KIND_DESC"),
        (root(analyst(), "liaisons", ""), "|UNIT_ASC|UNIT_DESC, NAME_ASC"),
        (root(analyst(), "agencies", ""), "|ORI_ASC|LEVEL_DESC, NAME_DESC|KIND_ASC"),
        (root(analyst(), "sendingStates", ""), "|ISO2_ASC|ISO2_DESC"),
        (root(small_world::french_administrator(), "persons", ""), "|UNIT_ASC|SUBJECT_DESC"),
        (nested(analyst(), "sendingState(iso2: \"FR\")", "/sendingState/list", "missions"), missions),
        (nested(liaison_officer(), &format!("mission(id: \"{}\")", mission(1)), "/mission/list", "concerns"), concerns),
        (nested(analyst(), &format!("mission(id: \"{}\")", mission(2)), "/mission/list", "liaisons"), "|UNIT_DESC"),
        (nested(analyst(), &format!("mission(id: \"{}\")", mission(1)), "/mission/list", "accreditedTo"), "|NAME_DESC"),
        (
            nested(
                liaison_officer(),
                &format!("concern(id: \"{}\")", small_world::concern(1)),
                "/concern/list",
                "entries",
            ),
            "|AT_DESC",
        ),
        (
            nested(analyst(), "concern(reference: \"C-2026-000005\")", "/concern/list", "referrals"),
            "|DUE_AT_ASC, OFFERED_AT_DESC",
        ),
    ];
    for (list, orders) in &lists {
        let mut members: Option<Vec<String>> = None;
        for order in orders.split('|') {
            let mut ids = walk(&app, list, order).await;
            assert!(!ids.is_empty(), "a list of nothing shows nothing: {}", list.document);
            ids.sort_unstable();
            assert_eq!(members.get_or_insert_with(|| ids.clone()), &ids, "an order adds and loses nothing");
        }
    }
}

#[rstest]
#[tokio::test]
async fn what_cannot_be_read_or_is_not_there_sorts_last_both_ways(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let app = small_world::app(engine).await;
    let lists = [
        (french(), "concerns", "occurredAt", "OCCURRED_AT"),
        (liaison_officer(), "securityContacts", "vettedUntil", "VETTED_UNTIL"),
        (analyst(), "missions", "city", "CITY"),
    ];
    for (who, list, field, order) in lists {
        let mut values: Vec<Vec<Value>> = Vec::new();
        for way in ["ASC", "DESC"] {
            let query = format!("{{ {list}(first: 100, orderBy: {order}_{way}) {{ nodes {{ {field} }} }} }}");
            let reply = app.ask(&who, &query, json!({})).await;
            let nodes = reply.data()[list]["nodes"].as_array().expect("nodes").clone();
            values.push(nodes.iter().map(|node| node[field].clone()).collect());
        }
        for values in &mut values {
            let last = values.iter().rposition(|value| !value.is_null()).expect("some are there");
            assert!(values[..=last].iter().all(|value| !value.is_null()), "{values:?}");
            assert!(last + 1 < values.len(), "some are not there: {values:?}");
            values.truncate(last + 1);
        }
        values[1].reverse();
        assert_eq!(values[0], values[1]);
        assert!(values[0].is_sorted_by_key(|value| value.as_str().map(str::to_owned)));
    }
    // Enums sort as their list does, not by letters.
    let reply =
        app.ask(&analyst(), "{ concerns(first: 100, orderBy: SEVERITY_DESC) { nodes { severity } } }", json!({})).await;
    let nodes = reply.data()["concerns"]["nodes"].as_array().expect("nodes");
    let mut severities: Vec<&str> = nodes.iter().filter_map(|node| node["severity"].as_str()).collect();
    severities.dedup();
    assert_eq!(severities, ["CRITICAL", "HIGH", "MEDIUM", "LOW"]);
}

#[rstest]
#[tokio::test]
async fn sizes_and_windows(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = small_world::app(engine).await;
    let list = root(analyst(), "missions", "");
    let whole = page(&app, &list, "NAME_ASC", true, Some(100), None).await;
    for forward in [true, false] {
        let none = page(&app, &list, "", forward, Some(0), None).await;
        assert!(none.ids.is_empty() && none.total == 12);
        assert_eq!((none.next, none.previous), (forward, !forward), "there are rows on the far side only");
    }
    // The default is the first twenty; null is as if it were not there.
    let contacts = root(analyst(), "securityContacts", "");
    let default = page(&app, &contacts, "", true, None, None).await;
    assert_eq!((default.ids.len(), default.next, default.total), (20, true, 24));
    // A window between two cursors, from either side.
    let window = |arguments: &str| {
        format!(
            "query($a: String, $b: String) {{ missions({arguments}, after: $a, before: $b, orderBy: NAME_ASC) {{ totalCount nodes {{ id }} pageInfo {{ hasNextPage hasPreviousPage }} }} }}"
        )
    };
    for (arguments, low, high, expected, next, previous) in [
        ("first: 100", 2, 6, 3..6, false, true),
        ("last: 100", 2, 6, 3..6, true, false),
        ("first: 2", 2, 6, 3..5, true, true),
        ("last: 2", 2, 6, 4..6, true, true),
        ("first: 3", 2, 6, 3..6, false, true),
        ("first: 100", 2, 3, 0..0, false, true),
        ("first: 100", 6, 2, 0..0, false, true),
        ("first: 0", 2, 6, 0..0, true, true),
    ] {
        let variables = json!({"a": whole.cursors[low], "b": whole.cursors[high]});
        let reply = app.ask(&analyst(), &window(arguments), variables).await;
        let found = &reply.data()["missions"];
        let ids: Vec<&str> =
            found["nodes"].as_array().expect("nodes").iter().filter_map(|node| node["id"].as_str()).collect();
        assert_eq!(ids, whole.ids[expected.clone()], "{arguments} {low} {high}");
        let info = json!({"hasNextPage": next, "hasPreviousPage": previous});
        assert_eq!(found["pageInfo"], info, "{arguments} {low} {high}");
        assert_eq!(found["totalCount"], 12);
    }
    // Literal cursors and sizes page as variables do.
    let query =
        format!("{{ missions(first: 2, after: \"{}\", orderBy: [NAME_ASC]) {{ nodes {{ id }} }} }}", whole.cursors[3]);
    let reply = app.ask(&analyst(), &query, json!({})).await;
    assert_eq!(reply.data()["missions"]["nodes"][0]["id"], whole.ids[4].as_str());
    for arguments in [
        "first: 101",
        "last: 101",
        "first: -1",
        "last: -1",
        "first: 1, last: 1",
        "first: 2147483647",
        "first: 0, last: 0",
    ] {
        let reply = app
            .ask(&analyst(), &format!("{{ missions({arguments}) {{ totalCount nodes {{ id }} }} }}"), json!({}))
            .await;
        assert_eq!(reply.code(), "BAD_USER_INPUT", "{arguments} {}", reply.text);
        let reply = app.ask(&analyst(), &format!("{{ missions({arguments}) {{ totalCount }} }}"), json!({})).await;
        assert_eq!(reply.code(), "BAD_USER_INPUT", "{arguments} for the count alone: {}", reply.text);
    }
}

#[rstest]
#[tokio::test]
async fn a_cursor_is_of_one_order_for_one_person_in_one_role(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let app = small_world::app(engine).await;
    let query = |list: &str, order: &str| {
        format!(
            "query($a: String) {{ {list}(first: 3, after: $a, orderBy: [{order}]) {{ totalCount nodes {{ id }} pageInfo {{ endCursor }} }} }}"
        )
    };
    let mine = query("sendingStates", "NAME_ASC");
    let reply = app.ask(&french(), &query("missions", "NAME_ASC"), json!({})).await;
    let cursor = reply.data()["missions"]["pageInfo"]["endCursor"].as_str().expect("a cursor").to_owned();
    let taken = app.ask(&french(), &query("missions", "NAME_ASC"), json!({ "a": cursor })).await;
    assert_eq!(taken.data()["missions"]["nodes"].as_array().map(Vec::len), Some(3));
    let mut refused: Vec<(Who, String, String)> = vec![
        (french(), query("missions", "NAME_DESC"), cursor.clone()),
        (french(), query("missions", "NAME_ASC, CITY_ASC"), cursor.clone()),
        (french(), query("missions", "TYPE_ASC"), cursor.clone()),
        (french(), mine, cursor.clone()),
        (small_world::french_colleague(), query("missions", "NAME_ASC"), cursor.clone()),
        (police(), query("missions", "NAME_ASC"), cursor.clone()),
    ];
    // One person, two roles.
    let as_analyst = app.ask(&analyst(), &query("missions", "NAME_ASC"), json!({})).await;
    let theirs = as_analyst.data()["missions"]["pageInfo"]["endCursor"].as_str().expect("a cursor").to_owned();
    refused.push((liaison_officer(), query("missions", "NAME_ASC"), theirs));
    // Every bit counts; nor is anything else a cursor.
    for at in (0..cursor.len()).step_by(3) {
        let mut letters: Vec<char> = cursor.chars().collect();
        letters[at] = if letters[at] == 'A' { 'B' } else { 'A' };
        refused.push((french(), query("missions", "NAME_ASC"), letters.into_iter().collect()));
    }
    for text in [
        "",
        "AAAA",
        "=",
        "\u{1F1EB}",
        "W10",
        &cursor[1..],
        &cursor[..cursor.len() - 1],
        &format!("{cursor}A"),
        &format!(" {cursor}"),
    ] {
        refused.push((french(), query("missions", "NAME_ASC"), text.to_owned()));
    }
    for (who, query, cursor) in refused {
        let reply = app.ask(&who, &query, json!({ "a": cursor })).await;
        assert_eq!(reply.code(), "BAD_USER_INPUT", "{query} {cursor} {}", reply.text);
        let told = reply.json["errors"][0]["message"].as_str().unwrap_or_default();
        assert!(told.starts_with("after: expected a cursor"), "{told}");
        // Also where only the count is asked: a wrong argument is wrong whatever is selected.
        let count = query.replace("nodes { id } pageInfo { endCursor }", "");
        let reply = app.ask(&who, &count, json!({ "a": cursor })).await;
        assert_eq!(reply.code(), "BAD_USER_INPUT", "{count} {cursor} {}", reply.text);
    }
}

#[rstest]
#[tokio::test]
async fn a_row_that_goes_between_pages_takes_nothing_else_with_it(
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let app = small_world::app(engine).await;
    let list = root(analyst(), "securityContacts", "");
    let whole = page(&app, &list, "NAME_DESC", true, Some(100), None).await;
    let first = page(&app, &list, "NAME_DESC", true, Some(5), None).await;
    // The row at the cursor and the next one.
    for gone in &whole.ids[4..6] {
        let row = gone.rsplit_once('_').expect("an id").1;
        small_world::change(&app.db, &format!("delete from security_contact where id = '{row}'")).await;
    }
    let rest = page(&app, &list, "NAME_DESC", true, Some(100), first.cursors.last().map(String::as_str)).await;
    assert_eq!(rest.ids, whole.ids[6..]);
    assert!(rest.previous);
    let back = page(&app, &list, "NAME_DESC", false, Some(100), first.cursors.last().map(String::as_str)).await;
    assert_eq!(back.ids, whole.ids[..4]);
    assert!(back.next, "rows follow the place where the cursor's row was");
}
