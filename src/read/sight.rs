//! What a principal sees of one row, for whoever is about to change it: whether it is there, how deep, on which
//! grounds, at which version. Written by the same gate as every answer.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use serde::Deserialize;

use super::{
    Asker, Dialect, Scope,
    bind::{self, Parameter},
    gate::Gate,
    sql::{Bind, BindType, Binds, Source},
    value::Value,
};
use crate::{
    access::{Ground, Kind, Tiers},
    error::{Error, Result},
    model::{definition, kit::Shape},
};

/// The statements that look at one row, each written once: there are as many as scopes, types, and whether a version is
/// asked.
#[derive(Debug)]
pub struct Looks {
    dialect: Dialect,
    written: Mutex<HashMap<(Scope, Kind, bool), Arc<Written>>>,
}

/// A statement and the recipes of its parameters.
#[derive(Debug)]
struct Written {
    sql: String,
    binds: Vec<Bind>,
    /// Which of them is the row.
    row: usize,
    always: Vec<Ground>,
}

/// A statement that looks at one row as a principal sees it; it answers with the version of standing, and with a text
/// for [`Look::found`], null where there is nothing to see.
#[derive(Debug)]
pub struct Look {
    written: Arc<Written>,
    /// Its parameters.
    pub parameters: Vec<Parameter>,
}

/// A row that is there for a principal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sight {
    /// How deep.
    pub tiers: Tiers,
    /// On which grounds, those that always hold among them.
    pub grounds: Vec<Ground>,
    /// At which version, where that was asked and the type has one.
    pub version: Option<i64>,
}

#[derive(Deserialize)]
struct Told {
    tiers: u8,
    grounds: Vec<i16>,
    #[serde(default)]
    version: Option<i64>,
}

impl Looks {
    /// None is written yet.
    pub fn new(dialect: Dialect) -> Self {
        Self { dialect, written: Mutex::default() }
    }

    /// The dialect that they are written in.
    pub const fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// At the row of a type with an id; at its version too, where somebody expects one: it counts all children.
    pub fn at(&self, asker: &Asker, kind: Kind, row: &str, with_version: bool) -> Result<Look> {
        let written = {
            let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
            let key = (asker.scope, kind, with_version);
            Arc::clone(
                written
                    .entry(key)
                    .or_insert_with(|| Arc::new(Written::of(self.dialect, asker.scope, kind, with_version))),
            )
        };
        let mut parameters = bind::values(&written.binds, asker)?;
        if let Some(parameter) = parameters.get_mut(written.row) {
            *parameter = Parameter::Text(Some(row.to_owned()));
        }
        Ok(Look { written, parameters })
    }

    /// The grounds on which a principal sees every row of a type, whichever it is: one that is yet to be made too.
    pub fn at_every(&self, asker: &Asker, kind: Kind) -> Vec<Ground> {
        Gate::new(asker.scope, self.dialect).always_held(kind)
    }
}

impl Written {
    fn of(dialect: Dialect, scope: Scope, kind: Kind, with_version: bool) -> Self {
        let gate = Gate::new(scope, dialect);
        let mut binds = Binds::new(dialect.engine());
        let ty = definition(kind);
        let mut fields = vec![
            ("tiers".to_owned(), gate.tiers(kind, "t", &mut binds)),
            ("grounds".to_owned(), dialect.json(&gate.grounds(kind, "t", &mut binds))),
        ];
        let version = ty.fields.iter().find_map(|field| match field.shape {
            Shape::Version { column, deeper, children, by } => Some(((column, deeper), (children, by))),
            _ => None,
        });
        if let Some((of_row, of_children)) = version.filter(|_| with_version) {
            let version = gate.version(kind, of_row, of_children, ("t", "c"), &mut binds);
            fields.push(("version".to_owned(), version));
        }
        let id = binds.add(ROW, BindType::Text);
        let visible = gate.visible(kind, "t", &mut binds).map_or_else(String::new, |visible| format!(" and {visible}"));
        let seen = dialect.text(&format!(
            "(select {} from {} t where t.id = {id}{visible})",
            dialect.object(&fields),
            ty.table
        ));
        let binds = binds.into_vec();
        Self {
            sql: format!("select (select version from standing) as standing, {seen} as seen"),
            row: binds.iter().position(|bind| bind.source == ROW).unwrap_or(usize::MAX),
            binds,
            always: gate.always_held(kind.parent().unwrap_or(kind)),
        }
    }
}

/// What stands for the row among the recipes.
const ROW: Source = Source::Fixed(Value::Null);

impl Look {
    /// The statement.
    pub fn sql(&self) -> &str {
        &self.written.sql
    }

    /// What the statement found.
    pub fn found(&self, text: Option<&str>) -> Result<Option<Sight>> {
        let Some(text) = text else { return Ok(None) };
        let told: Told = serde_json::from_str(text).map_err(Error::internal)?;
        let held = Ground::ALL.into_iter().filter(|ground| told.grounds.contains(&ground.code()));
        let grounds = self.written.always.iter().copied().chain(held).collect();
        Ok(Some(Sight { tiers: Tiers::from_bits(told.tiers), grounds, version: told.version }))
    }
}
