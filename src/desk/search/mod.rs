//! The table of words by which rows are found, kept equal to what the rows say.
//!
//! A row's lines follow from its own columns alone, of which the model says whose words are found: so nothing here
//! knows a type. `renew` does it for the rows of a unit of work, [`rebuild`] for all, [`verify`] compares; all three
//! make the lines in one place, `line::right`.

use std::collections::{BTreeMap, BTreeSet};

use entity::search;
use sea_orm::{DbErr, EntityTrait};

use super::visibility::{self, CHUNK, pages};
use crate::{
    access::Kind,
    error::Result,
    store::{Store, Transaction},
};

mod line;
mod verify;

pub use line::Line;
pub(super) use line::{add, of_row};
pub use verify::{Difference, verify};

/// Makes the lines of the touched rows anew; writes only what differs.
pub(super) async fn renew(
    transaction: &Transaction,
    touched: BTreeSet<(Kind, String)>,
) -> std::result::Result<(), DbErr> {
    let mut rows: BTreeMap<Kind, Vec<String>> = BTreeMap::new();
    for (kind, id) in touched.into_iter().filter(|(kind, _)| line::has_words(*kind)) {
        rows.entry(kind).or_default().push(id);
    }
    for (kind, ids) in rows {
        for ids in ids.chunks(CHUNK) {
            let lines = line::right(transaction, kind, ids).await?;
            line::replace(transaction, kind, ids, lines).await?;
        }
    }
    Ok(())
}

/// Makes the table in a database that was filled before there was one; does nothing once there is a line.
pub async fn make_if_empty(store: &Store) -> Result<()> {
    if search::Entity::find().one(&store.orm).await?.is_none() {
        rebuild(store).await?;
    }
    Ok(())
}

/// Empties the table and makes every line again, in one transaction: readers see the old table or the new one.
/// Memory is bounded by a page of rows. Returns how many lines there are.
pub async fn rebuild(store: &Store) -> Result<u64> {
    let transaction = store.begin().await?;
    visibility::lock(&transaction).await?;
    search::Entity::delete_many().exec(&transaction).await?;
    let mut made = 0;
    for kind in Kind::ALL.into_iter().filter(|kind| line::has_words(*kind)) {
        let mut after = String::new();
        loop {
            let ids = pages::of_rows(&transaction, kind, &after).await?;
            let Some(last) = ids.last().cloned() else { break };
            let lines = line::right(&transaction, kind, &ids).await?;
            let lines: Vec<Line> = lines.into_iter().collect();
            made += lines.len() as u64;
            line::insert(&transaction, &lines).await?;
            after = last;
        }
    }
    transaction.commit().await?;
    Ok(made)
}
