//! The groups, and who joins them.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
};

use tokio::sync::{Notify, OnceCell, mpsc, oneshot};

use super::{
    Positions, Topic, TopicKey,
    feed::{Feed, Next},
    group::{Group, Join, Step, Subscriber, step},
    position::{Position, fingerprint},
};
use crate::{
    error::{Error, Result},
    store::Store,
};

/// Events that wait for one subscriber to read them, at most: who has more is let go.
const QUEUE: usize = 64;
/// Changes that may concern somebody and that are told one by one when a stream goes on; of more, to read afresh.
const REPLAYED: usize = 1_000;

/// What a subscriber is handed.
#[derive(Clone, Debug)]
pub enum Message {
    /// An event: the complete JSON text of a response.
    Event(Arc<str>),
    /// The registry is at this version, and the principal was made under another: ask who it is again, and go on.
    Stale(i64),
    /// The stream cannot go on.
    Failed(Arc<Error>),
}

/// The groups of one server.
#[derive(Clone)]
pub struct Hub(Arc<Inner>);

struct Inner {
    store: Store,
    seal: Arc<Positions>,
    woken: Arc<Notify>,
    feed: OnceCell<Feed>,
    groups: Mutex<HashMap<TopicKey, mpsc::Sender<Join>>>,
}

impl std::fmt::Debug for Hub {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Hub").field("groups", &self.groups()).finish_non_exhaustive()
    }
}

/// The receiving end of a stream.
#[derive(Debug)]
pub struct Subscription {
    messages: mpsc::Receiver<Message>,
    position: Arc<AtomicI64>,
    is_slow: Arc<AtomicBool>,
}

impl Subscription {
    /// The next message; none when it was let go.
    pub async fn next(&mut self) -> Option<Message> {
        self.messages.recv().await
    }

    /// What was handed over and not read yet, with which it ends.
    pub fn rest(&mut self) -> Vec<Message> {
        self.messages.close();
        std::iter::from_fn(|| self.messages.try_recv().ok()).collect()
    }

    /// The last change that was dealt with.
    pub fn position(&self) -> i64 {
        self.position.load(Ordering::Acquire)
    }

    /// Whether it was let go because nobody read.
    pub fn is_slow(&self) -> bool {
        self.is_slow.load(Ordering::Acquire)
    }
}

/// Where a stream begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Start {
    /// Now: everything is to be read afresh.
    Afresh,
    /// After the last event that arrived, as a client gives it back.
    After(String),
    /// After a change, under the same keys.
    Behind(i64),
}

impl Hub {
    /// Over a database, with the secret that positions are sealed with. It reads nothing until somebody subscribes.
    pub fn new(store: &Store, secret: &[u8]) -> Result<Self> {
        Ok(Self(Arc::new(Inner {
            store: store.clone(),
            seal: Arc::new(Positions::new(secret)?),
            woken: Arc::default(),
            feed: OnceCell::new(),
            groups: Mutex::default(),
        })))
    }

    /// Says that something was committed here.
    pub fn wake(&self) {
        self.0.woken.notify_one();
    }

    /// How many groups there are: what a change costs at most, in statements.
    pub fn groups(&self) -> usize {
        self.0.groups.lock().unwrap_or_else(PoisonError::into_inner).values().filter(|group| !group.is_closed()).count()
    }

    /// Begins a stream.
    pub async fn subscribe(&self, topic: Topic, start: &Start) -> Result<Subscription> {
        let feed = self.0.feed.get_or_try_init(|| Feed::open(&self.0.store, self.0.woken.clone())).await?.clone();
        let topic = Arc::new(topic);
        let keys = topic.keys();
        let place = match start {
            Start::Afresh => None,
            // What was told ahead is not known here: it may be told again.
            Start::Behind(sequence) => Some((*sequence, Vec::new())),
            Start::After(sealed) => {
                let refused = || Error::input("after: expected the cursor of an event of this stream, given to you");
                let Position { sequence, standing, ahead } =
                    self.0.seal.open(&topic.bearer(), sealed).ok_or_else(refused)?;
                (standing == fingerprint(&keys)).then_some((sequence, ahead))
            }
        };
        let (sender, messages) = mpsc::channel(QUEUE);
        let (position, is_slow) = (Arc::new(AtomicI64::new(0)), Arc::new(AtomicBool::new(false)));
        let subscriber = Subscriber { sender, position: position.clone(), is_slow: is_slow.clone(), joined: 0 };
        let (at, ahead) = if let Some(place) = place {
            place
        } else {
            let present = feed.present().await?;
            // There is room: it is the first.
            let first = Message::Event(topic.resync(present, &keys, &self.0.seal)?);
            subscriber.sender.try_send(first).map_err(Error::internal)?;
            (present, Vec::new())
        };
        position.store(at, Ordering::Release);
        tokio::spawn(enter(self.clone(), feed, topic, keys, subscriber, ahead));
        Ok(Subscription { messages, position, is_slow })
    }

