//! A unit of work: one transaction; what was touched is emitted again before it commits.

use std::collections::BTreeSet;

use entity::standing;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, EntityTrait,
    IsolationLevel, SqliteTransactionMode, TransactionOptions, TransactionTrait, sea_query::ExprTrait,
};

use super::{response, search, visibility};
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
        let transaction = begin(&store.orm).await?;
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
    /// ends): its lines of the visibility table, those of rows that follow from it, and the words by which it is found
    /// are made anew at commit.
    ///
    /// What follows is found from the rows as they are at commit. So a row that was deleted, or moved from one
    /// parent to another, must be touched together with what it hung on before: a share with its concern, a concern
    /// with the mission it was about.
    pub fn touch(&mut self, kind: Kind, id: impl Into<String>) {
        // Standing is read from these: a writer that forgets to say so must not leave it stale.
        self.standing_changed |= matches!(kind, Kind::SendingState | Kind::Agency | Kind::Person);
        self.touched.insert((kind, id.into()));
    }

    /// Says that standing changed (agency, keys, areas, registered missions, person, portfolio, roster).
    pub fn standing_changed(&mut self) {
        self.standing_changed = true;
    }

    /// Brings what is derived up to the rows and commits.
    pub async fn commit(self) -> Result<()> {
        if !self.touched.is_empty() {
            let touched = self.touched.clone();
            Box::pin(visibility::renew(&self.transaction, self.touched)).await?;
            // After it: under its lock.
            Box::pin(response::renew(&self.transaction, &touched)).await?;
            search::renew(&self.transaction, touched).await?;
        }
        if self.standing_changed {
            raise_standing(&self.transaction).await?;
        }
        self.transaction.commit().await?;
        Ok(())
    }
}

/// Begins to write. SQLite takes its one write lock now: a transaction that read first and then wants to write is
/// refused without waiting. PostgreSQL reads what others have committed by each statement, whatever the server's
/// default: [`visibility::renew`] relies on it.
pub(super) async fn begin(orm: &DatabaseConnection) -> Result<DatabaseTransaction> {
    let options = match orm.get_database_backend() {
        DbBackend::Postgres => {
            TransactionOptions { isolation_level: Some(IsolationLevel::ReadCommitted), ..TransactionOptions::default() }
        }
        _ => TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        },
    };
    Ok(orm.begin_with_options(options).await?)
}

async fn raise_standing(db: &impl ConnectionTrait) -> Result<(), DbErr> {
    standing::Entity::update_many()
        .col_expr(standing::Column::Version, standing::Column::Version.into_expr().add(1))
        .exec(db)
        .await?;
    Ok(())
}
