//! Anchors: where every chain stands at one moment.

use entity::audit_anchor::{Column, Entity, Model};
use sea_orm::{ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryOrder, Statement};

use super::{
    chain,
    event::{NOTHING, hash_of_anchor},
};
use crate::{
    clock::Clock,
    error::{Error, Result},
    store::{Store, Transaction},
};

/// The last event of every writer, in one statement: one moment.
const HEADS: &str = "
select e.writer, e.sequence, e.hash
from (select writer, max(sequence) as sequence from audit_event group by writer) last
join audit_event e on e.writer = last.writer and e.sequence = last.sequence
order by e.writer";

/// The place of an event and its hash, as an anchor holds it.
pub(super) type Head = (String, i64, String);

/// An anchor that was made. Its hash is worth keeping elsewhere: see [`super::verify()`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anchored {
    /// Its place among the anchors.
    pub sequence: i64,
    /// When.
    pub at: String,
    /// Chains that it holds.
    pub chains: usize,
    /// Its hash.
    pub hash: String,
}

/// Anchors all chains now.
pub async fn anchor(store: &Store, clock: &Clock) -> Result<Anchored> {
    let transaction = store.begin().await?;
    chain::lock(&transaction, "anchor").await?;
    let previous = last(&transaction).await?;
    let anchored = make(&transaction, clock, previous).await?;
    transaction.commit().await?;
    Ok(anchored)
}

/// Anchors all chains, if that was not yet done this day (UTC). Of several servers one does it.
pub async fn anchor_daily(store: &Store, clock: &Clock) -> Result<Option<Anchored>> {
    let transaction = store.begin().await?;
    chain::lock(&transaction, "anchor").await?;
    let previous = last(&transaction).await?;
    let day = |at: &str| at.get(..10).unwrap_or_default().to_owned();
    // A clock that was set back must not stop it: any other day is another day.
    if previous.as_ref().is_some_and(|last| day(&last.at) == day(&clock.now_text())) {
        return Ok(None);
    }
    let anchored = make(&transaction, clock, previous).await?;
    transaction.commit().await?;
    Ok(Some(anchored))
}

async fn last(db: &impl ConnectionTrait) -> Result<Option<Model>, DbErr> {
    Entity::find().order_by_desc(Column::Sequence).one(db).await
}

async fn make(transaction: &Transaction, clock: &Clock, previous: Option<Model>) -> Result<Anchored> {
    let statement = Statement::from_string(transaction.get_database_backend(), HEADS);
    let rows = transaction.query_all_raw(statement).await?;
    let heads = rows
        .iter()
        .map(|row| Ok((row.try_get("", "writer")?, row.try_get("", "sequence")?, row.try_get("", "hash")?)))
        .collect::<Result<Vec<Head>, DbErr>>()?;
    let (sequence, previous_hash) = previous.map_or_else(|| (0, NOTHING.to_owned()), |last| (last.sequence, last.hash));
    let mut row = Model {
        sequence: sequence + 1,
        at: clock.now_text(),
        heads: serde_json::to_string(&heads).map_err(Error::internal)?,
        previous_hash,
        hash: String::new(),
    };
    row.hash = hash_of_anchor(&row);
    Entity::insert(row.clone().into_active_model()).exec_without_returning(transaction).await?;
    Ok(Anchored { sequence: row.sequence, at: row.at, chains: heads.len(), hash: row.hash })
}