    /// The group of a topic, with the subscriber; where there is none, one is opened with the subscriber in it.
    fn group(
        &self,
        feed: &Feed,
        topic: &Arc<Topic>,
        keys: &[String],
        subscriber: Subscriber,
    ) -> Option<(mpsc::Sender<Join>, Subscriber)> {
        let mut groups = self.0.groups.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(group) = groups.get(&topic.key).filter(|group| !group.is_closed()) {
            return Some((group.clone(), subscriber));
        }
        groups.retain(|_, group| !group.is_closed());
        let (joins, joining) = mpsc::channel(1_024);
        let group = Group {
            topic: topic.clone(),
            feed: feed.clone(),
            seal: self.0.seal.clone(),
            position: subscriber.place(),
            subscribers: vec![Subscriber { joined: subscriber.place(), ..subscriber }],
            keys: keys.to_vec(),
            told: HashMap::new(),
        };
        tokio::spawn(group.run(joining));
        groups.insert(topic.key.clone(), joins);
        None
    }
}

/// Brings a subscriber up to where its group is, and in.
async fn enter(
    hub: Hub,
    feed: Feed,
    topic: Arc<Topic>,
    keys: Vec<String>,
    mut subscriber: Subscriber,
    mut ahead: Vec<(String, i64)>,
) {
    let mut replayed = 0;
    loop {
        match catch_up(&hub, &feed, (&topic, &keys), &subscriber, (&mut ahead, &mut replayed)).await {
            Ok(true) => {}
            Ok(false) => return,
            Err(error) => {
                let _ = subscriber.sender.send(Message::Failed(Arc::new(error))).await;
                return;
            }
        }
        let Some((group, joining)) = hub.group(&feed, &topic, &keys, subscriber) else { return };
        subscriber = joining;
        let (answer, answered) = oneshot::channel();
        match group.send(Join { subscriber, answer }).await {
            // The group had just ended.
            Err(mpsc::error::SendError(join)) => subscriber = join.subscriber,
            Ok(()) => match answered.await {
                Ok(Err((back, _))) => subscriber = back,
                // In; or the group ended under it, and with it the subscriber.
                Ok(Ok(())) | Err(_) => return,
            },
        }
    }
}

/// Tells a subscriber what it has missed, to the end of what there is. False when it is at its own end.
async fn catch_up(
    hub: &Hub,
    feed: &Feed,
    (topic, keys): (&Arc<Topic>, &[String]),
    subscriber: &Subscriber,
    (ahead, replayed): (&mut Vec<(String, i64)>, &mut usize),
) -> Result<bool> {
    loop {
        let events = match feed.after(subscriber.place()).await? {
            Next::Events(events) if events.is_empty() => return Ok(true),
            Next::Events(events) => events,
            Next::Gap(last) => {
                let event = topic.resync(last, keys, &hub.0.seal)?;
                subscriber.position.store(last, Ordering::Release);
                if subscriber.sender.send(Message::Event(event)).await.is_err() {
                    return Ok(false);
                }
                continue;
            }
        };
        for change in &events {
            ahead.retain(|(_, until)| *until >= change.sequence);
            if ahead.iter().any(|(row, _)| *row == change.row) {
                subscriber.position.store(change.sequence, Ordering::Release);
                continue;
            }
            *replayed += usize::from(topic.wants(change, keys));
            if *replayed > REPLAYED {
                let present = feed.present().await?;
                let event = topic.resync(present, keys, &hub.0.seal)?;
                subscriber.position.store(present, Ordering::Release);
                *replayed = 0;
                if subscriber.sender.send(Message::Event(event)).await.is_err() {
                    return Ok(false);
                }
                break;
            }
            let present = if topic.wants(change, keys) { feed.present().await? } else { 0 };
            let (message, is_end) = match step(topic, change, keys, (ahead, present), &hub.0.seal).await {
                Step::Silent => (None, false),
                Step::Tell(message) => {
                    ahead.push((change.row.clone(), present));
                    (Some(message), false)
                }
                Step::End(message) => (Some(message), true),
            };
            // It is waited for here, as nobody else is kept waiting.
            if let Some(message) = message
                && subscriber.sender.send(message).await.is_err()
            {
                return Ok(false);
            }
            if is_end {
                return Ok(false);
            }
            subscriber.position.store(change.sequence, Ordering::Release);
        }
    }
}
