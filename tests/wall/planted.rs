//! Statements without a gate.

use super::*;
use support::{
    abroad::POSTS,
    small_world::{analyst, everybody, french, police},
};

/// The heart of it: whatever a statement forgot, behind the wall it shows of every type exactly the rows that its
/// principal sees through the front door.
#[tokio::test]
async fn a_statement_without_a_gate_shows_what_its_principal_sees() {
    let app = walled().await;
    let reader = one_lane(&app).await;
    let (mut some, mut hidden) = (0, 0);
    for who in everybody() {
        let asker = asker(&app, &who).await;
        for kind in Kind::ALL {
            let table = definition(kind).table;
            let shown = texts(&plant(&reader, &asker, &all_ids(table)).await.expect("it runs"));
            assert_eq!(shown, seen(&app, &who, kind).await, "{:?} of {}, {}", who.role, who.agency, kind.name());
            let all = texts(&column(&mut connection(&app, None).await, &all_ids(table)).await);
            some += usize::from(!shown.is_empty());
            hidden += all.len() - shown.len();
        }
    }
    assert!(some > 30 && hidden > 500, "the world shows too little to compare: {some}, {hidden}");
}

/// At another instant other shares hold.
#[tokio::test]
async fn the_wall_knows_the_present() {
    let app = walled().await;
    let reader = one_lane(&app).await;
    let concerns = all_ids("concern");
    let before = asker(&app, &police()).await;
    let until = texts(&plant(&reader, &before, &concerns).await.expect("it runs"));
    // Four hours after noon shares end.
    let after = Asker { now: "2026-11-22T16:00:00.000000Z".to_owned(), ..before.clone() };
    let later = texts(&plant(&reader, &after, &concerns).await.expect("it runs"));
    assert!(later.is_subset(&until) && later.len() < until.len(), "{until:?}, {later:?}");
}

/// Nobody asks: nothing is there. What a lane's connection is before it is told whom it works for, it is between two
/// statements too.
#[tokio::test]
async fn without_a_principal_there_is_nothing() {
    let app = walled().await;
    let mut reader = connection(&app, Some(READER)).await;
    let mut readable = BTreeSet::new();
    for table in tables(&app).await {
        match refused(&mut reader, &format!("select 1 from {table} t")).await {
            None => {
                let rows = column(&mut reader, &format!("select count(*) from {table}")).await;
                // One number that says nothing of anybody.
                assert_eq!(rows, json!(usize::from(table == "standing")), "{table}");
                readable.insert(table);
            }
            Some(code) => assert_eq!(code, DENIED, "{table}"),
        }
    }
    for kind in Kind::ALL {
        assert!(readable.contains(definition(kind).table), "{} is not readable at all", kind.name());
    }
    for closed in ["secret", "portfolio", "watch_shift", "entry_audience", "search", "seaql_migrations"] {
        assert!(!readable.contains(closed), "{closed} is none of the readers' business");
    }
    assert_eq!(refused(&mut reader, "select jwk from agency_key").await.as_deref(), Some(DENIED));
    assert_eq!(column(&mut reader, "select count(kid) from agency_key").await, json!(0));
    assert_eq!(column(&mut reader, "select count(area) from agency_area").await, json!(0));
    let person = small_world::row('P', 1);
    let named = format!("select to_json(coalesce(wall_person_name('{person}'), 'nobody'))");
    assert_eq!(column(&mut reader, &named).await, json!("nobody"));
    // Whoever asks for anybody may: names of owners, reporters and authors are held by the gate, not by the wall.
    let found = "select count(*) from wall_search('title | mission | police')";
    assert_eq!(column(&mut reader, found).await, json!(0));
}

/// `wall_search`, which reads past row security, gives no more than the rows would.
#[tokio::test]
async fn words_are_found_in_visible_rows_only() {
    let app = walled().await;
    let reader = one_lane(&app).await;
    let found = "select coalesce(json_agg(distinct s.row_id), '[]') from wall_search('title | mission | police | entry | contact') s";
    let mut all = 0;
    for who in everybody() {
        let rows = texts(&plant(&reader, &asker(&app, &who).await, found).await.expect("it runs"));
        let mut visible = BTreeSet::new();
        for kind in Kind::ALL {
            visible.extend(seen(&app, &who, kind).await);
        }
        assert!(rows.is_subset(&visible), "{:?}: {:?}", who.role, rows.difference(&visible));
        all += rows.len();
    }
    assert!(all > 100, "{all} rows are found");
}

