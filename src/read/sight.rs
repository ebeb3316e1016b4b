//! What a principal sees of one row, for whoever is about to change it: whether it is there, how deep, on which
//! grounds, at which version. Written by the same gate as every answer.

use serde::Deserialize;

use super::{
    Asker, Dialect,
    bind::{self, Parameter},
    gate::Gate,
    sql::{BindType, Binds, Source},
    value::Value,
};
use crate::{
    access::{Ground, Kind, Tiers},
    error::{Error, Result},
    model::{definition, kit::Shape},
};

/// A statement that looks at one row as a principal sees it; it answers with the version of standing, and with a text
/// for [`Look::found`], null where there is nothing to see.
#[derive(Debug)]
pub struct Look {
    /// The statement.
    pub sql: String,
    /// Its parameters.
    pub parameters: Vec<Parameter>,
    always: Vec<Ground>,
}

/// A row that is there for a principal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sight {
    /// How deep.
    pub tiers: Tiers,
    /// On which grounds, those that always hold among them.
    pub grounds: Vec<Ground>,
    /// At which version, where the type has one.
    pub version: Option<i64>,
}

#[derive(Deserialize)]
struct Told {
    tiers: u8,
    grounds: Vec<i16>,
    version: Option<i64>,
}

impl Look {
    /// At the row of a type with an id.
    pub fn at(dialect: Dialect, asker: &Asker, kind: Kind, row: &str) -> Result<Self> {
        let gate = Gate::new(asker.scope, dialect);
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
        if let Some((of_row, of_children)) = version {
            let version = gate.version(kind, of_row, of_children, ("t", "c"), &mut binds);
            fields.push(("version".to_owned(), version));
        }
        let id = binds.add(Source::Fixed(Value::Text(row.to_owned())), BindType::Text);
        let visible = gate.visible(kind, "t", &mut binds).map_or_else(String::new, |visible| format!(" and {visible}"));
        let seen = dialect.text(&format!(
            "(select {} from {} t where t.id = {id}{visible})",
            dialect.object(&fields),
            ty.table
        ));
        Ok(Self {
            sql: format!("select (select version from standing) as standing, {seen} as seen"),
            parameters: bind::values(&binds.into_vec(), asker)?,
            always: gate.always_held(kind.parent().unwrap_or(kind)),
        })
    }

    /// The grounds on which a principal sees every row of a type, whichever it is: one that is yet to be made too.
    pub fn at_every(dialect: Dialect, asker: &Asker, kind: Kind) -> Vec<Ground> {
        Gate::new(asker.scope, dialect).always_held(kind)
    }

    /// What the statement found.
    pub fn found(&self, text: Option<&str>) -> Result<Option<Sight>> {
        let Some(text) = text else { return Ok(None) };
        let told: Told = serde_json::from_str(text).map_err(Error::internal)?;
        let held = Ground::ALL.into_iter().filter(|ground| told.grounds.contains(&ground.code()));
        let grounds = self.always.iter().copied().chain(held).collect();
        Ok(Some(Sight { tiers: Tiers::from_bits(told.tiers), grounds, version: told.version }))
    }
}
