//! A unit of work: one transaction; what was touched is emitted again before it commits.

use std::collections::BTreeSet;

use sea_orm::{DatabaseTransaction, EntityTrait, ExprTrait, TransactionTrait, sea_query::Expr};

use crate::{access::Kind, clock::Clock, error::Result, store::Store};

/// One transaction. Dropped without [`Work::commit`], it leaves nothing behind.
pub struct Work {
    transaction: DatabaseTransaction,
    clock: Clock,
    touched: BTreeSet<(Kind, String)>,
    standing_changed: bool,
}

impl Work {
    /// Begins.
    pub async fn begin(store: &Store, clock: &Clock) -> Result<Self> {
        let transaction = store.orm.begin().await?;
        Ok(Self { transaction, clock: clock.clone(), touched: BTreeSet::new(), standing_changed: false })
    }

    /// The transaction, for SeaORM's inserts, updates and deletes.
    pub const fn rows(&self) -> &DatabaseTransaction {
        &self.transaction
    }

    /// The clock of the work.
    pub const fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Says that a row of the graph was inserted, changed or deleted (a link row counts as a change of both its
    /// ends): its lines of the visibility table, and those of rows that follow from it, are made anew at commit.
    pub fn touch(&mut self, kind: Kind, id: impl Into<String>) {
        self.touched.insert((kind, id.into()));
    }

    /// Says that standing changed (agency, keys, areas, registered missions, person, portfolio, roster).
    pub fn standing_changed(&mut self) {
        self.standing_changed = true;
    }

    /// Brings the visibility table up to the rows and commits.
    pub async fn commit(self) -> Result<()> {
        if self.standing_changed {
            use entity::standing::{Column, Entity};
            Entity::update_many()
                .col_expr(Column::Version, Expr::col(Column::Version).add(1))
                .exec(&self.transaction)
                .await?;
        }
        self.transaction.commit().await?;
        Ok(())
    }
}
