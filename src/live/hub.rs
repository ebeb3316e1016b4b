//! The groups, and who joins them.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use tokio::sync::{Notify, OnceCell, mpsc};

use super::{
    Positions, Topic, TopicKey,
    enter::Entering,
    feed::{Feed, Tick},
    group::{Group, Join, Place, Subscriber},
    position::fingerprint,
};
use crate::{
    error::{Error, Result},
    store::Store,
};

/// Events that wait for one subscriber to read them, at most: who has more is let go.
pub const QUEUE: usize = 64;

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
    tick: Arc<dyn Tick>,
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
    place: Arc<Place>,
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

    /// Where to begin again.
    pub fn behind(&self) -> Start {
        Start::Behind { sequence: self.place.sequence(), standing: self.place.standing() }
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
    /// After a change, under the keys that were held then.
    Behind {
        /// The change.
        sequence: i64,
        /// The keys' fingerprint.
        standing: u64,
    },
}

impl Hub {
    /// Over a database, with what is to be done for its log of changes while anybody listens, and the secret that
    /// positions are sealed with. It reads nothing until somebody subscribes.
    pub fn new(store: &Store, tick: Arc<dyn Tick>, secret: &[u8]) -> Result<Self> {
        Ok(Self(Arc::new(Inner {
            store: store.clone(),
            tick,
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
        let open = || Feed::open(&self.0.store, self.0.tick.clone(), self.0.woken.clone());
        let feed = self.0.feed.get_or_try_init(open).await?.clone();
        let topic = Arc::new(topic);
        let keys = topic.keys();
        let present = fingerprint(&keys);
        let place = match start {
            Start::Afresh => None,
            // What was told ahead is not known here: it may be told again.
            Start::Behind { sequence, standing } => (*standing == present).then(|| (*sequence, Vec::new())),
            Start::After(sealed) => {
                let refused = || Error::input("after: expected the cursor of an event of this stream, given to you");
                let at = self.0.seal.open(&topic.bearer(), sealed).ok_or_else(refused)?;
                // What was told ahead by another selection was not told by this one.
                let ahead = if at.topic == topic.fingerprint() { at.ahead } else { Vec::new() };
                (at.standing == present).then_some((at.sequence, ahead))
            }
        };
        let (sender, messages) = mpsc::channel(QUEUE);
        let (place, ahead) = if let Some((sequence, ahead)) = place {
            (Place::new(sequence, present), ahead)
        } else {
            let sequence = feed.present().await?;
            // There is room: it is the first.
            let first = Message::Event(topic.resync(sequence, &keys, &self.0.seal)?);
            sender.try_send(first).map_err(Error::internal)?;
            (Place::new(sequence, present), Vec::new())
        };
        let (place, is_slow) = (Arc::new(place), Arc::new(AtomicBool::new(false)));
        let subscriber = Subscriber { sender, place: place.clone(), is_slow: is_slow.clone(), joined: 0 };
        let entering = Entering::new(self.clone(), feed, topic, keys, ahead);
        tokio::spawn(entering.run(subscriber));
        Ok(Subscription { messages, place, is_slow })
    }

    /// The seal of positions.
    pub(super) fn seal(&self) -> &Positions {
        &self.0.seal
    }

    /// The group of a topic, with the subscriber; where there is none, one is opened with the subscriber in it.
    pub(super) fn group(
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
            position: subscriber.place.sequence(),
            subscribers: vec![Subscriber { joined: subscriber.place.sequence(), ..subscriber }],
            keys: keys.into(),
            told: HashMap::new(),
        };
        tokio::spawn(group.run(joining));
        groups.insert(topic.key.clone(), joins);
        None
    }
}
