//! A list of who does not see nearly everything begins with the keys: what it reads is what they open, in its order.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "the whole crate is a test; the lints' own exemption covers only functions marked as tests"
)]

mod support;

use chancery::{access::Role, store::Engine};
use rstest::rstest;

use support::{plan::explained, small_world};

/// Roles that see concerns by their lines alone.
const BY_LINES: [Role; 2] = [Role::MissionOfficer, Role::LawEnforcement];

#[rstest]
#[case::page("{ concerns(first: 20) { nodes { title } pageInfo { hasNextPage } } }", "in_order")]
#[case::deep("{ concerns(after: \"x\") { nodes { title entries { nodes { body } } } } }", "in_order")]
#[case::back("{ concerns(last: 2, before: \"x\") { pageInfo { hasNextPage hasPreviousPage } } }", "in_order")]
#[case::filtered("{ concerns(filter: {severity: {eq: HIGH}}) { nodes { title } } }", "in_order")]
#[case::count("{ concerns { totalCount } }", "in_order")]
#[case::ordered("{ concerns(orderBy: [SEVERITY_DESC]) { nodes { title } } }", "in_order")]
#[case::stats("{ concernStats(groupBy: [SEVERITY, STATUS]) { groups { count } } }", "in_order")]
#[case::advisories("{ advisories { nodes { headline } } }", "in_order")]
#[case::nested("{ missions { nodes { concerns { nodes { title } } } } }", "under")]
#[case::nested_count("{ missions { nodes { concerns { totalCount } } } }", "under")]
#[case::nested_filter("{ missions(filter: {concerns: {some: {severity: {eq: HIGH}}}}) { totalCount } }", "under")]
#[tokio::test]
async fn it_reads_what_the_keys_open(
    #[case] question: &str,
    #[case] index: &str,
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let app = small_world::app(engine).await;
    for role in BY_LINES {
        let plan = explained(&app, role, question, ("e", "t"), &[("enable_bitmapscan", "off")]).await;
        assert!(plan.contains(&format!("visibility_{index}")), "{role}: {plan}");
        // A row is read by its id, when its lines have been found. PostgreSQL decides by numbers, which there are none of
        // here, how it joins what a filter asks for.
        let filtered = engine == Engine::Postgres && question.contains("filter");
        for way in ["SCAN concern", "Seq Scan on concern ", "concern_by_", "advisory_by_"] {
            assert!(filtered || !plan.contains(way), "{role}, {way}: {plan}");
        }
        if engine == Engine::Sqlite && index == "in_order" && question.contains("first") {
            assert!(plan.contains("COVERING INDEX visibility_in_order (key=? AND kind=?"), "{role}: {plan}");
        }
    }
}

#[rstest]
#[tokio::test]
async fn a_board_reads_what_is_owed(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = small_world::app(engine).await;
    let board = "{ deskBoard { totalCount nodes { title } } }";
    let plan = explained(&app, Role::LiaisonOfficer, board, ("e", "t"), &[("enable_bitmapscan", "off")]).await;
    assert!(plan.contains("visibility_owed"), "{plan}");
    for way in ["SCAN concern", "Seq Scan on concern ", "concern_by_"] {
        assert!(!plan.contains(way), "{way}: {plan}");
    }
}
