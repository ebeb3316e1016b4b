//! How PostgreSQL goes about a policy.

use super::*;

/// Each row that a statement looks at is looked up in the visibility table by its id. Otherwise, to answer for the
/// rows of a page, all that the session sees would be gathered first.
#[tokio::test]
async fn a_row_is_looked_up_by_its_id() {
    let app = walled().await;
    let mut reader = connection(&app, Some(READER)).await;
    // A small table is read whole unless that is forbidden.
    let never = "set enable_seqscan = off; set enable_bitmapscan = off";
    assert_eq!(refused(&mut reader, never).await, None);
    let mut looked_up = 0;
    for kind in Kind::ALL {
        let table = definition(kind).table;
        let sql = AssertSqlSafe(format!("explain select * from {table}"));
        let rows = sqlx::raw_sql(sql).fetch_all(&mut reader).await.expect("a plan");
        let plan: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
        let plan = plan.join("\n");
        for lines in plan.split("on visibility ").skip(1) {
            let condition = lines.lines().nth(1).unwrap_or_default();
            assert!(condition.contains(&format!("Index Cond: ((row_id = {table}.")), "{plan}");
            looked_up += 1;
        }
    }
    assert!(looked_up >= Kind::ALL.len(), "{looked_up}");
}
