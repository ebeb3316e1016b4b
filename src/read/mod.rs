//! How a question is answered: one SQL statement per operation, whose answer is the response's JSON.
//!
//! [`plan::Planner`] compiles a selection for a scope into a [`plan::Plan`]; `bind` gives it the values of one
//! request; `Lanes` runs it. The connections are private to this module, so a row is reached through a plan, and
//! a plan through `gate`, or not at all.

mod bind;
pub mod coerce;
pub mod collect;
mod cost;
mod cursor;
mod dialect;
mod gate;
pub mod geodesy;
mod lanes;
mod marks;
pub mod plan;
mod sight;
mod sql;
mod timing;
pub mod value;
pub mod wall;
mod zone;

pub(crate) use bind::keys;
pub use bind::{Asker, LARGEST_PAGE, MOST_NODES, Parameter};
pub use cost::Cost;
pub use cursor::CursorSeal;
pub use dialect::Dialect;
pub use gate::Scope;
pub use marks::Disclosed;
pub use sight::{Look, Looks, Sight};

use std::time::Duration;

use lanes::{Answer, Lanes};
use memchr::memmem;
use timing::Timing;
use tracing::{Instrument as _, Span};

use self::{coerce::Variables, plan::Plan, wall::Wall};
use crate::{
    error::{Error, Result},
    store::Store,
    telemetry::traces,
};

/// Reads, for principals only.
#[derive(Debug)]
pub struct Reader {
    lanes: Lanes,
    seal: CursorSeal,
    dialect: Dialect,
    /// From when on a statement is logged as slow.
    slow: Duration,
}

/// What a plan answered.
#[derive(Debug)]
pub struct Read {
    /// The version of standing that the answer was made with.
    pub standing_version: i64,
    /// The root fields that were read, as JSON, in the plan's order; `None` is null.
    pub columns: Vec<Option<String>>,
    /// Which rows were disclosed at P, S and I.
    pub disclosed: Disclosed,
}

impl Reader {
    /// Over a database, with at most so many connections, for statements that take at most so long.
    pub fn new(store: &Store, seal: CursorSeal, connections: usize, limit: Duration) -> Self {
        let lanes = Lanes::new(store.address.clone(), connections, limit);
        Self { lanes, seal, dialect: store.engine().into(), slow: Duration::MAX }
    }

    /// The same, behind a wall that stands in the database.
    #[must_use]
    pub fn behind(self, wall: &Wall) -> Self {
        Self { lanes: self.lanes.working_as(wall.role()), dialect: self.dialect.walled(), ..self }
    }

    /// The same; what takes the database so long is logged.
    #[must_use]
    pub fn slow_from(self, slow: Duration) -> Self {
        Self { slow, ..self }
    }

    /// Another is read by from now on: this one keeps no connection beyond the statement that it is for.
    pub fn retire(&self) {
        self.lanes.retire();
    }

    /// What plans are written in.
    pub const fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Statements run so far.
    pub fn statements(&self) -> u64 {
        self.lanes.statements()
    }

    /// Refuses the values of a request that a plan would refuse when it is run: page sizes, cursors, words. For what
    /// must be known before something else is done.
    pub fn check(&self, plan: &Plan, variables: &Variables, asker: &Asker) -> Result<()> {
        bind::parameters(plan, variables, asker, &self.seal, "").map(|_| ())
    }

    /// Runs a plan with the variables of one request, for one principal. `None` when the plan reads nothing.
    pub async fn run(&self, plan: &Plan, variables: &Variables, asker: &Asker) -> Result<Option<Read>> {
        let Some(sql) = &plan.sql else { return Ok(None) };
        tracing::trace!(%sql, "statement");
        let nonce = nonce()?;
        let parameters = bind::parameters(plan, variables, asker, &self.seal, &nonce)?;
        let (sql, parameters) =
            if self.dialect.is_walled() { Wall::scoped(sql, parameters, asker) } else { (sql.clone(), parameters) };
        let span = self.span(&sql);
        let permit = self.lanes.permit().await?;
        let timing = Timing::begin(&sql, asker, self.slow);
        let answer = self.lanes.ask(permit, &sql, &parameters).instrument(span).await;
        timing.end(answer.is_ok());
        let Answer { standing_version, columns } = answer?;
        let mut disclosed = plan.counted.clone();
        if plan.cursors.is_empty() && !plan.discloses {
            return Ok(Some(Read { standing_version, columns, disclosed }));
        }
        let seal = |marked: &str| self.seal.seal_marked(marked, &asker.bearer, &plan.cursors);
        let mut take_out = |text: String| {
            if memmem::find(text.as_bytes(), nonce.as_bytes()).is_some() {
                marks::take_out(&text, &nonce, seal, &mut disclosed)
            } else {
                Ok(text)
            }
        };
        let columns = columns.into_iter().map(|column| column.map(&mut take_out).transpose());
        let columns = columns.collect::<Result<_>>()?;
        Ok(Some(Read { standing_version, columns, disclosed }))
    }
}

impl Reader {
    /// Of a statement, in the trace of a request; what streams read for themselves is of none.
    fn span(&self, sql: &str) -> Span {
        traces::part(|| {
            tracing::info_span!(
                target: traces::TARGET,
                "statement",
                otel.kind = "client",
                db.system.name = self.dialect.engine().name(),
                db.query.text = timing::shown(sql),
            )
        })
    }
}

/// 128 random bits as hexadecimal: no text of a row can hold them.
fn nonce() -> Result<String> {
    let mut bytes = [0_u8; 16];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| Error::internal("no random numbers"))?;
    Ok(data_encoding::HEXLOWER.encode(&bytes))
}
