//! The whole table made anew from the rows.

use entity::visibility;
use sea_orm::EntityTrait;

use super::{facts, line, lock, pages};
use crate::{access::Kind, change, error::Result, store::Store};

/// Empties the table and makes every line again, in one transaction: readers see the old table or the new one.
/// Memory is bounded by a page of rows. Returns how many lines there are.
pub async fn rebuild(store: &Store) -> Result<u64> {
    let transaction = store.begin().await?;
    lock(&transaction).await?;
    visibility::Entity::delete_many().exec(&transaction).await?;
    let mut made = 0;
    for kind in Kind::ALL {
        let mut after = String::new();
        loop {
            let ids = pages::of_rows(&transaction, kind, &after).await?;
            let Some(last) = ids.last().cloned() else { break };
            let lines = facts::lines(&transaction, kind, &ids).await?;
            made += lines.len() as u64;
            line::insert(&transaction, lines.iter()).await?;
            after = last;
        }
    }
    // Who follows rows by what was wrong reads them afresh.
    change::restart(&transaction).await?;
    transaction.commit().await?;
    Ok(made)
}