/// A field gathered from rows of a type that are not the reader's shows what is read in the field, and no more.
#[tokio::test]
async fn names_are_gathered_for_whoever_reads_the_field() {
    let app = walled().await;
    let reader = one_lane(&app).await;
    let mut names = 0;
    for who in everybody() {
        let asker = asker(&app, &who).await;
        let ty = View::of(who.role).types.remove(&Kind::Post);
        let knows = ty.is_some_and(|ty| ty.fields.iter().any(|field| field.name == "regionalSecurityOfficers"));
        for number in 1..=POSTS {
            let post = small_world::row('T', number);
            let sql = format!("select coalesce(json_agg(n.name), '[]') from wall_person_name_by_post_id('{post}') n");
            let gathered = texts(&plant(&reader, &asker, &sql).await.expect("it runs"));
            let query = "query($id: ID!) { post(id: $id) { regionalSecurityOfficers } }";
            let shown = if knows {
                app.ask(&who, query, json!({ "id": format!("post_{post}") })).await.data()["post"].clone()
            } else {
                json!(null)
            };
            let shown = if shown.is_null() { json!([]) } else { shown["regionalSecurityOfficers"].clone() };
            let shown = if shown.is_null() { BTreeSet::new() } else { texts(&shown) };
            assert_eq!(gathered, shown, "{:?} {post}", who.role);
            names += gathered.len();
        }
    }
    assert!(names > 2, "nobody is posted anywhere");
}

/// Of the table of what is visible to whom, a principal's statement has the lines of its keys; of links, those
/// between rows that it sees; of keys of agencies, those that it may read the ids of.
#[tokio::test]
async fn helper_tables_are_behind_the_wall_too() {
    let app = walled().await;
    let reader = one_lane(&app).await;
    for who in everybody() {
        let asker = asker(&app, &who).await;
        let keys: BTreeSet<&String> = asker.keys.iter().collect();
        let lines = plant(&reader, &asker, "select coalesce(json_agg(distinct key), '[]') from visibility").await;
        for key in texts(&lines.expect("it runs")) {
            assert!(keys.contains(&key), "{:?}: {key}", who.role);
        }
        for (table, [(near, here), (far, there)]) in [
            ("mission_accreditation", [(Kind::Mission, "mission_id"), (Kind::SendingState, "sending_state_id")]),
            ("agency_mission", [(Kind::Agency, "agency_id"), (Kind::Mission, "mission_id")]),
            ("liaison_mission", [(Kind::Liaison, "liaison_id"), (Kind::Mission, "mission_id")]),
        ] {
            let sql =
                format!("select coalesce(json_agg(t.{here} || ' ' || t.{there} order by 1), '[]') from {table} t");
            let (near, far) = (seen(&app, &who, near).await, seen(&app, &who, far).await);
            let mut expected = texts(&column(&mut connection(&app, None).await, &sql).await);
            expected.retain(|link| link.split_once(' ').is_some_and(|(a, b)| near.contains(a) && far.contains(b)));
            let shown = texts(&plant(&reader, &asker, &sql).await.expect("it runs"));
            assert_eq!(shown, expected, "{:?} {table}", who.role);
        }
        let sql = "select coalesce(json_agg(distinct agency_id), '[]') from agency_key";
        let shown = texts(&plant(&reader, &asker, sql).await.expect("it runs"));
        let reply = app.ask(&who, "{ agencies(first: 100) { nodes { id keyIds } } }", json!({})).await;
        let nodes = reply.json["data"]["agencies"]["nodes"].as_array().cloned().unwrap_or_default();
        let read = nodes.iter().filter(|node| node["keyIds"].as_array().is_some_and(|ids| !ids.is_empty()));
        let read = read.filter_map(|node| node["id"].as_str()?.strip_prefix("agency_")).map(str::to_owned).collect();
        assert_eq!(shown, read, "{:?}", who.role);
    }
}

/// A lane remembers nobody: principals take turns on one, and a statement is dropped half-way between them.
#[tokio::test]
async fn no_statement_runs_for_the_principal_before() {
    let app = walled().await;
    let reader = one_lane(&app).await;
    let people = [analyst(), police(), french()];
    let mut expected = Vec::new();
    for who in &people {
        expected.push((asker(&app, who).await, seen(&app, who, Kind::Concern).await));
    }
    assert!(expected[0].1 != expected[1].1 && expected[1].1 != expected[2].1, "they see the same");
    for turn in 0..12 {
        let (asker, concerns) = &expected[turn % 3];
        let shown = texts(&plant(&reader, asker, &all_ids("concern")).await.expect("it runs"));
        assert_eq!(shown, *concerns, "turn {turn}");
        let (next, _) = &expected[(turn + 2) % 3];
        let slow = plant(&reader, next, "select to_json(count(*)) from concern, pg_sleep(5)");
        let dropped = tokio::time::timeout(Duration::from_millis(if turn % 2 == 0 { 1 } else { 30 }), slow).await;
        assert!(dropped.is_err(), "it was to be dropped half-way");
        // What fails half-way leaves nothing either.
        if turn % 4 == 3 {
            plant(&reader, next, "select to_json(1 / (count(*) * 0)) from concern").await.expect_err("it fails");
        }
    }
}
