//! The subscribers of one topic, told together.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::sync::{mpsc, oneshot};

use super::{
    Positions, Topic,
    feed::{Feed, Next},
    hub::Message,
    position::fingerprint,
    topic::Verdict,
};
use crate::{change::Change, error::Result};

/// How often a group looks whether other keys are held by now: a turn on watch begins without any change.
const LOOK: Duration = Duration::from_secs(1);
/// How often a change that cannot be looked at is tried again, after a pause that doubles.
const ATTEMPTS: u32 = 5;
const PAUSE: Duration = Duration::from_millis(100);

/// Where a subscriber is.
#[derive(Debug)]
pub(super) struct Place {
    /// The last change that was dealt with, whether or not it was told.
    sequence: AtomicI64,
    /// Of the keys under which it was: see [`fingerprint`].
    standing: AtomicU64,
}

impl Place {
    pub(super) const fn new(sequence: i64, standing: u64) -> Self {
        Self { sequence: AtomicI64::new(sequence), standing: AtomicU64::new(standing) }
    }

    pub(super) fn sequence(&self) -> i64 {
        self.sequence.load(Ordering::Acquire)
    }

    pub(super) fn standing(&self) -> u64 {
        self.standing.load(Ordering::Acquire)
    }

    /// Goes on.
    pub(super) fn reach(&self, sequence: i64) {
        self.sequence.fetch_max(sequence, Ordering::AcqRel);
    }

    /// Begins anew, wherever it was.
    pub(super) fn begin(&self, sequence: i64, standing: u64) {
        self.standing.store(standing, Ordering::Release);
        self.sequence.store(sequence, Ordering::Release);
    }
}

/// Where a subscriber's events go.
#[derive(Debug)]
pub(super) struct Subscriber {
    pub(super) sender: mpsc::Sender<Message>,
    pub(super) place: Arc<Place>,
    /// Set when it was let go because it did not read.
    pub(super) is_slow: Arc<AtomicBool>,
    /// Where it was when it joined its group: what the group told before, it was not told by it.
    pub(super) joined: i64,
}

impl Subscriber {
    /// Hands over an event; false when nobody is there any more, or reads too slowly.
    fn hand(&self, message: Message) -> bool {
        match self.sender.try_send(message) {
            Ok(()) => true,
            Err(mpsc::error::TrySendError::Full(_)) => {
                self.is_slow.store(true, Ordering::Release);
                false
            }
            Err(mpsc::error::TrySendError::Closed(_)) => false,
        }
    }
}

/// A subscriber that wants to join, having dealt with everything up to its place.
#[derive(Debug)]
pub(super) struct Join {
    pub(super) subscriber: Subscriber,
    /// Where to hear of it: taken in, or back because the group has come further.
    pub(super) answer: oneshot::Sender<Result<(), Subscriber>>,
}

/// What is told of one change, or that it is not to be told by this topic any more.
pub(super) enum Step {
    Silent,
    Tell(Message),
    End(Message),
}

/// Looks at one change for a topic; tries again where that fails for a while.
pub(super) async fn step(
    topic: &Topic,
    change: &Change,
    keys: &[String],
    ahead: (&[(String, i64)], i64),
    seal: &Positions,
) -> Step {
    if !topic.wants(change, keys) {
        return Step::Silent;
    }
    let mut pause = PAUSE;
    for attempt in 1.. {
        match topic.decide(change, keys, ahead, seal).await {
            Ok(Verdict::Silent) => return Step::Silent,
            Ok(Verdict::Told(event)) => return Step::Tell(Message::Event(event)),
            Ok(Verdict::Stale(version)) => return Step::End(Message::Stale(version)),
            Err(error) if attempt == ATTEMPTS => return Step::End(Message::Failed(Arc::new(error))),
            Err(error) => {
                tracing::warn!(cause = ?error.cause, "a change could not be looked at for a stream");
                tokio::time::sleep(pause).await;
                pause *= 2;
            }
        }
    }
    Step::Silent
}

/// A group at work; it ends with its last subscriber.
pub(super) struct Group {
    pub(super) topic: Arc<Topic>,
    pub(super) feed: Feed,
    pub(super) seal: Arc<Positions>,
    pub(super) subscribers: Vec<Subscriber>,
    pub(super) position: i64,
    pub(super) keys: Arc<[String]>,
    /// By row: at which change it was told, and the last change that was committed by then. What it is after that one
    /// was told with it.
    pub(super) told: HashMap<String, (i64, i64)>,
}

