//! What changes by the clock alone: a share that expires changes no row, and yet who sees its concern.

use std::collections::BTreeMap;

use entity::visibility::{Column, Entity};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};

use super::{
    changes,
    visibility::{self, CHUNK},
};
use crate::{
    access::{
        Kind,
        emit::{ALWAYS, FOREVER},
    },
    change::{self, Fact},
    clock::Clock,
    error::Result,
    model::stream,
    store::Store,
};

/// Rows of which it is told one by one that the clock has changed who sees them, at most.
const MOST_AT_ONCE: usize = 2_000;

/// Tells the log of changes of each followed row of which a line has begun or ended since this was last asked. Most
/// often it finds none, and writes nothing.
pub(super) async fn tell(store: &Store, clock: &Clock) -> Result<()> {
    let now = clock.now_text();
    let mark = change::mark(&store.orm).await?;
    let is_first = mark.is_empty();
    if !is_first && (mark >= now || turned(&store.orm, &mark, &now).await?.is_empty()) {
        return Ok(());
    }
    let transaction = store.begin().await?;
    visibility::lock(&transaction).await?;
    // Another server may have told of them meanwhile.
    let mark = change::mark(&transaction).await?;
    if mark.is_empty() {
        change::set_mark(&transaction, &now).await?;
    } else if mark < now {
        let rows = turned(&transaction, &mark, &now).await?;
        if rows.len() >= MOST_AT_ONCE {
            change::restart(&transaction).await?;
        } else {
            let known = change::told_since(&transaction, &mark, &rows).await?;
            let mut told: BTreeMap<String, Vec<(Kind, String, Fact)>> = BTreeMap::new();
            for (kind, row) in rows {
                // What a command told of it since then was told as it was by that time.
                let at = known.get(&(kind.code(), row.clone())).unwrap_or(&mark).clone();
                told.entry(at).or_default().extend(changes::by_clock(&transaction, kind, row).await?);
            }
            for (at, told) in told {
                change::append(&transaction, &at, told).await?;
            }
        }
        change::set_mark(&transaction, &now).await?;
    }
    transaction.commit().await?;
    Ok(())
}

/// The followed rows of which a line began or ended after one instant and until another.
async fn turned(db: &impl ConnectionTrait, after: &str, until: &str) -> Result<Vec<(Kind, String)>> {
    let kinds: Vec<Kind> = Kind::ALL.into_iter().filter(|kind| stream::is_followed(*kind)).collect();
    let mut rows = Vec::new();
    for (column, open) in [(Column::UntilAt, FOREVER), (Column::FromAt, ALWAYS)] {
        let found: Vec<(i16, String)> = Entity::find()
            .select_only()
            .columns([Column::Kind, Column::RowId])
            .distinct()
            // As the index is written.
            .filter(column.ne(open))
            .filter(column.gt(after))
            .filter(column.lte(until))
            .filter(Column::Kind.is_in(kinds.iter().map(|kind| kind.code())))
            .limit(u64::try_from(MOST_AT_ONCE + CHUNK).unwrap_or(u64::MAX))
            .into_tuple()
            .all(db)
            .await?;
        let kind = |code: i16| kinds.iter().copied().find(|kind| kind.code() == code);
        rows.extend(found.into_iter().filter_map(|(code, row)| Some((kind(code)?, row))));
    }
    rows.sort_unstable();
    rows.dedup();
    Ok(rows)
}
