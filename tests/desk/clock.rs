//! The response clock and the desk board, by HTTP.

use chancery::{
    access::Role,
    desk::{response, visibility},
    model::view::View,
    store::Engine,
};
use rstest::rstest;
use serde_json::{Value, json};
use time::Duration;

use crate::{
    desk, done, is_whole,
    life::{in_progress, raised, seen},
    support::{
        CLOCK,
        app::{App, Who},
        plan::explained,
        small_world::{analyst, everybody, french, liaison_officer, police, row, run},
    },
};

async fn clock(app: &App, id: &str) -> Value {
    seen(app, &french(), id, &format!("clockState nextDueAt clock {CLOCK}")).await
}

fn target<'v>(clock: &'v Value, name: &str) -> [&'v str; 3] {
    let target = &clock["clock"][name];
    ["state", "due", "met"].map(|field| target[field].as_str().unwrap_or("-"))
}

#[rstest]
#[tokio::test]
async fn a_clock_follows_its_log(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    let officer = liaison_officer();
    // HIGH, at noon.
    let id = raised(&app).await;
    let at = |hour: &str| format!("2026-11-22T{hour}.000000Z");
    let now = clock(&app, &id).await;
    assert_eq!((&now["clockState"], &now["nextDueAt"]), (&json!("RUNNING"), &json!(at("12:15:00"))), "{now}");
    assert_eq!(target(&now, "acknowledge"), ["RUNNING", &at("12:15:00"), "-"]);
    assert_eq!(target(&now, "firstAnswer"), ["RUNNING", &at("13:00:00"), "-"]);
    assert_eq!(target(&now, "update"), ["NOT_YET", "-", "-"]);
    assert_eq!(target(&now, "resolve"), ["RUNNING", "2026-11-25T12:00:00.000000Z", "-"]);
    app.db.clock.advance(Duration::minutes(20));
    let now = clock(&app, &id).await;
    assert_eq!(now["clockState"], "BREACHED", "no row changed, only the present: {now}");
    in_progress(&app, &id).await;
    let now = clock(&app, &id).await;
    assert_eq!(target(&now, "acknowledge"), ["MET_LATE", &at("12:15:00"), &at("12:20:00")]);
    assert_eq!(now["nextDueAt"], at("13:00:00"), "{now}");
    // Asking the mission is a first answer; then the clock stands still.
    let input = json!({ "concernId": id, "body": "Which van?" });
    done(&app, &officer, "requestFromMission", input, "__typename").await;
    let now = clock(&app, &id).await;
    assert_eq!(target(&now, "firstAnswer")[0], "MET", "{now}");
    assert_eq!((&now["clockState"], &now["nextDueAt"]), (&json!("STOPPED"), &Value::Null), "{now}");
    app.db.clock.advance(Duration::hours(100));
    assert_eq!(clock(&app, &id).await["clockState"], "STOPPED");
    let input = json!({ "concernId": id, "body": "The white one." });
    done(&app, &french(), "replyToConcern", input, "__typename").await;
    let now = clock(&app, &id).await;
    assert_eq!(now["clockState"], "RUNNING");
    let due = target(&now, "update")[1];
    assert!(due.starts_with("2026-11-26T20:20:00"), "four hours less nothing, after a hundred: {now}");
    // LOW is dealt with in business hours: Thanksgiving is over on Friday at nine in New York.
    let input = json!({ "concernId": id, "severity": "LOW", "reason": "It is the baker's." });
    done(&app, &officer, "setSeverity", input, "__typename").await;
    let now = clock(&app, &id).await;
    assert!(target(&now, "acknowledge")[0] == "MET", "judged by the present severity: {now}");
    let input = json!({ "concernId": id, "body": "It is the baker's van." });
    done(&app, &officer, "respondToConcern", input, "__typename").await;
    done(&app, &officer, "resolveConcern", json!({ "concernId": id }), "__typename").await;
    let now = clock(&app, &id).await;
    assert_eq!((&now["clockState"], &now["nextDueAt"]), (&json!("MET"), &Value::Null), "{now}");
    assert_eq!(target(&now, "update")[0], "ENDED");
    is_whole(&app.db).await;
}

