//! Appends events to a chain, within the transaction that it is told of.

use entity::audit_event::{Column, Entity, Model};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, Statement,
};

use super::{Event, event::NOTHING};
use crate::{clock::parse_instant, error::Result, id};

/// Events of one insert: well under the parameters that either engine takes (32,766 and 65,535).
const CHUNK: usize = 500;

/// Appends events to a writer's chain, in their order.
///
/// Whoever appends holds the chain until the transaction ends: the head is read and nobody else can come after it. It
/// is taken last, after whatever else a transaction locks, so that nobody who holds a chain waits for anything.
pub async fn append(transaction: &DatabaseTransaction, writer: &str, events: &[Event]) -> Result<()> {
    let ids: Vec<String> = events.iter().map(new_id).collect();
    Ok(append_as(transaction, writer, events.iter().zip(ids)).await?)
}

/// The same, with ids that were chosen before.
pub(super) async fn append_as(
    transaction: &DatabaseTransaction,
    writer: &str,
    events: impl Iterator<Item = (&Event, String)>,
) -> Result<(), DbErr> {
    lock(transaction, writer).await?;
    let (mut sequence, mut hash) =
        head(transaction, writer).await?.map_or_else(|| (0, NOTHING.to_owned()), |head| (head.sequence, head.hash));
    let mut rows = Vec::new();
    for (event, id) in events {
        sequence += 1;
        let row = event.placed(id, writer, sequence, &hash);
        hash.clone_from(&row.hash);
        rows.push(row.into_active_model());
    }
    for rows in rows.chunks(CHUNK) {
        Entity::insert_many(rows.iter().cloned()).exec_without_returning(transaction).await?;
    }
    Ok(())
}

/// An id for an event: ids of events that come one after the other are in their order.
pub(super) fn new_id(event: &Event) -> String {
    id::new(parse_instant(&event.at).unwrap_or(time::OffsetDateTime::UNIX_EPOCH))
}

/// The last event of a chain.
pub(super) async fn head(db: &impl ConnectionTrait, writer: &str) -> Result<Option<Model>, DbErr> {
    Entity::find().filter(Column::Writer.eq(writer)).order_by_desc(Column::Sequence).one(db).await
}

/// One at a time appends to what the name stands for, from here to its commit. SQLite has one writer.
pub(super) async fn lock(transaction: &DatabaseTransaction, name: &str) -> Result<(), DbErr> {
    if transaction.get_database_backend() == DbBackend::Postgres {
        let sql = "select pg_advisory_xact_lock(hashtext('chancery.audit.' || $1))";
        let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, [name.into()]);
        transaction.execute_raw(statement).await?;
    }
    Ok(())
}
