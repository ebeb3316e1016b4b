//! A subscriber on the way into its group: told what it has missed, alone, as nobody else is kept waiting.

use std::{sync::Arc, time::Duration};

use tokio::sync::{mpsc, oneshot};

use super::{
    Hub, Message, QUEUE, Topic,
    feed::{Feed, Next},
    group::{Join, Step, Subscriber, step},
    position::fingerprint,
};
use crate::error::Result;

/// Changes that may concern somebody and that are told one by one when a stream goes on; of more, to read afresh.
const REPLAYED: usize = 1_000;
/// How long the feed may be behind the log.
const BEHIND: Duration = Duration::from_secs(3);
/// How often changes that cannot be read are tried again, after a pause that doubles.
const ATTEMPTS: u32 = 6;
const PAUSE: Duration = Duration::from_millis(100);

/// A subscriber's way.
pub(super) struct Entering {
    hub: Hub,
    feed: Feed,
    topic: Arc<Topic>,
    keys: Arc<[String]>,
    /// Rows that were told as they were after a later change, and which.
    ahead: Vec<(String, i64)>,
    replayed: usize,
    /// The end of the log when this began.
    until: i64,
}

impl Entering {
    pub(super) const fn new(
        hub: Hub,
        feed: Feed,
        topic: Arc<Topic>,
        keys: Arc<[String]>,
        ahead: Vec<(String, i64)>,
    ) -> Self {
        Self { hub, feed, topic, keys, ahead, replayed: 0, until: 0 }
    }

    /// Brings the subscriber up to where its group is, and in.
    pub(super) async fn run(mut self, mut subscriber: Subscriber) {
        match self.read(|feed| async move { feed.present().await }).await {
            Ok(present) => self.until = present,
            Err(error) => {
                let _ = subscriber.sender.send(Message::Failed(Arc::new(error))).await;
                return;
            }
        }
        loop {
            match self.catch_up(&subscriber).await {
                Ok(true) => {}
                Ok(false) => return,
                Err(error) => {
                    let _ = subscriber.sender.send(Message::Failed(Arc::new(error))).await;
                    return;
                }
            }
            // A group waits for nobody: who has much to read yet is given the time here.
            if subscriber.sender.reserve_many(QUEUE / 2).await.is_err() {
                return;
            }
            let Some((group, joining)) = self.hub.group(&self.feed, &self.topic, &self.keys, subscriber) else {
                return;
            };
            subscriber = joining;
            let (answer, answered) = oneshot::channel();
            match group.send(Join { subscriber, answer }).await {
                // The group had just ended.
                Err(mpsc::error::SendError(join)) => subscriber = join.subscriber,
                Ok(()) => match answered.await {
                    Ok(Err(back)) => subscriber = back,
                    // In; or the group ended under it, and with it the subscriber.
                    Ok(Ok(())) | Err(_) => return,
                },
            }
        }
    }

    /// Tells what was missed, to the end of what there is. False when the subscriber is at its own end.
    async fn catch_up(&mut self, subscriber: &Subscriber) -> Result<bool> {
        loop {
            let place = subscriber.place.sequence();
            let events = match self.read(|feed| async move { feed.after(place).await }).await? {
                Next::Events(events) if events.is_empty() => {
                    // What was told ahead is known here, not in the group; and what was there when this began is told
                    // here, where it is waited for who reads.
                    if place >= self.until && self.ahead.iter().all(|(_, until)| *until <= place) {
                        return Ok(true);
                    }
                    let read = self.feed.beyond(place, self.feed.begun());
                    if tokio::time::timeout(BEHIND, read).await.is_err() {
                        // The log ends before: an earlier copy of it was put in its place.
                        self.until = place;
                        self.ahead.clear();
                    }
                    continue;
                }
                Next::Events(events) => events,
                Next::Gap(last) => {
                    if !self.afresh(subscriber, last).await? {
                        return Ok(false);
                    }
                    continue;
                }
            };
            for change in events {
                // Who has gone costs nothing more.
                if subscriber.sender.is_closed() {
                    return Ok(false);
                }
                self.ahead.retain(|(_, until)| *until >= change.sequence);
                if self.ahead.iter().any(|(row, _)| *row == change.row) {
                    subscriber.place.reach(change.sequence);
                    continue;
                }
                // A client may take its time: other keys may be held by now.
                let keys = self.topic.keys();
                let wants = self.topic.wants(&change, &keys);
                self.replayed += usize::from(wants);
                if keys != self.keys || self.replayed > REPLAYED {
                    self.keys = keys;
                    let present = self.read(|feed| async move { feed.present().await }).await?;
                    if !self.afresh(subscriber, present).await? {
                        return Ok(false);
                    }
                    break;
                }
                let present = if wants { self.read(|feed| async move { feed.present().await }).await? } else { 0 };
                let ahead = (self.ahead.as_slice(), present);
                let (message, is_end) = match step(&self.topic, &change, &self.keys, ahead, self.hub.seal()).await {
                    Step::Silent => (None, false),
                    Step::Tell(message) => {
                        self.ahead.push((change.row.clone(), present));
                        (Some(message), false)
                    }
                    Step::End(message) => (Some(message), true),
                };
                if let Some(message) = message
                    && subscriber.sender.send(message).await.is_err()
                {
                    return Ok(false);
                }
                if is_end {
                    return Ok(false);
                }
                subscriber.place.reach(change.sequence);
            }
        }
    }

    /// Says that all is to be read afresh, from a place on; the place counts when that is handed over, not before.
    async fn afresh(&mut self, subscriber: &Subscriber, last: i64) -> Result<bool> {
        let event = self.topic.resync(last, &self.keys, self.hub.seal())?;
        if subscriber.sender.send(Message::Event(event)).await.is_err() {
            return Ok(false);
        }
        subscriber.place.begin(last, fingerprint(&self.keys));
        self.ahead.clear();
        self.replayed = 0;
        Ok(true)
    }

    /// Reads of the log; where that fails, again for a while.
    async fn read<T, F: Future<Output = Result<T>>>(&self, read: impl Fn(Feed) -> F) -> Result<T> {
        let mut pause = PAUSE;
        for _ in 1..ATTEMPTS {
            match read(self.feed.clone()).await {
                Ok(found) => return Ok(found),
                Err(error) => tracing::warn!(cause = ?error.cause, "changes cannot be read for a stream"),
            }
            tokio::time::sleep(pause).await;
            pause *= 2;
        }
        read(self.feed.clone()).await
    }
}
