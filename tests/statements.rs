//! One question, one statement; and never an answer by a standing that has changed.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "the whole crate is a test; the lints' own exemption covers only functions marked as tests"
)]

mod support;

use chancery::{
    desk::{
        Work,
        registry::{agency, areas, suspend},
    },
    graph::{GraphRequest, Outcome},
    store::Engine,
};
use rstest::rstest;
use serde_json::json;
use time::Duration;

use support::{
    app::App,
    papers,
    small_world::{self, analyst, concern, everybody, mission, police, row},
};

#[rstest]
#[tokio::test]
async fn any_question_is_one_statement(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = papers::app_with_trail(engine).await;
    let parents =
        format!("{{ mission(id: \"{}\") {{ {} name {} }} }}", mission(12), "parent { ".repeat(10), "} ".repeat(10));
    let roots: String = (0..20).map(|index| format!("r{index}: missions(first: {index}) {{ totalCount nodes {{ name concerns {{ nodes {{ title entries {{ nodes {{ body concern {{ reference }} }} }} }} }} }} }} ")).collect();
    for (query, statements) in [
        ("{ viewer { role } }".to_owned(), 1),
        ("{ viewer { role agency { name liaisons { nodes { name missions { nodes { name } } } } } } }".into(), 1),
        ("{ node(id: \"nothing\") { id } }".into(), 1),
        (parents, 1),
        (format!("{{ {roots} }}"), 1),
        (format!("{{ nodes(ids: [\"{}\", \"{}\", \"x\"]) {{ ... on Mission {{ name premises {{ nodes {{ address }} }} }} ... on Concern {{ title mission {{ name }} }} }} }}", mission(1), concern(2)), 1),
        ("{ missions(filter: {parent: {sendingState: {name: {eq: \"France\"}}}}, orderBy: [CITY_ASC, NAME_DESC]) { totalCount edges { cursor node { name constituents { totalCount edges { cursor } } } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }".into(), 1),
        ("{ __schema { types { name } } missions { totalCount } __typename }".into(), 1),
        ("{ __typename }".into(), 0),
        ("{ __schema { types { name fields { name } } } }".into(), 0),
        ("{ viewer @skip(if: true) { role } }".into(), 0),
    ] {
        // The first time and from the caches.
        for _ in 0..2 {
            let before = app.gateway().statements();
            app.ask(&analyst(), &query, json!({})).await.data();
            assert_eq!(app.gateway().statements() - before, statements, "{query}");
        }
    }
    for who in everybody() {
        let before = app.gateway().statements();
        app.ask(
            &who,
            "{ viewer { role subject name agencyName areas tokenExpiresAt watchPhone } __typename }",
            json!({}),
        )
        .await
        .data();
        assert_eq!(app.gateway().statements() - before, 1);
    }
}

/// What would tell that something was seen.
const QUESTION: &str = "{ missions { totalCount nodes { name switchboard } } concerns { nodes { title } } }";

#[rstest]
#[tokio::test]
async fn an_answer_by_an_old_standing_is_thrown_away(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = small_world::app(engine).await;
    let request = GraphRequest { query: QUESTION.to_owned(), ..GraphRequest::default() };
    let old = app.principal(&police()).await;
    let before = app.gateway().execute(&old, &request).await;
    assert_eq!(before.outcome, Outcome::Ran);
    let missions =
        app.ask(&police(), "{ missions { totalCount } }", json!({})).await.data()["missions"]["totalCount"].as_u64();
    assert!(missions > Some(0), "the police see missions");

    let mut work = Work::begin(&app.db.store, &app.db.clock).await.expect("a work");
    areas::remove(&mut work, &row('A', 2), "11001").await.expect("the area goes");
    work.commit().await.expect("it commits");
    stale(&app, &old, &request).await;
    // Asked anew, with present standing: without the area, without its missions.
    let after = app.ask(&police(), "{ missions { nodes { id } } viewer { areas } }", json!({})).await;
    assert_eq!(after.data()["viewer"]["areas"], json!([]));
    let reached = app.ask(&police(), "{ concerns(first: 100) { nodes { mission { id } } } }", json!({})).await;
    let by_concern = |id: &serde_json::Value| {
        reached.json["data"]["concerns"]["nodes"]
            .as_array()
            .is_some_and(|rows| rows.iter().any(|row| row["mission"]["id"] == *id))
    };
    for node in after.data()["missions"]["nodes"].as_array().expect("nodes") {
        assert!(by_concern(&node["id"]), "{node} is seen without the area and without a concern");
    }

    let old = app.principal(&police()).await;
    let mut work = Work::begin(&app.db.store, &app.db.clock).await.expect("a work");
    let police_agency = agency(work.rows(), &row('A', 2)).await.expect("the agency");
    suspend(&mut work, police_agency).await.expect("it is suspended");
    work.commit().await.expect("it commits");
    stale(&app, &old, &request).await;

    // Somebody else's standing counts too: one version for all.
    let old = app.principal(&analyst()).await;
    small_world::run(&app.db, "update standing set version = version + 1").await;
    stale(&app, &old, &request).await;
}

async fn stale(app: &App, old: &chancery::identity::Principal, request: &GraphRequest) {
    for _ in 0..2 {
        let response = app.gateway().execute(old, request).await;
        assert!(matches!(response.outcome, Outcome::Stale(_)), "{:?}", response.outcome);
        assert_eq!(response.body, "", "nothing leaves");
    }
}

#[rstest]
#[tokio::test]
async fn a_share_ends_at_its_instant(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = small_world::app(engine).await;
    // Concern 12 is shared with the police until 16:00; it is noon. Nothing else opens it to them there.
    small_world::change(&app.db, "update concern set severity = 'LOW'; delete from referral").await;
    let query = format!(
        "{{ concern(id: \"{0}\") {{ title }} node(id: \"{0}\") {{ id }} concerns(filter: {{id: {{eq: \"{0}\"}}}}) {{ totalCount }} }}",
        concern(12)
    );
    let held = |seen: bool| if seen { json!(1) } else { json!(0) };
    for (advance, seen) in [
        (Duration::ZERO, true),
        (Duration::hours(4) - Duration::microseconds(1), true),
        (Duration::microseconds(1), false),
        (Duration::microseconds(1), false),
        (Duration::days(1000), false),
    ] {
        app.db.clock.advance(advance);
        let reply = app.ask(&police(), &query, json!({})).await;
        let data = reply.data();
        assert_eq!(data["concerns"]["totalCount"], held(seen), "{} {data}", app.db.clock.now());
        assert_eq!((data["concern"].is_object(), data["node"].is_object()), (seen, seen), "{data}");
        if seen {
            assert!(data["concern"]["title"].is_string(), "{data}");
        }
    }
}
