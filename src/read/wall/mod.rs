//! The second wall: PostgreSQL's row security, generated from the table that the gate reads.
//!
//! The gate writes the scope into every statement. Behind the wall the database holds each statement against the same
//! table once more: lanes work as a role that may read, under policies, what statements read, and nothing else; so a
//! statement that forgot its gate shows the rows of its principal, and one without a principal shows none. The wall
//! knows rows, not fields: within a visible row the tiers are the gate's alone.
//!
//! Whom a lane works for is told in the statement itself, by settings that end with it (`Wall::scoped`): no lane
//! remembers a principal, there is no round trip more, and what is done with a statement half-way changes nothing. If
//! PostgreSQL ever asked a policy before the settings were made, the policy would hold for nobody.
//!
//! It guards against our own mistakes, not against whoever can write SQL: such a one may make settings too.

mod catalog;
mod policy;
mod script;
mod stand;

use std::{fmt::Write as _, sync::Arc};

pub use stand::{down, faults, print, up};

use super::{
    bind::{Asker, Parameter},
    gate::Scope,
};
use crate::{
    error::{Code, Error, Result},
    store::Store,
};

/// The settings by which a policy knows the scope, the keys and the present.
const SCOPE: &str = "chancery.scope";
const KEYS: &str = "chancery.keys";
const NOW: &str = "chancery.now";
/// The name of every policy of the wall.
const POLICY: &str = "wall";

/// A wall that was found standing.
#[derive(Clone, Debug)]
pub struct Wall {
    role: Arc<str>,
}

impl Wall {
    /// The wall of a database, if it stands as this program would build it; otherwise an error that says what is
    /// wrong and which command mends it.
    pub async fn of(store: &Store, role: &str) -> Result<Self> {
        let faults = faults(store, role).await?;
        if faults.is_empty() {
            return Ok(Self { role: role.into() });
        }
        let told = "read.row_security is on, but the wall does not stand: run `chancery access wall up`";
        Err(Error::new(Code::Conflict, format!("{told}\n  {}", faults.join("\n  "))))
    }

    /// The database role that lanes work as.
    pub(super) fn role(&self) -> &str {
        &self.role
    }

    /// The statement and its parameters, with whom it is for. A planned statement is `select …` without a FROM: the
    /// one row that it gets is made by making the settings, and each of its expressions is computed for that row, so
    /// afterwards. The settings end with the transaction, which is the statement.
    pub(super) fn scoped(sql: &str, mut parameters: Vec<Parameter>, asker: &Asker) -> (Arc<str>, Vec<Parameter>) {
        let place = parameters.len();
        let [scope, keys, now] = [1, 2, 3].map(|next| place + next);
        let mut scoped = String::with_capacity(sql.len() + 256);
        scoped.push_str(sql);
        let _ = write!(
            scoped,
            " from (select set_config('{SCOPE}', ${scope}, true), set_config('{KEYS}', cast(cast(${keys} as text[]) as text), true), set_config('{NOW}', ${now}, true) offset 0) told(scope, keys, now) where told.scope is not null and told.keys is not null and told.now is not null"
        );
        parameters.push(Parameter::Text(Some(asker.scope.name())));
        parameters.push(Parameter::Keys(asker.keys.clone(), None));
        parameters.push(Parameter::Text(Some(asker.now.clone())));
        (scoped.into(), parameters)
    }
}

impl Scope {
    /// As the wall is told of it.
    fn name(self) -> String {
        format!("{}{}", self.role.name(), if self.internal { "/internal" } else { "" })
    }
}
