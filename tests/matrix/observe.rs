//! What one asker sees of every row, asked for one by one.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use chancery::{
    access::Kind,
    model::{self, kit::Field},
};
use serde_json::Value;

use crate::{
    client::{Client, alias, row_of},
    prose,
    stored::Stored,
    world::{Situation, id_of},
};

/// What an asker sees.
pub struct Observation {
    /// Types and fields of its schema.
    pub types: BTreeMap<Kind, BTreeSet<String>>,
    rows: BTreeMap<String, Seen>,
}

/// What an asker sees of one row.
pub struct Seen {
    /// The tiers; a field that is not as its tier stands behind it.
    pub tiers: String,
    /// The type.
    pub kind: Kind,
    /// The answer.
    pub fields: Value,
}

impl Seen {
    /// Where an edge leads, if it does.
    pub fn edge(&self, field: &Field) -> Option<String> {
        row_of(&self.fields[field.name])
    }

    /// Whether the field has a value.
    pub fn reads(&self, field: &Field) -> bool {
        !self.fields[field.name].is_null()
    }
}

impl Observation {
    /// Asks for every row.
    pub async fn of(client: &Client<'_>, world: &[Situation], stored: &Stored, faults: &mut Vec<String>) -> Self {
        let role = client.asker.role;
        for kind in Kind::ALL {
            let expected: BTreeSet<String> =
                prose::fields(role, kind).into_iter().map(|field| field.name.to_owned()).collect();
            let has = client.types.get(&kind);
            if has.is_some() != prose::reach(role, kind).is_some() || has.is_some_and(|has| *has != expected) {
                faults.push(format!("{role}: the schema has {} with {has:?}, the policy {expected:?}", kind.name()));
            }
        }
        let mut nothing = BTreeMap::new();
        for kind in Kind::ALL {
            let reply = client.node(kind, &id_of(kind, "there is none")).await;
            nothing.insert(kind, reply.map(|reply| reply.text));
        }
        let mut rows = BTreeMap::new();
        for situation in world {
            let Some(reply) = client.node(situation.kind, &situation.id).await else { continue };
            let node = reply.data()["node"].clone();
            if node.is_null() {
                if Some(&reply.text) != nothing[&situation.kind].as_ref() {
                    faults.push(format!("{role}: hidden is not as absent: {}", reply.text));
                }
                continue;
            }
            let seen = see(client, situation, node, stored, faults);
            rows.insert(situation.id.clone(), seen);
        }
        Self { types: client.types.clone(), rows }
    }

    /// The tiers that are seen of a row; – for a row that is not.
    pub fn of_row(&self, row: &str) -> &str {
        self.rows.get(row).map_or("–", |seen| seen.tiers.as_str())
    }

    /// The rows of a type that are seen.
    pub fn visible(&self, kind: Kind) -> impl Iterator<Item = (&String, &Seen)> {
        self.rows.iter().filter(move |(_, seen)| seen.kind == kind)
    }

    /// Whether a row is seen.
    pub fn sees(&self, row: &str) -> bool {
        self.rows.contains_key(row)
    }
}

fn see(client: &Client<'_>, of: &Situation, node: Value, stored: &Stored, faults: &mut Vec<String>) -> Seen {
    let (kind, asker) = (of.kind, client.asker.name);
    let fields = client.fields(kind);
    if row_of(&node).as_ref() != Some(&of.id) || node["__typename"] != kind.name() {
        faults.push(format!("{asker}: asked for {} {}, got {node}", kind.name(), of.id));
    }
    for field in &fields {
        if node[field.name] != node[alias(field.name)] {
            faults.push(format!("{asker}: {}.{} is another under an alias: {node}", kind.name(), field.name));
        }
    }
    let mut tiers = String::new();
    for (tier, names) in prose::tiers(kind) {
        // Edges and connections depend on the far row too: `agree` holds them against it.
        let values = fields.iter().filter(|field| names.contains(&field.name) && field.shape.target().is_none());
        let held: Vec<&str> =
            values.filter(|field| stored.holds(kind, field, &of.id)).map(|field| field.name).collect();
        let unread: Vec<&str> = held.iter().copied().filter(|name| node[*name].is_null()).collect();
        // A tier of lists alone shows in what they hold.
        let lists_something = || {
            let count = |field: &&&Field| node[field.name]["totalCount"].as_u64();
            fields.iter().filter(|field| names.contains(&field.name)).filter_map(|field| count(&field)).any(|n| n > 0)
        };
        let has_values = model::definition(kind)
            .fields
            .iter()
            .any(|field| names.contains(&field.name) && field.shape.target().is_none());
        if (!has_values && lists_something()) || tier == 'D' || (!held.is_empty() && unread.len() < held.len()) {
            tiers.push(tier);
            if !unread.is_empty() {
                let _ = write!(tiers, "(-{})", unread.join(" -"));
            }
        }
    }
    if tiers.is_empty() {
        "(nothing but its id)".clone_into(&mut tiers);
    }
    Seen { tiers, kind, fields: node }
}
