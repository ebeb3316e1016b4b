//! Whether the trail is whole.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use entity::{audit_anchor, audit_event};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    Statement,
};

use super::{
    anchor::Head,
    event::{NOTHING, hash, hash_of_anchor},
};
use crate::{
    error::Result,
    store::{Engine, Store},
};

/// Rows that are looked at at once.
const PAGE: u64 = 1000;

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Chains that were looked at.
    pub chains: u64,
    /// Events that were looked at.
    pub events: u64,
    /// Anchors that were looked at.
    pub anchors: u64,
    /// What is wrong first: anchors are looked at first, then the chains by their writers' names.
    pub fault: Option<Fault>,
}

/// The first place at which the trail is not as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The writer of the chain; none for the anchors.
    pub writer: Option<String>,
    /// The place in it.
    pub sequence: i64,
    /// What is wrong there.
    pub what: What,
}

/// What is wrong at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// Something of it was changed.
    Altered,
    /// It is not there.
    Missing,
    /// What stands there belongs at another place of the chain.
    Reordered,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.what {
            What::Altered => "altered",
            What::Missing => "missing",
            What::Reordered => "reordered",
        };
        match &self.writer {
            Some(writer) => write!(f, "event {} of the writer {writer}: {what}", self.sequence),
            None => write!(f, "anchor {}: {what}", self.sequence),
        }
    }
}

/// The events that anchors saw: by writer and place, their hashes.
type Seen = BTreeMap<String, BTreeMap<i64, String>>;

/// Looks for the first event or anchor that was altered, taken away, or put elsewhere. `kept` is the hash of an anchor
/// that was kept outside the database: there must be such an anchor, or the last ones were taken away.
///
/// What was cut off the end of a chain after the last anchor is not found: that is what anchors are for.
pub async fn verify(store: &Store, kept: Option<&str>) -> Result<Report> {
    let db = &store.orm;
    let mut report = Report::default();
    let mut seen = Seen::new();
    // In this order: events that come while it looks are beyond every anchor that it knows.
    report.fault = anchors(db, kept, &mut report.anchors, &mut seen).await?;
    if report.fault.is_some() {
        return Ok(report);
    }
    let writers: Vec<String> = audit_event::Entity::find()
        .select_only()
        .column(audit_event::Column::Writer)
        .distinct()
        .into_tuple()
        .all(db)
        .await?;
    let writers: BTreeSet<String> = writers.into_iter().chain(seen.keys().cloned()).collect();
    for writer in writers {
        report.chains += 1;
        let anchored = seen.remove(&writer).unwrap_or_default();
        report.fault = chain(db, &writer, anchored, &mut report.events).await?;
        if report.fault.is_some() {
            break;
        }
    }
    Ok(report)
}

/// When the youngest event of the trail was written; none if there is none.
pub async fn latest(store: &Store) -> Result<Option<String>> {
    let latest: Option<Option<String>> = audit_event::Entity::find()
        .select_only()
        .column_as(audit_event::Column::At.max(), "at")
        .into_tuple()
        .one(&store.orm)
        .await?;
    Ok(latest.flatten())
}

/// Whether the login may do more with the trail than insert and select: on PostgreSQL it need not, see
/// `migration::audit_grants`. SQLite has no logins.
pub async fn may_be_changed(store: &Store) -> Result<bool> {
    if store.engine() == Engine::Sqlite {
        return Ok(false);
    }
    // An owner, and whoever may act as one, has every privilege.
    let sql = "select has_table_privilege('audit_event', 'UPDATE, DELETE, TRUNCATE, TRIGGER') \
               or has_table_privilege('audit_anchor', 'UPDATE, DELETE, TRUNCATE, TRIGGER') as may";
    let row = store.orm.query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await?;
    Ok(row.map(|row| row.try_get("", "may")).transpose()?.unwrap_or(true))
}

async fn anchors(
    db: &impl ConnectionTrait,
    kept: Option<&str>,
    count: &mut u64,
    seen: &mut Seen,
) -> Result<Option<Fault>> {
    let fault = |sequence, what| Ok(Some(Fault { writer: None, sequence, what }));
    let (mut place, mut last) = (0, NOTHING.to_owned());
    let mut is_kept = kept.is_none();
    loop {
        let rows = audit_anchor::Entity::find()
            .filter(audit_anchor::Column::Sequence.gt(place))
            .order_by_asc(audit_anchor::Column::Sequence)
            .limit(PAGE)
            .all(db)
            .await?;
        if rows.is_empty() {
            return if is_kept { Ok(None) } else { fault(place + 1, What::Missing) };
        }
        for row in rows {
            *count += 1;
            if row.sequence != place + 1 {
                return fault(place + 1, What::Missing);
            }
            let heads = serde_json::from_str::<Vec<Head>>(&row.heads);
            let is_next = row.previous_hash == last && row.hash == hash_of_anchor(&row);
            let (true, Ok(heads)) = (is_next, heads) else { return fault(row.sequence, What::Altered) };
            for (writer, sequence, hash) in heads {
                seen.entry(writer).or_default().insert(sequence, hash);
            }
            is_kept |= kept == Some(row.hash.as_str());
            (place, last) = (row.sequence, row.hash);
        }
    }
}

/// The first fault of one chain. What anchors saw of it is taken off `anchored` as it is found.
async fn chain(
    db: &impl ConnectionTrait,
    writer: &str,
    mut anchored: BTreeMap<i64, String>,
    count: &mut u64,
) -> Result<Option<Fault>> {
    let fault = |sequence, what| Ok(Some(Fault { writer: Some(writer.to_owned()), sequence, what }));
    // A place below the first one would never be looked at.
    let (mut place, mut last) = (0, NOTHING.to_owned());
    let mut after = i64::MIN;
    loop {
        let rows = audit_event::Entity::find()
            .filter(audit_event::Column::Writer.eq(writer))
            .filter(audit_event::Column::Sequence.gt(after))
            .order_by_asc(audit_event::Column::Sequence)
            .limit(PAGE)
            .all(db)
            .await?;
        if rows.is_empty() {
            // An anchor saw more than there is.
            return if anchored.is_empty() { Ok(None) } else { fault(place + 1, What::Missing) };
        }
        for row in rows {
            *count += 1;
            if row.sequence <= place {
                return fault(row.sequence, What::Altered);
            }
            if row.sequence != place + 1 {
                return fault(place + 1, What::Missing);
            }
            if row.previous_hash != last {
                let elsewhere = is_of_the_chain(db, writer, &row.previous_hash).await?;
                return fault(row.sequence, if elsewhere { What::Reordered } else { What::Altered });
            }
            let is_as_seen = anchored.remove(&row.sequence).is_none_or(|seen| seen == row.hash);
            if row.hash != hash(&row) || !is_as_seen {
                return fault(row.sequence, What::Altered);
            }
            (place, after, last) = (row.sequence, row.sequence, row.hash);
        }
    }
}

/// Whether an event of the chain has this hash, or is said to follow nothing: then whoever follows it is elsewhere.
async fn is_of_the_chain(db: &impl ConnectionTrait, writer: &str, hash: &str) -> Result<bool, DbErr> {
    if hash == NOTHING {
        return Ok(true);
    }
    let with = audit_event::Entity::find()
        .filter(audit_event::Column::Writer.eq(writer))
        .filter(audit_event::Column::Hash.eq(hash));
    Ok(with.count(db).await? > 0)
}
