//! The words are looked up in their index, by the very statements that answer.

use async_graphql_parser::parse_query;
use chancery::{
    access::Role,
    model::view::View,
    read::{
        Scope,
        coerce::{Variables, declared},
        plan::{Planner, Question},
    },
    store::Engine,
};
use rstest::rstest;
use sea_orm::{ConnectionTrait as _, DbBackend, Statement, TransactionTrait as _};

use crate::support::small_world;

#[rstest]
#[tokio::test]
async fn the_index_of_words_is_used(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = small_world::app(engine).await;
    // One connection: the setting below is the connection's.
    let rows = app.db.store.orm.begin().await.expect("a transaction");
    let (explain, backend, column, marks) = match engine {
        Engine::Sqlite => (
            "explain query plan",
            DbBackend::Sqlite,
            "detail",
            ["search_words VIRTUAL TABLE INDEX 0:M", "USING INTEGER PRIMARY KEY (rowid=?)"],
        ),
        Engine::Postgres => {
            // A small table is read whole unless that is forbidden.
            rows.execute_unprepared("set enable_seqscan = off").await.expect("the setting");
            (
                "explain (generic_plan)",
                DbBackend::Postgres,
                "QUERY PLAN",
                ["Bitmap Index Scan on search_by_words", "Bitmap Heap Scan on search"],
            )
        }
    };
    for role in [Role::Analyst, Role::LawEnforcement, Role::MissionOfficer] {
        let view = View::of(role);
        for question in [
            "{ search(text: \"zeppelin\") { nodes { ... on Concern { title } } } }",
            "{ search(text: \"zeppelin\") { totalCount pageInfo { hasNextPage } } }",
            "{ premises(address: \"zeppelin\") { totalCount nodes { address } } }",
        ] {
            let document = parse_query(question).expect("a document");
            let (_, operation) = document.operations.iter().next().expect("an operation");
            let declared = declared(&view, &operation.node).expect("declared");
            let variables = Variables::new();
            let asked = Question {
                document: &document,
                operation: &operation.node,
                variables: &variables,
                declared: &declared,
                longest: 100,
            };
            let scope = Scope { role, internal: role == Role::Analyst };
            let plan = Planner::plan(&view, scope, engine, asked).expect("a plan");
            let sql = format!("{explain} {}", plan.sql.expect("a statement"));
            let lines = rows.query_all_raw(Statement::from_string(backend, sql)).await.expect("a plan");
            let text: Vec<String> = lines.iter().map(|row| row.try_get("", column).expect("text")).collect();
            let text = text.join("\n");
            for mark in marks {
                assert!(text.contains(mark), "{role} {question}\n{text}");
            }
            assert!(!text.contains("Seq Scan on search") && !text.contains("SCAN search\n"), "{text}");
        }
    }
}
