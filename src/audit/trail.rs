//! What reads and refusals at the door are written by: in batches, bounded, and before an answer leaves.

use std::{
    fmt,
    time::{Duration, Instant},
};

use sea_orm::DbErr;
use tokio::sync::{mpsc, oneshot};

use super::{Event, chain};
use crate::{
    clock::Clock,
    error::{DatabaseFault, Error, Result},
    id,
    store::Store,
    telemetry::metrics,
};

/// Events that wait to be written, at most: who comes then waits to wait.
const QUEUE: usize = 1024;
/// Events of one transaction, at most.
const BATCH: usize = 256;
/// How long it pauses after a failure, and how long at most: each time twice as long.
const PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// An event that waits, and who waits for it.
struct Waiting {
    event: Event,
    id: String,
    written: oneshot::Sender<()>,
}

/// Writes events to a chain of its own.
///
/// It never drops one. While the database takes none, it tries again; meanwhile the queue fills, and whoever would
/// read waits, up to its own limit of time, and is answered nothing. An event whose reader has gone is written all the
/// same: the trail may say of an answer that it was read though it did not arrive, never the other way round.
#[derive(Clone)]
pub struct Trail {
    queue: mpsc::Sender<Waiting>,
}

impl fmt::Debug for Trail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Trail").field("room", &self.queue.capacity()).finish()
    }
}

impl Trail {
    /// Over a database, for one server: its chain's name is made here. It writes in a task of the present runtime,
    /// until the last clone is dropped.
    pub fn open(store: &Store, clock: &Clock) -> Self {
        let (queue, waiting) = mpsc::channel(QUEUE);
        tokio::spawn(write(store.clone(), format!("reads-{}", id::new(clock.now())), waiting));
        Self { queue }
    }

    /// Writes an event; returns when it is in the database.
    pub async fn record(&self, event: Event) -> Result<()> {
        let started = Instant::now();
        let (written, done) = oneshot::channel();
        let waiting = Waiting { id: chain::new_id(&event), event, written };
        self.queue.send(waiting).await.map_err(|_| Error::internal("the writer of the audit trail is gone"))?;
        let written = done.await.map_err(Error::internal);
        metrics::recorded(started.elapsed());
        written
    }
}

async fn write(store: Store, writer: String, mut queue: mpsc::Receiver<Waiting>) {
    let mut batch = Vec::with_capacity(BATCH);
    while queue.recv_many(&mut batch, BATCH).await > 0 {
        let mut pause = PAUSE;
        while let Err(error) = append(&store, &writer, &batch).await {
            tracing::error!(writer, events = batch.len(), cause = %DatabaseFault::from(&error), "the audit trail cannot be written");
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
        for waiting in batch.drain(..) {
            // Who has gone does not listen.
            let _ = waiting.written.send(());
        }
    }
}

async fn append(store: &Store, writer: &str, batch: &[Waiting]) -> std::result::Result<(), DbErr> {
    let transaction = store.begin_with(&chain::lock_of(writer)).await?;
    // A commit of which nobody heard the end may have been one: a chain of our own ends as we left it.
    let head = chain::head(&transaction, writer).await?;
    if head.as_ref().is_some_and(|head| batch.last().is_some_and(|last| last.id == head.id)) {
        return Ok(());
    }
    chain::append_after(&transaction, writer, head, batch.iter().map(|waiting| (&waiting.event, waiting.id.clone())))
        .await?;
    transaction.commit().await
}
