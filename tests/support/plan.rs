//! How an engine goes about the very statement that answers a question.

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
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, Row as _, SqliteConnection};

use super::app::App;

/// The plan of the statement that answers a question for a role. PostgreSQL explains no statement with open
/// parameters: `keys` and `text` stand for them there. Nor would it use an index for a small table: it is told not to
/// read tables whole, and what else is in `settings`.
pub async fn explained(
    app: &App,
    role: Role,
    question: &str,
    (keys, text): (&str, &str),
    settings: &[(&'static str, &'static str)],
) -> String {
    let engine = app.db.store.engine();
    let view = View::of(role);
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
    let scope = Scope { role, internal: matches!(role, Role::Analyst | Role::DetailAgent | Role::Auditor) };
    let plan = Planner::plan(&view, scope, engine, asked).expect("a plan");
    let mut sql = plan.sql.expect("a statement").to_string();
    if engine == Engine::Postgres {
        for (index, bind) in plan.binds.iter().enumerate().rev() {
            let value = match format!("{:?}", bind.ty).split('(').next().expect("a name") {
                "Texts" => format!("array['{keys}']"),
                "PageSize" | "Within" => "20".to_owned(),
                _ => format!("'{text}'::text"),
            };
            sql = sql.replace(&format!("${}", index + 1), &value);
        }
    }
    let lines: Vec<String> = match &app.db.store.address {
        Address::Sqlite(options) => {
            let mut connection = SqliteConnection::connect_with(options).await.expect("a connection");
            let sql = AssertSqlSafe(format!("explain query plan {sql}"));
            let rows = sqlx::raw_sql(sql).fetch_all(&mut connection).await.expect("a plan");
            rows.iter().map(|row| row.get("detail")).collect()
        }
        Address::Postgres(options) => {
            let options = options.clone().options([("enable_seqscan", "off")]).options(settings.iter().copied());
            let mut connection = PgConnection::connect_with(&options).await.expect("a connection");
            let sql = AssertSqlSafe(format!("explain {sql}"));
            let rows = sqlx::raw_sql(sql).fetch_all(&mut connection).await.expect("a plan");
            rows.iter().map(|row| row.get(0)).collect()
        }
    };
    lines.join("\n")
}
