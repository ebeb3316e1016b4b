//! The statements that put the wall up and take it down.

use super::policy::{Gathered, Lines, gathered, looked_up, opens, readable, setting, visible};
use super::{POLICY, SCOPE};
use crate::{
    access::{Kind, Tier},
    model::definition,
    read::dialect::quoted,
};

/// Takes away what an older wall may have left: all of its policies and functions, and all grants to the role. Row
/// security is switched off where no policy is left.
pub(super) fn down(schema: &str, role: &str) -> Vec<String> {
    let (here, role) = (quoted(schema), name(role));
    vec![
        format!(
            "do $wall$ declare it record; begin
  for it in select c.oid::regclass as named from pg_policy p join pg_class c on c.oid = p.polrelid
    where p.polname = {policy} and c.relnamespace = {here}::regnamespace loop
    execute format('drop policy {POLICY} on %s', it.named);
  end loop;
  for it in select c.oid::regclass as named from pg_class c
    where (c.relrowsecurity or c.relforcerowsecurity) and c.relnamespace = {here}::regnamespace
      and not exists (select 1 from pg_policy p where p.polrelid = c.oid) loop
    execute format('alter table %s disable row level security, no force row level security', it.named);
  end loop;
  for it in select p.oid::regprocedure as named from pg_proc p
    where p.proname like 'wall\\_%' and p.pronamespace = {here}::regnamespace loop
    execute format('drop function %s', it.named);
  end loop;
  for it in select c.oid::regclass as named from pg_class c
    where c.relkind in ('r', 'p', 'v', 'm', 'f') and c.relnamespace = {here}::regnamespace loop
    execute format('revoke all on %s from {role}', it.named);
  end loop;
  for it in select a.attrelid::regclass as named, string_agg(quote_ident(a.attname), ', ') as columns
    from pg_attribute a join pg_class c on c.oid = a.attrelid
    where a.attacl is not null and a.attnum > 0 and not a.attisdropped and c.relnamespace = {here}::regnamespace
    group by a.attrelid loop
    execute format('revoke all (%s) on %s from {role}', it.columns, it.named);
  end loop;
end $wall$",
            policy = quoted(POLICY),
        ),
        format!("revoke all on schema {} from {role}", name(schema)),
    ]
}

/// Puts the wall up where none stands.
pub(super) fn up(schema: &str, role: &str) -> Vec<String> {
    let reader = name(role);
    let mut statements = vec![format!("grant usage on schema {} to {reader}", name(schema))];
    for table in readable() {
        let there = format!("{}.{}", name(schema), name(table.table));
        if let Some(rows) = table.rows {
            statements.push(format!("alter table {there} enable row level security"));
            statements.push(format!("create policy {POLICY} on {there} for select to {reader} using ({rows})"));
        }
        let columns = if table.columns.is_empty() { String::new() } else { format!(" ({})", table.columns.join(", ")) };
        statements.push(format!("grant select{columns} on {there} to {reader}"));
    }
    let lookups = looked_up().into_iter().map(|(table, column)| lookup(schema, table, column));
    let gathers = gathered().into_iter().map(|field| gather(schema, &field));
    for (signature, function) in lookups.chain(gathers).chain([search(schema)]) {
        let signature = format!("{}.{signature}", name(schema));
        statements.push(function);
        statements.push(format!("revoke all on function {signature} from public"));
        statements.push(format!("grant execute on function {signature} to {reader}"));
    }
    statements
}

/// One value of a row that is not the reader's to see, for whoever knows its id: the id stands in rows that are. It is
/// called for many rows of an answer, and a search path of its own would cost it as much again as all the rest; so
/// every name in it says where it is.
fn lookup(schema: &str, table: &str, column: &str) -> (String, String) {
    let signature = format!("wall_{table}_{column}(text)");
    let here = name(schema);
    let function = format!(
        "create function {here}.wall_{table}_{column}(there text) returns text
  language plpgsql stable security definer as $wall$
begin
  if coalesce(pg_catalog.{}, '') operator(pg_catalog.=) '' then return null; end if;
  return (select t.{column} from {here}.{table} t where t.id operator(pg_catalog.=) there);
end $wall$",
        setting(SCOPE),
    );
    (signature, function)
}

/// One column of the rows of a type that point to a row, for whoever reads the field of that row that gathers them.
fn gather(schema: &str, field: &Gathered) -> (String, String) {
    let here = name(schema);
    let (table, key, column) = field.from;
    let signature = format!("wall_{table}_{column}_by_{key}(text)");
    let only = field.only.map_or_else(String::new, |only| format!(" and t.{only}"));
    let function = format!(
        "create function {here}.wall_{table}_{column}_by_{key}(there text) returns table ({column} text)
  language plpgsql stable security definer rows 2 set search_path = pg_catalog, {here}, pg_temp as $wall$
#variable_conflict use_column
begin
  return query select t.{column} from {table} t where t.{key} = there{only} and {};
end $wall$",
        opens(field.near, "there", field.tier, Lines::All),
    );
    (signature, function)
}

/// The lines of words that hold words, of rows that the session sees. `@@` may tell of what it is given (PostgreSQL
/// does not hold it for leakproof), so under row security it would be asked of visible lines only, one by one, and
/// the index of words never; in here the index comes first and the policies after it.
fn search(schema: &str) -> (String, String) {
    let here = name(schema);
    let arms: Vec<String> = Kind::ALL
        .into_iter()
        .filter(|kind| !definition(*kind).searched_tiers().is_empty())
        .map(|kind| {
            let seen = if kind.parent().is_some() {
                let table = definition(kind).table;
                format!("exists (select 1 from {table} r where r.id = s.row_id and {})", visible(kind, "r", Lines::All))
            } else {
                opens(kind, "s.row_id", Tier::D, Lines::All)
            };
            format!("    when {} then {seen}", kind.code())
        })
        .collect();
    let function = format!(
        "create function {here}.wall_search(asked tsquery) returns table (kind smallint, row_id text, tiers smallint, at text)
  language plpgsql stable security definer rows 100 set search_path = pg_catalog, {here}, pg_temp as $wall$
begin
  return query select s.kind, s.row_id, s.tiers, s.at
    from (select l.kind, l.row_id, l.tiers, l.at from search l where l.words @@ asked offset 0) s
    where case s.kind
{}
    else false end;
end $wall$",
        arms.join("\n"),
    );
    ("wall_search(tsquery)".to_owned(), function)
}

/// An identifier.
pub(super) fn name(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
