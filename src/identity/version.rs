//! The version of standing, as last read.

use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicI64, Ordering},
};

use sea_orm::{DatabaseConnection, EntityTrait};
use time::{Duration, OffsetDateTime};

use super::Refusal;
use crate::{clock::Clock, error::Error};

/// How long a version is relied upon without asking, unless a statement has seen a later one.
pub(super) const RELIED_UPON: Duration = Duration::milliseconds(500);

/// The version of standing.
#[derive(Debug)]
pub(super) struct Version {
    last: Mutex<Option<Reading>>,
    /// The latest version that anybody has seen.
    seen: AtomicI64,
    /// One reader at a time; the others wait for what it finds.
    reading: tokio::sync::Mutex<()>,
}

#[derive(Clone, Copy, Debug)]
struct Reading {
    version: i64,
    at: OffsetDateTime,
}

impl Version {
    pub(super) fn unread() -> Self {
        Self { last: Mutex::new(None), seen: AtomicI64::new(i64::MIN), reading: tokio::sync::Mutex::new(()) }
    }

    /// The version as last read, whenever that was.
    pub(super) fn last(&self) -> Option<i64> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner).map(|reading| reading.version)
    }

    /// Somebody has seen this version: an earlier one is no longer relied upon.
    pub(super) fn seen(&self, version: i64) {
        self.seen.fetch_max(version, Ordering::AcqRel);
    }

    /// The version, read anew if it may have changed; and whether it has.
    pub(super) async fn current(&self, rows: &DatabaseConnection, clock: &Clock) -> Result<(i64, bool), Refusal> {
        if let Some(version) = self.reliable(clock.now()) {
            return Ok((version, false));
        }
        let _one_at_a_time = self.reading.lock().await;
        // The time is taken before the question, so that an answer is never taken for younger than it is.
        let at = clock.now();
        if let Some(version) = self.reliable(at) {
            return Ok((version, false));
        }
        let row = entity::standing::Entity::find_by_id(1).one(rows).await?;
        let version = row.ok_or_else(|| Error::internal("the row of standing's version is missing"))?.version;
        let before = self.last.lock().unwrap_or_else(PoisonError::into_inner).replace(Reading { version, at });
        Ok((version, before.is_none_or(|before| before.version != version)))
    }

    fn reliable(&self, now: OffsetDateTime) -> Option<i64> {
        let reading = (*self.last.lock().unwrap_or_else(PoisonError::into_inner))?;
        // A clock that was set back makes no reading younger.
        let fresh = (Duration::ZERO..RELIED_UPON).contains(&(now - reading.at));
        (fresh && reading.version >= self.seen.load(Ordering::Acquire)).then_some(reading.version)
    }
}
