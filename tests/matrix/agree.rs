//! Every way to a row agrees with `node`: lists and counts, `nodes`, edges, connections, filters, orders.

use std::{collections::BTreeSet, fmt::Write as _};

use chancery::{
    access::Kind,
    model::{
        kit::{Field, Scalar, Shape},
        query::{ROOTS, RootShape},
        view::screaming,
    },
};
use serde_json::{Value, json};

use crate::{
    client::{Client, public, row_of},
    observe::{Observation, Seen},
    prose,
    stored::Stored,
    world::Situation,
};

/// Checks all of it for one asker.
pub async fn check(
    client: &Client<'_>,
    observed: &Observation,
    world: &[Situation],
    stored: &Stored,
    faults: &mut Vec<String>,
) {
    let found = faults.len();
    nodes(client, observed, world, faults).await;
    ones(client, observed, world, stored, faults).await;
    for kind in client.types.keys().copied() {
        for (row, seen) in observed.visible(kind) {
            for field in client.fields(kind) {
                leads(field, row, seen, observed, stored, faults);
            }
        }
        let question = Question { client, kind, observed };
        question.ask("", |_| true, faults).await;
        for field in client.fields(kind) {
            question.filters(field, world, faults).await;
            question.orders(field, faults).await;
        }
    }
    for fault in faults.iter_mut().skip(found) {
        *fault = format!("{} ({}): {fault}", client.asker.name, client.asker.role);
    }
}

/// `nodes` shows what `node` shows, each at its place.
async fn nodes(client: &Client<'_>, observed: &Observation, world: &[Situation], faults: &mut Vec<String>) {
    if !client.roots.contains("nodes") {
        return;
    }
    for chunk in world.chunks(100) {
        let ids: Vec<String> = chunk.iter().map(|situation| public(situation.kind, &situation.id)).collect();
        let reply = client.raw("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", json!({ "ids": ids })).await;
        let expected: Vec<Value> = chunk
            .iter()
            .zip(&ids)
            .map(|(situation, id)| if observed.sees(&situation.id) { json!({ "id": id }) } else { Value::Null })
            .collect();
        if reply.data()["nodes"] != json!(expected) {
            faults.push(format!("nodes: expected {expected:?}, got {}", reply.text));
        }
    }
}

/// A root for one row shows what `node` shows, by the id and by the other name.
async fn ones(
    client: &Client<'_>,
    observed: &Observation,
    world: &[Situation],
    stored: &Stored,
    faults: &mut Vec<String>,
) {
    for root in ROOTS.iter().filter(|root| client.roots.contains(root.name)) {
        let RootShape::One { kind, by } = root.shape else { continue };
        let rows: Vec<&Situation> = world.iter().filter(|situation| situation.kind == kind).collect();
        for chunk in rows.chunks(10) {
            let (mut query, mut expected) = (String::new(), serde_json::Map::new());
            for (place, situation) in chunk.iter().enumerate() {
                let id = public(kind, &situation.id);
                let other = by.and_then(|(argument, _)| Some((argument, stored.name(root.name, &situation.id)?)));
                for (argument, name) in [Some(("id", id.as_str())), other].into_iter().flatten() {
                    let key = format!("by_{argument}_{place}");
                    let _ = write!(query, "{key}: {}({argument}: {name:?}) {{ id }} ", root.name);
                    expected.insert(key, observed.sees(&situation.id).then(|| json!({ "id": id })).into());
                }
            }
            let reply = client.raw(&format!("{{ {query} }}"), json!({})).await;
            if *reply.data() != Value::Object(expected) {
                faults.push(format!("{}: another answer than by node: {}", root.name, reply.text));
            }
        }
    }
}

/// An edge or a connection leads to what is there, as far as its tier is open and the far row is seen.
fn leads(
    field: &'static Field,
    row: &str,
    seen: &Seen,
    observed: &Observation,
    stored: &Stored,
    faults: &mut Vec<String>,
) {
    if field.shape.target().is_none() {
        return;
    }
    let open = seen.tiers.contains(prose::tier(seen.kind, field.name));
    let far = stored.leads(seen.kind, field, row);
    let expected: BTreeSet<String> = far.into_iter().filter(|far| open && observed.sees(far)).collect();
    let answer = &seen.fields[field.name];
    let (listed, counted, further) = if matches!(field.shape, Shape::Edge { .. }) {
        (seen.edge(field).into_iter().collect::<Vec<_>>(), expected.len(), false)
    } else {
        let nodes = rows(&answer["nodes"]);
        let edges: Vec<String> =
            answer["edges"].as_array().into_iter().flatten().filter_map(|e| row_of(&e["node"])).collect();
        let counted = answer["totalCount"].as_u64().and_then(|count| usize::try_from(count).ok());
        (nodes.clone(), counted.unwrap_or(usize::MAX), nodes != edges || answer["pageInfo"]["hasNextPage"] != false)
    };
    let listed_once: BTreeSet<String> = listed.iter().cloned().collect();
    if listed_once != expected || listed.len() != expected.len() || counted != expected.len() || further {
        faults.push(format!(
            "{}.{} of {row} ({}): expected {expected:?}, got {answer}",
            seen.kind.name(),
            field.name,
            seen.tiers
        ));
    }
}

