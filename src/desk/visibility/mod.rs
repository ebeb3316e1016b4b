//! The visibility table, kept equal to what `access::emit` says of every row.
//!
//! `renew` does it for the rows of a unit of work, [`rebuild`] for all, [`verify`] compares. All three make the
//! lines in one place, `facts::lines`, so that they cannot differ in what a row emits. A command on a concern has read
//! what its lines follow from when it looked: `desk::aggregate` makes them of that, by the same functions, and writes
//! them with the rows.

use std::collections::BTreeSet;

use sea_orm::{ConnectionTrait, DbBackend, DbErr};

use crate::{access::Kind, error::Result, model::stream, store::Transaction};

mod facts;
mod follow;
mod line;
pub(in crate::desk) mod pages;
mod rebuild;
mod verify;

pub(in crate::desk) use facts::{
    concern::{Seat, lines_of, shared},
    detail::on_visits,
    undated,
};
pub use line::{Line, Place};
pub(in crate::desk) use line::{add, remove, replace_place, set_owed, stored};
pub use rebuild::rebuild;
pub(in crate::desk) use verify::snapshot;
pub use verify::{Difference, verify};

/// Rows of one statement: well under the parameters that either engine takes (32,766 and 65,535).
pub(in crate::desk) const CHUNK: usize = 500;

/// The lines of rows, before and after.
#[derive(Debug, Default)]
pub(super) struct Relined {
    /// The rows that streams follow, each with its type.
    pub(super) rows: Vec<(Kind, String)>,
    /// Those that hang on such.
    pub(super) hanging: Vec<(Kind, String)>,
    /// What they had.
    pub(super) before: BTreeSet<Line>,
    /// What they have.
    pub(super) after: BTreeSet<Line>,
}

/// Makes the lines of the touched rows, and of what follows from them, anew, under the lock; writes only what differs.
/// Returns those of the rows that streams follow, or that hang on such.
pub(super) async fn renew(transaction: &Transaction, touched: BTreeSet<(Kind, String)>) -> Result<Relined> {
    let mut relined = Relined::default();
    for (kind, ids) in follow::follow(transaction, touched).await? {
        let ids: Vec<String> = ids.into_iter().collect();
        for ids in ids.chunks(CHUNK) {
            let lines = facts::lines(transaction, kind, ids).await?;
            let before = line::replace(transaction, kind, ids, &lines).await?;
            let (is_followed, hangs) = (stream::is_followed(kind), !stream::hangs_on(kind).is_empty());
            if is_followed {
                relined.rows.extend(ids.iter().map(|id| (kind, id.clone())));
            }
            if hangs {
                relined.hanging.extend(ids.iter().map(|id| (kind, id.clone())));
            }
            if is_followed || hangs {
                relined.before.extend(before);
                relined.after.extend(lines);
            }
        }
    }
    Ok(relined)
}

/// One at a time makes lines, from here to its commit.
///
/// A row's lines follow from rows that other transactions may be changing: two works that touch different shares of
/// one concern would each make its lines from half the picture. Under this lock, whoever comes second reads (each
/// statement sees what is committed when it begins) everything the first has written, and what the first could not
/// see yet is seen by the second, which remakes what follows from its own rows. Lines are written under the lock
/// only, so that nobody who holds it waits for anybody who wants it. SQLite has one writer: there is nothing to do.
///
/// Beside it, PostgreSQL is told to plan each statement for its ids. A plan kept from when the table was small reads all
/// of it for every chunk: an import of 24,000 rows into an empty table took ten times as long.
pub(in crate::desk) async fn lock(transaction: &Transaction) -> Result<(), DbErr> {
    if transaction.get_database_backend() == DbBackend::Postgres {
        transaction.execute_unprepared(&format!("{LOCK}; set local plan_cache_mode = force_custom_plan")).await?;
    }
    Ok(())
}

/// PostgreSQL's statement for it.
pub(in crate::desk) const LOCK: &str = "select pg_advisory_xact_lock(hashtext('chancery.visibility'))";
