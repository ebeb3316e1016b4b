//! What PostgreSQL's catalogue says of the wall, and what it should say.

use sqlx::{PgConnection, Row as _, postgres::PgRow};

use super::{
    POLICY,
    policy::{Readable, readable},
};
use crate::error::Result;

/// What the reading role is: row security holds for no superuser, and what it is a member of it may do.
const ROLE: &str = "
select r.rolsuper, r.rolbypassrls, r.rolcreaterole, r.rolcreatedb, r.rolreplication,
  exists (select 1 from pg_auth_members m where m.member = r.oid) as member
from pg_roles r where r.rolname = $1";

/// Of every table and view in the schema: whether row security is on, what the role may do in effect (by itself, by
/// PUBLIC or by being the owner), with which columns, and the policies. Row security that is forced would shut out
/// the writers, who own the tables; one that is active for them does.
const TABLES: &str = "
select c.relname::text, c.relrowsecurity, c.relforcerowsecurity, row_security_active(c.oid) as shut,
  coalesce((select string_agg(p, ',' order by p)
    from unnest(array['SELECT','INSERT','UPDATE','DELETE','TRUNCATE','REFERENCES','TRIGGER']) p
    where has_table_privilege($1, c.oid, p)), '') as may,
  coalesce((select string_agg(a.attname::text, ',' order by a.attname::text collate \"C\") from pg_attribute a
    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      and has_column_privilege($1, c.oid, a.attnum, 'SELECT')), '') as columns,
  exists (select 1 from pg_attribute a
    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      and has_column_privilege($1, c.oid, a.attnum, 'INSERT,UPDATE,REFERENCES')) as changes,
  coalesce((select string_agg(p.polname::text, ',' order by p.polname) from pg_policy p where p.polrelid = c.oid), '')
    as policies
from pg_class c
where c.relkind in ('r', 'p', 'v', 'm', 'f') and c.relnamespace = current_schema()::regnamespace
order by c.relname collate \"C\"";

/// The text of all policies and of all functions that work with their owner's rights and may be called by the role.
const TEXT: &str = "
select coalesce(string_agg(line, chr(10) order by line collate \"C\"), '') from (
  select concat_ws(' ', c.relname, p.polname, p.polpermissive, p.polcmd, p.polroles::regrole[],
    pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)) as line
  from pg_policy p join pg_class c on c.oid = p.polrelid where c.relnamespace = current_schema()::regnamespace
  union all
  select concat_ws(' ', pg_get_functiondef(p.oid), p.proowner::regrole, has_function_privilege('public', p.oid, 'EXECUTE'))
  from pg_proc p
  where p.pronamespace = current_schema()::regnamespace and p.prosecdef and has_function_privilege($1, p.oid, 'EXECUTE')
) lines";

/// What was written down when the wall was put up.
const RECORD: &str = "
select obj_description(p.oid, 'pg_policy') from pg_policy p join pg_class c on c.oid = p.polrelid
where p.polname = $1 and c.relname = 'visibility' and c.relnamespace = current_schema()::regnamespace";

/// What the role is that it must not be; none if it is as it should be, and one if there is no such role.
pub(super) async fn faults_of_role(connection: &mut PgConnection, role: &str) -> Result<Option<Vec<String>>> {
    let Some(row) = sqlx::query(ROLE).bind(role).fetch_optional(connection).await? else { return Ok(None) };
    let mut faults = Vec::new();
    for (index, fault) in [
        "is a superuser",
        "goes round row security",
        "may make roles",
        "may make databases",
        "may replicate",
        "is a member of other roles",
    ]
    .into_iter()
    .enumerate()
    {
        if row.try_get::<bool, _>(index)? {
            faults.push(format!("the role {role} {fault}"));
        }
    }
    Ok(Some(faults))
}

/// What of the tables is not as it should be.
pub(super) async fn faults_of_tables(connection: &mut PgConnection, role: &str) -> Result<Vec<String>> {
    let rows = sqlx::query(TABLES).bind(role).fetch_all(connection).await?;
    let wanted = readable();
    let mut faults = Vec::new();
    for table in &wanted {
        if !rows.iter().any(|row| row.try_get::<String, _>("relname").is_ok_and(|name| name == table.table)) {
            faults.push(format!("there is no table {}", table.table));
        }
    }
    for row in &rows {
        let name: String = row.try_get("relname")?;
        faults.extend(faults_of_table(row, role, &name, wanted.iter().find(|table| table.table == name))?);
    }
    Ok(faults)
}

fn faults_of_table(row: &PgRow, role: &str, name: &str, wanted: Option<&Readable>) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    let [on, forced, shut, changes] =
        ["relrowsecurity", "relforcerowsecurity", "shut", "changes"].map(|column| row.try_get::<bool, _>(column));
    let [may, columns, policies]: [sqlx::Result<String>; 3] =
        ["may", "columns", "policies"].map(|column| row.try_get(column));
    let (may, columns, policies) = (may?, columns?, policies?);
    let guarded = wanted.is_some_and(|table| table.rows.is_some());
    if guarded && !on? {
        faults.push(format!("{name}: row security is off"));
    }
    if guarded && (forced? || shut?) {
        faults.push(format!("{name}: row security shuts out the writers: the login must own the tables"));
    }
    for policy in policies.split(',').filter(|policy| !policy.is_empty()) {
        if !(guarded && policy == POLICY) {
            faults.push(format!("{name}: the policy {policy} is not of the wall"));
        }
    }
    if guarded && !policies.split(',').any(|policy| policy == POLICY) {
        faults.push(format!("{name}: the policy is missing"));
    }
    let (whole, some) = match wanted {
        Some(table) if table.columns.is_empty() => ("SELECT", None),
        Some(table) => ("", Some(table.columns.join(","))),
        None => ("", Some(String::new())),
    };
    if may != whole || changes? || some.is_some_and(|some| some != columns) {
        let may = if may.is_empty() { format!("SELECT ({columns})") } else { may };
        faults.push(format!("{name}: {role} may do other than it should: {may}"));
    }
    Ok(faults)
}

/// The text that must stay as it was put up.
pub(super) async fn text(connection: &mut PgConnection, role: &str) -> Result<String> {
    Ok(sqlx::query(TEXT).bind(role).fetch_one(connection).await?.try_get(0)?)
}

/// What was written down, if a wall stands.
pub(super) async fn record(connection: &mut PgConnection) -> Result<Option<String>> {
    let row = sqlx::query(RECORD).bind(POLICY).fetch_optional(connection).await?;
    Ok(row.map(|row| row.try_get(0)).transpose()?.flatten())
}
