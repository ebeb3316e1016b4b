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
    store::{Address, Engine},
};
use rstest::rstest;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, Row as _, SqliteConnection};

use crate::support::{app::App, small_world};

#[rstest]
#[tokio::test]
async fn the_index_of_words_is_used(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let app = small_world::app(engine).await;
    let marks = match engine {
        Engine::Sqlite => ["search_words VIRTUAL TABLE INDEX 0:M", "USING INTEGER PRIMARY KEY (rowid=?)"],
        Engine::Postgres => ["Bitmap Index Scan on search_by_words", "Bitmap Heap Scan on search"],
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
            let mut sql = plan.sql.expect("a statement").to_string();
            if engine == Engine::Postgres {
                // It explains no statement with open parameters.
                for (index, bind) in plan.binds.iter().enumerate().rev() {
                    let value = match format!("{:?}", bind.ty).split('(').next().expect("a name") {
                        "Texts" => "array['e']",
                        "PageSize" => "20",
                        _ => "'zeppelin'::text",
                    };
                    sql = sql.replace(&format!("${}", index + 1), value);
                }
            }
            let text = explained(&app, &sql).await;
            for mark in marks {
                assert!(text.contains(mark), "{role} {question}\n{text}");
            }
            assert!(!text.contains("Seq Scan on search"), "{text}");
        }
    }
}

/// How the engine goes about a statement, whatever its parameters.
async fn explained(app: &App, sql: &str) -> String {
    let lines: Vec<String> = match &app.db.store.address {
        Address::Sqlite(options) => {
            let mut connection = SqliteConnection::connect_with(options).await.expect("a connection");
            let sql = AssertSqlSafe(format!("explain query plan {sql}"));
            let rows = sqlx::raw_sql(sql).fetch_all(&mut connection).await.expect("a plan");
            rows.iter().map(|row| row.get("detail")).collect()
        }
        Address::Postgres(options) => {
            // A small table is read whole unless that is forbidden.
            let options = options.clone().options([("enable_seqscan", "off")]);
            let mut connection = PgConnection::connect_with(&options).await.expect("a connection");
            let sql = AssertSqlSafe(format!("explain {sql}"));
            let rows = sqlx::raw_sql(sql).fetch_all(&mut connection).await.expect("a plan");
            rows.iter().map(|row| row.get(0)).collect()
        }
    };
    lines.join("\n")
}
