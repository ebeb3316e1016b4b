//! The changes as they are committed, here or by another server.
//!
//! The table of events is the truth. What wakes the feed is a word of this server's own desk, PostgreSQL's
//! notification, or the clock once a second: a notification that is lost loses a second.

use std::{
    collections::VecDeque,
    fmt,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError, Weak},
    time::Duration,
};

use sea_orm::DatabaseConnection;
use sqlx::postgres::PgListener;
use tokio::sync::{Notify, watch};

use crate::{
    change::{self, CHANNEL, Change, Read},
    error::Result,
    store::{Engine, Store},
};

/// How long the feed sleeps when nothing wakes it.
const NAP: Duration = Duration::from_secs(1);
/// Events read at once.
const BATCH: u64 = 500;
/// Recent events that are kept, so that groups do not all read them.
const RECENT: usize = 1_024;
/// Connections: one that listens, and those that read.
const CONNECTIONS: u32 = 3;

/// What has to be done again and again for the log of changes to be whole.
pub trait Tick: fmt::Debug + Send + Sync {
    /// Does it.
    fn tick(&self) -> Pin<Box<dyn Future<Output = Result<()>> + Send + '_>>;
}

/// What is there after a place.
#[derive(Debug)]
pub(super) enum Next {
    /// Events, in order; none when there are none yet.
    Events(Vec<Arc<Change>>),
    /// Some are gone: read afresh from this number on.
    Gap(i64),
}

/// The feed. Clones are the same one.
#[derive(Clone)]
pub(super) struct Feed(Arc<Inner>);

struct Inner {
    rows: DatabaseConnection,
    recent: Mutex<VecDeque<Arc<Change>>>,
    /// The last event that was read, and how often it was necessary to begin anew.
    last: watch::Sender<(i64, u64)>,
    woken: Arc<Notify>,
}

impl fmt::Debug for Feed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Feed").field("last", &self.last()).finish_non_exhaustive()
    }
}

impl Feed {
    /// Begins at the present; it reads on until the last clone is dropped.
    pub(super) async fn open(store: &Store, tick: Arc<dyn Tick>, woken: Arc<Notify>) -> Result<Self> {
        let rows = store.apart(CONNECTIONS).await?;
        let listener = match store.engine() {
            Engine::Sqlite => None,
            Engine::Postgres => {
                let mut listener = PgListener::connect_with(rows.get_postgres_connection_pool()).await?;
                listener.listen(CHANNEL).await?;
                Some(listener)
            }
        };
        // After listening has begun: what is committed from here on is either read here or told.
        let last = change::last(&rows).await?;
        let inner = Inner { rows, recent: Mutex::default(), last: watch::Sender::new((last, 0)), woken };
        let feed = Self(Arc::new(inner));
        tokio::spawn(follow(Arc::downgrade(&feed.0), feed.0.woken.clone(), listener));
        tokio::spawn(keep(Arc::downgrade(&feed.0), tick));
        Ok(feed)
    }

    /// The number of the last event there is, read now.
    pub(super) async fn present(&self) -> Result<i64> {
        change::last(&self.0.rows).await
    }

    /// The number of the last event that has been read here.
    pub(super) fn last(&self) -> i64 {
        self.0.last.borrow().0
    }

    /// How often it was necessary to begin anew.
    pub(super) fn begun(&self) -> u64 {
        self.0.last.borrow().1
    }

    /// Waits until there may be events after a number, or it was begun anew.
    pub(super) async fn beyond(&self, position: i64, begun: u64) {
        let mut last = self.0.last.subscribe();
        // The sender lives as long as the feed.
        let _ = last.wait_for(|(last, now)| *last > position || *now != begun).await;
    }

    /// The events after a number, some at a time; none beyond what has been read here.
    pub(super) async fn after(&self, position: i64) -> Result<Next> {
        let last = self.last();
        if position == last {
            return Ok(Next::Events(Vec::new()));
        }
        let recent: Vec<Arc<Change>> = {
            let recent = self.0.recent.lock().unwrap_or_else(PoisonError::into_inner);
            match recent.front() {
                Some(first) if first.sequence <= position + 1 => {
                    recent.iter().filter(|change| change.sequence > position).cloned().collect()
                }
                _ => Vec::new(),
            }
        };
        if !recent.is_empty() {
            return Ok(Next::Events(recent));
        }
        Ok(match change::since(&self.0.rows, position, BATCH).await? {
            Read::Events(events) => {
                let read = events.into_iter().filter(|change| change.sequence <= last);
                Next::Events(read.map(Arc::new).collect())
            }
            Read::Gap(last) => Next::Gap(last),
        })
    }
}

impl Inner {
    /// Reads what is new.
    async fn read(&self) -> Result<()> {
        loop {
            let (last, begun) = *self.last.borrow();
            match change::since(&self.rows, last, BATCH).await? {
                Read::Gap(to) => {
                    self.recent.lock().unwrap_or_else(PoisonError::into_inner).clear();
                    self.last.send_replace((to, begun + 1));
                }
                Read::Events(events) => {
                    let Some(to) = events.last().map(|change| change.sequence) else { return Ok(()) };
                    let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
                    recent.extend(events.into_iter().map(Arc::new));
                    let surplus = recent.len().saturating_sub(RECENT);
                    recent.drain(..surplus);
                    drop(recent);
                    self.last.send_replace((to, begun));
                }
            }
        }
    }
}

async fn follow(feed: Weak<Inner>, woken: Arc<Notify>, mut listener: Option<PgListener>) {
    loop {
        tokio::select! {
            () = woken.notified() => {}
            () = heard(&mut listener) => {}
            () = tokio::time::sleep(NAP) => {}
        }
        let Some(feed) = feed.upgrade() else { return };
        if let Err(error) = feed.read().await {
            tracing::error!(cause = ?error.cause, "changes cannot be read");
            tokio::time::sleep(NAP).await;
        }
    }
}

/// Does what has to be done again and again, apart from the reading: it may have to wait for who writes.
async fn keep(feed: Weak<Inner>, tick: Arc<dyn Tick>) {
    loop {
        let Some(woken) = feed.upgrade().map(|feed| feed.woken.clone()) else { return };
        match tick.tick().await {
            Ok(()) => woken.notify_one(),
            Err(error) => tracing::error!(cause = ?error.cause, "what the clock has changed cannot be told"),
        }
        tokio::time::sleep(NAP).await;
    }
}

/// Resolves at a notification; never where nothing is listened to. A listener that lost its connection makes another
/// by itself, and what was said meanwhile is found by the clock.
async fn heard(listener: &mut Option<PgListener>) {
    let Some(listener) = listener else { return std::future::pending().await };
    if let Err(error) = listener.recv().await {
        tracing::warn!(%error, "the database's notifications are not heard");
        tokio::time::sleep(NAP).await;
    }
}
