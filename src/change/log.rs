//! The table of changes: appended to by whoever writes, read by whoever follows.

use std::collections::BTreeMap;

use entity::{change_event, change_head};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait},
};

use super::{Change, Fact};
use crate::{
    access::Kind,
    error::{Error, Result},
    store::{Batch, Transaction},
};

/// The channel on which PostgreSQL says that there are new events. It says no more: the table is the truth.
pub const CHANNEL: &str = "chancery_change";

/// Events of one insert: well under the parameters that either engine takes (32,766 and 65,535).
const CHUNK: usize = 1_000;
/// Events thrown away by one statement, so that it holds nobody up.
const PRUNED_AT_ONCE: u64 = 10_000;

/// Appends changes, in their order, within a transaction that holds the lock under which lines of the visibility table
/// are made. `at` is the last instant at which none had happened.
pub async fn append(transaction: &Transaction, at: &str, changes: Vec<(Kind, String, Fact)>) -> Result<()> {
    let Ok(count) = i64::try_from(changes.len()) else { return Err(Error::internal("too many changes")) };
    if count == 0 {
        return Ok(());
    }
    change_head::Entity::update_many()
        .col_expr(change_head::Column::Last, change_head::Column::Last.into_expr().add(count))
        .exec(transaction)
        .await?;
    let mut sequence = last(transaction).await? - count;
    let mut rows = Vec::with_capacity(changes.len().min(CHUNK));
    for (kind, row, fact) in changes {
        sequence += 1;
        let fact = serde_json::to_string(&fact).map_err(Error::internal)?;
        let row = change_event::Model { sequence, at: at.to_owned(), kind: kind.code(), row_id: row, fact };
        rows.push(change_event::ActiveModel::from(row));
        if rows.len() == CHUNK {
            insert(transaction, std::mem::take(&mut rows)).await?;
        }
    }
    insert(transaction, rows).await?;
    notify(transaction).await
}

/// Appends one change to what is written together: under the same lock, and the only one there.
pub fn append_to(batch: &mut Batch, at: &str, (kind, row): (Kind, &str), fact: &Fact) -> Result<()> {
    let fact = serde_json::to_string(fact).map_err(Error::internal)?;
    // Both parts see the number as it was; on SQLite the first comes first.
    batch.part(|binds| {
        let places = [binds.add(at), binds.add(kind.code()), binds.add(row), binds.add(fact)];
        format!(
            "insert into change_event (sequence, at, kind, row_id, fact) select last + 1, {} from change_head where id = 1",
            places.join(", ")
        )
    });
    batch.part(|_| "update change_head set last = last + 1 where id = 1".to_owned());
    batch.then(NOTIFY);
    Ok(())
}

/// As a function, what [`notify`] says.
const NOTIFY: &str = "pg_notify('chancery_change', '')";

/// Delivered when the transaction commits, and once however often it is said. SQLite has no such thing: who follows
/// is woken by the server that wrote, and looks once a second by itself.
async fn notify(transaction: &Transaction) -> Result<()> {
    if transaction.get_database_backend() == DbBackend::Postgres {
        transaction.execute_unprepared(&format!("notify {CHANNEL}")).await?;
    }
    Ok(())
}

async fn insert(transaction: &Transaction, rows: Vec<change_event::ActiveModel>) -> Result<()> {
    if !rows.is_empty() {
        change_event::Entity::insert_many(rows).exec_without_returning(transaction).await?;
    }
    Ok(())
}

async fn head(db: &impl ConnectionTrait) -> Result<change_head::Model> {
    let head = change_head::Entity::find_by_id(1).one(db).await?;
    head.ok_or_else(|| Error::internal("the row that says where changes end is gone"))
}

/// The number of the last event.
pub async fn last(db: &impl ConnectionTrait) -> Result<i64> {
    Ok(head(db).await?.last)
}

/// Says that more changed than can be told one by one: whoever follows reads everything afresh.
pub async fn restart(transaction: &Transaction) -> Result<()> {
    let last = change_head::Column::Last;
    change_head::Entity::update_many()
        .col_expr(last, last.into_expr().add(1))
        .col_expr(change_head::Column::Pruned, last.into_expr().add(1))
        .exec(transaction)
        .await?;
    notify(transaction).await
}

