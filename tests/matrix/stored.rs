//! What the rows hold, read past the server: which fields have a value at all, and what leads where.

use std::collections::{BTreeMap, BTreeSet};

use chancery::{
    access::Kind,
    model::{
        self,
        kit::{Field, Shape, Via},
        query::{ROOTS, RootShape},
    },
};
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};

use crate::{support::TestDb, world::Situation};

/// By type and field.
type ByField<T> = BTreeMap<(Kind, &'static str), T>;

/// The rows as they are.
pub struct Stored {
    /// Rows in which a field that is a value is not null.
    filled: ByField<BTreeSet<String>>,
    /// Where an edge or a connection leads from a row.
    links: ByField<BTreeMap<String, BTreeSet<String>>>,
    /// By the name of a root: what names a row beside its id.
    named: BTreeMap<&'static str, BTreeMap<String, String>>,
}

impl Stored {
    /// Reads them.
    pub async fn read(db: &TestDb) -> Self {
        let (mut filled, mut links) = (BTreeMap::new(), BTreeMap::new());
        for kind in Kind::ALL {
            let table = model::definition(kind).table;
            for field in model::definition(kind).fields {
                let key = (kind, field.name);
                let sql = match field.shape {
                    Shape::Column { column, .. }
                    | Shape::Texts { column }
                    | Shape::Lookup { key: column, .. }
                    | Shape::Reference { column, .. }
                    | Shape::Version { column, .. }
                    | Shape::Clock { column }
                    // Its other column is there only when this one is not: in this world something is always due.
                    | Shape::ClockState { next: column, .. } => {
                        format!("select id as here, id as there from {table} where {column} is not null")
                    }
                    Shape::Gather { table: there, key: column, .. } => {
                        format!("select {column} as here, {column} as there from {there} where {column} is not null")
                    }
                    Shape::Edge { column, .. } => {
                        format!("select id as here, {column} as there from {table} where {column} is not null")
                    }
                    // Of whoever serves in such a capacity: in this world they do so now.
                    Shape::Serving(who) => {
                        let capacities = who.capacities.join("', '");
                        format!(
                            "select {by} as here, id as there from tour where capacity in ('{capacities}')",
                            by = who.by
                        )
                    }
                    // Found from other rows: it always is something, be it an empty list.
                    Shape::Rota { .. } | Shape::Readiness(_) => format!("select id as here, id as there from {table}"),
                    Shape::Connection { to, via: Via::Column(column) } => {
                        let there = model::definition(to).table;
                        format!("select {column} as here, id as there from {there} where {column} is not null")
                    }
                    Shape::Connection { via: Via::Link { table, here, there }, .. } => {
                        format!("select {here} as here, {there} as there from {table}")
                    }
                };
                let pairs = pairs(&db.store.orm, sql).await;
                if field.shape.target().is_some() {
                    let to: &mut BTreeMap<String, BTreeSet<String>> = links.entry(key).or_default();
                    for (here, there) in pairs {
                        to.entry(here).or_default().insert(there);
                    }
                } else {
                    filled.insert(key, pairs.into_iter().map(|(here, _)| here).collect());
                }
            }
        }
        let mut named = BTreeMap::new();
        for root in ROOTS {
            if let RootShape::One { kind, by: Some((_, column)) } = root.shape {
                let table = model::definition(kind).table;
                let sql = format!("select id as here, {column} as there from {table} where {column} is not null");
                named.insert(root.name, pairs(&db.store.orm, sql).await.into_iter().collect());
            }
        }
        Self { filled, links, named }
    }

    /// By what a root names a row, beside its id.
    pub fn name(&self, root: &str, row: &str) -> Option<&str> {
        self.named.get(root)?.get(row).map(String::as_str)
    }

    /// Whether a field that is a value has one in the row. A gathered list always has: it may be empty.
    pub fn holds(&self, kind: Kind, field: &Field, row: &str) -> bool {
        matches!(field.shape, Shape::Gather { .. }) || self.filled[&(kind, field.name)].contains(row)
    }

    /// Where an edge or a connection of the row leads.
    pub fn leads(&self, kind: Kind, field: &Field, row: &str) -> BTreeSet<String> {
        self.links[&(kind, field.name)].get(row).cloned().unwrap_or_default()
    }

    /// What the world does not put to the test: fields without a value, links without an end, rows without an
    /// expectation.
    pub fn gaps(&self, world: &[Situation]) -> Vec<String> {
        let mut gaps = Vec::new();
        for ((kind, field), rows) in &self.filled {
            let expected: BTreeSet<&str> = world.iter().filter(|s| s.kind == *kind).map(|s| s.id.as_str()).collect();
            if rows.is_empty() {
                gaps.push(format!("the world has no row with a {}.{field}", kind.name()));
            }
            for row in rows.iter().filter(|row| !expected.contains(row.as_str())) {
                gaps.push(format!("{} {row} has no expectation", kind.name()));
            }
            // What a situation leaves empty on purpose; everything else is filled, so that null means unreadable.
            let may_be_empty = [
                "owner",
                "cui",
                "suspendedAt",
                "disabledAt",
                "person",
                "expiresAt",
                "revokedAt",
                "ori",
                "jwksUri",
                "acceptedAt",
                "endsAt",
            ];
            let is_list = ["jurisdictions", "keyIds", "regionalSecurityOfficers"].contains(field);
            // What nobody did is nobody's, and what was granted has no code.
            let of_nobody =
                *kind == Kind::AuditEvent && ["subject", "agency", "person", "role", "code"].contains(field);
            let placeless = ["state", "countyFips", "jurisdictionPrecision", "incidentArea", "area"];
            if rows.len() != expected.len()
                && !is_list
                && !may_be_empty.contains(field)
                && !placeless.contains(field)
                && !of_nobody
            {
                gaps.push(format!("{}.{field} is empty in some rows", kind.name()));
            }
        }
        for ((kind, field), rows) in &self.links {
            if rows.is_empty() {
                gaps.push(format!("the world has no row with a {}.{field}", kind.name()));
            }
        }
        gaps
    }
}

async fn pairs(db: &DatabaseConnection, sql: String) -> Vec<(String, String)> {
    let rows =
        db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await.expect("the rows are read");
    rows.iter().map(|row| (row.try_get("", "here").expect("text"), row.try_get("", "there").expect("text"))).collect()
}
