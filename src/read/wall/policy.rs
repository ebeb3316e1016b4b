//! What the gate writes into each statement, written once more as row security: from the same table, by the same
//! functions of [`Gate`], for all scopes at once.
//!
//! The gate knows its scope when it writes; a policy learns it when it is asked, from three settings. So the role's
//! part of the table stands in a policy as one list of tiers per scope, indexed by the ground's code.

use super::{KEYS, NOW, SCOPE};
use crate::{
    access::{AgencyKind, Circle, Ground, Holder, Key, Kind, Role, Tier, Tiers},
    model::{
        definition,
        kit::{Shape, Via},
    },
    read::{
        dialect::{Dialect, is_of_type, quoted},
        gate::{Gate, Scope},
    },
    store::Engine,
};

/// Whether the lines of the visibility table are those of the session already, because row security is in force on
/// them, or all there are, because a function of their owner reads them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lines {
    /// Only those that the session holds now.
    Held,
    /// All.
    All,
}

/// Every scope that there can be: the roles of each kind of agency. For any other no policy holds.
fn scopes() -> Vec<Scope> {
    let mut scopes = Vec::new();
    for kind in AgencyKind::ALL {
        let internal = kind == AgencyKind::DiplomaticSecurity;
        for scope in kind.roles().iter().map(|role| Scope { role: *role, internal }) {
            if !scopes.contains(&scope) {
                scopes.push(scope);
            }
        }
    }
    scopes
}

fn gate(scope: Scope) -> Gate {
    Gate::new(scope, Engine::Postgres.into())
}

/// The condition on a row of a type, under an alias, to be visible at all.
pub(super) fn visible(kind: Kind, alias: &str, lines: Lines) -> String {
    if kind.parent().is_some() {
        return child(kind, alias, lines);
    }
    let mut grounds = stated(kind, alias);
    grounds.push(opens(kind, &format!("{alias}.id"), Tier::D, lines));
    match grounds.as_slice() {
        [one] => one.clone(),
        many => format!("({})", many.join(" or ")),
    }
}

/// The conditions under which columns of a row state a ground that opens it, of each scope. The session's agency and
/// person are in its keys.
fn stated(kind: Kind, alias: &str) -> Vec<String> {
    let held = |role: Role, holder, column: &str| {
        let key = match holder {
            Holder::Role => return format!("{alias}.{column} = {}", quoted(role.name())),
            Holder::Agency => Key::Agency(String::new()),
            Holder::Person => Key::Person(String::new()),
        };
        let key = quoted(&key.within(&Circle::Any));
        format!("{key} || {alias}.{column} in (select unnest(nullif({}, '')::text[]))", setting(KEYS))
    };
    let mut conditions = Vec::new();
    for scope in scopes() {
        for (_, columns) in gate(scope).stated(kind).into_iter().filter(|(tiers, _)| tiers.has(Tier::D)) {
            let columns = columns.into_iter().map(|(holder, column)| held(scope.role, holder, column));
            let is_scope = format!("(select {} = {})", setting(SCOPE), quoted(&scope.name()));
            conditions
                .push(format!("({})", std::iter::once(is_scope).chain(columns).collect::<Vec<_>>().join(" and ")));
        }
    }
    conditions
}

/// The condition that a row of a type that is no child opens a tier. `row` is its id.
pub(super) fn opens(kind: Kind, row: &str, tier: Tier, lines: Lines) -> String {
    let always: Vec<String> = scopes()
        .into_iter()
        .filter(|scope| gate(*scope).always(kind).has(tier))
        .map(|scope| quoted(&scope.name()))
        .collect();
    let mut grounds = Vec::new();
    if !always.is_empty() {
        grounds.push(format!("(select {} in ({}))", setting(SCOPE), always.join(", ")));
    }
    if let Some(tiers) = tiers_by_ground(kind, |tiers| tiers.has(tier)) {
        let held = held("v", lines);
        // The fence keeps PostgreSQL from gathering all that the session sees, the whole table through, to answer for
        // the rows of a page: each row is looked up by its id.
        grounds.push(format!(
            "exists (select 1 from visibility v where v.row_id = {row} and ({tiers}[v.ground] & v.cap & {}) <> 0{held} {})",
            tier.bit(),
            Dialect::from(Engine::Postgres).fence()
        ));
    }
    if grounds.is_empty() { "false".to_owned() } else { format!("({})", grounds.join(" or ")) }
}

