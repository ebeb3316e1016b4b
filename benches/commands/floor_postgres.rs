//! The floor's statements on PostgreSQL: the lock, one that looks, one that writes, the commit, one that reads.

use sqlx::{AssertSqlSafe, Executor as _, PgConnection, Row as _};

use super::{Found, FoundRow, OWN, Rows, inserted, payload};

/// Begins, takes the locks, and looks.
pub async fn begin(
    connection: &mut PgConnection,
    mission: &str,
    keys: &[String],
    reference: &str,
) -> sqlx::Result<Found> {
    connection
        .execute("begin; select pg_advisory_xact_lock(hashtext('chancery.visibility')); select pg_advisory_xact_lock(hashtext('chancery.audit.desk'))")
        .await?;
    let look = "select (select version from standing), exists (select 1 from visibility v where v.row_id = m.id and v.key = any($2) and v.ground = $3), m.sending_state_id, m.area, exists (select 1 from concern where reference = $4), a.sequence, a.hash from mission m left join (select sequence, hash from audit_event where writer = 'desk' order by sequence desc limit 1) a on true where m.id = $1";
    let found = sqlx::query_as::<_, FoundRow>(look).bind(mission).bind(keys).bind(OWN).bind(reference);
    Ok(found.fetch_one(connection).await?.into())
}

/// Writes everything by one statement, commits, and reads the concern.
pub async fn write(connection: &mut PgConnection, rows: &Rows, keys: &[String]) -> sqlx::Result<String> {
    let (c, e, a) = (rows.concern.len(), rows.entry.len(), rows.event.len());
    let (concern, concern_places) = inserted(&rows.concern, 1, '$');
    let (entry, entry_places) = inserted(&rows.entry, 1 + c, '$');
    let (event, event_places) = inserted(&rows.event, 1 + c + e, '$');
    let at = |place: usize| format!("${}", 1 + c + e + a + place);
    let (at_of_line, under, owed) = (at(16), at(17), at(18));
    let sql = format!(
        "with c as (insert into concern ({concern}, changes, handovers) values ({concern_places}, 0, 0)), \
         e as (insert into entry ({entry}) values ({entry_places})), \
         a as (insert into audit_event ({event}, sequence, policy_version) values ({event_places}, {}, {})), \
         v as (insert into visibility (row_id, kind, key, ground, cap, from_at, until_at, tlp_max, at, under, owed) \
           select * from unnest({}::text[], {}::smallint[], {}::text[], {}::smallint[], {}::smallint[], {}::text[], {}::text[], {}::smallint[], {at_of_line}::text[], {under}::text[], {owed}::text[])), \
         w as (insert into search (kind, row_id, tiers, at, terms) select {}, {}, t, {}, x from unnest({}::smallint[], {}::text[]) as u(t, x)), \
         h as (update change_head set last = last + 1 returning last), \
         g as (insert into change_event (sequence, at, kind, row_id, fact) select last, {}, {}, {}, {} from h) \
         select pg_notify('chancery_change', '')",
        at(0),
        at(1),
        at(2),
        at(3),
        at(4),
        at(5),
        at(6),
        at(7),
        at(8),
        at(9),
        at(10),
        at(11),
        at(12),
        at(13),
        at(14),
        at(12),
        at(10),
        at(11),
        at(15),
    );
    let mut query = sqlx::query(AssertSqlSafe(sql));
    for (_, value) in rows.concern.iter().chain(&rows.entry).chain(&rows.event) {
        query = query.bind(value.as_deref());
    }
    let each = || rows.lines.iter();
    query = query.bind(rows.sequence).bind(rows.policy);
    query = query.bind(each().map(|line| line.row.as_str()).collect::<Vec<_>>());
    query = query.bind(each().map(|line| line.kind).collect::<Vec<_>>());
    query = query.bind(each().map(|line| line.emission.key.as_str()).collect::<Vec<_>>());
    query = query.bind(each().map(|line| line.emission.ground.code()).collect::<Vec<_>>());
    query = query.bind(each().map(|line| i16::from(line.emission.cap.bits())).collect::<Vec<_>>());
    query = query.bind(each().map(|line| line.emission.from.as_str()).collect::<Vec<_>>());
    query = query.bind(each().map(|line| line.emission.until.as_str()).collect::<Vec<_>>());
    query = query.bind(each().map(|line| line.emission.tlp_max.rank()).collect::<Vec<_>>());
    query = query.bind(chancery::access::Kind::Concern.code()).bind(&rows.id).bind(&rows.at);
    query = query.bind(rows.words.iter().map(|(tiers, _)| *tiers).collect::<Vec<_>>());
    query = query.bind(rows.words.iter().map(|(_, terms)| terms.as_str()).collect::<Vec<_>>());
    query = query.bind(&rows.fact);
    query = query.bind(each().map(|line| line.at.as_deref()).collect::<Vec<_>>());
    query = query.bind(each().map(|line| line.under.as_deref()).collect::<Vec<_>>());
    query = query.bind(each().map(|line| line.owed.as_deref()).collect::<Vec<_>>());
    query.execute(&mut *connection).await?;
    connection.execute("commit").await?;
    let object = "json_build_object('id', 'concern_' || c.id, 'reference', c.reference, 'status', c.status, 'severity', c.severity, 'title', c.title)";
    let row = sqlx::query(AssertSqlSafe(payload("$1", "= any($2)", "$3", object)))
        .bind(&rows.id)
        .bind(keys)
        .bind(OWN)
        .fetch_one(connection)
        .await?;
    row.try_get(1)
}