impl Group {
    pub(super) async fn run(mut self, mut joins: mpsc::Receiver<Join>) {
        let mut look = tokio::time::interval(LOOK);
        let mut begun = self.feed.begun();
        loop {
            tokio::select! {
                join = joins.recv() => match join {
                    Some(join) => self.join(join),
                    None => return,
                },
                () = self.feed.beyond(self.position, begun) => {
                    begun = self.feed.begun();
                    if !self.advance().await {
                        return;
                    }
                }
                _ = look.tick() => {
                    self.look();
                    self.subscribers.retain(|subscriber| !subscriber.sender.is_closed());
                }
            }
            if self.subscribers.is_empty() {
                // Who is on the way in finds the door closed, and opens a group anew.
                joins.close();
                while let Ok(join) = joins.try_recv() {
                    let _ = join.answer.send(Err(join.subscriber));
                }
                return;
            }
        }
    }

    fn join(&mut self, Join { subscriber, answer }: Join) {
        if subscriber.place.sequence() < self.position {
            let _ = answer.send(Err(subscriber));
            return;
        }
        if answer.send(Ok(())).is_err() {
            return;
        }
        let standing = fingerprint(&self.keys);
        let joined = subscriber.place.sequence();
        // The group knows of other keys already: so shall who comes.
        if subscriber.place.standing() != standing {
            let Ok(event) = self.topic.resync(joined, &self.keys, &self.seal) else { return };
            if !subscriber.hand(Message::Event(event)) {
                return;
            }
            subscriber.place.begin(joined, standing);
        }
        self.subscribers.push(Subscriber { joined, ..subscriber });
    }

    /// Deals with what is new; false when the group is at its end.
    async fn advance(&mut self) -> bool {
        let events = match self.feed.after(self.position).await {
            Ok(Next::Events(events)) => events,
            Ok(Next::Gap(last)) => {
                self.resync(last);
                return true;
            }
            Err(error) => {
                tracing::error!(cause = ?error.cause, "changes cannot be read");
                tokio::time::sleep(LOOK).await;
                return true;
            }
        };
        for change in &events {
            self.look();
            self.subscribers.retain(|subscriber| !subscriber.sender.is_closed());
            if self.subscribers.is_empty() {
                return true;
            }
            let present = self.feed.last();
            let ahead = self.ahead(change.sequence);
            if ahead.iter().any(|(row, _)| *row == change.row) {
                self.tell(None, change.sequence);
                continue;
            }
            let step = step(&self.topic, change, &self.keys, (&ahead, present), &self.seal).await;
            let (message, is_end) = match step {
                Step::Silent => (None, false),
                Step::Tell(message) => {
                    self.told.insert(change.row.clone(), (change.sequence, present));
                    (Some(message), false)
                }
                Step::End(message) => (Some(message), true),
            };
            self.tell(message.as_ref(), change.sequence - i64::from(is_end));
            if is_end {
                return false;
            }
        }
        let position = self.position;
        self.told.retain(|_, (_, until)| *until > position);
        true
    }

    /// The rows that all subscribers were told as they were after a change or a later one, and after which.
    fn ahead(&self, sequence: i64) -> Vec<(String, i64)> {
        let told = self.told.iter().filter(|(_, (at, until))| {
            let was_told = |one: &Subscriber| one.joined < *at || one.joined >= *until;
            *until >= sequence && self.subscribers.iter().all(was_told)
        });
        told.map(|(row, (_, until))| (row.clone(), *until)).collect()
    }

    /// Tells those who have not come further, and notes how far they have.
    fn tell(&mut self, message: Option<&Message>, sequence: i64) {
        let is_end = matches!(message, Some(Message::Stale(_) | Message::Failed(_)));
        self.subscribers.retain(|subscriber| {
            if !is_end && subscriber.place.sequence() >= sequence {
                return true;
            }
            let kept = message.is_none_or(|message| subscriber.hand(message.clone()));
            if kept {
                subscriber.place.reach(sequence);
            }
            kept
        });
        self.position = self.position.max(sequence);
    }

    /// Notices that other keys are held than before.
    fn look(&mut self) {
        let keys = self.topic.keys();
        if keys != self.keys {
            self.keys = keys;
            self.resync(self.position);
        }
    }

    fn resync(&mut self, to: i64) {
        match self.topic.resync(to, &self.keys, &self.seal) {
            Ok(event) => {
                let message = Message::Event(event);
                self.subscribers.retain(|subscriber| subscriber.hand(message.clone()));
                let standing = fingerprint(&self.keys);
                for subscriber in &self.subscribers {
                    subscriber.place.begin(to, standing);
                }
                self.position = to;
                self.told.clear();
            }
            Err(error) => {
                tracing::error!(cause = ?error.cause, "an event cannot be written");
                self.subscribers.clear();
            }
        }
    }
}