/// The condition on a row of a child type: its parent opens, under the row's own marking, a tier that one of the row's
/// audience lines asks for.
fn child(kind: Kind, alias: &str, lines: Lines) -> String {
    let of = kind.parent().unwrap_or(kind);
    let (parent, marking) = Gate::bearer(kind, alias);
    let by_lines = tiers_by_ground(of, |_| true).map(|tiers| {
        format!(
            "(select coalesce(bit_or({tiers}[v.ground] & v.cap), 0) from visibility v where v.row_id = {parent}{marking}{})",
            held("v", lines)
        )
    });
    let opened: Vec<String> = always_open(of).into_iter().chain(by_lines).collect();
    if opened.is_empty() {
        return "false".to_owned();
    }
    let opened = format!("({})", opened.join(" | "));
    format!(
        "exists (select 1 from visibility w where w.row_id = {alias}.id and w.ground = {}{} and (w.cap & {opened}) <> 0 {})",
        Ground::Audience.code(),
        held("w", lines),
        Dialect::from(Engine::Postgres).fence()
    )
}

/// The tiers that each ground opens in the session's scope, as a list indexed by the ground's code; none where no
/// scope has a ground that `matter`s.
fn tiers_by_ground(kind: Kind, matter: impl Fn(Tiers) -> bool) -> Option<String> {
    let most = Ground::ALL.iter().map(|ground| ground.code()).max().unwrap_or_default();
    let arms: Vec<String> = scopes()
        .into_iter()
        .filter_map(|scope| {
            let lines: Vec<(Ground, Tiers)> =
                gate(scope).lines(kind).into_iter().filter(|(_, tiers)| matter(*tiers)).collect();
            let tiers =
                |code| lines.iter().find(|(ground, _)| ground.code() == code).map_or(0, |(_, tiers)| tiers.bits());
            let list: Vec<String> = (1..=most).map(|code| tiers(code).to_string()).collect();
            (!lines.is_empty())
                .then(|| format!("when {} then '{{{}}}'::smallint[]", quoted(&scope.name()), list.join(",")))
        })
        .collect();
    // A subquery of its own: PostgreSQL computes it once a statement and not once a row.
    (!arms.is_empty()).then(|| format!("(select case {} {} end)", setting(SCOPE), arms.join(" ")))
}

/// The tiers that every row of a type opens to the session's scope; none where none does to any.
fn always_open(kind: Kind) -> Option<String> {
    let arms: Vec<String> = scopes()
        .into_iter()
        .map(|scope| (scope, gate(scope).always(kind)))
        .filter(|(_, tiers)| !tiers.is_empty())
        .map(|(scope, tiers)| format!("when {} then {}", quoted(&scope.name()), tiers.bits()))
        .collect();
    (!arms.is_empty()).then(|| format!("(select case {} {} else 0 end)", setting(SCOPE), arms.join(" ")))
}

/// The condition on a line of the visibility table to be the session's now.
fn held(v: &str, lines: Lines) -> String {
    match lines {
        Lines::Held => String::new(),
        Lines::All => format!(" and {}", line(v)),
    }
}

/// The same as a policy of the visibility table itself. `in` with a subquery makes a hash of the keys once a statement;
/// as `= any` of an array the condition would go to the index on keys beside the gate's own, and PostgreSQL would look
/// for each key of the one with each of the other.
pub(super) fn line(v: &str) -> String {
    let now = setting(NOW);
    format!(
        "{v}.key in (select unnest(nullif({}, '')::text[])) and {v}.from_at <= (select {now}) and {v}.until_at > (select {now})",
        setting(KEYS)
    )
}

/// Null, or empty, on a connection that was told nothing.
pub(super) fn setting(name: &str) -> String {
    format!("current_setting({}, true)", quoted(name))
}

