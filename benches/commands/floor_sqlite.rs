//! The floor's statements on SQLite: one for each table.

use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Executor as _, Row as _, SqliteConnection};

use super::{Found, FoundRow, OWN, Rows, inserted, payload};

/// Begins, which is the lock, and looks.
pub async fn begin(
    connection: &mut SqliteConnection,
    mission: &str,
    keys: &[String],
    reference: &str,
) -> sqlx::Result<Found> {
    connection.execute("begin immediate").await?;
    let look = "select (select version from standing), exists (select 1 from visibility v where v.row_id = m.id and v.key in (select value from json_each(?2)) and v.ground = ?3), m.sending_state_id, m.area, exists (select 1 from concern where reference = ?4), a.sequence, a.hash from mission m left join (select sequence, hash from audit_event where writer = 'desk' order by sequence desc limit 1) a where m.id = ?1";
    let row = sqlx::query_as::<_, FoundRow>(look)
        .bind(mission)
        .bind(json!(keys).to_string())
        .bind(OWN)
        .bind(reference)
        .fetch_one(connection)
        .await?;
    Ok(row.into())
}

/// Writes, commits, and reads the concern.
pub async fn write(connection: &mut SqliteConnection, rows: &Rows, keys: &[String]) -> sqlx::Result<String> {
    for (table, values, more) in [("concern", &rows.concern, ", changes, handovers"), ("entry", &rows.entry, "")] {
        let (names, places) = inserted(values, 1, '?');
        let numbers = if more.is_empty() { "" } else { ", 0, 0" };
        let sql = format!("insert into {table} ({names}{more}) values ({places}{numbers})");
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for (_, value) in values {
            query = query.bind(value.as_deref());
        }
        query.execute(&mut *connection).await?;
    }
    let lines: Vec<Value> = rows
        .lines
        .iter()
        .map(|line| {
            let (of, bits) = (&line.emission, line.emission.cap.bits());
            let (ground, rank) = (of.ground.code(), of.tlp_max.rank());
            json!([line.row, line.kind, of.key, ground, bits, of.from, of.until, rank, line.at, line.under, line.owed])
        })
        .collect();
    let sql = "insert into visibility (row_id, kind, key, ground, cap, from_at, until_at, tlp_max, at, under, owed) select value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7, value ->> 8, value ->> 9, value ->> 10 from json_each(?1)";
    sqlx::query(sql).bind(Value::from(lines).to_string()).execute(&mut *connection).await?;
    let sql = "insert into search (kind, row_id, tiers, at, terms) select ?1, ?2, value ->> 0, ?3, value ->> 1 from json_each(?4)";
    let kind = chancery::access::Kind::Concern.code();
    let words = json!(rows.words).to_string();
    sqlx::query(sql).bind(kind).bind(&rows.id).bind(&rows.at).bind(words).execute(&mut *connection).await?;
    let last = sqlx::query("update change_head set last = last + 1 returning last").fetch_one(&mut *connection).await?;
    let sql = "insert into change_event (sequence, at, kind, row_id, fact) values (?1, ?2, ?3, ?4, ?5)";
    let last: i64 = last.try_get(0)?;
    let query = sqlx::query(sql).bind(last).bind(&rows.at).bind(kind).bind(&rows.id).bind(&rows.fact);
    query.execute(&mut *connection).await?;
    let (names, places) = inserted(&rows.event, 3, '?');
    let sql = format!("insert into audit_event (sequence, policy_version, {names}) values (?1, ?2, {places})");
    let mut query = sqlx::query(AssertSqlSafe(sql)).bind(rows.sequence).bind(rows.policy);
    for (_, value) in &rows.event {
        query = query.bind(value.as_deref());
    }
    query.execute(&mut *connection).await?;
    connection.execute("commit").await?;
    let object = "json_object('id', 'concern_' || c.id, 'reference', c.reference, 'status', c.status, 'severity', c.severity, 'title', c.title)";
    let row = sqlx::query(AssertSqlSafe(payload("?1", "in (select value from json_each(?2))", "?3", object)))
        .bind(&rows.id)
        .bind(json!(keys).to_string())
        .bind(OWN)
        .fetch_one(connection)
        .await?;
    row.try_get(1)
}