/// Until when it was told what changes by the clock alone; empty where it never was.
pub async fn mark(db: &impl ConnectionTrait) -> Result<String> {
    Ok(head(db).await?.clock)
}

/// When each of some rows was last told of after an instant, by the code of its type and its id.
pub async fn told_since(
    db: &impl ConnectionTrait,
    after: &str,
    rows: &[(Kind, String)],
) -> Result<BTreeMap<(i16, String), String>> {
    use change_event::Column;
    let mut told = BTreeMap::new();
    for rows in rows.chunks(CHUNK) {
        let found: Vec<(i16, String, String)> = change_event::Entity::find()
            .select_only()
            .columns([Column::Kind, Column::RowId, Column::At])
            .filter(Column::At.gt(after))
            .filter(Column::RowId.is_in(rows.iter().map(|(_, row)| row)))
            .order_by_asc(Column::Sequence)
            .into_tuple()
            .all(db)
            .await?;
        told.extend(found.into_iter().map(|(kind, row, at)| ((kind, row), at)));
    }
    Ok(told)
}

/// Says until when it was.
pub async fn set_mark(transaction: &Transaction, until: &str) -> Result<()> {
    change_head::Entity::update_many()
        .col_expr(change_head::Column::Clock, Expr::value(until))
        .exec(transaction)
        .await?;
    Ok(())
}

/// What is there after a number.
#[derive(Debug)]
pub enum Read {
    /// The events, in order.
    Events(Vec<Change>),
    /// Some are no longer there: read afresh from this number on.
    Gap(i64),
}

/// The events after a number, in order, at most so many.
pub async fn since(db: &impl ConnectionTrait, after: i64, most: u64) -> Result<Read> {
    let rows = change_event::Entity::find()
        .filter(change_event::Column::Sequence.gt(after))
        .order_by_asc(change_event::Column::Sequence)
        .limit(most)
        .all(db)
        .await?;
    // After the events: what was thrown away meanwhile is a gap, never the other way round.
    let head = head(db).await?;
    // Nor does a log that ends before (a copy of earlier was restored) know what was there.
    if head.pruned > after || head.last < after {
        return Ok(Read::Gap(head.last));
    }
    let expected = rows.len();
    let events: Vec<Change> = rows.into_iter().filter_map(read).collect();
    if events.len() < expected {
        tracing::error!(after, "changes that a newer server wrote cannot be read: all is read afresh");
        return Ok(Read::Gap(head.last));
    }
    Ok(Read::Events(events))
}

fn read(row: change_event::Model) -> Option<Change> {
    let kind = Kind::ALL.into_iter().find(|kind| kind.code() == row.kind)?;
    let fact: Fact = serde_json::from_str(&row.fact).ok()?;
    Some(Change { sequence: row.sequence, seen_at: row.at, kind, row: row.row_id, fact })
}

/// Throws away events from before an instant. Whoever would go on from one of them reads everything afresh. Returns
/// how many there were.
pub async fn prune(db: &impl ConnectionTrait, before: &str) -> Result<u64> {
    let mut pruned = 0;
    loop {
        let from = head(db).await?.pruned;
        let old = change_event::Entity::find()
            .select_only()
            .column(change_event::Column::Sequence)
            .filter(change_event::Column::Sequence.gt(from))
            .filter(change_event::Column::At.lt(before))
            .order_by_asc(change_event::Column::Sequence)
            .limit(PRUNED_AT_ONCE)
            .into_tuple::<i64>()
            .all(db)
            .await?;
        let Some(until) = old.last().copied() else { return Ok(pruned) };
        // First this: a reader between the two reads afresh what it might have been told, never the other way round.
        change_head::Entity::update_many()
            .col_expr(change_head::Column::Pruned, Expr::value(until))
            .filter(change_head::Column::Pruned.lt(until))
            .exec(db)
            .await?;
        let gone =
            change_event::Entity::delete_many().filter(change_event::Column::Sequence.lte(until)).exec(db).await?;
        pruned += gone.rows_affected;
    }
}