/// A table that the reading role may read.
#[derive(Debug)]
pub(super) struct Readable {
    /// Its name.
    pub(super) table: &'static str,
    /// The columns, if not all.
    pub(super) columns: Vec<&'static str>,
    /// Which rows; none where the table holds nothing of anybody.
    pub(super) rows: Option<String>,
}

/// Every table that a statement may name, and which of its rows. What is not here is not granted: persons' duties and
/// portfolios, the audience of entries, secrets, counties. `search` is read by a function only.
pub(super) fn readable() -> Vec<Readable> {
    let mut tables: Vec<Readable> = Kind::ALL
        .into_iter()
        .map(|kind| {
            let table = definition(kind).table;
            Readable { table, columns: Vec::new(), rows: Some(visible(kind, table, Lines::Held)) }
        })
        .collect();
    // One number, by which an answer is known to be of present standing.
    tables.push(Readable { table: "standing", columns: Vec::new(), rows: None });
    tables.push(Readable { table: "visibility", columns: Vec::new(), rows: Some(line("visibility")) });
    for (near, field) in fields() {
        match field.shape {
            // Which row is linked to which: known to whoever sees both.
            Shape::Connection { to, via: Via::Link { table, here, there } } => {
                let ends = [(near, here), (to, there)];
                let ends = ends.map(|(kind, column)| opens(kind, &format!("{table}.{column}"), Tier::D, Lines::Held));
                // Named from both sides: once is enough.
                if !tables.iter().any(|have| have.table == table) {
                    tables.push(Readable { table, columns: Vec::new(), rows: Some(ends.join(" and ")) });
                }
            }
            // A value of the row it points to: known to whoever reads the field. Of the table no more is granted than
            // the value, the column that points, and the column that a condition begins with.
            Shape::Gather { table, key, column, only } => {
                if is_of_type(table) {
                    // Its rows have a policy of their own: a function reads the one value ([`gathered`]).
                    continue;
                }
                let tier = definition(near).tier(field).unwrap_or(Tier::I);
                let rows = opens(near, &format!("{table}.{key}"), tier, Lines::Held);
                let only = only.and_then(|only| only.split(' ').next());
                let columns = [key, column].into_iter().chain(only);
                match tables.iter_mut().find(|have| have.table == table) {
                    // A table with columns to itself is one that fields are gathered from, not a type's or a link's.
                    Some(have) if !have.columns.is_empty() => {
                        have.columns.extend(columns);
                        have.rows = have.rows.take().map(|others| format!("{others} or {rows}"));
                    }
                    Some(_) => {}
                    None => tables.push(Readable { table, columns: columns.collect(), rows: Some(rows) }),
                }
            }
            _ => {}
        }
    }
    for table in &mut tables {
        table.columns.sort_unstable();
        table.columns.dedup();
    }
    tables
}

/// Columns of other tables that fields look up, by the id of the row there.
pub(super) fn looked_up() -> Vec<(&'static str, &'static str)> {
    let mut found: Vec<_> = fields()
        .filter_map(|(_, field)| match field.shape {
            Shape::Lookup { table, column, .. } => Some((table, column)),
            _ => None,
        })
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// A field gathered from the rows of a type.
#[derive(Debug)]
pub(super) struct Gathered {
    /// The type that has the field.
    pub(super) near: Kind,
    /// How deep the field is.
    pub(super) tier: Tier,
    /// The other type's table, its column that points here, and the one to collect.
    pub(super) from: (&'static str, &'static str, &'static str),
    /// Which rows there count.
    pub(super) only: Option<&'static str>,
}

/// Fields gathered from the rows of types.
pub(super) fn gathered() -> Vec<Gathered> {
    fields()
        .filter_map(|(near, field)| match field.shape {
            Shape::Gather { table, key, column, only } if is_of_type(table) => {
                let tier = definition(near).tier(field).unwrap_or(Tier::I);
                Some(Gathered { near, tier, from: (table, key, column), only })
            }
            _ => None,
        })
        .collect()
}

fn fields() -> impl Iterator<Item = (Kind, &'static crate::model::kit::Field)> {
    Kind::ALL.into_iter().flat_map(|kind| definition(kind).fields.iter().map(move |field| (kind, field)))
}