fn rows(list: &Value) -> Vec<String> {
    list.as_array().into_iter().flatten().filter_map(row_of).collect()
}

/// Lists of one type.
struct Question<'q> {
    client: &'q Client<'q>,
    kind: Kind,
    observed: &'q Observation,
}

impl Question<'_> {
    /// A list shows those of the visible rows that fulfil a condition, each once, and counts them.
    async fn ask(&self, arguments: &str, fulfils: impl Fn(&Seen) -> bool, faults: &mut Vec<String>) {
        let (listed, count) = self.client.list(self.kind, arguments, "").await;
        let listed: Vec<String> = listed.iter().filter_map(row_of).collect();
        let once: BTreeSet<&String> = listed.iter().collect();
        let expected: BTreeSet<&String> =
            self.observed.visible(self.kind).filter(|(_, seen)| fulfils(seen)).map(|(row, _)| row).collect();
        if once != expected || listed.len() != expected.len() || count != expected.len() as u64 {
            let (more, less): (Vec<_>, Vec<_>) =
                (once.difference(&expected).collect(), expected.difference(&once).collect());
            faults.push(format!(
                "{}({arguments}): {} rows, count {count}, expected {}; too many {more:?}, too few {less:?}",
                self.kind.name(),
                listed.len(),
                expected.len()
            ));
        }
    }

    /// What cannot be read is null to a filter: it matches `isNull`, and no comparison nor its negation.
    async fn filters(&self, field: &'static Field, world: &[Situation], faults: &mut Vec<String>) {
        if !field.filter {
            return;
        }
        let name = field.name;
        if let Shape::Edge { to, .. } = field.shape {
            let far: Vec<String> = world
                .iter()
                .filter(|situation| situation.kind == to)
                .map(|situation| public(to, &situation.id))
                .collect();
            let any = format!("{name}: {{ id: {{ in: {far:?} }} }}");
            self.ask(&format!("filter: {{ {any} }}"), |seen| seen.edge(field).is_some(), faults).await;
            self.ask(&format!("filter: {{ not: {{ {any} }} }}"), |_| false, faults).await;
            return;
        }
        if matches!(field.shape, Shape::Connection { .. }) {
            // A list that may not be read is empty.
            let has = |seen: &Seen| seen.fields[name]["totalCount"].as_u64() > Some(0);
            self.ask(&format!("filter: {{ {name}: {{ some: {{}} }} }}"), has, faults).await;
            self.ask(&format!("filter: {{ {name}: {{ none: {{}} }} }}"), |seen| !has(seen), faults).await;
            self.ask(&format!("filter: {{ not: {{ {name}: {{ some: {{}} }} }} }}"), |seen| !has(seen), faults).await;
            return;
        }
        for (null, negated) in [(true, false), (false, false), (true, true), (false, true)] {
            let test = format!("{name}: {{ isNull: {null} }}");
            let test = if negated { format!("not: {{ {test} }}") } else { test };
            self.ask(&format!("filter: {{ {test} }}"), |seen| seen.reads(field) == (null == negated), faults).await;
        }
        if matches!(field.shape.scalar(), Some(Scalar::String)) {
            let none = format!("{name}: {{ eq: \"no such value\" }}");
            self.ask(&format!("filter: {{ {none} }}"), |_| false, faults).await;
            self.ask(&format!("filter: {{ not: {{ {none} }} }}"), |seen| seen.reads(field), faults).await;
            self.ask(&format!("filter: {{ {name}: {{ contains: \"\" }} }}"), |seen| seen.reads(field), faults).await;
        }
    }

    /// What cannot be read sorts last, both ways, and no row is lost by an order.
    async fn orders(&self, field: &'static Field, faults: &mut Vec<String>) {
        if !field.order || self.kind.parent().is_some() {
            return;
        }
        for way in ["ASC", "DESC"] {
            let arguments = format!("orderBy: [{}_{way}]", screaming(field.name));
            self.ask(&arguments, |_| true, faults).await;
            let (listed, _) = self.client.list(self.kind, &arguments, field.name).await;
            let empty: Vec<bool> = listed.iter().map(|row| row[field.name].is_null()).collect();
            if !empty.is_sorted() {
                faults.push(format!("{}({arguments}): what is empty is not last", self.kind.name()));
            }
        }
    }
}