/// Whoever sees a concern may ask for it by its clock, and gets what its own reading says.
#[rstest]
#[tokio::test]
async fn concerns_are_found_by_how_their_clock_stands(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    let officer = liaison_officer();
    for minutes in [1, 10, 30, 50] {
        let id = raised(&app).await;
        if minutes == 30 {
            in_progress(&app, &id).await;
            let input = json!({ "concernId": id, "body": "Which van?" });
            done(&app, &officer, "requestFromMission", input, "__typename").await;
        }
        app.db.clock.advance(Duration::minutes(minutes));
    }
    for who in everybody().into_iter().filter(|who| View::of(who.role).roots.iter().any(|root| root.name == "concerns"))
    {
        let query = "query($f: ConcernFilter) { concerns(first: 100, filter: $f, orderBy: NEXT_DUE_AT_ASC) { totalCount nodes { id clockState nextDueAt } } }";
        let all = app.ask(&who, query, json!({})).await.data()["concerns"]["nodes"].clone();
        let all = all.as_array().expect("nodes");
        let due: Vec<&str> = all.iter().map(|node| node["nextDueAt"].as_str().unwrap_or("~")).collect();
        assert!(due.is_sorted(), "{due:?}");
        for states in
            [&["BREACHED"][..], &["RUNNING"], &["STOPPED"], &["MET", "STOPPED"], &["BREACHED", "RUNNING"], &[]]
        {
            let expected: Vec<&Value> =
                all.iter().filter(|node| states.contains(&node["clockState"].as_str().unwrap_or("-"))).collect();
            for (filter, negated) in [
                (json!({ "clockState": { "in": states } }), false),
                (json!({ "not": { "not": { "clockState": { "in": states } } } }), false),
                (json!({ "not": { "clockState": { "in": states } } }), true),
            ] {
                let found = app.ask(&who, query, json!({ "f": filter })).await;
                let found = found.data()["concerns"]["nodes"].as_array().expect("nodes").clone();
                let wanted = if negated { all.len() - expected.len() } else { expected.len() };
                assert_eq!(found.len(), wanted, "{} {filter}", who.role);
                assert!(negated || found.iter().eq(expected.iter().copied()), "{filter}");
            }
        }
    }
    let reply = app.ask(&analyst(), "{ concerns(filter: {clockState: {eq: null}}) { totalCount } }", json!({})).await;
    assert_eq!(reply.code(), "BAD_USER_INPUT", "{}", reply.text);
}

#[rstest]
#[tokio::test]
async fn a_board_is_what_is_ones_own_to_do(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    let officer = liaison_officer();
    let colleague = Who { subject: "subject-5".to_owned(), ..officer.clone() };
    let board = async |who: &Who| -> Vec<String> {
        let query = "{ deskBoard(first: 100) { totalCount nodes { id nextDueAt } } }";
        let found = app.ask(who, query, json!({})).await.data()["deskBoard"].clone();
        let nodes = found["nodes"].as_array().expect("nodes").clone();
        assert_eq!(found["totalCount"], nodes.len());
        let due: Vec<&str> = nodes.iter().map(|node| node["nextDueAt"].as_str().expect("something is due")).collect();
        assert!(due.is_sorted(), "{due:?}");
        nodes.iter().map(|node| node["id"].as_str().expect("an id").to_owned()).collect()
    };
    let id = raised(&app).await;
    assert!(board(&officer).await.contains(&id), "of the portfolio");
    assert!(!board(&colleague).await.contains(&id), "seen, but not theirs");
    let shift = format!(
        "insert into watch_shift (id, person_id, starts_at, ends_at) values ('w', '{}', '2026-11-22T08:00:00.000000Z', '2026-11-22T16:00:00.000000Z'); update standing set version = version + 1",
        row('P', 5)
    );
    run(&app.db, &shift).await;
    assert!(board(&colleague).await.contains(&id), "on watch, and nobody has it");
    in_progress(&app, &id).await;
    assert!(!board(&colleague).await.contains(&id), "somebody has it");
    let input = json!({ "concernId": id, "officer": "subject-5" });
    done(&app, &officer, "assignConcern", input, "__typename").await;
    app.db.clock.advance(Duration::hours(5));
    assert!(board(&colleague).await.contains(&id), "it was given to them");
    done(&app, &colleague, "respondToConcern", json!({ "concernId": id, "body": "Done." }), "__typename").await;
    done(&app, &colleague, "resolveConcern", json!({ "concernId": id }), "__typename").await;
    assert!(!board(&colleague).await.contains(&id), "nothing is owed");
    for who in [french(), police(), analyst()] {
        let reply = app.ask(&who, "{ deskBoard { totalCount } }", json!({})).await;
        assert_eq!(reply.code(), "GRAPHQL_VALIDATION_FAILED", "{}", reply.text);
    }
}

/// A database of before there were clocks gets them at the next start, and its lines say what is owed.
#[rstest]
#[tokio::test]
async fn clocks_are_made_where_there_are_none(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    raised(&app).await;
    let without =
        "update concern set clock = null, next_due_at = null, clock_rest = null; update visibility set owed = null";
    run(&app.db, without).await;
    let store = &app.db.store;
    assert_ne!(response::verify(store).await.expect("it compares").wrong, Vec::<String>::new());
    response::make_if_missing(store).await.expect("they are made");
    assert_eq!(response::verify(store).await.expect("it compares").wrong, Vec::<String>::new());
    assert!(visibility::verify(store, 1).await.expect("it compares").is_none());
}

