//! What an export tells of a row: what the role's schema has, in its order.

use serde_json::Value;

use crate::{
    access::Kind,
    model::{
        kit::{Scalar, Shape},
        view::View,
    },
};

/// A column: a field of the row, or of a row that edges lead to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Column {
    /// The fields that lead to it.
    pub(super) path: Vec<&'static str>,
    /// Whether it is a number, which is never anything else.
    pub(super) is_number: bool,
}

/// Where a row may lie: the edges to a row with coordinates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Position(pub(super) &'static [&'static str]);

impl Column {
    /// Its name: `mission.sendingState.name`.
    pub(super) fn name(&self) -> String {
        self.path.join(".")
    }

    /// Its value in a row.
    pub(super) fn value<'r>(&self, row: &'r Value) -> &'r Value {
        along(row, &self.path)
    }
}

impl Position {
    /// Longitude and latitude, if both may be read.
    pub(super) fn of(self, row: &Value) -> Option<[f64; 2]> {
        let place = along(row, self.0);
        Some([place.get("longitude")?.as_f64()?, place.get("latitude")?.as_f64()?])
    }
}

fn along<'r>(row: &'r Value, path: &[&str]) -> &'r Value {
    path.iter().fold(row, |value, name| value.get(*name).unwrap_or(&Value::Null))
}

/// Whether a role may ever read the coordinates there.
pub(super) fn is_located(view: &View, kind: Kind, edges: &[&'static str]) -> bool {
    ["latitude", "longitude"].into_iter().all(|name| view.reads(kind, &[edges, &[name]].concat()))
}

/// The columns of a type: its id, its values, the ids that its edges lead to, the values there by which it may be
/// ordered, and where it lies.
pub(super) fn of(view: &View, kind: Kind, positions: &[Position]) -> Vec<Column> {
    let mut columns = vec![Column { path: vec!["id"], is_number: false }];
    let Some(ty) = view.ty(kind) else { return columns };
    let mut add = |path: Vec<&'static str>, is_number| {
        let column = Column { path, is_number };
        if !columns.contains(&column) {
            columns.push(column);
        }
    };
    for field in &ty.fields {
        match field.shape {
            Shape::Column { scalar, .. } | Shape::Lookup { scalar, .. } => {
                add(vec![field.name], matches!(scalar, Scalar::Int | Scalar::Float));
            }
            Shape::Version { .. } => add(vec![field.name], true),
            Shape::ClockState { .. } | Shape::Reference { .. } | Shape::Texts { .. } | Shape::Gather { .. } => {
                add(vec![field.name], false);
            }
            Shape::Edge { .. } => {
                add(vec![field.name, "id"], false);
                for path in ty.definition.far_orders.iter().filter(|path| path.first() == Some(&field.name)) {
                    if view.reads(kind, path) {
                        add(path.to_vec(), false);
                    }
                }
            }
            Shape::Serving(who) if !who.everyone => add(vec![field.name], false),
            // The targets are a list of their own: a file has what is due next.
            Shape::Clock { .. }
            | Shape::Rota { .. }
            | Shape::Serving(_)
            | Shape::Readiness(_)
            | Shape::Connection { .. } => {}
        }
    }
    for position in positions {
        for name in ["latitude", "longitude"] {
            add([position.0, &[name]].concat(), true);
        }
    }
    columns
}

/// The selection set that reads columns.
pub(super) fn selection(columns: &[Column]) -> String {
    selected(&columns.iter().map(|column| column.path.as_slice()).collect::<Vec<_>>())
}

fn selected(paths: &[&[&'static str]]) -> String {
    let mut names: Vec<&str> = Vec::new();
    for name in paths.iter().filter_map(|path| path.first()) {
        if !names.contains(name) {
            names.push(name);
        }
    }
    let fields: Vec<String> = names
        .into_iter()
        .map(|name| {
            let rests = paths.iter().filter(|path| path.first() == Some(&name)).filter_map(|path| path.get(1..));
            let below: Vec<&[&'static str]> = rests.filter(|rest| !rest.is_empty()).collect();
            if below.is_empty() { name.to_owned() } else { format!("{name} {}", selected(&below)) }
        })
        .collect();
    format!("{{ {} }}", fields.join(" "))
}