/// A board is read from its lines, page by page, whichever way: it is what the whole of it is. A cursor of another list
/// may name a concern on which nothing is owed: it comes after all of them.
#[rstest]
#[tokio::test]
async fn a_board_in_pages_is_the_board(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    let officer = liaison_officer();
    let mut ids = Vec::new();
    for _ in 0..5 {
        ids.push(raised(&app).await);
        app.db.clock.advance(Duration::minutes(7));
    }
    let severe = json!({ "concernId": ids[3], "severity": "CRITICAL", "reason": "It is." });
    done(&app, &officer, "setSeverity", severe, "__typename").await;
    in_progress(&app, &ids[1]).await;
    done(&app, &officer, "respondToConcern", json!({ "concernId": ids[1], "body": "Done." }), "__typename").await;
    done(&app, &officer, "resolveConcern", json!({ "concernId": ids[1] }), "__typename").await;

    let ask = async |field: &str, arguments: &str, order: &str| -> Value {
        let query = format!(
            "{{ {field}({arguments} {order}) {{ totalCount edges {{ cursor node {{ id severity nextDueAt mission {{ name }} }} }} pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }}"
        );
        app.ask(&officer, &query, json!({})).await.data()[field].clone()
    };
    let nodes = |page: &Value| -> Vec<Value> {
        page["edges"].as_array().expect("edges").iter().map(|edge| edge["node"].clone()).collect()
    };
    for order in ["", "orderBy: [NEXT_DUE_AT_ASC]", "orderBy: [NEXT_DUE_AT_DESC]"] {
        let whole = ask("deskBoard", "first: 100", order).await;
        let all = nodes(&whole);
        assert!(all.len() > 4 && whole["totalCount"] == all.len(), "{order}: {whole}");
        let due = |node: &Value| node["nextDueAt"].as_str().expect("something is due").to_owned();
        let ascends = all.is_sorted_by_key(due);
        let descends = all.iter().rev().is_sorted_by_key(due);
        assert!(if order.contains("DESC") { descends } else { ascends }, "{order}: {whole}");
        let filtered = ask("deskBoard", "first: 100, filter: { severity: { eq: CRITICAL } }", order).await;
        let critical = all.iter().filter(|node| node["severity"] == "CRITICAL").cloned().collect::<Vec<_>>();
        assert_eq!(nodes(&filtered), critical, "{order}");
        assert_eq!(filtered["totalCount"], critical.len(), "{order}");

        for (size, edge, next, more) in
            [("first", "endCursor", "after", "hasNextPage"), ("last", "startCursor", "before", "hasPreviousPage")]
        {
            let (mut found, mut from) = (Vec::new(), String::new());
            loop {
                let page = ask("deskBoard", &format!("{size}: 2 {from}"), order).await;
                let behind = if more == "hasNextPage" { "hasPreviousPage" } else { "hasNextPage" };
                assert_eq!(page["pageInfo"][behind], json!(!found.is_empty()), "{order} {size} {from}: {page}");
                let rows = nodes(&page);
                found.splice(if size == "last" { 0..0 } else { found.len()..found.len() }, rows);
                if page["pageInfo"][more] == json!(false) {
                    break;
                }
                from = format!("{next}: {}", page["pageInfo"][edge]);
            }
            assert_eq!(found, all, "{order} {size}");
        }

        let order = if order.is_empty() { "orderBy: [NEXT_DUE_AT_ASC]" } else { order };
        let others = ask("concerns", "first: 100", order).await;
        let settled =
            others["edges"].as_array().expect("edges").iter().find(|edge| edge["node"]["id"] == ids[1].as_str());
        let cursor = settled.map(|edge| edge["cursor"].clone()).expect("the resolved one");
        let after = ask("deskBoard", &format!("first: 10 after: {cursor}"), order).await;
        assert_eq!((nodes(&after), &after["pageInfo"]["hasPreviousPage"]), (Vec::new(), &json!(true)), "{order}");
        let before = ask("deskBoard", &format!("last: 50 before: {cursor}"), order).await;
        assert_eq!((nodes(&before), &before["pageInfo"]["hasNextPage"]), (all, &json!(false)), "{order}");
    }
}

/// What is breached, and what is due next, is the beginning of an index: never a look at every concern.
#[rstest]
#[tokio::test]
async fn what_is_due_next_is_a_range_of_an_index(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = desk(engine).await;
    for question in [
        "{ concerns(filter: {clockState: {eq: BREACHED}}, orderBy: [NEXT_DUE_AT_ASC]) { nodes { reference } } }",
        "{ concerns(orderBy: [NEXT_DUE_AT_ASC]) { nodes { reference } } }",
    ] {
        // A small table is sorted unless that is forbidden.
        let present = ("i:dss", "2026-11-22T12:00:00.000000Z");
        let text = explained(&app, Role::Analyst, question, present, &[("enable_bitmapscan", "off")]).await;
        assert!(text.contains("concern_by_next_due"), "{question}\n{text}");
        if question.contains("BREACHED") {
            let range = match engine {
                Engine::Sqlite => "USING INDEX concern_by_next_due (<expr>=? AND <expr><?)",
                Engine::Postgres => "Index Cond:",
            };
            assert!(text.contains(range), "{text}");
        }
        // What is breached has one value of the first key, which neither engine keeps in mind: SQLite sorts the range once
        // more, PostgreSQL the longest page that there can be.
        let sorted = text.contains("TEMP B-TREE FOR ORDER BY") || text.contains("Sort");
        assert!(!sorted || question.contains("BREACHED"), "{question}\n{text}");
    }
}
